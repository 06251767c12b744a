//! What GitLab's own notes say, in its English words; people's comments are passed over.

use serde_json::Value;

use super::super::super::record::Record;
use super::super::super::story::Moment;
use super::lifecycle::State;

/// Who comes and who goes.
pub(super) type Coming<'a> = (&'a [String], &'a [String]);

/// A note of GitLab's own that means something.
#[derive(Debug)]
pub(super) struct Note {
    pub(super) moment: Moment,
    pub(super) said: Said,
}

/// What it means. People by their user names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    Assigned {
        come: Vec<String>,
        gone: Vec<String>,
    },
    Asked {
        come: Vec<String>,
        gone: Vec<String>,
    },
    Approved(String),
    Disapproved(String),
    /// All approvals were taken back.
    Reset,
    Draft,
    Ready,
    State(State),
}

impl Said {
    /// Who came to be or was no more assigned.
    pub(super) fn assignees(&self) -> Option<Coming<'_>> {
        match self {
            Self::Assigned { come, gone } => Some((come, gone)),
            _ => None,
        }
    }

    /// Who was asked or not asked any more for a review.
    pub(super) fn reviewers(&self) -> Option<Coming<'_>> {
        match self {
            Self::Asked { come, gone } => Some((come, gone)),
            _ => None,
        }
    }

    fn read(body: &str, author: String) -> Option<Self> {
        let plain = body.replace("**", "");
        let (come, gone) = people(&plain);
        Some(match plain.as_str() {
            text if is_one(text, &["assigned to @", "unassigned @"]) => {
                Self::Assigned { come, gone }
            }
            text if is_one(
                text,
                &["requested review from", "removed review request for"],
            ) =>
            {
                Self::Asked { come, gone }
            }
            text if text.starts_with("approved this merge request") => Self::Approved(author),
            text if text.starts_with("unapproved this merge request") => Self::Disapproved(author),
            text if text.starts_with("requested changes") => Self::Disapproved(author),
            text if text.starts_with("reset approvals") => Self::Reset,
            "marked this merge request as draft" | "marked as a Work In Progress" => Self::Draft,
            "marked this merge request as ready" | "unmarked as a Work In Progress" => Self::Ready,
            "merged" => Self::State(State::Merged),
            "reopened" => Self::State(State::Open),
            text if text == "closed" || text.starts_with("closed via ") => {
                Self::State(State::Closed)
            }
            _ => return None,
        })
    }
}

fn is_one(text: &str, beginnings: &[&str]) -> bool {
    beginnings
        .iter()
        .any(|beginning| text.starts_with(beginning))
}

/// All notes that mean something.
pub(super) fn read(notes: &[Value]) -> Vec<Note> {
    notes.iter().filter_map(read_one).collect()
}

fn read_one(note: &Value) -> Option<Note> {
    if !note.is("system") {
        return None;
    }
    let (id, at) = (note.number("id")?, note.instant("created_at")?);
    let author = note.text("author.username").unwrap_or_default();
    Some(Note {
        moment: Moment::part(format!("note.{id}"), at, id, 0),
        said: Said::read(&note.text("body")?, author)?,
    })
}

/// User names behind `@`, and those of them behind "unassigned" or "removed".
fn people(text: &str) -> (Vec<String>, Vec<String>) {
    let (mut come, mut gone) = (Vec::new(), Vec::new());
    let mut leaves = false;
    for word in text.split_whitespace() {
        match word {
            "unassigned" | "removed" => leaves = true,
            "assigned" | "requested" => leaves = false,
            _ => {}
        }
        if let Some(name) = word.strip_prefix('@') {
            let name = name.trim_end_matches([',', '.']).to_owned();
            if leaves {
                gone.push(name);
            } else {
                come.push(name);
            }
        }
    }
    (come, gone)
}

#[cfg(test)]
mod tests {
    use super::{Said, State};

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn notes_are_understood() {
        let assigned = |come: &[&str], gone: &[&str]| Said::Assigned {
            come: names(come),
            gone: names(gone),
        };
        let asked = |come: &[&str], gone: &[&str]| Said::Asked {
            come: names(come),
            gone: names(gone),
        };
        for (body, said) in [
            ("assigned to @ann", assigned(&["ann"], &[])),
            (
                "assigned to @a.b, @c, and @d and unassigned @e",
                assigned(&["a.b", "c", "d"], &["e"]),
            ),
            ("unassigned @e", assigned(&[], &["e"])),
            (
                "requested review from @ann and @bob",
                asked(&["ann", "bob"], &[]),
            ),
            (
                "requested review from @ann and removed review request for @bob",
                asked(&["ann"], &["bob"]),
            ),
            ("removed review request for @bob", asked(&[], &["bob"])),
            (
                "approved this merge request",
                Said::Approved("me".to_owned()),
            ),
            (
                "unapproved this merge request",
                Said::Disapproved("me".to_owned()),
            ),
            ("requested changes", Said::Disapproved("me".to_owned())),
            (
                "reset approvals from @ann by pushing to the branch",
                Said::Reset,
            ),
            ("marked this merge request as **draft**", Said::Draft),
            ("unmarked as a **Work In Progress**", Said::Ready),
            ("closed via merge request !4", Said::State(State::Closed)),
            ("merged", Said::State(State::Merged)),
        ] {
            assert_eq!(Said::read(body, "me".to_owned()), Some(said), "{body}");
        }
        for body in [
            "mentioned in merge request !4",
            "closed the door",
            "assigned",
        ] {
            assert_eq!(Said::read(body, "me".to_owned()), None, "{body}");
        }
    }
}
