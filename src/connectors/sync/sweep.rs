//! Paging through a list that changes while it is read. Pure: questions out, pages in.
//!
//! The list is sorted by last update. Paging by offset alone would skip artefacts, for every issue
//! that is updated meanwhile leaves its place and all behind it move up. So a page begins where the
//! last one ended *in time*: all updated at that instant or later, those already kept passed over.
//! An artefact that moves goes towards the end, which is still to be read; nothing can be skipped.
//!
//! Only among artefacts of one instant that fill a whole page (a bulk edit) an offset is used. There
//! each page begins with the last row of the one before: if another row stands there, the list has
//! moved, and the instant is read again from its start.
//!
//! A server that does not sort is read by offset, guarded alike, and only the end is a place to go
//! on from.
//!
//! Lists that are paged by address or number of the page go by time likewise; only among artefacts
//! of one instant the next page is asked for. A token that stays right while rows move is followed to
//! the end.
//!
//! Pages are listed ahead of what is fetched and kept, so the way through the list knows only what
//! was listed; where a later poll goes on is the matter of [`super::kept`].

use std::collections::{BTreeMap, BTreeSet};

use super::standing::Standing;
use super::{Grain, Paging, Question, TICK};
use crate::model::time::Millis;

/// As often may the list move while one instant is read.
const MOST_RESTARTS: u32 = 50;

/// A row of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) id: String,
    pub(super) updated: Millis,
}

/// A page of the list. A row that cannot be read is `None`.
#[derive(Debug)]
pub(super) struct Rows {
    pub(super) listed: Vec<Option<Row>>,
    /// How many match in all, if the server says so.
    pub(super) total: Option<u64>,
    /// The most rows the server puts on a page.
    pub(super) limit: u64,
    /// Where the next page is.
    pub(super) next: Option<String>,
}

/// Whether there is more to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Onward {
    More,
    End,
    /// The list moves faster than it can be read, or goes round in circles.
    Lost,
}

/// How far a page has brought the way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Passage {
    pub(super) onward: Onward,
    /// The newest update listed with nothing left out before it.
    pub(super) last: Option<Millis>,
    /// Whether all pages so far were in order of update.
    pub(super) sorted: bool,
}

/// One poll's way through the list.
#[derive(Debug)]
pub(super) struct Sweep {
    paging: Paging,
    grain: Grain,
    start: Option<Millis>,
    question: Question,
    /// The row that the next page must begin with.
    anchor: Option<String>,
    /// The next pages that were given since the instant of the question.
    given: BTreeSet<String>,
    /// What need not be fetched where it is listed again: kept before, or listed by this poll, with
    /// the update that was listed.
    met: BTreeMap<String, Millis>,
    last: Option<Millis>,
    sorted: bool,
    restarts: u32,
}

impl Sweep {
    /// Goes on from where an earlier poll stood.
    pub(super) fn from(standing: &Standing, paging: Paging, grain: Grain) -> Self {
        Self {
            paging,
            grain,
            start: standing.since(),
            question: Question {
                since: standing.since(),
                ..Question::default()
            },
            anchor: None,
            given: BTreeSet::new(),
            met: standing.seen(),
            last: None,
            sorted: paging != Paging::Newest,
            restarts: 0,
        }
    }

    /// What to ask next.
    pub(super) fn question(&self) -> Question {
        self.question.clone()
    }

    /// Ids of the artefacts of a page that are to be fetched, each once, in order.
    pub(super) fn fresh(&mut self, page: &Rows) -> Vec<String> {
        let mut fresh = Vec::new();
        for row in page.listed.iter().flatten() {
            if self.is_fresh(row) {
                self.met.insert(row.id.clone(), row.updated);
                fresh.push(row.id.clone());
            }
        }
        fresh
    }

    fn is_fresh(&self, row: &Row) -> bool {
        let met = self.met.get(&row.id);
        let asked_for = self.start.max(self.question.since);
        asked_for.is_none_or(|asked_for| row.updated >= asked_for)
            && met.is_none_or(|met| *met < row.updated)
    }

    /// Moves past a page.
    pub(super) fn pass(&mut self, page: &Rows) -> Passage {
        let rows: Vec<&Row> = page.listed.iter().flatten().collect();
        self.sorted &= rows.is_sorted_by_key(|row| row.updated);
        let onward = if self.has_moved(&rows) {
            self.restart()
        } else {
            self.last = self.last.max(rows.iter().map(|row| row.updated).max());
            match self.paging {
                Paging::Offset => self.step(page),
                Paging::Numbered | Paging::Token | Paging::Newest => self.turn(page),
            }
        };
        self.forget();
        Passage {
            onward,
            last: self.last,
            sorted: self.sorted,
        }
    }

    fn has_moved(&self, rows: &[&Row]) -> bool {
        let first = rows.first().map(|row| &row.id);
        self.anchor
            .as_ref()
            .is_some_and(|anchor| first != Some(anchor))
    }

    fn restart(&mut self) -> Onward {
        self.question.offset = 0;
        self.anchor = None;
        self.restarts += 1;
        if self.restarts > MOST_RESTARTS {
            Onward::Lost
        } else {
            Onward::More
        }
    }

    fn step(&mut self, page: &Rows) -> Onward {
        let reached = self.question.offset + page.listed.len() as u64;
        if page.is_last(reached) {
            return Onward::End;
        }
        self.anchor = None;
        self.question.offset = reached;
        if let Some(Some(last)) = page.listed.last() {
            if self.goes_on_from(last) {
                self.restarts = 0;
            } else if page.listed.len() > 1 {
                self.anchor = Some(last.id.clone());
                self.question.offset = reached - 1;
            }
        }
        Onward::More
    }

    fn turn(&mut self, page: &Rows) -> Onward {
        let Some(next) = &page.next else {
            return Onward::End;
        };
        if let Some(Some(last)) = page.listed.last()
            && self.paging == Paging::Numbered
            && self.goes_on_from(last)
        {
            self.given.clear();
            return Onward::More;
        }
        self.question.next = Some(next.clone());
        if self.given.insert(next.clone()) {
            Onward::More
        } else {
            Onward::Lost
        }
    }

    /// Asks from the instant of the last row on, if that is later than what was asked for.
    fn goes_on_from(&mut self, last: &Row) -> bool {
        let reached = self.grain.floor(last.updated);
        let is_later = self.question.since.is_none_or(|since| since < reached);
        if self.sorted && is_later {
            self.question = Question {
                since: Some(reached),
                ..Question::default()
            };
            return true;
        }
        false
    }

    /// No page to come holds anything older than what is forgotten. The list may show a little of the
    /// second before the one that was asked for.
    fn forget(&mut self) {
        let oldest = match self.paging {
            Paging::Offset | Paging::Numbered => self.question.since,
            Paging::Token => self.last,
            Paging::Newest => self.start,
        };
        if let Some(oldest) = oldest {
            self.met
                .retain(|_, updated| *updated >= oldest.plus_secs(-TICK));
        }
    }
}

impl Rows {
    fn is_last(&self, reached: u64) -> bool {
        let full = self.listed.len() as u64 >= self.limit.max(1);
        self.listed.is_empty() || self.total.map_or(!full, |total| reached >= total)
    }
}

#[cfg(test)]
mod tests;
