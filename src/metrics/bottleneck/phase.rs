//! A stretch of time in which nothing that matters changes.

use crate::metrics::loads::Load;

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
    fn signs(self, load: Load) -> Signs {
        Signs::default()
            .with(Signs::HOLDS, load.all > 0)
            .with(Signs::WAITS, load.free() > 0)
            .with(Signs::FULL, load.all >= self.full)
            .with(Signs::BELOW, load.all < self.below)
            .with(Signs::IDLE, load.free() < self.idle)
    }

    /// The loads that show the same signs as this one: of all items, and of those that are free.
    fn alike(self, load: Load) -> [Within; 2] {
        [
            Within::of(load.all, &[1, self.full, self.below]),
            Within::of(load.free(), &[1, self.idle]),
        ]
    }
}

/// From a number on, up to another that is too many.
#[derive(Clone, Copy, Debug, Default)]
struct Within {
    from: i64,
    to: i64,
}

impl Within {
    /// Those that lie on the same side of each border.
    fn of(number: i64, borders: &[i64]) -> Self {
        let passed = borders.iter().filter(|border| **border <= number);
        let ahead = borders.iter().filter(|border| **border > number);
        Self {
            from: passed.max().copied().unwrap_or(i64::MIN),
            to: ahead.min().copied().unwrap_or(i64::MAX),
        }
    }

    #[inline]
    fn holds(self, number: i64) -> bool {
        self.from <= number && number < self.to
    }
}

/// One stage during a walk.
#[derive(Clone, Copy, Debug, Default)]
struct Stand {
    load: Load,
    /// None of a stage that does not matter.
    levels: Option<Levels>,
    /// All through the phase.
    signs: Signs,
    /// The loads that show these signs.
    alike: [Within; 2],
    /// Whether they are others now.
    differs: bool,
    /// What came since the phase began, each with the reading at which it came, all added up: what
    /// came late has spent less.
    came: Load,
    /// Item-seconds in the phase; known at its end.
    spent: Load,
}

impl Stand {
    /// Begins a phase.
    fn begin(&mut self, reading: i64) {
        self.differs = false;
        self.came = Load::default().plus(reading, self.load);
        if let Some(levels) = self.levels {
            self.signs = levels.signs(self.load);
            self.alike = levels.alike(self.load);
        }
    }
}

/// The phase that a walk over the changes is in. Instants are readings of the ruler.
#[derive(Clone, Debug)]
pub(super) struct Phase {
    stands: Vec<Stand>,
    /// How many of them show other signs now than all through the phase.
    differing: usize,
    begun: i64,
    seconds: i64,
}

impl Phase {
    pub(super) fn new(loads: &[Load], levels: &[Option<Levels>], begun: i64) -> Self {
        let levels = levels.iter().copied().chain(std::iter::repeat(None));
        let stands = loads.iter().zip(levels).map(|(load, levels)| {
            let mut stand = Stand {
                load: levels.map_or(Load::default(), |_| *load),
                levels,
                ..Stand::default()
            };
            stand.begin(begun);
            stand
        });
        Self {
            stands: stands.collect(),
            differing: 0,
            begun,
            seconds: 0,
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

    /// Changes the load at a place at an instant.
    #[inline]
    pub(super) fn change(&mut self, place: usize, reading: i64, (times, load): (i64, Load)) {
        let stand = &mut self.stands[place];
        if stand.levels.is_none() {
            return;
        }
        stand.load = stand.load.plus(times, load);
        stand.came = stand.came.plus(times * reading, load);
        let [all, free] = stand.alike;
        let differs = !(all.holds(stand.load.all) && free.holds(stand.load.free()));
        let differed = std::mem::replace(&mut stand.differs, differs);
        self.differing = self.differing + usize::from(differs) - usize::from(differed);
    }

    /// Whether the signs of any stage are others now than all through the phase.
    #[inline]
    pub(super) fn differs(&self) -> bool {
        self.differing > 0
    }

    /// Ends the phase, tells `each` of it if it had any length, and begins the next.
    pub(super) fn end(&mut self, reading: i64, each: &mut impl FnMut(&Self)) {
        self.seconds = reading - self.begun;
        if self.seconds > 0 {
            for stand in &mut self.stands {
                let until_now = Load::default().plus(reading, stand.load);
                stand.spent = until_now.plus(-1, stand.came);
            }
            each(self);
        }
        for stand in &mut self.stands {
            stand.begin(reading);
        }
        self.differing = 0;
        self.begun = reading;
    }
}
