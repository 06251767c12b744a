//! Files that hold what Jira's search answered: issues with their changes, not rows.

use std::collections::HashSet;
use std::io;

use super::head::{self, Begun};
use super::own::Keeps;
use super::report::{Choice, FileReport};
use crate::connectors::Fault;
use crate::connectors::jira::Saved;
use crate::connectors::settings::{FileFormat, FileSettings};
use crate::connectors::story::Story;
use crate::model::health::{Oddity, Progress};
use crate::model::id::SourceName;

/// What an analyst may ask for.
const HOW: &str = "ask Jira's search with expand=changelog, and save what it answers";

/// Issues between two words on how far the reading has come.
const BETWEEN_WORDS: u64 = 1_000;

/// Reads a whole file into `keeps`, as events of `source`.
///
/// # Errors
/// [`Fault::Unusable`] if it cannot be read, or holds no issue with its changes.
pub(super) fn read(
    begun: Begun,
    (source, settings): (&SourceName, &FileSettings),
    keeps: &mut dyn Keeps,
    progress: &mut dyn FnMut(Progress),
) -> Result<FileReport, Fault> {
    let failed = |error: io::Error| head::fault(settings, &error);
    let (text, letters) = begun.text().map_err(failed)?;
    let mut saved = Saved::new(&text, &settings.fields);
    if !saved.has_changes() && text.contains("\"fields\"") {
        let what = "holds issues without their changes";
        return Err(head::unusable(settings, what, HOW));
    }
    let mut reading = Reading {
        source,
        keeps,
        progress,
        met: HashSet::new(),
        report: FileReport::default(),
    };
    let broken = saved.read(&mut |story| reading.take(story))?;
    if reading.report.items == 0 {
        let why = broken.map(|broken| format!(": {}", broken.why));
        let what = format!("holds no issue{}", why.unwrap_or_default());
        return Err(head::unusable(settings, &what, HOW));
    }
    for status in saved.statuses() {
        reading.keeps.status(source, status)?;
    }
    reading.keeps.end()?;
    let mut report = reading.report;
    if let Some(broken) = broken {
        let what = format!("the JSON ends or breaks off here: {}", broken.why);
        report.keep_out_at(format!("line {}", broken.line), what);
    }
    report.notes.extend(letters);
    report.found = FileSettings {
        format: FileFormat::JiraJson,
        ..settings.clone()
    };
    told(&saved, report).of_some(settings)
}

/// Says how the file was understood.
fn told(saved: &Saved<'_>, mut report: FileReport) -> FileReport {
    report.notes.splice(0..0, notes(saved, &report));
    report.choices = saved.facts().map(choice).collect();
    report.told = saved.told();
    "times are instants, as Jira tells them".clone_into(&mut report.times);
    report
}

fn notes(saved: &Saved<'_>, report: &FileReport) -> Vec<String> {
    let mut notes = vec![format!(
        "{} issues as Jira's search answers them",
        report.rows
    )];
    let strangers = saved.strangers().iter();
    notes.extend(strangers.map(|field| format!("no issue says anything of a field \"{field}\"")));
    notes
}

fn choice((field, fact): (&str, &str)) -> Choice {
    Choice {
        role: fact.to_owned(),
        column: field.to_owned(),
        why: "a field of this Jira".to_owned(),
    }
}

struct Reading<'a> {
    source: &'a SourceName,
    keeps: &'a mut dyn Keeps,
    progress: &'a mut dyn FnMut(Progress),
    /// Ids of the issues so far.
    met: HashSet<String>,
    report: FileReport,
}

impl Reading<'_> {
    fn take(&mut self, story: Story) -> Result<(), Fault> {
        self.report.rows += 1;
        if self.report.rows.is_multiple_of(BETWEEN_WORDS) {
            (self.progress)(Progress {
                done: self.report.items,
                total: None,
            });
        }
        let Some(history) = story.history else {
            for Oddity { place, what } in story.oddities {
                self.report.keep_out_at(place, what);
            }
            return Ok(());
        };
        if !self.met.insert(history.item.clone()) {
            let place = format!("issue {}", history.item);
            let what = "it comes twice; the first one counts";
            self.report.keep_out_at(place, what.to_owned());
            return Ok(());
        }
        for oddity in story.oddities {
            self.report.list(oddity);
        }
        self.report.items += 1;
        self.keeps.events(self.source, history)
    }
}
