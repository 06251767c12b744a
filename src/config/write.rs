//! Writes sources, a stream or a view into the text of a config.
//!
//! What the user wrote stays as it is: comments, order, and every key that is not given anew.

mod source;
mod stream;
mod toml_text;
mod view;

use std::path::Path;

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table};

use super::problem::{Problem, Problems};
use super::view::View;
use super::{mask, reader};
use crate::connectors::SourceSettings;
use crate::model::stream::Stream;

const HEADER: &str = "\
# The config of weir. All keys, with their defaults, are in config.example.toml.
";

/// What to write into a config.
#[derive(Clone, Copy, Debug)]
pub struct Draft<'a> {
    /// Sources; one that the config has already, by name, is replaced.
    pub sources: &'a [SourceSettings],
    /// A stream; one of the same name is replaced but for its links.
    pub stream: &'a Stream,
    /// Why things are as they are, written as comments beside what is new: what (a status, a rule)
    /// and a sentence.
    pub reasons: &'a [(String, String)],
}

/// The text of a config with the draft in it. `existing` is the text so far, empty for a new file;
/// `path` is where the text will be kept, whose folder relative paths start at.
///
/// # Errors
/// [`Problems`] if `existing` is not TOML or has something else where sources or streams belong.
pub fn save(existing: &str, draft: &Draft<'_>, path: &Path) -> Result<String, Problems> {
    let refuse = |problem: Box<Problem>| refused(existing, path, *problem);
    let mut document = parsed(existing, path)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    if existing.trim().is_empty() {
        document.decor_mut().set_prefix(HEADER);
    }
    for settings in draft.sources {
        let table = entry(&mut document, "sources", settings.name.as_str()).map_err(refuse)?;
        source::write(table, settings, folder);
    }
    let table = entry(&mut document, "streams", &draft.stream.name).map_err(refuse)?;
    stream::write(table, draft.stream, draft.reasons);
    Ok(document.to_string())
}

/// The text of a config with a view in it; one of the same name is replaced.
///
/// # Errors
/// As [`save`].
pub fn save_view(existing: &str, view: &View, path: &Path) -> Result<String, Problems> {
    let mut document = parsed(existing, path)?;
    let table = entry(&mut document, "views", &view.name);
    let table = table.map_err(|problem| refused(existing, path, *problem))?;
    view::write(table, view);
    Ok(document.to_string())
}

fn parsed(existing: &str, path: &Path) -> Result<DocumentMut, Problems> {
    existing
        .parse()
        .map_err(|error| refused(existing, path, reader::not_toml(existing, &error)))
}

fn refused(existing: &str, path: &Path, problem: Problem) -> Problems {
    let text = mask::masked(existing, &[]);
    Problems::new(path, text, vec![problem])
}

/// The table called `name` in a list of tables; a new one at its end if there is none.
fn entry<'d>(
    document: &'d mut DocumentMut,
    list: &str,
    name: &str,
) -> Result<&'d mut Table, Box<Problem>> {
    let item = document
        .entry(list)
        .or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    let not_a_list = || {
        let what = format!("{list} is not a list of tables in this config");
        let hint = format!("write it as [[{list}]]");
        Box::new(Problem::of_file(what, hint))
    };
    *item = std::mem::take(item)
        .into_array_of_tables()
        .map(Item::ArrayOfTables)
        .map_err(|_| not_a_list())?;
    let tables = item.as_array_of_tables_mut().ok_or_else(not_a_list)?;
    let found = tables.iter().position(|table| is_called(table, name));
    let at = found.unwrap_or(tables.len());
    if found.is_none() {
        let mut table = Table::new();
        table.decor_mut().set_prefix("\n");
        table.insert("name", toml_edit::value(name));
        tables.push(table);
    }
    tables.get_mut(at).ok_or_else(not_a_list)
}

fn is_called(table: &Table, name: &str) -> bool {
    table.get("name").and_then(Item::as_str) == Some(name)
}

#[cfg(test)]
mod tests;
