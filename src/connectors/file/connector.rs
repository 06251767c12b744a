//! A file as a configured source: read whenever it has changed.

use std::fs::File;
use std::io::Read;
use std::time::UNIX_EPOCH;

use async_trait::async_trait;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio_util::sync::CancellationToken;
use xxhash_rust::xxh3::xxh3_64;

use super::batches::IntoBatches;
use super::pieces::Sizes;
use super::{FileReport, answers, head, own};
use crate::connectors::settings::{FileFormat, FileSettings};
use crate::connectors::{Check, Connector, Fault, Sink};
use crate::model::batch::{Batch, Cursor};
use crate::model::health::{Oddity, Progress};
use crate::model::id::SourceName;

/// Bytes of the beginning of a file that tell it from another.
const TELLING: usize = 64 * 1024;

/// An event log in a file.
#[derive(Clone, Debug)]
pub struct FileConnector {
    name: SourceName,
    settings: FileSettings,
}

/// What the reading thread tells.
enum Told {
    Batch(Batch),
    Progress(Progress),
}

impl FileConnector {
    /// A source of this name.
    pub fn new(name: SourceName, settings: FileSettings) -> Self {
        Self { name, settings }
    }
}

#[async_trait]
impl Connector for FileConnector {
    fn name(&self) -> &SourceName {
        &self.name
    }

    async fn sync(
        &self,
        cursor: Option<Cursor>,
        sink: &mut dyn Sink,
        cancel: &CancellationToken,
    ) -> Result<(), Fault> {
        let now = fingerprint(&self.settings)?;
        if cursor.as_ref() == Some(&now) {
            return Ok(());
        }
        let (send, told) = channel(2);
        let (name, settings) = (self.name.clone(), self.settings.clone());
        let reading = tokio::task::spawn_blocking(move || read_pages(&name, &settings, &send));
        hand_over(told, sink, cancel).await?;
        let report = reading.await.unwrap_or(Err(Fault::Stopped))?;
        if report.items > 0 {
            sink.whole();
        }
        say(report, sink);
        let mut last = Batch::empty(self.name.clone());
        // What was said of the file before it was read: a change meanwhile is read the next time.
        last.cursor = Some(now);
        sink.batch(last).await
    }

    async fn check(&self) -> Vec<Check> {
        let path = self.settings.path.display();
        vec![Check {
            what: format!("read {path} and tell its columns"),
            outcome: understood(&self.settings),
        }]
    }
}

/// Which column is what.
fn understood(settings: &FileSettings) -> Result<String, Fault> {
    let begun = head::begin(settings)?;
    if begun.own.is_some() {
        return Ok("written by `weir export`".to_owned());
    }
    if begun.format == FileFormat::JiraJson {
        return Ok("issues as Jira's search answers them".to_owned());
    }
    let opened = head::understand(begun, settings)?;
    let choices = opened.about.plan.choices.iter();
    let roles: Vec<String> = choices
        .map(|choice| format!("{} = \"{}\"", choice.role, choice.column))
        .collect();
    Ok(roles.join(", "))
}

/// Hands on what the reading thread tells, until it is done or nobody wants it any more.
async fn hand_over(
    mut told: Receiver<Told>,
    sink: &mut dyn Sink,
    cancel: &CancellationToken,
) -> Result<(), Fault> {
    loop {
        let next = tokio::select! {
            () = cancel.cancelled() => return Err(Fault::Stopped),
            next = told.recv() => next,
        };
        match next {
            Some(Told::Batch(batch)) => sink.batch(batch).await?,
            Some(Told::Progress(progress)) => sink.progress(progress),
            None => return Ok(()),
        }
    }
}

fn read_pages(
    name: &SourceName,
    settings: &FileSettings,
    send: &Sender<Told>,
) -> Result<FileReport, Fault> {
    let mut emit = |batch| {
        let taken = send.blocking_send(Told::Batch(batch));
        taken.map_err(|_| Fault::Stopped)
    };
    let begun = head::begin(settings)?;
    if let Some(format) = begun.own {
        let entries = own::entries(begun, format, settings)?;
        let mut pages = own::IntoBatches::new(name, settings, &mut emit);
        return own::read(entries, settings, &mut pages);
    }
    let mut progress = |progress| {
        let _ = send.try_send(Told::Progress(progress));
    };
    if begun.format == FileFormat::JiraJson {
        let mut pages = own::IntoBatches::new(name, settings, &mut emit);
        return answers::read(begun, (name, settings), &mut pages, &mut progress);
    }
    let opened = head::understand(begun, settings)?;
    let mut receiver = IntoBatches::new(name, &opened.about.plan, &mut emit);
    super::read(
        opened,
        settings,
        &mut receiver,
        (Sizes::default(), &mut progress),
    )
}

/// Lists what was kept out.
fn say(report: FileReport, sink: &mut dyn Sink) {
    let listed = report.oddities.len() as u64;
    for oddity in report.oddities {
        sink.oddity(oddity);
    }
    let more = report.oddity_count.saturating_sub(listed);
    if more > 0 {
        sink.oddity(Oddity {
            place: "further lines".to_owned(),
            what: format!("{more} more rows could not be read"),
        });
    }
}

/// Tells whether a file, or how it is read, has changed: size, time of change, beginning, settings.
fn fingerprint(settings: &FileSettings) -> Result<Cursor, Fault> {
    let failed = |error| head::fault(settings, &error);
    let file = File::open(&settings.path).map_err(failed)?;
    let about = file.metadata().map_err(failed)?;
    let changed = about.modified().ok();
    let changed = changed.and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    let changed = changed.map_or(0, |since| since.as_nanos());
    let mut beginning = Vec::with_capacity(TELLING);
    let mut part = file.take(TELLING as u64);
    part.read_to_end(&mut beginning).map_err(failed)?;
    let beginning = xxh3_64(&beginning);
    let how = xxh3_64(format!("{settings:?}").as_bytes());
    let size = about.len();
    Ok(Cursor(format!("1:{size}:{changed}:{beginning:x}:{how:x}")))
}
