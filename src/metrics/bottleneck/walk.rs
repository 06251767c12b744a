//! A walk over the loads of all stages side by side, in phases in which nothing that matters changes.

use super::phase::{Levels, Phase};
use crate::metrics::loads::{Load, LoadTimes, Stretch};

/// A stage, with the one it hands on to and what that holds when it is full.
pub(super) type HandsOn = (usize, (usize, i64));

impl Stretch<'_> {
    /// Calls `each` with every phase, a time in which no signs of any stage change; `levels` are those
    /// of the stages, none of a stage that does not matter.
    pub(super) fn walk(&self, levels: &[Option<Levels>], mut each: impl FnMut(&Phase)) {
        let begun = self.ruler.reading(self.window.from);
        let mut phase = Phase::new(&self.start, levels, begun);
        let mut at = self.window.from;
        let mut reading = begun;
        for change in self.changes() {
            // What happens at one instant happens at once.
            if change.at() != at {
                if phase.differs() {
                    phase.end(reading, &mut each);
                }
                at = change.at();
                reading = self.ruler.reading(at);
            }
            for (place, times) in change.places() {
                phase.change(place, reading, (times, change.load()));
            }
        }
        if phase.differs() {
            phase.end(reading, &mut each);
        }
        phase.end(self.ruler.reading(self.window.to), &mut each);
    }

    /// For how long each number of unblocked items was in a stage, while the stage it hands on to had
    /// room, for some stages.
    pub(super) fn free_times(&self, stages: &[HandsOn]) -> Vec<LoadTimes> {
        let mut times = vec![LoadTimes::default(); stages.len()];
        let mut loads = self.start.clone();
        let mut since = vec![self.ruler.reading(self.window.from); stages.len()];
        let mut count = |loads: &[Load], nth: usize, at: i64| {
            let (stage, (next, limit)) = stages[nth];
            if loads[next].all < limit {
                times[nth].add(loads[stage].free(), at - since[nth]);
            }
            since[nth] = at;
        };
        let touching = |place: usize| {
            let touched = stages.iter().enumerate();
            let touched =
                touched.filter(|(_, (stage, (next, _)))| place == *stage || place == *next);
            touched.map(|(nth, _)| nth).collect()
        };
        let touched: Vec<Vec<usize>> = (0..loads.len()).map(touching).collect();
        for change in self.changes() {
            let at = self.ruler.reading(change.at());
            for (place, times) in change.places() {
                for nth in &touched[place] {
                    count(&loads, *nth, at);
                }
                loads[place] = loads[place].plus(times, change.load());
            }
        }
        for nth in 0..stages.len() {
            count(&loads, nth, self.ruler.reading(self.window.to));
        }
        times
    }
}
