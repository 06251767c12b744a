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
//! Trackers tell whole seconds, or understand no more than minutes in a question ([`Grain`]), and an
//! update may become visible a little after the instant it carries. So a cursor never stands less than [`SETTLING`] before the present: what is younger is
//! listed again by the next poll, and fetched again if it was read in the second of its update.

use std::collections::{BTreeMap, BTreeSet};

use super::standing::Standing;
use super::{Grain, Paging, Question};
use crate::model::time::Millis;

/// Seconds after which no update appears any more that carries an earlier instant.
const SETTLING: i64 = 60;

/// Seconds after an update from which on a later one carries another instant for sure.
const TICK: i64 = 2;

/// A cursor does not carry more artefacts of its instant than still leave room on a page.
const CROWD: usize = 90;

/// Nor more than this while the rest of them is still to be listed: a poll that goes on from there
/// fetches them again.
const MULTITUDE: usize = 1_000;

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
    kept: BTreeMap<String, Millis>,
    /// The newest update listed with nothing left out before it.
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
            kept: standing.seen(),
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
    pub(super) fn fresh(&self, page: &Rows) -> Vec<String> {
        let mut met = BTreeSet::new();
        let readable = page.listed.iter().flatten();
        readable
            .filter(|row| self.is_fresh(row) && met.insert(&row.id))
            .map(|row| row.id.clone())
            .collect()
    }

    fn is_fresh(&self, row: &Row) -> bool {
        let kept = self.kept.get(&row.id);
        let asked_for = self.start.max(self.question.since);
        asked_for.is_none_or(|asked_for| row.updated >= asked_for)
            && kept.is_none_or(|kept| *kept < row.updated)
    }

    /// Notes that an artefact was kept as of `updated`, read when the server's clock showed `read`.
    pub(super) fn keep(&mut self, id: &str, updated: Millis, read: Millis) {
        if read >= updated.plus_secs(TICK) {
            self.kept.insert(id.to_owned(), updated);
        }
    }

    /// Moves past a page.
    pub(super) fn pass(&mut self, page: &Rows) -> Onward {
        let rows: Vec<&Row> = page.listed.iter().flatten().collect();
        self.sorted &= rows.is_sorted_by_key(|row| row.updated);
        if self.has_moved(&rows) {
            return self.restart();
        }
        self.last = self.last.max(rows.iter().map(|row| row.updated).max());
        match self.paging {
            Paging::Offset => self.step(page),
            Paging::Numbered | Paging::Token | Paging::Newest => self.turn(page),
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

    /// Where a later poll can go on, seen at `now` on the server's clock; `None` where no place is
    /// safe but the one it started from.
    pub(super) fn standing(
        &mut self,
        onward: Onward,
        now: Millis,
        owed: &BTreeSet<String>,
    ) -> Option<Standing> {
        if !self.sorted && onward != Onward::End {
            return None;
        }
        let horizon = now.plus_secs(-SETTLING);
        let reached = self.last.map(|last| self.grain.floor(last.min(horizon)));
        let reached = reached.max(self.start);
        self.forget_before(self.oldest_to_come(reached));
        let (since, seen) = match onward {
            Onward::End => self.past_crowd(reached, horizon),
            Onward::More | Onward::Lost => (reached, self.kept_from(reached)),
        };
        let carried = if seen.len() > MULTITUDE && onward != Onward::End {
            BTreeMap::new()
        } else {
            seen
        };
        Some(Standing::new(since, &carried, owed.clone()))
    }

    /// All up to the end being read, a crowded instant that has settled is left behind.
    fn past_crowd(
        &self,
        reached: Option<Millis>,
        horizon: Millis,
    ) -> (Option<Millis>, BTreeMap<String, Millis>) {
        let seen = self.kept_from(reached);
        let past = reached.map(|reached| reached.plus_secs(self.grain.step()));
        match past.filter(|past| seen.len() > CROWD && *past <= horizon) {
            Some(past) => (Some(past), self.kept_from(Some(past))),
            None => (reached, seen),
        }
    }

    /// No page to come holds anything older that is kept.
    fn oldest_to_come(&self, reached: Option<Millis>) -> Option<Millis> {
        match self.paging {
            Paging::Offset | Paging::Numbered => reached.min(self.question.since),
            Paging::Token => reached,
            Paging::Newest => self.start,
        }
    }

    fn kept_from(&self, since: Option<Millis>) -> BTreeMap<String, Millis> {
        let kept = self.kept.iter().filter(|(_, at)| Some(**at) >= since);
        kept.map(|(id, at)| (id.clone(), *at)).collect()
    }

    /// The list may show a little of the second before the one that was asked for.
    fn forget_before(&mut self, since: Option<Millis>) {
        if let Some(since) = since {
            self.kept
                .retain(|_, updated| *updated >= since.plus_secs(-TICK));
        }
    }
}

impl Grain {
    /// The beginning of the unit that an instant lies in.
    fn floor(self, at: Millis) -> Millis {
        match self {
            Self::Fine => at,
            Self::Minutes => Millis(at.0.div_euclid(60_000) * 60_000),
        }
    }

    /// Seconds after which another unit has begun.
    fn step(self) -> i64 {
        match self {
            Self::Fine => TICK,
            Self::Minutes => 60,
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
