//! Why a value cannot be known, in the words that every format uses.

use crate::metrics::Measures;
use crate::model::stage::Class;

pub(super) const NOTHING_WITH_START: &str = "no item with a start finished in the window";
pub(super) const NO_TIME_SPENT: &str = "no item with a start spent time and finished in the window";
pub(super) const NO_WAITING: &str = "not configured: no queue stage and no blocked rule";
pub(super) const NO_LENGTH: &str = "the window has no length";
pub(super) const NO_STAGE_TIME: &str = "no time was spent in any stage";
pub(super) const NO_LIMIT: &str = "no limit is set";
pub(super) const EMPTY_STAGE: &str = "no item is in it";
pub(super) const NOTHING_WAITED: &str = "nothing waited in the window";
pub(super) const NOTHING_LEFT: &str = "no finished item of the window left it";
pub(super) const NO_BAND: &str = "no finished item left it or a stage before";
pub(super) const NO_PACE: &str = "no finished item passed its stage to compare it with";
pub(super) const CLOCK_DID_NOT_STOP: &str = "it stopped for no item in the window";
pub(super) const RULE_SAYS_NOTHING: &str =
    "it says something of no item that finished in the window";
pub(super) const RULE_WITHOUT_START: &str = "the rule has no start";
pub(super) const NO_EXPECTATION: &str = "nothing that finished in the window says what to expect";
pub(super) const NOTHING_TO_HOLD: &str = "nothing finished in the window to hold it against";
pub(super) const NOTHING_MOVED: &str = "nothing moved in the window";
pub(super) const NOTHING_IN_PROGRESS: &str = "nothing is in progress";
pub(super) const FEW_WEEKS: &str = "too few whole weeks in the window for a baseline of six";
pub(super) const NO_LOWER_LIMIT: &str = "the lower limit would be 0 or less";
pub(super) const TOO_FAR: &str = "too far ahead to tell";
pub(super) const NO_CONSTRAINT: &str = "no constraint stands out";
/// Why a backtest is missing.
pub(super) const NO_BACKTEST: &str = "no forecast of the past can be held against what came: the record is no longer than the days drawn from and the days ahead, or too few of its days have a finished item";

/// Why there is no word on forecasts made live.
pub(super) const NOT_KEPT: &str = "forecasts of files named on the command line are not kept";
pub(super) const NOT_DUE: &str = "no such forecast made live has come to its day";

/// Why there is no flow efficiency.
pub(super) fn no_efficiency(measures: &Measures) -> &'static str {
    let mut stages = measures.stages.iter();
    if measures.flow.time.is_none() || stages.any(|stage| stage.class == Class::Queue) {
        NO_TIME_SPENT
    } else {
        NO_WAITING
    }
}
