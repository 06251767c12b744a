//! What of a list is kept, and where a later poll goes on. Pure.
//!
//! Trackers tell whole seconds, or understand no more than minutes in a question ([`Grain`]), and an
//! update may become visible a little after the instant it carries. So a cursor never stands less
//! than [`SETTLING`] before the instant at which its end of the list was listed, however long the poll
//! goes on after: what is younger is listed again by the next poll, and fetched again if it was read
//! in the second of its update. Of two updates of one artefact within a second neither may show late.

use std::collections::{BTreeMap, BTreeSet};

use super::standing::Standing;
use super::sweep::{Onward, Passage};
use super::{Grain, TICK};
use crate::model::time::Millis;

/// Seconds after which no update appears any more that carries an earlier instant.
const SETTLING: i64 = 60;

/// A cursor does not carry more artefacts of its instant than still leave room on a page.
const CROWD: usize = 90;

/// Nor more than this while the rest of them is still to be listed: a poll that goes on from there
/// fetches them again.
const MULTITUDE: usize = 1_000;

/// What of a list is kept.
#[derive(Debug)]
pub(super) struct Kept {
    grain: Grain,
    start: Option<Millis>,
    /// What had settled when the first page was listed that reached beyond.
    held: Option<Millis>,
    /// With the update that is kept, as far back as a cursor may stand.
    artefacts: BTreeMap<String, Millis>,
}

impl Kept {
    /// What an earlier poll kept.
    pub(super) fn from(standing: &Standing, grain: Grain) -> Self {
        Self {
            grain,
            start: standing.since(),
            held: None,
            artefacts: standing.seen(),
        }
    }

    /// Notes that an artefact is kept as of `updated`, read when the server's clock showed `read`.
    pub(super) fn keep(&mut self, id: &str, updated: Millis, read: Millis) {
        if read >= updated.plus_secs(TICK) {
            self.artefacts.insert(id.to_owned(), updated);
        }
    }

    /// Where a later poll can go on once all up to `passage` is kept, listed at `now` on the server's
    /// clock; `None` where no place is safe but the one it started from.
    pub(super) fn standing(
        &mut self,
        passage: Passage,
        now: Millis,
        owed: &BTreeSet<String>,
    ) -> Option<Standing> {
        let horizon = self.horizon(passage, now);
        if !passage.sorted && passage.onward != Onward::End {
            return None;
        }
        let reached = passage.last.map(|last| self.grain.floor(last.min(horizon)));
        let reached = reached.max(self.start);
        self.artefacts
            .retain(|_, updated| Some(*updated) >= reached);
        let (since, seen) = match passage.onward {
            Onward::End => self.past_crowd(reached, horizon),
            Onward::More | Onward::Lost if self.artefacts.len() > MULTITUDE => {
                (reached, BTreeMap::new())
            }
            Onward::More | Onward::Lost => (reached, self.artefacts.clone()),
        };
        Some(Standing::new(since, &seen, owed.clone()))
    }

    /// The instant from which on there may be more than was listed. Once a page has reached beyond it,
    /// no later page lists again what appears between.
    fn horizon(&mut self, passage: Passage, now: Millis) -> Millis {
        let settled = now.plus_secs(-SETTLING);
        if passage.last > Some(settled) {
            self.held = Some(self.held.map_or(settled, |held| held.min(settled)));
        }
        self.held.unwrap_or(settled)
    }

    /// All up to the end being read, a crowded instant that has settled is left behind.
    fn past_crowd(
        &self,
        reached: Option<Millis>,
        horizon: Millis,
    ) -> (Option<Millis>, BTreeMap<String, Millis>) {
        let past = reached.map(|reached| reached.plus_secs(self.grain.step()));
        match past.filter(|past| self.artefacts.len() > CROWD && *past <= horizon) {
            Some(past) => {
                let later = self.artefacts.iter().filter(|(_, at)| **at >= past);
                (
                    Some(past),
                    later.map(|(id, at)| (id.clone(), *at)).collect(),
                )
            }
            None => (reached, self.artefacts.clone()),
        }
    }
}
