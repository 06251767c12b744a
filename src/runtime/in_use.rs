//! The config that a dashboard runs on, and the watch over its file.

use std::path::{Path, PathBuf};

use super::feed::Feed;
use super::health::HealthBoard;
use super::look::{Appearance, Ground, Names, checks, look};
use super::lookout::{Changes, Lookout, stamp};
use super::poll::Polling;
use super::recall::KnownBy;
use super::tenure::Part;
use super::{Failure, Request, live};
use crate::config::{Config, Problems};
use crate::tui::Look;

/// The config in use.
pub(super) struct InUse {
    /// As it was taken up last.
    pub(super) config: Config,
    /// What the command line says over it.
    pub(super) request: Request,
    /// What it decides.
    pub(super) scope: Scope,
    appearance: Appearance,
    ground: Ground,
    changes: Changes,
}

/// What a config decides of a dashboard.
pub(super) enum Scope {
    /// Everything.
    Whole(Supply),
    /// How it looks, its keys and views: the data come from elsewhere.
    Looks,
}

/// Where the data of the configured sources come from.
pub(super) struct Supply {
    /// What polls.
    pub(super) polling: Polling,
    /// Whether this dashboard may poll.
    pub(super) part: Part,
}

impl Supply {
    /// Polls the sources of another config in place of those before.
    pub(super) fn restart(&mut self, config: &Config) -> (Feed, HealthBoard) {
        let before = self.polling.clone();
        self.polling = before.anew(HealthBoard::new(live::names(config)));
        let feed = Feed::after(before, &self.polling, &config.sources, self.part);
        (feed, self.polling.board.clone())
    }
}

impl InUse {
    /// A config that was read from a file, which is watched from now on; `None` if it was not.
    pub(super) fn of(
        config: &Config,
        request: &Request,
        (appearance, ground): (Appearance, Ground),
        scope: Scope,
    ) -> Option<Box<Self>> {
        if config.origin.as_os_str().is_empty() {
            return None;
        }
        let lookout = match &scope {
            Scope::Whole(supply) => supply.polling.lookout.clone(),
            Scope::Looks => Lookout::start(),
        };
        Some(Box::new(Self {
            changes: lookout.watch(changes_of(config.origin.clone())),
            config: config.clone(),
            request: request.clone(),
            scope,
            appearance,
            ground: ground.settled(),
        }))
    }

    /// By what the answers of the last time are known, where it decides on them.
    pub(super) fn known_by(&self) -> Option<KnownBy> {
        matches!(self.scope, Scope::Whole(_)).then(|| KnownBy::config(&self.config))
    }

    /// Waits until the file has changed.
    pub(super) async fn changed(&mut self) {
        self.changes.next().await;
    }

    /// Reads the file; `None` if it says what it said before.
    ///
    /// # Errors
    /// What is wrong with it and where, in one line.
    pub(super) fn read(&mut self) -> Result<Option<(Config, Look)>, String> {
        let path = self.config.origin.clone();
        let names = Names::all();
        let config = Config::read(&path, &checks(&names)).map_err(|found| told(&found))?;
        if config == self.config {
            return Ok(None);
        }
        let look = look(&config, self.appearance, &mut self.ground);
        let look = look.map_err(|failure| in_one_line(&path, &failure))?;
        Ok(Some((config, look)))
    }
}

/// The first problem of a config, where it is, and how many more there are.
fn told(problems: &Problems) -> String {
    let Some(first) = problems.list().first() else {
        return String::new();
    };
    let place = problems.line(first);
    let place = place.map_or_else(String::new, |line| format!(" line {line}"));
    let hint = first.hint.as_ref();
    let hint = hint.map_or_else(String::new, |hint| format!("; {hint}"));
    let more = match problems.count() {
        1 => String::new(),
        many => format!(" (and {} more)", many - 1),
    };
    format!(
        "{}{place}: {}{hint}{more}",
        name(problems.path()),
        first.what
    )
}

fn in_one_line(path: &Path, failure: &Failure) -> String {
    let what: Vec<&str> = failure.what.lines().collect();
    format!("{}: {}", name(path), what.join("; "))
}

/// The name of a file without its folder.
pub(super) fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

/// Says whenever it is asked whether a file has changed. One that is gone is waited for.
fn changes_of(path: PathBuf) -> impl FnMut() -> bool + Send {
    let mut last = stamp(&path);
    move || {
        let now = stamp(&path);
        now.is_some() && std::mem::replace(&mut last, now) != now
    }
}
