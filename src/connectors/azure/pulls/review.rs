//! The statuses of a pull request, from the threads of its conversation: draft, open, review, waiting
//! for the author, approved, merged, closed.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::super::record::Record;
use crate::model::time::Millis;

/// Statuses.
const DRAFT: &str = "draft";
const OPEN: &str = "open";
const REVIEW: &str = "review";
const WAITING: &str = "waiting for author";
const APPROVED: &str = "approved";
const MERGED: &str = "merged";
const CLOSED: &str = "closed";

/// A pull request came to another status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// The thread that tells.
    pub(super) id: String,
    pub(super) at: Millis,
    pub(super) to: &'static str,
}

/// All of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Review {
    pub(super) first: &'static str,
    pub(super) steps: Vec<Step>,
}

/// What a thread tells.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Said {
    /// Someone voted: 10 and 5 approve, 0 takes back, -5 and -10 wait for the author.
    Vote(String, i64),
    /// It became a draft, or is none any more.
    Draft(bool),
    /// It was closed, or opened again.
    Status(Option<&'static str>),
    /// Someone other than its author commented.
    Comment,
}

/// Where it stands.
#[derive(Debug, Default)]
struct Standing {
    votes: BTreeMap<String, i64>,
    is_draft: bool,
    is_reviewed: bool,
    end: Option<&'static str>,
}

impl Standing {
    fn hear(&mut self, said: Said) {
        match said {
            Said::Vote(who, vote) => {
                self.votes.insert(who, vote);
                self.is_reviewed = true;
            }
            Said::Draft(is_draft) => self.is_draft = is_draft,
            Said::Status(end) => self.end = end,
            Said::Comment => self.is_reviewed = true,
        }
    }

    fn status(&self) -> &'static str {
        let any = |holds: fn(&i64) -> bool| self.votes.values().any(holds);
        match self.end {
            Some(end) => end,
            None if self.is_draft => DRAFT,
            None if any(|vote| *vote < 0) => WAITING,
            None if any(|vote| *vote > 0) => APPROVED,
            None if self.is_reviewed => REVIEW,
            None => OPEN,
        }
    }
}

impl Review {
    /// The statuses of a pull request that came to be at `born`.
    pub(super) fn read(record: &Value, threads: &[Value], born: Millis) -> Self {
        let author = record.text("createdBy.id");
        let mut told: Vec<(Millis, String, Said)> = threads
            .iter()
            .filter_map(|thread| hear(thread, author.as_deref()))
            .filter(|(at, ..)| *at >= born)
            .collect();
        told.extend(end(record));
        told.sort_by_key(|(at, ..)| *at);
        let mut standing = Standing {
            is_draft: began_as_draft(record, &told),
            ..Standing::default()
        };
        let first = standing.status();
        let mut steps: Vec<Step> = Vec::new();
        for (at, id, said) in told {
            standing.hear(said);
            let to = standing.status();
            if to != steps.last().map_or(first, |step| step.to) {
                steps.push(Step { id, at, to });
            }
        }
        Self { first, steps }
    }
}

/// What it was before it first changed that; what it is where it never did.
fn began_as_draft(record: &Value, told: &[(Millis, String, Said)]) -> bool {
    let first = told.iter().find_map(|(.., said)| match said {
        Said::Draft(is_draft) => Some(!is_draft),
        _ => None,
    });
    first.unwrap_or_else(|| record.is("isDraft"))
}

/// The record itself knows best when it was closed, and how.
fn end(record: &Value) -> Option<(Millis, String, Said)> {
    let end = ended(&record.text("status")?)?;
    let at = record.instant("closedDate")?;
    Some((at, format!("closed.{}", at.0), Said::Status(Some(end))))
}

fn ended(status: &str) -> Option<&'static str> {
    match status.to_lowercase().as_str() {
        "completed" => Some(MERGED),
        "abandoned" => Some(CLOSED),
        _ => None,
    }
}

fn hear(thread: &Value, author: Option<&str>) -> Option<(Millis, String, Said)> {
    let at = thread.instant("publishedDate")?;
    let id = format!("thread.{}", thread.number("id")?);
    let said = match property(thread, "CodeReviewThreadType").as_deref() {
        Some("VoteUpdate") => {
            let vote = property(thread, "CodeReviewVoteResult")?.parse().ok()?;
            Said::Vote(voter(thread), vote)
        }
        Some("IsDraftUpdate") => {
            let set = property(thread, "CodeReviewIsDraftNowSet")?;
            Said::Draft(set.eq_ignore_ascii_case("true"))
        }
        Some("StatusUpdate") => Said::Status(ended(&property(thread, "CodeReviewStatus")?)),
        Some(_) => return None,
        None => comment(thread, author)?,
    };
    Some((at, id, said))
}

fn voter(thread: &Value) -> String {
    let named = property(thread, "CodeReviewVotedByIdentity");
    let identity = named.map(|name| thread.at("identities").at(&name).text("id"));
    let told = || property(thread, "CodeReviewVotedByTfId");
    identity.flatten().or_else(told).unwrap_or_default()
}

fn comment(thread: &Value, author: Option<&str>) -> Option<Said> {
    let comments = thread.list("comments").iter();
    let mut written =
        comments.filter(|comment| comment.text("commentType").as_deref() != Some("system"));
    let is_others = written.next()?.text("author.id").as_deref() != author;
    is_others.then_some(Said::Comment)
}

/// Properties are sent as records of a type and a value, or plainly.
fn property(thread: &Value, name: &str) -> Option<String> {
    let property = thread.at("properties").at(name);
    property
        .text("$value")
        .or_else(|| thread.at("properties").text(name))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Review;
    use crate::model::time::Millis;

    fn at(minute: u32) -> String {
        format!("2026-03-01T10:{minute:02}:00Z")
    }

    fn thread(id: u64, minute: u32, properties: &[(&str, &str)]) -> Value {
        let sent: serde_json::Map<String, Value> = properties
            .iter()
            .map(|(name, value)| {
                (
                    (*name).to_owned(),
                    json!({"$type": "System.String", "$value": value}),
                )
            })
            .collect();
        json!({"id": id, "publishedDate": at(minute), "properties": sent, "identities": {
            "1": {"id": "eve"}, "2": {"id": "bob"}}})
    }

    fn vote(id: u64, minute: u32, who: &str, result: &str) -> Value {
        thread(
            id,
            minute,
            &[
                ("CodeReviewThreadType", "VoteUpdate"),
                ("CodeReviewVoteResult", result),
                ("CodeReviewVotedByIdentity", who),
            ],
        )
    }

    fn comment(id: u64, minute: u32, who: &str, kind: &str) -> Value {
        json!({"id": id, "publishedDate": at(minute), "properties": null, "comments": [
            {"id": 1, "author": {"id": who}, "commentType": kind}]})
    }

    /// Minutes and statuses.
    fn told(record: &Value, threads: &[Value]) -> Vec<(i64, &'static str)> {
        let born = Millis::parse(&at(0)).unwrap();
        let review = Review::read(record, threads, born);
        let steps = review
            .steps
            .iter()
            .map(|step| ((step.at.0 - born.0) / 60_000, step.to));
        std::iter::once((0, review.first)).chain(steps).collect()
    }

    #[test]
    fn votes_and_comments_of_others_are_review() {
        let record =
            json!({"status": "completed", "closedDate": at(50), "createdBy": {"id": "ann"}});
        let threads = [
            comment(1, 5, "ann", "text"),
            comment(2, 7, "bob", "system"),
            comment(3, 10, "bob", "text"),
            vote(4, 20, "1", "-5"),
            vote(5, 30, "2", "10"),
            vote(6, 40, "1", "5"),
            thread(
                7,
                50,
                &[
                    ("CodeReviewThreadType", "StatusUpdate"),
                    ("CodeReviewStatus", "Completed"),
                ],
            ),
            thread(8, 51, &[("CodeReviewThreadType", "RefUpdate")]),
        ];
        let expected = [
            (0, "open"),
            (10, "review"),
            (20, "waiting for author"),
            (40, "approved"),
            (50, "merged"),
        ];
        assert_eq!(told(&record, &threads), expected);
    }

    #[test]
    fn a_draft_is_one_until_it_is_published() {
        let draft = |id, minute, set| {
            thread(
                id,
                minute,
                &[
                    ("CodeReviewThreadType", "IsDraftUpdate"),
                    ("CodeReviewIsDraftNowSet", set),
                ],
            )
        };
        let record = json!({"status": "active", "isDraft": false});
        let threads = [draft(1, 10, "False")];
        assert_eq!(told(&record, &threads), [(0, "draft"), (10, "open")]);
        let again = json!({"status": "active", "isDraft": true});
        let threads = [draft(2, 20, "True")];
        assert_eq!(told(&again, &threads), [(0, "open"), (20, "draft")]);
        assert_eq!(told(&again, &[]), [(0, "draft")]);
    }

    #[test]
    fn one_that_was_abandoned_may_be_opened_again() {
        let status = |id, minute, status| {
            thread(
                id,
                minute,
                &[
                    ("CodeReviewThreadType", "StatusUpdate"),
                    ("CodeReviewStatus", status),
                ],
            )
        };
        let record = json!({"status": "active"});
        let threads = [status(1, 10, "Abandoned"), status(2, 20, "Active")];
        assert_eq!(
            told(&record, &threads),
            [(0, "open"), (10, "closed"), (20, "open")]
        );
    }

    #[test]
    fn a_vote_that_is_taken_back_counts_no_more() {
        let record = json!({"status": "active"});
        let threads = [
            vote(1, 10, "1", "10"),
            vote(2, 20, "1", "0"),
            json!({"odd": true}),
            json!(null),
        ];
        assert_eq!(
            told(&record, &threads),
            [(0, "open"), (10, "approved"), (20, "review")]
        );
    }
}
