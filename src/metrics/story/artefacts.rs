//! What an item is made of: its artefacts, and why each belongs to it.

use crate::model::bound::BoundStream;
use crate::model::id::{ItemIx, StatusIx};
use crate::model::link::Form;
use crate::model::log::Log;
use crate::model::snapshot::Snapshot;
use crate::model::time::Sec;
use crate::model::timeline::{Replay, Timeline, Visit};

/// One artefact of an item made of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoryArtefact {
    /// Position in the log.
    pub item: ItemIx,
    /// What it is, by its type.
    pub form: Form,
    /// The tracker's status now.
    pub status: Option<StatusIx>,
    /// What it belongs to, and why; empty for the one the item is named after, unless it belongs to
    /// something that is no item.
    pub ties: Vec<StoryTie>,
}

/// Why an artefact belongs to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoryTie {
    /// What it belongs to.
    pub owner: ItemIx,
    /// The fact that holds the key, the kind of link that the tracker told, or "parent".
    pub by: String,
    /// Since when.
    pub since: Sec,
}

/// Tells of one item after another what it is made of and whence its visits came.
#[derive(Debug)]
pub struct Makeup<'a> {
    log: &'a Log,
    bound: &'a BoundStream,
    replay: Replay<'a>,
    timeline: Timeline,
}

impl<'a> Makeup<'a> {
    /// Looks at the items of a stream as of an instant; `None` if it has no link rules.
    pub fn new(snapshot: &'a Snapshot, stream: usize, as_of: Sec) -> Option<Self> {
        let (log, bound) = (snapshot.log(), snapshot.streams().get(stream)?);
        bound.links()?;
        Some(Self {
            log,
            bound,
            replay: Replay::new(log, bound, as_of),
            timeline: Timeline::empty(),
        })
    }

    /// The artefacts of an item made of several, and every visit with the artefact it came from.
    pub fn of(&mut self, item: ItemIx) -> (Vec<StoryArtefact>, Vec<(Visit, ItemIx)>) {
        self.replay.run(item, &mut self.timeline);
        let visits = self.timeline.visits.iter().enumerate();
        let visits = visits.map(|(at, visit)| (*visit, self.timeline.origin(at)));
        let artefacts = artefacts(self.log, self.bound, &self.timeline);
        (artefacts, visits.collect())
    }
}

/// The artefacts of an item made of several, the one it is named after first; else none.
pub(super) fn artefacts(log: &Log, bound: &BoundStream, timeline: &Timeline) -> Vec<StoryArtefact> {
    let each = timeline.joined().iter().map(|artefact| StoryArtefact {
        item: *artefact,
        form: Form::of(log, *artefact),
        status: status_at(log, *artefact, timeline.as_of),
        ties: ties(log, bound, *artefact, timeline.as_of),
    });
    each.collect()
}

/// The last status before `as_of`.
pub(super) fn status_at(log: &Log, item: ItemIx, as_of: Sec) -> Option<StatusIx> {
    let (at, to) = log.moves(item);
    let seen = at.partition_point(|at| *at < as_of);
    seen.checked_sub(1).and_then(|last| to.get(last)).copied()
}

fn ties(log: &Log, bound: &BoundStream, artefact: ItemIx, as_of: Sec) -> Vec<StoryTie> {
    let known = bound
        .links()
        .map_or(&[][..], |links| links.ties_of(artefact));
    let rules = &bound.stream().links;
    let holding = known.iter().filter(|tie| tie.holds(as_of));
    let tie = |tie: &crate::model::link::Tie| {
        let rule = rules.get(usize::from(tie.rule))?;
        Some(StoryTie {
            owner: tie.owner,
            by: rule.basis_name(tie.basis, log).to_owned(),
            since: tie.since,
        })
    };
    holding.filter_map(tie).collect()
}
