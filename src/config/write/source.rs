//! One source.

use std::collections::BTreeMap;
use std::path::Path;

use toml_edit::{InlineTable, Table, Value};

use super::toml_text::{braces, list, set};
use crate::config::source::default_poll_secs;
use crate::connectors::{
    Columns, DemoSettings, FileSettings, SecretSource, SourceKind, SourceSettings, TrackerSettings,
};
use crate::model::time::{Zone, span_text};

pub(super) fn write(table: &mut Table, settings: &SourceSettings, folder: &Path) {
    set(table, "kind", Some(kind(&settings.kind)));
    match &settings.kind {
        SourceKind::Tracker(_, tracker) => write_tracker(table, tracker, folder),
        SourceKind::File(file) => write_file(table, file, folder),
        SourceKind::Demo(demo) => write_demo(table, *demo),
    }
    let seconds = i64::try_from(settings.poll_secs).unwrap_or(i64::MAX);
    let poll = (seconds != default_poll_secs(&settings.kind)).then(|| span_text(seconds));
    set(table, "poll", poll);
}

fn kind(kind: &SourceKind) -> &'static str {
    match kind {
        SourceKind::Tracker(kind, _) => kind.name(),
        SourceKind::Demo(_) => "demo",
        SourceKind::File(file) => file.format.kind(),
    }
}

fn write_tracker(table: &mut Table, tracker: &TrackerSettings, folder: &Path) {
    set(table, "url", Some(tracker.url.as_str()));
    set(table, "user", tracker.user.as_deref());
    set(table, "token", Some(secret(&tracker.token, folder)));
    let query = Some(tracker.query.as_str()).filter(|query| !query.is_empty());
    set(table, "query", query);
    set(table, "fields", fields(&tracker.fields));
    let ca_file = tracker.ca_file.as_deref();
    set(table, "ca_file", ca_file.map(|path| relative(path, folder)));
}

fn write_file(table: &mut Table, file: &FileSettings, folder: &Path) {
    set(table, "path", Some(relative(&file.path, folder)));
    set(table, "columns", columns(&file.columns));
    set(table, "time_format", file.time_format.as_deref());
    set(table, "time_zone", file.time_zone.as_ref().map(Zone::name));
    set(table, "fields", fields(&file.fields));
}

fn write_demo(table: &mut Table, demo: DemoSettings) {
    let defaults = DemoSettings::default();
    let seed = i64::try_from(demo.seed).unwrap_or(i64::MAX);
    set(table, "seed", (demo.seed != defaults.seed).then_some(seed));
    let items = i64::from(demo.items);
    set(
        table,
        "items",
        (demo.items != defaults.items).then_some(items),
    );
}

/// A path as seen from the config's folder, or as it is if it lies elsewhere.
fn relative(path: &Path, folder: &Path) -> String {
    let seen = path.strip_prefix(folder).unwrap_or(path);
    seen.display().to_string()
}

fn secret(source: &SecretSource, folder: &Path) -> InlineTable {
    let (key, place) = match source {
        SecretSource::Env(name) => ("env", name.clone()),
        SecretSource::File(path) => ("file", relative(path, folder)),
        SecretSource::Command(command) => ("command", command.clone()),
    };
    braces([(key, Some(place.into()))])
}

fn fields(fields: &BTreeMap<String, String>) -> Option<InlineTable> {
    let written = fields.iter().map(|(field, fact)| (field, fact.as_str()));
    (!fields.is_empty()).then(|| written.collect())
}

fn columns(columns: &Columns) -> Option<InlineTable> {
    let text = |column: &Option<String>| column.as_deref().map(Value::from);
    let status = match &*columns.status {
        [] => None,
        [one] => Some(Value::from(one.as_str())),
        many => Some(Value::Array(list(many.iter().map(String::as_str)))),
    };
    let written = braces([
        ("item", text(&columns.item)),
        ("status", status),
        ("time", text(&columns.time)),
        ("kind", text(&columns.kind)),
        ("team", text(&columns.team)),
        ("title", text(&columns.title)),
        ("assignee", text(&columns.assignee)),
        ("key", text(&columns.key)),
        ("url", text(&columns.url)),
    ]);
    (!written.is_empty()).then_some(written)
}
