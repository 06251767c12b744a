//! Answers of Jira's search that were saved in a file: understood as when they come over HTTP.
//!
//! Which fields there are, by their names in changes, must be known before the first issue is
//! understood: that is searched for ([`quick`]), or found by a glance at all issues ([`glance`]),
//! which also tells the ids of those that others name by their keys. Issues are read a few at a
//! time, while those before are understood.

mod documents;
mod glance;
mod look;
mod quick;

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::sync::mpsc::{SyncSender, sync_channel};

use memchr::memmem;

use super::super::facts::FactMap;
use super::super::story::{Story, Tale};
use super::address::Address;
use super::convert::{Detail, Reader};
use super::fields::Plan;
use super::keys::each_key;
use super::names::Names;
use super::wire::Issue;
use crate::model::batch::StatusName;
use crate::model::health::Oddity;
use crate::model::infer::Told;
pub(crate) use look::is_answer;

/// Issues that are understood together: one may name what another only numbers.
const TOGETHER: usize = 100;

/// A text of answers.
pub(crate) struct Saved<'t> {
    text: &'t str,
    plan: Plan,
    known: Known,
}

/// What is known by now beside the fields.
#[derive(Default)]
struct Known {
    names: Names,
    address: Option<Address>,
    /// Whether all keys of the file are among the names.
    has_keys: bool,
    /// Issues so far, and what stands in place of one.
    taken: u64,
}

/// Where a text is no JSON or is broken off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    pub(crate) line: usize,
    pub(crate) why: String,
}

/// Issues as they were read.
type Few<'t> = Vec<Issue<'t>>;

impl<'t> Saved<'t> {
    /// Finds out which fields a text tells of; `fields` are the settings'.
    pub(crate) fn new(text: &'t str, fields: &BTreeMap<String, String>) -> Self {
        let quick = quick::at(text);
        let has_keys = quick.is_none();
        let found = quick.unwrap_or_else(|| glance::at(text));
        Self {
            text,
            plan: Plan::new(&found.catalogue(), &FactMap::new(fields)),
            known: Known {
                names: found.names,
                address: found.address,
                has_keys,
                taken: 0,
            },
        }
    }

    /// Whether any issue may have its changes.
    pub(crate) fn has_changes(&self) -> bool {
        memmem::find(self.text.as_bytes(), b"\"changelog\"").is_some()
    }

    /// Fields that a site made itself and that are facts: name in changes, and fact.
    pub(crate) fn facts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.plan.custom()
    }

    /// Names in the settings' `fields` that no issue has.
    pub(crate) fn strangers(&self) -> &[String] {
        self.plan.strangers()
    }

    /// Tells what becomes of each issue, in order, until `take` wants no more.
    ///
    /// # Errors
    /// That of `take`; where the text breaks off is told when all before it is taken.
    pub(crate) fn read<E>(
        &mut self,
        take: &mut dyn FnMut(Story) -> Result<(), E>,
    ) -> Result<Option<Broken>, E> {
        let (send, told) = sync_channel(2);
        let (text, plan, known) = (self.text, &self.plan, &mut self.known);
        std::thread::scope(|scope| {
            let reading = scope.spawn(move || read(text, plan, send));
            // Whoever stops listening ends the reading.
            for few in told {
                for story in known.understood(few, (text, plan)) {
                    take(story)?;
                }
            }
            Ok(reading.join().unwrap_or_else(|panic| resume_unwind(panic)))
        })
    }

    /// All statuses with their names of today.
    pub(crate) fn statuses(&self) -> Vec<StatusName> {
        self.known.names.statuses()
    }

    /// What the site takes its statuses for.
    pub(crate) fn told(&self) -> Told {
        Told {
            statuses: self.known.names.told(),
            columns: Vec::new(),
        }
    }
}

impl Known {
    /// What becomes of issues.
    fn understood(&mut self, few: Few<'_>, (text, plan): (&str, &Plan)) -> Vec<Story> {
        let details: Vec<Given<'_>> = few.into_iter().map(given).collect();
        for detail in details.iter().flatten() {
            self.names.learn_issue(&detail.0.issue, plan);
            self.names.learn_past(&detail.0.histories);
        }
        self.find_keys(&details, (text, plan));
        let reader = Reader {
            names: &self.names,
            plan,
            address: self.address.as_ref(),
        };
        let numbered = (self.taken + 1..).zip(details);
        let stories = numbered.map(|(number, given)| story(given, number, &reader));
        let stories: Vec<Story> = stories.collect();
        self.taken += stories.len() as u64;
        stories
    }

    /// Finds the ids of all issues of the file once one is named by a key that is not known.
    fn find_keys(&mut self, details: &[Given<'_>], (text, plan): (&str, &Plan)) {
        let mut is_lost = false;
        for detail in details.iter().flatten().filter(|_| !self.has_keys) {
            each_key(&detail.0, plan, &mut |key| {
                is_lost |= self.names.wonders_at(key);
            });
        }
        if is_lost {
            self.names.learn_keys(glance::at(text).names);
            self.has_keys = true;
        }
    }
}

/// An issue that was given, and whether with its changes; `None` if it has no id.
type Given<'t> = Option<(Detail<'t>, bool)>;

fn given(issue: Issue<'_>) -> Given<'_> {
    let mut issue = issue.told()?;
    let changelog = issue.changelog.take();
    let has_changes = changelog.is_some();
    let changelog = changelog.unwrap_or_default();
    let detail = Detail {
        untold: changelog.untold(),
        histories: changelog.histories,
        read: None,
        issue,
    };
    Some((detail, has_changes))
}

/// What becomes of the issue of that number.
fn story(given: Given<'_>, number: u64, reader: &Reader<'_>) -> Story {
    let Some((detail, has_changes)) = given else {
        let place = format!("number {number} of the file");
        return Tale::untold(&place, "issue", "it has no id");
    };
    let mut story = reader.story(&detail);
    if !has_changes {
        story.oddities.push(Oddity {
            place: format!("issue {}", detail.issue.id),
            what: "it comes without its changes: where it was before is not known".to_owned(),
        });
    }
    story
}

/// Reads issues, and sends them on a few at a time.
fn read<'t>(text: &'t str, plan: &Plan, send: SyncSender<Few<'t>>) -> Option<Broken> {
    let mut sending = Sending {
        plan,
        few: Vec::with_capacity(TOGETHER),
        send,
    };
    let read = documents::read(text, &mut sending);
    sending.flush();
    let broken = read.err()?;
    Some(Broken {
        line: broken.line(),
        why: broken.to_string(),
    })
}

struct Sending<'p, 't> {
    plan: &'p Plan,
    few: Few<'t>,
    send: SyncSender<Few<'t>>,
}

impl Sending<'_, '_> {
    /// Whether somebody listens.
    fn flush(&mut self) -> bool {
        let few = std::mem::replace(&mut self.few, Vec::with_capacity(TOGETHER));
        self.send.send(few).is_ok()
    }
}

impl<'p, 't> documents::Reader<'t> for Sending<'p, 't> {
    type By = Option<&'p Plan>;
    type Issue = Issue<'t>;

    fn by(&self) -> Option<&'p Plan> {
        Some(self.plan)
    }

    fn issue(&mut self, issue: Issue<'t>) -> bool {
        self.few.push(issue);
        self.few.len() < TOGETHER || self.flush()
    }
}

#[cfg(test)]
mod tests;
