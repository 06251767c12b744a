//! The steps of a set-up that ask the tracker, the same whether a person or flags answer.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use url::Url;

use super::Desk;
use super::look;
use super::proposal::{Proposal, propose, settled, stream_name};
use crate::connectors::file::{file_stem, read_into};
use crate::connectors::{
    Arranged, Fault, FileFormat, FileSettings, Place, SecretSource, SourceKind, SourceSettings,
    TrackerKind, TrackerSettings, surveyor,
};
use crate::model::health::Progress;
use crate::model::id::SourceName;
use crate::model::infer::Told;
use crate::model::log::{Log, LogBuilder};
use crate::runtime::{Failure, sources};

/// A tracker, and how to be let in.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Door {
    pub(super) kind: TrackerKind,
    pub(super) url: Url,
    pub(super) user: Option<String>,
    pub(super) token: SecretSource,
    pub(super) ca_file: Option<PathBuf>,
}

/// What was read of a source.
pub(super) struct Read {
    pub(super) source: SourceSettings,
    pub(super) log: Arc<Log>,
    pub(super) told: Told,
}

impl Door {
    fn settings(&self, query: &str) -> TrackerSettings {
        TrackerSettings {
            url: self.url.clone(),
            user: self.user.clone(),
            token: self.token.clone(),
            query: query.to_owned(),
            fields: std::collections::BTreeMap::new(),
            ca_file: self.ca_file.clone(),
        }
    }

    /// Whose token it is, and where work is kept.
    ///
    /// # Errors
    /// A [`Fault`] if the tracker does not let anybody in.
    pub(super) async fn knock(&self) -> Result<(String, Vec<Place>), Fault> {
        let survey = surveyor(self.kind, self.settings(""))?;
        let whose = survey.whose().await?;
        Ok((whose, survey.places().await?))
    }

    /// Reads ninety days of what a query names; `name` is the source's, if that was said.
    ///
    /// # Errors
    /// A [`Fault`] if it cannot be read.
    pub(super) async fn read(
        &self,
        desk: &Desk,
        (name, query): (Option<&str>, &str),
        told: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<Read, Fault> {
        let survey = surveyor(self.kind, self.settings(query))?;
        let Arranged {
            told: said,
            query: fuller,
        } = survey.arranged().await?;
        let settings = self.settings(fuller.as_deref().unwrap_or(query));
        let source = SourceSettings {
            name: SourceName::new(name.unwrap_or(self.kind.name())),
            poll_secs: 60,
            kind: SourceKind::Tracker(self.kind, settings),
        };
        let source = settled(source, &desk.config, name.is_some());
        let connector = sources::connect(&source, &desk.clock)?;
        let log = look::read(connector.as_ref(), desk.clock.now(), told).await?;
        Ok(Read {
            source,
            log: Arc::new(log),
            told: said,
        })
    }
}

/// Reads an event log.
///
/// # Errors
/// [`Failure`] if it cannot be read or understood.
pub(super) fn read_file(
    desk: &Desk,
    (name, path): (Option<&str>, &Path),
    format: FileFormat,
    told: &mut dyn FnMut(Progress),
) -> Result<Read, Failure> {
    let path = std::path::absolute(path)?;
    let own = name.map_or_else(|| file_stem(&path), str::to_owned);
    let file = FileSettings {
        path,
        format,
        ..FileSettings::default()
    };
    let source = SourceSettings {
        name: SourceName::new(&own),
        poll_secs: 10,
        kind: SourceKind::File(file.clone()),
    };
    let mut source = settled(source, &desk.config, name.is_some());
    let mut builder = LogBuilder::new();
    let report = read_into(&mut builder, &source.name, &file, told)?;
    source.kind = SourceKind::File(report.found);
    Ok(Read {
        source,
        log: Arc::new(builder.finish()),
        told: report.told,
    })
}

impl Read {
    /// What is proposed for it; `place` names the stream unless that was said.
    pub(super) fn proposal(&self, desk: &Desk, place: &str) -> Proposal {
        let name = desk.stream.clone();
        let name = name.unwrap_or_else(|| self.stream_name(desk, place));
        propose(
            self.source.clone(),
            &self.log,
            &self.told,
            (&name, &desk.config),
        )
    }

    /// The stream that draws from this source already, else one named after the place that no other
    /// stream is called.
    fn stream_name(&self, desk: &Desk, place: &str) -> String {
        let streams = &desk.config.streams;
        let drawing = streams
            .iter()
            .find(|one| one.sources.contains(&self.source.name));
        if let Some(known) = drawing {
            return known.name.clone();
        }
        let wanted = stream_name(place);
        let taken = |name: &String| streams.iter().any(|one| one.name == *name);
        let numbered = (2..).map(|number| format!("{wanted} {number}"));
        let mut names = std::iter::once(wanted.clone()).chain(numbered);
        names.find(|name| !taken(name)).unwrap_or(wanted)
    }
}
