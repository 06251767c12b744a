//! Pull requests: draft, open, review, approved, changes requested, merged, closed.
//!
//! A reviewer's last word counts until it is dismissed or they are asked to review again. As long as
//! one asks for changes, the pull request is "changes requested"; else with one approval it is
//! "approved"; else it is in "review" once anybody was asked for one or has commented. Reviews by
//! its author do not count. How many approvals a branch wants, GitHub does not tell with its history.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::super::super::story::{Moment, Tale, Turn};
use super::super::wire::{instant, is_true, list, referenced, text};
use super::Reader;
use super::timeline::{Happening, Timeline};
use crate::model::event::{Change, fact};
use crate::model::time::Millis;

const DRAFT: &str = "draft";
const REVIEW: &str = "review";
const MERGED: &str = "merged";

/// What GitHub says of the state of one that is.
const MERGED_STATE: &str = "MERGED";

/// A reviewer's last word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Approved,
    ChangesRequested,
}

/// How far a pull request has come.
struct Reviewing<'a> {
    author: Option<&'a str>,
    is_draft: bool,
    /// Who was asked and has not answered.
    asked: BTreeSet<String>,
    /// Whether anybody has said anything.
    has_comments: bool,
    /// Who said what last, and in which review.
    verdicts: BTreeMap<String, (Verdict, String)>,
    end: Option<&'static str>,
    /// What reviews said before they were dismissed.
    dismissed: BTreeMap<String, String>,
}

impl<'a> Reviewing<'a> {
    fn begin(node: &'a Value, timeline: &Timeline<'_>) -> Self {
        let dismissed = timeline.of("ReviewDismissedEvent").filter_map(|event| {
            Some((
                event.text("/review/id")?,
                event.text("/previousReviewState")?,
            ))
        });
        Self {
            author: text(node, "/author/login"),
            is_draft: was_draft(node, timeline),
            asked: BTreeSet::new(),
            has_comments: false,
            verdicts: BTreeMap::new(),
            end: None,
            dismissed: dismissed.collect(),
        }
    }

    fn status(&self) -> &'static str {
        let says = |verdict| self.verdicts.values().any(|(said, _)| *said == verdict);
        match self.end {
            Some(end) => end,
            None if self.is_draft => DRAFT,
            None if says(Verdict::ChangesRequested) => "changes requested",
            None if says(Verdict::Approved) => "approved",
            None if self.has_comments || !self.asked.is_empty() => REVIEW,
            None => super::issue::OPEN,
        }
    }

    fn take(&mut self, event: &Happening<'_>) {
        match event.what {
            "ReadyForReviewEvent" => self.is_draft = false,
            "ConvertToDraftEvent" => self.is_draft = true,
            "ReviewRequestedEvent" => self.ask(event),
            "ReviewRequestRemovedEvent" => {
                self.asked
                    .retain(|asked| Some(asked) != reviewer(event).as_ref());
            }
            "PullRequestReview" => self.review(event),
            "ReviewDismissedEvent" => {
                let review = event.text("/review/id");
                self.verdicts
                    .retain(|_, (_, of)| Some(&*of) != review.as_ref());
            }
            "MergedEvent" => self.end = Some(MERGED),
            "ClosedEvent" if self.end.is_none() => self.end = Some(super::issue::CLOSED),
            "ReopenedEvent" => self.end = None,
            _ => {}
        }
    }

    /// Who is asked again has no standing word any more.
    fn ask(&mut self, event: &Happening<'_>) {
        // Whoever asked for a review of somebody deleted since asked for one.
        let reviewer = reviewer(event).unwrap_or_default();
        self.verdicts.remove(&reviewer);
        self.asked.insert(reviewer);
    }

    fn review(&mut self, event: &Happening<'_>) {
        let author = text(event.value, "/author/login").unwrap_or_default();
        if Some(author) == self.author {
            return;
        }
        let id = event.text("/id").unwrap_or_default();
        let before = self.dismissed.get(&id).map(String::as_str);
        let state = text(event.value, "/reviewState");
        let verdict = match before.or(state) {
            Some("APPROVED") => Some(Verdict::Approved),
            Some("CHANGES_REQUESTED") => Some(Verdict::ChangesRequested),
            Some("PENDING") => return,
            _ => None,
        };
        self.asked.remove(author);
        self.has_comments = true;
        if let Some(verdict) = verdict {
            self.verdicts.insert(author.to_owned(), (verdict, id));
        }
    }
}

fn reviewer(event: &Happening<'_>) -> Option<String> {
    event.text("/requestedReviewer/login")
}

/// It began as a draft if the first thing said of it is that it is none any more.
fn was_draft(node: &Value, timeline: &Timeline<'_>) -> bool {
    let mut events = timeline.each().map(|event| event.what);
    match events.find(|what| matches!(*what, "ReadyForReviewEvent" | "ConvertToDraftEvent")) {
        Some(first) => first == "ReadyForReviewEvent",
        None => is_true(node, "/isDraft"),
    }
}

impl Reader<'_> {
    /// All that only pull requests have.
    pub(super) fn pull(
        &self,
        tale: &mut Tale,
        node: &Value,
        timeline: &Timeline<'_>,
        updated: Millis,
    ) {
        let (turns, last) = turns(node, timeline);
        let now = match text(node, "/pullState") {
            Some(MERGED_STATE) => Some(MERGED),
            Some("CLOSED") => Some(super::issue::CLOSED),
            Some(_) if is_true(node, "/isDraft") => Some(DRAFT),
            Some(_) if matches!(last, MERGED | super::issue::CLOSED | DRAFT) => {
                Some(super::issue::OPEN)
            }
            _ => Some(last),
        };
        tale.statuses(now, &turns, updated);
        self.fixed(tale, "type", Some(fact::TYPE), "pull request");
        self.origin(tale, node);
        closes(tale, node);
        merge(tale, node, self);
    }

    /// Where it comes from and what it speaks of.
    fn origin(&self, tale: &mut Tale, node: &Value) {
        let branch = text(node, "/headRefName");
        if let Some(branch) = branch {
            self.fixed(tale, "branch", Some("branch"), branch);
        }
        if let Some(base) = text(node, "/baseRefName") {
            self.fixed(tale, "base", Some("base"), base);
        }
        let texts = [text(node, "/title"), branch, text(node, "/body")];
        let whole = text(node, "/repository/nameWithOwner").unwrap_or_default();
        if let Some(mentions) = self.mentions(whole, &texts) {
            self.fixed(tale, "mentions", Some("mentions"), &mentions);
        }
    }
}

/// The moves, and the status they lead to.
fn turns(node: &Value, timeline: &Timeline<'_>) -> (Vec<Turn>, &'static str) {
    let mut reviewing = Reviewing::begin(node, timeline);
    let mut held = reviewing.status();
    let is_merged = text(node, "/pullState") == Some(MERGED_STATE);
    let reopened = timeline.of("ReopenedEvent").last().map(|event| event.at);
    let mut turns = Vec::new();
    for event in timeline.each() {
        // Merging closes, a second before or after.
        let is_last = reopened.is_none_or(|reopened| reopened < event.at);
        if event.what == "ClosedEvent" && is_merged && is_last {
            continue;
        }
        reviewing.take(event);
        let new = reviewing.status();
        if new != held {
            turns.push(Turn {
                moment: event.moment("status", 0),
                old: Some(held.to_owned()),
                new: Some(new.to_owned()),
            });
            held = new;
        }
    }
    (turns, held)
}

/// The issues that merging it closes.
fn closes(tale: &mut Tale, node: &Value) {
    let issues = list(node, "/closingIssuesReferences/nodes");
    let ids: BTreeSet<String> = issues.filter_map(|issue| referenced(issue, "")).collect();
    for id in ids {
        tale.tied("closes", &id);
    }
}

/// The commit that it was merged by.
fn merge(tale: &mut Tale, node: &Value, reader: &Reader<'_>) {
    let (Some(sha), Some(at)) = (text(node, "/mergeCommit/oid"), instant(node, "/mergedAt")) else {
        return;
    };
    let Some(fact) = reader.facts.of(&["sha"], Some("sha")) else {
        return;
    };
    let change = Change::Set {
        fact,
        old: None,
        new: Some(sha.to_owned()),
    };
    let moment = Moment::part("merge.sha", at, 0, 0);
    tale.happened(&moment, change);
}
