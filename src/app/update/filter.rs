//! The filter line: typing into it, completing, going back to filters typed before.

use super::super::{
    Action, Edit, Effect, FilterError, FilterLine, Input, Overlay, State, Tally, complete,
};
use crate::model::rule::Rule;
use crate::model::snapshot::Snapshot;
use crate::query::unknown_name;

/// Opens the filter line on the filter in force.
pub(super) fn open(state: &mut State) -> Vec<Effect> {
    let line = Box::new(FilterLine {
        input: Input::new(&state.asked.filter),
        ..FilterLine::default()
    });
    let before = (
        state.asked.filter.clone(),
        state.asked.question.filter.clone(),
    );
    state.overlay = Some(Overlay::Filter { line, before });
    offer(state)
}

/// Takes in what is typed; the right arrow behind everything takes the completion that is marked.
pub(super) fn edit(state: &mut State, edit: &Edit) -> Vec<Effect> {
    let Some(line) = line(state) else {
        return Vec::new();
    };
    if *edit == Edit::Right && line.input.is_at_end() {
        let marked = line.offers.marked;
        return take_offer(state, marked);
    }
    line.input.edit(edit);
    line.past = None;
    changed(state)
}

fn line(state: &mut State) -> Option<&mut FilterLine> {
    match &mut state.overlay {
        Some(Overlay::Filter { line, .. }) => Some(line),
        _ => None,
    }
}

/// Filters by what stands in the line now, if it is a filter.
fn changed(state: &mut State) -> Vec<Effect> {
    let Some(line) = line(state) else {
        return Vec::new();
    };
    let text = line.input.text().to_owned();
    let parsed = read(state, &text);
    if let Some(line) = self::line(state) {
        line.error = parsed.as_ref().err().cloned();
    }
    let mut effects = parsed.map_or_else(|_| Vec::new(), |rule| by(state, text, rule));
    effects.extend(offer(state));
    effects
}

fn read(state: &State, text: &str) -> Result<Rule, FilterError> {
    let rule = (state.terminal.parse)(text)?;
    match &state.data {
        Some(data) => there_is(&rule, text, &data.snapshot).map(|()| rule),
        None => Ok(rule),
    }
}

/// Refuses a filter that asks about what is not there: it would find nothing and say nothing.
pub(super) fn there_is(rule: &Rule, text: &str, snapshot: &Snapshot) -> Result<(), FilterError> {
    let unknown = unknown_name(rule, text, snapshot);
    unknown.map_or(Ok(()), |error| {
        Err(FilterError {
            what: error.to_string(),
            span: error.span,
        })
    })
}

/// Filters by a rule.
pub(super) fn by(state: &mut State, text: String, rule: Rule) -> Vec<Effect> {
    state.asked.filter = text;
    if state.asked.question.filter == rule {
        return Vec::new();
    }
    state.asked.question.filter = rule;
    vec![Effect::Measure(state.ask())]
}

/// The filter is kept: it is remembered.
pub(super) fn kept(state: &mut State, text: &str) -> Vec<Effect> {
    if text.trim().is_empty() {
        return Vec::new();
    }
    state.shelf.memory.filter(text);
    vec![Effect::Remember]
}

/// Works out what the line could go on with; asks for what is not counted yet.
fn offer(state: &mut State) -> Vec<Effect> {
    let Some(Overlay::Filter { line, .. }) = &state.overlay else {
        return Vec::new();
    };
    let before = line.input.before_cursor();
    let (offers, unknown) = complete::offers(state, before, &line.tallies);
    let data = state.data.as_ref();
    let effect = data.zip(unknown).map(|(data, field)| Effect::Tally {
        of: data.shown(),
        question: data.question.clone(),
        field,
    });
    if let Some(line) = self::line(state) {
        line.offers = offers;
        if let Some(Effect::Tally { field, .. }) = &effect {
            // What is asked for once need not be asked for at every key.
            let values = Vec::new();
            let field = field.clone();
            line.tallies.push(Tally { field, values });
        }
    }
    effect.into_iter().collect()
}

/// Takes in counted values.
pub(super) fn tallied(state: &mut State, tally: Tally) {
    if let Some(line) = line(state) {
        line.tallies.retain(|known| known.field != tally.field);
        line.tallies.push(tally);
        let marked = line.offers.marked;
        offer(state);
        if let Some(line) = self::line(state) {
            line.offers.marked = marked.min(line.offers.list.len().saturating_sub(1));
        }
    }
}

/// Takes the completion at a place of the list.
pub(super) fn take_offer(state: &mut State, at: usize) -> Vec<Effect> {
    let Some(line) = line(state) else {
        return Vec::new();
    };
    let Some(offer) = line.offers.list.get(at) else {
        return Vec::new();
    };
    let insert = offer.insert.clone();
    line.input.replace(line.offers.replace.clone(), &insert);
    line.past = None;
    changed(state)
}

/// What keys do in the filter line beside typing; `None` if it is not open, or nothing.
pub(super) fn moved(state: &mut State, action: Action) -> Option<Vec<Effect>> {
    let known = state.shelf.memory.filters.len();
    let line = line(state)?;
    let marked = line.offers.marked;
    match action {
        Action::Complete => Some(take_offer(state, marked)),
        Action::NextOffer => {
            line.offers.marked = (marked + 1) % line.offers.list.len().max(1);
            Some(Vec::new())
        }
        Action::Up => {
            let next = line.past.as_ref().map_or(0, |(at, _)| at + 1);
            Some(if next < known {
                go_back(state, next)
            } else {
                Vec::new()
            })
        }
        Action::Down => Some(go_on(state)),
        _ => None,
    }
}

/// Shows a filter typed before.
fn go_back(state: &mut State, at: usize) -> Vec<Effect> {
    let text = state.shelf.memory.filters[at].clone();
    let Some(line) = line(state) else {
        return Vec::new();
    };
    let typed = line.past.take().map(|(_, typed)| typed);
    let typed = typed.unwrap_or_else(|| line.input.text().to_owned());
    line.past = Some((at, typed));
    line.input = Input::new(&text);
    changed(state)
}

/// The filter typed after the one that stands here; at last what was being typed.
fn go_on(state: &mut State) -> Vec<Effect> {
    let Some((at, typed)) = line(state).and_then(|line| line.past.take()) else {
        return Vec::new();
    };
    let later = at.checked_sub(1);
    let text = later.map(|at| state.shelf.memory.filters[at].clone());
    if let Some(line) = line(state) {
        line.input = Input::new(text.as_deref().unwrap_or(&typed));
        line.past = later.map(|at| (at, typed));
    }
    changed(state)
}

#[cfg(test)]
mod tests;
