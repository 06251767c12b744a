//! What a simulated stream is made of.

use std::sync::Arc;

use crate::model::event::FactName;
use crate::model::time::{Calendar, Millis, Weekday, Zone};
use crate::simulate::random::Spread;

/// A whole value stream: stages left to right, the work that comes in, the people who do it.
/// Positions (`usize`) point into the lists of this same model; [`StreamModel::check`] proves them.
/// All spans are working time by `calendar`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StreamModel {
    /// In order, left to right; the last one is [`Step::Done`].
    pub stages: Vec<StageModel>,
    /// The kinds of work that come in.
    pub arrivals: Vec<Arrivals>,
    /// Single items planted at an instant.
    pub specials: Vec<Special>,
    /// Every item belongs to one; none: no teams.
    pub teams: Vec<Team>,
    /// Who works in the stages of work.
    pub crews: Vec<Crew>,
    /// When people work and meet.
    pub calendar: Calendar,
    /// Where their days begin.
    pub zone: Zone,
    /// What becomes different at an instant.
    pub shifts: Vec<Shift>,
    /// The status of an item that is dropped.
    pub dropped: String,
}

/// One stage.
#[derive(Clone, Debug, PartialEq)]
pub struct StageModel {
    /// The tracker status its items are in.
    pub status: String,
    /// What happens to an item here.
    pub step: Step,
    /// Most items that may be here for another to be pulled in. Items sent back come in regardless.
    pub limit: Option<u32>,
    /// Chance that an item passes the stage by.
    pub skip: f64,
    /// Chance that an item is dropped once the step is over.
    pub drop: f64,
    /// Sends items back once the step is over.
    pub rework: Option<Rework>,
    /// Stops items while they are here.
    pub trouble: Option<Trouble>,
}

impl StageModel {
    /// A stage where nothing goes wrong.
    pub fn new(status: &str, step: Step) -> Self {
        Self {
            status: status.to_owned(),
            step,
            limit: None,
            skip: 0.0,
            drop: 0.0,
            rework: None,
            trouble: None,
        }
    }

    /// A stage where items wait until the next one takes them.
    pub fn queue(status: &str) -> Self {
        Self::new(status, Step::Queue)
    }

    /// A stage where one person of a crew works on one item at a time.
    pub fn work(status: &str, crew: usize, service: Spread) -> Self {
        Self::new(status, Step::Work { crew, service })
    }
}

/// What happens to an item in a stage. Whatever it is, once it is over the item waits there until
/// the next stage can take it: by rank, then first come, first served.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Nothing: it waits for the next stage.
    Queue,
    /// Time passes, for any number of items side by side.
    Delay(Spread),
    /// It waits until a gate opens.
    Gate(Gate),
    /// Someone of a crew works on it. Who waits for the next stage is free for other work.
    Work {
        /// Whose people.
        crew: usize,
        /// How long one item takes one person.
        service: Spread,
    },
    /// It is over, unless it comes back.
    Done(Option<Reopening>),
}

/// Lets waiting items through together: a release window, an approval board, sprint planning.
#[derive(Clone, Debug, PartialEq)]
pub struct Gate {
    /// When it opens.
    pub opens: Opening,
    /// How many it lets through each time.
    pub passes: Passes,
    /// Items of this rank or a lower one need not wait for it.
    pub waves_through: Option<u8>,
}

/// When a gate opens.
#[derive(Clone, Debug, PartialEq)]
pub enum Opening {
    /// At set times.
    Meets(Timetable),
    /// When so many items wait that are not blocked: a batch size.
    Gathers(usize),
}

/// How many items a gate lets through each time it opens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Passes {
    /// All that wait.
    All,
    /// At most so many.
    AtMost(usize),
    /// A part of those that wait, rounded, at least one: under pressure more is let through.
    Share(f64),
    /// Each with this chance; the others are put off to the next time.
    Each(f64),
}

/// Set times: some days of the week, every so many weeks.
#[derive(Clone, Debug, PartialEq)]
pub struct Timetable {
    /// On these days, where the calendar has them as working days.
    pub days: Vec<Weekday>,
    /// Every week (1), every second (2), …
    pub every_weeks: u32,
    /// Which of those weeks, 0 to `every_weeks` − 1, counted from the week of 1970-01-01.
    pub week: u32,
    /// Seconds after midnight.
    pub time_of_day: i64,
}

/// Sends items back to an earlier stage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rework {
    /// Chance, each time the step is over; below 1.
    pub chance: f64,
    /// Where to.
    pub to: usize,
    /// Part of the usual service time that all work takes from then on.
    pub effort: f64,
}

/// Brings finished items back.
#[derive(Clone, Debug, PartialEq)]
pub struct Reopening {
    /// Chance, each time an item is done; below 1.
    pub chance: f64,
    /// How long after.
    pub after: Spread,
    /// Where to.
    pub to: usize,
    /// Part of the usual service time that all work takes from then on.
    pub effort: f64,
}

/// Stops items for a reason. Nobody works on a blocked item, and it does not move.
#[derive(Clone, Debug, PartialEq)]
pub struct Trouble {
    /// Chance, at each visit, that trouble is on its way. An item that has left before it comes
    /// goes free.
    pub chance: f64,
    /// How long after entry it comes.
    pub after: Spread,
    /// How long it lasts.
    pub lasts: Spread,
    /// Why, each with a weight.
    pub reasons: Vec<(Arc<str>, f64)>,
}

/// A stream of new items.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrivals {
    /// Facts of every such item: its type, priority, labels.
    pub facts: Vec<(FactName, String)>,
    /// Items in a week without holidays, at the start and in a month of factor 1.
    pub per_week: f64,
    /// How they are spaced.
    pub spacing: Spacing,
    /// How the rate changes.
    pub rhythm: Rhythm,
    /// The stage they are created in; not one of work, and without a limit.
    pub enter: usize,
    /// Lower ranks are served first.
    pub rank: u8,
    /// Stages they never enter.
    pub avoids: Vec<usize>,
}

/// How arrivals are spaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spacing {
    /// Independently of one another (a Poisson process in working time).
    Random,
    /// Evenly in working time; the rhythm's days and months have no part in it.
    Even,
}

/// Factors on the rate of arrivals.
#[derive(Clone, Debug, PartialEq)]
pub struct Rhythm {
    /// By day of the week, Monday first.
    pub days: [f64; 7],
    /// By month, January first.
    pub months: [f64; 12],
    /// Growth in a year as a part of the first rate; 0.1 is ten per cent.
    pub growth: f64,
}

impl Default for Rhythm {
    fn default() -> Self {
        Self {
            days: [1.0; 7],
            months: [1.0; 12],
            growth: 0.0,
        }
    }
}

/// One item planted on purpose. It meets no trouble, rework or drop but the one planned for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Special {
    /// When it comes.
    pub at: Millis,
    /// Where it enters, its rank and the facts it has besides its own.
    pub arrivals: usize,
    /// Its own facts, for example its title.
    pub facts: Vec<(FactName, String)>,
    /// Whose it is.
    pub team: usize,
    /// Part of the usual service time that work on it takes.
    pub effort: f64,
    /// The stage where trouble meets it, and which.
    pub trouble: Option<(usize, Trouble)>,
}

/// A team.
#[derive(Clone, Debug, PartialEq)]
pub struct Team {
    /// Its name.
    pub name: Arc<str>,
    /// Its part of the work, by weight.
    pub weight: f64,
}

/// People who work in one or more stages, one item each at a time. Where several stages want them,
/// the one furthest right gets them.
#[derive(Clone, Debug, PartialEq)]
pub struct Crew {
    /// Names: one list for all teams, or one list a team.
    pub people: Vec<Vec<Arc<str>>>,
}

impl Crew {
    /// A crew of so many for all teams, with names made of `name` and a number.
    pub fn shared(name: &str, count: usize) -> Self {
        let people = (1..=count).map(|nth| format!("{name} {nth}").into());
        Self {
            people: vec![people.collect()],
        }
    }
}

/// Something that becomes different at an instant, for good. Later shifts multiply earlier factors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shift {
    /// From when on.
    pub at: Millis,
    /// What.
    pub what: Shifted,
}

/// What can become different.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shifted {
    /// Work or delay that begins in a stage takes so many times as long.
    Duration {
        /// Which stage.
        stage: usize,
        /// Times as long.
        factor: f64,
    },
    /// A gate lets through another number.
    Passes {
        /// Which stage.
        stage: usize,
        /// How many from now on.
        passes: Passes,
    },
    /// All arrivals come so many times as often.
    ArrivalRate {
        /// Times as often.
        factor: f64,
    },
}
