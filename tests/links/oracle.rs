//! The rules of `docs/metrics.md`, "One item from several trackers", read plainly. Shares no code
//! with weir beside names.

use weir::model::id::StageIx;
use weir::model::timeline::Position;

use super::town::{Deed, Town};

/// What is seen of an item made of several things, named by their numbers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Seen {
    pub(crate) made_of: Vec<usize>,
    /// Where, since when, by which thing.
    pub(crate) visits: Vec<(Position, u32, usize)>,
    /// Why, from, to.
    pub(crate) blocks: Vec<(String, u32, Option<u32>)>,
}

pub(crate) struct Oracle<'a> {
    town: &'a Town,
    as_of: u32,
    /// Who belongs to whom, directly.
    ties: Vec<Vec<bool>>,
}

/// One event of one thing.
#[derive(Clone, Copy, Debug)]
struct Step<'a> {
    at: u32,
    thing: usize,
    /// `None`: it comes to be.
    deed: Option<&'a Deed>,
    /// The status it is created in.
    first: Option<usize>,
}

/// How a thing stands after some events.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Stand {
    born: bool,
    /// 0 to 3: a stage, 4: cancelled.
    place: Option<usize>,
    deleted: bool,
    blocked: bool,
    /// The last event that changed place or `deleted`.
    entered: usize,
}

const CANCELLED: usize = 4;
const DONE: usize = 3;

impl<'a> Oracle<'a> {
    pub(crate) fn new(town: &'a Town, as_of: u32) -> Self {
        let count = town.things.len();
        let mut oracle = Self {
            town,
            as_of,
            ties: vec![vec![false; count]; count],
        };
        for artefact in 0..count {
            for owner in 0..count {
                oracle.ties[artefact][owner] = artefact != owner
                    && oracle.is_known(artefact)
                    && oracle.is_known(owner)
                    && oracle.is_tied(artefact, owner);
            }
        }
        oracle
    }

    fn is_known(&self, thing: usize) -> bool {
        self.town.things[thing].born.0 < self.as_of
    }

    /// The deeds of a thing that are seen.
    fn deeds(&self, thing: usize) -> impl DoubleEndedIterator<Item = &'a (u32, Deed)> {
        let as_of = self.as_of;
        self.town.things[thing]
            .deeds
            .iter()
            .filter(move |(at, _)| *at < as_of)
    }

    fn is_tied(&self, artefact: usize, owner: usize) -> bool {
        let things = &self.town.things;
        let sources = (things[artefact].source, things[owner].source);
        let rule = |number: usize| self.town.rules[number];
        let named = || {
            self.deeds(artefact).rev().find_map(|(_, deed)| match deed {
                Deed::Branch(named) => Some(named.contains(&owner)),
                _ => None,
            })
        };
        let parent = || {
            self.deeds(artefact).rev().find_map(|(_, deed)| match deed {
                Deed::Parent(parent) => Some(*parent == Some(owner)),
                _ => None,
            })
        };
        let forms = (things[artefact].request, things[owner].request);
        match sources {
            (1, 0) => rule(0) && named() == Some(true),
            (2, 1) => rule(1) && named() == Some(true),
            (2, 0) => rule(2) && (self.tells(artefact, owner) || self.tells(owner, artefact)),
            (1, 1) => rule(3) && parent() == Some(true),
            (2, 2) if rule(4) => match forms {
                (true, false) => self.tells(artefact, owner) || self.tells(owner, artefact),
                (false, true) => false,
                _ => self.tells(artefact, owner),
            },
            _ => false,
        }
    }

    fn tells(&self, teller: usize, other: usize) -> bool {
        let last = self.deeds(teller).rev().find_map(|(_, deed)| match deed {
            Deed::Linked(to) if *to == other => Some(true),
            Deed::Unlinked(to) if *to == other => Some(false),
            _ => None,
        });
        last == Some(true)
    }

    /// Every thing that can be reached from each by ties.
    fn reach(&self) -> Vec<Vec<bool>> {
        let count = self.ties.len();
        let mut reach = self.ties.clone();
        for by in 0..count {
            for from in 0..count {
                for to in 0..count {
                    reach[from][to] |= reach[from][by] && reach[by][to];
                }
            }
        }
        reach
    }

    fn can_be_item(&self, thing: usize) -> bool {
        self.town.all_are_items || self.town.things[thing].source < 2
    }

    fn age(&self, thing: usize) -> (u32, usize, usize) {
        (
            self.town.things[thing].born.0,
            self.town.things[thing].source,
            thing,
        )
    }

    /// By thing what it is seen to be, if it is an item made of several.
    pub(crate) fn items(&self) -> Vec<Option<Seen>> {
        let reach = self.reach();
        let count = self.ties.len();
        let is_top = |thing: usize| {
            let above = |other: usize| {
                let ring = reach[thing][other] && reach[other][thing];
                let higher = reach[thing][other] && !reach[other][thing];
                self.can_be_item(other) && (higher || ring && self.age(other) < self.age(thing))
            };
            self.can_be_item(thing) && !(0..count).any(above)
        };
        let item = |top: usize| {
            let mut made_of: Vec<usize> = (0..count)
                .filter(|thing| *thing != top && reach[*thing][top] && !is_top(*thing))
                .collect();
            made_of.sort_by_key(|thing| (self.town.things[*thing].source, *thing));
            made_of.insert(0, top);
            (is_top(top) && made_of.len() > 1).then(|| self.item(made_of))
        };
        (0..count).map(item).collect()
    }

    fn item(&self, made_of: Vec<usize>) -> Seen {
        let steps = self.steps(&made_of);
        let mut seen = Seen {
            visits: Vec::new(),
            blocks: Vec::new(),
            made_of,
        };
        let mut member = false;
        for count in 1..=steps.len() {
            self.look(&steps[..count], &mut member, &mut seen);
        }
        seen
    }

    /// All events of the things in order: instant, source, thing (the first before the others of its
    /// source), then birth, facts, marks, moves, then the source's sequence.
    fn steps(&self, made_of: &[usize]) -> Vec<Step<'a>> {
        let mut steps = Vec::new();
        for (place, thing) in made_of.iter().copied().enumerate() {
            let (at, first) = self.town.things[thing].born;
            let step = |at, deed, first| Step {
                at,
                thing,
                deed,
                first,
            };
            let source = self.town.things[thing].source;
            steps.push(((at, source, place, 0, 0), step(at, None, None)));
            if first.is_some() {
                steps.push(((at, source, place, 3, 0), step(at, None, first)));
            }
            for (seq, (at, deed)) in self.deeds(thing).enumerate() {
                let order = match deed {
                    Deed::Branch(_) | Deed::Parent(_) | Deed::Linked(_) | Deed::Unlinked(_) => {
                        continue;
                    }
                    Deed::Team(_) => 1,
                    Deed::Moved(_) => 3,
                    _ => 2,
                };
                steps.push((
                    (*at, source, place, order, seq + 1),
                    step(*at, Some(deed), None),
                ));
            }
        }
        steps.sort_by_key(|(order, _)| *order);
        steps.into_iter().map(|(_, step)| step).collect()
    }

    /// How a thing stands after these events.
    fn stand(thing: usize, steps: &[Step<'_>]) -> Stand {
        let mut stand = Stand::default();
        for (number, step) in steps
            .iter()
            .enumerate()
            .filter(|(_, step)| step.thing == thing)
        {
            let before = (stand.place, stand.deleted);
            let mut moved = |to: usize| {
                if to <= CANCELLED {
                    stand.place = Some(to);
                }
            };
            match (step.deed, step.first) {
                (None, Some(first)) => moved(first),
                (None, None) => stand.born = true,
                (Some(Deed::Moved(to)), _) => moved(*to),
                (Some(Deed::Blocked), _) => stand.blocked = true,
                (Some(Deed::Unblocked), _) => stand.blocked = false,
                (Some(Deed::Deleted), _) => stand.deleted = true,
                (Some(Deed::Back), _) => stand.deleted = false,
                _ => {}
            }
            if (stand.place, stand.deleted) != before {
                stand.entered = number;
            }
        }
        stand
    }

    /// What the things of one source and form say together after these events: where, and who.
    fn says(
        &self,
        voice: (usize, bool),
        made_of: &[usize],
        steps: &[Step<'_>],
    ) -> Option<(usize, usize)> {
        let of = |thing: usize| {
            (
                self.town.things[thing].source,
                self.town.things[thing].request,
            )
        };
        let stand = |thing: usize| Self::stand(thing, steps);
        if of(made_of[0]) == voice && stand(made_of[0]).place == Some(CANCELLED) {
            return Some((CANCELLED, made_of[0]));
        }
        let speaking = made_of.iter().copied().filter(|thing| of(*thing) == voice);
        let standing = speaking.filter(|thing| {
            stand(*thing).place.is_some_and(|place| place < CANCELLED) && !stand(*thing).deleted
        });
        let standing: Vec<usize> = standing.collect();
        let least = standing
            .iter()
            .filter_map(|thing| stand(*thing).place)
            .min()?;
        let there = standing
            .into_iter()
            .filter(|thing| stand(*thing).place == Some(least));
        let last = there.max_by_key(|thing| stand(*thing).entered)?;
        Some((least, last))
    }

    /// The voice that moved last, of those that say anything: where, and who.
    fn latest(&self, made_of: &[usize], steps: &[Step<'_>]) -> Option<(usize, usize)> {
        let mut best: Option<(usize, (usize, usize))> = None;
        for voice in (0..3).flat_map(|source| [(source, false), (source, true)]) {
            let Some(now) = self.says(voice, made_of, steps) else {
                continue;
            };
            let place = |count: usize| {
                let said = self.says(voice, made_of, &steps[..count]);
                said.map(|(place, _)| place)
            };
            let since = (0..steps.len())
                .rev()
                .find(|count| place(*count) != Some(now.0))
                .unwrap();
            if best.is_none_or(|(other, _)| since > other) {
                best = Some((since, now));
            }
        }
        best.map(|(_, said)| said)
    }

    /// Whether the first thing is of the stream at an instant: by all that is told of the same second,
    /// before its birth by what it was born with.
    fn is_member(&self, first: usize, at: u32) -> bool {
        let thing = &self.town.things[first];
        let at = at.max(thing.born.0);
        let told = self.deeds(first).filter(|(when, _)| *when <= at);
        let team = told.rev().find_map(|(_, deed)| match deed {
            Deed::Team(own) => Some(*own),
            _ => None,
        });
        !self.town.only_members || team == Some(true)
    }

    /// Adds what the last of the events changes.
    fn look(&self, steps: &[Step<'_>], member: &mut bool, seen: &mut Seen) {
        let last = steps[steps.len() - 1];
        let (at, first) = (last.at, seen.made_of[0]);
        let said = self.latest(&seen.made_of, steps);
        let done = Position::Stage(StageIx(3));
        let was_done = seen.visits.last().is_some_and(|visit| visit.0 == done);
        if !(was_done && said.is_some_and(|(place, _)| place == DONE)) {
            *member = self.is_member(first, at);
        }
        if !*member && seen.visits.is_empty() {
            return;
        }
        let gone = Self::stand(first, steps).deleted || !*member;
        let (position, by) = match said {
            _ if gone => (Position::Deleted, first),
            Some((CANCELLED, by)) => (Position::Cancelled, by),
            Some((stage, by)) => (Position::Stage(StageIx(u8::try_from(stage).unwrap())), by),
            None => (Position::Unmapped, last.thing),
        };
        let passed =
            |visit: &(Position, u32, usize)| visit.0 == Position::Unmapped && visit.1 == at;
        if seen.visits.last().is_some_and(passed) {
            seen.visits.pop();
        }
        if seen.visits.last().is_none_or(|visit| visit.0 != position) {
            seen.visits.push((position, at, by));
        }
        let blocked = seen.made_of.iter().find(|thing| {
            let stand = Self::stand(**thing, steps);
            stand.blocked && !stand.deleted && stand.place != Some(CANCELLED)
        });
        let why = blocked
            .filter(|_| !gone)
            .map(|thing| format!("blocked {thing}"));
        let open = seen.blocks.last_mut().filter(|block| block.2.is_none());
        if let Some(open) = open {
            if Some(&open.0) == why.as_ref() {
                return;
            }
            open.2 = Some(at);
        }
        seen.blocks.extend(why.map(|why| (why, at, None)));
    }
}
