//! From an issue with its changes to its history. Total: what cannot be used is listed.
//!
//! Statuses go by their ids: names change, and a renamed status leaves changes that seem to lead
//! elsewhere than the next one begins. Nor is it expected that one change begins where the last one
//! ended.

mod field;
mod link;
mod step;

use super::super::story::{Story, Tale, Turn};
use super::address::Address;
use super::fields::Plan;
use super::names::{Names, STATUS};
use super::values;
use super::wire::{History, Issue};
use crate::model::event::fact;
use crate::model::time::Millis;
use step::Step;

/// An issue with all that was fetched of it.
#[derive(Debug)]
pub(crate) struct Detail<'a> {
    pub(super) issue: Issue<'a>,
    /// In any order.
    pub(super) histories: Vec<History<'a>>,
    /// How many histories Jira says there are, where it told fewer.
    pub(super) untold: Option<u64>,
    /// The server's clock when the issue was read, before its changes were.
    pub(super) read: Option<Millis>,
}

/// What is needed to understand an issue.
pub(super) struct Reader<'a> {
    /// Names, those of the issue included.
    pub(super) names: &'a Names,
    /// Which field is which fact.
    pub(super) plan: &'a Plan,
    /// Where issues are looked at, if that is known.
    pub(super) address: Option<&'a Address>,
}

impl Reader<'_> {
    /// The history of an issue.
    pub(super) fn story(&self, detail: &Detail<'_>) -> Story {
        let issue = &detail.issue;
        let Some(created) = issue.instant("created") else {
            return Tale::untold(&issue.id, "issue", "it does not say when it was created");
        };
        let updated = issue.instant("updated").unwrap_or(created);
        let mut tale = Tale::new(issue.id.as_ref(), "issue", created);
        if let Some(all) = detail.untold {
            let told = detail.histories.len();
            tale.odd(format!("Jira tells only {told} of its {all} changes"));
        }
        let steps = step::all(&detail.histories, &mut tale);
        self.tell_statuses(issue, &steps, updated, &mut tale);
        self.tell_identity(issue, &steps, &mut tale);
        let of_fields = step::of_fields(&steps, self.plan);
        for (field, steps) in self.plan.fields().iter().zip(&of_fields) {
            field::tell(field, issue, steps, self.names, &mut tale);
        }
        link::tell(issue, &steps, self.names, &mut tale);
        tale.end(Some(updated), detail.read)
    }

    fn tell_statuses(
        &self,
        issue: &Issue<'_>,
        steps: &[Step<'_>],
        updated: Millis,
        tale: &mut Tale,
    ) {
        let now = issue.field(STATUS).map(values::elements);
        let now = now.and_then(|sides| self.names.status_of(sides.first()?));
        let moves = steps.iter().filter(|step| step.item.is_of(STATUS));
        let turns = moves.enumerate().map(|(at, step)| Turn {
            moment: step.moment(),
            // What the first one left is where it began; those after begin where they begin.
            old: (at == 0)
                .then(|| self.names.status_of(&step.item.old))
                .flatten(),
            new: self.names.status_of(&step.item.new),
        });
        let turns: Vec<Turn> = turns.collect();
        tale.statuses(now.as_deref(), &turns, updated);
    }

    fn tell_identity(&self, issue: &Issue<'_>, steps: &[Step<'_>], tale: &mut Tale) {
        let keys = steps.iter().filter(|step| step.item.is_key());
        let turns: Vec<Turn> = keys
            .map(|step| {
                step.turn(|side| Some(side.text.as_ref().or(side.id.as_ref())?.to_string()))
            })
            .collect();
        let key = issue.key.as_deref().map(str::to_owned);
        tale.course("key", &fact::KEY.into(), key, &turns);
        if let Some((address, key)) = self.address.zip(issue.key.as_deref()) {
            tale.at_birth("url", fact::URL.into(), address.page_of(key));
        }
    }
}

#[cfg(test)]
mod tests;
