//! Signals: is a week unlike those before it, or is it chance? Limits of individual values and
//! their moving range (`XmR`), from a baseline that does not move.

use crate::model::time::Week;

use super::flow::count;
use super::measure::Measures;
use super::throughput::WeekCount;

/// Fewer whole weeks than this are no baseline.
const FEWEST: usize = 6;

/// Mean moving range ÷ this = σ of a single value.
const RANGE_TO_SIGMA: f64 = 1.128;

/// Mean ± this × mean moving range: the limits.
const LIMIT: f64 = 2.66;

/// What a stretch of values shows that chance hardly does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// One value outside the limits.
    Outside,
    /// Two of three beyond two σ on one side.
    TwoOfThree,
    /// Four of five beyond one σ on one side.
    FourOfFive,
    /// Eight in a row on one side of the mean.
    EightInARow,
}

impl Pattern {
    /// All of them, the plainest first.
    pub const ALL: [Self; 4] = [
        Self::Outside,
        Self::TwoOfThree,
        Self::FourOfFive,
        Self::EightInARow,
    ];

    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Outside => "outside",
            Self::TwoOfThree => "two_of_three",
            Self::FourOfFive => "four_of_five",
            Self::EightInARow => "eight_in_a_row",
        }
    }

    /// How many weeks it looks at.
    pub fn weeks(self) -> i32 {
        i32::try_from(self.needs().1).unwrap_or(1)
    }

    /// The mean of the values that it looks at: the last ones.
    pub(super) fn lately(self, values: &[f64]) -> f64 {
        let (_, of) = self.needs();
        let last = &values[values.len().saturating_sub(of)..];
        last.iter().sum::<f64>() / count(last.len() as u64)
    }

    /// How many of how many values, the last of them included.
    fn needs(self) -> (usize, usize) {
        match self {
            Self::Outside => (1, 1),
            Self::TwoOfThree => (2, 3),
            Self::FourOfFive => (4, 5),
            Self::EightInARow => (8, 8),
        }
    }
}

/// Mean and mean moving range of a baseline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Baseline {
    /// Values behind it.
    pub n: usize,
    /// Their mean.
    pub mean: f64,
    /// The mean difference of one value to the next.
    pub moving_range: f64,
}

impl Baseline {
    /// Of at least two values.
    pub fn of(values: &[f64]) -> Option<Self> {
        let n = values.len();
        let ranges = values.windows(2).map(|pair| (pair[1] - pair[0]).abs());
        (n > 1).then(|| Self {
            n,
            mean: values.iter().sum::<f64>() / count(n as u64),
            moving_range: ranges.sum::<f64>() / count(n as u64 - 1),
        })
    }

    /// Of the first half of the values; `None` of fewer than six.
    pub(super) fn of_first_half(values: &[f64]) -> Option<Self> {
        let half = values.len().div_ceil(2);
        Self::of(&values[..half]).filter(|one| one.n >= FEWEST)
    }

    /// How far the mean of the values that a pattern looks at is from that of the baseline, in
    /// standard deviations of such a mean.
    pub(super) fn strength(&self, pattern: Pattern, values: &[f64]) -> f64 {
        let (_, of) = pattern.needs();
        let sigma = self.moving_range / RANGE_TO_SIGMA;
        (pattern.lately(values) - self.mean).abs() * count(of as u64).sqrt() / sigma
    }

    /// The upper limit.
    pub fn upper(&self) -> f64 {
        self.mean + LIMIT * self.moving_range
    }

    /// The lower limit; `None` if it would be 0 or less.
    pub fn lower(&self) -> Option<f64> {
        let lower = self.mean - LIMIT * self.moving_range;
        (lower > 0.0).then_some(lower)
    }

    /// How far from the mean a value must be for a pattern.
    fn distance(&self, pattern: Pattern) -> f64 {
        let sigma = self.moving_range / RANGE_TO_SIGMA;
        match pattern {
            Pattern::Outside => LIMIT * self.moving_range,
            Pattern::TwoOfThree => 2.0 * sigma,
            Pattern::FourOfFive => sigma,
            Pattern::EightInARow => 0.0,
        }
    }

    /// Whether the last of `values` completes a pattern.
    pub fn completes(&self, pattern: Pattern, values: &[f64]) -> bool {
        let distance = self.distance(pattern);
        let above = |value: &f64| value - self.mean > distance;
        // Values are counts: nothing lies below a lower limit that was dropped.
        let bounded = pattern != Pattern::Outside || self.lower().is_some();
        let below = |value: &f64| bounded && self.mean - value > distance;
        ends_with(pattern, values, above) || ends_with(pattern, values, below)
    }
}

/// Whether the last value is beyond, and with it enough of the last ones.
fn ends_with(pattern: Pattern, values: &[f64], beyond: impl Fn(&f64) -> bool) -> bool {
    let (enough, of) = pattern.needs();
    let last = values.iter().rev().take(of);
    values.last().is_some_and(&beyond) && last.filter(|value| beyond(value)).count() >= enough
}

/// What weekly throughput shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Signals {
    /// The first half of the whole weeks of the window; `None` of fewer than six.
    pub baseline: Option<Baseline>,
    /// Whole weeks of the window.
    pub weeks: usize,
    /// Weeks that complete a pattern, in order.
    pub signals: Vec<Signal>,
}

/// A week that completes a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signal {
    /// Which week.
    pub week: Week,
    /// Items finished in it.
    pub finished: u64,
    /// Which pattern.
    pub pattern: Pattern,
}

impl Signals {
    /// Of the weeks of an answer.
    pub fn of(measures: &Measures) -> Self {
        Self::of_weeks(&measures.throughput)
    }

    fn of_weeks(weeks: &[WeekCount]) -> Self {
        let whole: Vec<&WeekCount> = weeks.iter().filter(|week| !week.partial).collect();
        let values: Vec<f64> = whole.iter().map(|week| count(week.finished)).collect();
        let baseline = Baseline::of_first_half(&values);
        let signals = |baseline: Baseline| {
            let completed = |at: usize| {
                let week = whole[at];
                let (week, finished) = (week.week, week.finished);
                let seen = &values[..=at];
                let patterns = Pattern::ALL.into_iter();
                patterns
                    .filter(move |pattern| baseline.completes(*pattern, seen))
                    .map(move |pattern| Signal {
                        week,
                        finished,
                        pattern,
                    })
            };
            (0..whole.len()).flat_map(completed).collect()
        };
        Self {
            signals: baseline.map_or_else(Vec::new, signals),
            baseline,
            weeks: whole.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Baseline, Pattern, Signals, WeekCount};
    use crate::model::time::Day;

    /// Mean 10, mean moving range 2: limits 4.68 and 15.32, σ 1.773.
    fn baseline() -> Baseline {
        Baseline::of(&[9.0, 11.0, 9.0, 11.0, 9.0, 11.0]).unwrap()
    }

    fn completes(pattern: Pattern, values: &[f64]) -> bool {
        baseline().completes(pattern, values)
    }

    #[test]
    fn limits_come_from_the_moving_range() {
        let found = baseline();
        assert_eq!((found.n, found.mean, found.moving_range), (6, 10.0, 2.0));
        assert!((found.upper() - 15.32).abs() < 1e-9);
        assert!(
            found
                .lower()
                .is_some_and(|lower| (lower - 4.68).abs() < 1e-9)
        );
        assert_eq!(Baseline::of(&[1.0, 5.0]).unwrap().lower(), None);
        assert_eq!(Baseline::of(&[1.0]), None);
    }

    #[test]
    fn one_value_outside() {
        assert!(completes(Pattern::Outside, &[15.4]) && completes(Pattern::Outside, &[4.6]));
        assert!(!completes(Pattern::Outside, &[15.3]) && !completes(Pattern::Outside, &[4.7]));
        // Mean 3, limits 3 ± 10.64: nothing can be below.
        let low = Baseline::of(&[1.0, 5.0]).unwrap();
        assert!(!low.completes(Pattern::Outside, &[-8.0]));
    }

    #[test]
    fn two_of_three_beyond_two_sigma_on_one_side() {
        assert!(completes(Pattern::TwoOfThree, &[13.6, 10.0, 13.6]));
        assert!(completes(Pattern::TwoOfThree, &[10.0, 6.4, 6.4]));
        assert!(!completes(Pattern::TwoOfThree, &[13.6, 10.0, 6.4]));
        assert!(!completes(Pattern::TwoOfThree, &[13.5, 10.0, 13.6]));
        assert!(!completes(Pattern::TwoOfThree, &[13.6, 10.0, 10.0, 13.6]));
        assert!(!completes(Pattern::TwoOfThree, &[13.6, 13.6, 10.0]));
    }

    #[test]
    fn four_of_five_beyond_one_sigma_on_one_side() {
        assert!(completes(
            Pattern::FourOfFive,
            &[11.8, 11.8, 10.0, 11.8, 11.8]
        ));
        assert!(!completes(
            Pattern::FourOfFive,
            &[11.8, 11.8, 10.0, 11.7, 11.8]
        ));
        assert!(!completes(
            Pattern::FourOfFive,
            &[11.8, 11.8, 8.2, 8.2, 11.8]
        ));
    }

    #[test]
    fn eight_in_a_row_on_one_side() {
        assert!(completes(Pattern::EightInARow, &[10.1; 8]));
        assert!(completes(Pattern::EightInARow, &[9.9; 8]));
        assert!(!completes(Pattern::EightInARow, &[10.1; 7]));
        assert!(!completes(Pattern::EightInARow, &[10.0; 8]));
    }

    /// Weeks from 2024-W01 on, the first one cut.
    fn signals(finished: &[u64]) -> Signals {
        let monday = Day::parse("2024-01-01").unwrap();
        let week = |(at, finished): (i32, &u64)| WeekCount {
            week: monday.plus(at * 7).week(),
            arrived: 0,
            departed: 0,
            finished: *finished,
            partial: at == 0,
        };
        let weeks: Vec<WeekCount> = (0..).zip(finished).map(week).collect();
        Signals::of_weeks(&weeks)
    }

    #[test]
    fn the_baseline_is_the_first_half_of_the_whole_weeks() {
        let found = signals(&[99, 9, 11, 9, 11, 9, 11, 10, 16, 10, 10, 4]);
        assert_eq!((found.weeks, found.baseline), (11, Some(baseline())));
        let told: Vec<(String, u64, Pattern)> = found
            .signals
            .iter()
            .map(|one| (one.week.to_string(), one.finished, one.pattern))
            .collect();
        let outside = |week: &str, finished| (week.to_owned(), finished, Pattern::Outside);
        assert_eq!(told, [outside("2024-W09", 16), outside("2024-W12", 4)]);
    }

    #[test]
    fn too_few_weeks_say_nothing() {
        let found = signals(&[0, 1, 9, 1, 9, 1, 9, 1, 9, 99, 1]);
        assert_eq!(
            (found.weeks, found.baseline, found.signals),
            (10, None, vec![])
        );
    }
}
