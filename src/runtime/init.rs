//! `weir init`: from an address and a token to a config with a stream, asked step by step or told by
//! flags.

mod flags;
mod look;
mod proposal;
mod steps;
mod token;
mod written;

pub use flags::{InitWords, Keep};

use std::path::PathBuf;
use std::sync::Arc;

use super::look::Appearance;
use super::{Failure, Request, setup};
use crate::clock::Clock;
use crate::config::{Config, FILE_NAME, user_folder};

/// Sets up a source and a stream in a new config, or in the one that is there.
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
    let _ = appearance;
    flags::run(&desk, words)
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
