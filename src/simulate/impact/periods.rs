//! What is compared with what.

use super::record::Record;
use super::{BASELINE_DAYS, Doubt};
use crate::model::time::{DAY_SECS, Sec, Window};

/// Before and after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Periods {
    /// The year before the change; less if the record begins later.
    pub baseline: Window,
    /// The baseline's P85 flow time, seconds: items finished sooner after the change are in neither.
    pub lag: i64,
    /// From the change and the lag on, to as-of.
    pub after: Window,
}

impl Periods {
    /// Around a change. A record that begins within the year begins with its short items, as the
    /// long ones of that time were begun before it: its first P85 flow time is left out as well.
    pub(super) fn of(record: &Record, at: Sec, as_of: Sec) -> Result<Self, Doubt> {
        if at >= as_of {
            let days = whole_days(at.since(as_of));
            return Err(Doubt::NotYet { days });
        }
        let year = Window {
            from: at.plus(-i64::from(BASELINE_DAYS) * DAY_SECS),
            to: at,
        };
        let first = record.flow_percentile(year, 85).ok_or(Doubt::NoBaseline)?;
        let begin = record.begin.map_or(year.from, |begin| begin.plus(first));
        let from = year.from.max(begin).min(at);
        let baseline = Window { from, to: at };
        let lag = record.flow_percentile(baseline, 85);
        let lag = lag.ok_or(Doubt::NoBaseline)?;
        let begin = at.plus(lag);
        if begin >= as_of {
            return Err(Doubt::TooEarly {
                days: whole_days(lag),
                more: whole_days(begin.since(as_of)).max(1),
            });
        }
        Ok(Self {
            baseline,
            lag,
            after: Window {
                from: begin,
                to: as_of,
            },
        })
    }

    /// Baseline and after.
    pub(super) fn windows(&self) -> [Window; 2] {
        [self.baseline, self.after]
    }
}

/// Days begun.
fn whole_days(span: i64) -> u32 {
    let days = span.max(0).unsigned_abs().div_ceil(DAY_SECS.unsigned_abs());
    u32::try_from(days).unwrap_or(u32::MAX)
}
