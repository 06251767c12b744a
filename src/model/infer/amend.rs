//! What a proposal adds to a stream that somebody has set up already.

use super::{Inference, Reason};
use crate::model::rule::{Field, Op, Rule, Test, Value};
use crate::model::stage::Class;
use crate::model::stream::{Stage, StatusPattern, Stream};

/// The stream with the statuses and sources that it lacks, each where the proposal has it, and the
/// reasons of those alone; one without stages gets those of the proposal. Nothing that it says already
/// changes.
pub fn amend(known: &Stream, proposed: &Inference) -> (Stream, Vec<Reason>) {
    let mut amended = known.clone();
    let new = |source| !known.sources.is_empty() && !known.sources.contains(source);
    let sources = proposed.stream.sources.iter().filter(|source| new(source));
    amended.sources.extend(sources.cloned());
    let mut added = Vec::new();
    if known.stages.is_empty() {
        amended.stages = first_stages(known, &proposed.stream.stages);
        let mapped = amended.stages.iter().flat_map(|stage| &stage.statuses);
        added.extend(mapped.map(|status| status.name.clone()));
        added.extend(amended.stages.iter().map(|stage| stage.name.clone()));
    }
    for stage in &proposed.stream.stages {
        let lacking: Vec<StatusPattern> = lacking(&amended, &stage.statuses);
        added.extend(lacking.iter().map(|status| status.name.clone()));
        if !lacking.is_empty() {
            add(&mut amended, stage, lacking);
        }
    }
    let cancelled = lacking(known, &proposed.stream.cancelled);
    added.extend(cancelled.iter().map(|status| status.name.clone()));
    amended.cancelled.extend(cancelled);
    for rule in &proposed.stream.blocked {
        if let Some(status) = status_of(&rule.when)
            && !says(known, status)
        {
            added.push(status.to_owned());
            amended.blocked.push(rule.clone());
        }
    }
    let reasons = proposed.reasons.iter();
    let reasons = reasons.filter(|reason| added.contains(&reason.status));
    (amended, reasons.cloned().collect())
}

impl Inference {
    /// Leaves only what is said of some statuses, and no rules but theirs.
    pub fn retain(&mut self, keep: impl Fn(&str) -> bool) {
        for stage in &mut self.stream.stages {
            stage.statuses.retain(|status| keep(&status.name));
        }
        self.stream.cancelled.retain(|status| keep(&status.name));
        self.stream
            .blocked
            .retain(|rule| status_of(&rule.when).is_some_and(&keep));
        self.reasons.retain(|reason| keep(&reason.status));
    }
}

/// The proposed stages for a stream that has none, without statuses that it cancels.
fn first_stages(known: &Stream, proposed: &[Stage]) -> Vec<Stage> {
    let cancels = |status: &StatusPattern| {
        let mut cancelled = known.cancelled.iter();
        cancelled.any(|one| one.accepts(one.source.as_deref().unwrap_or_default(), &status.name))
    };
    let mut stages = proposed.to_vec();
    stages.retain_mut(|stage| {
        let is_empty = stage.statuses.is_empty();
        stage.statuses.retain(|status| !cancels(status));
        is_empty || !stage.statuses.is_empty()
    });
    stages
}

fn lacking(known: &Stream, statuses: &[StatusPattern]) -> Vec<StatusPattern> {
    let new = statuses.iter().filter(|status| !says(known, &status.name));
    new.cloned().collect()
}

/// Whether a stream says what a status of some source means.
fn says(stream: &Stream, status: &str) -> bool {
    let of_stages = stream.stages.iter().flat_map(|stage| &stage.statuses);
    let mut patterns = of_stages.chain(&stream.cancelled);
    let source = |pattern: &StatusPattern| pattern.source.clone().unwrap_or_default();
    patterns.any(|pattern| pattern.accepts(&source(pattern), status))
        || stream.blocked.iter().any(|rule| names(&rule.when, status))
}

/// Whether a rule asks for a status by its name.
fn names(rule: &Rule, status: &str) -> bool {
    match rule {
        Rule::Always => false,
        Rule::Not(rule) => names(rule, status),
        Rule::All(rules) | Rule::Any(rules) => rules.iter().any(|rule| names(rule, status)),
        Rule::Test(test) => {
            let is = |value: &Value| matches!(value, Value::Text(text) if text.eq_ignore_ascii_case(status));
            test.field == Field::Status && test.values.iter().any(is)
        }
    }
}

fn status_of(rule: &Rule) -> Option<&str> {
    match rule {
        Rule::Test(Test {
            field: Field::Status,
            op: Op::Is,
            values,
        }) => match values.as_slice() {
            [Value::Text(status)] => Some(status),
            _ => None,
        },
        _ => None,
    }
}

/// Puts statuses into the stage of that name, else into a stage of their own: behind the last one
/// that comes no later in the proposal's classes.
fn add(stream: &mut Stream, proposed: &Stage, statuses: Vec<StatusPattern>) {
    let same = |stage: &&mut Stage| stage.name == proposed.name && stage.class == proposed.class;
    if let Some(stage) = stream.stages.iter_mut().find(same) {
        stage.statuses.extend(statuses);
        return;
    }
    let mut stage = proposed.clone();
    stage.statuses = statuses;
    let taken = |name: &str| stream.stages.iter().any(|stage| stage.name == name);
    let mut numbered = (2..).map(|number| format!("{} {number}", proposed.name));
    if taken(&stage.name) {
        stage.name = numbered.find(|name| !taken(name)).unwrap_or_default();
    }
    let before =
        |known: &Stage| (known.phase, group(known.class)) <= (stage.phase, group(stage.class));
    let place = stream.stages.iter().rposition(before);
    stream
        .stages
        .insert(place.map_or(0, |place| place + 1), stage);
    shift_clocks(stream, place.map_or(0, |place| place + 1));
}

/// Clocks keep their stages, which may have moved.
fn shift_clocks(stream: &mut Stream, inserted: usize) {
    for clock in &mut stream.clocks {
        for end in [&mut clock.from, &mut clock.to] {
            if end.index() >= inserted {
                end.0 = end.0.saturating_add(1);
            }
        }
    }
}

fn group(class: Class) -> u8 {
    match class {
        Class::Backlog => 0,
        Class::Queue | Class::Active => 1,
        Class::Done => 2,
    }
}
