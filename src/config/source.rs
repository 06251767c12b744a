//! `[[sources]]`: what is read.

mod secret;

pub(super) use secret::read as read_secret;

use std::collections::BTreeMap;

use toml::Spanned;
use url::Url;

use super::problem::Problem;
use super::reader::{Section, Setting};
use crate::connectors::{
    Columns, DemoSettings, FileFormat, FileSettings, SecretSource, SourceKind, SourceSettings,
    TrackerKind, TrackerSettings,
};
use crate::model::id::SourceName;

/// Kinds that this version reads beside the trackers.
const OTHERS: [(&str, Kind); 5] = [
    ("csv", Kind::File(FileFormat::Csv)),
    ("jsonl", Kind::File(FileFormat::Jsonl)),
    ("xes", Kind::File(FileFormat::Xes)),
    ("jira-json", Kind::File(FileFormat::JiraJson)),
    ("demo", Kind::Demo),
];

/// All keys of all kinds.
const KEYS: [&str; 15] = [
    "name",
    "kind",
    "url",
    "user",
    "token",
    "query",
    "poll",
    "path",
    "columns",
    "time_format",
    "time_zone",
    "fields",
    "ca_file",
    "seed",
    "items",
];

/// The names of all kinds.
pub(super) fn kinds() -> Vec<&'static str> {
    let trackers = TrackerKind::ALL.iter().map(|kind| kind.name());
    trackers
        .chain(OTHERS.iter().map(|(name, _)| *name))
        .collect()
}

/// Seconds between two polls of a source whose config does not say.
pub(super) fn default_poll_secs(kind: &SourceKind) -> i64 {
    match kind {
        SourceKind::Tracker(..) => 60,
        SourceKind::File(_) => 10,
        SourceKind::Demo(_) => 1,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Tracker(TrackerKind),
    File(FileFormat),
    Demo,
}

/// All sources, and the names of all entries, also of those with problems.
pub(super) fn read_all(top: &mut Section<'_>) -> (Vec<Spanned<String>>, Vec<SourceSettings>) {
    let mut names = Vec::new();
    let sources = top.named_tables(("sources", "source"), |mut section| {
        let name = section.required_text("name", "\"tracker\"");
        names.extend(name.clone());
        let settings = read(section);
        let (poll_secs, kind) = settings.unzip();
        let name = name?;
        let source = kind.zip(poll_secs).map(|(kind, poll_secs)| SourceSettings {
            name: SourceName::new(name.get_ref()),
            poll_secs,
            kind,
        });
        Some((name, source))
    });
    (names, sources.into_iter().flatten().collect())
}

/// The seconds between polls and the rest of a source.
fn read(mut section: Section<'_>) -> Option<(u64, SourceKind)> {
    let kind = section
        .required("kind", "\"redmine\"")
        .and_then(|kind| read_kind(&kind));
    let Some(kind) = kind else {
        for key in KEYS {
            section.get(key);
        }
        section.finish();
        return None;
    };
    let least = if matches!(kind, Kind::Tracker(_)) {
        5
    } else {
        1
    };
    let poll = poll_secs(&mut section, least);
    let settings = match kind {
        Kind::Tracker(kind) => tracker(&mut section, kind),
        Kind::File(format) => file(&mut section, format).map(SourceKind::File),
        Kind::Demo => Some(SourceKind::Demo(demo(&mut section))),
    };
    section.finish_with(|key| {
        let known = KEYS.contains(&key);
        known.then(|| format!("\"{key}\" means nothing to this kind of source"))
    });
    let settings = settings?;
    let seconds = poll.unwrap_or_else(|| default_poll_secs(&settings));
    Some((u64::try_from(seconds).unwrap_or_default(), settings))
}

fn read_kind(setting: &Setting<'_>) -> Option<Kind> {
    let text = setting.text()?;
    let given = text.get_ref().as_str();
    let trackers = TrackerKind::ALL.map(|kind| (kind.name(), Kind::Tracker(kind)));
    let kinds: Vec<(&str, Kind)> = trackers.into_iter().chain(OTHERS).collect();
    if let Some((_, kind)) = kinds.iter().find(|(name, _)| *name == given) {
        return Some(*kind);
    }
    setting
        .reader()
        .unknown_name(&text, "kind of source", &self::kinds());
    None
}

/// The seconds between two polls, if they are given.
fn poll_secs(section: &mut Section<'_>, least: i64) -> Option<i64> {
    let setting = section.get("poll")?;
    let seconds = setting.span_secs()?;
    if seconds < least {
        let expected = format!("expected {least}s or more");
        setting.problem("this polls too often", &expected);
    }
    Some(seconds)
}

fn tracker(section: &mut Section<'_>, kind: TrackerKind) -> Option<SourceKind> {
    let url = match (section.get("url"), kind.usual_url()) {
        (None, Some(usual)) => Url::parse(usual).ok(),
        (None, None) => {
            let example = format!("\"https://{}.example.org\"", kind.name());
            section.required("url", &example);
            None
        }
        (Some(setting), _) => web_address(&setting),
    };
    let token = token(section, kind, url.as_ref());
    let user = if kind.takes_user() {
        section.get("user").and_then(|setting| setting.any_text())
    } else {
        None
    };
    let query = section.get("query").and_then(|setting| setting.any_text());
    let fields = fields(section);
    let ca_file = section.get("ca_file").and_then(|setting| setting.path());
    let settings = TrackerSettings {
        url: url?,
        user,
        token: token?,
        query: query.unwrap_or_default(),
        fields,
        ca_file,
    };
    Some(SourceKind::Tracker(kind, settings))
}

fn token(section: &mut Section<'_>, kind: TrackerKind, url: Option<&Url>) -> Option<SecretSource> {
    if let Some(setting) = section.get("token") {
        return read_secret(&setting);
    }
    let usual = url.and_then(|url| kind.usual_token(url));
    if usual.is_none() {
        let variable = kind.name().to_uppercase().replace('-', "_");
        section.required("token", &format!("{{ env = \"{variable}_TOKEN\" }}"));
    }
    usual.map(SecretSource::Command)
}

/// An address of the web without credentials and without a query.
fn web_address(setting: &Setting<'_>) -> Option<Url> {
    let text = setting.text()?;
    let url = Url::parse(text.get_ref())
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let Some(url) = url else {
        setting.problem(
            "this is no address of a server",
            "expected http:// or https:// and a host",
        );
        return None;
    };
    if !url.username().is_empty() || url.password().is_some() {
        setting.reader().hide(setting.span());
        setting.reader().report(
            Problem::new(
                text.span(),
                "the address holds a user or a password",
                "remove it here",
            )
            .hint("say where the key is found: token = { env = \"NAME\" }"),
        );
        return None;
    }
    Some(url)
}

fn file(section: &mut Section<'_>, format: FileFormat) -> Option<FileSettings> {
    let path = section
        .required("path", "\"history.csv\"")
        .and_then(|setting| setting.path());
    let columns = section.table("columns").map(columns).unwrap_or_default();
    let time_format = section
        .get("time_format")
        .and_then(|setting| time_format(&setting));
    let time_zone = section.get("time_zone").and_then(|setting| setting.zone());
    let fields = fields(section);
    Some(FileSettings {
        path: path?,
        format,
        columns,
        time_format,
        time_zone,
        fields,
    })
}

fn columns(mut section: Section<'_>) -> Columns {
    let mut column = |key| {
        let text = section.get(key)?.text()?;
        Some(text.into_inner())
    };
    let mut columns = Columns {
        item: column("item"),
        status: Vec::new(),
        time: column("time"),
        kind: column("kind"),
        team: column("team"),
        title: column("title"),
        assignee: column("assignee"),
        key: column("key"),
        url: column("url"),
    };
    if let Some(status) = section.get("status") {
        columns.status = status
            .texts()
            .into_iter()
            .map(Spanned::into_inner)
            .collect();
    }
    section.finish();
    columns
}

fn time_format(setting: &Setting<'_>) -> Option<String> {
    let text = setting.text()?.into_inner();
    if text == "auto" {
        return None;
    }
    if !text.contains('%') {
        setting.problem(
            format!("\"{text}\" is no time format"),
            "expected \"auto\" or a pattern such as \"%d.%m.%Y %H:%M:%S\"",
        );
    }
    Some(text)
}

fn demo(section: &mut Section<'_>) -> DemoSettings {
    let mut number = |key, least| {
        let bounds = least..=i64::from(u32::MAX);
        section.get(key).and_then(|setting| setting.whole(bounds))
    };
    let defaults = DemoSettings::default();
    let seed = number("seed", 0).and_then(|seed| u64::try_from(seed).ok());
    let items = number("items", 1).and_then(|items| u32::try_from(items).ok());
    DemoSettings {
        seed: seed.unwrap_or(defaults.seed),
        items: items.unwrap_or(defaults.items),
    }
}

/// Tracker field → fact.
fn fields(section: &mut Section<'_>) -> BTreeMap<String, String> {
    let Some(table) = section.table("fields") else {
        return BTreeMap::new();
    };
    let entries = table.entries().into_iter();
    let named = entries.filter_map(|(field, fact)| {
        let fact = fact.text()?;
        Some((field.into_inner(), fact.into_inner()))
    });
    named.collect()
}
