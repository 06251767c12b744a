//! Names of fields within fields: what `issue.fields.status.name` is about is the status.

/// What things are wrapped in.
const WRAPPERS: [&str; 14] = [
    "issue",
    "item",
    "work item",
    "ticket",
    "card",
    "story",
    "task",
    "case",
    "fields",
    "attributes",
    "properties",
    "data",
    "payload",
    "object",
];
/// What says no more than that a thing has a name.
const NAMING: [&str; 7] = [
    "name",
    "display name",
    "username",
    "user name",
    "login",
    "value",
    "label",
];

/// The name in plain words without what it is wrapped in, if it is wrapped.
pub(super) fn unwrapped(header: &str) -> Option<String> {
    let parts = header.split('.').map(super::undressed);
    let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    let mut inner = parts.as_slice();
    while let [first, rest @ ..] = inner
        && !rest.is_empty()
        && WRAPPERS.contains(&first.as_str())
    {
        inner = rest;
    }
    while let [rest @ .., last] = inner
        && !rest.is_empty()
        && NAMING.contains(&last.as_str())
    {
        inner = rest;
    }
    (inner.len() < parts.len()).then(|| inner.join(" "))
}

#[cfg(test)]
mod tests {
    use super::unwrapped;

    #[test]
    fn wrappings_are_taken_off() {
        for (header, want) in [
            ("issue.fields.status.name", Some("status")),
            ("assignee.displayName", Some("assignee")),
            ("data.id", Some("id")),
            ("issue.milestone.title", Some("milestone title")),
            ("status", None),
            ("Issue Nr.", None),
            ("milestone.title", None),
            ("issue", None),
            ("name", None),
            ("", None),
        ] {
            assert_eq!(unwrapped(header).as_deref(), want, "{header}");
        }
    }
}
