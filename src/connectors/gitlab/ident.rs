//! What an artefact is called in histories: `issue/PROJECT/NUMBER`, with the project's immutable id
//! and the number within it, by which GitLab gives it alone.

use std::fmt;

use serde_json::Value;

use super::super::record::Record;
use super::query::Sort;

/// An artefact's immutable id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ident {
    pub(super) sort: Sort,
    /// The project's id; an epic's group's.
    pub(super) place: u64,
    /// The number within it; a deployment's id.
    pub(super) number: u64,
}

impl Ident {
    /// That of a row; `place` is where its list is, if that has a number.
    pub(super) fn of(sort: Sort, row: &Value, place: Option<u64>) -> Option<Self> {
        let (owner, number) = match sort {
            Sort::Issue | Sort::MergeRequest => (row.number("project_id"), row.number("iid")),
            Sort::Epic => (row.number("group_id"), row.number("iid")),
            Sort::Deployment => (place, row.number("id")),
        };
        Some(Self {
            sort,
            place: owner.or(place)?,
            number: number?,
        })
    }

    /// Reads what [`Ident`] writes.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('/');
        let noun = parts.next()?;
        let sort = Sort::ALL.into_iter().find(|sort| word(*sort) == noun)?;
        Some(Self {
            sort,
            place: parts.next()?.parse().ok()?,
            number: parts.next()?.parse().ok()?,
        })
    }
}

fn word(sort: Sort) -> &'static str {
    match sort {
        Sort::MergeRequest => "merge-request",
        other => other.noun(),
    }
}

impl fmt::Display for Ident {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}/{}", word(self.sort), self.place, self.number)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Ident, Sort};

    #[test]
    fn an_id_is_read_as_it_is_written() {
        let row = json!({"id": 900, "iid": 4, "project_id": 7, "group_id": 3});
        for (sort, written) in [
            (Sort::Issue, "issue/7/4"),
            (Sort::MergeRequest, "merge-request/7/4"),
            (Sort::Epic, "epic/3/4"),
            (Sort::Deployment, "deployment/8/900"),
        ] {
            let ident = Ident::of(sort, &row, Some(8)).unwrap();
            assert_eq!(ident.to_string(), written);
            assert_eq!(Ident::parse(written), Some(ident));
        }
        assert_eq!(Ident::of(Sort::Issue, &json!({"id": 900}), Some(8)), None);
        for text in ["issue/7", "isue/7/4", "issue/x/4", ""] {
            assert_eq!(Ident::parse(text), None);
        }
    }
}
