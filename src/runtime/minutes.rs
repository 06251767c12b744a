//! The summary of a walk: as Markdown, and as a file.

use std::path::{Path, PathBuf};

use super::Failure;
use crate::app::{Outcome, Said, Walk};
use crate::metrics::Called;
use crate::report::{Agenda, Answer, Minute, Minutes, standup_markdown};

/// The summary of a walk as Markdown.
pub(super) fn markdown(walk: &Walk) -> String {
    let answer = Answer {
        snapshot: &walk.data.snapshot,
        stream: walk.data.question.stream,
        measures: &walk.data.measures,
        promises: None,
    };
    let agenda = Agenda {
        answer,
        standup: &walk.standup,
    };
    standup_markdown(agenda, Some(&minutes(walk)))
}

fn minutes(walk: &Walk) -> Minutes {
    let items = walk.standup.items.iter().zip(&walk.said);
    let minute = |(called, said): (&Called, &Said)| Minute {
        item: called.open.item,
        owner: said.owner.clone(),
        step: said.step.clone(),
        note: said.note.clone(),
        parked: said.outcome == Outcome::Parked,
    };
    Minutes {
        said: items.map(minute).collect(),
        took: walk.told(),
    }
}

/// Writes the summary into the folder weir runs in, under a name that is not taken.
///
/// # Errors
/// [`Failure`] if it cannot be written.
pub(super) fn save(walk: &Walk) -> Result<PathBuf, Failure> {
    save_in(Path::new("."), walk)
}

fn save_in(folder: &Path, walk: &Walk) -> Result<PathBuf, Failure> {
    use std::io::Write;
    let mut last = None;
    for path in names(folder, walk).take(MOST) {
        let created = std::fs::File::create_new(&path);
        match created.and_then(|mut file| file.write_all(markdown(walk).as_bytes())) {
            Ok(()) => return Ok(std::path::absolute(&path)?),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                last = Some((path, error));
            }
            Err(error) => return Err(refused(&path, &error)),
        }
    }
    Err(last.map_or_else(
        || Failure::usage("no name is left for the summary", "copy it with y"),
        |(path, error)| refused(&path, &error),
    ))
}

/// So many summaries of one day.
const MOST: usize = 99;

/// `standup-payments-2026-11-23.md`, and numbered names for more of the same day.
fn names(folder: &Path, walk: &Walk) -> impl Iterator<Item = PathBuf> {
    let plain = |one: char| if one.is_alphanumeric() { one } else { '-' };
    let stream: String = walk.data.measures.stream.chars().map(plain).collect();
    let day = walk.data.snapshot.zone().day_of(walk.standup.as_of);
    let name = format!("standup-{stream}-{day}");
    let folder = folder.to_owned();
    (1..).map(move |number| match number {
        1 => folder.join(format!("{name}.md")),
        more => folder.join(format!("{name}-{more}.md")),
    })
}

fn refused(path: &Path, error: &std::io::Error) -> Failure {
    Failure::usage(
        format!("{} cannot be written: {error}; y copies it", path.display()),
        "run weir in a folder that can be written",
    )
}
