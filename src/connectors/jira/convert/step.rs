//! The changes of an issue, in order.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use super::super::super::story::{Moment, Tale, Turn};
use super::super::fields::Plan;
use super::super::wire::{History, Item, Side};
use crate::model::time::Millis;

/// One field's change.
#[derive(Debug)]
pub(super) struct Step<'a> {
    at: Millis,
    /// What its history is called.
    name: Cow<'a, str>,
    /// The number of its history.
    number: u64,
    pub(super) item: &'a Item<'a>,
}

impl Step<'_> {
    /// When it was, and what it is called.
    pub(super) fn moment(&self) -> Moment {
        let index = self.item.index;
        let mut id = String::with_capacity(self.name.len() + 3);
        id.push_str(&self.name);
        id.push('.');
        match u32::try_from(index)
            .ok()
            .and_then(|index| char::from_digit(index, 10))
        {
            Some(digit) => id.push(digit),
            None => id.push_str(&index.to_string()),
        }
        Moment::part(id, self.at, self.number, index)
    }

    /// The change, in words.
    pub(super) fn turn(&self, say: impl Fn(&Side<'_>) -> Option<String>) -> Turn {
        Turn {
            moment: self.moment(),
            old: say(&self.item.old),
            new: say(&self.item.new),
        }
    }
}

/// All changes, the earliest first.
pub(super) fn all<'a>(histories: &'a [History<'a>], tale: &mut Tale) -> Vec<Step<'a>> {
    let mut steps = Vec::with_capacity(histories.len());
    let mut met = FxHashSet::default();
    for history in histories {
        let Some(at) = history.at else {
            tale.odd(match &history.id {
                Some(id) => format!("its change {id} does not say when it was made"),
                None => "one of its changes does not say when it was made".to_owned(),
            });
            continue;
        };
        let name = name(history, at);
        // A page may tell again what the one before told.
        if met.insert(name.clone()) {
            steps.extend(steps_of(history, name, at));
        }
    }
    steps.sort_by_key(|step| (step.at, step.number, step.item.index));
    steps
}

fn steps_of<'a>(
    history: &'a History<'a>,
    name: Cow<'a, str>,
    at: Millis,
) -> impl Iterator<Item = Step<'a>> {
    let number = history.id.as_ref().and_then(|id| id.parse().ok());
    history.items.iter().map(move |item| Step {
        at,
        name: name.clone(),
        number: number.unwrap_or_default(),
        item,
    })
}

/// What is the same each time a change is told.
fn name<'a>(history: &'a History<'a>, at: Millis) -> Cow<'a, str> {
    let id = history.id.as_deref().map(Cow::Borrowed);
    id.unwrap_or_else(|| Cow::Owned(format!("at{}", at.0)))
}

/// The changes of each field, in the order of the plan.
pub(super) fn of_fields<'s, 'a>(steps: &'s [Step<'a>], plan: &Plan) -> Vec<Vec<&'s Step<'a>>> {
    let mut of_fields = vec![Vec::new(); plan.fields().len()];
    for step in steps {
        for field in plan.of(step.item) {
            if let Some(of_field) = of_fields.get_mut(field) {
                of_field.push(step);
            }
        }
    }
    of_fields
}
