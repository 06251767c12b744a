//! A value stream as the config describes it: stages, rules, clock.

use super::id::{SourceName, StageIx};
use super::link::LinkRule;
use super::rule::{Rule, matches_pattern};
use super::stage::{Class, ClockRule, Phase};

/// One value stream.
#[derive(Clone, Debug, PartialEq)]
pub struct Stream {
    /// Unique within the config.
    pub name: String,
    /// The sources it draws from.
    pub sources: Vec<SourceName>,
    /// Which level of the hierarchy is the unit of flow.
    pub items: Rule,
    /// Which items belong to the stream.
    pub membership: Rule,
    /// The clock rule shown first.
    pub clock: ClockRule,
    /// Further clocks by name.
    pub clocks: Vec<NamedClock>,
    /// Statuses that end an item without value.
    pub cancelled: Vec<StatusPattern>,
    /// The first rule that holds names the kind; none: the tracker's type.
    pub kinds: Vec<KindRule>,
    /// The first rule that holds blocks the item.
    pub blocked: Vec<BlockedRule>,
    /// In order, left to right.
    pub stages: Vec<Stage>,
    /// What makes one item of artefacts of several sources.
    pub links: Vec<LinkRule>,
}

/// A step of the stream.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// Unique within the stream.
    pub name: String,
    /// The part of the stream it lies in.
    pub phase: Phase,
    /// What items do in it.
    pub class: Class,
    /// Tracker statuses that mean this stage.
    pub statuses: Vec<StatusPattern>,
    /// The role that owns it; a move to another owner is a hand-off.
    pub owner: Option<String>,
    /// Limit of work in progress, in items.
    pub limit: Option<u32>,
    /// Service level expectation of the stage.
    pub sle: Option<Sle>,
    /// Seconds in the stage after which an item is stale; none: the stage's own P85.
    pub stale_after: Option<i64>,
}

/// "`percent` % within `seconds`".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sle {
    /// 1 to 99.
    pub percent: u8,
    /// The promise, in seconds.
    pub seconds: i64,
}

/// A clock from the first entry of one stage or a later one to the last entry of another or later.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedClock {
    /// For example `idea-to-value`.
    pub name: String,
    /// Where it starts.
    pub from: StageIx,
    /// Where it ends.
    pub to: StageIx,
}

/// Names the kind of the items that a rule accepts.
#[derive(Clone, Debug, PartialEq)]
pub struct KindRule {
    /// feature, defect, risk, debt, or the user's own.
    pub kind: String,
    /// When it holds.
    pub when: Rule,
}

/// Marks the items that a rule accepts as blocked.
#[derive(Clone, Debug, PartialEq)]
pub struct BlockedRule {
    /// When it holds.
    pub when: Rule,
    /// What to call it; none: the tracker's words.
    pub reason: Option<String>,
}

/// A status as the config names it: exact or with `*`, of one source or of any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusPattern {
    /// Only statuses of this source; none: of any.
    pub source: Option<String>,
    /// The name or pattern.
    pub name: String,
}

impl StatusPattern {
    /// A status of any source by its exact name or pattern.
    pub fn any_source(name: &str) -> Self {
        Self {
            source: None,
            name: name.to_owned(),
        }
    }

    /// Whether the status `name` of `source` is meant.
    pub fn accepts(&self, source: &str, name: &str) -> bool {
        self.source.as_deref().is_none_or(|wanted| wanted == source)
            && matches_pattern(&self.name, name)
    }

    /// Whether this names one status exactly, which beats a pattern with `*`.
    pub fn is_exact(&self) -> bool {
        !self.name.contains('*')
    }
}

/// Where a status puts an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// In a stage.
    Stage(StageIx),
    /// Ended without value.
    Cancelled,
}

impl Stream {
    /// A stream of all sources without stages or rules.
    pub fn bare(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            sources: Vec::new(),
            items: Rule::Always,
            membership: Rule::Always,
            clock: ClockRule::default(),
            clocks: Vec::new(),
            cancelled: Vec::new(),
            kinds: Vec::new(),
            blocked: Vec::new(),
            stages: Vec::new(),
            links: Vec::new(),
        }
    }

    /// Where the status `name` of `source` puts an item; `None` if no stage maps it. An exact name
    /// beats a pattern; among equals the stage further left wins, cancelled comes last.
    pub fn place_of(&self, source: &str, name: &str) -> Option<Place> {
        self.find_place(|p| p.is_exact() && p.accepts(source, name))
            .or_else(|| self.find_place(|p| p.accepts(source, name)))
    }

    fn find_place(&self, accepts: impl Fn(&StatusPattern) -> bool) -> Option<Place> {
        let stage = self
            .stages
            .iter()
            .position(|stage| stage.statuses.iter().any(&accepts))
            .and_then(|at| u8::try_from(at).ok());
        match stage {
            Some(at) => Some(Place::Stage(StageIx(at))),
            None => self
                .cancelled
                .iter()
                .any(accepts)
                .then_some(Place::Cancelled),
        }
    }

    /// The stage at a position. Every [`StageIx`] made for this stream is within its stages.
    pub fn stage(&self, at: StageIx) -> &Stage {
        &self.stages[at.index()]
    }

    /// All stages with their positions.
    pub fn stages(&self) -> impl Iterator<Item = (StageIx, &Stage)> {
        (0..=u8::MAX).map(StageIx).zip(&self.stages)
    }

    /// All rules of the stream.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        let own = [&self.items, &self.membership].into_iter();
        let kinds = self.kinds.iter().map(|one| &one.when);
        own.chain(kinds)
            .chain(self.blocked.iter().map(|one| &one.when))
    }

    /// Whether anything is configured as waiting: a queue stage or a rule that blocks.
    pub fn knows_waiting(&self) -> bool {
        !self.blocked.is_empty() || self.stages.iter().any(|s| s.class == Class::Queue)
    }
}
