//! What a tracker says of its statuses itself, beside what items do in them.

use super::behaviour::Behaviour;
use super::classes::{Role, Verdict};
use super::meaning::{self, Meaning};
use crate::model::stage::Class;

/// No project has more statuses than this.
const OF_ONE_PROJECT: usize = 60;

/// What a tracker says of the statuses of a project or a board.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// The statuses there, in the tracker's own order.
    pub statuses: Vec<ToldStatus>,
    /// The columns of the board, left to right; none: there is no board.
    pub columns: Vec<ToldColumn>,
}

/// A status as its tracker describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldStatus {
    /// Its name.
    pub name: String,
    /// What the tracker takes it for; `None`: it does not say.
    pub category: Option<Category>,
}

/// A column of a board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldColumn {
    /// What stands above it.
    pub name: String,
    /// Items in these statuses stand in it.
    pub statuses: Vec<String>,
    /// The most items that should stand in it.
    pub limit: Option<u32>,
}

/// What trackers take statuses for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Category {
    /// Not taken up yet, perhaps never.
    Backlog,
    /// Not begun.
    Unstarted,
    /// Begun and not ended.
    Started,
    /// Not ended; begun or not.
    Open,
    /// Ended, with or without value.
    Ended,
    /// Ended with value.
    Finished,
    /// Ended without.
    Cancelled,
}

impl Told {
    /// What another project or board of the tracker says, beside this. A column of the same name is
    /// the same, with the limits of both.
    pub fn add(&mut self, other: Self) {
        for status in other.statuses {
            if !self
                .statuses
                .iter()
                .any(|one| is_same(&one.name, &status.name))
            {
                self.statuses.push(status);
            }
        }
        for column in other.columns {
            let mut known = self.columns.iter_mut();
            match known.find(|one| is_same(&one.name, &column.name)) {
                Some(known) => known.add(column),
                None => self.columns.push(column),
            }
        }
    }

    /// The category of a status.
    fn category(&self, name: &str) -> Option<Category> {
        let found = self.statuses.iter().find(|one| is_same(&one.name, name));
        found?.category
    }

    /// The column of a status, and which one it is.
    pub(super) fn column(&self, name: &str) -> Option<(usize, &ToldColumn)> {
        let holds = |column: &ToldColumn| column.statuses.iter().any(|one| is_same(one, name));
        let mut columns = self.columns.iter().enumerate();
        columns.find(|(_, column)| holds(column))
    }

    /// Whether the tracker names the status for this project or board. Items may be in one that their
    /// board hides, but where there are very many, they are those of a whole site.
    pub(super) fn names(&self, name: &str) -> bool {
        let listed = self.statuses.len() <= OF_ONE_PROJECT;
        let mut statuses = self.statuses.iter();
        (listed && statuses.any(|one| is_same(&one.name, name))) || self.column(name).is_some()
    }

    /// Where the status stands in the tracker's own order; unknown ones come last.
    pub(super) fn place(&self, name: &str) -> usize {
        let place = self
            .statuses
            .iter()
            .position(|one| is_same(&one.name, name));
        place.unwrap_or(usize::MAX)
    }

    /// All statuses named, each once.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        let of_columns = self.columns.iter().flat_map(|column| &column.statuses);
        let named = self.statuses.iter().map(|one| &one.name);
        named.chain(of_columns).map(String::as_str)
    }
}

impl ToldColumn {
    fn add(&mut self, other: Self) {
        for status in other.statuses {
            if !self.statuses.iter().any(|one| is_same(one, &status)) {
                self.statuses.push(status);
            }
        }
        let limits = self.limit.zip(other.limit);
        self.limit = limits.map(|(one, other)| one.saturating_add(other));
    }
}

pub(super) fn is_same(one: &str, other: &str) -> bool {
    one == other || one.to_lowercase() == other.to_lowercase()
}

/// Lets what the tracker says weigh more than what names alone say.
pub(super) fn heed(told: &Told, behaviour: &Behaviour, verdicts: &mut [Verdict]) {
    for verdict in verdicts.iter_mut() {
        by_column(told, verdict);
        if let Some(category) = told.category(&verdict.status) {
            by_category(category, verdict);
        }
    }
    last_column(told, behaviour, verdicts);
}

/// Where the name of a status says nothing, the name of its column may.
fn by_column(told: &Told, verdict: &mut Verdict) {
    if verdict.meaning.is_some() {
        return;
    }
    let Some((_, column)) = told.column(&verdict.status) else {
        return;
    };
    let class = match meaning::of(&column.name) {
        Some(Meaning::Waiting | Meaning::Reopened | Meaning::Review) => Class::Queue,
        Some(Meaning::Backlog) => Class::Backlog,
        Some(Meaning::Done) => Class::Done,
        _ => return,
    };
    verdict.role = Role::Stage(class);
    verdict.meaning = meaning::of(&column.name);
    verdict.why = format!("it stands in the column \"{}\" of the board", column.name);
}

fn by_category(category: Category, verdict: &mut Verdict) {
    let (role, why) = match (category, verdict.role, verdict.meaning) {
        (Category::Cancelled, ..) => (
            Role::Cancelled,
            "the tracker counts it as an end without value",
        ),
        (Category::Finished, role, _) if role != Role::Cancelled => {
            (done(), "the tracker counts it as finished")
        }
        (Category::Ended, _, Some(Meaning::Refused)) => (
            Role::Cancelled,
            "its name means a refusal, and the tracker counts it as an end",
        ),
        (Category::Ended, role, _) if role != Role::Cancelled => {
            (done(), "the tracker counts it as an end")
        }
        (Category::Backlog, Role::Stage(_), _) => (
            Role::Stage(Class::Backlog),
            "the tracker counts it as not taken up yet",
        ),
        (Category::Unstarted, Role::Stage(Class::Done), _)
        | (Category::Unstarted, Role::Stage(Class::Active), None) => (
            Role::Stage(Class::Backlog),
            "the tracker counts it as not begun",
        ),
        (Category::Started | Category::Open, Role::Stage(Class::Done), _) => (
            Role::Stage(Class::Queue),
            "its name means that something is finished, but the tracker counts it as open: it waits for the next step",
        ),
        (Category::Started, Role::Stage(Class::Backlog), _) => {
            (Role::Stage(Class::Active), "the tracker counts it as begun")
        }
        _ => return,
    };
    verdict.settle(role, why);
}

fn done() -> Role {
    Role::Stage(Class::Done)
}

/// Where nothing else is done, the last column of a board is.
fn last_column(told: &Told, behaviour: &Behaviour, verdicts: &mut [Verdict]) {
    let on_board = |one: &&ToldStatus| told.column(&one.name).is_some();
    let mut categorised = told.statuses.iter().filter(on_board);
    if categorised.any(|one| one.category.is_some())
        || verdicts.iter().any(|verdict| verdict.is(Class::Done))
    {
        return;
    }
    let last = told.columns.len().checked_sub(1);
    for (seen, verdict) in behaviour.statuses.iter().zip(verdicts) {
        let column = told.column(&seen.name).map(|(at, _)| at);
        if column.is_some() && column == last && matches!(verdict.role, Role::Stage(_)) {
            verdict.settle(done(), "it stands in the last column of the board");
        }
    }
}
