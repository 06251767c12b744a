//! Forecasts made live: which of them are kept, and what came of them.

use super::answer::next_day;
use super::{Forecast, HowMany, ITEMS, Past, WEEKS, When};
use crate::metrics::Measures;
use crate::model::promise::{Promise, PromiseRule, Promised};
use crate::model::snapshot::Snapshot;
use crate::model::time::{Day, Sec, Window};

/// What came of the forecasts that were made live. Pure: everything is an argument.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Live {
    /// Of those that said how many by a date.
    pub how_many: Held,
    /// Of those that said when so many.
    pub when: Held,
    /// Forecasts whose day has not come.
    pub waiting: u32,
}

/// Forecasts whose day has come. Arrays are by confidence: 50, 70, 85 and 95 %.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Held {
    /// How many there are.
    pub forecasts: u32,
    /// Of how many what was promised came, or better.
    pub held: [u32; 4],
    /// Sum of the squared distances of what was said likely from what came, a mean over the four.
    squares: f64,
}

impl Held {
    /// The share that held, by confidence; `None` without a forecast.
    pub fn coverage(&self) -> Option<[f64; 4]> {
        let share = |held| f64::from(held) / f64::from(self.forecasts);
        (self.forecasts > 0).then(|| self.held.map(share))
    }

    /// Mean squared distance of what was said likely from what came; 0 is perfect.
    pub fn brier(&self) -> Option<f64> {
        (self.forecasts > 0).then(|| self.squares / f64::from(self.forecasts))
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let mut held = self.held;
        for (sum, more) in held.iter_mut().zip(other.held) {
            *sum += more;
        }
        Self {
            forecasts: self.forecasts + other.forecasts,
            held,
            squares: self.squares + other.squares,
        }
    }

    fn add(&mut self, held: [bool; 4], likely: [f64; 4]) {
        self.forecasts += 1;
        for (at, (held, likely)) in held.into_iter().zip(likely).enumerate() {
            self.held[at] += u32::from(held);
            let off = likely - f64::from(u8::from(held));
            self.squares += off * off / 4.0;
        }
    }
}

/// What a forecast promises, as it is kept: the dates of *how many*, and *when* for the numbers of
/// items that are the same every day. A date too far to tell is not kept.
pub fn promises(
    snapshot: &Snapshot,
    measures: &Measures,
    forecast: &Forecast,
    rule: &PromiseRule,
) -> Vec<Promise> {
    let made = measures.header.as_of;
    let today = snapshot.zone().day_of(made);
    let how_many = forecast.how_many.iter().map(|one| how_many(one, today));
    let when = forecast.when.iter().filter_map(when);
    let promise = |(promised, likely)| Promise {
        stream: measures.stream.clone(),
        made,
        rule: rule.clone(),
        from: next_day(snapshot, made),
        promised,
        likely,
    };
    how_many.chain(when).map(promise).collect()
}

fn how_many(one: &HowMany, today: Day) -> (Promised, [f64; 4]) {
    let promised = Promised::HowMany {
        within: u32::try_from(one.day.0 - today.0).unwrap_or(0),
        by: one.day,
        items: one.items,
    };
    (promised, one.likely)
}

fn when(one: &When) -> Option<(Promised, [f64; 4])> {
    let [Some(p50), Some(p70), Some(p85), Some(p95)] = one.days else {
        return None;
    };
    let (items, by) = (one.items, [p50, p70, p85, p95]);
    ITEMS
        .contains(&items)
        .then_some((Promised::When { items, by }, one.likely))
}

/// Whether one of `kept` looks at the day a forecast made now would begin with, so that history
/// would not take a new one: of each question one is open at a time.
pub fn is_open(kept: &[Promise], promise: &Promise) -> bool {
    let open = |one: &Promise| {
        one.promised.asks_as(&promise.promised) && one.promised.due() >= promise.from
    };
    kept.iter().any(open)
}

/// Whether of every question that is kept one is open, so that there is nothing to promise.
pub fn are_open(snapshot: &Snapshot, measures: &Measures, kept: &[Promise]) -> bool {
    let from = next_day(snapshot, measures.header.as_of);
    let open = |asks: &dyn Fn(&Promised) -> bool| {
        let mut kept = kept.iter().map(|one| &one.promised);
        kept.any(|one| asks(one) && one.due() >= from)
    };
    let days = WEEKS.map(|weeks| (7 * weeks).unsigned_abs());
    let how_many = |days: u32| move |one: &Promised| matches!(one, Promised::HowMany { within, .. } if *within == days);
    let when = |count: u32| move |one: &Promised| matches!(one, Promised::When { items, .. } if *items == count);
    days.into_iter().all(|days| open(&how_many(days)))
        && ITEMS.into_iter().all(|count| open(&when(count)))
}

/// Holds forecasts against what `measures` says was finished: by the same filter and clock as they
/// were made by. Those made after as-of are left out. Costs one pass over the items and, for
/// each forecast, the finishes of its days.
pub fn live(snapshot: &Snapshot, measures: &Measures, kept: &[Promise]) -> Live {
    let as_of = measures.header.as_of;
    let rows = measures.table.rows();
    let mut finished: Vec<Sec> = rows.filter_map(|row| row.finished.get()).collect();
    finished.sort_unstable();
    let mut live = Live::default();
    for promise in kept.iter().filter(|one| one.made <= as_of) {
        let span = days_of(promise, snapshot);
        if span.to > as_of {
            live.waiting += 1;
            continue;
        }
        let held = held(promise.promised, &came(&finished, span, snapshot));
        let sum = match promise.promised {
            Promised::HowMany { .. } => &mut live.how_many,
            Promised::When { .. } => &mut live.when,
        };
        sum.add(held, promise.likely);
    }
    live
}

fn days_of(promise: &Promise, snapshot: &Snapshot) -> Window {
    let zone = snapshot.zone();
    Window {
        from: zone.start_of(promise.from),
        to: zone.start_of(promise.promised.due().plus(1)),
    }
}

/// Of the finishes, which are sorted, those of a span, by working day.
fn came(finished: &[Sec], span: Window, snapshot: &Snapshot) -> Past {
    let at = |border| finished.partition_point(|one| *one < border);
    let own = &finished[at(span.from)..at(span.to).max(at(span.from))];
    let calendar = &snapshot.settings().calendar;
    Past::of(own.iter().copied(), span, calendar, snapshot.zone())
}

fn held(promised: Promised, came: &Past) -> [bool; 4] {
    match promised {
        Promised::HowMany { items, .. } => {
            let all: u32 = came.counts().iter().sum();
            items.map(|promised| all >= promised)
        }
        Promised::When { items, by } => {
            let last = last_of(items, came);
            by.map(|day| last.is_some_and(|last| last <= day))
        }
    }
}

/// The working day on which so many were finished.
fn last_of(items: u32, came: &Past) -> Option<Day> {
    let mut left = items;
    let days = came.days().iter().zip(came.counts());
    for (day, count) in days {
        left = left.saturating_sub(*count);
        if left == 0 {
            return Some(*day);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;
    use crate::metrics::fixture::{self, Item};
    use crate::metrics::{AsOf, Question, measure};
    use crate::model::stage::ClockRule;
    use crate::model::time::{DAY_SECS, WindowSpec};
    use crate::simulate::forecast::forecast;

    /// Items that take a day each, finished at the start of these days.
    fn snapshot(finished: &[i64]) -> Snapshot {
        let moves: Vec<[(i64, &str); 2]> = finished
            .iter()
            .map(|day| [(day - 1, "Build"), (*day, "Done")])
            .collect();
        let names: Vec<String> = (0..finished.len()).map(|at| at.to_string()).collect();
        let items: Vec<Item<'_>> = names
            .iter()
            .zip(&moves)
            .map(|(name, moves)| (name.as_str(), "Story", &moves[..]))
            .collect();
        fixture::snapshot(fixture::stream(), &items)
    }

    fn start_of(day: u32) -> Sec {
        Sec(day * u32::try_from(DAY_SECS).unwrap())
    }

    fn measured(snapshot: &Snapshot, day: u32) -> Measures {
        let question = Question::about(snapshot, 0, AsOf::At(start_of(day)));
        measure(snapshot, &question).unwrap()
    }

    fn rule() -> PromiseRule {
        PromiseRule {
            clock: ClockRule::default(),
            filter: String::new(),
            window: WindowSpec::default(),
            split_rate: 0.0,
            seed: 1,
        }
    }

    /// Made at the start of `from`.
    fn promise(from: u32, promised: Promised) -> Promise {
        Promise {
            stream: "fixture".to_owned(),
            made: start_of(from),
            rule: rule(),
            from: Day(from.cast_signed()),
            promised,
            likely: [0.5, 0.7, 0.85, 0.95],
        }
    }

    fn how_many(from: u32, by: u32, items: [u32; 4]) -> Promise {
        let (within, by) = (by - from, Day(by.cast_signed()));
        promise(from, Promised::HowMany { within, by, items })
    }

    fn when(from: u32, items: u32, by: [i32; 4]) -> Promise {
        let by = by.map(Day);
        promise(from, Promised::When { items, by })
    }

    #[test]
    fn what_was_promised_is_held_against_what_came() {
        // Three on the days 100 to 106: on the first of them, in the middle, on the last.
        let snapshot = snapshot(&[99, 100, 103, 106, 107]);
        let kept = [
            how_many(100, 106, [4, 3, 3, 1]),
            when(100, 2, [102, 103, 104, 106]),
            when(100, 5, [104, 105, 106, 106]),
            how_many(100, 107, [4, 4, 4, 4]),
        ];
        let found = live(&snapshot, &measured(&snapshot, 107), &kept);
        assert_eq!((found.how_many.forecasts, found.when.forecasts), (1, 2));
        assert_eq!(found.waiting, 1, "day 107 has not ended");
        assert_eq!(found.how_many.held, [0, 1, 1, 1]);
        assert_eq!(found.when.held, [0, 1, 1, 1], "five were not finished");
        assert_eq!(found.when.coverage(), Some([0.0, 0.5, 0.5, 0.5]));
        let brier = (0.5_f64.powi(2) + 0.3_f64.powi(2) + 0.15_f64.powi(2) + 0.05_f64.powi(2)) / 4.0;
        assert!((found.how_many.brier().unwrap() - brier).abs() < 1e-12);
        assert_eq!(found.how_many.and(found.when).held, [0, 2, 2, 2]);
        let nothing = live(&snapshot, &measured(&snapshot, 107), &[]);
        assert_eq!(
            (nothing.how_many.coverage(), nothing.when.brier()),
            (None, None)
        );
    }

    #[test]
    fn what_was_made_later_is_not_known_yet() {
        let snapshot = snapshot(&[100, 103]);
        let kept = [how_many(100, 106, [1; 4]), how_many(110, 116, [1; 4])];
        let found = |day| {
            let found = live(&snapshot, &measured(&snapshot, day), &kept);
            (found.how_many.forecasts, found.waiting)
        };
        assert_eq!(
            [100, 106, 107, 110, 117].map(found),
            [(0, 1), (0, 1), (1, 0), (1, 1), (2, 0)]
        );
    }

    #[test]
    fn standing_questions_are_promised_and_one_of_each_at_a_time() {
        // Two a day for a hundred days.
        let finished: Vec<i64> = (100..300).map(|at| at / 2 + 50).collect();
        let snapshot = snapshot(&finished);
        let measures = measured(&snapshot, 190);
        let forecast = forecast(&snapshot, &measures).unwrap();
        let made = promises(&snapshot, &measures, &forecast, &rule());
        let asked: Vec<Promised> = made.iter().map(|one| one.promised).collect();
        let weeks = [1_u32, 2, 4, 8, 12].map(|weeks| 7 * weeks);
        let (many, when) = asked.split_at(weeks.len());
        for (one, days) in many.iter().zip(weeks) {
            // From day 190 to day 190 + days, both included.
            let items = [2 * (days + 1); 4];
            let by = Day(190 + days.cast_signed());
            let within = days;
            assert_eq!(*one, Promised::HowMany { within, by, items });
        }
        let last = |items: i32| Day(189 + items.div_euclid(2) + items % 2);
        let wanted = [10, 25, 50].map(|items: u32| {
            let by = [last(items.cast_signed()); 4];
            Promised::When { items, by }
        });
        assert_eq!(when, wanted);
        assert!(
            made.iter().all(|one| one.from == Day(190)
                && one.likely.map(f64::to_bits) == [1.0_f64.to_bits(); 4])
        );
        assert!(are_open(&snapshot, &measures, &made));
        assert!((0..made.len()).all(|at| {
            let mut others = made.clone();
            others.remove(at);
            !are_open(&snapshot, &measures, &others)
        }));
        let week_later = measured(&snapshot, 198);
        assert!(
            !are_open(&snapshot, &week_later, &made),
            "that of a week is over"
        );
        let next = promise(197, asked[0]);
        assert!(is_open(&made, &next), "day 197 is looked at already");
        assert!(!is_open(&made, &promise(198, asked[0])));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::with_cases(300) })]

        /// A second, plain means: every day of a promise is counted by looking at every finish.
        #[test]
        fn live_forecasts_are_judged_as_by_hand(
            finished in prop::collection::vec(90_i64..130, 0..60),
            asked in prop::collection::vec((95_u32..120, 0_u32..12, 0_u32..14, any::<bool>()), 0..20),
            as_of in 95_u32..135,
        ) {
            let snapshot = snapshot(&finished);
            let (mut kept, mut wanted) = (Vec::new(), [[0_u32; 5]; 2]);
            let mut waiting = 0;
            for (from, more, items, many) in asked {
                let by = from + more;
                let count = |last: u32| {
                    let days = i64::from(from)..=i64::from(last);
                    u32::try_from(finished.iter().filter(|day| days.contains(day)).count()).unwrap()
                };
                let levels = [items + 2, items + 1, items, items.saturating_sub(1)];
                let days = [by.saturating_sub(2), by.saturating_sub(1), by, by];
                let days = days.map(|day| day.max(from));
                kept.push(if many {
                    how_many(from, by, levels)
                } else {
                    when(from, items + 1, days.map(u32::cast_signed))
                });
                let held = if many {
                    levels.map(|items| count(by) >= items)
                } else {
                    days.map(|day| count(day) > items)
                };
                if from > as_of {
                    continue;
                }
                if by >= as_of {
                    waiting += 1;
                    continue;
                }
                let sums = &mut wanted[usize::from(!many)];
                sums[4] += 1;
                for (sum, held) in sums.iter_mut().zip(held) {
                    *sum += u32::from(held);
                }
            }
            let found = live(&snapshot, &measured(&snapshot, as_of), &kept);
            for (held, wanted) in [found.how_many, found.when].into_iter().zip(wanted) {
                prop_assert_eq!(&held.held[..], &wanted[..4]);
                prop_assert_eq!(held.forecasts, wanted[4]);
            }
            prop_assert_eq!(found.waiting, waiting);
        }
    }
}
