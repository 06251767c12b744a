//! A stretch of time in which nothing that matters changes.

use crate::model::time::{Ruler, Sec};

/// How many items are in a stage, and how many of them are blocked; or item-seconds of these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Load {
    pub(super) all: i64,
    pub(super) blocked: i64,
}

impl Load {
    /// Those that nothing keeps from going on.
    pub(super) fn free(self) -> i64 {
        self.all - self.blocked
    }
}

/// What matters of a stage's load.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Signs(u8);

impl Signs {
    /// It holds an item.
    pub(super) const HOLDS: Self = Self(1);
    /// It holds an item that is not blocked.
    pub(super) const WAITS: Self = Self(2);
    /// It stands at its limit.
    pub(super) const FULL: Self = Self(4);
    /// It stands below its usual load.
    pub(super) const BELOW: Self = Self(8);
    /// Hardly anyone is at work.
    pub(super) const IDLE: Self = Self(16);

    pub(super) fn with(self, sign: Self, shows: bool) -> Self {
        if shows { Self(self.0 | sign.0) } else { self }
    }

    pub(super) fn show(self, sign: Self) -> bool {
        self.0 & sign.0 != 0
    }
}

/// From which loads on a stage shows its signs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Levels {
    /// It stands at its limit with so many items.
    pub(super) full: i64,
    /// It stands below its usual load with fewer items.
    pub(super) below: i64,
    /// Hardly anyone is at work with fewer items that are not blocked.
    pub(super) idle: i64,
}

impl Levels {
    #[inline]
    fn signs(self, load: Load) -> Signs {
        Signs::default()
            .with(Signs::HOLDS, load.all > 0)
            .with(Signs::WAITS, load.free() > 0)
            .with(Signs::FULL, load.all >= self.full)
            .with(Signs::BELOW, load.all < self.below)
            .with(Signs::IDLE, load.free() < self.idle)
    }
}

/// One stage during a walk.
#[derive(Clone, Copy, Debug)]
struct Stand {
    load: Load,
    levels: Levels,
    /// All through the phase.
    signs: Signs,
    /// Whether they are others now.
    differs: bool,
    /// Item-seconds since the phase began, up to `counted`.
    spent: Load,
    counted: Sec,
}

impl Stand {
    #[inline]
    fn count(&mut self, at: Sec, ruler: &Ruler) {
        let from = std::mem::replace(&mut self.counted, at);
        let length = ruler.between(from, at);
        self.spent.all += self.load.all * length;
        self.spent.blocked += self.load.blocked * length;
    }
}

/// The phase that a walk over the steps is in.
#[derive(Clone, Debug)]
pub(super) struct Phase<'a> {
    stands: Vec<Stand>,
    /// How many of them show other signs now than all through the phase.
    differing: usize,
    begun: Sec,
    seconds: i64,
    ruler: &'a Ruler,
}

impl<'a> Phase<'a> {
    pub(super) fn new(loads: &[Load], levels: &[Levels], (begun, ruler): (Sec, &'a Ruler)) -> Self {
        let stands = loads.iter().zip(levels).map(|(load, levels)| Stand {
            load: *load,
            levels: *levels,
            signs: levels.signs(*load),
            differs: false,
            spent: Load::default(),
            counted: begun,
        });
        Self {
            stands: stands.collect(),
            differing: 0,
            begun,
            seconds: 0,
            ruler,
        }
    }

    /// Length by the ruler.
    pub(super) fn seconds(&self) -> i64 {
        self.seconds
    }

    /// Whether a stage shows a sign all through.
    pub(super) fn shows(&self, stage: usize, sign: Signs) -> bool {
        self.stands[stage].signs.show(sign)
    }

    /// Whether any stage does.
    pub(super) fn any_shows(&self, sign: Signs) -> bool {
        self.stands.iter().any(|stand| stand.signs.show(sign))
    }

    /// Item-seconds in a stage.
    pub(super) fn spent(&self, stage: usize) -> Load {
        self.stands[stage].spent
    }

    /// Changes the load of a stage at an instant.
    #[inline]
    pub(super) fn change(&mut self, stage: usize, at: Sec, change: impl Fn(&mut Load)) {
        let stand = &mut self.stands[stage];
        stand.count(at, self.ruler);
        change(&mut stand.load);
        let differs = stand.signs != stand.levels.signs(stand.load);
        let differed = std::mem::replace(&mut stand.differs, differs);
        self.differing = self.differing + usize::from(differs) - usize::from(differed);
    }

    /// Whether the signs of any stage are others now than all through the phase.
    #[inline]
    pub(super) fn differs(&self) -> bool {
        self.differing > 0
    }

    /// Ends the phase, tells `each` of it if it had any length, and begins the next.
    pub(super) fn end(&mut self, at: Sec, each: &mut impl FnMut(&Self)) {
        for stand in &mut self.stands {
            stand.count(at, self.ruler);
        }
        self.seconds = self.ruler.between(self.begun, at);
        if self.seconds > 0 {
            each(self);
        }
        for stand in &mut self.stands {
            stand.spent = Load::default();
            stand.signs = stand.levels.signs(stand.load);
            stand.differs = false;
        }
        self.differing = 0;
        self.begun = at;
    }
}
