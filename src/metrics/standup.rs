//! The agenda of a stand-up: what changed since the last walk of the board, and the items in
//! progress in the order in which another day costs most. METRICS "Stand-up".

mod changes;

use std::cmp::Reverse;

use crate::model::event::fact;
use crate::model::id::{FactIx, ItemIx};
use crate::model::snapshot::Snapshot;
use crate::model::stage::{Condition, State};
use crate::model::time::{DAY_SECS, Sec};
use crate::model::timeline::Position;

use super::ageing::OpenItem;
use super::days_left::{DaysLeft, Remaining};
use super::measure::Measures;

/// Words of a priority that say: before all others.
const URGENT: [&str; 8] = [
    "expedite",
    "expedited",
    "urgent",
    "immediate",
    "blocker",
    "critical",
    "highest",
    "p0",
];

/// What there is to speak of in a stand-up.
#[derive(Clone, Debug, PartialEq)]
pub struct Standup {
    /// From when on changes are told.
    pub since: Since,
    /// Seen from when.
    pub as_of: Sec,
    /// What changed: what was finished first, then right to left, the newest first.
    pub changes: Vec<Changed>,
    /// The items in progress: by concern, then right to left, then the most costly first.
    pub items: Vec<Called>,
}

/// From when on changes are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// The last walk.
    LastWalk(Sec),
    /// No walk before is known: a day before as-of.
    ADay(Sec),
}

/// An item that is not as it was at the last walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Position in the log.
    pub item: ItemIx,
    /// What happened, the most telling of it.
    pub news: News,
    /// When that was.
    pub at: Sec,
    /// Where it stood then; `None` if it was not there yet.
    pub from: Option<Position>,
    /// Where it stands now; as `from` if it moved and came back.
    pub to: Position,
}

/// What happened to an item since the last walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum News {
    /// It came to done.
    Finished,
    /// It is in progress and stopped, and was not.
    Blocked,
    /// It is in progress and goes on, and was stopped.
    Unblocked,
    /// It stands elsewhere, or has moved and come back.
    Moved,
    /// It was not there.
    New,
    /// It was cancelled or is out of the stream.
    Left,
}

/// An item in progress, called in the stand-up.
#[derive(Clone, Debug, PartialEq)]
pub struct Called {
    /// How it stands.
    pub open: OpenItem,
    /// Why it is called.
    pub concern: Concern,
    /// What it may have left.
    pub left: DaysLeft,
}

/// Why an item is called, the most costly first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Concern {
    /// It is stopped.
    Blocked,
    /// It is older than the P85 pace band of its stage.
    OverPace,
    /// It is longer in its stage than the stage's threshold.
    Stale,
    /// Its priority says: before all others.
    Expedite,
    /// Nothing calls for a word.
    Fine,
}

impl Concern {
    /// All concerns, in order.
    pub const ALL: [Self; 5] = [
        Self::Blocked,
        Self::OverPace,
        Self::Stale,
        Self::Expedite,
        Self::Fine,
    ];

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Blocked => "Blocked",
            Self::OverPace => "Over its pace band",
            Self::Stale => "Stale",
            Self::Expedite => "Expedite",
            Self::Fine => "The rest",
        }
    }
}

impl News {
    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::Blocked => "blocked",
            Self::Unblocked => "unblocked",
            Self::Moved => "moved",
            Self::New => "new",
            Self::Left => "left",
        }
    }
}

impl Since {
    /// The instant.
    pub fn at(self) -> Sec {
        match self {
            Self::LastWalk(at) | Self::ADay(at) => at,
        }
    }
}

impl Standup {
    /// The agenda for an answered question about the stream at position `stream`; `last` is the
    /// last walk. Costs a replay of the items in progress and of those that moved since, and a pass
    /// over all for what those in progress have left.
    pub fn of(snapshot: &Snapshot, stream: usize, measures: &Measures, last: Option<Sec>) -> Self {
        let as_of = measures.header.as_of;
        let known = last.filter(|last| *last < as_of);
        let since = known.map_or(Since::ADay(as_of.plus(-DAY_SECS)), Since::LastWalk);
        let remaining = Remaining::of(snapshot, stream, measures.header);
        let priority = snapshot.log().fact(fact::PRIORITY);
        let open = measures.open.iter();
        let mut items: Vec<Called> = open
            .filter(|open| open.state == State::InProgress)
            .map(|open| Called {
                concern: concern(snapshot, measures, open, priority),
                left: remaining.left(open.stage, open.age.unwrap_or(0)),
                open: open.clone(),
            })
            .collect();
        items.sort_by_key(|one| {
            let cost = Reverse(cost(one, measures));
            (one.concern, Reverse(one.open.stage), cost, one.open.item)
        });
        Self {
            since,
            as_of,
            changes: changes::since(snapshot, stream, measures, since.at()),
            items,
        }
    }

    /// How many of the items call for a word; they come first.
    pub fn calling(&self) -> usize {
        self.items
            .partition_point(|one| one.concern != Concern::Fine)
    }
}

fn concern(
    snapshot: &Snapshot,
    measures: &Measures,
    open: &OpenItem,
    priority: Option<FactIx>,
) -> Concern {
    let band = measures.pace.p85(open.stage);
    let log = snapshot.log();
    let urgent = || {
        let at = measures.header.as_of.plus(-1);
        priority.is_some_and(|column| is_urgent(log.text(log.fact_at(column, open.item, at))))
    };
    if open.condition == Some(Condition::Blocked) {
        Concern::Blocked
    } else if open.age.zip(band).is_some_and(|(age, band)| age > band) {
        Concern::OverPace
    } else if open.condition == Some(Condition::Stale) {
        Concern::Stale
    } else if urgent() {
        Concern::Expedite
    } else {
        Concern::Fine
    }
}

fn is_urgent(priority: &str) -> bool {
    let mut words = priority.split(|one: char| !one.is_alphanumeric());
    words.any(|word| {
        URGENT
            .iter()
            .any(|urgent| word.eq_ignore_ascii_case(urgent))
    })
}

/// For how long what is the matter with the item has lasted, seconds.
fn cost(one: &Called, measures: &Measures) -> i64 {
    let open = &one.open;
    let blocked = open
        .block
        .as_ref()
        .map(|block| measures.ruler.between(block.since, measures.header.as_of));
    match one.concern {
        Concern::Blocked => blocked.unwrap_or(0),
        Concern::Stale => open.in_stage,
        Concern::OverPace | Concern::Expedite | Concern::Fine => open.age.unwrap_or(open.in_stage),
    }
}

#[cfg(test)]
mod tests;
