//! What went wrong with one attempt, and what to call it if it stays so.

use std::error::Error;
use std::time::Duration;

use reqwest::StatusCode;
use url::Url;

use super::super::Fault;
use super::backoff::Class;
use super::{Patience, place};

/// In what rustls says of an answer that is no TLS at all.
const NO_TLS: &str = "InvalidContentType";

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

    /// From a status that is neither success nor redirect; `words` are the first of its body.
    pub(crate) fn from_status(
        url: &Url,
        status: StatusCode,
        retry_after: Option<Duration>,
        words: &str,
    ) -> Self {
        let place = place(url);
        let class = class_of(status);
        let fault = match status.as_u16() {
            401 | 407 => Fault::Unauthorized { place },
            403 => Fault::Forbidden { place },
            404 | 410 => Fault::NotFound { place },
            429 => Fault::RateLimited {
                place,
                retry_after: retry_after.map(|wait| wait.as_secs()),
            },
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
                why: format!("status {code}{words}"),
            },
        };
        Self {
            class,
            retry_after,
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
        429 => Class::Throttled,
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
