//! What the config says about the history: where it is, and how long items stay.

mod server;

use std::fmt;
use std::path::{Path, PathBuf};

use etcetera::{BaseStrategy, HomeDirError, choose_base_strategy, home_dir};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

pub use server::{ServerHost, ServerUrl, TlsMode};

use super::SnapshotFile;
use super::snapshot_file::digest_of;
use crate::model::id::SourceName;
use crate::model::time::{Millis, parse_span};

/// As many characters of a config's name are in the name of its history.
const LONGEST_NAME: usize = 40;

/// The `[history]` section, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistorySettings {
    /// Where the history is.
    pub url: HistoryUrl,
    /// How long items stay after they are over; `None`: for ever.
    pub retain: Option<Retain>,
}

/// Where a history is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HistoryUrl {
    /// In an SQLite file, by its absolute path.
    Sqlite(PathBuf),
    /// In a database of a PostgreSQL server.
    Postgres(ServerUrl),
}

impl HistoryUrl {
    /// Reads `sqlite:PATH` or `postgres://user@host:port/database?sslmode=…`. A path that is not absolute is taken from `base`, the folder of the
    /// config; one that begins with `~/`, from the user's home. `sqlite:///abs` is `sqlite:/abs`.
    ///
    /// # Errors
    /// [`HistoryUrlError`]; it never repeats the URL, which may hold a password.
    pub fn parse(text: &str, base: &Path) -> Result<Self, HistoryUrlError> {
        let (scheme, rest) = text.split_once(':').ok_or(HistoryUrlError::NoScheme)?;
        match scheme {
            "sqlite" => sqlite_path(rest, base).map(Self::Sqlite),
            "postgres" | "postgresql" if cfg!(feature = "postgres") => {
                ServerUrl::parse(text).map(Self::Postgres)
            }
            "postgres" | "postgresql" => Err(HistoryUrlError::Lean),
            _ if is_scheme(scheme) => Err(HistoryUrlError::Scheme(scheme.to_owned())),
            _ => Err(HistoryUrlError::NoScheme),
        }
    }

    /// The place of a config that names none: a file of its own, `weir/<name>-<8 digits>.db` in the
    /// user's data folder, so that two configs never mix what they read. The name is that of the
    /// config's folder, or of the config where it is not called `weir.toml`; the digits are of its
    /// absolute path. The data folder is `$XDG_DATA_HOME`, else `~/.local/share`; on Windows the
    /// roaming application data.
    ///
    /// # Errors
    /// [`HistoryUrlError::NoHome`].
    pub fn usual(config: &Path) -> Result<Self, HistoryUrlError> {
        let folder = choose_base_strategy()?.data_dir().join("weir");
        Ok(Self::Sqlite(folder.join(file_name(config))))
    }

    /// Where the log of these sources is kept for a fast start: beside the file; for a server, in the
    /// user's cache folder, under a name that says nothing of the server.
    ///
    /// # Errors
    /// [`HistoryUrlError::NoHome`].
    pub fn snapshot_file(&self, sources: &[SourceName]) -> Result<SnapshotFile, HistoryUrlError> {
        let path = match self {
            Self::Sqlite(path) => {
                let mut name = path.clone().into_os_string();
                name.push("-snapshot");
                name.into()
            }
            Self::Postgres(server) => {
                let digest = xxh3_64_with_seed(server.to_string().as_bytes(), digest_of(sources));
                let folder = choose_base_strategy()?.cache_dir().join("weir");
                folder.join(format!("{digest:016x}.snapshot"))
            }
        };
        Ok(SnapshotFile::at(path))
    }
}

impl fmt::Display for HistoryUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => path.display().fmt(f),
            Self::Postgres(server) => server.fmt(f),
        }
    }
}

fn file_name(config: &Path) -> String {
    let digits = xxh3_64(config.as_os_str().as_encoded_bytes()) & 0xffff_ffff;
    format!("{}-{digits:08x}.db", known_as(config))
}

/// What people would call a config, in letters that every file system takes.
fn known_as(config: &Path) -> String {
    let own = config.file_stem().filter(|stem| *stem != "weir");
    let folder = || config.parent().and_then(Path::file_name);
    let name = own.or_else(folder).unwrap_or_default().to_string_lossy();
    let plain = |one: char| if one.is_alphanumeric() { one } else { '-' };
    let name: String = name.chars().take(LONGEST_NAME).map(plain).collect();
    if name.is_empty() {
        "weir".to_owned()
    } else {
        name
    }
}

fn sqlite_path(rest: &str, base: &Path) -> Result<PathBuf, HistoryUrlError> {
    let path = match rest.strip_prefix("//") {
        Some(path) if path.starts_with('/') => path,
        Some(_) => return Err(HistoryUrlError::Host),
        None => rest,
    };
    match path.strip_prefix("~/") {
        _ if path.is_empty() || path.ends_with('/') => Err(HistoryUrlError::NoFile),
        Some(under_home) => Ok(home_dir()?.join(under_home)),
        None => Ok(base.join(path)),
    }
}

/// Whether a text can be the scheme of a URL; `C` of `C:\weir.db` cannot, drives have one letter.
fn is_scheme(text: &str) -> bool {
    let letters = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    text.len() > 1 && text.bytes().all(letters)
}

/// Why the place of the history cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HistoryUrlError {
    /// No scheme in front.
    #[error("the history's place needs a kind in front, as in \"sqlite:weir.db\"")]
    NoScheme,
    /// A scheme that is none of ours.
    #[error(
        "weir keeps no history in \"{0}\"; use \"sqlite:weir.db\" or \"postgres://user@host/database\""
    )]
    Scheme(String),
    /// PostgreSQL, in a build without it.
    #[error("this build of weir has no PostgreSQL; use \"sqlite:weir.db\"")]
    Lean,
    /// An address of a server that is none.
    #[error(
        "the address of the history's server cannot be read; write \
         \"postgres://user@host:5432/database\""
    )]
    Server,
    /// A password in the address.
    #[error(
        "a password stands in the address of the history; take it out and say where it is found: \
         password = {{ env = \"NAME\" }}"
    )]
    Password,
    /// A protection that is none.
    #[error(
        "the sslmode of the history is not known; use disable, prefer, require, verify-ca or \
         verify-full"
    )]
    TlsMode,
    /// A parameter that weir does not know.
    #[error("the address of the history has a parameter \"{0}\"; only sslmode and host are known")]
    Parameter(String),
    /// A host before the path.
    #[error(
        "an SQLite history is a file on this machine: write \"sqlite:weir.db\" or \
         \"sqlite:/absolute/path\", without a host"
    )]
    Host,
    /// No file name.
    #[error("the history's place names no file; write \"sqlite:weir.db\"")]
    NoFile,
    /// The home folder cannot be found.
    #[error("your home folder cannot be found; set HOME, or [history] url to an absolute path")]
    NoHome,
}

impl From<HomeDirError> for HistoryUrlError {
    fn from(_: HomeDirError) -> Self {
        Self::NoHome
    }
}

/// How long items stay after they are over, in whole seconds, at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retain(i64);

impl Retain {
    /// Reads a span such as `3y`, see [`parse_span`]. `None` if it is not one or is zero: that
    /// would drop every item on the day it is done.
    pub fn parse(text: &str) -> Option<Self> {
        parse_span(text).filter(|secs| *secs > 0).map(Self)
    }

    /// The span in seconds.
    pub fn secs(self) -> i64 {
        self.0
    }

    /// Items whose last event is before this instant need not stay.
    pub fn before(self, now: Millis) -> Millis {
        now.plus_secs(-self.0)
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::{HistoryUrl, HistoryUrlError, Retain};
    use crate::model::time::Millis;

    fn parse(text: &str) -> Result<HistoryUrl, HistoryUrlError> {
        HistoryUrl::parse(text, Path::new("/etc/weir"))
    }

    fn at(path: &str) -> HistoryUrl {
        HistoryUrl::Sqlite(PathBuf::from(path))
    }

    #[test]
    #[cfg(unix)]
    fn a_path_is_taken_from_the_folder_of_the_config() {
        assert_eq!(parse("sqlite:weir.db"), Ok(at("/etc/weir/weir.db")));
        assert_eq!(parse("sqlite:data/a b.db"), Ok(at("/etc/weir/data/a b.db")));
        assert_eq!(parse("sqlite:/var/weir.db"), Ok(at("/var/weir.db")));
        assert_eq!(parse("sqlite:///var/weir.db"), Ok(at("/var/weir.db")));
        assert_eq!(parse("sqlite::memory:"), Ok(at("/etc/weir/:memory:")));
    }

    #[test]
    fn a_tilde_is_the_home_folder() {
        let home = etcetera::home_dir().expect("a home");
        let want = Ok(HistoryUrl::Sqlite(home.join("weir.db")));
        assert_eq!(parse("sqlite:~/weir.db"), want);
    }

    #[test]
    fn what_cannot_be_understood_is_said_without_repeating_it() {
        let secret = "postgres://me:hunter2@host/db";
        let refused = if cfg!(feature = "postgres") {
            HistoryUrlError::Password
        } else {
            HistoryUrlError::Lean
        };
        assert_eq!(parse(secret), Err(refused));
        assert_eq!(
            parse("mysql://me:hunter2@host/db"),
            Err(HistoryUrlError::Scheme("mysql".to_owned()))
        );
        for text in [
            secret,
            "mysql://me:hunter2@host/db",
            "hunter2",
            "C:\\hunter2",
        ] {
            let said = parse(text).expect_err("not a place").to_string();
            assert!(!said.contains("hunter2"), "{said}");
        }
        assert_eq!(parse("weir.db"), Err(HistoryUrlError::NoScheme));
        assert_eq!(parse("C:\\weir.db"), Err(HistoryUrlError::NoScheme));
        assert_eq!(parse("sqlite://host/weir.db"), Err(HistoryUrlError::Host));
        assert_eq!(parse("sqlite:"), Err(HistoryUrlError::NoFile));
        assert_eq!(parse("sqlite:data/"), Err(HistoryUrlError::NoFile));
    }

    #[test]
    fn every_config_has_its_own_usual_place_in_the_users_data_folder() {
        let usual = |config: &str| {
            let usual = HistoryUrl::usual(Path::new(config)).expect("a home");
            let HistoryUrl::Sqlite(path) = usual else {
                panic!("a file");
            };
            assert!(path.is_absolute() && path.parent().unwrap().ends_with("weir"));
            path.file_name().unwrap().to_string_lossy().into_owned()
        };
        let names = [
            "/a/pay/weir.toml",
            "/b/pay/weir.toml",
            "/a/pay/my team.toml",
        ]
        .map(usual);
        assert!(names[0].starts_with("pay-") && names[0].len() == "pay-01234567.db".len());
        assert!(names[1].starts_with("pay-") && names[1] != names[0]);
        assert!(names[2].starts_with("my-team-"), "{names:?}");
        assert_eq!(usual("/a/pay/weir.toml"), names[0]);
        assert!(usual("/weir.toml").starts_with("weir-"));
    }

    #[test]
    fn a_span_says_what_need_not_stay() {
        let retain = Retain::parse("2d").expect("a span");
        assert_eq!(retain.secs(), 172_800);
        assert_eq!(retain.before(Millis(172_800_500)), Millis(500));
        assert_eq!(Retain::parse("0d"), None);
        assert_eq!(Retain::parse("long"), None);
    }
}
