//! Hand-offs: work that goes from one owner or team to another, and how long it then waits.

use std::collections::BTreeMap;

use crate::model::event::fact;
use crate::model::id::{FactIx, ItemIx, StageIx, Symbol};
use crate::model::log::Log;
use crate::model::stage::Class;
use crate::model::stream::Stream;
use crate::model::time::{Ruler, Sec, Window};
use crate::model::timeline::{Timeline, Visit};

use super::behaviour::share;
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

impl Handoffs {
    /// `backward ÷ moves`, 0 to 1; `None` if nothing moved.
    pub fn back_flow_rate(&self) -> Option<f64> {
        share(self.backward, self.moves)
    }
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
    ruler: &'a Ruler,
    moves: u64,
    backward: u64,
    between: BTreeMap<(&'a str, &'a str), (u64, i64)>,
}

impl<'a> HandoffCounts<'a> {
    pub(super) fn new(log: &'a Log, stream: &'a Stream, window: Window, ruler: &'a Ruler) -> Self {
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
            ruler,
            moves: 0,
            backward: 0,
            between: BTreeMap::new(),
        }
    }

    /// Adds an item.
    pub(super) fn add(&mut self, timeline: &Timeline) {
        let mut before: Option<StageIx> = None;
        for visit in &timeline.visits {
            let Some(stage) = stage_of(visit.position) else {
                continue;
            };
            if let Some(from) = before {
                let back = stage < from;
                if self.window.contains(visit.from) {
                    self.moves += 1;
                    self.backward += u64::from(back);
                    self.between_owners(timeline, from, stage, visit.from);
                }
            }
            before = Some(stage);
        }
        self.between_people(timeline);
        if !timeline.joined().is_empty() {
            self.between_artefacts(timeline);
        }
    }

    /// The item goes from an artefact of one team or person to one of another.
    fn between_artefacts(&mut self, timeline: &Timeline) {
        let log = self.log;
        let facts = [fact::TEAM, fact::ASSIGNEE].map(|name| (name, log.fact(name)));
        let moves = (1..).zip(timeline.visits.windows(2));
        for (at, pair) in moves {
            let (from, to, when) = (timeline.origin(at - 1), timeline.origin(at), pair[1].from);
            let staged = pair.iter().all(|visit| stage_of(visit.position).is_some());
            if from == to || !staged || !self.window.contains(when) {
                continue;
            }
            for (name, fact) in facts {
                let value = |item| fact.map(|fact| log.fact_at(fact, item, when));
                let (from, to) = (value(from), value(to));
                if let (Some(from), Some(to)) = (from, to)
                    && from != to
                    && !from.is_none()
                    && !to.is_none()
                {
                    let pair = self.names(name, from, to);
                    self.hand_over(pair, timeline, when);
                }
            }
        }
    }

    fn between_owners(&mut self, timeline: &Timeline, from: StageIx, to: StageIx, at: Sec) {
        let (from, to) = (self.owners[from.index()], self.owners[to.index()]);
        if let (Some(from), Some(to)) = (from, to)
            && from != to
        {
            self.hand_over((from, to), timeline, at);
        }
    }

    /// Adds the changes of hands of an item whose moves all came before the window.
    pub(super) fn between_people(&mut self, timeline: &Timeline) {
        self.within(timeline, timeline.item);
        for artefact in timeline.joined().iter().skip(1) {
            self.within(timeline, *artefact);
        }
    }

    /// Whether an artefact changes hands inside the window.
    pub(super) fn changes_hands(&self, artefact: ItemIx) -> bool {
        let facts = [self.team, self.assignee].into_iter().flatten();
        let mut columns = facts.map(|fact| &self.log.facts()[fact.index()]);
        columns.any(|column| {
            let mut changes = column.changes_of(artefact).iter();
            changes.any(|change| self.window.contains(change.at))
        })
    }

    /// Changes of hands of one artefact.
    fn within(&mut self, timeline: &Timeline, artefact: ItemIx) {
        let log = self.log;
        let facts = [(fact::TEAM, self.team), (fact::ASSIGNEE, self.assignee)];
        for (name, fact) in facts {
            let Some(fact) = fact else { continue };
            let column = &log.facts()[fact.index()];
            let changes = column.changes_of(artefact);
            if changes.is_empty() {
                continue;
            }
            let mut before = column.base(artefact);
            for change in changes {
                let from = std::mem::replace(&mut before, change.to);
                let known = !from.is_none() && !change.to.is_none();
                let inside = self.window.contains(change.at) && change.at < timeline.as_of;
                if known && inside {
                    let pair = self.names(name, from, change.to);
                    self.hand_over(pair, timeline, change.at);
                }
            }
        }
    }

    fn names(&self, name: &str, from: Symbol, to: Symbol) -> (&'a str, &'a str) {
        if name == fact::ASSIGNEE {
            ("assignee", "assignee")
        } else {
            (self.log.text(from), self.log.text(to))
        }
    }

    fn hand_over(&mut self, pair: (&'a str, &'a str), timeline: &Timeline, at: Sec) {
        let active = |visit: &&Visit| {
            class_of(visit.position, &self.classes) == Some(Class::Active) && visit.to > at
        };
        let next = timeline.visits.iter().find(active);
        let wait = next.map_or(0, |visit| self.ruler.between(at, visit.from).max(0));
        let entry = self.between.entry(pair).or_default();
        entry.0 += 1;
        entry.1 += wait;
    }

    /// Adds what another part counted.
    pub(super) fn merge(&mut self, other: Self) {
        self.moves += other.moves;
        self.backward += other.backward;
        for (pair, (count, wait)) in other.between {
            let entry = self.between.entry(pair).or_default();
            entry.0 += count;
            entry.1 += wait;
        }
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

#[cfg(test)]
mod tests {
    use super::{
        Class, HandoffCounts, Handoffs, Log, Ruler, Sec, StageIx, Stream, Timeline, Window,
    };
    use crate::metrics::fixture;
    use crate::model::timeline::{Position, Visit};

    /// Backlog (product), Ready (build), Build (build), Done (nobody).
    fn stream() -> Stream {
        let mut stream = fixture::stream();
        for (stage, owner) in stream.stages.iter_mut().zip(["product", "build", "build"]) {
            stage.owner = Some(owner.to_owned());
        }
        stream
    }

    fn count(stages: &[(u8, u32)], window: (u32, u32)) -> Handoffs {
        let (log, stream, ruler) = (Log::default(), stream(), Ruler::elapsed());
        assert_eq!(stream.stages[2].class, Class::Active);
        let window = Window {
            from: Sec(window.0),
            to: Sec(window.1),
        };
        let mut counts = HandoffCounts::new(&log, &stream, window, &ruler);
        let ends = stages.iter().skip(1).map(|(_, from)| *from).chain([1000]);
        let visit = |((stage, from), to): (&(u8, u32), u32)| Visit {
            position: Position::Stage(StageIx(*stage)),
            from: Sec(*from),
            to: Sec(to),
        };
        let timeline = Timeline {
            visits: stages.iter().zip(ends).map(visit).collect(),
            as_of: Sec(1000),
            ..Timeline::empty()
        };
        counts.add(&timeline);
        counts.settle()
    }

    #[test]
    fn the_wait_of_a_hand_off_lasts_until_the_next_active_visit() {
        let found = count(&[(0, 0), (1, 10), (2, 25), (3, 30)], (0, 1000));
        assert_eq!((found.moves, found.backward), (3, 0));
        assert_eq!(
            found.between.len(),
            1,
            "Done has no owner, Ready and Build have one"
        );
        let handoff = &found.between[0];
        assert_eq!((&*handoff.from, &*handoff.to), ("product", "build"));
        assert_eq!((handoff.count, handoff.wait), (1, 15));
    }

    #[test]
    fn a_hand_off_that_nobody_took_up_yet_is_counted_without_a_wait() {
        let found = count(&[(0, 0), (1, 10)], (0, 1000));
        assert_eq!((found.between[0].count, found.between[0].wait), (1, 0));
    }

    #[test]
    fn only_moves_inside_the_window_count() {
        let found = count(&[(0, 0), (1, 10), (0, 20), (1, 30)], (20, 30));
        assert_eq!((found.moves, found.backward), (1, 1));
        assert_eq!(found.between.len(), 1);
        assert_eq!(found.between[0].from, "build");
    }
}
