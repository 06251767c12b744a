//! Where a secret is found.

use super::super::problem::Problem;
use super::super::reader::Setting;
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
        let problem = Problem::new(setting.span(), what, "expected a place, not the secret");
        setting.reader().report(problem.hint(HINT));
        return None;
    }
    let mut section = setting.table()?;
    for (_, value) in section.entries() {
        if !value.is_text() {
            setting.reader().hide(value.span());
        }
    }
    let given = [
        section.get("env"),
        section.get("file"),
        section.get("command"),
    ];
    section.finish();
    match given {
        [Some(env), None, None] => Some(SecretSource::Env(env.text()?.into_inner())),
        [None, Some(file), None] => file.path().map(SecretSource::File),
        [None, None, Some(command)] => Some(SecretSource::Command(command.text()?.into_inner())),
        given => {
            let what = match given {
                [None, None, None] => "no place is given for the secret",
                _ => "several places are given for one secret",
            };
            let problem = Problem::new(setting.span(), what, "expected one place");
            setting.reader().report(problem.hint(HINT));
            None
        }
    }
}
