//! Several artefacts replayed as one item. `docs/metrics.md`, "One item from several trackers".
//!
//! Artefacts of one source and one form speak with one voice, which says where the least advanced of
//! them stands; those that were cancelled or deleted say nothing. The item is where the voice says
//! that moved last. What it is called, whether it is of the stream and whether it was given up is
//! said by the first artefact alone.

use std::collections::BTreeMap;

use super::{Replay, Step, block, enter, position_of};
use crate::model::bound::{BlockReason, Standing};
use crate::model::id::{ItemIx, SourceIx, StageIx, StatusIx, Symbol};
use crate::model::link::Form;
use crate::model::log::MarkKind;
use crate::model::stream::Place;
use crate::model::time::Sec;
use crate::model::timeline::{Position, Timeline};

/// The item as it stands while the events of its artefacts go by.
struct Joined<'t> {
    timeline: &'t mut Timeline,
    artefacts: Vec<Artefact>,
    voices: Vec<Voice>,
    /// Those that are blocked, and why; the first one's reason is the item's.
    blocked: BTreeMap<usize, BlockReason>,
    member: bool,
    /// Counts the events.
    step: u32,
}

/// How one artefact stands.
struct Artefact {
    item: ItemIx,
    voice: usize,
    status: Option<StatusIx>,
    place: Option<Place>,
    deleted: bool,
    told_block: Option<Symbol>,
    /// The event that put it where it stands.
    entered: u32,
}

/// What the artefacts of one source and form say together.
struct Voice {
    of: (SourceIx, Form),
    /// By stage: who entered it and when, the last on top. Those that left are taken away when they
    /// come to the top, so that every entry is looked at once.
    stays: Vec<Vec<(u32, usize)>>,
    says: Option<Said>,
    /// The event since which it says so.
    since: u32,
}

/// Where a voice says the item is, by which artefact.
#[derive(Clone, Copy)]
struct Said {
    place: Place,
    artefact: usize,
}

impl Replay<'_> {
    /// Replays artefacts as the item that is named after the first of them.
    pub(super) fn run_joined(&self, artefacts: &[ItemIx], timeline: &mut Timeline) {
        timeline.artefacts.extend_from_slice(artefacts);
        let mut joined = self.joined(artefacts, timeline);
        for (at, artefact, step) in self.steps_of_all(artefacts) {
            self.take_joined(&mut joined, (at, artefact), step);
        }
        self.close(timeline);
    }

    fn joined<'t>(&self, items: &[ItemIx], timeline: &'t mut Timeline) -> Joined<'t> {
        let stages = self.bound.stream().stages.len();
        let mut voices: Vec<Voice> = Vec::new();
        let artefacts = items.iter().map(|item| {
            let of = (self.log.source_of(*item), Form::of(self.log, *item));
            let known = voices.iter().position(|voice| voice.of == of);
            let voice = known.unwrap_or(voices.len());
            if known.is_none() {
                voices.push(Voice::new(of, stages));
            }
            Artefact::new(*item, voice)
        });
        Joined {
            artefacts: artefacts.collect(),
            voices,
            timeline,
            blocked: BTreeMap::new(),
            member: false,
            step: 0,
        }
    }

    /// The events of all artefacts in order; of one second in the order of the artefacts. `None`:
    /// the artefact came to be.
    fn steps_of_all(&self, artefacts: &[ItemIx]) -> Vec<(Sec, usize, Option<Step>)> {
        let mut all = Vec::new();
        for (at, artefact) in artefacts.iter().enumerate() {
            let born = self.log.first_event(*artefact);
            if born < self.as_of && self.bound.draws_from(self.log, *artefact) {
                all.push((born, at, None));
                let steps = self.steps(*artefact).into_iter();
                all.extend(steps.map(|(when, step)| (when, at, Some(step))));
            }
        }
        let order = |(at, artefact, _): &(Sec, usize, Option<Step>)| {
            (*at, self.log.source_of(artefacts[*artefact]))
        };
        all.sort_by_key(order);
        all
    }

    fn take_joined(&self, joined: &mut Joined<'_>, (at, by): (Sec, usize), step: Option<Step>) {
        joined.step += 1;
        let artefact = &mut joined.artefacts[by];
        let before = (artefact.place, artefact.deleted);
        if let Some(step) = step {
            self.change(artefact, step);
        }
        if (artefact.place, artefact.deleted) != before {
            joined.moved(by);
        }
        self.note_block(joined, by, at);
        self.settle_joined(joined, by, at);
    }

    fn change(&self, artefact: &mut Artefact, step: Step) {
        match step {
            Step::Move(to) => {
                artefact.status = Some(to);
                artefact.place = self.bound.place(to).or(artefact.place);
            }
            Step::Mark(MarkKind::Deployed(environment)) => {
                let source = self.log.source_of(artefact.item);
                let place = self.bound.environment(source, environment);
                artefact.place = place.or(artefact.place);
            }
            Step::Mark(MarkKind::Deleted) => artefact.deleted = true,
            Step::Mark(MarkKind::Created) => artefact.deleted = false,
            Step::Mark(MarkKind::Blocked(reason)) => artefact.told_block = Some(reason),
            Step::Mark(MarkKind::Unblocked) => artefact.told_block = None,
            Step::Mark(_) | Step::Fact => {}
        }
    }

    /// Whether an artefact is blocked now. One that was given up blocks nothing.
    fn note_block(&self, joined: &mut Joined<'_>, by: usize, at: Sec) {
        let artefact = &joined.artefacts[by];
        let standing = artefact.standing(at);
        let told = artefact.told_block.map(BlockReason::Told);
        let reason = told.or_else(|| {
            let rules = self.bound.has_block_rules();
            rules
                .then(|| self.bound.blocked_by(self.log, standing))
                .flatten()
        });
        let given_up = artefact.deleted || artefact.place == Some(Place::Cancelled);
        match reason.filter(|_| !given_up) {
            Some(reason) => drop(joined.blocked.insert(by, reason)),
            None => drop(joined.blocked.remove(&by)),
        }
    }

    /// Brings visits and blocks in line with how the artefacts stand from `at` on.
    fn settle_joined(&self, joined: &mut Joined<'_>, by: usize, at: Sec) {
        let said = joined.says();
        let known = joined.timeline.position();
        let was_done = known.is_some_and(|known| self.is_done_at(known));
        if !(was_done && self.is_done(said.map(|said| said.place))) {
            let first = joined.artefacts[0].standing(at);
            joined.member = self.bound.takes_all() || self.bound.is_member(self.log, first);
        }
        if joined.member || known.is_some() {
            joined.settle(said, by, at);
        }
    }

    fn is_done_at(&self, position: Position) -> bool {
        matches!(position, Position::Stage(stage) if self.done[stage.index()])
    }
}

impl Joined<'_> {
    /// An artefact stands elsewhere: what does its voice say now?
    fn moved(&mut self, by: usize) {
        let Self {
            artefacts,
            voices,
            step,
            ..
        } = self;
        let artefact = &mut artefacts[by];
        artefact.entered = *step;
        let number = artefact.voice;
        let voice = &mut voices[number];
        if let (Some(Place::Stage(stage)), false) = (artefact.place, artefact.deleted) {
            voice.stays[stage.index()].push((*step, by));
        }
        let says = voice.hear(number, artefacts);
        if says.map(|said| said.place) != voice.says.map(|said| said.place) {
            voice.since = *step;
        }
        voice.says = says;
    }

    /// Brings visits and blocks in line with what was said; `by` is whose event it was.
    fn settle(&mut self, said: Option<Said>, by: usize, at: Sec) {
        let gone = self.artefacts[0].deleted || !self.member;
        let (position, origin) = match said {
            _ if gone => (Position::Deleted, 0),
            Some(said) => (position_of(Some(said.place)), said.artefact),
            None => (Position::Unmapped, by),
        };
        let timeline = &mut *self.timeline;
        if enter(&mut timeline.visits, position, at) {
            timeline.origins.truncate(timeline.visits.len() - 1);
            timeline.origins.push(self.artefacts[origin].item);
        }
        let blocked = self.blocked.values().next().copied();
        block(&mut timeline.blocks, blocked.filter(|_| !gone), at);
    }

    /// What the voice says that moved last.
    fn says(&self) -> Option<Said> {
        let speaking = self.voices.iter().filter(|voice| voice.says.is_some());
        speaking.max_by_key(|voice| voice.since)?.says
    }
}

impl Artefact {
    fn new(item: ItemIx, voice: usize) -> Self {
        Self {
            item,
            voice,
            status: None,
            place: None,
            deleted: false,
            told_block: None,
            entered: 0,
        }
    }

    fn standing(&self, at: Sec) -> Standing {
        Standing {
            item: self.item,
            at,
            status: self.status,
        }
    }
}

impl Voice {
    fn new(of: (SourceIx, Form), stages: usize) -> Self {
        Self {
            of,
            stays: vec![Vec::new(); stages],
            says: None,
            since: 0,
        }
    }

    /// Where the least advanced of its artefacts stands; of several there the one that came last.
    /// The first artefact of the item, once cancelled, overrules the others of its voice.
    fn hear(&mut self, number: usize, artefacts: &[Artefact]) -> Option<Said> {
        let first = &artefacts[0];
        if first.voice == number && first.place == Some(Place::Cancelled) {
            let place = Place::Cancelled;
            return Some(Said { place, artefact: 0 });
        }
        for (stage, stays) in (0..).zip(&mut self.stays) {
            let left = |(since, by): &mut (u32, usize)| artefacts[*by].entered != *since;
            while stays.pop_if(left).is_some() {}
            if let Some((_, artefact)) = stays.last() {
                return Some(Said {
                    place: Place::Stage(StageIx(stage)),
                    artefact: *artefact,
                });
            }
        }
        None
    }
}
