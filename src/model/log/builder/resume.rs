//! Takes a finished log up again, with some items told anew.

use hashbrown::HashMap;

use super::{LogBuilder, TooMany};
use crate::model::batch::ItemHistory;
use crate::model::id::{ItemIx, SourceIx};
use crate::model::log::Log;

impl LogBuilder {
    /// A builder that holds all of `log`, with `changed` in place of what was known of those items.
    /// Items keep their positions, new ones come after them. An item told anew without events
    /// keeps its position and has none.
    ///
    /// # Errors
    /// [`TooMany`] where a column is full.
    pub fn resume(log: &Log, changed: Vec<(SourceIx, ItemHistory)>) -> Result<Self, TooMany> {
        let mut builder = Self::new();
        builder.vocabulary(log)?;
        let mut order: Vec<(SourceIx, String)> = Vec::with_capacity(changed.len());
        let mut anew: HashMap<(SourceIx, String), ItemHistory> = HashMap::new();
        for (source, history) in changed {
            let id = (source, history.item.clone());
            order.push(id.clone());
            anew.insert(id, history);
        }
        let mut disorders = log.disorders.iter().peekable();
        for item in log.items() {
            let (source, id) = (log.source_of(item), log.id(item).to_owned());
            let own = disorders.next_if(|(of, _)| *of == item);
            if let Some(history) = anew.remove(&(source, id)) {
                builder.history(source, history)?;
            } else {
                builder.copy(log, item)?;
                builder.log.disorders.extend(own);
            }
        }
        for id in order {
            if let Some(history) = anew.remove(&id) {
                builder.history(id.0, history)?;
            }
        }
        Ok(builder)
    }

    /// Sources, statuses, facts and texts, at the positions they have in `log`.
    fn vocabulary(&mut self, log: &Log) -> Result<(), TooMany> {
        self.log.symbols = log.symbols.clone();
        for source in &log.sources {
            self.source(source)?;
        }
        for status in &log.statuses {
            self.status(status.source, &status.id, &status.name)?;
        }
        for column in &log.facts {
            self.fact(column.name.clone())?;
        }
        Ok(())
    }

    fn copy(&mut self, log: &Log, item: ItemIx) -> Result<(), TooMany> {
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
            self.moved(copy, at.millis(), *to);
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
