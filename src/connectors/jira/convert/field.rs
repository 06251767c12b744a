//! A field's values through time, as a fact.

use super::super::super::story::{Tale, Turn, joined};
use super::super::fields::{Field, Shape};
use super::super::names::Names;
use super::super::values::{self, as_fact, called};
use super::super::wire::Issue;
use super::step::Step;

/// The value at the start and every change.
pub(super) fn tell(
    field: &Field,
    issue: &Issue<'_>,
    steps: &[&Step<'_>],
    names: &Names,
    tale: &mut Tale,
) {
    let value = issue.field(&field.id);
    let now = values::now(field, value, names);
    match field.shape {
        Shape::Rank => since_last(field, now, steps, tale),
        Shape::Parts => {
            let now = value.map(values::elements).unwrap_or_default();
            let now = now.iter().filter_map(|side| called(field, side, names));
            let turns = of_parts(field, now.collect(), steps, names);
            let now = values::now(field, value, names);
            tale.course(&field.id, &field.fact, now, &turns);
        }
        _ => {
            let turn = |step: &&Step<'_>| step.turn(|side| values::then(field, side, names));
            let turns: Vec<Turn> = steps.iter().map(turn).collect();
            tale.course(&field.id, &field.fact, now, &turns);
        }
    }
}

/// The value of now holds since the last change; what was before is not told.
fn since_last(field: &Field, now: Option<String>, steps: &[&Step<'_>], tale: &mut Tale) {
    let turns: Vec<Turn> = steps
        .last()
        .map(|step| Turn {
            moment: step.moment(),
            old: None,
            new: now.clone(),
        })
        .into_iter()
        .collect();
    tale.course(&field.id, &field.fact, now, &turns);
}

/// Each change brought or took one value: all values before and after.
fn of_parts(field: &Field, now: Vec<String>, steps: &[&Step<'_>], names: &Names) -> Vec<Turn> {
    let mut held = now;
    let mut turns = Vec::new();
    for step in steps.iter().rev() {
        let told = step.turn(|side| called(field, side, names));
        let new = as_fact(field, joined(held.clone()));
        held.retain(|value| Some(value) != told.new.as_ref());
        held.extend(told.old);
        turns.push(Turn {
            moment: told.moment,
            old: as_fact(field, joined(held.clone())),
            new,
        });
    }
    turns.reverse();
    turns
}
