//! What a tracker has to offer before anything is read: whose key it is, where work is kept, and how
//! its statuses are arranged. `weir init` asks this.

use async_trait::async_trait;

use super::{
    AzureDevops, Fault, GitHub, GitLab, Jira, Linear, Redmine, TrackerKind, TrackerSettings,
};
use crate::model::id::SourceName;
use crate::model::infer::Told;

/// More projects and boards are not offered.
pub(super) const MOST_PLACES: usize = 200;

/// A tracker that tells what there is to be read.
#[async_trait]
pub trait Survey: Send + Sync {
    /// Whose key it is, which proves address and key.
    ///
    /// # Errors
    /// A [`Fault`] if the tracker cannot be reached or refuses the key.
    async fn whose(&self) -> Result<String, Fault>;

    /// Boards, projects, repositories or teams that the key may see, the likeliest first; at most
    /// two hundred.
    ///
    /// # Errors
    /// A [`Fault`] if they cannot be listed.
    async fn places(&self) -> Result<Vec<Place>, Fault>;

    /// How the statuses of what the source's `query` names are arranged.
    ///
    /// # Errors
    /// A [`Fault`] if the tracker cannot be read; a board that the key may not see is none.
    async fn arranged(&self) -> Result<Arranged, Fault>;
}

/// Where work is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// What people call it.
    pub name: String,
    /// What it is: "board", "project", "repository", "team".
    pub what: &'static str,
    /// The `query` of a source that reads it.
    pub query: String,
}

impl Place {
    pub(super) fn new(what: &'static str, name: impl Into<String>, query: String) -> Self {
        Self {
            name: name.into(),
            what,
            query,
        }
    }
}

/// How statuses are arranged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arranged {
    /// What the tracker says of them.
    pub told: Told,
    /// A `query` that says more than the one asked with, such as which labels are statuses.
    pub query: Option<String>,
}

impl From<Told> for Arranged {
    fn from(told: Told) -> Self {
        Self { told, query: None }
    }
}

/// A tracker to be asked what there is. Without a `query` only [`Survey::whose`] and
/// [`Survey::places`] tell something.
///
/// # Errors
/// [`Fault::Unusable`] if the settings cannot be used.
pub fn surveyor(
    kind: TrackerKind,
    mut settings: TrackerSettings,
) -> Result<Box<dyn Survey>, Fault> {
    let name = SourceName::new(kind.name());
    if settings.query.is_empty() {
        anything(kind).clone_into(&mut settings.query);
    }
    Ok(match kind {
        TrackerKind::AzureDevops => Box::new(AzureDevops::new(name, settings)?),
        TrackerKind::GitHub => Box::new(GitHub::new(name, settings)?),
        TrackerKind::GitLab => Box::new(GitLab::new(name, settings)?),
        TrackerKind::Jira => Box::new(Jira::new(name, settings)?),
        TrackerKind::Linear => Box::new(Linear::new(name, settings)?),
        TrackerKind::Redmine => Box::new(Redmine::new(name, settings)?),
    })
}

/// A query for trackers that want one, where nothing is asked that it would name.
fn anything(kind: TrackerKind) -> &'static str {
    match kind {
        TrackerKind::GitHub => "org:anything",
        TrackerKind::GitLab => "project:anything",
        TrackerKind::AzureDevops
        | TrackerKind::Jira
        | TrackerKind::Linear
        | TrackerKind::Redmine => "",
    }
}

/// A value of a word in a source's `query`, quoted where it must be.
pub(super) fn quoted(value: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "-_./".contains(letter);
    if !value.is_empty() && value.chars().all(plain) {
        return value.to_owned();
    }
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests;
