//! Proposes a stream for a log that nobody has described: the stages from the order in which items
//! move, their classes and phases from names and from what items do in them.

mod amend;
mod behaviour;
mod classes;
mod meaning;
mod order;
mod phases;
mod rules;
mod told;

use super::log::Log;
use super::rule::{Field, Op, Rule, Test, Value};
use super::stage::{Class, Phase};
use super::stream::{BlockedRule, Stage, StatusPattern, Stream};
pub use amend::amend;
use behaviour::Behaviour;
use classes::{Role, Verdict};
pub use rules::{Rules, rules};
pub use told::{Category, Told, ToldColumn, ToldStatus};

/// A proposed stream, and why it is so.
#[derive(Clone, Debug, PartialEq)]
pub struct Inference {
    /// The proposal. It has at least one committed stage.
    pub stream: Stream,
    /// One for each status, those of the stages in their order first.
    pub reasons: Vec<Reason>,
}

/// Why a status was put where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The status.
    pub status: String,
    /// Where it was put: a class and a phase ("queue, create"), "cancelled" or "blocked".
    pub place: String,
    /// Why, in a sentence.
    pub why: String,
}

/// The most stages a stream can have; statuses beyond it, the rarest, stay unmapped.
const STAGES: usize = 200;

/// Proposes a stream named `name` for all sources of a log.
pub fn infer(log: &Log, name: &str) -> Inference {
    infer_told(log, name, &Told::default())
}

/// The same where the tracker itself says something of its statuses: its board gives the stages, its
/// categories weigh more than names, and statuses that nobody was in yet are mapped too.
pub fn infer_told(log: &Log, name: &str, told: &Told) -> Inference {
    let behaviour = Behaviour::of(log, told);
    let verdicts = classes::judge(&behaviour, told);
    let mut stages = order::stages(&behaviour, &verdicts, told);
    stages.truncate(STAGES);
    let phases = phases::assign(&stages.iter().map(|at| &verdicts[*at]).collect::<Vec<_>>());
    let mut inference = Inference {
        stream: empty(log, name),
        reasons: Vec::new(),
    };
    for (at, phase) in stages.iter().zip(phases) {
        inference.add_stage(&verdicts[*at], phase, told);
    }
    for (at, verdict) in verdicts.iter().enumerate() {
        inference.add_aside(verdict);
        if !stages.contains(&at) && told.names(&verdict.status) {
            inference.add_unseen(verdict, &behaviour);
        }
    }
    inference.ensure_committed();
    inference
}

fn empty(log: &Log, name: &str) -> Stream {
    Stream {
        sources: log.sources().to_vec(),
        ..Stream::bare(name)
    }
}

impl Inference {
    /// A stage for a status, or the status into the stage of its column.
    fn add_stage(&mut self, verdict: &Verdict, phase: Phase, told: &Told) {
        let Role::Stage(class) = verdict.role else {
            return;
        };
        self.explain(verdict, format!("{class}, {phase}"));
        let column = told.column(&verdict.status).map(|(_, column)| column);
        let name = column.map_or(&verdict.status, |column| &column.name);
        let stages = &mut self.stream.stages;
        if let Some(last) = stages.last_mut()
            && column.is_some()
            && (&last.name, last.class) == (name, class)
        {
            last.statuses
                .push(StatusPattern::any_source(&verdict.status));
            return;
        }
        let taken = |name: &str| stages.iter().any(|stage| stage.name == name);
        let mut added = stage(&verdict.status, class, phase);
        if let Some(column) = column.filter(|column| !taken(&column.name)) {
            added.name.clone_from(&column.name);
            added.limit = column.limit.filter(|limit| *limit > 0);
        } else if taken(&added.name) {
            let mut numbered = (2..).map(|number| format!("{} {number}", verdict.status));
            added.name = numbered.find(|name| !taken(name)).unwrap_or_default();
        }
        stages.push(added);
    }

    /// A status that the tracker knows and nobody was ever in: with the busiest stage of its class.
    fn add_unseen(&mut self, verdict: &Verdict, behaviour: &Behaviour) {
        let Role::Stage(class) = verdict.role else {
            return;
        };
        let visits = |stage: &&mut Stage| {
            let statuses = stage.statuses.iter();
            statuses
                .map(|status| behaviour.visits(&status.name))
                .sum::<u32>()
        };
        let stages = self.stream.stages.iter_mut();
        let of_class = stages.filter(|stage| stage.class == class);
        let Some(with) = of_class.max_by_key(visits) else {
            return;
        };
        with.statuses
            .push(StatusPattern::any_source(&verdict.status));
        let place = format!("{class}, {}", with.phase);
        let why = format!(
            "{}; no item was in it yet, so it counts as {}",
            verdict.why, with.name
        );
        self.reasons.push(Reason {
            status: verdict.status.clone(),
            place,
            why,
        });
    }

    /// A status that is no stage.
    fn add_aside(&mut self, verdict: &Verdict) {
        match verdict.role {
            Role::Stage(_) => {}
            Role::Cancelled => {
                let pattern = StatusPattern::any_source(&verdict.status);
                self.stream.cancelled.push(pattern);
                self.explain(verdict, "cancelled".to_owned());
            }
            Role::Blocked => {
                self.stream.blocked.push(blocked_by(&verdict.status));
                self.explain(verdict, "blocked".to_owned());
            }
        }
    }

    fn explain(&mut self, verdict: &Verdict, place: String) {
        self.reasons.push(Reason {
            status: verdict.status.clone(),
            place,
            why: verdict.why.clone(),
        });
    }

    /// Puts a stage without statuses before the first done stage if nothing else is committed.
    fn ensure_committed(&mut self) {
        let stages = &mut self.stream.stages;
        if stages.iter().any(|stage| stage.class.is_committed()) {
            return;
        }
        let done = stages.iter().position(|stage| stage.class == Class::Done);
        let mut work = stage("In progress", Class::Active, Phase::Create);
        work.statuses.clear();
        stages.insert(done.unwrap_or(stages.len()), work);
        self.reasons.push(Reason {
            status: "In progress".to_owned(),
            place: format!("{}, {}", Class::Active, Phase::Create),
            why: "no status says that work goes on, so this stage stays empty until you map one"
                .to_owned(),
        });
    }
}

fn stage(status: &str, class: Class, phase: Phase) -> Stage {
    Stage {
        name: status.to_owned(),
        phase,
        class,
        statuses: vec![StatusPattern::any_source(status)],
        owner: None,
        limit: None,
        sle: None,
        stale_after: None,
    }
}

fn blocked_by(status: &str) -> BlockedRule {
    BlockedRule {
        when: Rule::Test(Test {
            field: Field::Status,
            op: Op::Is,
            values: vec![Value::Text(status.to_owned())],
        }),
        reason: Some("status".to_owned()),
    }
}

#[cfg(test)]
mod tests;
