//! What can be chosen: the trackers, and where a token may be, what is at hand first.

use url::Url;

use super::super::flags::{InitWords, Keep};
use super::super::{Desk, token};
use crate::app::{Answers, KeepOffer, KindOffer, Setup, Sort, Way};
use crate::connectors::{SecretSource, SourceKind, SourceSettings, TrackerKind, TrackerSettings};

/// Trackers, in the order in which they are offered, with where a token is made.
const TRACKERS: [(TrackerKind, &str, &str); 6] = [
    (
        TrackerKind::Jira,
        "Jira",
        "Cloud: id.atlassian.com, Security, API tokens, Create API token. Your own server: your \
         picture, Profile, Personal Access Tokens.",
    ),
    (
        TrackerKind::GitHub,
        "GitHub",
        "Your picture, Settings, Developer settings, Personal access tokens. For a project the scope \
         read:project.",
    ),
    (
        TrackerKind::GitLab,
        "GitLab",
        "Your picture, Edit profile, Access tokens, Add new token, scope read_api.",
    ),
    (
        TrackerKind::AzureDevops,
        "Azure DevOps",
        "The gear beside your picture, Personal access tokens, New Token, Work Items: Read, Project \
         and Team: Read.",
    ),
    (
        TrackerKind::Linear,
        "Linear",
        "Settings, Security & access, Personal API keys, New API key.",
    ),
    (
        TrackerKind::Redmine,
        "Redmine",
        "The API access key is on the page My account, at the right: Show.",
    ),
];

/// Names of kinds that are no tracker.
const FILE: &str = "file";
const DEMO: &str = "demo";

/// Where a token may be, and how it would be found.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) offer: KeepOffer,
    pub(super) source: Option<SecretSource>,
}

impl Way {
    /// Whether a token is written somewhere for it.
    pub(super) fn is_kept(&self) -> bool {
        matches!(self, Self::Keyring | Self::File)
    }
}

/// The set-up at its first step, with what flags and config say already.
pub(super) fn start(desk: &Desk, words: &InitWords) -> Setup {
    let trackers = TRACKERS.map(|(kind, title, tokens)| KindOffer {
        name: kind.name(),
        title,
        usual_url: kind.usual_url().map(str::to_owned),
        takes_user: kind.takes_user(),
        sort: Sort::Tracker,
        tokens,
    });
    let other = |name, title, sort| KindOffer {
        name,
        title,
        usual_url: None,
        takes_user: false,
        sort,
        tokens: "",
    };
    let mut kinds = trackers.to_vec();
    kinds.push(other(
        FILE,
        "An event log in a file: CSV, JSONL, XES",
        Sort::File,
    ));
    kinds.push(other(
        DEMO,
        "Nothing yet: look around in a simulated company",
        Sort::Demo,
    ));
    let known = tracker_of(desk, words);
    for offer in &mut kinds {
        let own = known.filter(|(kind, _)| kind.name() == offer.name);
        if let Some((_, settings)) = own {
            offer.usual_url = Some(settings.url.to_string());
        }
    }
    let user = known.and_then(|(_, settings)| settings.user.clone());
    let path = words.path.as_ref().map(|path| path.display().to_string());
    let answers = Answers {
        path: path.unwrap_or_default(),
        address: words.url.clone().unwrap_or_default(),
        user: words.user.clone().or(user).unwrap_or_default(),
        places: Vec::new(),
    };
    let kind = first_kind(words, known.map(|(kind, _)| kind));
    let mut setup = Setup::new(kinds, answers, desk.path.display().to_string());
    setup.kind = setup
        .kinds
        .iter()
        .position(|offer| offer.name == kind)
        .unwrap_or(0);
    setup
}

/// The kind that is likeliest: what is said, what is there already, what tool is installed.
fn first_kind(words: &InitWords, known: Option<TrackerKind>) -> String {
    if let Some(kind) = &words.kind {
        let is_tracker = TrackerKind::ALL.iter().any(|one| one.name() == kind);
        return if is_tracker {
            kind.clone()
        } else {
            FILE.to_owned()
        };
    }
    if words.path.is_some() {
        return FILE.to_owned();
    }
    let with_tool = || {
        let mut all = TRACKERS.into_iter().map(|(kind, ..)| kind);
        all.find(|kind| {
            let url = kind.usual_url().and_then(|url| Url::parse(url).ok());
            url.is_some_and(|url| token::of_own_tool(*kind, &url).is_some())
        })
    };
    let kind = known.or_else(with_tool).unwrap_or(TrackerKind::Jira);
    kind.name().to_owned()
}

/// The tracker of the config that is most likely meant.
fn tracker_of<'d>(desk: &'d Desk, words: &InitWords) -> Option<(TrackerKind, &'d TrackerSettings)> {
    let tracker = |source: &'d SourceSettings| match &source.kind {
        SourceKind::Tracker(kind, settings) => Some((*kind, settings)),
        _ => None,
    };
    let mut trackers = desk.config.sources.iter().filter_map(tracker);
    trackers.find(|(kind, _)| {
        words
            .kind
            .as_deref()
            .is_none_or(|wanted| wanted == kind.name())
    })
}

/// Where the token of a tracker may be, the easiest first.
pub(super) fn candidates(
    desk: &Desk,
    (kind, url): (TrackerKind, &Url),
    words: &InitWords,
) -> Vec<Candidate> {
    let mut all = Vec::new();
    if let Keep::There(source) = &words.token {
        all.push(known("as the flag says", source.clone()));
    }
    for source in &desk.config.sources {
        if let SourceKind::Tracker(other, settings) = &source.kind
            && (*other, &settings.url) == (kind, url)
        {
            let title = format!("where source {} has it", source.name);
            all.push(known(&title, settings.token.clone()));
        }
    }
    if let Some(command) = token::of_own_tool(kind, url) {
        all.push(Candidate {
            offer: offer(
                Way::Tool,
                format!("ask the tool that is installed: {command}"),
                "",
            ),
            source: Some(SecretSource::Command(command)),
        });
    }
    let variable = format!("{}_TOKEN", kind.name().to_uppercase().replace('-', "_"));
    let is_set = std::env::var_os(&variable).is_some_and(|value| !value.is_empty());
    let in_variable = Candidate {
        offer: offer(
            Way::Variable,
            "in an environment variable".to_owned(),
            &variable,
        ),
        source: None,
    };
    all.extend(is_set.then(|| in_variable.clone()));
    all.extend(token::has_keyring().then(|| plain(Way::Keyring, "in the system's keyring")));
    all.push(plain(
        Way::File,
        "in a file beside the config that only you can read",
    ));
    all.extend((!is_set).then_some(in_variable));
    all.push(plain(
        Way::Command,
        "a command prints it, such as that of a password manager",
    ));
    all
}

fn known(title: &str, source: SecretSource) -> Candidate {
    Candidate {
        offer: offer(Way::Known, title.to_owned(), ""),
        source: Some(source),
    }
}

fn plain(way: Way, title: &str) -> Candidate {
    Candidate {
        offer: offer(way, title.to_owned(), ""),
        source: None,
    }
}

fn offer(way: Way, title: String, usual: &str) -> KeepOffer {
    KeepOffer {
        way,
        title,
        usual: usual.to_owned(),
    }
}
