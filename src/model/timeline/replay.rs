//! The replay: moves, facts and marks in, visits and blocks out.

mod joined;

use super::{Block, Position, Timeline, Visit};
use crate::model::bound::{BlockReason, BoundStream, Standing};
use crate::model::id::{ItemIx, StatusIx, Symbol};
use crate::model::link::{Joins, Part};
use crate::model::log::{Log, MarkKind};
use crate::model::stage::Class;
use crate::model::stream::Place;
use crate::model::time::Sec;

/// Replays items of one log under one stream, seen from one instant.
#[derive(Debug)]
pub struct Replay<'a> {
    log: &'a Log,
    bound: &'a BoundStream,
    as_of: Sec,
    /// By stage: whether it is done.
    done: Vec<bool>,
    /// Where statuses alone say where an item is and whether it is blocked, and every item is of
    /// the stream.
    plain: Option<Plain>,
    /// Which artefacts make one item, if the stream has link rules.
    joins: Option<Joins>,
}

/// What statuses mean if nothing else matters.
#[derive(Debug)]
struct Plain {
    /// By status.
    meanings: Vec<Meaning>,
    /// Positions by code; the first is that of an item before its first mapped status.
    positions: Vec<Position>,
    /// The rule that blocks an item without a status yet.
    unborn: Option<u8>,
}

/// What a status means.
#[derive(Clone, Copy, Debug)]
struct Meaning {
    /// Of a position, or [`STAYS`].
    code: u8,
    /// The rule that blocks.
    block: Option<u8>,
}

/// The item stays where it is.
const STAYS: u8 = u8::MAX;
const UNMAPPED: u8 = 0;

/// Something that can change where an item is or whether it is blocked. Of one instant facts come
/// before marks, marks before moves, moves before deployments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Fact,
    Mark(MarkKind),
    Move(StatusIx),
}

/// The item as it stands while its events go by.
struct State<'t> {
    timeline: &'t mut Timeline,
    status: Option<StatusIx>,
    place: Option<Place>,
    /// Whether it stood in done before this step, so that its membership is that of its finish.
    was_done: bool,
    member: bool,
    deleted: bool,
    told_block: Option<Symbol>,
}

impl<'a> Replay<'a> {
    /// Replays under `bound`, which must be tied to `log`; events at `as_of` or later are not seen.
    pub fn new(log: &'a Log, bound: &'a BoundStream, as_of: Sec) -> Self {
        let stages = &bound.stream().stages;
        Self {
            log,
            bound,
            as_of,
            done: stages
                .iter()
                .map(|stage| stage.class == Class::Done)
                .collect(),
            plain: Plain::of(log, bound),
            joins: bound.joins(log, as_of),
        }
    }

    /// Replays `item` into `timeline`, whose buffers are reused. No visits: the item is not of this
    /// stream, not known yet, or a part of others.
    pub fn run(&self, item: ItemIx, timeline: &mut Timeline) {
        timeline.item = item;
        timeline.as_of = self.as_of;
        timeline.visits.clear();
        timeline.blocks.clear();
        timeline.artefacts.clear();
        timeline.origins.clear();
        if !self.bound.draws_from(self.log, item) {
            return;
        }
        if let Some(joins) = &self.joins {
            match joins.part(item) {
                Part::Alone => {}
                Part::Inside => return,
                Part::Whole(artefacts) => return self.run_joined(artefacts, timeline),
            }
        }
        self.run_alone(item, timeline);
    }

    fn run_alone(&self, item: ItemIx, timeline: &mut Timeline) {
        let (at, to) = self.log.moves(item);
        let first = self.log.first_event(item);
        if first >= self.as_of {
            return;
        }
        if let Some(plain) = &self.plain
            && (!self.log.has_marks() || self.log.marks(item).is_empty())
        {
            plain.run((at, to), first, timeline);
            return;
        }
        let mut state = State {
            timeline,
            status: None,
            place: None,
            was_done: false,
            member: false,
            deleted: false,
            told_block: None,
        };
        if at.first().is_none_or(|at| first < *at) {
            self.settle(&mut state, first);
        }
        if self.needs_steps(item) {
            for (at, step) in self.steps(item) {
                self.take(&mut state, at, step);
            }
        } else {
            for (at, to) in at.iter().zip(to).take_while(|(at, _)| **at < self.as_of) {
                self.take(&mut state, *at, Step::Move(*to));
            }
        }
        self.close(timeline);
    }

    fn needs_steps(&self, item: ItemIx) -> bool {
        let changes = |fact: &crate::model::id::FactIx| {
            !self.log.facts()[fact.index()].changes_of(item).is_empty()
        };
        (self.log.has_marks() && !self.log.marks(item).is_empty())
            || self.bound.watched().iter().any(changes)
    }

    fn steps(&self, item: ItemIx) -> Vec<(Sec, Step)> {
        let mut steps: Vec<(Sec, Step)> = Vec::new();
        for fact in self.bound.watched() {
            let changes = self.log.facts()[fact.index()].changes_of(item);
            steps.extend(changes.iter().map(|change| (change.at, Step::Fact)));
        }
        let marks = self.log.marks(item).iter();
        let marks = marks.map(|mark| (mark.at, Step::Mark(mark.kind)));
        let (deployed, marks): (Vec<_>, Vec<_>) =
            marks.partition(|(_, step)| matches!(step, Step::Mark(MarkKind::Deployed(_))));
        steps.extend(marks);
        let (at, to) = self.log.moves(item);
        steps.extend(at.iter().zip(to).map(|(at, to)| (*at, Step::Move(*to))));
        steps.extend(deployed);
        steps.retain(|(at, _)| *at < self.as_of);
        steps.sort_by_key(|(at, _)| *at);
        steps
    }

    fn take(&self, state: &mut State<'_>, at: Sec, step: Step) {
        match step {
            Step::Fact => state.was_done = self.is_done(state.place),
            Step::Move(to) => {
                state.status = Some(to);
                state.was_done = self.is_done(state.place);
                state.place = self.bound.place(to).or(state.place);
            }
            Step::Mark(MarkKind::Deleted) => state.deleted = true,
            Step::Mark(MarkKind::Created) => state.deleted = false,
            Step::Mark(MarkKind::Blocked(reason)) => state.told_block = Some(reason),
            Step::Mark(MarkKind::Unblocked) => state.told_block = None,
            Step::Mark(MarkKind::Deployed(environment)) => {
                let source = self.log.source_of(state.timeline.item);
                let Some(place) = self.bound.environment(source, environment) else {
                    return;
                };
                state.was_done = self.is_done(state.place);
                state.place = Some(place);
            }
            Step::Mark(_) => return,
        }
        self.settle(state, at);
    }

    /// Brings visits and blocks in line with how the item stands from `at` on.
    fn settle(&self, state: &mut State<'_>, at: Sec) {
        let standing = Standing {
            item: state.timeline.item,
            at,
            status: state.status,
        };
        let known = !state.timeline.visits.is_empty();
        if !(state.was_done && self.is_done(state.place)) {
            state.member = self.bound.takes_all() || self.bound.is_member(self.log, standing);
        }
        if !state.member && !known {
            return;
        }
        let position = if state.deleted || !state.member {
            Position::Deleted
        } else {
            position_of(state.place)
        };
        enter(&mut state.timeline.visits, position, at);
        let blocked = state.told_block.map(BlockReason::Told).or_else(|| {
            let rules = self.bound.has_block_rules() && position != Position::Deleted;
            rules
                .then(|| self.bound.blocked_by(self.log, standing))
                .flatten()
        });
        block(&mut state.timeline.blocks, blocked, at);
    }

    fn is_done(&self, place: Option<Place>) -> bool {
        matches!(place, Some(Place::Stage(stage)) if self.done[stage.index()])
    }

    fn close(&self, timeline: &mut Timeline) {
        if let Some(visit) = timeline.visits.last_mut() {
            visit.to = self.as_of;
        }
        if let Some(block) = timeline.blocks.last_mut().filter(|block| block.open) {
            block.to = self.as_of;
        }
    }
}

impl Plain {
    fn of(log: &Log, bound: &BoundStream) -> Option<Self> {
        if !bound.takes_all() || !bound.watched().is_empty() {
            return None;
        }
        let blocks = bound.blocked_in()?;
        let mut positions = vec![Position::Unmapped];
        let mut code = |place| {
            let position = match place {
                None => return Some(STAYS),
                Some(Place::Stage(stage)) => Position::Stage(stage),
                Some(Place::Cancelled) => Position::Cancelled,
            };
            let known = positions.iter().position(|known| *known == position);
            if known.is_none() {
                positions.push(position);
            }
            let code = known.unwrap_or(positions.len() - 1);
            u8::try_from(code).ok().filter(|code| *code != STAYS)
        };
        let statuses = (0..u16::try_from(log.statuses().len()).ok()?).map(StatusIx);
        let meanings = statuses.zip(blocks).map(|(status, block)| {
            let code = code(bound.place(status))?;
            let block = *block;
            Some(Meaning { code, block })
        });
        let meanings: Vec<Meaning> = meanings.collect::<Option<_>>()?;
        Some(Self {
            meanings,
            positions,
            unborn: blocks.last().copied().flatten(),
        })
    }

    /// As [`Replay::run`] does step by step.
    fn run(&self, (at, to): (&[Sec], &[StatusIx]), first: Sec, timeline: &mut Timeline) {
        let Timeline {
            visits,
            blocks,
            as_of,
            ..
        } = timeline;
        let as_of = *as_of;
        let (mut code, mut from) = (UNMAPPED, first);
        let (mut rule, mut since) = (None, first);
        if self.unborn.is_some() && at.first().is_none_or(|at| first < *at) {
            rule = self.unborn;
        }
        for (at, to) in at.iter().zip(to) {
            if *at >= as_of {
                break;
            }
            let meaning = self.meanings[to.index()];
            if meaning.code != code && meaning.code != STAYS {
                // A stay of no length in no stage is none: the item came to be where it then is.
                if code != UNMAPPED || from != *at {
                    visits.push(self.visit(code, from, *at));
                }
                code = meaning.code;
                from = *at;
            }
            if meaning.block != rule {
                blocks.extend(stopped(rule, since, *at));
                rule = meaning.block;
                since = *at;
            }
        }
        visits.push(self.visit(code, from, as_of));
        let open = stopped(rule, since, as_of);
        blocks.extend(open.map(|block| Block {
            open: true,
            ..block
        }));
    }

    #[inline]
    fn visit(&self, code: u8, from: Sec, to: Sec) -> Visit {
        let position = self.positions[usize::from(code)];
        Visit { position, from, to }
    }
}

/// A time in which a rule stopped work, if one did.
#[inline]
fn stopped(rule: Option<u8>, from: Sec, to: Sec) -> Option<Block> {
    rule.map(|rule| Block {
        reason: BlockReason::Rule(rule),
        from,
        to,
        open: false,
    })
}

fn position_of(place: Option<Place>) -> Position {
    match place {
        Some(Place::Stage(stage)) => Position::Stage(stage),
        Some(Place::Cancelled) => Position::Cancelled,
        None => Position::Unmapped,
    }
}

/// Whether a visit began. A stay of no length in no stage is none: the item came to be where it
/// then is.
fn enter(visits: &mut Vec<Visit>, position: Position, at: Sec) -> bool {
    visits.pop_if(|last| last.position == Position::Unmapped && last.from == at);
    if let Some(last) = visits.last_mut() {
        if last.position == position {
            return false;
        }
        last.to = at;
    }
    visits.push(Visit {
        position,
        from: at,
        to: at,
    });
    true
}

fn block(blocks: &mut Vec<Block>, blocked: Option<BlockReason>, at: Sec) {
    let open = blocks.last_mut().filter(|block| block.open);
    match (open, blocked) {
        (Some(open), Some(reason)) if open.reason == reason => return,
        (Some(open), _) => {
            open.to = at;
            open.open = false;
        }
        (None, _) => {}
    }
    if let Some(reason) = blocked {
        blocks.push(Block {
            reason,
            from: at,
            to: at,
            open: true,
        });
    }
}
