//! What was told by which way, in the user's state folder.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::super::Failure;
use super::super::crash::state_folder;
use super::super::walks::{read, write};
use crate::report::{Alarm, Watched};

/// What was told of one config.
#[derive(Clone, Debug)]
pub(super) struct Told {
    file: PathBuf,
    origin: String,
}

impl Told {
    /// What was told of the config at this path.
    pub(super) fn of(origin: &Path) -> Self {
        Self {
            file: state_folder().join("notices.json"),
            origin: origin.display().to_string(),
        }
    }

    /// The keys of what was told by a way; nothing if the file is missing or damaged.
    pub(super) fn by(&self, way: &str) -> BTreeSet<String> {
        let known = read(&self.file).unwrap_or_default();
        let own = known.get(&self.origin).and_then(|own| own.get(way));
        let keys = own.and_then(Value::as_array).into_iter().flatten();
        let keys = keys.filter_map(Value::as_str);
        keys.map(str::to_owned).collect()
    }

    /// Keeps them.
    ///
    /// # Errors
    /// [`Failure`] if the state folder cannot be written.
    pub(super) fn keep(&self, way: &str, keys: &BTreeSet<String>) -> Result<(), Failure> {
        if self.by(way) == *keys {
            return Ok(());
        }
        let mut known = read(&self.file).unwrap_or_default();
        let own = known.get_mut(&self.origin).and_then(Value::as_object_mut);
        let mut own = own.map(std::mem::take).unwrap_or_default();
        own.insert(way.to_owned(), json!(keys));
        known.insert(self.origin.clone(), Value::Object(own));
        write(&self.file, &Value::Object(known)).map_err(|error| {
            Failure::usage(
                format!("{} cannot be written: {error}", self.file.display()),
                "what was told now will be told again",
            )
        })
    }
}

/// What stays told of what was, and what is to be told. What is mended is forgotten, so that it is
/// told anew when it comes again; what cannot be known now stays as it was.
pub(super) fn after(told: &BTreeSet<String>, found: &[Watched]) -> (BTreeSet<String>, Vec<Alarm>) {
    let keys: BTreeSet<&str> = found.iter().map(Watched::key).collect();
    let still = told.iter().filter(|key| keys.contains(key.as_str()));
    let fresh = found.iter().filter_map(|one| match one {
        Watched::Alarm(alarm) if !told.contains(&alarm.key) => Some(alarm.clone()),
        _ => None,
    });
    (still.cloned().collect(), fresh.collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Alarm, Told, Watched, after};

    fn alarm(key: &str) -> Watched {
        Watched::Alarm(Alarm {
            key: key.to_owned(),
            kind: "policy",
            stream: "payments".to_owned(),
            name: key.to_owned(),
            severity: None,
            says: "too much".to_owned(),
        })
    }

    /// What is told, poll by poll.
    fn told(polls: &[&[Watched]]) -> Vec<Vec<String>> {
        let mut known = BTreeSet::new();
        let mut all = Vec::new();
        for found in polls {
            let (still, fresh) = after(&known, found);
            let keys: Vec<String> = fresh.into_iter().map(|one| one.key).collect();
            known = still;
            known.extend(keys.clone());
            all.push(keys);
        }
        all
    }

    #[test]
    fn a_break_is_told_once_and_again_after_it_was_mended() {
        let unknown = || Watched::Unknown("a".to_owned());
        let found = told(&[
            &[alarm("a")],
            &[alarm("a"), alarm("b")],
            &[unknown()],
            &[alarm("a")],
            &[],
            &[alarm("a")],
        ]);
        let expected: [&[&str]; 6] = [&["a"], &["b"], &[], &[], &[], &["a"]];
        assert_eq!(found, expected);
    }

    #[test]
    fn each_way_and_each_config_has_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let of = |origin: &str| Told {
            file: folder.path().join("state/notices.json"),
            origin: origin.to_owned(),
        };
        let keys =
            |all: &[&str]| -> BTreeSet<String> { all.iter().map(|&one| one.to_owned()).collect() };
        of("a").keep("webhook", &keys(&["x"])).unwrap();
        of("a").keep("terminal", &keys(&["y", "z"])).unwrap();
        of("b").keep("webhook", &keys(&["w"])).unwrap();
        assert_eq!(of("a").by("webhook"), keys(&["x"]));
        assert_eq!(of("a").by("terminal"), keys(&["y", "z"]));
        of("a").keep("webhook", &keys(&[])).unwrap();
        assert_eq!(of("a").by("webhook"), keys(&[]));
        assert_eq!(of("a").by("terminal"), keys(&["y", "z"]));
        assert_eq!(of("b").by("webhook"), keys(&["w"]));
    }
}
