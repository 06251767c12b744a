//! What went wrong with one attempt, and what to call it if it stays so.

use std::error::Error;
use std::time::Duration;

use reqwest::StatusCode;
use url::Url;

use super::super::Fault;
use super::backoff::Class;
use super::reply::said;
use super::{Patience, place};

/// In what rustls says of an answer that is no TLS at all.
const NO_TLS: &str = "InvalidContentType";

/// What Linear answers, with status 400, to whom it asks to wait.
const RATE_LIMITED: &[u8] = b"RATELIMITED";

/// What GitHub answers, with status 403, to whom it asks to wait without saying how long.
const SECONDARY_LIMIT: &[u8] = b"secondary rate limit";

/// A refusal.
pub(crate) struct Told {
    pub(crate) status: StatusCode,
    /// How long to leave the server alone, if it says so.
    pub(crate) wait: Option<Duration>,
    /// Its beginning.
    pub(crate) body: Vec<u8>,
}

impl Told {
    /// Some trackers say 403 or 400 for "too many requests".
    fn is_throttling(&self) -> bool {
        match self.status.as_u16() {
            429 => true,
            403 => self.wait.is_some() || self.says(SECONDARY_LIMIT),
            400 => self.says(RATE_LIMITED),
            _ => false,
        }
    }

    fn says(&self, words: &[u8]) -> bool {
        self.body.windows(words.len()).any(|part| part == words)
    }
}

/// One failed attempt.
pub(crate) struct Failure {
    pub(crate) class: Class,
    /// How long the server asked to wait.
    pub(crate) retry_after: Option<Duration>,
    pub(crate) fault: Fault,
}

impl Failure {
    /// One that asking again would not mend.
    pub(crate) fn last(fault: Fault) -> Self {
        Self {
            class: Class::Final,
            retry_after: None,
            fault,
        }
    }

    /// An answer that is not what was asked for.
    pub(crate) fn bad_answer(url: &Url, why: String) -> Self {
        Self::last(Fault::BadAnswer {
            place: place(url),
            why,
        })
    }

    /// Too many requests.
    pub(crate) fn throttled(url: &Url, wait: Option<Duration>) -> Self {
        Self {
            class: Class::Throttled,
            retry_after: wait,
            fault: Fault::RateLimited {
                place: place(url),
                retry_after: wait.map(|wait| wait.as_secs()),
            },
        }
    }

    /// From a status that is neither success nor redirect.
    pub(crate) fn from_status(url: &Url, told: &Told) -> Self {
        if told.is_throttling() {
            return Self::throttled(url, told.wait);
        }
        let place = place(url);
        let fault = match told.status.as_u16() {
            // Azure DevOps answers whom it does not know with a page to sign in at, as 203.
            203 | 401 | 407 => Fault::Unauthorized { place },
            403 => Fault::Forbidden { place },
            404 | 410 => Fault::NotFound { place },
            code @ 500..=599 => Fault::Server {
                place,
                status: code,
            },
            408 => Fault::Unreachable {
                place,
                why: "it took the request to be too slow".to_owned(),
            },
            code => Fault::BadAnswer {
                place,
                why: format!("status {code}{}", said(&told.body)),
            },
        };
        Self {
            class: class_of(told.status),
            retry_after: told.wait,
            fault,
        }
    }

    /// From a connection that was not made or did not hold.
    pub(crate) fn from_transport(url: &Url, error: &reqwest::Error, patience: Patience) -> Self {
        let (class, why) = transport(error, patience);
        Self {
            class,
            retry_after: None,
            fault: Fault::Unreachable {
                place: place(url),
                why,
            },
        }
    }
}

fn class_of(status: StatusCode) -> Class {
    match status.as_u16() {
        408 => Class::TimedOut,
        502..=504 => Class::Busy,
        500..=599 => Class::Broken,
        _ => Class::Final,
    }
}

fn transport(error: &reqwest::Error, patience: Patience) -> (Class, String) {
    let root = root_of(error);
    if error.is_timeout() {
        let why = if error.is_connect() {
            format!("no connection within {:?}", patience.connect)
        } else {
            let Patience { silence, whole, .. } = patience;
            format!("nothing came for {silence:?}, or not all of it within {whole:?}")
        };
        return (Class::TimedOut, why);
    }
    if root.contains("certificate") {
        let why = format!(
            "its certificate is not trusted ({root}); set `ca_file` if it is your own authority's"
        );
        return (Class::Final, why);
    }
    if root.contains(NO_TLS) {
        let why = "the server speaks no TLS; did you mean http://?".to_owned();
        return (Class::Final, why);
    }
    if error.is_connect() {
        return (Class::NoConnection, root);
    }
    if error.is_builder() {
        return (Class::Final, root);
    }
    (Class::Cut, format!("the connection was cut ({root})"))
}

/// The words of the innermost error: the outer ones repeat the address.
fn root_of(error: &reqwest::Error) -> String {
    let Some(mut inner) = error.source() else {
        return "the connection failed".to_owned();
    };
    while let Some(next) = inner.source() {
        inner = next;
    }
    inner.to_string()
}
