//! Where a secret comes from. It is read when needed and never kept in a config, log or error.

use std::path::PathBuf;

use secrecy::SecretString;
use tokio::process::Command;

/// Says where a key, token or password is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretSource {
    /// An environment variable.
    Env(String),
    /// The first line of a file.
    File(PathBuf),
    /// The first line that a command prints; run by the shell.
    Command(String),
}

/// Why a secret could not be had. Says where it was looked for, never what was found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// The variable is not set or empty.
    #[error("the environment variable {0} is not set")]
    NoVariable(String),
    /// The file cannot be read or is empty.
    #[error("the file {path} holds no secret: {why}")]
    NoFile {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        why: String,
    },
    /// The command failed or printed nothing.
    #[error("the command `{command}` gave no secret: {why}")]
    NoOutput {
        /// Which command.
        command: String,
        /// How it ended.
        why: String,
    },
}

impl SecretSource {
    /// Fetches the secret.
    ///
    /// # Errors
    /// [`SecretError`] if there is none.
    pub async fn fetch(&self) -> Result<SecretString, SecretError> {
        match self {
            Self::Env(name) => std::env::var(name)
                .ok()
                .and_then(|text| first_line(&text))
                .ok_or_else(|| SecretError::NoVariable(name.clone())),
            Self::File(path) => {
                let none = |why: String| SecretError::NoFile {
                    path: path.clone(),
                    why,
                };
                let text =
                    std::fs::read_to_string(path).map_err(|error| none(error.to_string()))?;
                first_line(&text).ok_or_else(|| none("it is empty".to_owned()))
            }
            Self::Command(command) => from_command(command).await,
        }
    }
}

async fn from_command(command: &str) -> Result<SecretString, SecretError> {
    let none = |why: String| SecretError::NoOutput {
        command: command.to_owned(),
        why,
    };
    let shell = if cfg!(windows) {
        ("cmd", "/C")
    } else {
        ("sh", "-c")
    };
    let output = Command::new(shell.0)
        .args([shell.1, command])
        .stdin(std::process::Stdio::null())
        .output()
        .await
        .map_err(|error| none(error.to_string()))?;
    if !output.status.success() {
        return Err(none(format!("it ended with {}", output.status)));
    }
    first_line(&String::from_utf8_lossy(&output.stdout))
        .ok_or_else(|| none("it printed nothing".to_owned()))
}

fn first_line(text: &str) -> Option<SecretString> {
    let line = text.lines().next()?.trim();
    (!line.is_empty()).then(|| SecretString::from(line.to_owned()))
}
