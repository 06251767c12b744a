//! One item opened.

use crate::metrics::{Story, story_by};
use crate::model::event::fact;
use crate::model::id::{ItemIx, SourceName};
use crate::model::time::Sec;

use super::Data;

/// The item on the Item screen.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemView {
    /// What there is to tell of it.
    pub story: Story,
    /// Lines scrolled away at the top.
    pub scroll: usize,
    /// Position of the chosen artefact; 0 is the one the item is named after.
    pub artefact: usize,
    /// Its source and immutable id, to find it again in newer data.
    identity: (SourceName, String),
}

impl ItemView {
    /// Opens an item; `None` if it is not of the stream shown.
    pub fn open(data: &Data, item: ItemIx) -> Option<Self> {
        let log = data.snapshot.log();
        let source = log.sources()[log.source_of(item).index()].clone();
        let place = (data.question.stream, item);
        Some(Self {
            story: story_by(&data.snapshot, place, data.as_of(), &data.measures.ruler)?,
            scroll: 0,
            artefact: 0,
            identity: (source, log.id(item).to_owned()),
        })
    }

    /// The same item in newer data, scrolled as before.
    #[must_use]
    pub fn renewed(&self, data: &Data) -> Option<Self> {
        let log = data.snapshot.log();
        let (source, id) = &self.identity;
        let is_same = |item: ItemIx| {
            log.id(item) == id && log.sources()[log.source_of(item).index()] == *source
        };
        let here =
            Some(self.story.item).filter(|item| item.index() < log.item_count() && is_same(*item));
        let item = here.or_else(|| log.items().find(|item| is_same(*item)))?;
        Self::open(data, item).map(|view| Self {
            scroll: self.scroll,
            artefact: self
                .artefact
                .min(view.story.artefacts.len().saturating_sub(1)),
            ..view
        })
    }

    /// Its current key.
    pub fn key<'a>(&self, data: &'a Data) -> &'a str {
        data.snapshot.log().key(self.story.item)
    }

    /// The facts that have a value at as-of, by name, the best known first.
    pub fn facts(&self, data: &Data) -> Vec<(String, String)> {
        let log = data.snapshot.log();
        let at = self.story.as_of.plus(-1);
        let mut facts: Vec<(String, String)> = log
            .facts()
            .iter()
            .map(|column| (column, column.value_at(self.story.item, at)))
            .filter(|(_, value)| !value.is_none())
            .map(|(column, value)| (column.name.to_string(), spoken(log.text(value))))
            .collect();
        facts.sort_by_key(|(name, _)| KNOWN.iter().position(|known| known == name).unwrap_or(99));
        facts
    }

    /// The artefact that is chosen: the item itself unless it is made of several.
    pub fn chosen(&self) -> ItemIx {
        let artefact = self.story.artefacts.get(self.artefact);
        artefact.map_or(self.story.item, |artefact| artefact.item)
    }

    /// Chooses the next artefact, after the last one the first.
    pub fn choose_next(&mut self) {
        let count = self.story.artefacts.len().max(1);
        self.artefact = (self.artefact + 1) % count;
    }

    /// The instants its life is shown between.
    pub fn span(&self) -> Option<(Sec, Sec)> {
        let visits = &self.story.visits;
        Some((visits.first()?.from, visits.last()?.to))
    }

    /// How far it can be scrolled, in lines.
    pub fn last_line(&self) -> usize {
        self.story.visits.len()
            + self.story.blocks.len()
            + self.story.clocks.len()
            + self.story.named_clocks.len()
            + self.story.artefacts.len()
    }
}

const KNOWN: [&str; 6] = [
    fact::TYPE,
    fact::TEAM,
    fact::ASSIGNEE,
    fact::PRIORITY,
    fact::LABEL,
    fact::DUE,
];

fn spoken(value: &str) -> String {
    value.replace(fact::SEPARATOR, ", ")
}
