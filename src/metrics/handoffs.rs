//! Hand-offs: work that goes from one owner or team to another, and how long it then waits.

use std::collections::BTreeMap;

use crate::model::event::fact;
use crate::model::id::{FactIx, StageIx, Symbol};
use crate::model::log::Log;
use crate::model::stage::Class;
use crate::model::stream::Stream;
use crate::model::time::{Sec, Window};
use crate::model::timeline::Timeline;

use super::clocked::{class_of, stage_of};

/// Moves and hand-offs inside the window.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Handoffs {
    /// Moves from one stage to another.
    pub moves: u64,
    /// Those to an earlier stage.
    pub backward: u64,
    /// Changes of hands, by who gave and who took; most frequent first. People are not named:
    /// a change of assignee within a team counts as "assignee" to "assignee".
    pub between: Vec<Handoff>,
}

/// Hand-offs between two owners or teams.
#[derive(Clone, Debug, PartialEq)]
pub struct Handoff {
    /// Who gave.
    pub from: String,
    /// Who took.
    pub to: String,
    /// How often.
    pub count: u64,
    /// Seconds to the next active visit, summed over those that had one by as-of.
    pub wait: i64,
}

/// Counts while items go by.
#[derive(Debug)]
pub(super) struct HandoffCounts<'a> {
    log: &'a Log,
    owners: Vec<Option<&'a str>>,
    classes: Vec<Class>,
    team: Option<FactIx>,
    assignee: Option<FactIx>,
    window: Window,
    moves: u64,
    backward: u64,
    between: BTreeMap<(&'a str, &'a str), (u64, i64)>,
}

impl<'a> HandoffCounts<'a> {
    pub(super) fn new(log: &'a Log, stream: &'a Stream, window: Window) -> Self {
        let changing = |name: &str| {
            let fact = log.fact(name)?;
            (!log.facts()[fact.index()].changes.is_empty()).then_some(fact)
        };
        Self {
            owners: stream
                .stages
                .iter()
                .map(|stage| stage.owner.as_deref())
                .collect(),
            classes: stream.stages.iter().map(|stage| stage.class).collect(),
            team: changing(fact::TEAM),
            assignee: changing(fact::ASSIGNEE),
            log,
            window,
            moves: 0,
            backward: 0,
            between: BTreeMap::new(),
        }
    }

    /// Adds an item; returns its moves to an earlier stage over its whole life.
    pub(super) fn add(&mut self, timeline: &Timeline) -> u16 {
        let mut backward = 0_u16;
        let mut before: Option<StageIx> = None;
        for visit in &timeline.visits {
            let Some(stage) = stage_of(visit.position) else {
                continue;
            };
            if let Some(from) = before {
                let back = stage < from;
                backward = backward.saturating_add(back.into());
                if self.window.contains(visit.from) {
                    self.moves += 1;
                    self.backward += u64::from(back);
                    self.between_owners(timeline, from, stage, visit.from);
                }
            }
            before = Some(stage);
        }
        self.between_people(timeline);
        backward
    }

    fn between_owners(&mut self, timeline: &Timeline, from: StageIx, to: StageIx, at: Sec) {
        let (from, to) = (self.owners[from.index()], self.owners[to.index()]);
        if let (Some(from), Some(to)) = (from, to)
            && from != to
        {
            self.hand_over((from, to), timeline, at);
        }
    }

    fn between_people(&mut self, timeline: &Timeline) {
        let log = self.log;
        for fact in [self.team, self.assignee].into_iter().flatten() {
            let column = &log.facts()[fact.index()];
            let mut before = column.base(timeline.item);
            for change in column.changes_of(timeline.item) {
                let from = std::mem::replace(&mut before, change.to);
                let known = !from.is_none() && !change.to.is_none();
                let inside = self.window.contains(change.at) && change.at < timeline.as_of;
                if known && inside {
                    let pair = self.names(fact, from, change.to);
                    self.hand_over(pair, timeline, change.at);
                }
            }
        }
    }

    fn names(&self, fact: FactIx, from: Symbol, to: Symbol) -> (&'a str, &'a str) {
        if Some(fact) == self.assignee {
            ("assignee", "assignee")
        } else {
            (self.log.text(from), self.log.text(to))
        }
    }

    fn hand_over(&mut self, pair: (&'a str, &'a str), timeline: &Timeline, at: Sec) {
        let active = |visit: &&crate::model::timeline::Visit| {
            class_of(visit.position, &self.classes) == Some(Class::Active) && visit.to > at
        };
        let next = timeline.visits.iter().find(active);
        let wait = next.map_or(0, |visit| visit.from.since(at).max(0));
        let entry = self.between.entry(pair).or_default();
        entry.0 += 1;
        entry.1 += wait;
    }

    pub(super) fn settle(self) -> Handoffs {
        let mut between: Vec<Handoff> = self
            .between
            .into_iter()
            .map(|((from, to), (count, wait))| Handoff {
                from: from.to_owned(),
                to: to.to_owned(),
                count,
                wait,
            })
            .collect();
        between.sort_by_key(|handoff| std::cmp::Reverse(handoff.count));
        Handoffs {
            moves: self.moves,
            backward: self.backward,
            between,
        }
    }
}
