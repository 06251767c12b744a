//! What a tracker says it still allows, and how that is spread over the time until it allows more.
//!
//! | tracker | left | anew |
//! | --- | --- | --- |
//! | GitHub, Azure DevOps | `X-RateLimit-Remaining` | `X-RateLimit-Reset`, seconds since 1970 |
//! | Jira | the same | the same, an instant in words |
//! | GitLab | `RateLimit-Remaining` | `RateLimit-Reset`, seconds since 1970 |
//! | Linear | `X-RateLimit-Requests-Remaining` | `X-RateLimit-Requests-Reset`, milliseconds |
//! | Linear | `X-RateLimit-Complexity-Remaining` over `X-Complexity` | `X-RateLimit-Complexity-Reset` |

use std::time::Duration;

use reqwest::header::HeaderMap;

use crate::model::time::Millis;

/// Names of the headers that say how much is left, of how much, and when there is all of it again.
const NAMES: [[&str; 3]; 4] = [
    [
        "x-ratelimit-remaining",
        "x-ratelimit-limit",
        "x-ratelimit-reset",
    ],
    ["ratelimit-remaining", "ratelimit-limit", "ratelimit-reset"],
    [
        "x-ratelimit-requests-remaining",
        "x-ratelimit-requests-limit",
        "x-ratelimit-requests-reset",
    ],
    [
        "x-ratelimit-complexity-remaining",
        "x-ratelimit-complexity-limit",
        "x-ratelimit-complexity-reset",
    ],
];

/// What one answer cost of the complexity that Linear allows.
const COST: &str = "x-complexity";

/// Requests are spread once so many in a hundred of what is allowed are left.
const SPREAD_BELOW: u64 = 25;

/// And once so few are left, where the tracker does not say of how many.
const FEW: u64 = 100;

/// Numbers below are spans in seconds, above instants in seconds since 1970.
const FIRST_INSTANT: i64 = 1_000_000_000;

/// Numbers above are instants in milliseconds since 1970.
const LAST_IN_SECONDS: i64 = 100_000_000_000;

/// Requests that are still allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Allowance {
    /// How many.
    pub(crate) left: u64,
    /// Of how many, if the tracker says so.
    limit: Option<u64>,
    /// How long until there are all of them again.
    pub(crate) anew: Duration,
}

impl Allowance {
    /// The tightest of those that the headers tell; `now` is the server's own clock.
    pub(crate) fn read(headers: &HeaderMap, now: Millis) -> Option<Self> {
        let told = NAMES.iter().filter_map(|[left, limit, reset]| {
            Some(Self {
                left: number(headers, left)? / cost(headers, left),
                limit: number(headers, limit).map(|limit| limit / cost(headers, left)),
                anew: anew(text(headers, reset)?, now)?,
            })
        });
        told.max_by_key(Self::pause)
    }

    /// How long to rest between two requests.
    pub(crate) fn pause(&self) -> Duration {
        let few = self.limit.map_or(FEW, |limit| limit * SPREAD_BELOW / 100);
        if self.left >= few.max(1) {
            return Duration::ZERO;
        }
        self.anew / u32::try_from(self.left + 1).unwrap_or(u32::MAX)
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

/// Some trackers tell halves.
fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    let text = text(headers, name)?;
    text.split('.').next()?.parse().ok()
}

fn cost(headers: &HeaderMap, left: &str) -> u64 {
    let counted = left.contains("complexity").then(|| number(headers, COST));
    counted.flatten().unwrap_or(1).max(1)
}

fn anew(reset: &str, now: Millis) -> Option<Duration> {
    let at = match reset.split('.').next()?.parse::<i64>() {
        Ok(span @ ..FIRST_INSTANT) => now.plus_secs(span),
        Ok(seconds @ ..LAST_IN_SECONDS) => Millis(seconds * 1_000),
        Ok(millis) => Millis(millis),
        Err(_) => Millis::parse(reset)?,
    };
    let millis = at.0.saturating_sub(now.0).max(0);
    Some(Duration::from_millis(millis.unsigned_abs()))
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

    use super::Allowance;
    use crate::model::time::Millis;

    fn pause(told: &[(&str, &str)]) -> Option<(u64, u128)> {
        let headers: HeaderMap = told
            .iter()
            .map(|(name, value)| {
                let name = HeaderName::try_from(*name).unwrap();
                (name, HeaderValue::from_str(value).unwrap())
            })
            .collect();
        let now = Millis::parse("2026-11-23T09:00:00Z").unwrap();
        let read = Allowance::read(&headers, now)?;
        Some((read.left, read.pause().as_millis()))
    }

    #[test]
    fn every_tracker_has_its_own_way_to_say_it() {
        let at = 1_795_424_400_i64; // 2026-11-23T09:00:00Z
        let seconds = (at + 50).to_string();
        let millis = ((at + 50) * 1_000).to_string();
        let iso = "2026-11-23T09:00:50Z";
        for (left, reset, value) in [
            (
                "X-RateLimit-Remaining",
                "X-RateLimit-Reset",
                seconds.as_str(),
            ),
            ("X-RateLimit-Remaining", "X-RateLimit-Reset", iso),
            ("RateLimit-Remaining", "RateLimit-Reset", &seconds),
            ("RateLimit-Remaining", "RateLimit-Reset", "50"),
            (
                "X-RateLimit-Requests-Remaining",
                "X-RateLimit-Requests-Reset",
                &millis,
            ),
        ] {
            assert_eq!(pause(&[(left, "4"), (reset, value)]), Some((4, 10_000)));
        }
    }

    #[test]
    fn requests_are_spread_once_few_are_left() {
        let left = |left, limit| {
            let reset = ("RateLimit-Reset", "60");
            let told = [
                ("RateLimit-Remaining", left),
                ("RateLimit-Limit", limit),
                reset,
            ];
            pause(&told).unwrap().1
        };
        assert_eq!(left("5000", "5000"), 0);
        assert_eq!(left("1250", "5000"), 0);
        assert_eq!(left("1199", "5000"), 50);
        assert_eq!(left("0", "5000"), 60_000);
        assert_eq!(left("0", "0"), 60_000);
        assert_eq!(left("5.5", "100"), 10_000);
    }

    #[test]
    fn the_tightest_rules_and_complexity_counts_by_what_an_answer_costs() {
        let told = [
            ("X-RateLimit-Requests-Remaining", "1000"),
            ("X-RateLimit-Requests-Limit", "1000"),
            ("X-RateLimit-Requests-Reset", "60"),
            ("X-RateLimit-Complexity-Remaining", "900"),
            ("X-RateLimit-Complexity-Limit", "100000"),
            ("X-RateLimit-Complexity-Reset", "60"),
            ("X-Complexity", "300"),
        ];
        assert_eq!(pause(&told), Some((3, 15_000)));
    }

    #[test]
    fn what_cannot_be_read_allows_all() {
        assert_eq!(pause(&[]), None);
        assert_eq!(pause(&[("X-RateLimit-Remaining", "3")]), None);
        let soon = [
            ("X-RateLimit-Remaining", "3"),
            ("X-RateLimit-Reset", "soon"),
        ];
        assert_eq!(pause(&soon), None);
    }
}
