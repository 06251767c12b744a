//! What every command needs first: the config.

use std::env;
use std::path::{Path, PathBuf};

use super::look::{Names, checks};
use super::{Failure, Request};
use crate::config::{Config, Places, find, user_folder};

/// Where the config is, if there is one.
pub(super) fn config_path(request: &Request) -> Option<PathBuf> {
    let environment = env::var_os("WEIR_CONFIG").map(PathBuf::from);
    let (working, user) = (env::current_dir().ok(), user_folder());
    let places = Places {
        explicit: request.config.as_deref(),
        environment: environment.as_deref(),
        working_folder: working.as_deref(),
        user_folder: user.as_deref(),
    };
    find(&places, Path::is_file)
}

/// The config, where one must be.
///
/// # Errors
/// [`Failure`] if there is none, or all that is wrong with it.
pub(super) fn config(request: &Request) -> Result<Config, Failure> {
    let Some(path) = config_path(request) else {
        return Err(Failure::usage(
            "there is no config: no --config, no $WEIR_CONFIG, no weir.toml here or in the config folder",
            "set it up with `weir init`, look around with `weir demo`, or open an export with \
             `weir open history.csv`",
        ));
    };
    read(&path)
}

/// The config given by name, for commands that can do without one.
///
/// # Errors
/// [`Failure`] with all that is wrong with it.
pub(super) fn named_config(request: &Request) -> Result<Option<Config>, Failure> {
    request.config.as_deref().map(read).transpose()
}

/// The config at a path.
///
/// # Errors
/// [`Failure`] with all that is wrong with it.
pub(super) fn read(path: &Path) -> Result<Config, Failure> {
    let names = Names::all();
    let path = std::path::absolute(path)?;
    Ok(Config::read(&path, &checks(&names))?)
}
