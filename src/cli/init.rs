//! The flags of `weir init`.

use std::path::PathBuf;

use clap::Args;
use weir::connectors::SecretSource;
use weir::runtime::{InitWords, Keep};

const EXAMPLES: &str = "\
Examples:
  weir init                                        asks step by step
  weir init --kind redmine --url https://redmine.example.org --token-env REDMINE_KEY \\
            --project payments --yes               asks nothing
  weir init --path history.csv --yes               an event log in a file";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct InitArgs {
    /// azure-devops, github, gitlab, jira, linear, redmine; csv, jsonl, xes, jira-json for an event log
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// Where the tracker is, as in the browser
    #[arg(long, value_name = "ADDRESS")]
    url: Option<String>,
    /// Whose token it is: the mail address on Jira Cloud
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    /// The token is in this environment variable
    #[arg(long, value_name = "VARIABLE", group = "token")]
    token_env: Option<String>,
    /// The token is the first line of this file
    #[arg(long, value_name = "FILE", group = "token")]
    token_file: Option<PathBuf>,
    /// This command prints the token
    #[arg(long, value_name = "COMMAND", group = "token")]
    token_command: Option<String>,
    /// The token is on standard input; it is kept in the system's keyring
    #[arg(long, group = "token")]
    token_stdin: bool,
    /// The project, board, repository or team to read, by its name or its key; several times for
    /// several in one stream
    #[arg(long, value_name = "NAME")]
    project: Vec<String>,
    /// What to read, in the words of the source's query
    #[arg(long, value_name = "QUERY")]
    query: Option<String>,
    /// The event log to read
    #[arg(long, value_name = "FILE")]
    path: Option<PathBuf>,
    /// What to call the source; one of that name is changed
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// A certificate authority to trust beside the system's
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// Ask nothing: take every default
    #[arg(long, short)]
    yes: bool,
    /// Show the config, write nothing, ask nothing
    #[arg(long)]
    dry_run: bool,
}

impl InitArgs {
    /// The flags as the set-up takes them.
    pub(crate) fn words(self) -> InitWords {
        let token = self.token();
        InitWords {
            kind: self.kind,
            url: self.url,
            user: self.user,
            token,
            places: self.project,
            query: self.query,
            path: self.path,
            name: self.name,
            ca_file: self.ca_file,
            yes: self.yes,
            dry_run: self.dry_run,
        }
    }

    fn token(&self) -> Keep {
        if self.token_stdin {
            return Keep::Typed;
        }
        let env = self.token_env.clone().map(SecretSource::Env);
        let file = self.token_file.clone().map(SecretSource::File);
        let command = self.token_command.clone().map(SecretSource::Command);
        let there = env.or(file).or(command);
        there.map_or(Keep::Unsaid, Keep::There)
    }
}
