//! What the dashboard remembers from one run to the next, in the user's state folder.

use std::path::PathBuf;

use serde_json::{Map, Value, json};

use super::Failure;
use super::crash::state_folder;
use super::walks::{read, write};
use crate::app::Memory;

/// Where it is kept.
#[derive(Clone, Debug)]
pub(super) struct Remembered {
    file: PathBuf,
}

impl Remembered {
    /// In the state folder.
    pub(super) fn of_user() -> Self {
        let file = state_folder().join("dashboard.json");
        Self { file }
    }

    /// What is known; nothing if there is no file or it is damaged.
    pub(super) fn read(&self) -> Memory {
        let known = read(&self.file).unwrap_or_default();
        Memory {
            chosen: texts(&known, "chosen"),
            filters: texts(&known, "filters"),
            toured: known.get("tour").and_then(Value::as_bool) == Some(true),
        }
    }

    /// Keeps it.
    ///
    /// # Errors
    /// [`Failure`] if the state folder cannot be written.
    pub(super) fn keep(&self, memory: &Memory) -> Result<(), Failure> {
        let known = json!({
            "chosen": memory.chosen,
            "filters": memory.filters,
            "tour": memory.toured,
        });
        write(&self.file, &known).map_err(|error| {
            Failure::usage(
                format!("{} cannot be written: {error}", self.file.display()),
                "what was typed and chosen now will not be known next time",
            )
        })
    }
}

fn texts(known: &Map<String, Value>, name: &str) -> Vec<String> {
    let list = known.get(name).and_then(Value::as_array);
    let texts = list.into_iter().flatten().filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::{Memory, Remembered};

    #[test]
    fn what_is_kept_is_read_and_damage_is_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let remembered = Remembered {
            file: folder.path().join("state/dashboard.json"),
        };
        assert_eq!(remembered.read(), Memory::default());
        let memory = Memory {
            chosen: vec!["action\tfilter".to_owned(), "stage\tTest".to_owned()],
            filters: vec!["team:cards \"a b\"".to_owned()],
            toured: true,
        };
        remembered.keep(&memory).unwrap();
        assert_eq!(remembered.read(), memory);
        std::fs::write(&remembered.file, "{\"chosen\": 7").unwrap();
        assert_eq!(remembered.read(), Memory::default());
        std::fs::write(&remembered.file, "{\"chosen\": [7, \"a\"]}").unwrap();
        assert_eq!(remembered.read().chosen, ["a"]);
    }
}
