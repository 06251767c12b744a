//! Where the config is.

use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

/// The name of a config in the working folder and in the user's config folder.
pub const FILE_NAME: &str = "weir.toml";

/// Where a config may be, in the order in which it is looked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Places<'a> {
    /// `--config`.
    pub explicit: Option<&'a Path>,
    /// `$WEIR_CONFIG`; empty counts as not set.
    pub environment: Option<&'a Path>,
    /// The working folder.
    pub working_folder: Option<&'a Path>,
    /// The user's folder for weir; see [`user_folder`].
    pub user_folder: Option<&'a Path>,
}

/// The config to read, if there is one. A place that was named is taken whether or not a file is
/// there, so that a wrong name is said; the others only if `exists`.
pub fn find(places: &Places<'_>, exists: impl Fn(&Path) -> bool) -> Option<PathBuf> {
    let named = places.explicit.or(places
        .environment
        .filter(|path| !path.as_os_str().is_empty()));
    let usual = [places.working_folder, places.user_folder];
    named.map(Path::to_owned).or_else(|| {
        usual
            .into_iter()
            .flatten()
            .map(|folder| folder.join(FILE_NAME))
            .find(|path| exists(path))
    })
}

/// The user's config folder for weir (`~/.config/weir`, following XDG also on macOS); `None` if
/// the user has no home.
pub fn user_folder() -> Option<PathBuf> {
    let base = etcetera::choose_base_strategy().ok()?;
    Some(base.config_dir().join("weir"))
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::{Places, find};

    #[test]
    fn the_first_place_wins() {
        let mut places = Places {
            explicit: Some(Path::new("named.toml")),
            environment: Some(Path::new("env.toml")),
            working_folder: Some(Path::new("here")),
            user_folder: Some(Path::new("home")),
        };
        let everywhere = |_: &Path| true;
        let found = |places: &Places<'_>| find(places, everywhere);
        assert_eq!(found(&places), Some(PathBuf::from("named.toml")));
        places.explicit = None;
        assert_eq!(find(&places, |_| false), Some(PathBuf::from("env.toml")));
        places.environment = Some(Path::new(""));
        assert_eq!(found(&places), Some(PathBuf::from("here/weir.toml")));
        let only_home = |path: &Path| path.starts_with("home");
        assert_eq!(
            find(&places, only_home),
            Some(PathBuf::from("home/weir.toml"))
        );
        assert_eq!(find(&places, |_| false), None);
    }
}
