//! The role of every status: from its name where that says something, else from what items do.

use super::behaviour::{Behaviour, Seen, share};
use super::meaning::{self, Meaning};
use super::told::{self, Told};
use crate::model::stage::Class;

/// What a status is in the proposed stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Stage(Class),
    Cancelled,
    Blocked,
}

/// The role of a status, and why.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Verdict {
    pub(super) status: String,
    pub(super) role: Role,
    pub(super) meaning: Option<Meaning>,
    pub(super) why: String,
}

impl Verdict {
    pub(super) fn is(&self, class: Class) -> bool {
        self.role == Role::Stage(class)
    }

    /// Gives it another role, and why.
    pub(super) fn settle(&mut self, role: Role, why: &str) {
        self.role = role;
        self.explain(why);
    }

    fn explain(&mut self, why: &str) {
        why.clone_into(&mut self.why);
    }
}

/// From this share of final visits on a status is where items end.
const FINAL: f64 = 0.5;
/// From this share on it is so even beside others that are called done.
const SURELY_FINAL: f64 = 0.9;

/// Judges all statuses; what the tracker itself says of them weighs more than their names.
pub(super) fn judge(behaviour: &Behaviour, told: &Told) -> Vec<Verdict> {
    let mut verdicts: Vec<Verdict> = behaviour.statuses.iter().map(by_name).collect();
    reviews(&mut verdicts);
    surely_final(behaviour, &mut verdicts);
    told::heed(told, behaviour, &mut verdicts);
    if !verdicts.iter().any(|verdict| verdict.is(Class::Done)) {
        most_final(behaviour, &mut verdicts);
    }
    if !verdicts.iter().any(|verdict| verdict.is(Class::Backlog)) {
        long_start(behaviour, &mut verdicts);
    }
    some_committed(behaviour, &mut verdicts);
    verdicts
}

fn by_name(seen: &Seen) -> Verdict {
    let meaning = meaning::of(&seen.name);
    let (role, why) = match meaning {
        Some(meaning) => named(meaning, seen),
        None => (
            Role::Stage(Class::Active),
            "its name says neither waiting nor an end, so work is done in it".to_owned(),
        ),
    };
    Verdict {
        status: seen.name.clone(),
        role,
        meaning,
        why,
    }
}

fn named(meaning: Meaning, seen: &Seen) -> (Role, String) {
    let ends = seen.finality() >= FINAL;
    let percent = percent(seen.finality());
    match meaning {
        Meaning::Cancelled => (
            Role::Cancelled,
            "its name means an end without value".to_owned(),
        ),
        Meaning::Refused if ends => (
            Role::Cancelled,
            format!("its name means a refusal, and {percent} of its visits are the item's last"),
        ),
        Meaning::Refused => (
            Role::Stage(Class::Queue),
            "its name means a refusal, but items go on from there: they wait to be taken up again"
                .to_owned(),
        ),
        Meaning::Blocked => (
            Role::Blocked,
            format!(
                "its name means that work is stopped; {} of its visits go back to where they came from",
                self::percent(seen.return_share())
            ),
        ),
        Meaning::Waiting => (
            Role::Stage(Class::Queue),
            "its name means waiting".to_owned(),
        ),
        Meaning::Reopened => (
            Role::Stage(Class::Queue),
            "its name means that the item waits to be taken up again".to_owned(),
        ),
        Meaning::Review => (
            Role::Stage(Class::Queue),
            "items wait there for somebody's look, and no other status says so".to_owned(),
        ),
        Meaning::Done => (
            Role::Stage(Class::Done),
            "its name means finished".to_owned(),
        ),
        Meaning::StepDone if ends => (
            Role::Stage(Class::Done),
            format!("its name means finished, and {percent} of its visits are the item's last"),
        ),
        Meaning::StepDone => (
            Role::Stage(Class::Queue),
            "its name means that a step is finished, but items go on: they wait for the next"
                .to_owned(),
        ),
        Meaning::Backlog => (
            Role::Stage(Class::Backlog),
            "its name means that nobody has committed to it yet".to_owned(),
        ),
        Meaning::Active => (Role::Stage(Class::Active), "its name means work".to_owned()),
    }
}

/// A review with a queue of its own before it is work.
fn reviews(verdicts: &mut [Verdict]) {
    let waits: Vec<String> = verdicts
        .iter()
        .filter(|verdict| verdict.meaning == Some(Meaning::Waiting))
        .map(|verdict| verdict.status.to_lowercase())
        .collect();
    for verdict in verdicts {
        let name = verdict.status.to_lowercase();
        let known = ["review", "approv", "prüf", "revue", "relecture"];
        let kind = known.into_iter().find(|word| name.contains(word));
        let has_queue = kind.is_some_and(|kind| waits.iter().any(|wait| wait.contains(kind)));
        if verdict.meaning == Some(Meaning::Review) && has_queue {
            verdict.role = Role::Stage(Class::Active);
            verdict.explain("another status is the wait for it, so this is the work");
        }
    }
}

/// Statuses whose name says nothing, after which almost nothing ever comes.
fn surely_final(behaviour: &Behaviour, verdicts: &mut [Verdict]) {
    for (seen, verdict) in behaviour.statuses.iter().zip(verdicts) {
        let often = seen.ends >= 10 && share(seen.ends, behaviour.items) >= 0.01;
        let late = seen.place() > 0.5 && seen.starts * 2 < seen.ends;
        if verdict.meaning.is_none() && often && late && seen.finality() >= SURELY_FINAL {
            verdict.role = Role::Stage(Class::Done);
            verdict.why = final_why(seen);
        }
    }
}

/// Where no name means done: the statuses in which items end.
fn most_final(behaviour: &Behaviour, verdicts: &mut [Verdict]) {
    let may_end = |verdict: &Verdict| {
        let holds = matches!(
            verdict.meaning,
            Some(Meaning::Backlog | Meaning::Blocked | Meaning::Active)
        );
        !holds && verdict.role != Role::Cancelled
    };
    let seen = behaviour.statuses.iter().enumerate();
    let ending = seen.filter(|(at, seen)| {
        let passes_through = behaviour.statuses.len() > 1 && seen.place() == 0.0;
        may_end(&verdicts[*at]) && seen.finality() >= FINAL && !passes_through
    });
    let ending: Vec<(usize, &Seen)> = ending.collect();
    let most = ending.iter().map(|(_, seen)| seen.ends).max().unwrap_or(0);
    for (at, seen) in ending {
        if seen.ends * 10 >= most {
            verdicts[at].role = Role::Stage(Class::Done);
            verdicts[at].why = final_why(seen);
        }
    }
}

fn final_why(seen: &Seen) -> String {
    format!(
        "{} of its visits are the item's last: items end there",
        percent(seen.finality())
    )
}

/// Where no name means backlog: the status in which most items start and spend most of their time.
fn long_start(behaviour: &Behaviour, verdicts: &mut [Verdict]) {
    let total: i64 = behaviour.statuses.iter().map(|seen| seen.seconds).sum();
    for (seen, verdict) in behaviour.statuses.iter().zip(verdicts) {
        let starts = share(seen.starts, behaviour.items) >= 0.5;
        let once = seen.visits <= seen.starts + seen.starts / 5;
        let plain = verdict.meaning.is_none() && verdict.is(Class::Active);
        if plain && starts && once && total > 0 && seen.seconds * 2 >= total {
            verdict.role = Role::Stage(Class::Backlog);
            verdict.explain(
                "most items start there and spend more than half of their time in it before \
                 anything happens",
            );
        }
    }
}

/// Where nothing would be committed: the last status before the end is where work is done.
fn some_committed(behaviour: &Behaviour, verdicts: &mut [Verdict]) {
    let committed = |verdict: &Verdict| verdict.is(Class::Queue) || verdict.is(Class::Active);
    if verdicts.iter().any(committed) {
        return;
    }
    let candidates = (0..verdicts.len()).filter(|at| verdicts[*at].is(Class::Backlog));
    let place = |at: &usize| behaviour.statuses[*at].place();
    let last = candidates.max_by(|a, b| place(a).total_cmp(&place(b)));
    if let Some(at) = last {
        verdicts[at].role = Role::Stage(Class::Active);
        verdicts[at]
            .explain("no other status lies between the start and the end, so work is done in it");
    }
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}
