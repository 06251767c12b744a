//! The program in a folder of its own: nothing of the machine's user is read or written.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// The built program.
pub(crate) const WEIR: &str = env!("CARGO_BIN_EXE_weir");

/// The log that most tests read: three items in five statuses, one row with no time.
pub(crate) const HISTORY: &str = "\
case,activity,time,type,team,subject
A-1,Ideas,2026-01-05T09:00:00Z,Feature,cards,Refund to another card
A-1,Ready,2026-01-12T09:00:00Z,Feature,cards,Refund to another card
A-1,Build,2026-01-14T09:00:00Z,Feature,cards,Refund to another card
A-1,Review,2026-01-16T09:00:00Z,Feature,cards,Refund to another card
A-1,Done,2026-01-21T09:00:00Z,Feature,cards,Refund to another card
A-2,Ideas,2026-01-06T09:00:00Z,Bug,reader,\"Card reader, firmware\"
A-2,Ready,2026-01-08T09:00:00Z,Bug,reader,\"Card reader, firmware\"
A-2,Build,2026-01-10T09:00:00Z,Bug,reader,\"Card reader, firmware\"
A-2,Review,2026-01-11T09:00:00Z,Bug,reader,\"Card reader, firmware\"
A-3,Ideas,2026-01-07T09:00:00Z,Feature,cards,Export
A-3,Ready,not a time,Feature,cards,Export
A-3,Ready,2026-01-20T09:00:00Z,Feature,cards,Export
";

/// A folder to work in, with a home in it.
pub(crate) struct Desk {
    folder: TempDir,
}

impl Desk {
    /// An empty folder.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let state = folder.path().join("home/state/weir");
        std::fs::create_dir_all(&state).expect("a home");
        // Whoever works here has seen the dashboard before.
        std::fs::write(state.join("dashboard.json"), "{\"tour\": true}").expect("a file");
        Self { folder }
    }

    /// A folder with [`HISTORY`] as `history.csv`.
    pub(crate) fn with_history() -> Self {
        let desk = Self::new();
        desk.write("history.csv", HISTORY);
        desk
    }

    /// Where something in the folder is.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), content).expect("a file");
    }

    /// What a file says.
    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect("a file")
    }

    /// The environment of the program: only this.
    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        let home = |name: &str| self.path("home").join(name).display().to_string();
        let mut environment = vec![
            ("HOME", self.path("home").display().to_string()),
            ("XDG_CONFIG_HOME", home("config")),
            ("XDG_DATA_HOME", home("data")),
            ("XDG_STATE_HOME", home("state")),
            ("XDG_CACHE_HOME", home("cache")),
            ("TZ", "UTC".to_owned()),
            ("TERM", "xterm-256color".to_owned()),
        ];
        if let Ok(path) = std::env::var("PATH") {
            environment.push(("PATH", path));
        }
        environment
    }

    /// The folder itself.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The program, ready to be run without a terminal.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(WEIR);
        command
            .args(arguments)
            .current_dir(self.folder())
            .env_clear()
            .envs(self.environment())
            .stdin(Stdio::null());
        command
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        self.run_with(arguments, &[])
    }

    /// Runs the program to its end with more in its environment.
    pub(crate) fn run_with(&self, arguments: &[&str], more: &[(&str, &str)]) -> Ended {
        let mut command = self.command(arguments);
        let output = command.envs(more.iter().copied()).output();
        Ended::of(&output.expect("it starts"))
    }
}

/// How a run ended and what it said.
#[derive(Debug)]
pub(crate) struct Ended {
    /// The exit code; none if a signal ended it.
    pub(crate) code: Option<i32>,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

impl Ended {
    fn of(output: &Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout.clone()).expect("text"),
            err: String::from_utf8(output.stderr.clone()).expect("text"),
        }
    }

    /// What was said on standard output by a run that went well.
    #[track_caller]
    pub(crate) fn fine(self) -> String {
        assert_eq!(self.code, Some(0), "{self:?}");
        self.out
    }

    /// What was said on standard error by a run that had to fail with this code.
    #[track_caller]
    pub(crate) fn failed(self, code: i32) -> String {
        assert_eq!(self.code, Some(code), "{self:?}");
        let told = self.err.lines().any(|line| line.starts_with("weir: "));
        assert!(told, "{self:?}");
        self.err
    }
}
