//! One item's whole history, for the Item screen: visits, blocks, artefacts, every clock's answer.

mod artefacts;

pub use artefacts::{Makeup, StoryArtefact, StoryTie};

use crate::model::bound::Standing;
use crate::model::id::{ItemIx, StatusIx};
use crate::model::snapshot::Snapshot;
use crate::model::stage::{Class, ClockRule, State};
use crate::model::time::{Ruler, Sec};
use crate::model::timeline::{Position, Replay, Timeline};

use super::account::Account;
use super::clocked::{Clocked, Spent, blocked_between, class_of, state_of};
use super::named_clock::NamedAnswer;

/// What there is to tell of one item at as-of.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    /// Position in the log.
    pub item: ItemIx,
    /// Seen from when.
    pub as_of: Sec,
    /// Where it stands.
    pub state: State,
    /// Its kind's name, if it has one.
    pub kind: Option<String>,
    /// The tracker's status now.
    pub status: Option<StatusIx>,
    /// In order; the last one lasts unless the item ended there.
    pub visits: Vec<StoryVisit>,
    /// In order.
    pub blocks: Vec<StoryBlock>,
    /// One a rule, in the order of [`ClockRule::ALL`].
    pub clocks: Vec<ClockAnswer>,
    /// Which time each rule counts, and the moves that decide it.
    pub account: Account,
    /// One a named clock of the stream, in the order of the config.
    pub named_clocks: Vec<NamedAnswer>,
    /// What it is made of, the artefact it is named after first; empty if it is one by itself.
    pub artefacts: Vec<StoryArtefact>,
}

/// One stay. Spans are by the ruler of the story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoryVisit {
    /// Where.
    pub position: Position,
    /// The stage's class; `None` outside the stages.
    pub class: Option<Class>,
    /// When it began.
    pub from: Sec,
    /// When it ended, or as-of.
    pub to: Sec,
    /// How long it was.
    pub length: i64,
    /// How much of it was blocked.
    pub blocked: i64,
    /// Whether it went to an earlier stage than the one before.
    pub backward: bool,
    /// The artefact that put the item there: the item itself, unless it is made of several.
    pub artefact: ItemIx,
}

/// A time in which work was stopped. Spans are by the ruler of the story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoryBlock {
    /// Why, in words; empty if nobody said.
    pub reason: String,
    /// When it began.
    pub from: Sec,
    /// When it ended; `None` while it lasts.
    pub to: Option<Sec>,
    /// How long it was, to as-of while it lasts.
    pub length: i64,
}

/// What one clock rule says. Spans are seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockAnswer {
    /// Which rule.
    pub rule: ClockRule,
    /// `s`.
    pub started: Option<Sec>,
    /// `f`.
    pub finished: Option<Sec>,
    /// Flow time if finished, age if in progress.
    pub elapsed: Option<i64>,
    /// How it was spent.
    pub spent: Spent,
}

/// Tells the story of an item in a stream. `None` if it is not of the stream or not known at as-of.
pub fn story(snapshot: &Snapshot, stream: usize, item: ItemIx, as_of: Sec) -> Option<Story> {
    story_by(snapshot, (stream, item), as_of, &Ruler::elapsed())
}

/// The same in the time of a ruler that reaches over the item's life.
pub fn story_by(
    snapshot: &Snapshot,
    (stream, item): (usize, ItemIx),
    as_of: Sec,
    ruler: &Ruler,
) -> Option<Story> {
    let bound = snapshot.streams().get(stream)?;
    let log = snapshot.log();
    let classes: Vec<Class> = bound
        .stream()
        .stages
        .iter()
        .map(|stage| stage.class)
        .collect();
    let mut timeline = Timeline::empty();
    Replay::new(log, bound, as_of).run(item, &mut timeline);
    let position = timeline.position()?;
    let clocks: Vec<ClockAnswer> = ClockRule::ALL
        .into_iter()
        .map(|rule| answer(&timeline, &classes, rule, ruler))
        .collect();
    let standing = Standing {
        item,
        at: clocks
            .iter()
            .find_map(|clock| clock.finished)
            .unwrap_or(as_of.plus(-1)),
        status: artefacts::status_at(log, item, as_of),
    };
    let kind = bound.kind(log, standing);
    let named = bound.stream().clocks.iter();
    Some(Story {
        item,
        as_of,
        named_clocks: named
            .map(|clock| NamedAnswer::new(&timeline, clock, ruler))
            .collect(),
        state: state_of(position, &classes),
        kind: kind.and_then(|kind| bound.kinds().get(usize::from(kind.0)).cloned()),
        status: standing.status,
        visits: visits(&timeline, &classes, ruler),
        blocks: timeline
            .blocks
            .iter()
            .map(|block| StoryBlock {
                reason: bound.reason_text(log, block.reason).to_owned(),
                from: block.from,
                to: (!block.open).then_some(block.to),
                length: ruler.between(block.from, block.to),
            })
            .collect(),
        clocks,
        account: Account::of(&timeline, &classes, ruler),
        artefacts: artefacts::artefacts(log, bound, &timeline),
    })
}

fn answer(timeline: &Timeline, classes: &[Class], rule: ClockRule, ruler: &Ruler) -> ClockAnswer {
    let clocked = Clocked::by(timeline, classes, rule, ruler);
    ClockAnswer {
        rule,
        started: clocked.started,
        finished: clocked.finished,
        elapsed: clocked.flow.or(clocked.age),
        spent: clocked.spent,
    }
}

fn visits(timeline: &Timeline, classes: &[Class], ruler: &Ruler) -> Vec<StoryVisit> {
    let mut before = None;
    let visit = |(at, visit): (usize, &crate::model::timeline::Visit)| {
        let stage = super::clocked::stage_of(visit.position);
        let backward = stage
            .zip(before)
            .is_some_and(|(stage, before)| stage < before);
        before = stage.or(before);
        StoryVisit {
            position: visit.position,
            class: class_of(visit.position, classes),
            from: visit.from,
            to: visit.to,
            length: ruler.between(visit.from, visit.to),
            blocked: blocked_between(&timeline.blocks, visit.from, visit.to, ruler),
            backward,
            artefact: timeline.origin(at),
        }
    };
    timeline.visits.iter().enumerate().map(visit).collect()
}
