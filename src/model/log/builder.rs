//! Fills a [`Log`]: row by row from files, item by item from the history.
//!
//! Rows of one item that stand together cost no item column; the first row that returns to an
//! earlier item brings one in, and `finish` then orders the moves by item in linear time.

mod facts;
mod known;
mod order;
mod resume;

use super::columns::{Mark, MarkKind};
use super::{Disorder, Log, Status};
use crate::model::batch::{ItemHistory, StatusName};
use crate::model::event::{Change, Event, FactName, fact};
use crate::model::id::{FactIx, ItemIx, SourceIx, SourceName, StatusIx, Symbol};
use crate::model::time::{Millis, Sec};
use facts::FactBuilder;
use known::KnownItems;
use order::Moves;

/// More sources, statuses, facts or items than the columns can number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("more than {limit} {what} in one log; filter the source or split it into several streams")]
pub struct TooMany {
    /// Of what.
    pub what: &'static str,
    /// The most that fit.
    pub limit: u64,
}

/// When several moves of one item happened.
#[derive(Clone, Copy, Debug)]
pub struct Moved<'a> {
    /// Each move's second.
    pub at: &'a [Sec],
    /// Milliseconds after each, below 1000; empty if none has any.
    pub ms: &'a [u16],
}

/// Builds a log. Instants outside 1970 to 2106 must be kept out before; here they are clamped.
#[derive(Debug, Default)]
pub struct LogBuilder {
    log: Log,
    items: KnownItems,
    moves: Moves,
    facts: Vec<FactBuilder>,
    marks: Vec<(Millis, Mark)>,
}

impl LogBuilder {
    /// An empty log to fill.
    pub fn new() -> Self {
        Self::default()
    }

    /// The position of a source, added if it is new. Add sources in the order of the config.
    ///
    /// # Errors
    /// [`TooMany`] above 65,535 sources.
    pub fn source(&mut self, name: &SourceName) -> Result<SourceIx, TooMany> {
        let known = self.log.sources.iter().position(|known| known == name);
        let at = known.unwrap_or(self.log.sources.len());
        let index = u16::try_from(at).map_err(|_| too_many("sources", u16::MAX.into()))?;
        if known.is_none() {
            self.log.sources.push(name.clone());
        }
        Ok(SourceIx(index))
    }

    /// The position of a source's status, added if it is new; a new name replaces the old one.
    ///
    /// # Errors
    /// [`TooMany`] above 65,535 statuses.
    pub fn status(&mut self, source: SourceIx, id: &str, name: &str) -> Result<StatusIx, TooMany> {
        let statuses = &mut self.log.statuses;
        let known = statuses
            .iter()
            .position(|status| status.source == source && status.id == id);
        let at = known.unwrap_or(statuses.len());
        let index = u16::try_from(at).map_err(|_| too_many("statuses", u16::MAX.into()))?;
        if known.is_none() {
            statuses.push(Status {
                source,
                id: id.to_owned(),
                name: name.to_owned(),
            });
        } else if statuses[at].name != name {
            name.clone_into(&mut statuses[at].name);
        }
        Ok(StatusIx(index))
    }

    /// The column of a fact, added if it is new.
    ///
    /// # Errors
    /// [`TooMany`] above 65,535 facts.
    pub fn fact(&mut self, name: FactName) -> Result<FactIx, TooMany> {
        let known = self.facts.iter().position(|column| column.name == name);
        let at = known.unwrap_or(self.facts.len());
        let index = u16::try_from(at).map_err(|_| too_many("facts", u16::MAX.into()))?;
        if known.is_none() {
            self.facts.push(FactBuilder::new(name));
        }
        Ok(FactIx(index))
    }

    /// The symbol of a text.
    pub fn symbol(&mut self, text: &str) -> Symbol {
        self.log.symbols.intern(text)
    }

    /// The position of an item by its immutable id, added if it is new.
    ///
    /// # Errors
    /// [`TooMany`] above 4,294,967,294 items.
    pub fn item(&mut self, source: SourceIx, id: &str) -> Result<ItemIx, TooMany> {
        let log = &mut self.log;
        if let Some(known) = self.items.find(log, source, id) {
            return Ok(ItemIx(known));
        }
        let next = log.item_source.len();
        let at = u32::try_from(next)
            .ok()
            .filter(|at| *at < u32::MAX - 1)
            .ok_or_else(|| too_many("items", u64::from(u32::MAX) - 1))?;
        log.item_source.push(source);
        log.first_events.push(Sec::MAX);
        log.ids.set(next, id);
        Ok(ItemIx(at))
    }

    /// How many items there are so far.
    pub fn item_count(&self) -> usize {
        self.log.item_source.len()
    }

    /// Makes room for items that are about to come; more may come, or fewer.
    pub fn expect_items(&mut self, items: usize) {
        self.items.expect(self.item_count() + items);
    }

    /// Says when an item came to be.
    pub fn created(&mut self, item: ItemIx, at: Millis) {
        self.touch(item, at.floor_clamped());
    }

    /// Adds a move. Moves of one instant keep the order in which they are added.
    #[inline]
    pub fn moved(&mut self, item: ItemIx, at: Millis, to: StatusIx) {
        self.moves.push(item, at, at.floor_clamped(), to);
    }

    /// Adds several moves of an item, `to` as many statuses as there are instants.
    pub fn moves(&mut self, item: ItemIx, moved: Moved<'_>, to: impl Iterator<Item = StatusIx>) {
        self.moves.extend(item, moved, to);
    }

    /// Whether moves of an item were added after those of a later one.
    pub fn is_scattered(&self) -> bool {
        self.moves.is_scattered()
    }

    /// Gives a fact a value from an instant on: a change that the tracker tells as such.
    pub fn set(&mut self, item: ItemIx, at: Millis, fact: FactIx, value: Symbol) {
        self.touch(item, at.floor_clamped());
        self.facts[fact.index()].set(item, at, value);
    }

    /// Says what value a fact had in a row of a file; call it once for each move of the item.
    /// Whether the item's rows differed in the fact so far: while they did not, calls for further
    /// rows with the same value can be left out.
    pub fn observe(&mut self, item: ItemIx, at: Millis, fact: FactIx, value: Symbol) -> bool {
        self.facts[fact.index()].observe(item, at, value)
    }

    /// Forgets all values of a fact; the log will have no such column.
    pub fn forget_fact(&mut self, fact: FactIx) {
        self.facts[fact.index()].forget();
    }

    /// The title of today.
    pub fn title(&mut self, item: ItemIx, title: &str) {
        if self.log.titles.get(item.index()) != Some(title) {
            self.log.titles.set(item.index(), title);
        }
    }

    /// What users call the item today.
    pub fn key(&mut self, item: ItemIx, key: &str) {
        self.log.keys.set(item.index(), key);
    }

    /// Where the item can be opened.
    pub fn url(&mut self, item: ItemIx, url: &str) {
        self.log.urls.set(item.index(), url);
    }

    /// Adds a mark.
    pub fn mark(&mut self, item: ItemIx, at: Millis, kind: MarkKind) {
        let second = at.floor_clamped();
        self.touch(item, second);
        let row = Mark {
            item,
            at: second,
            kind,
        };
        self.marks.push((at, row));
    }

    /// Names the statuses of a source.
    ///
    /// # Errors
    /// [`TooMany`] above 65,535 statuses.
    pub fn statuses(&mut self, source: SourceIx, names: &[StatusName]) -> Result<(), TooMany> {
        for status in names {
            self.status(source, &status.id, &status.name)?;
        }
        Ok(())
    }

    /// Adds an item with its whole history. Statuses must have been named before; one that was not
    /// is called by its id.
    ///
    /// # Errors
    /// [`TooMany`] where a column is full.
    pub fn history(&mut self, source: SourceIx, mut history: ItemHistory) -> Result<(), TooMany> {
        history.events.sort_by_key(|event| (event.at, event.seq));
        let item = self.item(source, &history.item)?;
        let approximate = history
            .events
            .iter()
            .filter(|event| event.approximate)
            .count();
        self.odd(
            item,
            Disorder {
                before_creation: events_before_creation(&history.events),
                approximate: approximate as u64,
                out_of_order: moves_out_of_order(&history.events),
            },
        );
        for event in &history.events {
            self.event(source, item, event)?;
        }
        Ok(())
    }

    fn event(&mut self, source: SourceIx, item: ItemIx, event: &Event) -> Result<(), TooMany> {
        let at = event.at;
        self.touch(item, at.floor_clamped());
        let kind = match &event.change {
            Change::Created { status } => {
                if let Some(to) = status {
                    let to = self.status_by_id(source, to)?;
                    self.moved(item, at, to);
                }
                MarkKind::Created
            }
            Change::Moved { to } => {
                let to = self.status_by_id(source, to)?;
                self.moved(item, at, to);
                return Ok(());
            }
            Change::Set { fact, new, .. } => {
                return self.fact_event(item, at, fact, new.as_deref().unwrap_or_default());
            }
            Change::Blocked { reason } => {
                MarkKind::Blocked(self.symbol(reason.as_deref().unwrap_or_default()))
            }
            Change::Unblocked => MarkKind::Unblocked,
            Change::Linked { kind, to } => MarkKind::Linked(self.symbol(kind), self.symbol(to)),
            Change::Unlinked { kind, to } => MarkKind::Unlinked(self.symbol(kind), self.symbol(to)),
            Change::Deployed { environment } => MarkKind::Deployed(self.symbol(environment)),
            Change::IncidentOpened => MarkKind::IncidentOpened,
            Change::IncidentResolved => MarkKind::IncidentResolved,
            Change::Deleted => MarkKind::Deleted,
        };
        let first_creation = kind == MarkKind::Created
            && self.marks.last().is_none_or(|(_, last)| last.item != item);
        if !first_creation {
            self.mark(item, at, kind);
        }
        Ok(())
    }

    fn fact_event(
        &mut self,
        item: ItemIx,
        at: Millis,
        name: &FactName,
        value: &str,
    ) -> Result<(), TooMany> {
        match name.as_ref() {
            fact::TITLE => self.title(item, value),
            fact::KEY => self.key(item, value),
            fact::URL => self.url(item, value),
            _ => {
                let column = self.fact(name.clone())?;
                let value = self.symbol(value);
                self.set(item, at, column, value);
            }
        }
        Ok(())
    }

    fn status_by_id(&mut self, source: SourceIx, id: &str) -> Result<StatusIx, TooMany> {
        let known = self
            .log
            .statuses
            .iter()
            .position(|status| status.source == source && status.id == id);
        match known.and_then(|at| u16::try_from(at).ok()) {
            Some(at) => Ok(StatusIx(at)),
            None => self.status(source, id, id),
        }
    }

    fn odd(&mut self, item: ItemIx, disorder: Disorder) {
        if !disorder.is_none() {
            self.log.disorders.push((item, disorder));
        }
    }

    fn touch(&mut self, item: ItemIx, at: Sec) {
        let first = &mut self.log.first_events[item.index()];
        *first = at.min(*first);
    }

    /// Orders everything and gives back spare memory.
    pub fn finish(self) -> Log {
        let Self {
            mut log,
            moves,
            facts,
            mut marks,
            items,
        } = self;
        drop(items);
        let ordered = moves.finish(&mut log.first_events);
        let firsts = || log.first_events.iter().filter(|first| **first < Sec::MAX);
        let (earliest, last) = (firsts().min().copied(), firsts().max().copied());
        log.earliest = earliest;
        log.last_event = last.max(ordered.last);
        for (item, out_of_order) in &ordered.out_of_order {
            log.disorders.push((
                *item,
                Disorder {
                    out_of_order: *out_of_order,
                    ..Disorder::default()
                },
            ));
        }
        log.disorders.sort_by_key(|(item, _)| *item);
        log.facts = facts
            .into_iter()
            .filter(|fact| !fact.is_forgotten())
            .map(|fact| fact.finish(&ordered, &log.first_events))
            .collect();
        // What leaves no trace, such as a new title, is no event of the log: one that goes on with some
        // items told anew must end where one that is read whole does.
        let changes = log.facts.iter().flat_map(|column| &column.changes);
        let traces = changes.map(|change| change.at);
        let traces = traces.chain(marks.iter().map(|(_, mark)| mark.at));
        log.last_event = log.last_event.max(traces.max());
        log.offsets = ordered.offsets;
        log.move_at = ordered.at;
        log.move_to = ordered.to;
        marks.sort_by_key(|(ms, mark)| (mark.item, *ms));
        log.marks = marks.into_iter().map(|(_, mark)| mark).collect();
        for texts in [&mut log.ids, &mut log.keys, &mut log.titles, &mut log.urls] {
            texts.shrink();
        }
        log
    }
}

/// How many of an item's ordered events are earlier than its creation.
fn events_before_creation(events: &[Event]) -> u64 {
    let creation = |event: &&Event| matches!(event.change, Change::Created { .. });
    let created = events.iter().find(creation).map(|event| event.at);
    created.map_or(0, |created| {
        events.partition_point(|event| event.at < created)
    }) as u64
}

/// How many of an item's ordered moves are earlier than one that its source listed before them.
fn moves_out_of_order(events: &[Event]) -> u64 {
    let moves = || {
        let is_move = |event: &&Event| match &event.change {
            Change::Moved { .. } => true,
            Change::Created { status } => status.is_some(),
            _ => false,
        };
        events
            .iter()
            .filter(is_move)
            .map(|event| (event.seq, event.at))
    };
    if moves().is_sorted() {
        return 0;
    }
    let mut listed: Vec<(u64, Millis)> = moves().collect();
    listed.sort_unstable();
    listed
        .windows(2)
        .filter(|pair| pair[1].1 < pair[0].1)
        .count() as u64
}

fn too_many(what: &'static str, limit: u64) -> TooMany {
    TooMany { what, limit }
}

#[cfg(test)]
mod tests;
