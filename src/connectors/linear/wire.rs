//! What Linear is asked in GraphQL.
//!
//! Linear counts a query before it answers: a tenth of a point for a value, a point for an object,
//! and what a list holds times the rows it is asked for; 10,000 points are the most of a query, and
//! an hour's are limited too. So histories are asked for in short pages, twenty issues at once, and
//! those few that are longer are followed alone. Ids stand for what has a name elsewhere.

use serde_json::{Value, json};

use super::super::http::Query;
use super::super::sync::Question;

/// Issues whose histories are asked for at once.
pub(super) const TOGETHER: usize = 20;

/// Rows of a page of the list.
pub(super) const PAGE: u64 = 220;

/// Whose key it is.
pub(super) const VIEWER: &str = "query Viewer { viewer { id displayName } }";

/// Which of the teams that a query names there are.
pub(super) const TEAMS: &str = "query Teams($keys: [String!]) {
  teams(first: 100, filter: { key: { in: $keys } }) { nodes { id key name } }
}";

/// The list: ids and updates, the earliest update first.
pub(super) const LIST: &str = "query List($filter: IssueFilter, $after: String, $first: Int!) {
  issues(filter: $filter, after: $after, first: $first, includeArchived: true,
         sort: [{ updatedAt: { order: Ascending } }]) {
    nodes { id updatedAt }
    pageInfo { hasNextPage endCursor }
  }
}";

/// The names of statuses and of their teams.
pub(super) const STATES: &str = "query States($after: String) {
  workflowStates(first: 100, after: $after, includeArchived: true) {
    nodes { id name type team { id name } }
    pageInfo { hasNextPage endCursor }
  }
}";

/// The names of labels and of their groups.
pub(super) const LABELS: &str = "query Labels($after: String) {
  issueLabels(first: 250, after: $after, includeArchived: true) {
    nodes { id name parent { name } }
    pageInfo { hasNextPage endCursor }
  }
}";

macro_rules! entry {
    () => {
        "nodes { id createdAt fromStateId toStateId addedLabelIds removedLabelIds
          fromParentId toParentId fromTeamId toTeamId fromTitle toTitle
          fromPriority toPriority fromEstimate toEstimate fromDueDate toDueDate
          archived trashed
          fromAssignee { displayName } toAssignee { displayName }
          fromCycle { name number } toCycle { name number }
          fromProject { name } toProject { name }
          fromProjectMilestone { name } toProjectMilestone { name } }
        pageInfo { hasNextPage endCursor }"
    };
}

macro_rules! span {
    () => {
        "nodes { id startedAt endedAt stateId } pageInfo { hasNextPage endCursor }"
    };
}

macro_rules! relation {
    () => {
        "nodes { id type createdAt issue { id } relatedIssue { id } }
         pageInfo { hasNextPage endCursor }"
    };
}

macro_rules! follow {
    ($name:literal, $fields:expr) => {
        concat!(
            "query Follow($id: String!, $after: String) { issue(id: $id) { id ",
            $name,
            "(first: 50, after: $after) { ",
            $fields,
            " } } }"
        )
    };
}

/// Some issues with the beginnings of their histories.
pub(super) const ISSUES: &str = concat!(
    "query Issues($ids: [ID!]!, $first: Int!) {
  issues(filter: { id: { in: $ids } }, first: $first, includeArchived: true) {
    nodes {
      id identifier title url createdAt updatedAt archivedAt trashed dueDate estimate priority
      sortOrder slaBreachesAt labelIds
      state { id name } team { id name key } assignee { displayName } creator { displayName }
      delegate { displayName } cycle { name number } parent { id } projectMilestone { name }
      project { name initiatives(first: 3) { nodes { name } } }
      history(first: 15) { ",
    entry!(),
    " }
      stateHistory(first: 12) { ",
    span!(),
    " }
      relations(first: 5) { ",
    relation!(),
    " }
      inverseRelations(first: 5) { ",
    relation!(),
    " }
    }
  }
}"
);

/// The lists of an issue that may be longer than what [`ISSUES`] asks for, and how they are followed.
pub(super) const FOLLOWED: [(&str, &str); 4] = [
    ("history", follow!("history", entry!())),
    ("stateHistory", follow!("stateHistory", span!())),
    ("relations", follow!("relations", relation!())),
    ("inverseRelations", follow!("inverseRelations", relation!())),
];

/// A page of the list.
pub(super) fn list(filter: &Value, question: &Question) -> Query {
    let mut filter = filter.clone();
    if let Some(since) = question.since {
        filter["updatedAt"] = json!({"gte": since.rfc3339()});
    }
    let after = &question.next;
    Query {
        text: LIST,
        variables: json!({"filter": filter, "after": after, "first": PAGE}),
    }
}

/// Some issues with their histories.
pub(super) fn issues(ids: &[String]) -> Query {
    Query {
        text: ISSUES,
        variables: json!({"ids": ids, "first": ids.len()}),
    }
}

/// A page of something that is listed whole.
pub(super) fn names(text: &'static str, after: Option<&str>) -> Query {
    Query {
        text,
        variables: json!({ "after": after }),
    }
}

/// What follows in one of an issue's lists.
pub(super) fn follow(text: &'static str, id: &str, after: &str) -> Query {
    Query {
        text,
        variables: json!({"id": id, "after": after}),
    }
}

#[cfg(test)]
mod tests {
    use super::{FOLLOWED, ISSUES, LABELS, LIST, STATES, TEAMS, TOGETHER, VIEWER};

    /// What one query costs: each value a tenth, each object one, times the rows of the lists
    /// around it.
    fn points(text: &str, variables: &[(&str, f64)]) -> f64 {
        let body = text.split_once('{').unwrap().1;
        let mut rows = vec![1.0];
        let mut sum = 0.0;
        let mut next = 1.0;
        let mut rest = body;
        while let Some(at) = rest.find(|letter: char| !letter.is_whitespace()) {
            rest = &rest[at..];
            if let Some(after) = rest.strip_prefix('(') {
                let (arguments, after) = split_arguments(after);
                if let Some((_, first)) = arguments.split_once("first: ") {
                    let first = first.split([',', ')', ' ']).next().unwrap();
                    let named = variables.iter().find(|(name, _)| first == *name);
                    next = named.map_or_else(|| first.parse().unwrap(), |(_, value)| *value);
                }
                rest = after;
            } else if let Some(after) = rest.strip_prefix('{') {
                // The object was counted as a value.
                let around: f64 = rows.iter().product();
                sum += around * 0.9;
                rows.push(next);
                next = 1.0;
                rest = after;
            } else if let Some(after) = rest.strip_prefix('}') {
                rows.pop();
                rest = after;
            } else {
                let end = rest.find(|letter: char| !letter.is_alphanumeric()).unwrap();
                sum += rows.iter().product::<f64>() * 0.1;
                rest = &rest[end..];
            }
        }
        sum
    }

    fn split_arguments(text: &str) -> (&str, &str) {
        let end = text.find(')').unwrap();
        (&text[..end], &text[end + 1..])
    }

    #[test]
    fn no_query_costs_more_than_linear_allows() {
        let together = f64::from(u32::try_from(TOGETHER).unwrap());
        for text in [VIEWER, TEAMS, LIST, STATES, LABELS, ISSUES] {
            let points = points(
                text,
                &[("$first", if text == ISSUES { together } else { 220.0 })],
            );
            assert!(points < 9_000.0, "{points}: {text}");
        }
        for (_, text) in FOLLOWED {
            assert!(points(text, &[]) < 9_000.0);
        }
        // Twenty issues an answer: ten thousand within an hour's three million points.
        let whole = points(ISSUES, &[("$first", together)]);
        assert!(whole / together * 10_000.0 < 3_000_000.0, "{whole}");
    }
}
