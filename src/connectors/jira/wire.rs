//! Jira's JSON as it is sent. Nothing but an id is taken for granted: a field that is missing, null
//! or of another kind reads as "no value".

mod issue;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::json::{Json, Text};
use super::lenient::One;
pub(super) use issue::{Changelog, History, Issue, Item, Side};

/// `/serverInfo`
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ServerInfo {
    /// `Cloud`, `Server`; old servers do not say.
    #[serde(default)]
    pub(super) deployment_type: Value,
    #[serde(default)]
    pub(super) base_url: Value,
    #[serde(default)]
    pub(super) version: Value,
}

/// `/myself`
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Myself {
    #[serde(default)]
    pub(super) display_name: Value,
    /// An IANA name.
    #[serde(default)]
    pub(super) time_zone: Value,
}

/// A page of issues: `/search/jql`, `/search`, `/issue/bulkfetch`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Page {
    /// Rows, read one by one.
    pub(super) issues: Vec<Sent>,
    /// Where the next page is, on Cloud.
    #[serde(default)]
    pub(super) next_page_token: Value,
    /// How many match in all, on one's own server.
    #[serde(default)]
    pub(super) total: Value,
    /// How many the server is willing to give at once, on one's own server.
    #[serde(default)]
    pub(super) max_results: Value,
    /// Issues that Cloud could not give, and why.
    #[serde(default)]
    pub(super) issue_errors: Value,
}

/// A row of a page; `None` if it has no id.
#[derive(Debug)]
pub(super) struct Sent(pub(super) Option<Issue<'static>>);

impl<'de> Deserialize<'de> for Sent {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        let issue = json.deserialize_any(One::<Issue<'de>, _>::by(None))?;
        Ok(Self(issue.told().map(Issue::into_owned)))
    }
}

/// `/changelog/bulkfetch`
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Changes {
    /// An issue may come on several pages.
    pub(super) issue_change_logs: Vec<SentChanges>,
    #[serde(default)]
    pub(super) next_page_token: Value,
}

/// Changes of one issue.
#[derive(Debug)]
pub(super) struct SentChanges(pub(super) Changelog<'static>);

impl<'de> Deserialize<'de> for SentChanges {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        let changes = json.deserialize_any(One::<Changelog<'de>, _>::by(None))?;
        Ok(Self(changes.into_owned()))
    }
}

/// `/search/approximate-count`
#[derive(Debug, Deserialize)]
pub(super) struct Count {
    pub(super) count: u64,
}

/// A page of a list of anything: `/board`.
#[derive(Debug, Deserialize)]
pub(super) struct Values {
    pub(super) values: Vec<Value>,
}

/// One value as text; the empty text is no value.
pub(super) fn scalar(value: &Value) -> Option<String> {
    Json::from(value).scalar().map(Text::into_owned)
}

/// A count, sent as a number or as text.
pub(super) fn count(value: &Value) -> Option<u64> {
    Json::from(value).count()
}
