//! `[keys]`: action → key or keys, at the top for everywhere or in a table for one context.

use toml::Spanned;

use super::super::problem::Problem;
use super::super::reader::{Section, Setting};

/// The keys of one action, in place of its default keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyBinding {
    /// Where they hold; `None`: everywhere.
    pub context: Option<String>,
    /// The action's name.
    pub action: String,
    /// The keys; none takes the action's keys away.
    pub keys: Vec<String>,
}

pub(super) fn read(section: &Section<'_>) -> Vec<KeyBinding> {
    let mut bindings = Vec::new();
    let mut taken = Vec::new();
    for (name, setting) in section.entries() {
        if !setting.is_table() {
            bindings.push(binding(None, &name, &setting, &mut taken));
            continue;
        }
        let checks = section.reader().checks();
        section
            .reader()
            .check_name_if_known(&name, "context of keys", checks.contexts);
        let mut taken = Vec::new();
        for (action, setting) in setting
            .table()
            .map_or_else(Vec::new, |table| table.entries())
        {
            bindings.push(binding(Some(name.get_ref()), &action, &setting, &mut taken));
        }
    }
    bindings
}

fn binding(
    context: Option<&str>,
    action: &Spanned<String>,
    setting: &Setting<'_>,
    taken: &mut Vec<(Spanned<String>, String)>,
) -> KeyBinding {
    let reader = setting.reader();
    let checks = reader.checks();
    reader.check_name_if_known(action, "action", checks.actions);
    let keys = setting.texts();
    for key in &keys {
        if let Err(why) = (checks.key)(key.get_ref()) {
            reader.report(Problem::new(key.span(), why, "expected the name of a key"));
        }
        match taken
            .iter()
            .find(|(other, _)| other.get_ref() == key.get_ref())
        {
            Some((other, other_action)) => reader.report(conflict(key, other, other_action)),
            None => taken.push((key.clone(), action.get_ref().clone())),
        }
    }
    KeyBinding {
        context: context.map(str::to_owned),
        action: action.get_ref().clone(),
        keys: keys.into_iter().map(Spanned::into_inner).collect(),
    }
}

fn conflict(key: &Spanned<String>, other: &Spanned<String>, action: &str) -> Problem {
    let what = format!("the key \"{}\" is given to two actions", key.get_ref());
    Problem::new(key.span(), what, "given again here")
        .also(other.span(), format!("given to {action} here"))
        .hint("take one of them away")
}
