//! How each of several streams does, for all of them to be seen beside one another.

use crate::model::snapshot::Snapshot;
use crate::model::time::{Sec, Week, Zone};

use super::distribution::Share;
use super::flow::{Efficiency, Flow, count};
use super::measure::{Header, Measures, measure};
use super::percentile::percentile;
use super::question::Question;
use super::signals::{Baseline, Pattern};
use super::table::Row;
use super::throughput::WeekCount;

/// All streams of a snapshot, in the order of the config.
#[derive(Clone, Debug, PartialEq)]
pub struct Portfolio {
    /// One a stream.
    pub streams: Vec<StreamSummary>,
}

/// What there is to say of one stream beside others.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamSummary {
    /// Its position in the snapshot.
    pub stream: usize,
    /// Its name.
    pub name: String,
    /// Seen from when, over which time, by which clock.
    pub header: Header,
    /// How many items it has.
    pub items: u64,
    /// Flow over the window.
    pub flow: Flow,
    /// The same over the time of equal length before.
    pub before: Flow,
    /// The load at the start of the window, where it can be known.
    pub load_before: Option<u64>,
    /// What was finished in the window, by kind.
    pub finished: Vec<Share>,
    /// By ISO week of the window.
    pub weeks: Vec<WeekFigures>,
    /// What is least likely to be chance.
    pub stands_out: Option<StandOut>,
    /// The stage that holds the stream back.
    pub constraint: Option<String>,
}

/// The measures of one ISO week, as far as the window has it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeekFigures {
    /// What came, went and was finished.
    pub counts: WeekCount,
    /// Items in progress at the end of its last day within the window.
    pub load: u64,
    /// P85 of the flow times of the items finished in it, seconds.
    pub p85: Option<i64>,
    /// Their share of active time; `None` where nothing waits by configuration.
    pub efficiency: Option<f64>,
}

/// Which count by week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// Items finished.
    Finished,
    /// Entries into committed.
    Arrived,
}

/// A stretch of weeks that chance hardly makes, after the weeks it is held against.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StandOut {
    /// What was counted.
    pub counted: Counted,
    /// The week that completes it.
    pub week: Week,
    /// Which pattern.
    pub pattern: Pattern,
    /// Whether it lies above what is usual.
    pub above: bool,
    /// The mean of its weeks.
    pub lately: f64,
    /// The mean of the first half of the whole weeks.
    pub usual: f64,
    /// How far the one is from the other, in standard deviations of a mean of so many weeks.
    pub strength: f64,
}

impl Portfolio {
    /// Asks the question about every stream; of the one that it is about, `known` is the answer.
    ///
    /// Costs a measure of every other stream.
    pub fn of(snapshot: &Snapshot, question: &Question, known: &Measures) -> Self {
        let zone = snapshot.zone();
        let summary = |stream| {
            if stream == question.stream {
                return Some(StreamSummary::of(stream, known, zone));
            }
            let measures = measure(snapshot, &question.about_other(snapshot, stream))?;
            Some(StreamSummary::of(stream, &measures, zone))
        };
        Self {
            streams: (0..snapshot.streams().len()).filter_map(summary).collect(),
        }
    }
}

impl StreamSummary {
    /// Of an answer about the stream at a position.
    fn of(stream: usize, measures: &Measures, zone: &Zone) -> Self {
        let constraint = measures.bottleneck.constraint;
        let stage = constraint.and_then(|at| measures.stages.get(at.index()));
        Self {
            stream,
            name: measures.stream.clone(),
            header: measures.header,
            items: measures.items.total,
            flow: measures.flow.clone(),
            before: measures.before.clone(),
            load_before: measures.load_before,
            finished: measures.distribution.finished.clone(),
            weeks: weeks(measures, zone),
            stands_out: StandOut::strongest(&measures.throughput),
            constraint: stage.map(|stage| stage.name.clone()),
        }
    }
}

impl StandOut {
    /// The least likely of all that the weeks after the baseline show; of equal ones the latest.
    fn strongest(weeks: &[WeekCount]) -> Option<Self> {
        let whole: Vec<&WeekCount> = weeks.iter().filter(|week| !week.partial).collect();
        let counts = [Counted::Finished, Counted::Arrived].into_iter();
        let all = counts.flat_map(|counted| stand_outs(&whole, counted));
        all.max_by(|one, other| one.strength.total_cmp(&other.strength))
    }
}

fn stand_outs(whole: &[&WeekCount], counted: Counted) -> Vec<StandOut> {
    let value = |week: &&WeekCount| match counted {
        Counted::Finished => count(week.finished),
        Counted::Arrived => count(week.arrived),
    };
    let values: Vec<f64> = whole.iter().map(value).collect();
    let Some(baseline) = Baseline::of_first_half(&values) else {
        return Vec::new();
    };
    let completed = |at: usize| {
        let (seen, week) = (&values[..=at], whole[at].week);
        let patterns = Pattern::ALL.into_iter();
        let patterns = patterns.filter(move |pattern| baseline.completes(*pattern, seen));
        patterns.map(move |pattern| StandOut {
            counted,
            week,
            pattern,
            above: values_end_above(seen, baseline.mean),
            lately: pattern.lately(seen),
            usual: baseline.mean,
            strength: baseline.strength(pattern, seen),
        })
    };
    (baseline.n..values.len()).flat_map(completed).collect()
}

fn values_end_above(values: &[f64], mean: f64) -> bool {
    values.last().is_some_and(|last| *last > mean)
}

fn weeks(measures: &Measures, zone: &Zone) -> Vec<WeekFigures> {
    let counts = measures.throughput.iter();
    let mut weeks: Vec<WeekFigures> = counts
        .map(|counts| WeekFigures {
            counts: *counts,
            load: 0,
            p85: None,
            efficiency: None,
        })
        .collect();
    add_loads(&mut weeks, measures);
    add_finished(&mut weeks, measures, zone);
    weeks
}

/// The load at the end of each week is that of its last day.
fn add_loads(weeks: &mut [WeekFigures], measures: &Measures) {
    let mut at = 0;
    for day in &measures.cumulative_flow.days {
        let week = day.day.week();
        at += weeks
            .iter()
            .skip(at)
            .position(|one| one.counts.week == week)
            .unwrap_or(0);
        let stages = day.snapshot.iter().zip(&measures.stages);
        let committed = stages.filter(|(_, stage)| stage.class.is_committed());
        if let Some(week) = weeks.get_mut(at) {
            week.load = committed.map(|(held, _)| *held).sum();
        }
    }
}

/// What the items finished in a week spent.
#[derive(Clone, Default)]
struct Spent {
    flow_times: Vec<i64>,
    efficiency: Efficiency,
}

impl Spent {
    fn add(&mut self, row: &Row) {
        if let Some(flow) = row.flow() {
            let spent = row.spent();
            self.flow_times.push(flow);
            self.efficiency.n += 1;
            self.efficiency.active += spent.active;
            self.efficiency.waiting += spent.waiting;
        }
    }
}

fn add_finished(weeks: &mut [WeekFigures], measures: &Measures, zone: &Zone) {
    let mondays = weeks.iter().filter_map(|week| week.counts.week.monday());
    let starts: Vec<Sec> = mondays.map(|monday| zone.start_of(monday)).collect();
    let mut spent = vec![Spent::default(); starts.len()];
    let rows = measures.finished.iter();
    for row in rows.filter_map(|item| measures.table.row(*item)) {
        let Some(at) = row.finished.get() else {
            continue;
        };
        let after = starts.partition_point(|start| *start <= at);
        if let Some(week) = after.checked_sub(1).and_then(|week| spent.get_mut(week)) {
            week.add(row);
        }
    }
    let knows_waiting = measures.flow.efficiency.is_some();
    for (week, spent) in weeks.iter_mut().zip(&mut spent) {
        week.p85 = percentile(&mut spent.flow_times, 85);
        week.efficiency = spent.efficiency.ratio().filter(|_| knows_waiting);
    }
}

#[cfg(test)]
mod tests;
