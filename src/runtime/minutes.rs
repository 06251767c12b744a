//! The summary of a walk: as Markdown, and as a file.

use std::path::{Path, PathBuf};

use super::Failure;
use super::new_file::{named, write_new};
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
    let stream = named(&walk.data.measures.stream);
    let day = walk.data.snapshot.zone().day_of(walk.standup.as_of);
    let name = format!("standup-{stream}-{day}");
    write_new(Path::new("."), (&name, "md"), markdown(walk).as_bytes())
}
