//! `weir init`: from an address and a token to a config with a stream, asked step by step or told by
//! flags.

mod flags;
mod guide;
mod look;
mod proposal;
mod steps;
mod token;
mod written;

pub use flags::{InitWords, Keep};

use std::path::PathBuf;
use std::sync::Arc;

use super::dashboard::need_terminal;
use super::doctor::{Mend, Requests, doctor};
use super::look::{Appearance, Ground, look};
use super::screen::{dashboard, demo};
use super::{Failure, Request, setup};
use crate::clock::Clock;
use crate::config::{Config, FILE_NAME, user_folder};
use crate::connectors::DemoSettings;
use guide::Ended;

/// Sets up a source and a stream in a new config, or in the one that is there: step by step on a
/// terminal, by flags alone elsewhere or where they say to ask nothing.
///
/// # Errors
/// [`Failure`] if something that must be said is not and nobody can be asked, if the tracker cannot
/// be read, or if the config cannot be written.
pub fn init(
    request: &Request,
    words: InitWords,
    appearance: Appearance,
    clock: &Arc<dyn Clock>,
) -> Result<(), Failure> {
    let desk = Desk::of(request, clock)?;
    if words.yes || words.dry_run || need_terminal().is_err() {
        return flags::run(&desk, &words);
    }
    let mut request = request.clone();
    request.config = Some(desk.path.clone());
    let look = look(&desk.config, appearance, &mut Ground::default())?;
    match guide::run(desk, words, look)? {
        Ended::Quit => Ok(()),
        Ended::Demo => {
            request.config = None;
            demo(&request, DemoSettings::default(), appearance)
        }
        Ended::Open => dashboard(&request, appearance, clock),
        Ended::Check => doctor(&request, clock, (Requests::Hidden, Mend::No)),
    }
}

/// Where a set-up takes place.
pub(super) struct Desk {
    /// The config to write.
    path: PathBuf,
    /// What it says so far.
    config: Config,
    /// What the stream shall be called, if that was said.
    stream: Option<String>,
    clock: Arc<dyn Clock>,
}

impl Desk {
    /// # Errors
    /// [`Failure`] with what is wrong with the config that is there.
    fn of(request: &Request, clock: &Arc<dyn Clock>) -> Result<Self, Failure> {
        let found = setup::config_path(request);
        let usual = || user_folder().map_or_else(|| FILE_NAME.into(), |it| it.join(FILE_NAME));
        let path = std::path::absolute(found.unwrap_or_else(usual))?;
        let config = if path.exists() {
            setup::read(&path)?
        } else {
            Config::default()
        };
        Ok(Self {
            path,
            config,
            stream: request.stream.clone(),
            clock: Arc::clone(clock),
        })
    }

    /// The folder of the config.
    fn folder(&self) -> PathBuf {
        self.path.parent().map(PathBuf::from).unwrap_or_default()
    }
}
