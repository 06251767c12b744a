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

/// What was read.
pub(super) struct Read {
    pub(super) sources: Vec<SourceSettings>,
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

    /// Reads ninety days of what each query names, as a source each; `name` is the first one's, if
    /// that was said.
    ///
    /// # Errors
    /// A [`Fault`] if one cannot be read.
    pub(super) async fn read(
        &self,
        desk: &Desk,
        (name, queries): (Option<&str>, &[String]),
        told: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<Read, Fault> {
        let mut builder = LogBuilder::new();
        let (mut sources, mut said) = (Vec::new(), Told::default());
        let mut known = desk.config.sources.clone();
        for (at, query) in queries.iter().enumerate() {
            let (source, arranged) = self.source(name, query).await?;
            let source = settled(source, &known, name.is_some() && at == 0);
            let connector = sources::connect(&source, &desk.clock)?;
            look::read_into(&mut builder, connector.as_ref(), desk.clock.now(), told).await?;
            said.add(arranged);
            known.push(source.clone());
            sources.push(source);
        }
        Ok(Read {
            sources,
            log: Arc::new(builder.finish()),
            told: said,
        })
    }

    /// The source that a query makes, and how the statuses there are arranged.
    async fn source(
        &self,
        name: Option<&str>,
        query: &str,
    ) -> Result<(SourceSettings, Told), Fault> {
        let survey = surveyor(self.kind, self.settings(query))?;
        let Arranged {
            told,
            query: fuller,
        } = survey.arranged().await?;
        let settings = self.settings(fuller.as_deref().unwrap_or(query));
        let source = SourceSettings {
            name: SourceName::new(name.unwrap_or(self.kind.name())),
            poll_secs: 60,
            kind: SourceKind::Tracker(self.kind, settings),
        };
        Ok((source, told))
    }
}

/// Reads an event log; one that is a source already as the config says.
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
    let mut file = FileSettings {
        path,
        format,
        ..FileSettings::default()
    };
    let source = SourceSettings {
        name: SourceName::new(&own),
        poll_secs: 10,
        kind: SourceKind::File(file.clone()),
    };
    let mut source = settled(source, &desk.config.sources, name.is_some());
    if let SourceKind::File(settled) = &source.kind {
        file.clone_from(settled);
    }
    let mut builder = LogBuilder::new();
    let report = read_into(&mut builder, &source.name, &file, told)?;
    source.kind = SourceKind::File(report.found);
    Ok(Read {
        sources: vec![source],
        log: Arc::new(builder.finish()),
        told: report.told,
    })
}

impl Read {
    /// What is proposed for it; `places` name the stream unless that was said.
    pub(super) fn proposal(&self, desk: &Desk, places: &[String]) -> Proposal {
        let name = desk.stream.clone();
        let name = name.unwrap_or_else(|| self.stream_name(desk, places));
        propose(
            self.sources.clone(),
            &self.log,
            &self.told,
            (&name, &desk.config),
        )
    }

    /// The stream that draws from one of these sources already, else one named after the places that
    /// no other stream is called.
    fn stream_name(&self, desk: &Desk, places: &[String]) -> String {
        let streams = &desk.config.streams;
        let is_drawn = |name: &SourceName| self.sources.iter().any(|source| source.name == *name);
        let drawing = streams.iter().find(|one| one.sources.iter().any(is_drawn));
        if let Some(known) = drawing {
            return known.name.clone();
        }
        let wanted = stream_name(places);
        let taken = |name: &String| streams.iter().any(|one| one.name == *name);
        let numbered = (2..).map(|number| format!("{wanted} {number}"));
        let mut names = std::iter::once(wanted.clone()).chain(numbered);
        names.find(|name| !taken(name)).unwrap_or(wanted)
    }
}
