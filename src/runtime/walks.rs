//! When the board of each stream was last walked, in the user's state folder.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::Failure;
use super::crash::state_folder;
use crate::model::time::{Millis, Sec};

/// The walks of the streams of one config or one set of files.
#[derive(Clone, Debug)]
pub(super) struct Walks {
    /// Where they are kept; `None`: nowhere.
    file: Option<PathBuf>,
    /// What the streams belong to.
    origin: String,
}

impl Walks {
    /// The walks of the streams of a config, or of files; `origin` is its path or the first of
    /// theirs.
    pub(super) fn of(origin: &Path) -> Self {
        let whole = std::path::absolute(origin).unwrap_or_else(|_| origin.to_owned());
        Self {
            file: Some(state_folder().join("walks.json")),
            origin: whole.display().to_string(),
        }
    }

    /// Walks that nobody keeps.
    pub(super) fn unkept() -> Self {
        Self {
            file: None,
            origin: String::new(),
        }
    }

    /// The last walk of a stream; `None` if none is known.
    pub(super) fn last(&self, stream: &str) -> Option<Sec> {
        let known = read(self.file.as_deref()?)?;
        let at = known.get(&self.origin)?.get(stream)?.as_str()?;
        Millis::parse(at)?.floor()
    }

    /// Keeps a walk of a stream.
    ///
    /// # Errors
    /// [`Failure`] if the state folder cannot be written.
    pub(super) fn keep(&self, stream: &str, at: Sec) -> Result<(), Failure> {
        let Some(file) = &self.file else {
            return Ok(());
        };
        let mut known = read(file).unwrap_or_default();
        let own = known
            .entry(self.origin.clone())
            .or_insert_with(|| json!({}));
        if !own.is_object() {
            *own = json!({});
        }
        if let Some(own) = own.as_object_mut() {
            own.insert(stream.to_owned(), json!(at.rfc3339()));
        }
        write(file, &Value::Object(known)).map_err(|error| {
            Failure::usage(
                format!("{} cannot be written: {error}", file.display()),
                "the next stand-up will not know of this one",
            )
        })
    }
}

/// What the file knows; nothing if there is none or it is damaged.
pub(super) fn read(file: &Path) -> Option<Map<String, Value>> {
    let text = std::fs::read_to_string(file).ok()?;
    serde_json::from_str(&text).ok()
}

/// Writes beside the file first, so that a full disk leaves the old one whole.
pub(super) fn write(file: &Path, known: &Value) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let beside = file.with_extension("json.new");
    std::fs::write(&beside, format!("{known:#}\n"))?;
    std::fs::rename(&beside, file)
}

#[cfg(test)]
mod tests {
    use super::{Sec, Walks};

    #[test]
    fn each_stream_of_each_origin_has_its_own_last_walk() {
        let folder = tempfile::tempdir().unwrap();
        let walks = |origin: &str| Walks {
            file: Some(folder.path().join("state/walks.json")),
            origin: origin.to_owned(),
        };
        assert_eq!(walks("a").last("pay"), None);
        walks("a").keep("pay", Sec(1_000)).unwrap();
        walks("b").keep("pay", Sec(2_000)).unwrap();
        walks("a").keep("lend", Sec(3_000)).unwrap();
        walks("a").keep("pay", Sec(4_000)).unwrap();
        let known = [("a", "pay"), ("b", "pay"), ("a", "lend"), ("b", "lend")];
        let last = known.map(|(origin, stream)| walks(origin).last(stream));
        let expected = [4_000, 2_000, 3_000].map(|at| Some(Sec(at)));
        assert_eq!(last[..3], expected);
        assert_eq!(last[3], None);
    }

    #[test]
    fn a_damaged_file_is_no_walk_and_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("walks.json");
        std::fs::write(&file, "{\"a\": 7").unwrap();
        let walks = Walks {
            file: Some(file.clone()),
            origin: "a".to_owned(),
        };
        assert_eq!(walks.last("pay"), None);
        std::fs::write(&file, "{\"a\": 7}").unwrap();
        assert_eq!(walks.last("pay"), None);
        walks.keep("pay", Sec(1_000)).unwrap();
        assert_eq!(walks.last("pay"), Some(Sec(1_000)));
    }
}
