//! Which artefacts belong to which items: the rules a stream has, and what they find in a log.
//!
//! A *tie* says that one artefact (a pull request, a deployment) belongs to another (an issue). Ties
//! are found when a stream is tied to a log and are never stored; each knows from when to when it
//! holds, so that as of any instant [`Joins`] tells which artefacts make one item.

mod find;
mod join;
mod rings;
mod told;

pub use find::{Basis, Links, Tie};
pub use join::{Joins, LinkCount, Part};

use regex::Regex;

use super::event::{FactName, fact};
use super::id::{ItemIx, SourceName};
use super::log::Log;
use super::time::Sec;

/// How artefacts of one source are tied to the items of another, or of the same one.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkRule {
    /// The source of the artefacts.
    pub from: SourceName,
    /// The source of the items they belong to.
    pub to: SourceName,
    /// What a key looks like; none: keys are not looked for, only ties that are told count.
    pub key: Option<KeyPattern>,
    /// The facts of an artefact in which keys are looked for.
    pub facts: Vec<FactName>,
    /// The fact of an item that a key must equal.
    pub equals: FactName,
    /// The kinds of links told by the tracker that count; empty: all.
    pub kinds: Vec<String>,
    /// Whether an artefact belongs to its parent.
    pub parents: bool,
}

impl LinkRule {
    /// Where keys are looked for unless the rule says otherwise.
    pub const FACTS: [&'static str; 3] = [fact::BRANCH, fact::TITLE, fact::MENTIONS];

    /// A rule that counts what trackers tell, and nothing else.
    pub fn told(from: &SourceName, to: &SourceName) -> Self {
        Self {
            from: from.clone(),
            to: to.clone(),
            key: None,
            facts: Self::FACTS.map(FactName::from).to_vec(),
            equals: fact::KEY.into(),
            kinds: Vec::new(),
            parents: false,
        }
    }

    /// How a tie is known, in a word: the fact that holds the key, the kind of a link that was
    /// told, or "parent".
    pub fn basis_name<'a>(&'a self, basis: Basis, log: &'a Log) -> &'a str {
        match basis {
            Basis::Key(fact) => self
                .facts
                .get(usize::from(fact))
                .map_or("key", AsRef::as_ref),
            Basis::Told(kind) => log.text(kind),
            Basis::Parent => fact::PARENT,
        }
    }

    /// Whether links of this kind count.
    fn counts_kind(&self, kind: &str) -> bool {
        self.kinds.is_empty() || self.kinds.iter().any(|one| one.eq_ignore_ascii_case(kind))
    }
}

/// A regular expression that finds keys in a text, without regard to case.
#[derive(Clone, Debug)]
pub struct KeyPattern {
    text: String,
    regex: Regex,
}

/// A regular expression that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no regular expression: {0}; expected one such as [A-Z]+-\\d+")]
pub struct BadPattern(String);

impl KeyPattern {
    /// Reads a regular expression; its first group, if it has one, is the key.
    ///
    /// # Errors
    /// [`BadPattern`] says what is wrong with it.
    pub fn new(text: &str) -> Result<Self, BadPattern> {
        let regex = regex::RegexBuilder::new(text)
            .case_insensitive(true)
            .build()
            .map_err(|error| BadPattern(last_line(&error.to_string())))?;
        Ok(Self {
            text: text.to_owned(),
            regex,
        })
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Calls `each` with every key in a text, from left to right.
    fn each_key<'t>(&self, text: &'t str, mut each: impl FnMut(&'t str)) {
        if self.regex.captures_len() == 1 {
            return self
                .regex
                .find_iter(text)
                .for_each(|key| each(key.as_str()));
        }
        for found in self.regex.captures_iter(text) {
            if let Some(key) = found.get(1) {
                each(key.as_str());
            }
        }
    }
}

impl PartialEq for KeyPattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// The last line of what the regex reader says is the reason; the others draw the place.
fn last_line(said: &str) -> String {
    let last = said.lines().last().unwrap_or(said);
    last.trim_start_matches("error: ").to_owned()
}

/// What an artefact is, by its type. Artefacts of one source and one form speak with one voice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Form {
    /// An idea, an issue, a task: all that is none of the others.
    Work,
    /// A pull or merge request.
    PullRequest,
    /// Something brought to an environment.
    Deployment,
    /// Something that went wrong there.
    Incident,
}

impl Form {
    /// The name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Work => "work item",
            Self::PullRequest => "pull request",
            Self::Deployment => "deployment",
            Self::Incident => "incident",
        }
    }

    /// The form that a tracker's type of item means.
    pub fn of_type(name: &str) -> Self {
        let name = name.to_lowercase().replace(['_', '-'], " ");
        match name.as_str() {
            "pull request" | "merge request" | "pr" | "mr" | "pullrequest" | "mergerequest" => {
                Self::PullRequest
            }
            "deployment" | "deploy" => Self::Deployment,
            "incident" => Self::Incident,
            _ => Self::Work,
        }
    }

    /// The form of an artefact, by its type of today.
    pub fn of(log: &Log, item: ItemIx) -> Self {
        let kind = log.fact(fact::TYPE);
        let name = kind.map(|kind| log.text(log.fact_at(kind, item, Sec::MAX)));
        name.map_or(Self::Work, Self::of_type)
    }
}

#[cfg(test)]
mod tests;
