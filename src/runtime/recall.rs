//! What the dashboard knew when it ended, kept in the user's state folder for the moment before the
//! next one knows better.

use std::fmt::Debug;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::crash::state_folder;
use super::walks::{read, write};
use crate::app::{Recalled, State};
use crate::config::Config;
use crate::metrics::{AsOf, Question};
use crate::tui::recalled;

/// Keeps what is known of one config or of some files.
#[derive(Debug)]
pub(super) struct Recall {
    file: PathBuf,
    origin: String,
    /// The digest of all that decides on numbers, and of the question.
    of: String,
    /// The question asked first.
    first: Question,
    /// The newest answer to it.
    last: Option<Recalled>,
}

/// By what it is seen that what is shown is what was shown the last time.
#[derive(Clone, Debug)]
pub(super) struct KnownBy {
    /// The path of the config or of the first file.
    origin: String,
    /// Whatever decides on numbers, written out.
    all: String,
}

impl KnownBy {
    /// By the path of a config or of a first file, and by all that decides on numbers.
    pub(super) fn new(origin: &Path, all: &impl Debug) -> Self {
        let whole = std::path::absolute(origin).unwrap_or_else(|_| origin.to_owned());
        Self {
            origin: whole.display().to_string(),
            all: format!("{all:?}"),
        }
    }

    /// By a config.
    pub(super) fn config(config: &Config) -> Self {
        let all = (&config.history, &config.sources, &config.streams);
        Self::new(&config.origin, &all)
    }
}

impl Recall {
    /// What is kept for the question that is asked first.
    pub(super) fn of(known_by: KnownBy, state: &State) -> Self {
        Self::at(state_folder().join("last.json"), known_by, state)
    }

    fn at(file: PathBuf, known_by: KnownBy, state: &State) -> Self {
        let first = state.asked.question.clone();
        let plain = Question {
            as_of: AsOf::EndOfEvents,
            ..first.clone()
        };
        let mut digest = DefaultHasher::new();
        (known_by.all, format!("{plain:?}")).hash(&mut digest);
        Self {
            file,
            origin: known_by.origin,
            of: format!("{:016x}", digest.finish()),
            first,
            last: None,
        }
    }

    /// What was known the last time; `None` if nothing was, or it was the answer to another question.
    pub(super) fn read(&self) -> Option<Recalled> {
        let known = read(&self.file)?;
        let own = known.get(&self.origin)?.as_object()?;
        let is_same = own.get("of")?.as_str()? == self.of;
        is_same.then(|| understood(own)).flatten()
    }

    /// Takes note of what is on the screen, if it is the present.
    pub(super) fn see(&mut self, state: &State) {
        let Some(data) = state
            .data
            .as_ref()
            .filter(|_| state.travel.seen.past.is_none())
        else {
            return;
        };
        let question = Question {
            as_of: self.first.as_of,
            ..data.question.clone()
        };
        if question == self.first {
            self.last = Some(recalled(data));
        }
    }

    /// Keeps it for the next time. Where that cannot be done the next start shows nothing sooner, and
    /// nothing else is lost.
    pub(super) fn keep(&self) {
        let Some(last) = &self.last else {
            return;
        };
        let mut known = read(&self.file).unwrap_or_default();
        let told = json!({
            "of": self.of,
            "stream": last.stream,
            "told": last.of,
            "figures": last.figures,
            "stages": last.stages,
            "why": last.why,
        });
        known.insert(self.origin.clone(), told);
        let _ = write(&self.file, &Value::Object(known));
    }
}

fn understood(own: &Map<String, Value>) -> Option<Recalled> {
    Some(Recalled {
        stream: own.get("stream")?.as_str()?.to_owned(),
        of: own.get("told")?.as_str()?.to_owned(),
        figures: serde_json::from_value(own.get("figures")?.clone()).ok()?,
        stages: serde_json::from_value(own.get("stages")?.clone()).ok()?,
        why: own.get("why")?.as_str()?.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::{Config, KnownBy, Question, Recall, State, recalled};
    use crate::app::fixture;
    use crate::model::stream::Stream;
    use crate::model::time::{Sec, WindowSpec};

    fn config(stream: &str) -> Config {
        Config {
            origin: "weir.toml".into(),
            streams: vec![Stream::bare(stream)],
            ..Config::default()
        }
    }

    fn world() -> State {
        fixture::world((120, 40))
    }

    #[test]
    fn the_last_answer_of_now_is_known_to_the_same_question_of_the_same_config_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("state/last.json");
        let recall = |config: &Config, state: &State| {
            Recall::at(file.clone(), KnownBy::config(config), state)
        };
        let (state, of_pay) = (world(), config("pay"));
        let mut known = recall(&of_pay, &state);
        assert_eq!(known.read(), None);
        known.keep();
        assert!(!file.exists(), "nothing was seen");

        known.see(&state);
        let mut past = world();
        past.travel.seen.past = Some(Sec(7));
        past.data.as_mut().unwrap().question.window = WindowSpec::LastDays(7);
        known.see(&past);
        past.travel.seen.past = None;
        known.see(&past);
        known.keep();

        let told = recalled(state.data.as_ref().unwrap());
        assert_eq!(recall(&of_pay, &state).read(), Some(told));
        assert_eq!(recall(&config("lend"), &state).read(), None);
        let mut other = world();
        other.asked.question = Question {
            window: WindowSpec::LastDays(30),
            ..other.asked.question
        };
        assert_eq!(recall(&of_pay, &other).read(), None);
        let elsewhere = Config {
            origin: "other.toml".into(),
            ..config("pay")
        };
        assert_eq!(recall(&elsewhere, &state).read(), None);
    }

    #[test]
    fn a_damaged_file_is_nothing_and_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("last.json");
        let state = world();
        let known_by = KnownBy::config(&config("pay"));
        let mut recall = Recall::at(file.clone(), known_by, &state);
        for damaged in ["{\"a\": 7", "{}", "[]"] {
            std::fs::write(&file, damaged).unwrap();
            assert_eq!(recall.read(), None, "{damaged}");
        }
        recall.see(&state);
        recall.keep();
        let text = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, text.replace("\"figures\"", "\"figure\"")).unwrap();
        assert_eq!(recall.read(), None);
        recall.keep();
        assert!(recall.read().is_some());
    }
}
