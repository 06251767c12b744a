//! Where a secret is found.

use super::super::problem::Problem;
use super::super::reader::{Section, Setting};
use crate::connectors::SecretSource;

const HINT: &str =
    "say where it is found: { env = \"NAME\" }, { file = \"path\" } or { command = \"…\" }";

/// Reads `{ env = "…" }`, `{ file = "…" }` or `{ command = "…" }`. A secret written out is refused
/// and kept out of the message.
pub(in crate::config) fn read(setting: &Setting<'_>) -> Option<SecretSource> {
    if !setting.is_table() {
        setting.reader().hide(setting.span());
        let what = if setting.is_text() {
            "a secret stands in the config"
        } else {
            "this says nothing about where the secret is found"
        };
        return refuse(setting, what);
    }
    place(setting, setting.table()?)
}

fn place(setting: &Setting<'_>, mut section: Section<'_>) -> Option<SecretSource> {
    hide_strange_values(&section);
    let given = ["env", "file", "command"].map(|key| section.get(key));
    section.finish();
    match given {
        [Some(env), None, None] => Some(SecretSource::Env(env.text()?.into_inner())),
        [None, Some(file), None] => file.path().map(SecretSource::File),
        [None, None, Some(command)] => Some(SecretSource::Command(command.text()?.into_inner())),
        [None, None, None] => refuse(setting, "no place is given for the secret"),
        _ => refuse(setting, "several places are given for one secret"),
    }
}

/// What is no text is no place, but may hold the secret.
fn hide_strange_values(section: &Section<'_>) {
    for (_, value) in section.entries() {
        if !value.is_text() {
            section.reader().hide(value.span());
        }
    }
}

fn refuse(setting: &Setting<'_>, what: &str) -> Option<SecretSource> {
    let problem = Problem::new(setting.span(), what, "expected one place of the secret");
    setting.reader().report(problem.hint(HINT));
    None
}
