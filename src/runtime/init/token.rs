//! Where a token that was typed is kept: the system's keyring, by its own command, or a file that
//! only its owner can read. It is never shown, and never in the config.

use std::io::{self, Write};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use url::Url;

use crate::connectors::{SecretSource, TrackerKind};
use crate::runtime::Failure;

/// A keyring that asks its owner something may take so long.
const PATIENCE: Duration = Duration::from_secs(30);

/// A token that was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kept {
    /// How weir finds it.
    pub(super) source: SecretSource,
    /// Where it is, in a sentence.
    pub(super) told: String,
}

/// Keeps a token in the keyring; in a file beside the config where there is no keyring that works.
///
/// # Errors
/// [`Failure`] if neither can be written.
pub(super) async fn keep(name: &str, token: &SecretString, folder: &Path) -> Result<Kept, Failure> {
    match keep_in_keyring(name, token).await {
        Ok(kept) => Ok(kept),
        Err(why) => {
            let mut kept = keep_in_file(name, token, folder)?;
            kept.told = format!("{} ({why})", kept.told);
            Ok(kept)
        }
    }
}

/// Keeps a token in the system's keyring, and reads it back to be sure.
///
/// # Errors
/// Why not, in a few words.
pub(super) async fn keep_in_keyring(name: &str, token: &SecretString) -> Result<Kept, String> {
    let keyring = Keyring::of_system().ok_or("there is no keyring with a command here")?;
    let name = plain(name);
    keyring.store(&name, token).await?;
    let source = SecretSource::Command(keyring.lookup(&name));
    let back = tokio::time::timeout(PATIENCE, source.fetch()).await;
    let back = back.map_err(|_| "the keyring did not answer")?;
    let back = back.map_err(|_| "the keyring did not give it back")?;
    if back.expose_secret() != token.expose_secret() {
        return Err("the keyring gave something else back".to_owned());
    }
    let told = format!("the token is in {}, and was read back", keyring.told());
    Ok(Kept { source, told })
}

/// Keeps a token in a file that only its owner can read.
///
/// # Errors
/// [`Failure`] if it cannot be written.
pub(super) fn keep_in_file(
    name: &str,
    token: &SecretString,
    folder: &Path,
) -> Result<Kept, Failure> {
    let path = folder.join(format!("{}.token", plain(name)));
    let written = std::fs::create_dir_all(folder).and_then(|()| write_private(&path, token));
    written.map_err(|error| {
        Failure::usage(
            format!("the token cannot be kept in {}: {error}", path.display()),
            "put it into an environment variable, and name that with --token-env",
        )
    })?;
    let told = format!(
        "the token is in {}, which only you can read",
        path.display()
    );
    let source = SecretSource::File(path);
    Ok(Kept { source, told })
}

/// Whether a keyring with a command is here.
pub(super) fn has_keyring() -> bool {
    Keyring::of_system().is_some()
}

/// The command of a tracker's own tool that yields a token, where the tool is installed.
pub(super) fn of_own_tool(kind: TrackerKind, url: &Url) -> Option<String> {
    match kind {
        TrackerKind::GitHub => kind.usual_token(url).filter(|_| is_installed("gh")),
        TrackerKind::GitLab => {
            let host = url.host_str()?;
            let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-.".contains(letter);
            let plain = !host.starts_with('-') && host.chars().all(is_plain);
            (plain && is_installed("glab")).then(|| format!("glab config get token --host {host}"))
        }
        _ => None,
    }
}

/// Whether a program is on the path.
fn is_installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let file = if cfg!(windows) {
        format!("{program}.exe")
    } else {
        program.to_owned()
    };
    std::env::split_paths(&path).any(|folder| folder.join(&file).is_file())
}

/// A name that no shell and no file system takes for anything else.
fn plain(name: &str) -> String {
    let letter = |one: char| {
        if one.is_ascii_alphanumeric() || "-_.".contains(one) {
            one
        } else {
            '-'
        }
    };
    name.trim_start_matches(['-', '.'])
        .chars()
        .map(letter)
        .collect()
}

#[cfg(unix)]
fn write_private(path: &Path, token: &SecretString) -> io::Result<()> {
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
    let mut options = std::fs::OpenOptions::new();
    let mut file = options
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)?;
    // One that was there keeps its own rights otherwise.
    file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    writeln!(file, "{}", token.expose_secret())
}

#[cfg(not(unix))]
fn write_private(path: &Path, token: &SecretString) -> io::Result<()> {
    let mut file = std::fs::File::create(path)?;
    writeln!(file, "{}", token.expose_secret())
}

/// The keyrings that have a command.
#[derive(Clone, Copy, Debug)]
enum Keyring {
    /// The secret service of Linux desktops.
    SecretTool,
    /// The keychain of macOS.
    Keychain,
}

impl Keyring {
    fn of_system() -> Option<Self> {
        if cfg!(target_os = "macos") {
            is_installed("security").then_some(Self::Keychain)
        } else {
            is_installed("secret-tool").then_some(Self::SecretTool)
        }
    }

    fn told(self) -> &'static str {
        match self {
            Self::SecretTool => "the system's keyring",
            Self::Keychain => "the keychain",
        }
    }

    /// The command that prints it.
    fn lookup(self, name: &str) -> String {
        match self {
            Self::SecretTool => format!("secret-tool lookup weir {name}"),
            Self::Keychain => format!("security find-generic-password -s weir -a {name} -w"),
        }
    }

    /// Stores a token; it goes through a pipe, for the words of a command can be seen by others.
    async fn store(self, name: &str, token: &SecretString) -> Result<(), String> {
        let secret = token.expose_secret();
        match self {
            Self::SecretTool => {
                let label = format!("weir {name}");
                let words = ["store", "--label", &label, "weir", name];
                typed("secret-tool", &words, secret).await
            }
            Self::Keychain => {
                if secret.contains(['"', '\\']) || secret.contains(char::is_whitespace) {
                    return Err("the keychain's command cannot take such a token".to_owned());
                }
                let line = format!("add-generic-password -U -s weir -a {name} -w \"{secret}\"\n");
                typed("security", &["-i"], &line).await
            }
        }
    }
}

/// Runs a program and types something into it.
async fn typed(program: &str, words: &[&str], text: &str) -> Result<(), String> {
    let why = |error: io::Error| format!("{program}: {error}");
    let mut command = Command::new(program);
    command
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    let mut child = command.spawn().map_err(why)?;
    let run = async {
        if let Some(mut input) = child.stdin.take() {
            input.write_all(text.as_bytes()).await?;
        }
        child.wait().await
    };
    match tokio::time::timeout(PATIENCE, run).await {
        Err(_) => Err(format!("{program} did not end")),
        Ok(Err(error)) => Err(why(error)),
        Ok(Ok(status)) if !status.success() => Err("the system's keyring is not open".to_owned()),
        Ok(Ok(_)) => Ok(()),
    }
}

/// Takes away what was kept for a source that is not set up after all. What cannot be taken away
/// stays: nobody else can read it either.
pub(super) async fn forget(kept: &Kept) {
    match &kept.source {
        SecretSource::File(path) => drop(std::fs::remove_file(path)),
        SecretSource::Command(command) => {
            let mut words = command.split(' ');
            let clear = match (words.next(), words.next()) {
                (Some("secret-tool"), Some("lookup")) => ("secret-tool", "clear"),
                (Some("security"), Some(_)) => ("security", "delete-generic-password"),
                _ => return,
            };
            let rest = words.filter(|word| *word != "-w");
            let words: Vec<&str> = std::iter::once(clear.1).chain(rest).collect();
            let _ = typed(clear.0, &words, "").await;
        }
        SecretSource::Env(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{keep_in_file, plain};
    use crate::connectors::SecretSource;

    #[test]
    fn names_are_plain() {
        assert_eq!(plain("-pay $(reboot)/x"), "pay---reboot--x");
        assert_eq!(plain("redmine-2"), "redmine-2");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_with_a_token_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("r.token");
        std::fs::write(&path, "old").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        let kept = keep_in_file("r", &"new".to_owned().into(), folder.path()).unwrap();
        assert_eq!(kept.source, SecretSource::File(path.clone()));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "new\n");
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(!kept.told.contains("new"));
    }
}
