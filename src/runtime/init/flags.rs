//! A set-up told by flags: nobody is asked anything.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use secrecy::SecretString;
use url::Url;

use super::proposal::Proposal;
use super::steps::{Door, Read, read_file};
use super::{Desk, token};
use crate::connectors::file::file_stem;
use crate::connectors::{FileFormat, Place, SecretSource, TrackerKind};
use crate::runtime::numbers::{note, to_stdout};
use crate::runtime::progress::Bar;
use crate::runtime::{Failure, live};

/// Places named in an error.
const TOLD_PLACES: usize = 12;

/// What the flags of `weir init` say.
#[derive(Clone, Debug, Default)]
pub struct InitWords {
    /// The tracker or the format of the event log.
    pub kind: Option<String>,
    /// Where the tracker is.
    pub url: Option<String>,
    /// Whose token it is.
    pub user: Option<String>,
    /// Where the token is.
    pub token: Keep,
    /// Projects, boards, repositories or teams, by their names or keys.
    pub places: Vec<String>,
    /// What to read, in the words of the source's `query`.
    pub query: Option<String>,
    /// The event log.
    pub path: Option<PathBuf>,
    /// What to call the source.
    pub name: Option<String>,
    /// A certificate authority to trust.
    pub ca_file: Option<PathBuf>,
    /// Take every default and ask nothing.
    pub yes: bool,
    /// Show the config and write nothing.
    pub dry_run: bool,
}

/// Where the flags say that the token is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Keep {
    /// Nothing is said.
    #[default]
    Unsaid,
    /// There already.
    There(SecretSource),
    /// On standard input; it is to be kept in the system's keyring.
    Typed,
}

/// What is set up.
enum Kind {
    Tracker(TrackerKind),
    File(FileFormat),
}

/// Sets up what the words say.
///
/// # Errors
/// [`Failure`] that names the flag that is missing or wrong, or says what failed.
pub(super) fn run(desk: &Desk, words: &InitWords) -> Result<(), Failure> {
    let (read, places) = match kind(words)? {
        Kind::File(format) => {
            let path = words
                .path
                .as_deref()
                .ok_or_else(|| missing("--path FILE"))?;
            let bar = Bar::start(&format!("reading {}", path.display()));
            let mut told = |progress| bar.show(progress);
            let read = read_file(desk, (words.name.as_deref(), path), format, &mut told);
            bar.finish();
            let read = read?;
            (read, vec![file_stem(path)])
        }
        Kind::Tracker(kind) => live::engine()?.block_on(tracker(desk, kind, words))?,
    };
    let proposal = read.proposal(desk, &places);
    if words.dry_run {
        let text = proposal.text(&desk.path)?;
        return to_stdout(|out| out.write_all(text.as_bytes()));
    }
    proposal.write(desk)?;
    tell(&proposal, &read, &desk.path);
    Ok(())
}

/// Says what was proposed, and what to do next.
fn tell(proposal: &Proposal, read: &Read, path: &Path) {
    note(&format!("{} items looked at", read.log.item_count()));
    for reason in &proposal.reasons {
        note(&format!(
            "{} is {}: {}",
            reason.status, reason.place, reason.why
        ));
    }
    let sources: Vec<&str> = proposal.sources.iter().map(|it| it.name.as_str()).collect();
    note(&format!(
        "source {} and stream {} are written to {}",
        sources.join(", "),
        proposal.stream.name,
        path.display()
    ));
    note("next: `weir doctor` checks it, `weir` opens it");
}

fn kind(words: &InitWords) -> Result<Kind, Failure> {
    let files = [
        FileFormat::Csv,
        FileFormat::Jsonl,
        FileFormat::Xes,
        FileFormat::JiraJson,
    ];
    let Some(given) = words.kind.as_deref() else {
        return match &words.path {
            Some(_) => Ok(Kind::File(FileFormat::Auto)),
            None => Err(missing("--kind KIND")),
        };
    };
    let tracker = TrackerKind::ALL
        .into_iter()
        .find(|kind| kind.name() == given);
    let file = files.into_iter().find(|format| format.kind() == given);
    let found = tracker.map(Kind::Tracker).or(file.map(Kind::File));
    found.ok_or_else(|| {
        let known = TrackerKind::ALL.map(TrackerKind::name).join(", ");
        Failure::usage(
            format!("weir reads no \"{given}\""),
            format!("--kind is one of {known}, csv, jsonl, xes, jira-json"),
        )
    })
}

/// What must be said where nobody can be asked.
fn missing(flag: &str) -> Failure {
    Failure::usage(
        format!("{flag} is missing, and there is no terminal to ask on"),
        "for example: weir init --kind redmine --url https://redmine.example.org \
         --token-env REDMINE_KEY --project payments --yes",
    )
}

async fn tracker(
    desk: &Desk,
    kind: TrackerKind,
    words: &InitWords,
) -> Result<(Read, Vec<String>), Failure> {
    let door = door(desk, kind, words).await?;
    let (whose, places) = door.knock().await?;
    note(&format!(
        "{} lets {whose} in",
        door.url.host_str().unwrap_or("the tracker")
    ));
    let (places, queries) = chosen(&with_query(desk, &door, words), &places)?;
    let bar = Bar::start(&format!("reading {}", places.join(", ")));
    bar.tick();
    let name = words.name.as_deref();
    let read = door
        .read(desk, (name, &queries), &mut |progress| bar.show(progress))
        .await;
    bar.finish();
    Ok((read?, places))
}

async fn door(desk: &Desk, kind: TrackerKind, words: &InitWords) -> Result<Door, Failure> {
    let given = words.url.as_deref().or(kind.usual_url());
    let url = address(given.ok_or_else(|| missing("--url ADDRESS"))?)?;
    let known = desk.known((kind, &url), words.name.as_deref());
    let ca_file = words.ca_file.as_deref().map(std::path::absolute);
    let user = words.user.as_ref().filter(|_| kind.takes_user());
    Ok(Door {
        token: token_of(desk, (kind, &url), words).await?,
        user: user
            .or(known.and_then(|known| known.user.as_ref()))
            .cloned(),
        ca_file: ca_file
            .transpose()?
            .or(known.and_then(|known| known.ca_file.clone())),
        kind,
        url,
    })
}

/// An address of a server, with `https://` where nothing stands before it.
///
/// # Errors
/// [`Failure`] if it is none, or holds a password.
pub(super) fn address(text: &str) -> Result<Url, Failure> {
    let text = text.trim();
    let whole = if text.contains("://") {
        text.to_owned()
    } else {
        format!("https://{text}")
    };
    let url = Url::parse(&whole).ok().filter(|url| {
        matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|it| !it.is_empty())
    });
    let url = url.ok_or_else(|| {
        Failure::usage(
            "this is no address of a server",
            "write it as in the browser, for example https://redmine.example.org",
        )
    })?;
    if url.username().is_empty() && url.password().is_none() {
        return Ok(url);
    }
    Err(Failure::usage(
        "the address holds a user or a password",
        "leave them out of the address; the token is asked for by itself",
    ))
}

async fn token_of(
    desk: &Desk,
    (kind, url): (TrackerKind, &Url),
    words: &InitWords,
) -> Result<SecretSource, Failure> {
    match &words.token {
        Keep::There(SecretSource::File(path)) => Ok(SecretSource::File(std::path::absolute(path)?)),
        Keep::There(source) => Ok(source.clone()),
        Keep::Typed => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text)?;
            let token = SecretString::from(text.trim().to_owned());
            let name = words.name.as_deref().unwrap_or(kind.name());
            let kept = token::keep(name, &token, &desk.folder()).await?;
            note(&kept.told);
            Ok(kept.source)
        }
        Keep::Unsaid => desk
            .known((kind, url), words.name.as_deref())
            .map(|known| known.token.clone())
            .or_else(|| token::of_own_tool(kind, url).map(SecretSource::Command))
            .ok_or_else(|| missing("--token-env NAME (or --token-file, --token-command)")),
    }
}

/// The words, with the query of the source that they name where they say no place.
fn with_query(desk: &Desk, door: &Door, words: &InitWords) -> InitWords {
    let mut words = words.clone();
    if words.query.is_none() && words.places.is_empty() {
        let named = desk.named((door.kind, &door.url), words.name.as_deref());
        let query = named.map(|named| named.query.clone());
        words.query = query.filter(|query| !query.is_empty());
    }
    words
}

/// The names of the places and the queries that read them.
fn chosen(words: &InitWords, places: &[Place]) -> Result<(Vec<String>, Vec<String>), Failure> {
    if let Some(query) = &words.query {
        let named = places.iter().find(|place| place.query == *query);
        let name = named.map(|place| &place.name).or(words.places.first());
        let name = name.map_or("work", String::as_str);
        return Ok((vec![name.to_owned()], vec![query.clone()]));
    }
    let called = |wanted: &String| {
        let found = places.iter().find(|place| is_called(place, wanted));
        found.ok_or_else(|| unchosen(Some(wanted), places))
    };
    let found = match (words.places.as_slice(), places) {
        ([], [only]) => vec![only],
        ([], [first, ..]) if words.yes => vec![first],
        ([], _) => return Err(unchosen(None, places)),
        (wanted, _) => wanted.iter().map(called).collect::<Result<_, _>>()?,
    };
    let parts = found
        .into_iter()
        .map(|place| (place.name.clone(), place.query.clone()));
    Ok(parts.unzip())
}

/// Whether a place is the one that is wanted: by its name, or by the end of its query, which is its
/// key.
fn is_called(place: &Place, wanted: &str) -> bool {
    let key = place.query.rsplit([':', '=']).next().unwrap_or_default();
    let key = key.trim().trim_matches('"');
    [place.name.as_str(), key, place.query.as_str()]
        .iter()
        .any(|known| known.to_lowercase() == wanted.to_lowercase())
}

fn unchosen(wanted: Option<&str>, places: &[Place]) -> Failure {
    let what = match wanted {
        Some(wanted) => format!("the token's owner sees no \"{wanted}\" there"),
        None => "several projects are there, and none is named".to_owned(),
    };
    let mut names: Vec<&str> = places.iter().map(|place| place.name.as_str()).collect();
    names.truncate(TOLD_PLACES);
    let hint = match names.as_slice() {
        [] => "the token sees none: check what its owner may read, or say --query".to_owned(),
        names => format!("name one with --project: {}", names.join(", ")),
    };
    Failure::usage(what, hint)
}

#[cfg(test)]
mod tests {
    use super::{InitWords, address, chosen};
    use crate::connectors::Place;

    fn place(name: &str, query: &str) -> Place {
        Place {
            name: name.to_owned(),
            what: "project",
            query: query.to_owned(),
        }
    }

    #[test]
    fn a_place_is_found_by_name_or_key() {
        let places = [
            place("Web Shop", "project = \"WEB\""),
            place("Payments", "project_id=pay"),
        ];
        let asked = |wanted: &str| {
            let words = InitWords {
                places: vec![wanted.to_owned()],
                ..InitWords::default()
            };
            chosen(&words, &places)
        };
        for wanted in ["web shop", "WEB"] {
            assert_eq!(asked(wanted).unwrap().0, ["Web Shop"]);
        }
        assert_eq!(asked("pay").unwrap().1, ["project_id=pay"]);
        let failure = asked("nope").unwrap_err();
        assert!(failure.hint.unwrap().contains("Web Shop, Payments"));
        assert!(chosen(&InitWords::default(), &places).is_err());
        let yes = InitWords {
            yes: true,
            ..InitWords::default()
        };
        assert_eq!(chosen(&yes, &places).unwrap().0, ["Web Shop"]);
        let both = InitWords {
            places: vec!["pay".to_owned(), "WEB".to_owned()],
            ..InitWords::default()
        };
        assert_eq!(chosen(&both, &places).unwrap().0, ["Payments", "Web Shop"]);
    }

    #[test]
    fn addresses_are_made_whole_and_hold_no_password() {
        let host = |text: &str| address(text).map(|url| url.to_string()).ok();
        assert_eq!(host(" r.example "), Some("https://r.example/".to_owned()));
        assert_eq!(host("http://r:3000/x"), Some("http://r:3000/x".to_owned()));
        for wrong in ["", "ftp://x", "https://"] {
            assert_eq!(host(wrong), None, "{wrong}");
        }
        let failure = address("https://ann:pa55@r.example").unwrap_err();
        assert!(!format!("{failure:?}").contains("pa55"));
    }
}
