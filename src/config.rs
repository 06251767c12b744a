//! The config: one TOML file that says what to read, what its statuses mean and how to show it.
//!
//! [`Config::parse`] finds every problem of a file at once; nothing of a config with problems is
//! used. `config.example.toml` lists every key.

mod calendar;
mod display;
mod find;
mod history;
mod mask;
mod notices;
mod plan;
mod problem;
mod reader;
mod render;
mod schema;
mod show;
mod source;
mod stream;
mod view;
mod write;

pub use display::{Display, Glyphs, KeyBinding, Links, Motion, Mouse, ThemeChoice, Tour};
pub use find::{FILE_NAME, Places, find, user_folder};
pub use history::HistorySection;
pub use notices::{About, Notices, Quiet, Sequence};
pub use plan::{Change, Outcome};
pub use problem::{Colour, Label, Problem, Problems};
pub use schema::schema;
pub use show::{Header, Origin, Shown, override_by, shown};
pub use view::View;
pub use write::{Draft, save, save_view};

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::connectors::SourceSettings;
use crate::model::policy::Policy;
use crate::model::snapshot::Forecasting;
use crate::model::stream::Stream;
use crate::model::time::Calendar;
use reader::{Reader, Section};

/// A whole config, checked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// The file it was read from; empty for the built-in defaults.
    pub origin: PathBuf,
    /// How things are shown.
    pub display: Display,
    /// Where events are kept.
    pub history: HistorySection,
    /// What is read, in the order of the file.
    pub sources: Vec<SourceSettings>,
    /// Which time is working time.
    pub calendar: Calendar,
    /// The value streams. One without stages has them inferred.
    pub streams: Vec<Stream>,
    /// Dated changes of how work is done.
    pub changes: Vec<Change>,
    /// Saved views.
    pub views: Vec<View>,
    /// What `weir check` holds the streams to.
    pub policies: Vec<Policy>,
    /// What the work is for.
    pub outcomes: Vec<Outcome>,
    /// How forecasts are made.
    pub forecast: Forecasting,
    /// Who is told when a policy breaks or a signal appears.
    pub notices: Notices,
}

/// What other modules know of names in a config. The default lets every name pass.
#[derive(Clone, Copy, Debug)]
pub struct Checks<'a> {
    /// Names of the actions that keys can be given to; empty: any.
    pub actions: &'a [&'a str],
    /// Names of the contexts that keys can be limited to; empty: any.
    pub contexts: &'a [&'a str],
    /// Names of the roles that colours can be given to; empty: any.
    pub roles: &'a [&'a str],
    /// Names of the screens that a view can open; empty: any.
    pub screens: &'a [&'a str],
    /// Names of the measures that a policy can bound; empty: any.
    pub measures: &'a [&'a str],
    /// Whether a text names a key; says why not.
    pub key: fn(&str) -> Result<(), String>,
    /// Whether a text names a colour; says why not.
    pub colour: fn(&str) -> Result<(), String>,
}

impl Default for Checks<'_> {
    fn default() -> Self {
        Self {
            actions: &[],
            contexts: &[],
            roles: &[],
            screens: &[],
            measures: &[],
            key: |_| Ok(()),
            colour: |_| Ok(()),
        }
    }
}

impl Config {
    /// Reads and checks a file.
    ///
    /// # Errors
    /// [`Problems`]: the file cannot be read, or all that is wrong with it.
    pub fn read(path: &Path, checks: &Checks<'_>) -> Result<Self, Problems> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text, path, checks),
            Err(error) => {
                let problem = unreadable(&error);
                Err(Problems::new(path, String::new(), vec![problem]))
            }
        }
    }

    /// Checks the text of a config. `path` is where it is from: relative paths in it start at that
    /// file's folder.
    ///
    /// # Errors
    /// [`Problems`]: all that is wrong with it.
    pub fn parse(text: &str, path: &Path, checks: &Checks<'_>) -> Result<Self, Problems> {
        let folder = path.parent().unwrap_or(Path::new(""));
        let reader = Reader::new(text, folder, checks);
        let config = Self::read_with(&reader, path);
        match reader.finish() {
            (_, problems) if problems.is_empty() => Ok(config.unwrap_or_default()),
            (masked, problems) => Err(Problems::new(path, masked, problems)),
        }
    }

    /// Where the relative paths of this config start.
    pub fn folder(&self) -> &Path {
        self.origin.parent().unwrap_or(Path::new(""))
    }

    fn read_with(reader: &Reader<'_>, path: &Path) -> Option<Self> {
        let document = reader.parse()?;
        let mut top = Section::top(reader, &document);
        let display = display::read(&mut top);
        let history = history::read(&mut top);
        let (source_names, sources) = source::read_all(&mut top);
        let streams = stream::read_all(&mut top, &source_names);
        let names: Vec<&str> = streams.iter().map(|stream| stream.name.as_str()).collect();
        let config = Self {
            origin: path.to_owned(),
            display,
            history,
            sources,
            calendar: calendar::read(&mut top),
            changes: plan::read_changes(&mut top, &names),
            views: view::read_all(&mut top, &names),
            policies: plan::read_policies(&mut top, &names),
            outcomes: plan::read_outcomes(&mut top, &names),
            forecast: plan::read_forecast(&mut top),
            notices: notices::read(&mut top),
            streams,
        };
        top.finish();
        Some(config)
    }
}

fn unreadable(error: &std::io::Error) -> Problem {
    let hint = match error.kind() {
        ErrorKind::NotFound => "name a file that is there, or let weir look in the usual places",
        ErrorKind::PermissionDenied => "let the user who runs weir read it",
        ErrorKind::InvalidData => "save the file as UTF-8",
        _ => "check that it is a file that can be read",
    };
    Problem::of_file(format!("the config cannot be read: {error}"), hint)
}

#[cfg(test)]
mod tests;
