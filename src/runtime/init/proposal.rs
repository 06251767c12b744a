//! What is proposed for a source that was looked at: a stream, its reasons, and the names of both.

use std::collections::BTreeSet;

use crate::config::Config;
use crate::connectors::{FileFormat, FileSettings, SourceKind, SourceSettings};
use crate::model::id::SourceName;
use crate::model::infer::{Reason, Told, amend, infer_told, rules};
use crate::model::log::Log;
use crate::model::stream::Stream;
use crate::runtime::files::is_same_file;

/// Sources and a stream to write, and why they are so.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Proposal {
    pub(super) sources: Vec<SourceSettings>,
    pub(super) stream: Stream,
    /// One a status or rule.
    pub(super) reasons: Vec<Reason>,
}

/// Proposes the stream called `name` for what was read of these sources. One of that name that the config
/// has already stays as it is but for what it lacks.
pub(super) fn propose(
    sources: Vec<SourceSettings>,
    log: &Log,
    told: &Told,
    (name, config): (&str, &Config),
) -> Proposal {
    let mut inference = infer_told(log, name, told);
    inference.stream.sources = sources.iter().map(|one| one.name.clone()).collect();
    let found = rules(log);
    inference.stream.items = found.items;
    inference.stream.kinds = found.kinds;
    inference.stream.blocked.extend(found.blocked);
    inference.reasons.extend(found.reasons);
    let known = config.streams.iter().find(|stream| stream.name == name);
    let (stream, reasons) = match known {
        Some(known) => amend(known, &inference),
        None => (inference.stream, inference.reasons),
    };
    Proposal {
        sources,
        stream,
        reasons,
    }
}

/// The source as it is to be written: one that reads the same place already is changed, else it
/// gets a name that no other has.
pub(super) fn settled(
    source: SourceSettings,
    sources: &[SourceSettings],
    named: bool,
) -> SourceSettings {
    let is_it = |known: &&SourceSettings| {
        (named && known.name == source.name) || reads_same(&known.kind, &source.kind)
    };
    match sources.iter().find(is_it) {
        Some(known) => joined(known, source),
        None => SourceSettings {
            name: free(&source.name, sources.iter().map(|one| &one.name)),
            ..source
        },
    }
}

fn reads_same(one: &SourceKind, other: &SourceKind) -> bool {
    match (one, other) {
        (SourceKind::Tracker(kind, one), SourceKind::Tracker(other_kind, other)) => {
            kind == other_kind && one.url == other.url && one.query == other.query
        }
        (SourceKind::File(one), SourceKind::File(other)) => is_same_file(&one.path, &other.path),
        _ => false,
    }
}

/// The new settings with what the config says besides.
fn joined(known: &SourceSettings, mut source: SourceSettings) -> SourceSettings {
    source.name = known.name.clone();
    match (&known.kind, &mut source.kind) {
        (SourceKind::Tracker(_, old), SourceKind::Tracker(_, new)) => {
            new.fields.clone_from(&old.fields);
            if new.ca_file.is_none() {
                new.ca_file.clone_from(&old.ca_file);
            }
        }
        (SourceKind::File(old), SourceKind::File(new)) => join_files(old, new),
        // Of another kind of source nothing else holds.
        _ => return source,
    }
    source.poll_secs = known.poll_secs;
    source
}

/// The same file is read as the config says; in another one columns and times may be written
/// otherwise.
fn join_files(old: &FileSettings, new: &mut FileSettings) {
    if !is_same_file(&old.path, &new.path) {
        new.time_zone.clone_from(&old.time_zone);
        new.fields.clone_from(&old.fields);
        return;
    }
    let format = match new.format {
        FileFormat::Auto => old.format,
        said => said,
    };
    *new = FileSettings {
        format,
        ..old.clone()
    };
}

fn free<'a>(name: &SourceName, taken: impl Iterator<Item = &'a SourceName>) -> SourceName {
    let taken: BTreeSet<&str> = taken.map(SourceName::as_str).collect();
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    let mut names = std::iter::once(name.to_string()).chain(numbered);
    let free = names.find(|name| !taken.contains(name.as_str()));
    SourceName::new(&free.unwrap_or_default())
}

/// What a stream of places is called, in small letters: one by its name, without what stands in
/// brackets, several by the owner or group they are all in.
pub(super) fn stream_name(places: &[String]) -> String {
    let name = match places {
        [place] => own_name(place),
        places => shared_owner(places).unwrap_or_default(),
    };
    let name = name.trim().to_lowercase();
    if name.is_empty() {
        "work".to_owned()
    } else {
        name
    }
}

fn own_name(place: &str) -> &str {
    let plain = place.split(['(', '/']).find(|part| !part.trim().is_empty());
    let last = place.rsplit('/').next().filter(|_| !place.contains('('));
    last.or(plain).unwrap_or(place)
}

/// What stands before the first `/` of all of them.
fn shared_owner(places: &[String]) -> Option<&str> {
    let owners = || {
        places
            .iter()
            .map(|place| place.split_once('/').map(|(owner, _)| owner))
    };
    let first = owners().next()??;
    owners().all(|owner| owner == Some(first)).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::{settled, stream_name};
    use crate::config::Config;
    use crate::connectors::{
        Columns, FileFormat, FileSettings, SecretSource, SourceKind, SourceSettings, TrackerKind,
        TrackerSettings,
    };
    use crate::model::id::SourceName;
    use crate::model::time::Zone;

    fn tracker(name: &str, query: &str) -> SourceSettings {
        SourceSettings {
            name: SourceName::new(name),
            poll_secs: 60,
            kind: SourceKind::Tracker(
                TrackerKind::Redmine,
                TrackerSettings {
                    url: "https://r.test".parse().unwrap(),
                    user: None,
                    token: SecretSource::Env("KEY".to_owned()),
                    query: query.to_owned(),
                    fields: [("7".to_owned(), "team".to_owned())].into(),
                    ca_file: None,
                },
            ),
        }
    }

    #[test]
    fn the_same_place_is_changed_and_another_is_added() {
        let mut config = Config::default();
        config.sources.push(SourceSettings {
            poll_secs: 300,
            ..tracker("desk", "project_id=a")
        });
        let SourceKind::Tracker(kind, mut new) = tracker("redmine", "project_id=a").kind else {
            panic!("a tracker");
        };
        new.fields.clear();
        let again = SourceSettings {
            kind: SourceKind::Tracker(kind, new),
            ..tracker("redmine", "project_id=a")
        };
        assert_eq!(settled(again, &config.sources, false), config.sources[0]);
        let other = settled(tracker("desk", "project_id=b"), &config.sources, false);
        assert_eq!(other.name.as_str(), "desk-2");
        let named = settled(tracker("desk", "project_id=b"), &config.sources, true);
        assert_eq!((named.name.as_str(), named.poll_secs), ("desk", 300));
        let file = SourceSettings {
            kind: SourceKind::File(FileSettings::default()),
            ..tracker("desk", "")
        };
        assert_eq!(
            settled(file, &config.sources, false).name.as_str(),
            "desk-2"
        );
    }

    #[test]
    fn a_file_that_is_read_already_is_read_the_same() {
        let file = |settings| SourceSettings {
            kind: SourceKind::File(settings),
            ..tracker("log", "")
        };
        let written = FileSettings {
            path: "pay.csv".into(),
            format: FileFormat::Csv,
            columns: Columns {
                team: Some("Squad".to_owned()),
                ..Columns::default()
            },
            time_format: Some("%d.%m.%Y".to_owned()),
            time_zone: Zone::named("Europe/Berlin").ok(),
            fields: [("Area".to_owned(), "area".to_owned())].into(),
        };
        let known = SourceSettings {
            poll_secs: 300,
            ..file(written.clone())
        };
        let found = |path: &str, format| {
            let plain = FileSettings {
                path: path.into(),
                format,
                ..FileSettings::default()
            };
            settled(file(plain), std::slice::from_ref(&known), true)
        };
        assert_eq!(found("pay.csv", FileFormat::Auto), known);
        let jsonl = FileSettings {
            format: FileFormat::Jsonl,
            ..written.clone()
        };
        let SourceKind::File(said) = found("pay.csv", FileFormat::Jsonl).kind else {
            panic!("a file");
        };
        assert_eq!(said, jsonl);
        let other = FileSettings {
            path: "shop.csv".into(),
            time_zone: written.time_zone,
            fields: written.fields,
            ..FileSettings::default()
        };
        let expected = SourceSettings {
            poll_secs: 300,
            ..file(other)
        };
        assert_eq!(found("shop.csv", FileFormat::Auto), expected);
    }

    #[test]
    fn streams_are_called_after_their_places() {
        for (places, name) in [
            (&["Payments"][..], "payments"),
            (&["acme/Pay"], "pay"),
            (&["Roadmap (acme/7)"], "roadmap"),
            (&[""], "work"),
            (&["acme/pay", "acme/shop"], "acme"),
            (&["acme/pay", "umbrella/shop"], "work"),
            (&["Payments", "Shop"], "work"),
        ] {
            let places: Vec<String> = places.iter().map(|&place| place.to_owned()).collect();
            assert_eq!(stream_name(&places), name);
        }
    }
}
