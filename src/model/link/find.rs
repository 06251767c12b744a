//! The ties that rules find in a log, each with the time in which it holds.

use std::collections::HashMap;

use super::told::Told;
use super::{Form, KeyPattern, LinkRule};
use crate::model::event::fact;
use crate::model::id::{FactIx, ItemIx, SourceIx, Symbol};
use crate::model::log::Log;
use crate::model::time::Sec;

/// One artefact belongs to another. As of `t` it does if the tie was made before `t` and not cut
/// before `t`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tie {
    /// Which artefact.
    pub artefact: ItemIx,
    /// What it belongs to.
    pub owner: ItemIx,
    /// Position of the rule in the stream.
    pub rule: u16,
    /// How it is known.
    pub basis: Basis,
    /// When it was made, both artefacts being there.
    pub since: Sec,
    /// When it was cut; [`Sec::MAX`] if it holds.
    pub until: Sec,
}

/// How a tie is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// A key in the fact at this position of the rule's facts.
    Key(u16),
    /// The tracker says so; the symbol is the kind of link.
    Told(Symbol),
    /// The owner is the parent.
    Parent,
}

impl Tie {
    /// Whether it holds as of an instant.
    pub fn holds(&self, as_of: Sec) -> bool {
        self.since < as_of && self.until >= as_of
    }
}

/// All ties that the rules of a stream find in one log.
#[derive(Debug)]
pub struct Links {
    /// Ordered by artefact, then owner.
    ties: Vec<Tie>,
    /// By rule: the sources it is about; `None` if the log has no such source.
    sources: Vec<Option<(SourceIx, SourceIx)>>,
}

impl Links {
    /// Looks for ties in a log, item by item: linear in texts and links.
    pub fn find(rules: &[LinkRule], log: &Log) -> Self {
        let place = |name| {
            let at = log.sources().iter().position(|one| one == name)?;
            u16::try_from(at).ok().map(SourceIx)
        };
        let sources: Vec<_> = rules
            .iter()
            .map(|rule| place(&rule.from).zip(place(&rule.to)))
            .collect();
        let mut ties = Vec::new();
        for ((number, rule), sources) in (0_u16..).zip(rules).zip(&sources) {
            if let Some((from, to)) = *sources {
                let finder = Finder::new(log, (number, rule), (from, to));
                finder.find(&mut ties);
            }
        }
        ties.sort_unstable();
        ties.dedup();
        Self { ties, sources }
    }

    /// All ties, ordered by artefact, then owner.
    pub fn ties(&self) -> &[Tie] {
        &self.ties
    }

    /// The ties of an artefact to what it belongs to.
    pub fn ties_of(&self, artefact: ItemIx) -> &[Tie] {
        let from = self.ties.partition_point(|tie| tie.artefact < artefact);
        let length = self.ties[from..].partition_point(|tie| tie.artefact == artefact);
        &self.ties[from..from + length]
    }

    /// By rule: the sources it is about.
    pub(super) fn sources(&self) -> &[Option<(SourceIx, SourceIx)>] {
        &self.sources
    }
}

/// A time in which something is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) since: Sec,
    pub(super) until: Sec,
}

/// Looks for the ties of one rule.
pub(super) struct Finder<'a> {
    pub(super) log: &'a Log,
    pub(super) number: u16,
    pub(super) rule: &'a LinkRule,
    pub(super) from: SourceIx,
    pub(super) to: SourceIx,
    /// What keys are compared with.
    targets: Targets<'a>,
}

impl<'a> Finder<'a> {
    fn new(
        log: &'a Log,
        (number, rule): (u16, &'a LinkRule),
        (from, to): (SourceIx, SourceIx),
    ) -> Self {
        Self {
            targets: Targets::of(log, to, Place::of(log, &rule.equals)),
            log,
            number,
            rule,
            from,
            to,
        }
    }

    fn find(&self, ties: &mut Vec<Tie>) {
        if let Some(pattern) = &self.rule.key {
            for (number, name) in (0_u16..).zip(&self.rule.facts) {
                let looked = (number, Place::of(self.log, name));
                for artefact in self.items_of(self.from) {
                    self.find_keys(pattern, artefact, looked, ties);
                }
            }
        }
        if self.rule.parents {
            self.find_parents(ties);
        }
        if self.log.has_marks() {
            Told::new(self).find(ties);
        }
    }

    pub(super) fn items_of(&self, source: SourceIx) -> impl Iterator<Item = ItemIx> + use<'a> {
        let log = self.log;
        log.items()
            .filter(move |item| log.source_of(*item) == source)
    }

    /// Keys in one fact of one artefact.
    fn find_keys(
        &self,
        pattern: &KeyPattern,
        artefact: ItemIx,
        (number, place): (u16, Place),
        ties: &mut Vec<Tie>,
    ) {
        place.each_value(self.log, artefact, |text, span| {
            pattern.each_key(text, |key| {
                for target in self.targets.named(key) {
                    if self.is_within_reach(artefact, target.item) {
                        let pair = (artefact, target.item);
                        ties.extend(self.tie(pair, Basis::Key(number), span.and(target.span)));
                    }
                }
            });
        });
    }

    /// Within one source a key that is found says nothing of two artefacts of one form: issues name
    /// one another for many reasons.
    fn is_within_reach(&self, artefact: ItemIx, owner: ItemIx) -> bool {
        self.from != self.to || Form::of(self.log, artefact) > Form::of(self.log, owner)
    }

    fn find_parents(&self, ties: &mut Vec<Tie>) {
        let Some(parent) = self.log.fact(fact::PARENT) else {
            return;
        };
        let ids = ids_of(self.log, self.items_of(self.to));
        for artefact in self.items_of(self.from) {
            Place::Fact(parent).each_value(self.log, artefact, |id, span| {
                if let Some(owner) = ids.get(id) {
                    ties.extend(self.tie((artefact, *owner), Basis::Parent, span));
                }
            });
        }
    }

    /// What a key means: the items that have it.
    pub(super) fn named(&self, key: &str) -> &[Target<'a>] {
        self.targets.named(key)
    }

    /// A tie while both are there; none if they never were.
    pub(super) fn tie(
        &self,
        (artefact, owner): (ItemIx, ItemIx),
        basis: Basis,
        span: Span,
    ) -> Option<Tie> {
        let there = self
            .log
            .first_event(artefact)
            .max(self.log.first_event(owner));
        let since = span.since.max(there);
        (artefact != owner && since < span.until).then_some(Tie {
            artefact,
            owner,
            rule: self.number,
            basis,
            since,
            until: span.until,
        })
    }
}

/// Items by their immutable ids.
pub(super) fn ids_of(log: &Log, items: impl Iterator<Item = ItemIx>) -> HashMap<&str, ItemIx> {
    items.map(|item| (log.id(item), item)).collect()
}

impl Span {
    fn and(self, other: Self) -> Self {
        Self {
            since: self.since.max(other.since),
            until: self.until.min(other.until),
        }
    }
}

/// Where a text of an item is kept.
#[derive(Clone, Copy, Debug)]
enum Place {
    Key,
    Title,
    Url,
    Fact(FactIx),
    /// No item has such a fact.
    Nowhere,
}

impl Place {
    fn of(log: &Log, name: &str) -> Self {
        match name {
            fact::KEY => Self::Key,
            fact::TITLE => Self::Title,
            fact::URL => Self::Url,
            _ => log.fact(name).map_or(Self::Nowhere, Self::Fact),
        }
    }

    /// Calls `each` with every value the item ever had. Keys, titles and addresses are those of
    /// today: the log keeps no other.
    fn each_value<'a>(self, log: &'a Log, item: ItemIx, mut each: impl FnMut(&'a str, Span)) {
        let always = Span {
            since: log.first_event(item),
            until: Sec::MAX,
        };
        match self {
            Self::Key => each(log.key(item), always),
            Self::Title => each(log.title(item), always),
            Self::Url => each(log.url(item).unwrap_or_default(), always),
            Self::Fact(column) => {
                let column = &log.facts()[column.index()];
                let changes = column.changes_of(item);
                let (mut value, mut since) = (column.base(item), always.since);
                for change in changes {
                    let until = change.at;
                    each(log.text(value), Span { since, until });
                    (value, since) = (change.to, change.at);
                }
                each(log.text(value), Span { since, ..always });
            }
            Self::Nowhere => {}
        }
    }
}

/// An item that a key can mean.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target<'a> {
    /// As it is written.
    text: &'a str,
    pub(super) item: ItemIx,
    pub(super) span: Span,
}

/// Items by what a key must equal, in small letters.
#[derive(Debug)]
pub(super) struct Targets<'a> {
    by_text: HashMap<String, Vec<Target<'a>>>,
}

impl<'a> Targets<'a> {
    fn of(log: &'a Log, source: SourceIx, place: Place) -> Self {
        let mut by_text: HashMap<String, Vec<Target<'a>>> = HashMap::new();
        for item in log.items().filter(|item| log.source_of(*item) == source) {
            place.each_value(log, item, |value, span| {
                for text in value.split(fact::SEPARATOR).filter(|one| !one.is_empty()) {
                    let found = by_text.entry(text.to_lowercase()).or_default();
                    found.push(Target { text, item, span });
                }
            });
        }
        for found in by_text.values_mut() {
            found.sort_by_key(|one| one.text);
        }
        Self { by_text }
    }

    /// The items a key means: those that have it letter by letter, else those that differ in case.
    fn named(&self, key: &str) -> &[Target<'a>] {
        let Some(found) = self.by_text.get(&key.to_lowercase()) else {
            return &[];
        };
        let from = found.partition_point(|one| one.text < key);
        let exact = found[from..].partition_point(|one| one.text == key);
        if exact > 0 {
            &found[from..from + exact]
        } else {
            found
        }
    }
}
