//! A walk of the board in a stand-up: the agenda as it was when it began, where one is, what was
//! said, and the time it takes.

use std::sync::Arc;

use crate::metrics::{Called, Standup, Story, story_by};
use crate::model::id::ItemIx;
use crate::model::time::Sec;

use super::Data;

/// Seconds that a walk may take.
pub const BUDGET_SECS: u32 = 600;

/// A walk.
#[derive(Clone, Debug)]
pub struct Walk {
    /// The picture it began with: it holds for the whole walk.
    pub data: Data,
    /// The agenda.
    pub standup: Arc<Standup>,
    /// How much of it is walked.
    pub extent: Extent,
    /// What was said, an entry an item of the agenda.
    pub said: Vec<Said>,
    /// Seconds since it began.
    pub seconds: u32,
    /// Lines scrolled away at the top of the changes or the summary.
    pub scroll: usize,
    /// The day it was looked at from in the time machine.
    pub past: Option<Sec>,
    at: usize,
    story: Option<Story>,
    kept: bool,
    taken: bool,
}

/// How much of the agenda is walked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// The items that call for a word.
    Calling,
    /// All items in progress.
    All,
}

/// Where a walk is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// What changed.
    Changes,
    /// An item, by its position in the agenda.
    Item(usize),
    /// What was said.
    Summary,
}

/// What came of an item in the walk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// How it was left.
    pub outcome: Outcome,
    /// A note.
    pub note: String,
    /// Who takes it.
    pub owner: String,
    /// What is to be done next.
    pub step: String,
    /// Seconds spent on it.
    pub seconds: u32,
}

/// How an item was left in the walk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Outcome {
    /// Nobody came to it.
    #[default]
    Open,
    /// It was spoken of.
    Spoken,
    /// It was passed over.
    Skipped,
    /// It is to be spoken of afterwards.
    Parked,
}

/// What a line asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// A note.
    Note,
    /// Who takes it; then what is next.
    Owner,
    /// What is to be done next.
    Step,
}

/// `9:05`, minutes and seconds.
pub fn minutes_text(seconds: u32) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

impl Said {
    /// What has been said of it.
    pub fn answer(&self, ask: Ask) -> &str {
        match ask {
            Ask::Note => &self.note,
            Ask::Owner => &self.owner,
            Ask::Step => &self.step,
        }
    }

    /// Whether there is something to tell of the item: it was parked, noted or assigned.
    pub fn has_words(&self) -> bool {
        let written = [&self.owner, &self.step, &self.note];
        self.outcome == Outcome::Parked || written.into_iter().any(|text| !text.is_empty())
    }

    fn set(&mut self, ask: Ask, text: &str) {
        let slot = match ask {
            Ask::Note => &mut self.note,
            Ask::Owner => &mut self.owner,
            Ask::Step => &mut self.step,
        };
        text.trim().clone_into(slot);
    }
}

impl Walk {
    /// Begins at the changes.
    pub fn new(data: Data, standup: Arc<Standup>, past: Option<Sec>) -> Self {
        let calling = standup.calling();
        Self {
            // Where nothing calls for a word, the rest is what there is.
            extent: if calling == 0 {
                Extent::All
            } else {
                Extent::Calling
            },
            said: vec![Said::default(); standup.items.len()],
            data,
            standup,
            seconds: 0,
            scroll: 0,
            past,
            at: 0,
            story: None,
            kept: false,
            taken: false,
        }
    }

    /// The same walk over another agenda of the stream: what was said stays with its items.
    #[must_use]
    pub(super) fn over(&self, mut other: Self) -> Self {
        for (called, said) in self.standup.items.iter().zip(&self.said) {
            let item = other.data.same_item(&self.data, called.open.item);
            let mut items = other.standup.items.iter();
            let place = items.position(|one| Some(one.open.item) == item);
            if let Some(slot) = place.and_then(|at| other.said.get_mut(at)) {
                slot.clone_from(said);
            }
        }
        other.seconds = self.seconds;
        other
    }

    /// How many items are walked.
    pub fn count(&self) -> usize {
        match self.extent {
            Extent::Calling => self.standup.calling(),
            Extent::All => self.standup.items.len(),
        }
    }

    /// Where it is.
    pub fn stop(&self) -> Stop {
        match self.at.checked_sub(1) {
            None => Stop::Changes,
            Some(item) if item < self.count() => Stop::Item(item),
            Some(_) => Stop::Summary,
        }
    }

    /// The position of the stop: the changes are 0, then come the items, then the summary.
    pub fn place(&self) -> usize {
        self.at
    }

    /// The item it is at.
    pub fn called(&self) -> Option<&Called> {
        match self.stop() {
            Stop::Item(at) => self.standup.items.get(at),
            Stop::Changes | Stop::Summary => None,
        }
    }

    /// What was said of it.
    pub fn said_here(&self) -> Option<&Said> {
        match self.stop() {
            Stop::Item(at) => self.said.get(at),
            Stop::Changes | Stop::Summary => None,
        }
    }

    /// The history of the item it is at.
    pub fn story(&self) -> Option<&Story> {
        self.story.as_ref()
    }

    /// The item it is at, in a newer picture.
    pub(super) fn item_in(&self, data: &Data) -> Option<ItemIx> {
        data.same_item(&self.data, self.called()?.open.item)
    }

    /// What came of it so far, in a sentence: counts and time.
    pub fn told(&self) -> String {
        let walked = self.said.iter().take(self.count());
        let of = |outcome| walked.clone().filter(|one| one.outcome == outcome).count();
        let mut told = format!(
            "{} of {} items walked in {}: {} spoken of",
            self.count() - self.ahead(),
            self.count(),
            minutes_text(self.seconds),
            of(Outcome::Spoken)
        );
        let others = [
            (of(Outcome::Parked), "parked"),
            (of(Outcome::Skipped), "skipped"),
            (self.ahead(), "not come to"),
        ];
        for (number, left) in others.into_iter().filter(|(number, _)| *number > 0) {
            told.extend([", ", &number.to_string(), " ", left]);
        }
        told
    }

    /// Whether something was said that nobody copied or saved yet.
    pub(super) fn has_words(&self) -> bool {
        !self.taken && self.said.iter().any(Said::has_words)
    }

    /// What was said has been copied or saved, or is to be forgotten.
    pub(super) fn take_words(&mut self) {
        self.taken = true;
    }

    /// Whether it gives way to a new one, seen from a newer picture: it came to its end or is of
    /// another day, and no words would be lost.
    pub(super) fn is_over(&self, newer: &Data) -> bool {
        let zone = newer.snapshot.zone();
        let same_day = zone.day_of(newer.as_of()) == zone.day_of(self.data.as_of());
        !self.has_words() && (self.stop() == Stop::Summary || !same_day)
    }

    /// How many of the walked items nobody came to yet, the one at hand among them.
    pub fn ahead(&self) -> usize {
        let walked = self.said.iter().take(self.count());
        walked.filter(|one| one.outcome == Outcome::Open).count()
    }

    /// Seconds that each item ahead has, so that all fit into the budget, counted from when the
    /// one at hand was come to; `None` without any.
    pub fn seconds_each(&self) -> Option<u32> {
        let ahead = u32::try_from(self.ahead()).ok()?;
        let here = self.said_here().map_or(0, |said| said.seconds);
        let gone = self.seconds.saturating_sub(here);
        BUDGET_SECS.saturating_sub(gone).checked_div(ahead)
    }

    /// Goes to a stop, the last one at most.
    pub(super) fn go_to(&mut self, at: usize) {
        self.at = at.min(self.count() + 1);
        self.scroll = 0;
        let place = self.called().map(|one| one.open.item);
        let data = &self.data;
        self.story = place.and_then(|item| {
            let place = (data.question.stream, item);
            story_by(&data.snapshot, place, data.as_of(), &data.measures.ruler)
        });
    }

    /// Goes to the next stop; the item left was spoken of unless it was left otherwise.
    pub(super) fn go_on(&mut self) {
        self.leave(Outcome::Spoken);
        self.go_to(self.at + 1);
    }

    /// Leaves the item in this way and goes on.
    pub(super) fn pass(&mut self, outcome: Outcome) {
        if let Some(said) = self.here() {
            said.outcome = outcome;
            self.taken &= outcome != Outcome::Parked;
            self.go_to(self.at + 1);
        }
    }

    fn leave(&mut self, outcome: Outcome) {
        if let Some(said) = self.here().filter(|said| said.outcome == Outcome::Open) {
            said.outcome = outcome;
        }
    }

    fn here(&mut self) -> Option<&mut Said> {
        match self.stop() {
            Stop::Item(at) => self.said.get_mut(at),
            Stop::Changes | Stop::Summary => None,
        }
    }

    /// Takes down an answer about the item it is at.
    pub(super) fn answer(&mut self, ask: Ask, text: &str) {
        if let Some(said) = self.here() {
            said.set(ask, text);
            self.taken = false;
        }
    }

    /// Walks all items, or only those that call for a word.
    pub(super) fn widen(&mut self) {
        let stop = self.stop();
        self.extent = match self.extent {
            Extent::Calling => Extent::All,
            Extent::All => Extent::Calling,
        };
        let place = match stop {
            Stop::Summary if self.extent == Extent::All => self.standup.calling() + 1,
            Stop::Summary => self.count() + 1,
            Stop::Changes | Stop::Item(_) => self.at,
        };
        self.go_to(place);
    }

    /// Counts a second.
    pub(super) fn second(&mut self) {
        if self.stop() == Stop::Summary {
            return;
        }
        self.seconds = self.seconds.saturating_add(1);
        if let Some(said) = self.here() {
            said.seconds = said.seconds.saturating_add(1);
        }
    }

    /// Once it has come to its end: the stream and the instant it was walked as of. Walks through
    /// the past are not told of.
    pub(super) fn ended(&mut self) -> Option<(String, Sec)> {
        let first = self.stop() == Stop::Summary && !self.kept;
        self.kept |= first;
        let lives = first && self.past.is_none();
        lives.then(|| (self.data.measures.stream.clone(), self.standup.as_of))
    }
}
