//! The changes of an issue, in order.

use std::collections::BTreeSet;

use super::super::super::story::{Moment, Tale, Turn};
use super::super::wire::{History, Item, Side};
use crate::model::time::Millis;

/// One field's change.
#[derive(Debug)]
pub(super) struct Step<'a> {
    pub(super) moment: Moment,
    pub(super) item: &'a Item,
}

impl Step<'_> {
    /// The change, in words.
    pub(super) fn turn(&self, say: impl Fn(&Side) -> Option<String>) -> Turn {
        Turn {
            moment: self.moment.clone(),
            old: say(&self.item.old),
            new: say(&self.item.new),
        }
    }
}

/// All changes, the earliest first.
pub(super) fn all<'a>(histories: &'a [History], tale: &mut Tale) -> Vec<Step<'a>> {
    let mut steps = Vec::new();
    let mut met = BTreeSet::new();
    for history in histories {
        match history.at {
            // A page may tell again what the one before told.
            Some(at) if met.insert(name(history, at)) => steps.extend(steps_of(history, at)),
            Some(_) => {}
            None => tale.odd(match &history.id {
                Some(id) => format!("its change {id} does not say when it was made"),
                None => "one of its changes does not say when it was made".to_owned(),
            }),
        }
    }
    steps.sort_by_key(|step| (step.moment.at, step.moment.seq));
    steps
}

fn steps_of(history: &History, at: Millis) -> impl Iterator<Item = Step<'_>> {
    let name = name(history, at);
    let number = history.id.as_ref().and_then(|id| id.parse().ok());
    history.items.iter().map(move |item| Step {
        moment: Moment::part(
            format!("{name}.{}", item.index),
            at,
            number.unwrap_or_default(),
            item.index,
        ),
        item,
    })
}

/// What is the same each time a change is told.
fn name(history: &History, at: Millis) -> String {
    let id = history.id.clone();
    id.unwrap_or_else(|| format!("at{}", at.0))
}
