//! The stand-up on paper: what changed, what calls for a word, and what was said in the walk.

mod json;

pub use json::standup_json;

use super::document::{Block, Document, Part};
use super::table::Table;
use super::told::{day, or_unknown};
use super::{Answer, markdown, place, text};
use crate::metrics::{Called, Changed, Concern, News, Since, Standup};
use crate::model::event::fact;
use crate::model::id::ItemIx;
use crate::model::time::{Sec, days};
use crate::model::timeline::Position;

/// An agenda, with the answer it was made from.
#[derive(Clone, Copy, Debug)]
pub struct Agenda<'a> {
    /// What was answered.
    pub answer: Answer<'a>,
    /// What there is to speak of.
    pub standup: &'a Standup,
}

/// What came of a walk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Minutes {
    /// What was said, in the order of the walk.
    pub said: Vec<Minute>,
    /// How long it took, in words.
    pub took: String,
}

/// What came of one item in a walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Minute {
    /// Which item.
    pub item: ItemIx,
    /// Who takes it; may be empty.
    pub owner: String,
    /// What is next; may be empty.
    pub step: String,
    /// A note; may be empty.
    pub note: String,
    /// Whether it is to be spoken of afterwards.
    pub parked: bool,
}

/// The agenda as Markdown; after a walk with what was said, which comes first.
pub fn standup_markdown(agenda: Agenda<'_>, minutes: Option<&Minutes>) -> String {
    markdown::written(document(agenda, minutes))
}

/// The agenda as plain text.
pub fn standup_text(agenda: Agenda<'_>) -> String {
    text::written(document(agenda, None))
}

fn document(agenda: Agenda<'_>, minutes: Option<&Minutes>) -> Document {
    let at = |at: Sec| {
        let zone = agenda.answer.snapshot.zone();
        format!("{} {}", zone.day_of(at).long(), zone.hour_minute(at))
    };
    let since = match agenda.standup.since {
        Since::LastWalk(walked) => format!("changes since the last walk, {}", at(walked)),
        Since::ADay(_) => "changes of a day: no walk before is known".to_owned(),
    };
    let asked = vec![format!("as of {}", at(agenda.standup.as_of)), since];
    let said = minutes
        .into_iter()
        .flat_map(|one| minutes_parts(agenda, one));
    let changed = Part {
        heading: "What changed",
        blocks: vec![changes(agenda)],
    };
    let concerns = Concern::ALL.into_iter();
    let parts = said
        .chain([changed])
        .chain(concerns.filter_map(|concern| called(agenda, concern)));
    Document {
        stream: format!("Stand-up: {}", agenda.answer.measures.stream),
        asked,
        parts: parts.collect(),
    }
}

fn changes(agenda: Agenda<'_>) -> Block {
    if agenda.standup.changes.is_empty() {
        return Block::line("Nothing changed.");
    }
    let mut table = Table::new(["item", "what", "where", "when", "title"]);
    for one in &agenda.standup.changes {
        let (log, zone) = (agenda.answer.snapshot.log(), agenda.answer.snapshot.zone());
        table.row([
            log.key(one.item).to_owned(),
            one.news.name().to_owned(),
            way(agenda, one),
            format!(
                "{} {}",
                zone.day_of(one.at).short(),
                zone.hour_minute(one.at)
            ),
            log.title(one.item).to_owned(),
        ]);
    }
    Block::Table(table)
}

/// From where to where it went.
fn way(agenda: Agenda<'_>, one: &Changed) -> String {
    let place = |position| place(agenda.answer.measures, position).to_owned();
    match one.from {
        Some(from) if from != one.to => format!("{} → {}", place(from), place(one.to)),
        Some(_) if one.news == News::Moved => format!("away and back in {}", place(one.to)),
        None | Some(_) => place(one.to),
    }
}

fn called(agenda: Agenda<'_>, concern: Concern) -> Option<Part> {
    let items = agenda.standup.items.iter();
    let items: Vec<&Called> = items.filter(|one| one.concern == concern).collect();
    let block = match concern {
        _ if items.is_empty() => return None,
        Concern::Fine => Block::line(match items.len() {
            1 => "1 more item in progress calls for no word.".to_owned(),
            more => format!("{more} more items in progress call for no word."),
        }),
        _ => called_table(agenda, &items),
    };
    Some(Part {
        heading: concern.name(),
        blocks: vec![block],
    })
}

fn called_table(agenda: Agenda<'_>, items: &[&Called]) -> Block {
    let header = [
        "item",
        "stage",
        "age d",
        "in stage d",
        "why",
        "with",
        "P85 left d",
        "title",
    ];
    let mut table = Table::new(header).unknown(
        6,
        "under 10 items like it to go by, or too many of them not finished either",
    );
    let log = agenda.answer.snapshot.log();
    for one in items {
        table.row([
            log.key(one.open.item).to_owned(),
            place(agenda.answer.measures, Position::Stage(one.open.stage)).to_owned(),
            day(one.open.age),
            day(Some(one.open.in_stage)),
            why(agenda, one),
            with(agenda, one),
            day(one.left.p85),
            log.title(one.open.item).to_owned(),
        ]);
    }
    Block::Table(table)
}

/// Why the item is called, in words.
fn why(agenda: Agenda<'_>, one: &Called) -> String {
    match one.concern {
        Concern::Blocked => {
            let reason = one.open.block.as_ref().map_or("", |block| &block.reason);
            let long = or_unknown(blocked_days(agenda, one), |days| format!("{days:.1} d"));
            format!("{long}: {reason}")
                .trim_end_matches(": ")
                .to_owned()
        }
        Concern::OverPace => {
            let band = agenda.answer.measures.pace.p85(one.open.stage);
            or_unknown(band, |band| format!("band {:.1} d", days(band)))
        }
        Concern::Expedite => told(agenda, one, fact::PRIORITY).to_owned(),
        Concern::Stale | Concern::Fine => String::new(),
    }
}

/// For how many days it has been stopped.
fn blocked_days(agenda: Agenda<'_>, one: &Called) -> Option<f64> {
    let block = one.open.block.as_ref()?;
    let ruler = &agenda.answer.measures.ruler;
    Some(days(ruler.between(block.since, agenda.standup.as_of)))
}

/// Who has it, and the side that owns its stage.
fn with(agenda: Agenda<'_>, one: &Called) -> String {
    let names = [assignee(agenda, one), side(agenda, one)];
    let known: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
    known.join(", side of ")
}

fn assignee<'a>(agenda: Agenda<'a>, one: &Called) -> &'a str {
    told(agenda, one, fact::ASSIGNEE)
}

/// What a fact of the item says at as-of; nothing where it is not told.
fn told<'a>(agenda: Agenda<'a>, one: &Called, name: &str) -> &'a str {
    let log = agenda.answer.snapshot.log();
    let at = agenda.standup.as_of.plus(-1);
    log.fact(name).map_or("", |column| {
        log.text(log.fact_at(column, one.open.item, at))
    })
}

/// The role that owns the stage it stands in.
fn side<'a>(agenda: Agenda<'a>, one: &Called) -> &'a str {
    let bound = agenda.answer.snapshot.streams().get(agenda.answer.stream);
    let owner = bound.and_then(|bound| bound.stream().stage(one.open.stage).owner.as_deref());
    owner.unwrap_or("")
}

/// What was said in the walk, before the agenda.
fn minutes_parts(agenda: Agenda<'_>, minutes: &Minutes) -> Vec<Part> {
    let parts = [
        ("The walk", Some(Block::line(&minutes.took))),
        ("Next steps", steps(agenda, minutes)),
        (
            "Parked",
            listed(agenda, minutes, |one| one.parked.then(String::new)),
        ),
        (
            "Notes",
            listed(agenda, minutes, |one| {
                (!one.note.is_empty()).then(|| format!(": {}", one.note))
            }),
        ),
    ];
    let some = parts.into_iter();
    some.filter_map(|(heading, block)| {
        Some(Part {
            heading,
            blocks: vec![block?],
        })
    })
    .collect()
}

/// Who takes what; `None` if nothing was taken.
fn steps(agenda: Agenda<'_>, minutes: &Minutes) -> Option<Block> {
    let log = agenda.answer.snapshot.log();
    let taken = |one: &&Minute| !(one.owner.is_empty() && one.step.is_empty());
    let mut rows = minutes.said.iter().filter(taken).peekable();
    rows.peek()?;
    let mut table = Table::new(["item", "who", "next step", "title"]);
    for one in rows {
        let (key, title) = (log.key(one.item), log.title(one.item));
        table.row([key, &one.owner, &one.step, title].map(str::to_owned));
    }
    Some(Block::Table(table))
}

/// The items of which there is something to tell; `None` if there are none.
fn listed(
    agenda: Agenda<'_>,
    minutes: &Minutes,
    told: impl Fn(&Minute) -> Option<String>,
) -> Option<Block> {
    let log = agenda.answer.snapshot.log();
    let line = |one: &Minute| {
        let (key, title) = (log.key(one.item), log.title(one.item));
        told(one).map(|text| format!("{key} {title}{text}"))
    };
    let lines: Vec<String> = minutes.said.iter().filter_map(line).collect();
    (!lines.is_empty()).then_some(Block::List(lines))
}
