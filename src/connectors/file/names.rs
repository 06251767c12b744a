//! What the headers of event logs call things, in the words of many tools and three languages.

mod nested;

use crate::model::event::fact;

/// Names of the column that says which item, the surest first.
pub(super) const ITEM: &[&str] = &[
    "case concept name",
    "case id",
    "caseid",
    "case",
    "case key",
    "trace id",
    "item id",
    "item",
    "item key",
    "issue id",
    "issue key",
    "issue",
    "issue number",
    "work item id",
    "work item",
    "workitem",
    "ticket id",
    "ticket key",
    "ticket",
    "ticket number",
    "story id",
    "story",
    "task id",
    "task",
    "card id",
    "card",
    "incident id",
    "incident",
    "incident number",
    "request id",
    "process instance",
    "order id",
    "id",
    "key",
    "number",
    "nr",
    "no",
    "#",
    "schlüssel",
    "vorgangsschlüssel",
    "vorgangsnummer",
    "vorgangs id",
    "vorgang",
    "issue nr",
    "issue no",
    "ticketnummer",
    "ticket nr",
    "nummer",
    "aufgabe",
    "fall",
    "dossier",
    "reference",
];

/// Names of the column that says which status was entered.
pub(super) const STATUS: &[&str] = &[
    "to status",
    "new status",
    "to state",
    "new state",
    "status to",
    "state to",
    "to stage",
    "to column",
    "to",
    "new value",
    "concept name",
    "activity",
    "activity name",
    "status",
    "status name",
    "state",
    "stage",
    "step",
    "event",
    "event name",
    "column",
    "list",
    "lane",
    "phase",
    "task name",
    "aktivität",
    "zustand",
    "schritt",
    "activité",
    "statut",
    "état",
    "étape",
];

/// Names of the column that says when.
pub(super) const TIME: &[&str] = &[
    "time timestamp",
    "timestamp",
    "changed at",
    "change date",
    "changed",
    "changed date",
    "transition date",
    "moved at",
    "entered at",
    "entered",
    "event time",
    "time",
    "datetime",
    "date time",
    "start timestamp",
    "start time",
    "start date",
    "start",
    "date",
    "when",
    "occurred at",
    "at",
    "created at",
    "created",
    "complete timestamp",
    "end timestamp",
    "end time",
    "zeitpunkt",
    "zeitstempel",
    "zeit",
    "datum",
    "geändert",
    "horodatage",
    "heure",
];

/// Names of the column that tells the beginning of an activity from its end.
pub(super) const LIFECYCLE: &[&str] = &[
    "lifecycle transition",
    "lifecycle",
    "registration type",
    "transition",
    "event type",
    "transaction type",
    "life cycle",
    "lifecycle state",
];

/// Facts by the names of their columns.
const FACTS: &[(&str, &[&str])] = &[
    (
        fact::TYPE,
        &[
            "type",
            "kind",
            "issue type",
            "issuetype",
            "item type",
            "work item type",
            "ticket type",
            "tracker",
            "typ",
            "vorgangstyp",
            "issuetyp",
            "art",
        ],
    ),
    (
        fact::TEAM,
        &[
            "team",
            "group",
            "workgroup",
            "work group",
            "org group",
            "squad",
            "assignment group",
            "support group",
            "area path",
            "department",
            "component",
            "gruppe",
            "équipe",
        ],
    ),
    (
        fact::ASSIGNEE,
        &[
            "assignee",
            "assigned to",
            "assignedto",
            "resource",
            "org resource",
            "employee",
            "owner",
            "performer",
            "agent",
            "worker",
            "responsible",
            "user",
            "person",
            "bearbeiter",
            "ressource",
        ],
    ),
    (
        fact::TITLE,
        &[
            "title",
            "subject",
            "summary",
            "headline",
            "name",
            "item name",
            "titel",
            "zusammenfassung",
            "betreff",
            "thema",
            "titre",
            "sujet",
        ],
    ),
    (fact::URL, &["url", "link", "href", "web url", "html url"]),
    (
        fact::KEY,
        &["key", "issue key", "item key", "ticket key", "case key"],
    ),
    (fact::LABEL, &["label", "labels", "tag", "tags"]),
    (
        fact::PRIORITY,
        &["priority", "prio", "severity", "priorität", "priorité"],
    ),
    (
        fact::PARENT,
        &[
            "parent",
            "parent id",
            "parent key",
            "epic",
            "epic link",
            "feature",
        ],
    ),
    (
        fact::DUE,
        &["due", "due date", "duedate", "deadline", "fällig"],
    ),
    (
        fact::ESTIMATE,
        &[
            "estimate",
            "story points",
            "points",
            "storypoints",
            "effort",
            "size",
        ],
    ),
    (
        fact::PROJECT,
        &[
            "project",
            "project key",
            "board",
            "repository",
            "projekt",
            "projet",
        ],
    ),
    (fact::RESOLUTION, &["resolution", "close reason"]),
    (fact::RANK, &["rank"]),
];

/// A header in lower case, with single spaces for all that is neither letter nor digit, and a
/// space where `camelCase` has a capital; one of signs alone, like `#`, as it stands.
pub(super) fn plain(header: &str) -> String {
    let plain = undressed(header);
    if plain.is_empty() {
        return header.trim().to_owned();
    }
    plain
}

fn undressed(header: &str) -> String {
    let mut plain = String::with_capacity(header.len());
    let mut after_lower = false;
    for letter in header.chars() {
        let joins = !letter.is_alphanumeric() || (letter.is_uppercase() && after_lower);
        if joins && !plain.ends_with(' ') && !plain.is_empty() {
            plain.push(' ');
        }
        if letter.is_alphanumeric() {
            plain.extend(letter.to_lowercase());
        }
        after_lower = letter.is_lowercase();
    }
    plain.truncate(plain.trim_end().len());
    plain
}

/// The place of a header in a list of names, the surest 0. What a name is wrapped in makes it less
/// sure than all that are not.
pub(super) fn rank(header: &str, names: &[&str]) -> Option<usize> {
    let place = |plain: &str| names.iter().position(|name| *name == plain);
    let wrapped = || Some(place(&nested::unwrapped(header)?)? + names.len());
    place(&plain(header)).or_else(wrapped)
}

/// The fact that a header names.
pub(super) fn fact_named(header: &str) -> Option<&'static str> {
    let named = |plain: &str| FACTS.iter().find(|(_, names)| names.contains(&plain));
    let known = named(&plain(header)).or_else(|| named(&nested::unwrapped(header)?));
    known.map(|(name, _)| *name)
}

/// The place of a header among the names of a fact, the surest 0.
pub(super) fn fact_rank(header: &str, fact: &str) -> usize {
    let known = FACTS.iter().find(|(name, _)| *name == fact);
    known
        .and_then(|(_, names)| rank(header, names))
        .unwrap_or(usize::MAX)
}

/// Whether a header names the status an item came from.
pub(super) fn is_origin(header: &str) -> bool {
    let unwrapped = nested::unwrapped(header);
    let plain = unwrapped.unwrap_or_else(|| plain(header));
    let (first, rest) = plain.split_once(' ').unwrap_or((&plain, ""));
    let origin = ["from", "old", "previous", "prev", "before", "von", "ancien"].contains(&first);
    let of = [
        "", "status", "state", "stage", "column", "activity", "value", "list", "string",
    ];
    (origin && of.contains(&rest)) || plain == "status from" || plain == "state from"
}

/// What a column of dates says happened then, if it is a step of the work: "Closed Date" and
/// `closed_at` are "Closed". `None` for dates that are no step (due, last viewed).
pub(super) fn step_of(header: &str) -> Option<String> {
    let plain = plain(header);
    let words: Vec<&str> = plain.split(' ').collect();
    let no_step = [
        "due",
        "deadline",
        "target",
        "planned",
        "updated",
        "changed",
        "modified",
        "viewed",
        "last",
        "estimated",
        "expected",
        "forecast",
        "birth",
        "fällig",
        "geändert",
        "baseline",
        "sla",
    ];
    if words.iter().any(|word| no_step.contains(word)) {
        return None;
    }
    let filler = [
        "date",
        "datetime",
        "time",
        "timestamp",
        "at",
        "on",
        "of",
        "utc",
        "datum",
    ];
    let kept: Vec<&str> = header
        .split(|letter: char| letter.is_whitespace() || letter == '_')
        .flat_map(|word| word.split("Date"))
        .filter(|word| !word.is_empty() && !filler.contains(&word.to_lowercase().as_str()))
        .collect();
    let name = kept.join(" ");
    let mut letters = name.chars();
    let first = letters.next()?;
    Some(first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::{ITEM, fact_named, is_origin, plain, rank, step_of};

    #[test]
    fn headers_are_compared_without_their_dress() {
        assert_eq!(plain("Item_ID"), "item id");
        assert_eq!(plain("lifecycle:transition"), "lifecycle transition");
        assert_eq!(plain(" toStatus "), "to status");
        assert_eq!(plain("ID"), "id");
        assert_eq!(fact_named("Issue Type"), Some("type"));
        assert_eq!(fact_named("Story Points"), Some("estimate"));
        assert_eq!(fact_named("colour"), None);
        assert_eq!(fact_named("Zusammenfassung"), Some("title"));
        assert_eq!(fact_named("Vorgangstyp"), Some("type"));
        for header in ["#", "Issue-Nr", "Issue Nr.", "Vorgangs-ID", "Schlüssel"] {
            assert!(rank(header, ITEM).is_some(), "{header}");
        }
        assert_eq!(
            fact_named("issue.fields.assignee.displayName"),
            Some("assignee")
        );
        assert_eq!(fact_named("milestone.title"), None);
        let nested = rank("issue.status.name", super::STATUS);
        assert!(nested > rank("status", super::STATUS) && nested.is_some());
        assert!(is_origin("from.name"));
        assert!(is_origin("from_status") && is_origin("Old Value") && is_origin("From"));
        assert!(!is_origin("From Address") && !is_origin("to_status"));
    }

    #[test]
    fn dates_name_the_step_they_date() {
        for (header, step) in [
            ("Closed Date", Some("Closed")),
            ("closed_at", Some("Closed")),
            ("ActivatedDate", Some("Activated")),
            ("In Progress", Some("In Progress")),
            ("date of approval", Some("Approval")),
            ("Due Date", None),
            ("Last Viewed", None),
            ("Date", None),
        ] {
            assert_eq!(step_of(header).as_deref(), step, "{header}");
        }
    }
}
