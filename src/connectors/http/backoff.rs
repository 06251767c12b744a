//! Whether to ask again, and when: a pure function of what went wrong.

use std::time::Duration;

/// What kind of failure an attempt met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// 429: too many requests.
    Throttled,
    /// 502, 503, 504: the server is overloaded or restarts.
    Busy,
    /// Any other 5xx.
    Broken,
    /// The connection ended before the answer did.
    Cut,
    /// No answer in time.
    TimedOut,
    /// No connection at all.
    NoConnection,
    /// Asking again would bring the same.
    Final,
}

/// What to do after a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Ask again after this time.
    Wait(Duration),
    /// Say what went wrong.
    GiveUp,
}

/// A longer wait than this is left to the next poll.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(120);

/// So that those whom the server told the same second do not all come back in it.
const SPREAD: Duration = Duration::from_millis(500);

/// How often to ask in all, the mean of the first wait doubled, and the most a wait grows to.
const fn limits(class: Class) -> (u32, Duration, Duration) {
    let seconds = Duration::from_secs;
    match class {
        Class::Throttled => (6, seconds(4), seconds(60)),
        Class::Busy => (5, seconds(2), seconds(30)),
        Class::Broken => (3, seconds(1), seconds(10)),
        Class::Cut => (4, seconds(1), seconds(15)),
        Class::TimedOut | Class::NoConnection => (3, seconds(2), seconds(15)),
        Class::Final => (1, Duration::ZERO, Duration::ZERO),
    }
}

/// What to do after attempt number `attempt` (from 1) failed. A wait the server asked for is kept
/// and a little spread; else the waits double and each is drawn from its whole range ("full
/// jitter") by `chance`, 0 to 1.
pub(crate) fn next_step(
    attempt: u32,
    class: Class,
    retry_after: Option<Duration>,
    chance: f64,
) -> Step {
    let (attempts, first, most) = limits(class);
    let chance = chance.clamp(0.0, 1.0);
    if attempt >= attempts {
        return Step::GiveUp;
    }
    match retry_after {
        Some(asked) if asked > LONGEST_WAIT => Step::GiveUp,
        Some(asked) => Step::Wait(asked + SPREAD.mul_f64(chance)),
        None => {
            let doublings = attempt.saturating_sub(1).min(16);
            Step::Wait((first * 2_u32.pow(doublings)).min(most).mul_f64(chance))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Class, Step, next_step};

    #[test]
    fn the_table_of_waits() {
        let wait = |millis| Step::Wait(Duration::from_millis(millis));
        let asked = |seconds| Some(Duration::from_secs(seconds));
        let table = [
            (1, Class::Throttled, None, 0.5, wait(2_000)),
            (2, Class::Throttled, None, 0.5, wait(4_000)),
            (5, Class::Throttled, None, 1.0, wait(60_000)),
            (6, Class::Throttled, None, 0.5, Step::GiveUp),
            (1, Class::Throttled, asked(7), 0.0, wait(7_000)),
            (1, Class::Throttled, asked(7), 0.5, wait(7_250)),
            (5, Class::Throttled, asked(0), 0.0, wait(0)),
            (6, Class::Throttled, asked(7), 0.5, Step::GiveUp),
            (1, Class::Throttled, asked(120), 0.0, wait(120_000)),
            (1, Class::Throttled, asked(121), 0.0, Step::GiveUp),
            (1, Class::Busy, asked(3), 0.0, wait(3_000)),
            (1, Class::Busy, None, 0.25, wait(500)),
            (4, Class::Busy, None, 1.0, wait(16_000)),
            (5, Class::Busy, None, 1.0, Step::GiveUp),
            (1, Class::Broken, None, 0.5, wait(500)),
            (2, Class::Broken, None, 0.5, wait(1_000)),
            (3, Class::Broken, None, 0.5, Step::GiveUp),
            (3, Class::Cut, None, 1.0, wait(4_000)),
            (4, Class::Cut, None, 1.0, Step::GiveUp),
            (2, Class::TimedOut, None, 1.0, wait(4_000)),
            (3, Class::TimedOut, None, 1.0, Step::GiveUp),
            (1, Class::NoConnection, None, 0.0, wait(0)),
            (1, Class::Final, None, 0.5, Step::GiveUp),
            (1, Class::Final, asked(1), 0.5, Step::GiveUp),
            (1, Class::Busy, None, 7.0, wait(2_000)),
            (u32::MAX, Class::Busy, None, 0.5, Step::GiveUp),
        ];
        for (attempt, class, retry_after, chance, expected) in table {
            let step = next_step(attempt, class, retry_after, chance);
            assert_eq!(
                step, expected,
                "{attempt} {class:?} {retry_after:?} {chance}"
            );
        }
    }
}
