//! Takes a finished log up again, with some items told anew.

use hashbrown::HashMap;

use super::{LogBuilder, TooMany};
use crate::model::batch::ItemHistory;
use crate::model::id::{ItemIx, SourceIx, StatusIx};
use crate::model::log::{Log, Status};

impl LogBuilder {
    /// A builder that holds all of `log`, with `changed` in place of what was known of those items.
    /// Items and statuses stand in the order of a log read whole: sources as they first came, their
    /// new items after those that were known. So `log` must have items of every source that has
    /// changes. An item told anew without events keeps its place and has none; a status that no item
    /// ever had is to be told anew.
    ///
    /// # Errors
    /// [`TooMany`] where a column is full.
    pub fn resume(log: &Log, changed: Vec<(SourceIx, ItemHistory)>) -> Result<Self, TooMany> {
        let mut builder = Self::new();
        builder.vocabulary(log)?;
        let mut changed = Changed::of(changed);
        let mut statuses = vec![None; log.statuses.len()];
        let mut disorders = log.disorders.iter().peekable();
        let mut before = None;
        for item in log.items() {
            let source = log.source_of(item);
            if let Some(before) = before.replace(source).filter(|before| *before != source) {
                builder.new_items(&mut changed, |of| of == before)?;
            }
            let own = disorders.next_if(|(of, _)| *of == item);
            if let Some(history) = changed.take(source, log.id(item)) {
                builder.history(source, history)?;
            } else {
                builder.copy(log, item, &mut statuses)?;
                builder.log.disorders.extend(own);
            }
        }
        builder.new_items(&mut changed, |of| Some(of) == before)?;
        builder.new_items(&mut changed, |_| true)?;
        builder.names_of(log);
        Ok(builder)
    }

    /// Calls statuses as `log` does.
    fn names_of(&mut self, log: &Log) {
        for status in &mut self.log.statuses {
            let same = |known: &&Status| known.source == status.source && known.id == status.id;
            if let Some(known) = log.statuses.iter().find(same) {
                status.name.clone_from(&known.name);
            }
        }
    }

    /// Adds those that are new of the sources asked for.
    fn new_items(
        &mut self,
        changed: &mut Changed,
        of: impl Fn(SourceIx) -> bool,
    ) -> Result<(), TooMany> {
        for (source, history) in changed.left.iter_mut().filter(|(source, _)| of(*source)) {
            if let Some(history) = history.take() {
                self.history(*source, history)?;
            }
        }
        Ok(())
    }

    /// Sources, facts and texts, at the positions they have in `log`.
    fn vocabulary(&mut self, log: &Log) -> Result<(), TooMany> {
        self.log.symbols = log.symbols.clone();
        for source in &log.sources {
            self.source(source)?;
        }
        for column in &log.facts {
            self.fact(column.name.clone())?;
        }
        Ok(())
    }

    /// Copies an item; `statuses` says where those of `log` stand here, once they do.
    fn copy(
        &mut self,
        log: &Log,
        item: ItemIx,
        statuses: &mut [Option<StatusIx>],
    ) -> Result<(), TooMany> {
        let copy = self.item(log.source_of(item), log.id(item))?;
        let first = log.first_event(item);
        self.touch(copy, first);
        for (fact, column) in (0_u16..).map(crate::model::id::FactIx).zip(&log.facts) {
            let base = column.base(item);
            if !base.is_none() {
                self.set(copy, first.millis(), fact, base);
            }
            for change in column.changes_of(item) {
                self.set(copy, change.at.millis(), fact, change.to);
            }
        }
        let (at, to) = log.moves(item);
        for (at, to) in at.iter().zip(to) {
            let Status { source, id, name } = &log.statuses[to.index()];
            let to = match statuses[to.index()] {
                Some(known) => known,
                None => *statuses[to.index()].insert(self.status(*source, id, name)?),
            };
            self.moved(copy, at.millis(), to);
        }
        for mark in log.marks(item) {
            self.mark(copy, mark.at.millis(), mark.kind);
        }
        self.texts(log, item, copy);
        Ok(())
    }

    fn texts(&mut self, log: &Log, item: ItemIx, copy: ItemIx) {
        let row = item.index();
        if let Some(title) = log.titles.get(row) {
            self.title(copy, title);
        }
        if let Some(key) = log.keys.get(row) {
            self.key(copy, key);
        }
        if let Some(url) = log.urls.get(row) {
            self.url(copy, url);
        }
    }
}

/// Items told anew, each once, until they are taken.
struct Changed {
    /// In the order in which they were told.
    left: Vec<(SourceIx, Option<ItemHistory>)>,
    /// Where each stands, by its source and its id.
    places: HashMap<SourceIx, HashMap<String, usize>>,
}

impl Changed {
    fn of(told: Vec<(SourceIx, ItemHistory)>) -> Self {
        let mut places: HashMap<SourceIx, HashMap<String, usize>> = HashMap::new();
        for (at, (source, history)) in told.iter().enumerate() {
            let own = places.entry(*source).or_default();
            own.insert(history.item.clone(), at);
        }
        let left = told.into_iter().map(|(source, one)| (source, Some(one)));
        Self {
            left: left.collect(),
            places,
        }
    }

    fn take(&mut self, source: SourceIx, id: &str) -> Option<ItemHistory> {
        let at = *self.places.get(&source)?.get(id)?;
        self.left.get_mut(at)?.1.take()
    }
}
