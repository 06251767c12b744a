//! `weir config`: what holds and whence, whether it is right, its schema for editors.

use std::fmt::Write;
use std::path::Path;

use serde_json::{Value, json};

use super::look::Appearance;
use super::numbers::to_stdout;
use super::{Failure, Request, setup};
use crate::config::{Origin, Shown, override_by, schema, shown};

/// How to write what holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfigFormat {
    /// TOML with comments.
    Text,
    /// A list of objects.
    Json,
}

/// Writes every value that holds and whence it comes. No secret is read, and what looks like one is
/// masked.
///
/// # Errors
/// [`Failure`] if there is no config, or all that is wrong with it.
pub fn show_config(
    request: &Request,
    appearance: Appearance,
    format: ConfigFormat,
) -> Result<(), Failure> {
    let config = setup::config(request)?;
    let text = std::fs::read_to_string(&config.origin)?;
    let mut all = shown(&text, &config);
    for (key, value, flag) in said(request, appearance) {
        override_by(&mut all, key, &value, flag);
    }
    if let Some(rule) = request.clock {
        clocks(&mut all, rule.name());
    }
    to_stdout(|out| match format {
        ConfigFormat::Text => write!(out, "{}", as_text(&config.origin, &all)),
        ConfigFormat::Json => writeln!(out, "{:#}", as_json(&config.origin, &all)),
    })
}

/// What the command line says in place of the config: key, value, flag.
fn said(request: &Request, appearance: Appearance) -> Vec<(&'static str, String, &'static str)> {
    let zone = request.zone.as_ref().map(|zone| zone.name().to_owned());
    let given = [
        ("display.time_zone", zone, "--time-zone"),
        (
            "display.window",
            request.window.map(|it| it.to_string()),
            "--window",
        ),
        (
            "display.theme",
            appearance.theme.map(|it| it.name().to_owned()),
            "--theme",
        ),
        (
            "display.glyphs",
            appearance.glyphs.map(|it| it.name().to_owned()),
            "--glyphs",
        ),
    ];
    let given = given.into_iter();
    given
        .filter_map(|(key, value, flag)| Some((key, value?, flag)))
        .collect()
}

/// A clock of the command line holds for every stream.
fn clocks(all: &mut [Shown], rule: &str) {
    let own = all.iter_mut();
    for one in own.filter(|one| one.header() == "[[streams]]" && one.key == "clock") {
        one.value = format!("\"{rule}\"");
        one.origin = Origin::Flag("--clock");
    }
}

fn as_text(path: &Path, all: &[Shown]) -> String {
    let mut text = format!("# {}\n", path.display());
    let mut section = None;
    for one in all {
        if section != Some(&one.section) {
            let header = one.header();
            let _ = write!(
                text,
                "\n{header}{}",
                if header.is_empty() { "" } else { "\n" }
            );
            section = Some(&one.section);
        }
        let (key, value, origin) = (plain(&one.key), &one.value, told(&one.origin));
        let _ = writeln!(text, "{key} = {value}  # {origin}");
    }
    text
}

/// A key, in quotes where TOML wants them.
fn plain(key: &str) -> String {
    let bare = |one: char| one.is_ascii_alphanumeric() || matches!(one, '_' | '-');
    if key.chars().all(bare) {
        key.to_owned()
    } else {
        Value::from(key).to_string()
    }
}

fn told(origin: &Origin) -> String {
    match origin {
        Origin::Default => "default".to_owned(),
        Origin::Line(line) => format!("line {line}"),
        Origin::Flag(flag) => (*flag).to_owned(),
    }
}

fn as_json(path: &Path, all: &[Shown]) -> Value {
    let one = |one: &Shown| {
        let (origin, line) = match one.origin {
            Origin::Default => ("default", None),
            Origin::Line(line) => ("file", Some(line)),
            Origin::Flag(flag) => (flag, None),
        };
        json!({
            "section": one.header(), "key": one.key, "value": one.value, "origin": origin, "line": line,
        })
    };
    json!({
        "schema": 1, "file": path.display().to_string(),
        "values": all.iter().map(one).collect::<Vec<Value>>(),
    })
}

/// Says that the config is right, and what it holds. No source is asked: that is for `weir doctor`.
///
/// # Errors
/// [`Failure`] if there is no config, or all that is wrong with it.
pub fn check_config(request: &Request) -> Result<(), Failure> {
    let config = setup::config(request)?;
    let count = |number: usize, one: &str, more: &str| match number {
        1 => format!("1 {one}"),
        _ => format!("{number} {more}"),
    };
    let held = [
        count(config.sources.len(), "source", "sources"),
        count(config.streams.len(), "stream", "streams"),
        count(config.views.len(), "view", "views"),
        count(config.policies.len(), "policy", "policies"),
    ];
    let (path, held) = (config.origin.display(), held.join(", "));
    to_stdout(|out| writeln!(out, "{path} is right: {held}"))
}

/// Writes the JSON schema of a config.
///
/// # Errors
/// What the writer says.
pub fn config_schema() -> Result<(), Failure> {
    to_stdout(|out| writeln!(out, "{:#}", schema()))
}
