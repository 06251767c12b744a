//! What the config says about a source.

use std::collections::BTreeMap;
use std::path::PathBuf;

use url::Url;

use super::secret::SecretSource;
use crate::model::id::SourceName;
use crate::model::time::Zone;

/// One `[[sources]]` entry, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceSettings {
    /// Unique within the config.
    pub name: SourceName,
    /// Seconds between two polls.
    pub poll_secs: u64,
    /// What it is and how to reach it.
    pub kind: SourceKind,
}

/// The kinds of source and what each needs.
#[derive(Clone, Debug, PartialEq)]
pub enum SourceKind {
    /// A tracker that is asked over HTTP.
    Tracker(TrackerKind, TrackerSettings),
    /// An event log in a file.
    File(FileSettings),
    /// A simulated company.
    Demo(DemoSettings),
}

/// The trackers that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TrackerKind {
    /// An organization of Azure DevOps or a collection of a server.
    AzureDevops,
    /// github.com or an Enterprise host.
    GitHub,
    /// A GitLab server.
    GitLab,
    /// A Jira, Cloud or Data Center.
    Jira,
    /// A Linear workspace.
    Linear,
    /// A Redmine server.
    Redmine,
}

impl TrackerKind {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::AzureDevops,
        Self::GitHub,
        Self::GitLab,
        Self::Jira,
        Self::Linear,
        Self::Redmine,
    ];

    /// Its name in the config.
    pub fn name(self) -> &'static str {
        match self {
            Self::AzureDevops => "azure-devops",
            Self::GitHub => "github",
            Self::GitLab => "gitlab",
            Self::Jira => "jira",
            Self::Linear => "linear",
            Self::Redmine => "redmine",
        }
    }

    /// Where it is when the config does not say; `None`: the config must.
    pub fn usual_url(self) -> Option<&'static str> {
        match self {
            Self::GitHub => Some("https://github.com"),
            Self::GitLab => Some("https://gitlab.com"),
            Self::Linear => Some("https://api.linear.app"),
            Self::AzureDevops | Self::Jira | Self::Redmine => None,
        }
    }

    /// The command that yields the token for `url` when the config does not say; `None`: the config
    /// must.
    pub fn usual_token(self, url: &Url) -> Option<String> {
        match self {
            Self::GitHub => gh_auth_token(url),
            Self::AzureDevops | Self::GitLab | Self::Jira | Self::Linear | Self::Redmine => None,
        }
    }

    /// Whether it wants to know whose token it is.
    pub fn takes_user(self) -> bool {
        self == Self::Jira
    }
}

/// GitHub's own tool keeps a token for each host. Only a plain host goes into a command.
fn gh_auth_token(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    let host = host.strip_prefix("api.").unwrap_or(host);
    if matches!(host, "github.com" | "www.github.com") {
        return Some("gh auth token".to_owned());
    }
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-.".contains(letter);
    let is_host = !host.starts_with('-') && host.chars().all(is_plain);
    is_host.then(|| format!("gh auth token --hostname {host}"))
}

/// How to read a tracker.
#[derive(Clone, Debug, PartialEq)]
pub struct TrackerSettings {
    /// Base address, with or without a trailing slash or path.
    pub url: Url,
    /// Who the token belongs to, for trackers that want to know.
    pub user: Option<String>,
    /// The API key or token.
    pub token: SecretSource,
    /// What to read, in the tracker's own words; each kind documents its own. Empty: all that the
    /// token may see, where the tracker allows that.
    pub query: String,
    /// Tracker field → fact, for example `"Team" = "team"`; custom fields by name or id.
    pub fields: BTreeMap<String, String>,
    /// A certificate authority to trust beside the system's, PEM.
    pub ca_file: Option<PathBuf>,
}

/// How to read an event log.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FileSettings {
    /// Where it is.
    pub path: PathBuf,
    /// Its format.
    pub format: FileFormat,
    /// Which column is what; those not named are inferred.
    pub columns: Columns,
    /// A chrono pattern; `None`: found out from the whole column.
    pub time_format: Option<String>,
    /// The zone of times without an offset.
    pub time_zone: Option<Zone>,
    /// Column → fact, beside `columns`.
    pub fields: BTreeMap<String, String>,
}

/// Formats of event logs. Each may be packed with gzip.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FileFormat {
    /// Told by the ending, else by the content.
    #[default]
    Auto,
    /// Delimited text, one event a row.
    Csv,
    /// One JSON object a line.
    Jsonl,
    /// The process miners' XML.
    Xes,
    /// What Jira's search answered: JSON of issues with their changes.
    JiraJson,
}

impl FileFormat {
    /// The kind of source in the config.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Auto | Self::Csv => "csv",
            Self::Jsonl => "jsonl",
            Self::Xes => "xes",
            Self::JiraJson => "jira-json",
        }
    }
}

/// Names of the columns of an event log, as its header has them; of JSON objects, the names of
/// fields, nested ones with dots between.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// The item's id.
    pub item: Option<String>,
    /// The status it entered; several are joined by `/`.
    pub status: Vec<String>,
    /// When.
    pub time: Option<String>,
    /// The item's type.
    pub kind: Option<String>,
    /// The team.
    pub team: Option<String>,
    /// One line of text.
    pub title: Option<String>,
    /// The assignee.
    pub assignee: Option<String>,
    /// The key people use, where it is not the id.
    pub key: Option<String>,
    /// Address of the item.
    pub url: Option<String>,
}

/// How the simulated company is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DemoSettings {
    /// The same seed gives the same company.
    pub seed: u64,
    /// How many items it has had so far, about.
    pub items: u32,
}

impl Default for DemoSettings {
    fn default() -> Self {
        Self {
            seed: 1,
            items: 1_200,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::TrackerKind;

    #[test]
    fn githubs_own_tool_has_a_token_for_each_host() {
        for (url, command) in [
            ("https://github.com", Some("gh auth token")),
            ("https://api.github.com/", Some("gh auth token")),
            (
                "https://git.example.org/api/v3",
                Some("gh auth token --hostname git.example.org"),
            ),
            (
                "https://api.acme.ghe.com",
                Some("gh auth token --hostname acme.ghe.com"),
            ),
            // Nothing of an address runs as a command.
            ("https://a;reboot", None),
            ("https://$(reboot)", None),
        ] {
            let url = url.parse().unwrap();
            let usual = TrackerKind::GitHub.usual_token(&url);
            assert_eq!(usual.as_deref(), command, "{url}");
        }
    }
}
