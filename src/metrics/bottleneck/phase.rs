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

/// The phase that a walk over the steps is in.
#[derive(Clone, Debug)]
pub(super) struct Phase<'a> {
    loads: Vec<Load>,
    signs: Vec<Signs>,
    /// Item-seconds of each stage since the phase began, up to `counted`.
    spent: Vec<Load>,
    counted: Vec<Sec>,
    begun: Sec,
    seconds: i64,
    ruler: &'a Ruler,
}

impl<'a> Phase<'a> {
    pub(super) fn new(
        loads: Vec<Load>,
        (begun, ruler): (Sec, &'a Ruler),
        signs: &impl Fn(usize, Load) -> Signs,
    ) -> Self {
        let stages = loads.len();
        Self {
            signs: (0..stages).map(|at| signs(at, loads[at])).collect(),
            spent: vec![Load::default(); stages],
            counted: vec![begun; stages],
            loads,
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
        self.signs[stage].show(sign)
    }

    /// Whether any stage does.
    pub(super) fn any_shows(&self, sign: Signs) -> bool {
        self.signs.iter().any(|signs| signs.show(sign))
    }

    /// Item-seconds in a stage.
    pub(super) fn spent(&self, stage: usize) -> Load {
        self.spent[stage]
    }

    /// The load of a stage, to be changed at an instant.
    pub(super) fn change(&mut self, stage: usize, at: Sec) -> &mut Load {
        self.count(stage, at);
        &mut self.loads[stage]
    }

    fn count(&mut self, stage: usize, at: Sec) {
        let from = std::mem::replace(&mut self.counted[stage], at);
        let length = self.ruler.between(from, at);
        let (spent, load) = (&mut self.spent[stage], self.loads[stage]);
        spent.all += load.all * length;
        spent.blocked += load.blocked * length;
    }

    pub(super) fn differs(&self, stage: usize, signs: &impl Fn(usize, Load) -> Signs) -> bool {
        self.signs[stage] != signs(stage, self.loads[stage])
    }

    pub(super) fn tell(&mut self, stage: usize, signs: &impl Fn(usize, Load) -> Signs) {
        self.signs[stage] = signs(stage, self.loads[stage]);
    }

    /// Ends the phase, tells `each` of it if it had any length, and begins the next.
    pub(super) fn end(&mut self, at: Sec, each: &mut impl FnMut(&Self)) {
        for stage in 0..self.loads.len() {
            self.count(stage, at);
        }
        self.seconds = self.ruler.between(self.begun, at);
        if self.seconds > 0 {
            each(self);
        }
        self.spent.fill(Load::default());
        self.begun = at;
    }
}
