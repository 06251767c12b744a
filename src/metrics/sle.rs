//! Service level expectations: "p % within d days", set or measured, and how they are kept.

use crate::model::stage::Class;
use crate::model::stream::{Sle, Stream};
use crate::model::time::{Ruler, Sec};

use super::flow::count;
use super::percentile::percentile;
use super::stages::StageSum;
use super::table::Row;

/// Of a measured expectation: this part of what finished keeps it.
const MEASURED_PERCENT: u8 = 85;

/// Where an expectation comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// The stream's stage sets it.
    Configured,
    /// It is the percentile of what finished in the window.
    Measured,
}

/// "`percent` % within `within` seconds", and how it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// 1 to 99.
    pub percent: u8,
    /// Seconds.
    pub within: i64,
    /// Set or measured.
    pub basis: Basis,
    /// Items finished in the window that it is held against.
    pub n: u64,
    /// Those of them that took no longer.
    pub kept: u64,
    /// Items that are not finished and took longer already.
    pub past: u64,
}

/// The expectations of a stream and of its stages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expectations {
    /// Of flow time and age; `None` if no item with a start finished in the window.
    pub whole: Option<Expectation>,
    /// Of the time in each stage; `None` for a done stage, and where none is set and no finished
    /// item left the stage.
    pub stages: Vec<Option<Expectation>>,
}

impl Basis {
    /// `configured` or `measured`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Configured => "configured",
            Self::Measured => "measured",
        }
    }
}

impl Expectation {
    fn new(percent: u8, within: i64, basis: Basis) -> Self {
        Self {
            percent,
            within,
            basis,
            n: 0,
            kept: 0,
            past: 0,
        }
    }

    fn configured(sle: Sle) -> Self {
        Self::new(sle.percent, sle.seconds, Basis::Configured)
    }

    fn measured<T: Copy + Ord + Into<i64>>(times: &mut [T]) -> Option<Self> {
        let within = percentile(times, MEASURED_PERCENT)?;
        Some(Self::new(MEASURED_PERCENT, within, Basis::Measured))
    }

    fn hold_against<T: Copy + Into<i64>>(&mut self, times: &[T]) {
        self.n = times.len() as u64;
        let kept = |time: &&T| (**time).into() <= self.within;
        self.kept = times.iter().filter(kept).count() as u64;
    }

    fn add_open(&mut self, time: i64) {
        self.past += u64::from(time > self.within);
    }

    /// Share of the finished items that kept it, 0 to 1; `None` if nothing finished.
    pub fn share(&self) -> Option<f64> {
        (self.n > 0).then(|| count(self.kept) / count(self.n))
    }
}

impl Expectations {
    /// What is set, and elsewhere what these flow times and times in stage say.
    pub(super) fn of(stream: &Stream, flow_times: &mut [i64], sums: &mut [StageSum]) -> Self {
        let stages = stream.stages.iter().zip(sums);
        let stages = stages.map(|(stage, sum)| match (stage.class, stage.sle) {
            (Class::Done, _) => None,
            (_, Some(sle)) => Some(Expectation::configured(sle)),
            (_, None) => Expectation::measured(&mut sum.times),
        });
        Self {
            stages: stages.collect(),
            whole: Expectation::measured(flow_times),
        }
    }

    /// Counts what kept the expectations and what is past them.
    pub(super) fn hold_against<'a>(
        mut self,
        finished: (&[i64], &[StageSum]),
        open: impl IntoIterator<Item = &'a Row>,
        (as_of, ruler): (Sec, &Ruler),
    ) -> Self {
        let (flow_times, sums) = finished;
        if let Some(whole) = &mut self.whole {
            whole.hold_against(flow_times);
        }
        for (stage, sum) in self.stages.iter_mut().zip(sums) {
            if let Some(stage) = stage {
                stage.hold_against(&sum.times);
            }
        }
        for row in open {
            self.add_open(row, ruler.between(row.entered, as_of));
        }
        self
    }

    fn add_open(&mut self, row: &Row, in_stage: i64) {
        if let (Some(whole), Some(age)) = (&mut self.whole, row.age()) {
            whole.add_open(age);
        }
        let stage = row.stage.and_then(|at| self.stages.get_mut(at.index()));
        if let Some(Some(stage)) = stage {
            stage.add_open(in_stage);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Basis, Expectation, Expectations, Row, Ruler, Sec, Sle, StageSum};
    use crate::metrics::clocked::Spent;
    use crate::metrics::fixture;
    use crate::model::id::{ItemIx, StageIx};
    use crate::model::stage::State;

    fn sums(times: [&[u32]; 4]) -> Vec<StageSum> {
        let sum = |times: &[u32]| StageSum {
            times: times.to_vec(),
            ..StageSum::default()
        };
        times.map(sum).to_vec()
    }

    /// In a stage since `in_stage` seconds at instant 1000.
    fn open(stage: u8, in_stage: u32, age: i64) -> Row {
        let mut row = Row::nowhere(ItemIx(0), Sec(0));
        (row.state, row.stage) = (State::InProgress, Some(StageIx(stage)));
        row.entered = Sec(1000 - in_stage);
        row.with_times(
            Spent {
                active: age,
                ..Spent::default()
            },
            true,
        )
    }

    /// Ready is set to 80 % within 5 seconds, Build is not set.
    fn expectations(flow: &[i64], times: [&[u32]; 4], rows: &[Row]) -> Expectations {
        let mut stream = fixture::stream();
        stream.stages[1].sle = Some(Sle {
            percent: 80,
            seconds: 5,
        });
        let (mut flow, mut sums) = (flow.to_vec(), sums(times));
        let set = Expectations::of(&stream, &mut flow, &mut sums);
        set.hold_against((&flow, &sums), rows, (Sec(1000), &Ruler::elapsed()))
    }

    #[test]
    fn what_is_measured_is_kept_by_its_percentile() {
        let flow: Vec<i64> = (1..=10).collect();
        let rows = [open(2, 1, 9), open(2, 1, 10)];
        let whole = expectations(&flow, [&[]; 4], &rows).whole.unwrap();
        let measured = Expectation::new(85, 9, Basis::Measured);
        let expected = Expectation {
            n: 10,
            kept: 9,
            past: 1,
            ..measured
        };
        assert_eq!(whole, expected);
        assert_eq!(whole.share(), Some(0.9));
    }

    #[test]
    fn a_stage_holds_what_is_set_against_the_time_in_it() {
        let times: [&[u32]; 4] = [&[], &[4, 5, 6, 7], &[3], &[8]];
        let rows = [
            open(1, 5, 900),
            open(1, 6, 0),
            open(2, 3, 0),
            open(3, 99, 0),
        ];
        let found = expectations(&[], times, &rows);
        let [backlog, ready, build, done] = found.stages.try_into().unwrap();
        let counts = |one: Option<Expectation>| {
            let one: Expectation = one.unwrap();
            (one.percent, one.within, one.n, one.kept, one.past)
        };
        assert_eq!(counts(ready), (80, 5, 4, 2, 1));
        assert_eq!(counts(build), (85, 3, 1, 1, 0));
        assert_eq!((found.whole, backlog, done), (None, None, None));
    }

    #[test]
    fn what_is_set_stands_also_before_anything_finished() {
        let found = expectations(&[], [&[]; 4], &[]);
        let ready = found.stages[1].unwrap();
        assert_eq!((ready.basis, ready.n), (Basis::Configured, 0));
        assert_eq!(ready.share(), None);
    }
}
