//! What a stream's items say of its past: finishes in order of time, and stays in progress.

use super::estimate::{Part, Stretch, Unit, real, seconds, whole};
use crate::metrics::{Measures, Row, percentile};
use crate::model::bound::KindIx;
use crate::model::id::ItemIx;
use crate::model::stage::State;
use crate::model::time::{DAY_SECS, Sec, Window};

/// One finished item. Spans are seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Finish {
    pub(super) at: Sec,
    pub(super) item: ItemIx,
    pub(super) started: Option<Sec>,
    pub(super) flow: Option<i64>,
    pub(super) active: i64,
    pub(super) waiting: i64,
    pub(super) kind: Option<KindIx>,
}

/// The past of one stream.
#[derive(Clone, Debug, Default)]
pub(super) struct Record {
    /// First finished first.
    pub(super) finishes: Vec<Finish>,
    /// From when to when items were in progress.
    stays: Vec<Window>,
    /// The first event of any item.
    pub(super) begin: Option<Sec>,
    /// Whether anything that waits is configured.
    pub(super) knows_waiting: bool,
}

/// Flow times are held within a hundredth and a hundred times of the baseline's median, so that
/// an item closed by a slip of the hand outweighs no others.
const FARTHEST: f64 = 100.0;

impl Record {
    /// Of the items that `measures` count, by their clock.
    pub(super) fn new(measures: &Measures, knows_waiting: bool) -> Self {
        let rows = measures.table.rows();
        let mut finishes: Vec<Finish> = rows.clone().filter_map(finish).collect();
        finishes.sort_by_key(|one| (one.at, one.item));
        let as_of = measures.header.as_of;
        Self {
            finishes,
            stays: rows.clone().filter_map(|row| stay(row, as_of)).collect(),
            begin: rows.map(|row| row.created).min(),
            knows_waiting,
        }
    }

    /// The items finished in a window.
    pub(super) fn finished(&self, window: Window) -> &[Finish] {
        let place = |at: Sec| self.finishes.partition_point(|one| one.at < at);
        let from = place(window.from);
        &self.finishes[from..place(window.to).max(from)]
    }

    /// Percentile of the flow times of the items finished in a window.
    pub(super) fn flow_percentile(&self, window: Window, p: u8) -> Option<i64> {
        let mut flows: Vec<i64> = self
            .finished(window)
            .iter()
            .filter_map(|one| one.flow)
            .collect();
        percentile(&mut flows, p)
    }

    /// One unit for each item finished in a window of which `part` knows something.
    pub(super) fn items(&self, window: Window, part: impl Fn(&Finish) -> Option<Part>) -> Stretch {
        let told = self.finished(window).iter().filter_map(|one| {
            Some(Unit {
                at: one.at,
                part: part(one)?,
            })
        });
        Stretch {
            window,
            units: told.collect(),
        }
    }

    /// Logarithms of flow times, by item.
    pub(super) fn flow_times(&self, window: Window, usual: i64) -> Stretch {
        self.items(window, |one| {
            Some(Part {
                sum: log_flow(one.flow?, usual),
                weight: 1.0,
            })
        })
    }

    /// Items finished, by day; the last day may be a part of one.
    pub(super) fn velocity(&self, window: Window) -> Stretch {
        let mut days = days(window);
        for one in self.finished(window) {
            days[day_of(window, one.at)].part.sum += 1.0;
        }
        Stretch {
            window,
            units: days,
        }
    }

    /// Items in progress, by day: their number times how long it lasted.
    pub(super) fn load(&self, window: Window) -> Stretch {
        let mut days = days(window);
        // Whole days that items begin and end to be in progress all day.
        let mut turns = vec![0_i32; days.len() + 1];
        for stay in &self.stays {
            let (from, to) = (stay.from.max(window.from), stay.to.min(window.to));
            if from >= to {
                continue;
            }
            let (first, last) = (day_of(window, from), day_of(window, to));
            let begin = |day: usize| days_in(window.from, day);
            let last = last.min(days.len() - 1);
            if first == last {
                days[first].part.sum += part_of_day(to.since(from));
                continue;
            }
            days[first].part.sum += part_of_day(begin(first + 1).since(from));
            days[last].part.sum += part_of_day(to.since(begin(last)));
            turns[first + 1] += 1;
            turns[last] -= 1;
        }
        let mut whole = 0;
        for (day, turn) in days.iter_mut().zip(turns) {
            whole += turn;
            day.part.sum += f64::from(whole) * day.part.weight;
        }
        Stretch {
            window,
            units: days,
        }
    }
}

/// The logarithm of a flow time, held within bounds around the usual one.
pub(super) fn log_flow(flow: i64, usual: i64) -> f64 {
    let usual = seconds(usual.max(1));
    (seconds(flow) / usual).clamp(1.0 / FARTHEST, FARTHEST).ln() + usual.ln()
}

fn finish(row: &Row) -> Option<Finish> {
    let spent = row.spent();
    Some(Finish {
        at: row.finished.get()?,
        item: row.item,
        started: row.started.get(),
        flow: row.flow(),
        active: spent.active,
        waiting: spent.waiting,
        kind: row.kind,
    })
}

/// An item is in progress from its start to its finish, or until it was given up.
fn stay(row: &Row, as_of: Sec) -> Option<Window> {
    let to = match row.state {
        State::Done => row.finished.get()?,
        State::InProgress => as_of,
        State::Cancelled | State::Deleted => row.entered,
        State::Backlog | State::Unmapped => return None,
    };
    let from = row.started.get()?;
    Some(Window { from, to })
}

fn days_in(from: Sec, days: usize) -> Sec {
    from.plus(i64::try_from(days).unwrap_or(i64::MAX / DAY_SECS) * DAY_SECS)
}

fn day_of(window: Window, at: Sec) -> usize {
    let days = at.since(window.from).div_euclid(DAY_SECS);
    usize::try_from(days).unwrap_or(0)
}

fn part_of_day(span: i64) -> f64 {
    seconds(span) / seconds(DAY_SECS)
}

/// The days of a window, counted from its first instant.
fn days(window: Window) -> Vec<Unit> {
    let length = part_of_day(window.seconds());
    let count = whole(length.ceil());
    let day = |day: usize| Unit {
        at: days_in(window.from, day),
        part: Part {
            sum: 0.0,
            weight: (length - real(day)).min(1.0),
        },
    };
    (0..count).map(day).collect()
}
