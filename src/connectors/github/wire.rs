//! Reading what GitHub sends. A field that is missing, null or of another type is no value: nothing
//! is taken for granted.

use serde_json::Value;

use crate::model::time::Millis;

/// The text at a JSON pointer, if it is not empty.
pub(super) fn text<'a>(value: &'a Value, at: &str) -> Option<&'a str> {
    let text = value.pointer(at)?.as_str()?;
    (!text.is_empty()).then_some(text)
}

/// The number at a JSON pointer; big ones come as text.
pub(super) fn number(value: &Value, at: &str) -> Option<u64> {
    let found = value.pointer(at)?;
    found
        .as_u64()
        .or_else(|| found.as_str().and_then(|text| text.parse().ok()))
}

/// The instant at a JSON pointer.
pub(super) fn instant(value: &Value, at: &str) -> Option<Millis> {
    Millis::parse(text(value, at)?).filter(|at| at.is_in_range())
}

/// Whether there is a true at a JSON pointer.
pub(super) fn is_true(value: &Value, at: &str) -> bool {
    value.pointer(at).and_then(Value::as_bool) == Some(true)
}

/// The elements of the list at a JSON pointer that are not null.
pub(super) fn list<'a>(value: &'a Value, at: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    let list = value.pointer(at).and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .filter(|element| !element.is_null())
}

/// All texts of a list of objects.
pub(super) fn texts(value: &Value, at: &str, name: &str) -> Vec<String> {
    let elements = list(value, at);
    elements
        .filter_map(|element| text(element, name).map(str::to_owned))
        .collect()
}

/// The cursor after a page; `None` if it is the last.
pub(super) fn next_cursor(connection: &Value) -> Option<&str> {
    is_true(connection, "/pageInfo/hasNextPage")
        .then(|| text(connection, "/pageInfo/endCursor"))
        .flatten()
}

/// The id that weir gives an issue or a pull request: its repository's immutable number and its own.
/// GitHub's node ids have changed their form once, and the numbers of issues and pull requests are
/// counted apart; this pair never changes, whatever the repository is called.
pub(super) fn id_of(repository: u64, number: u64) -> String {
    format!("{repository}#{number}")
}

/// The id of what `value` shows at `at` with its number and repository.
pub(super) fn referenced(value: &Value, at: &str) -> Option<String> {
    let repository = number(value, &format!("{at}/repository/databaseId"))?;
    Some(id_of(repository, number(value, &format!("{at}/number"))?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{instant, list, next_cursor, number, referenced, text, texts};

    #[test]
    fn what_is_not_as_expected_is_no_value() {
        let odd = json!({"a": null, "b": 5, "c": "", "d": [null, 5, {"n": "x"}], "e": {"f": "7"}});
        assert_eq!(text(&odd, "/a"), None);
        assert_eq!(text(&odd, "/b"), None);
        assert_eq!(text(&odd, "/c"), None);
        assert_eq!(text(&odd, "/z/y"), None);
        assert_eq!(number(&odd, "/e/f"), Some(7));
        assert_eq!(number(&odd, "/d"), None);
        assert_eq!(instant(&odd, "/b"), None);
        assert_eq!(list(&odd, "/d").count(), 2);
        assert_eq!(list(&odd, "/e").count(), 0);
        assert_eq!(texts(&odd, "/d", "/n"), ["x"]);
    }

    #[test]
    fn a_connection_says_where_it_goes_on() {
        let page = |more, cursor| json!({"pageInfo": {"hasNextPage": more, "endCursor": cursor}});
        assert_eq!(next_cursor(&page(true, "c")), Some("c"));
        assert_eq!(next_cursor(&page(false, "c")), None);
        assert_eq!(next_cursor(&json!({})), None);
    }

    #[test]
    fn a_reference_is_a_repository_and_a_number() {
        let event = json!({"source": {"number": 3, "repository": {"databaseId": 9}}});
        assert_eq!(referenced(&event, "/source").as_deref(), Some("9#3"));
        assert_eq!(referenced(&event, "/subject"), None);
    }
}
