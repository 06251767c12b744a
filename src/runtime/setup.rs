//! What every command needs first: the config.

use std::env;
use std::path::PathBuf;

use super::{Failure, Request};
use crate::config::{Checks, Config, Places, find, user_folder};

/// Where the config is, if there is one.
pub fn config_path(request: &Request) -> Option<PathBuf> {
    let environment = env::var_os("WEIR_CONFIG").map(PathBuf::from);
    let (working, user) = (env::current_dir().ok(), user_folder());
    let places = Places {
        explicit: request.config.as_deref(),
        environment: environment.as_deref(),
        working_folder: working.as_deref(),
        user_folder: user.as_deref(),
    };
    find(&places, |path| path.is_file())
}

/// The config, where one must be.
///
/// # Errors
/// [`Failure`] if there is none, or all that is wrong with it.
pub fn config(request: &Request) -> Result<Config, Failure> {
    let Some(path) = config_path(request) else {
        return Err(Failure::usage(
            "there is no config: no --config, no $WEIR_CONFIG, no weir.toml here or in the config folder",
            "look around with `weir demo`, open an export with `weir open history.csv --save`, \
             or copy config.example.toml to weir.toml",
        ));
    };
    Ok(Config::read(&path, &checks())?)
}

/// The config given by name, for commands that can do without one.
///
/// # Errors
/// [`Failure`] with all that is wrong with it.
pub fn named_config(request: &Request) -> Result<Option<Config>, Failure> {
    let read = |path| Config::read(path, &checks());
    Ok(request.config.as_deref().map(read).transpose()?)
}

/// What the other modules know of the names in a config.
pub fn checks() -> Checks<'static> {
    Checks::default()
}
