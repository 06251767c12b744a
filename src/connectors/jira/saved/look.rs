//! Whether a file holds what Jira's search answered.

use std::cell::Cell;

use serde::de::MapAccess;

use super::super::json::Text;
use super::super::lenient::{Object, pass};
use super::documents::{self, Reader};

/// Whether a text that may be cut off begins with a page of Jira's search or a list of issues, or
/// with an issue that has its changes.
pub(crate) fn is_answer(head: &str) -> bool {
    let seen = Cell::new(Seen::default());
    // That the text is cut off is no matter: what comes first tells.
    let _ = documents::read(head, &mut Look(&seen));
    let seen = seen.get();
    let is_list = head.trim_start().starts_with('[') || head.contains("\"issues\"");
    let is_issue = seen.id && seen.fields && (is_list || seen.changelog);
    is_issue || is_list && seen.page
}

/// What stands in the first object, and in the page around it.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    id: bool,
    fields: bool,
    changelog: bool,
    page: bool,
}

struct Look<'s>(&'s Cell<Seen>);

/// An issue of which nothing is kept.
#[derive(Default)]
struct Nothing;

impl<'de> Object<'de, &Cell<Seen>> for Nothing {
    fn field<A: MapAccess<'de>>(
        &mut self,
        name: &Text<'de>,
        value: &mut A,
        seen: &Cell<Seen>,
    ) -> Result<(), A::Error> {
        let mut now = seen.get();
        match name.as_ref() {
            "id" | "key" => now.id = true,
            "fields" => now.fields = true,
            "changelog" => now.changelog = true,
            "startAt" | "isLast" | "nextPageToken" => now.page = true,
            _ => {}
        }
        seen.set(now);
        pass(value)
    }
}

impl<'t, 's> Reader<'t> for Look<'s> {
    type By = &'s Cell<Seen>;
    type Issue = Nothing;

    fn by(&self) -> Self::By {
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
