//! How many items each stage holds over the window: every move as a change, in order of time.

use crate::model::id::StageIx;
use crate::model::time::{Ruler, Sec, Window};

use super::sorted::sort_above;
use super::threads::{ENOUGH, all};

/// Parts of the window that threads walk; always as many, so that no sum depends on the machine.
const STRETCHES: usize = 16;

/// How many items are somewhere, and how many of them are blocked; or item-seconds of these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Load {
    pub(super) all: i64,
    pub(super) blocked: i64,
}

impl Load {
    const ITEM: Self = Self { all: 1, blocked: 0 };
    const BLOCK: Self = Self { all: 0, blocked: 1 };

    /// Those that nothing keeps from going on.
    pub(super) fn free(self) -> i64 {
        self.all - self.blocked
    }

    /// With so many times more.
    #[inline]
    pub(super) fn plus(self, times: i64, more: Self) -> Self {
        Self {
            all: self.all + times * more.all,
            blocked: self.blocked + times * more.blocked,
        }
    }
}

/// An item, or a block, that goes from one place to another. Packed so that it sorts by time: the
/// second, whether it is a block, from where, to where (9 bits each).
#[derive(Clone, Copy, Debug)]
pub(super) struct Change(u64);

impl Change {
    /// Bits of a place.
    const PLACE: u32 = 9;
    /// Bits that tell what changes.
    const WHAT: u32 = 2 * Self::PLACE + 1;

    fn pack(at: Sec, load: Load, (from, to): (usize, usize)) -> u64 {
        let places = ((from as u64) << Self::PLACE) | to as u64;
        let block = load.blocked.cast_unsigned() << (2 * Self::PLACE);
        (u64::from(at.0) << Self::WHAT) | block | places
    }

    pub(super) fn at(self) -> Sec {
        Sec(u32::try_from(self.0 >> Self::WHAT).unwrap_or(u32::MAX))
    }

    /// What goes.
    #[inline]
    pub(super) fn load(self) -> Load {
        let blocked = ((self.0 >> (2 * Self::PLACE)) & 1).cast_signed();
        let all = 1 - blocked;
        Load { all, blocked }
    }

    /// The place that it leaves and the one that it comes to, each with 1 for coming, −1 for leaving.
    #[inline]
    pub(super) fn places(self) -> [(usize, i64); 2] {
        let place = |bits: u64| (bits & ((1 << Self::PLACE) - 1)) as usize;
        [(place(self.0 >> Self::PLACE), -1), (place(self.0), 1)]
    }
}

/// What is gathered of the loads while items go by. A place is a stage, or [`Loads::outside`].
#[derive(Clone, Debug)]
pub(super) struct Loads {
    /// By place: what is there when the window opens, before what happens at that instant.
    start: Vec<Load>,
    changes: Vec<u64>,
    /// Those that other parts gathered.
    others: Vec<Vec<u64>>,
    window: Window,
}

impl Loads {
    pub(super) fn new(stages: usize, window: Window) -> Self {
        Self {
            start: vec![Load::default(); stages + 1],
            changes: Vec::new(),
            others: Vec::new(),
            window,
        }
    }

    /// The place of what is in no stage.
    pub(super) fn outside(&self) -> usize {
        self.start.len() - 1
    }

    /// Items that are at a place when the window opens.
    #[inline]
    pub(super) fn begin(&mut self, place: usize, items: i64) {
        self.start[place].all += items;
    }

    /// An item goes from one place to another inside the window.
    #[inline]
    pub(super) fn moved(&mut self, at: Sec, places: (usize, usize)) {
        self.changes.push(Change::pack(at, Load::ITEM, places));
    }

    /// An item at a place is blocked for some time.
    pub(super) fn blocked(&mut self, place: usize, (from, to): (Sec, Sec)) {
        self.stay(Load::BLOCK, place, (from, to));
    }

    /// Something comes from outside to a place and goes again.
    fn stay(&mut self, load: Load, place: usize, (from, to): (Sec, Sec)) {
        let outside = self.outside();
        if from >= self.window.to || to < self.window.from {
            return;
        }
        if from < self.window.from {
            self.start[place] = self.start[place].plus(1, load);
        } else {
            self.changes
                .push(Change::pack(from, load, (outside, place)));
        }
        if to < self.window.to {
            self.changes.push(Change::pack(to, load, (place, outside)));
        }
    }

    /// An item that comes from outside to a stage and goes again.
    #[cfg(test)]
    pub(super) fn visited(&mut self, place: usize, stay: (Sec, Sec)) {
        self.stay(Load::ITEM, place, stay);
    }

    /// Adds what another part gathered.
    pub(super) fn merge(&mut self, other: Self) {
        for (own, more) in self.start.iter_mut().zip(&other.start) {
            *own = own.plus(1, *more);
        }
        self.others.push(other.changes);
        self.others.extend(other.others);
    }

    /// Puts all changes in order.
    pub(super) fn settle(self, ruler: &Ruler) -> Lines<'_> {
        let mut changes = self.others;
        changes.push(self.changes);
        Lines {
            start: self.start,
            changes: sort_above(changes, Change::WHAT),
            window: self.window,
            ruler,
        }
    }
}

/// The loads over the window, in order.
#[derive(Clone, Debug)]
pub(super) struct Lines<'r> {
    start: Vec<Load>,
    changes: Vec<u64>,
    window: Window,
    ruler: &'r Ruler,
}

impl Lines<'_> {
    /// How many changes there are.
    pub(super) fn len(&self) -> usize {
        self.changes.len()
    }

    /// The window in parts that several threads can walk at once; in one if that is not worth it.
    pub(super) fn stretches(&self) -> Vec<Stretch<'_>> {
        let parts = if self.len() < ENOUGH { 1 } else { STRETCHES };
        let mut rest = Stretch {
            start: self.start.clone(),
            changes: &self.changes,
            window: self.window,
            ruler: self.ruler,
        };
        let mut stretches = Vec::with_capacity(parts);
        for left in (2..=parts).rev() {
            let (first, after) = rest.split(rest.changes.len() / left);
            stretches.push(first);
            rest = after;
        }
        stretches.push(rest);
        stretches
    }
}

/// By place, for how long each load lasted.
#[derive(Clone, Debug, Default)]
pub(super) struct Lasting {
    /// Of all items there.
    pub(super) all: Vec<LoadTimes>,
    /// Of those that are not blocked.
    pub(super) free: Vec<LoadTimes>,
}

impl Lasting {
    /// One walk over all stretches.
    pub(super) fn of(stretches: &[Stretch<'_>]) -> Self {
        let mut parts = all(stretches, Stretch::lasting).into_iter();
        let mut sum = parts.next().unwrap_or_default();
        for part in parts {
            let own = sum.all.iter_mut().chain(&mut sum.free);
            for (own, more) in own.zip(part.all.iter().chain(&part.free)) {
                own.merge(more);
            }
        }
        sum
    }

    /// The load of a stage that was not exceeded for 85 % of the window.
    pub(super) fn usual(&self, stage: StageIx) -> i64 {
        let times = self.all.get(stage.index());
        times.map_or(0, |times| times.percentile(85))
    }
}

/// A part of the window, with the loads at its beginning.
#[derive(Clone, Debug)]
pub(super) struct Stretch<'s> {
    pub(super) start: Vec<Load>,
    changes: &'s [u64],
    pub(super) window: Window,
    pub(super) ruler: &'s Ruler,
}

impl Stretch<'_> {
    /// What changes, in order of time.
    pub(super) fn changes(&self) -> impl Iterator<Item = Change> {
        self.changes.iter().copied().map(Change)
    }

    /// What lies before the instant of a change, and the rest.
    fn split(&self, at: usize) -> (Self, Self) {
        let when = |change: &u64| Change(*change).at();
        let instant = self.changes.get(at).map_or(self.window.to, when);
        let at = self.changes.partition_point(|one| when(one) < instant);
        let (before, after) = self.changes.split_at(at);
        let mut first = Self {
            changes: before,
            ..self.clone()
        };
        let mut rest = Self {
            changes: after,
            ..self.clone()
        };
        (first.window.to, rest.window.from) = (instant, instant);
        for change in first.changes() {
            for (place, times) in change.places() {
                rest.start[place] = rest.start[place].plus(times, change.load());
            }
        }
        (first, rest)
    }

    fn lasting(&self) -> Lasting {
        let begun = self.ruler.reading(self.window.from);
        let mut loads: Vec<(Load, i64)> = self.start.iter().map(|load| (*load, begun)).collect();
        let mut times = vec![[LoadTimes::default(), LoadTimes::default()]; loads.len()];
        let mut count = |place: usize, (load, since): (Load, i64), to: i64| {
            let [all, free] = &mut times[place];
            all.add(load.all, to - since);
            free.add(load.free(), to - since);
        };
        for change in self.changes() {
            let at = self.ruler.reading(change.at());
            for (place, times) in change.places() {
                let (load, since) = &mut loads[place];
                count(place, (*load, *since), at);
                (*load, *since) = (load.plus(times, change.load()), at);
            }
        }
        let end = self.ruler.reading(self.window.to);
        for (place, load) in loads.iter().enumerate() {
            count(place, *load, end);
        }
        let (all, free) = times.into_iter().map(|[all, free]| (all, free)).unzip();
        Lasting { all, free }
    }
}

/// For how long each load lasted.
#[derive(Clone, Debug, Default)]
pub(super) struct LoadTimes {
    /// The least load that there is room for.
    least: usize,
    /// Seconds, by load.
    seconds: Vec<i64>,
}

impl LoadTimes {
    #[inline]
    pub(super) fn add(&mut self, load: i64, seconds: i64) {
        let load = usize::try_from(load).unwrap_or(0);
        match load.checked_sub(self.least) {
            Some(at) if at < self.seconds.len() => self.seconds[at] += seconds,
            _ => self.make_room(load, seconds),
        }
    }

    fn make_room(&mut self, load: usize, seconds: i64) {
        if self.seconds.is_empty() {
            self.least = load;
        }
        if load < self.least {
            let room = self.seconds.len().clamp(self.least - load, self.least);
            self.seconds.splice(0..0, std::iter::repeat_n(0, room));
            self.least -= room;
        }
        let at = load - self.least;
        if at >= self.seconds.len() {
            self.seconds.resize(at + 1, 0);
        }
        self.seconds[at] += seconds;
    }

    /// Adds other times.
    pub(super) fn merge(&mut self, other: &Self) {
        for (load, seconds) in (0..).zip(&other.seconds) {
            self.add(load + i64::try_from(other.least).unwrap_or(0), *seconds);
        }
    }

    /// The load that was not exceeded for `p` % of the time; 0 if no time passed.
    pub(super) fn percentile(&self, p: u8) -> i64 {
        // In hundredths of a second, so that nothing is rounded.
        let mut left = self.seconds.iter().sum::<i64>() * i64::from(p);
        if left == 0 {
            return 0;
        }
        let reached = self.seconds.iter().position(|seconds| {
            left -= seconds * 100;
            left <= 0
        });
        let load = reached.map(|above| self.least + above);
        load.and_then(|load| i64::try_from(load).ok()).unwrap_or(0)
    }

    /// Seconds for which it was this load or more.
    pub(super) fn at_least(&self, load: i64) -> i64 {
        let load = usize::try_from(load).unwrap_or(0);
        let below = load.saturating_sub(self.least);
        self.seconds.iter().skip(below).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::{Lasting, LoadTimes, Loads, Ruler, Sec, Window};

    const WINDOW: Window = Window {
        from: Sec(100),
        to: Sec(200),
    };

    fn loads(stays: &[(u32, u32)]) -> Loads {
        let mut loads = Loads::new(1, WINDOW);
        for (from, to) in stays {
            loads.visited(0, (Sec(*from), Sec(*to)));
        }
        loads
    }

    /// Of the stage: seconds by load, of all and of unblocked ones.
    fn seconds(loads: Loads) -> [Vec<i64>; 2] {
        let ruler = Ruler::elapsed();
        let lines = loads.settle(&ruler);
        let Lasting { all, free } = Lasting::of(&lines.stretches());
        let seconds = |times: &LoadTimes| {
            let mut seconds = vec![0; times.least];
            seconds.extend(&times.seconds);
            let used = seconds.iter().rposition(|seconds| *seconds > 0);
            seconds.truncate(used.map_or(0, |last| last + 1));
            seconds
        };
        [seconds(&all[0]), seconds(&free[0])]
    }

    fn percentile(stays: &[(u32, u32)], p: u8) -> i64 {
        let ruler = Ruler::elapsed();
        let lines = loads(stays).settle(&ruler);
        Lasting::of(&lines.stretches()).all[0].percentile(p)
    }

    #[test]
    fn loads_are_cut_to_the_window() {
        let stays = [(50, 120), (110, 150), (10, 100), (200, 210), (180, 300)];
        assert_eq!(seconds(loads(&stays))[0], [30, 60, 10]);
        assert_eq!(seconds(loads(&[]))[0], [100]);
    }

    #[test]
    fn a_stay_of_no_length_and_a_relay_leave_no_dent() {
        let [all, _] = seconds(loads(&[(120, 120), (50, 150), (150, 300)]));
        assert_eq!(all, [0, 100]);
    }

    #[test]
    fn what_is_blocked_is_not_free() {
        let mut loads = loads(&[(50, 300), (120, 300)]);
        loads.blocked(0, (Sec(90), Sec(110)));
        loads.blocked(0, (Sec(130), Sec(300)));
        assert_eq!(seconds(loads), [vec![0, 20, 80], vec![10, 80, 10]]);
    }

    #[test]
    fn the_usual_load_is_not_exceeded_for_its_share_of_the_window() {
        // Load 3 for 15 of 100 seconds, 1 otherwise: for 85 % it was at most 1.
        let edge = [(0, 300), (100, 115), (100, 115)];
        assert_eq!(percentile(&edge, 85), 1);
        // One second more, and it was not.
        let past = [(0, 300), (100, 116), (100, 116)];
        assert_eq!((percentile(&past, 85), percentile(&past, 50)), (3, 1));
        assert_eq!(percentile(&[], 85), 0);
    }

    #[test]
    fn parts_of_the_window_say_together_what_the_whole_says() {
        let stays: Vec<(u32, u32)> = (0..40_000_u32)
            .map(|at| (at * 7919 % 200, at * 7919 % 200 + at * 31 % 90))
            .collect();
        let mut own = loads(&stays[..10_000]);
        own.merge(loads(&stays[10_000..]));
        let held = |at: u32| {
            stays
                .iter()
                .filter(move |(from, to)| (*from..*to).contains(&at))
        };
        let mut expected = vec![0; 40_001];
        for at in 100..200 {
            expected[held(at).count()] += 1;
        }
        let [found, _] = seconds(own);
        expected.truncate(found.len());
        assert_eq!((&found, found.iter().sum::<i64>()), (&expected, 100));
    }
}
