//! Answers of Jira's search that were saved in a file: understood as when they come over HTTP.
//!
//! What must be known before the first issue is understood is looked for in all of them
//! ([`glance`]): which fields there are, by their names in changes, and which issue has which key.
//! Then they are read again, a few at a time, while those before are understood.

mod documents;
mod glance;
mod look;

use std::collections::BTreeMap;
use std::sync::mpsc::{SyncSender, sync_channel};

use super::super::facts::FactMap;
use super::super::story::{Story, Tale};
use super::address::Address;
use super::convert::{Detail, Reader};
use super::fields::Plan;
use super::names::Names;
use super::wire::Issue;
use crate::model::batch::StatusName;
use crate::model::health::Oddity;
use crate::model::infer::Told;
pub(crate) use look::is_answer;

/// Issues that are understood together: one may name what another only numbers.
const TOGETHER: usize = 500;

/// A text of answers, looked at.
pub(crate) struct Saved<'t> {
    text: &'t str,
    plan: Plan,
    names: Names,
    address: Option<Address>,
    /// Issues, and what stands in place of one.
    pub(crate) issues: u64,
    /// Issues that have their changes.
    pub(crate) with_changes: u64,
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
    /// Looks at all issues of a text; `fields` are the settings'.
    pub(crate) fn new(text: &'t str, fields: &BTreeMap<String, String>) -> Self {
        let glance = glance::at(text);
        Self {
            text,
            plan: Plan::new(&glance.catalogue(), &FactMap::new(fields)),
            issues: glance.issues,
            with_changes: glance.with_changes,
            names: glance.names,
            address: glance.address,
        }
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
        let (text, plan) = (self.text, &self.plan);
        std::thread::scope(|scope| {
            let reading = scope.spawn(move || read(text, plan, send));
            let mut taken = 0;
            // Whoever stops listening ends the reading.
            for few in told {
                let known = (plan, &mut self.names, self.address.as_ref());
                for story in understood(few, known, &mut taken) {
                    take(story)?;
                }
            }
            Ok(reading.join().unwrap_or_default())
        })
    }

    /// All statuses with their names of today.
    pub(crate) fn statuses(&self) -> Vec<StatusName> {
        self.names.statuses()
    }

    /// What the site takes its statuses for.
    pub(crate) fn told(&self) -> Told {
        Told {
            statuses: self.names.told(),
            columns: Vec::new(),
        }
    }
}

fn understood(
    few: Few<'_>,
    (plan, names, address): (&Plan, &mut Names, Option<&Address>),
    taken: &mut u64,
) -> Vec<Story> {
    for issue in &few {
        names.learn_issue(issue, plan);
    }
    let changes = few.iter().filter_map(|issue| issue.changelog.as_ref());
    changes.for_each(|log| names.learn_past(&log.histories));
    let reader = Reader {
        names,
        plan,
        address,
    };
    let stories = few.into_iter().map(|issue| {
        *taken += 1;
        story(issue, *taken, &reader)
    });
    stories.collect()
}

/// What becomes of the issue of that number.
fn story(issue: Issue<'_>, number: u64, reader: &Reader<'_>) -> Story {
    let Some(mut issue) = issue.told() else {
        let place = format!("number {number} of the file");
        return Tale::untold(&place, "issue", "it has no id");
    };
    let changelog = issue.changelog.take();
    let has_none = changelog.is_none();
    let changelog = changelog.unwrap_or_default();
    let detail = Detail {
        untold: changelog.untold(),
        histories: changelog.histories,
        read: None,
        issue,
    };
    let mut story = reader.story(&detail);
    if has_none {
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
