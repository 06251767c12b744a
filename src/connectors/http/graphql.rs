//! GraphQL over HTTP: one address, and errors that come with status 200.

use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::super::Fault;
use super::failure::Failure;
use super::place;
use super::reply::{Reply, said};

/// A question in GraphQL.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    /// The text, with variables.
    pub(crate) text: &'static str,
    /// Their values, an object.
    pub(crate) variables: Value,
}

impl Query {
    pub(super) fn body(&self) -> Vec<u8> {
        json!({"query": self.text, "variables": self.variables})
            .to_string()
            .into_bytes()
    }
}

/// An answer in GraphQL.
#[derive(Deserialize)]
pub(super) struct Said<T> {
    pub(super) data: Option<T>,
}

#[derive(Deserialize)]
struct Errors {
    #[serde(default)]
    data: Option<serde::de::IgnoredAny>,
    #[serde(default)]
    errors: Vec<Complaint>,
}

/// One error.
#[derive(Deserialize)]
struct Complaint {
    #[serde(default)]
    message: String,
    /// GitHub's name for it.
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    extensions: Extensions,
}

#[derive(Default, Deserialize)]
struct Extensions {
    /// Linear's name for it.
    #[serde(default)]
    code: Option<String>,
}

/// Whether an answer may be used. One with data and errors is: what it holds is right as far as it
/// goes, and what it lacks is null.
pub(super) fn judge(url: &Url, reply: &Reply) -> Result<(), Failure> {
    let Ok(told) = serde_json::from_slice::<Errors>(&reply.body) else {
        return Ok(());
    };
    let throttled = told.errors.iter().any(Complaint::is_throttling);
    match told.errors.first() {
        Some(_) if throttled => Err(Failure::throttled(url, reply.head.pause())),
        Some(first) if told.data.is_none() => Err(Failure::last(first.fault(url))),
        _ => Ok(()),
    }
}

impl Complaint {
    fn name(&self) -> String {
        let name = self.kind.as_ref().or(self.extensions.code.as_ref());
        name.map(|name| name.to_uppercase().replace('_', ""))
            .unwrap_or_default()
    }

    fn is_throttling(&self) -> bool {
        self.name().contains("RATELIMIT")
    }

    fn fault(&self, url: &Url) -> Fault {
        let place = place(url);
        match self.name().as_str() {
            "NOTFOUND" => Fault::NotFound { place },
            "FORBIDDEN" | "INSUFFICIENTSCOPES" => Fault::Forbidden { place },
            "AUTHENTICATIONERROR" | "UNAUTHENTICATED" => Fault::Unauthorized { place },
            _ => Fault::BadAnswer {
                place,
                why: format!("it refuses the question{}", said(self.message.as_bytes())),
            },
        }
    }
}
