//! METRICS.md read plainly and slowly: time is counted unit by unit, lists are scanned whole.
//! Shares no code with the fast measures beside names.

use weir::model::stage::{Class, ClockRule, Condition, State};

use super::hours::Hours;
use super::world::{Happening, Meaning, World};

/// Where an item is in one unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Unmapped,
    Stage(usize),
    Cancelled,
    Deleted,
}

/// One item as the oracle sees it. Spans and instants are seconds.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) item: usize,
    /// (instant, place) of every change of place.
    pub(crate) steps: Vec<(u32, Place)>,
    /// (instant, blocked) of every change.
    pub(crate) blocks: Vec<(u32, bool)>,
    pub(crate) state: State,
    pub(crate) started: Option<u32>,
    pub(crate) finished: Option<u32>,
    pub(crate) flow: Option<i64>,
    pub(crate) age: Option<i64>,
    pub(crate) active: i64,
    pub(crate) waiting: i64,
    pub(crate) outside: i64,
    pub(crate) blocked: i64,
    pub(crate) reopened: u16,
    pub(crate) backward: u16,
    pub(crate) kind: Option<&'static str>,
    pub(crate) straight: bool,
}

pub(crate) struct Oracle<'a> {
    pub(crate) world: &'a World,
    pub(crate) as_of: u32,
    pub(crate) rule: ClockRule,
    /// Every instant of the world is a multiple of it.
    pub(crate) unit: u32,
    pub(crate) hours: &'a Hours,
}

impl Oracle<'_> {
    pub(crate) fn class(&self, place: Place) -> Option<Class> {
        match place {
            Place::Stage(stage) => Some(self.world.classes[stage]),
            _ => None,
        }
    }

    fn committed(&self, place: Place) -> bool {
        matches!(self.class(place), Some(Class::Queue | Class::Active))
    }

    pub(crate) fn items(&self) -> Vec<Seen> {
        (0..self.world.items.len())
            .filter_map(|item| self.item(item))
            .collect()
    }

    /// Events in order: instant, then facts, then marks, then moves, then the source's sequence.
    fn events(&self, item: usize) -> Vec<(u32, Happening)> {
        let mut events: Vec<(u32, u8, usize, Happening)> = Vec::new();
        for (seq, (at, what)) in self.world.items[item].iter().enumerate() {
            let order = match what {
                fact if is_fact(fact) => 0,
                Happening::Moved(_) => 2,
                _ => 1,
            };
            if *at < self.as_of {
                events.push((*at, order, seq, what.clone()));
                if let Happening::Created(Some(status)) = what {
                    events.push((*at, 2, seq, Happening::Moved(*status)));
                }
            }
        }
        events.sort_by_key(|(at, order, seq, _)| (*at, *order, *seq));
        events
            .into_iter()
            .map(|(at, _, _, what)| (at, what))
            .collect()
    }

    fn item(&self, item: usize) -> Option<Seen> {
        let (steps, blocks) = self.steps(item);
        let first = steps.first()?.0;
        let last = steps.last()?.1;
        let state = match (last, self.class(last)) {
            (Place::Unmapped, _) => State::Unmapped,
            (Place::Cancelled, _) => State::Cancelled,
            (Place::Deleted, _) => State::Deleted,
            (_, Some(Class::Backlog)) => State::Backlog,
            (_, Some(Class::Done)) => State::Done,
            _ => State::InProgress,
        };
        let (started, finished, straight) = self.clock(&steps, first);
        let mut seen = Seen {
            item,
            state,
            started,
            finished,
            flow: None,
            age: None,
            active: 0,
            waiting: 0,
            outside: 0,
            blocked: 0,
            reopened: self.reopened(&steps),
            backward: backward(&steps),
            kind: self.kind(item, finished),
            straight,
            steps,
            blocks,
        };
        self.spend(&mut seen);
        Some(seen)
    }

    fn steps(&self, item: usize) -> (Vec<(u32, Place)>, Vec<(u32, bool)>) {
        let (mut steps, mut blocks) = (Vec::new(), Vec::new());
        let (mut place, mut status) = (Place::Unmapped, None);
        let (mut team, mut flag, mut told, mut deleted, mut member) =
            (None, false, false, false, false);
        let events = self.events(item);
        for (index, (at, what)) in events.iter().cloned().enumerate() {
            let was_done = self.class(place) == Some(Class::Done);
            match what {
                Happening::Team(to) => team = Some(to),
                Happening::Type(_) => {}
                Happening::Flag(on) => flag = on,
                Happening::Blocked => told = true,
                Happening::Unblocked => told = false,
                Happening::Deleted => deleted = true,
                Happening::Created(_) => deleted = false,
                Happening::Moved(to) => status = Some(to),
            }
            // Facts of one instant hold together: the last value of each is the value.
            if let Some((next, following)) = events.get(index + 1)
                && is_fact(&events[index].1)
                && is_fact(following)
                && *next == at
            {
                continue;
            }
            match status.map(|status| self.world.statuses[status]) {
                Some(Meaning::Stage(stage)) => place = Place::Stage(stage),
                Some(Meaning::Cancelled) => place = Place::Cancelled,
                Some(Meaning::Nothing | Meaning::Blocks) | None => {}
            }
            // Of a finished item the facts at its finish decide.
            if !(was_done && self.class(place) == Some(Class::Done)) {
                member = !self.world.only_team_0 || team == Some(0);
            }
            if !member && steps.is_empty() {
                continue;
            }
            let now = if deleted || !member {
                Place::Deleted
            } else {
                place
            };
            // No time in no stage is nothing: the item came to be in this place.
            if steps.last() == Some(&(at, Place::Unmapped)) {
                steps.pop();
            }
            if steps.last().is_none_or(|(_, before)| *before != now) {
                steps.push((at, now));
            }
            let by_status = status.is_some_and(|s| self.world.statuses[s] == Meaning::Blocks);
            let by_rule =
                (by_status || (self.world.blocked_by_flag && flag)) && now != Place::Deleted;
            blocks.push((at, told || by_rule));
        }
        (steps, blocks)
    }

    /// Start and finish, and whether the finish was entered straight from backlog.
    fn clock(&self, steps: &[(u32, Place)], first: u32) -> (Option<u32>, Option<u32>, bool) {
        let (mut first_start, mut last_start) = (None, None);
        let (mut finished, mut born_done, mut straight) = (None, false, false);
        for (at, (instant, place)) in steps.iter().enumerate() {
            let before = at.checked_sub(1).map(|at| steps[at].1);
            let from = before.and_then(|place| self.class(place));
            let to = self.class(*place);
            if self.committed(*place) {
                let crossing = match before {
                    None | Some(Place::Unmapped | Place::Deleted) => true,
                    Some(_) if from == Some(Class::Backlog) => true,
                    Some(before) if self.committed(before) => false,
                    Some(_) => last_start.is_none(),
                };
                if crossing {
                    last_start = Some(*instant);
                    first_start = first_start.or(last_start);
                }
            }
            if to == Some(Class::Backlog) {
                last_start = None;
            }
            if to == Some(Class::Done) && from != Some(Class::Done) {
                finished = Some(*instant);
                born_done = before.is_none();
                straight = from == Some(Class::Backlog);
            }
            if to != Some(Class::Done) {
                (finished, born_done, straight) = (None, false, false);
            }
        }
        let started = match self.rule {
            ClockRule::LastCrossing => last_start,
            ClockRule::FirstStart | ClockRule::SumInProgress => first_start,
            ClockRule::CreatedToDone => (!born_done).then_some(first),
        };
        (started, finished, straight)
    }

    fn reopened(&self, steps: &[(u32, Place)]) -> u16 {
        let left_done = |pair: &&[(u32, Place)]| {
            self.class(pair[0].1) == Some(Class::Done)
                && self
                    .class(pair[1].1)
                    .is_some_and(|class| class != Class::Done)
        };
        steps.windows(2).filter(left_done).count() as u16
    }

    fn kind(&self, item: usize, finished: Option<u32>) -> Option<&'static str> {
        let mut kind = None;
        for (at, what) in self.events(item) {
            if let Happening::Type(one) = what
                && finished.is_none_or(|finished| at <= finished)
            {
                kind = Some(match one {
                    1 => "defect",
                    0 => "type 0",
                    _ => "type 2",
                });
            }
        }
        kind
    }

    pub(crate) fn place_at(&self, seen: &Seen, at: u32) -> Option<Place> {
        let before = seen.steps.iter().rev().find(|(from, _)| *from <= at);
        before.map(|(_, place)| *place)
    }

    pub(crate) fn blocked_at(&self, seen: &Seen, at: u32) -> bool {
        let before = seen.blocks.iter().rev().find(|(from, _)| *from <= at);
        before.is_some_and(|(_, blocked)| *blocked)
    }

    /// Counts the units of time inside the clock, one by one.
    fn spend(&self, seen: &mut Seen) {
        let given_up = || {
            let left = seen.steps.windows(2).rev();
            left.into_iter()
                .find(|pair| self.committed(pair[0].1) && !self.committed(pair[1].1))
                .map(|pair| pair[1].0)
        };
        let end = match seen.state {
            State::Done => seen.finished,
            State::InProgress => Some(self.as_of),
            _ => given_up(),
        };
        let (Some(from), Some(to)) = (seen.started, end) else {
            return;
        };
        let mut at = from;
        while at < to {
            let length = self.hours.unit(at);
            let place = self.place_at(seen, at).unwrap();
            let blocked = self.blocked_at(seen, at);
            match self.class(place) {
                Some(Class::Queue) => seen.waiting += length,
                Some(Class::Active) if blocked => seen.waiting += length,
                Some(Class::Active) => seen.active += length,
                _ => seen.outside += length,
            }
            if blocked && self.committed(place) {
                seen.blocked += length;
            }
            at += self.unit;
        }
        if self.rule == ClockRule::SumInProgress {
            seen.outside = 0;
        }
        let elapsed = seen.active + seen.waiting + seen.outside;
        seen.flow = (seen.state == State::Done).then_some(elapsed);
        seen.age = (seen.state == State::InProgress).then_some(elapsed);
    }

    /// When a stage was left for the last time at or before an instant.
    pub(crate) fn last_exit(&self, seen: &Seen, stage: usize, until: u32) -> Option<u32> {
        let left = seen.steps.windows(2).rev();
        left.into_iter()
            .find(|pair| pair[0].1 == Place::Stage(stage) && pair[1].0 <= until)
            .map(|pair| pair[1].0)
    }

    /// Seconds of all ended visits of a stage; `None` without one.
    pub(crate) fn time_in(&self, seen: &Seen, stage: usize) -> Option<i64> {
        let visits = seen
            .steps
            .windows(2)
            .filter(|pair| pair[0].1 == Place::Stage(stage));
        let lengths: Vec<i64> = visits
            .map(|pair| self.hours.span(pair[0].0, pair[1].0))
            .collect();
        (!lengths.is_empty()).then(|| lengths.iter().sum())
    }
}

fn is_fact(what: &Happening) -> bool {
    matches!(
        what,
        Happening::Team(_) | Happening::Type(_) | Happening::Flag(_)
    )
}

fn backward(steps: &[(u32, Place)]) -> u16 {
    let stages: Vec<usize> = steps
        .iter()
        .filter_map(|(_, place)| match place {
            Place::Stage(stage) => Some(*stage),
            _ => None,
        })
        .collect();
    stages.windows(2).filter(|pair| pair[1] < pair[0]).count() as u16
}

/// Nearest rank with ceiling on a sorted list.
pub(crate) fn nearest_rank(values: &[i64], p: usize) -> Option<i64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let rank = (p * sorted.len() + 99) / 100;
    sorted.get(rank.max(1) - 1).copied()
}

/// The condition of an item in progress.
pub(crate) fn condition(blocked: bool, stale: bool, ageing: bool) -> Condition {
    match (blocked, stale, ageing) {
        (true, _, _) => Condition::Blocked,
        (_, true, _) => Condition::Stale,
        (_, _, true) => Condition::Ageing,
        _ => Condition::Fine,
    }
}
