//! What every format says of a finding in one way.

use crate::model::time::DAY_SECS;
use crate::simulate::impact::{Finding, Measure};

/// What a measure is counted in before and after.
pub(super) const fn counted(measure: &Measure) -> &'static str {
    match measure {
        Measure::Velocity | Measure::Load => "days",
        _ => "items",
    }
}

/// Spans in days, everything else as it is.
pub(super) fn in_unit(finding: &Finding, value: f64) -> f64 {
    match finding.measure {
        Measure::FlowTime | Measure::Waiting => value / days_of_seconds(),
        _ => value,
    }
}

#[expect(clippy::cast_precision_loss, reason = "a day has few seconds")]
const fn days_of_seconds() -> f64 {
    DAY_SECS as f64
}
