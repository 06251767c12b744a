//! Little's law as a light: average load = average throughput × average flow time, as long as the
//! stream is in balance.

use crate::model::stage::{Class, ClockRule};
use crate::model::time::{DAY_SECS, Ruler, Sec, Window};
use crate::model::timeline::Timeline;

use super::clocked::{Clocked, class_of};
use super::flow::{Flow, count, seconds};
use super::net_flow::NetFlow;
use super::table::Row;
use super::wip_age::WipAge;

/// Two numbers are alike if they differ by at most this part of the greater one.
const TOLERANCE: f64 = 0.1;

/// What must hold of a window for the law to say anything about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assumption {
    /// Arrivals and departures are alike.
    ArrivalsMatchDepartures,
    /// The load at both ends is alike.
    LoadAlike,
    /// The mean age at the end is not above that at the beginning.
    AgeNotRising,
    /// Nothing left the committed stages otherwise than to done.
    AllCounted,
    /// The flow time of what finished is its time in the load, no more and no less.
    OneUnit,
}

/// Averages over the window, and which assumptions hold of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LittlesLaw {
    /// Items in committed stages on average; `None` for a window without length.
    pub load: Option<f64>,
    /// Items finished a day; `None` for a window without length.
    pub per_day: Option<f64>,
    /// Mean flow time in days; `None` if no item with a start finished in the window.
    pub flow_days: Option<f64>,
    /// In the order of [`Assumption::ALL`].
    held: [bool; 5],
}

impl Assumption {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::ArrivalsMatchDepartures,
        Self::LoadAlike,
        Self::AgeNotRising,
        Self::AllCounted,
        Self::OneUnit,
    ];

    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::ArrivalsMatchDepartures => "arrivals_match_departures",
            Self::LoadAlike => "load_alike",
            Self::AgeNotRising => "age_not_rising",
            Self::AllCounted => "all_counted",
            Self::OneUnit => "one_unit",
        }
    }
}

impl LittlesLaw {
    /// Each assumption with whether it holds.
    pub fn assumptions(&self) -> impl Iterator<Item = (Assumption, bool)> {
        Assumption::ALL.into_iter().zip(self.held)
    }

    /// The load that throughput and flow time let expect.
    pub fn expected_load(&self) -> Option<f64> {
        Some(self.per_day? * self.flow_days?)
    }

    /// The light is green: all assumptions hold and the averages are known.
    pub fn holds(&self) -> bool {
        let known = self.load.is_some() && self.expected_load().is_some();
        known && self.held.iter().all(|held| *held)
    }
}

/// Counts while items go by.
#[derive(Debug)]
pub(super) struct LawCounts {
    window: Window,
    clock: ClockRule,
    ruler: Ruler,
    /// Age of the load at the window's beginning and at its end.
    ages: [WipAge; 2],
    /// Finished items whose flow time is not their time in the load.
    strangers: u64,
    /// An item as it was seen earlier.
    earlier: Timeline,
}

impl LawCounts {
    pub(super) fn new(window: Window, clock: ClockRule, ruler: &Ruler) -> Self {
        Self {
            window,
            clock,
            ruler: ruler.clone(),
            ages: [WipAge::default(); 2],
            strangers: 0,
            earlier: Timeline::empty(),
        }
    }

    /// Adds an item's age at both ends of the window.
    pub(super) fn add(&mut self, timeline: &Timeline, row: &Row, classes: &[Class]) {
        for (end, at) in [self.window.from, self.window.to].into_iter().enumerate() {
            let age = if at == timeline.as_of {
                row.age()
            } else {
                self.age_at(at, timeline, classes)
            };
            if let Some(age) = age {
                self.ages[end].add(age);
            }
        }
    }

    fn age_at(&mut self, at: Sec, timeline: &Timeline, classes: &[Class]) -> Option<i64> {
        let seen = timeline.visits.partition_point(|visit| visit.from < at);
        let last = timeline.visits[..seen].last()?;
        let class = class_of(last.position, classes)?;
        if !class.is_committed() || at > timeline.as_of {
            return None;
        }
        let earlier = &mut self.earlier;
        earlier.visits.clear();
        earlier.visits.extend_from_slice(&timeline.visits[..seen]);
        earlier.visits[seen - 1].to = at;
        earlier.as_of = at;
        Clocked::by(earlier, classes, self.clock, &self.ruler).age
    }

    /// Adds an item finished in the window.
    pub(super) fn add_finished(&mut self, row: &Row) {
        let inside = row.flow().is_some() && row.spent().outside == 0;
        self.strangers += u64::from(!inside);
    }

    /// Adds what another part gathered.
    pub(super) fn merge(&mut self, other: &Self) {
        for (own, more) in self.ages.iter_mut().zip(other.ages) {
            own.merge(more);
        }
        self.strangers += other.strangers;
    }

    pub(super) fn settle(self, net: &NetFlow, flow: &Flow) -> LittlesLaw {
        let length = self.ruler.length(self.window);
        let whole_days = seconds(length) / seconds(DAY_SECS);
        let averaged = |sum: f64| (length > 0).then(|| sum / whole_days);
        let [before, after] = self.ages.map(|age| age.mean().unwrap_or(0.0));
        LittlesLaw {
            load: averaged(seconds(net.committed) / seconds(DAY_SECS)),
            per_day: averaged(count(flow.velocity.finished)),
            flow_days: flow.time.map(|time| time.mean / seconds(DAY_SECS)),
            held: [
                alike(count(net.arrivals), count(net.departures())),
                alike(count(net.load_before), count(net.load_after)),
                after <= before || alike(before, after),
                net.departures() == net.finished,
                self.strangers == 0,
            ],
        }
    }
}

fn alike(one: f64, other: f64) -> bool {
    (one - other).abs() <= TOLERANCE * one.max(other)
}

#[cfg(test)]
mod tests {
    use super::{Assumption, LittlesLaw, alike};
    use crate::metrics::{AsOf, Question, fixture, measure};
    use crate::model::stage::ClockRule;
    use crate::model::time::{DAY_SECS, Sec, WindowSpec};

    /// Over days 20 to 30.
    fn law(clock: ClockRule, items: &[fixture::Item<'_>]) -> LittlesLaw {
        let snapshot = fixture::snapshot(fixture::stream(), items);
        let as_of = Sec(u32::try_from(30 * DAY_SECS).unwrap());
        let question = Question {
            window: WindowSpec::LastDays(10),
            clock,
            ..Question::about(&snapshot, 0, AsOf::At(as_of))
        };
        measure(&snapshot, &question).unwrap().littles_law
    }

    fn broken(law: &LittlesLaw) -> Vec<Assumption> {
        let broken = law.assumptions().filter(|(_, holds)| !holds);
        broken.map(|(assumption, _)| assumption).collect()
    }

    /// One item at a time, four days each.
    const STEADY: [fixture::Item<'_>; 4] = [
        ("A", "Story", &[(17, "Build"), (21, "Done")]),
        ("B", "Story", &[(21, "Build"), (25, "Done")]),
        ("C", "Story", &[(25, "Ready"), (29, "Done")]),
        ("D", "Story", &[(29, "Build")]),
    ];

    #[test]
    fn a_steady_stream_is_green() {
        let law = law(ClockRule::LastCrossing, &STEADY);
        assert_eq!(
            (law.load, law.per_day, law.flow_days),
            (Some(1.0), Some(0.3), Some(4.0))
        );
        assert!(
            law.expected_load()
                .is_some_and(|load| (load - 1.2).abs() < 1e-9)
        );
        assert_eq!((broken(&law), law.holds()), (vec![], true));
    }

    #[test]
    fn a_growing_load_breaks_what_it_should() {
        let [a, b, c, d] = STEADY;
        let more: fixture::Item<'_> = ("E", "Story", &[(22, "Build")]);
        let law = law(ClockRule::LastCrossing, &[a, b, c, d, more]);
        // Age at day 20: A 3; at day 30: D 1 and E 8, 4.5 on average.
        let expected = vec![
            Assumption::ArrivalsMatchDepartures,
            Assumption::LoadAlike,
            Assumption::AgeNotRising,
        ];
        assert_eq!((broken(&law), law.holds()), (expected, false));
    }

    #[test]
    fn what_is_given_up_is_not_counted() {
        let [a, b, _, d] = STEADY;
        let cancelled: fixture::Item<'_> = ("C", "Story", &[(25, "Ready"), (29, "Cancelled")]);
        let law = law(ClockRule::LastCrossing, &[a, b, cancelled, d]);
        assert_eq!(broken(&law), [Assumption::AllCounted]);
    }

    #[test]
    fn a_clock_that_runs_outside_the_load_is_another_unit() {
        let [_, b, c, d] = STEADY;
        let early: fixture::Item<'_> =
            ("A", "Story", &[(9, "Backlog"), (17, "Build"), (21, "Done")]);
        let items = [early, b, c, d];
        assert_eq!(broken(&law(ClockRule::LastCrossing, &items)), []);
        let broken = broken(&law(ClockRule::CreatedToDone, &items));
        assert_eq!(broken, [Assumption::OneUnit]);
    }

    #[test]
    fn nothing_finished_is_not_green() {
        let law = law(ClockRule::LastCrossing, &[]);
        assert_eq!((law.flow_days, law.expected_load()), (None, None));
        assert_eq!((broken(&law), law.holds()), (vec![], false));
    }

    #[test]
    fn a_tenth_of_the_greater_is_alike() {
        assert!(alike(9.0, 10.0) && alike(10.0, 9.0) && alike(0.0, 0.0));
        assert!(!alike(8.9, 10.0) && !alike(0.0, 1.0));
    }
}
