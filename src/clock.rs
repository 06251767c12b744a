//! The only reader of wall time.

use crate::model::time::Millis;

/// Tells the time. Everything else gets `now` as an argument.
pub trait Clock: Send + Sync {
    /// The instant it is.
    fn now(&self) -> Millis;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct WallClock;

impl Clock for WallClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the wall clock"
    )]
    fn now(&self) -> Millis {
        Millis(chrono::Utc::now().timestamp_millis())
    }
}

/// A clock that stands still, for tests and for `--now`.
#[derive(Clone, Copy, Debug)]
pub struct FixedClock(pub Millis);

impl Clock for FixedClock {
    fn now(&self) -> Millis {
        self.0
    }
}
