//! Instants, days, zones, windows. The only module that knows a date library: chrono reads and
//! writes instants, jiff knows zone rules. Everything else counts in [`Millis`], [`Sec`] and [`Day`].

mod calendar;
mod civil;
mod day;
mod instant;
mod ruler;
mod usual;
mod window;
mod zone;

pub use calendar::{Calendar, CalendarError};
pub use civil::{BadPattern, Months, Reading, TimePattern, civil_millis};
pub use day::{Day, Week, Weekday};
pub use instant::{MaybeSec, Millis, Sec, parse_span, span_text};
pub use ruler::{Ruler, TimeRule, UnknownTimeRule};
pub use window::{Window, WindowSpec};
pub use zone::{UnknownZone, Zone};

/// Seconds of a day without a change of clock.
pub const DAY_SECS: i64 = 86_400;

/// Seconds as exact elapsed days of 24 hours.
#[expect(
    clippy::cast_precision_loss,
    reason = "spans of seconds stay far below 2^53"
)]
pub fn days(seconds: i64) -> f64 {
    seconds as f64 / DAY_SECS as f64
}
