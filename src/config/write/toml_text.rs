//! Sets keys of a table and keeps the comments beside them.

use toml_edit::{Array, InlineTable, Item, Table, Value};

/// Gives a key a value; `None` takes the key away. Comments over the key and behind the old value stay.
pub(super) fn set<V: Into<Value>>(table: &mut Table, key: &str, value: Option<V>) {
    let Some(value) = value else {
        table.remove(key);
        return;
    };
    let mut value = value.into();
    match table.get_mut(key) {
        Some(old) => {
            if let Some(old) = old.as_value() {
                *value.decor_mut() = old.decor().clone();
            }
            *old = Item::Value(value);
        }
        None => {
            table.insert(key, Item::Value(value));
        }
    }
}

/// A list on one line.
pub(super) fn list<'a>(texts: impl IntoIterator<Item = &'a str>) -> Array {
    texts.into_iter().collect()
}

/// A list with a line for each table; `None` if there are none.
pub(super) fn lines(tables: Vec<InlineTable>) -> Option<Array> {
    if tables.is_empty() {
        return None;
    }
    let mut array = Array::new();
    for table in tables {
        array.push_formatted(Value::InlineTable(table).decorated("\n    ", ""));
    }
    array.set_trailing("\n");
    array.set_trailing_comma(true);
    Some(array)
}

/// A table in braces of the keys that have a value.
pub(super) fn braces<const N: usize>(keys: [(&str, Option<Value>); N]) -> InlineTable {
    let present = keys
        .into_iter()
        .filter_map(|(key, value)| Some((key, value?)));
    present.collect()
}
