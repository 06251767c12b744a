//! Finding the fields that changes name without reading every issue: as text, where that is sure.

use std::cell::RefCell;

use memchr::memmem::{self, Finder};
use serde::de::DeserializeSeed;

use super::super::fields::CUSTOM;
use super::super::lenient::One;
use super::glance::{Change, Glance};

/// What a glance at all issues would find of fields and of the address; `None` if only that can say:
/// names are listed beside the issues, changes of custom fields tell no ids, or an id stands where it
/// is not understood.
pub(super) fn at(text: &str) -> Option<Glance> {
    let has = |word: &str| memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    if has("\"names\"") || has("\"schema\"") {
        return None;
    }
    let mut changes = 0;
    let found = RefCell::new(Glance::default());
    let id_begins = format!("\"{CUSTOM}");
    let mut met = rustc_hash::FxHashSet::default();
    for at in Finder::new(&id_begins).find_iter(text.as_bytes()) {
        let (before, after) = text.split_at_checked(at)?;
        let id = after.get(1..)?.split('"').next()?;
        if !is_of_change(before) {
            continue;
        }
        changes += 1;
        if !met.contains(id) {
            let change = change_around(before, text, &found)?;
            met.insert((change.id.as_deref() == Some(id)).then_some(id)?);
        }
    }
    // Each is of the type "custom"; where more are, some tell no id.
    if changes != memmem::find_iter(text.as_bytes(), b"\"custom\"").count() {
        return None;
    }
    let mut found = found.into_inner();
    if let Some(at) = memmem::find(text.as_bytes(), b"\"self\"") {
        let place = text.get(at + 6..)?.split('"').nth(1)?;
        found.learn_place(place);
    }
    Some(found)
}

/// Whether what follows is the value of a change's `fieldId`.
fn is_of_change(before: &str) -> bool {
    let name = before.trim_end().strip_suffix(':').map(str::trim_end);
    name.is_some_and(|name| name.ends_with("\"fieldId\""))
}

/// The change that is open where `before` ends.
fn change_around<'t>(before: &str, text: &'t str, found: &RefCell<Glance>) -> Option<Change<'t>> {
    let begin = before.rfind('{')?;
    let mut json = serde_json::Deserializer::from_str(text.get(begin..)?);
    let change = One::<Change<'t>, _>::by(found)
        .deserialize(&mut json)
        .ok()?;
    change.name.is_some().then_some(change)
}

#[cfg(test)]
mod tests {
    use super::super::glance;
    use super::at;

    const FLAG: &str =
        r#"{"field": "Flagged", "fieldtype": "custom", "fieldId": "customfield_1", "to": "{"}"#;

    fn issue(items: &str) -> String {
        format!(
            r#"[{{"id": "1", "self": "https://a.example/rest/api/2/issue/1", "key": "A-1",
                "fields": {{"customfield_1": null, "customfield_9": "x"}},
                "changelog": {{"histories": [{{"id": "7", "items": [{items}]}}]}}}}]"#
        )
    }

    /// What is found quickly is what a glance at all finds.
    #[test]
    fn fields_are_found_as_a_glance_finds_them() {
        let other = r#"{"fieldId" : "customfield_2","field":"Ät","fieldtype":"custom"}"#;
        for items in [
            FLAG.to_owned(),
            format!("{FLAG}, {other}, {FLAG}"),
            r#"{"field": "status", "fieldId": "status"}"#.to_owned(),
        ] {
            let text = issue(&items);
            let (quick, whole) = (at(&text).unwrap(), glance::at(&text));
            assert_eq!(quick.catalogue(), whole.catalogue(), "{items}");
            let page = |glance: &glance::Glance| glance.address.as_ref().unwrap().page_of("A-1");
            assert_eq!(page(&quick), page(&whole));
        }
    }

    #[test]
    fn what_is_not_sure_is_left_to_a_glance_at_all() {
        let names = format!("{{\"issues\": {}, \"names\": {{}}}}", issue(FLAG));
        assert!(at(&names).is_none());
        let no_id = r#"{"field": "Flagged", "fieldtype": "custom"}"#;
        assert!(at(&issue(no_id)).is_none());
        // The brace before the id is one of a text, or of something within.
        for begin in [r#"{"field": "a { b","#, r#"{"field": "a", "x": {},"#] {
            let odd =
                format!("{begin} \"fieldtype\": \"custom\", \"fieldId\": \"customfield_1\"}}");
            assert!(at(&issue(&odd)).is_none(), "{odd}");
        }
    }
}
