//! Whether a file holds what Jira's search answered.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde::de::MapAccess;

use super::super::json::Text;
use super::super::lenient::{Object, pass};
use super::documents::{self, Reader};

/// Names by which answers are told from other JSON.
const TELLING: [&str; 7] = [
    "id",
    "key",
    "fields",
    "changelog",
    "startAt",
    "isLast",
    "nextPageToken",
];

/// Whether a text that may be cut off begins with a page of Jira's search or a list of issues, or
/// with an issue that has its changes.
pub(crate) fn is_answer(head: &str) -> bool {
    let seen = RefCell::default();
    // That the text is cut off is no matter: what comes first tells.
    let _ = documents::read(head, &mut Look(&seen));
    let seen = seen.into_inner();
    let has = |names: &[&str]| names.iter().any(|name| seen.contains(name));
    let is_list = head.trim_start().starts_with('[') || head.contains("\"issues\"");
    if is_list && has(&["startAt", "isLast", "nextPageToken"]) {
        return true;
    }
    has(&["id", "key"]) && has(&["fields"]) && (is_list || has(&["changelog"]))
}

/// Which of them stand in the first object, and in the page around it.
type Seen<'s> = &'s RefCell<BTreeSet<&'static str>>;

struct Look<'s>(Seen<'s>);

/// An issue of which nothing is kept.
#[derive(Default)]
struct Nothing;

impl<'de> Object<'de, Seen<'_>> for Nothing {
    fn field<A: MapAccess<'de>>(
        &mut self,
        name: &Text<'de>,
        value: &mut A,
        seen: Seen<'_>,
    ) -> Result<(), A::Error> {
        let telling = TELLING.iter().find(|telling| **telling == *name);
        seen.borrow_mut().extend(telling);
        pass(value)
    }
}

impl<'s> Reader<'_> for Look<'s> {
    type By = Seen<'s>;
    type Issue = Nothing;

    fn by(&self) -> Seen<'s> {
        self.0
    }

    fn issue(&mut self, _: Nothing) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::is_answer;

    #[test]
    fn answers_are_told_from_other_json() {
        for (head, want) in [
            (r#"{"issues": [{"id": "1", "fields": {"summary"#, true),
            (r#"[{"key": "A-1", "fields": {}}, 3"#, true),
            (
                r#"[{"isLast": true, "issues": [{"key": "A-1", "fields": {}}]}]"#,
                true,
            ),
            (r#"{"startAt": 0, "total": 0, "issues": []}"#, true),
            (
                r#"{"id": "1", "changelog": {"histories": []}, "fields": {}}"#,
                true,
            ),
            (r#"{"id": "1", "fields": {"status": {"name": "x"}}}"#, false),
            (
                r#"{"issues": [{"id": 1, "tracker": {"id": 2}}], "total_count": 1}"#,
                false,
            ),
            (r#"[{"id": 1, "status": "x"}]"#, false),
            ("[1, 2]", false),
            ("{", false),
            ("id;status", false),
            ("", false),
        ] {
            assert_eq!(is_answer(head), want, "{head}");
        }
    }
}
