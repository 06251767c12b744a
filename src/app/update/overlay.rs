//! What lies over the screen: typing into it, accepting it, leaving it.

use super::super::{Edit, Effect, FilterError, FilterLine, Input, Overlay, State, matching};
use super::{act, ahead, definition, export, palette, views, walk};
use crate::model::rule::Rule;
use crate::model::snapshot::Snapshot;
use crate::model::stream::StatusPattern;
use crate::query::unknown_fact;

/// Changes the line being typed.
pub(super) fn edit(state: &mut State, edit: &Edit) -> Vec<Effect> {
    if definition::asked(state, edit) {
        return Vec::new();
    }
    match &mut state.overlay {
        Some(Overlay::Palette(_)) => palette::edit(state, edit),
        Some(Overlay::Say { input, .. } | Overlay::ViewName { input }) => {
            input.edit(edit);
            Vec::new()
        }
        Some(Overlay::Help { input, row } | Overlay::Streams { input, row }) => {
            input.edit(edit);
            *row = 0;
            Vec::new()
        }
        Some(Overlay::Number { input, .. }) => {
            input.edit(&digits_of(edit));
            state.cursor.ahead.asked.items = ahead::items_of(input.text());
            Vec::new()
        }
        Some(Overlay::Filter { line, .. }) => {
            line.input.edit(edit);
            let text = line.input.text().to_owned();
            let parsed = (state.terminal.parse)(&text).and_then(|rule| {
                let known = state.data.as_ref().map(|data| data.snapshot.as_ref());
                known
                    .map_or(Ok(()), |known| there_is(&rule, &text, known))
                    .map(|()| rule)
            });
            line.error = parsed.as_ref().err().cloned();
            match parsed {
                Ok(rule) => filter_by(state, text, rule),
                Err(_) => Vec::new(),
            }
        }
        Some(Overlay::Export { .. }) => export::typed(state, edit),
        Some(Overlay::Definition { .. }) => {
            definition::typed(state, edit);
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// What is typed, of a text only its digits.
fn digits_of(edit: &Edit) -> Edit {
    match edit {
        Edit::Insert(text) => {
            let digits = text.chars().filter(char::is_ascii_digit);
            Edit::Insert(digits.collect())
        }
        other => other.clone(),
    }
}

/// Refuses a filter that asks about what no item has: it would find nothing and say nothing.
pub(super) fn there_is(rule: &Rule, text: &str, snapshot: &Snapshot) -> Result<(), FilterError> {
    if snapshot.log().item_count() == 0 {
        return Ok(());
    }
    let unknown = unknown_fact(rule, text, &snapshot.fact_names());
    unknown.map_or(Ok(()), |error| {
        Err(FilterError {
            what: error.to_string(),
            span: error.span,
        })
    })
}

fn filter_by(state: &mut State, text: String, rule: Rule) -> Vec<Effect> {
    state.filter = text;
    if state.question.filter == rule {
        return Vec::new();
    }
    state.question.filter = rule;
    vec![Effect::Measure(state.ask())]
}

/// Opens the filter line on the filter in force.
pub(super) fn open_filter(state: &mut State) {
    let line = FilterLine {
        input: Input::new(&state.filter),
        error: None,
    };
    let before = (state.filter.clone(), state.question.filter.clone());
    state.overlay = Some(Overlay::Filter { line, before });
}

/// Enter on what lies over the screen. `None` if nothing does.
pub(super) fn accept(state: &mut State) -> Option<Vec<Effect>> {
    match state.overlay.take()? {
        Overlay::Help { input, row } => {
            let found = matching(input.text(), state.screen.context());
            let chosen = found.get(row).map(|info| info.action);
            Some(chosen.map_or_else(Vec::new, |action| act::act(state, action)))
        }
        Overlay::Filter { line, before } => {
            if line.error.is_some() {
                state.overlay = Some(Overlay::Filter { line, before });
            }
            Some(Vec::new())
        }
        Overlay::Say { ask, input } => {
            walk::answered(state, ask, &input);
            Some(Vec::new())
        }
        Overlay::Palette(palette) => Some(palette::accept(state, *palette)),
        Overlay::ViewName { input } => Some(views::named(state, &input)),
        Overlay::Time | Overlay::Number { .. } | Overlay::Definition { .. } => Some(Vec::new()),
        Overlay::Stages(editor) => Some(vec![Effect::SetStream {
            at: editor.at,
            stream: Box::new(editor.stream()),
        }]),
        Overlay::Export { row } => Some(export::accepted(row)),
        Overlay::Streams { input, row } => {
            let found = state.streams_like(input.text());
            Some(match found.get(row) {
                Some((stream, _)) => act::show_stream(state, *stream),
                None => Vec::new(),
            })
        }
    }
}

/// Esc on what lies over the screen. `None` if nothing does.
pub(super) fn leave(state: &mut State) -> Option<Vec<Effect>> {
    match state.overlay.take()? {
        Overlay::Filter {
            before: (text, rule),
            ..
        } => Some(filter_by(state, text, rule)),
        Overlay::Number { before, .. } => {
            state.cursor.ahead.asked.items = before;
            Some(Vec::new())
        }
        Overlay::Time => Some(act::go_live(state)),
        Overlay::Help { .. }
        | Overlay::Stages(_)
        | Overlay::Export { .. }
        | Overlay::Definition { .. }
        | Overlay::Streams { .. }
        | Overlay::Palette(_)
        | Overlay::ViewName { .. }
        | Overlay::Say { .. } => Some(Vec::new()),
    }
}

/// The statuses of the stream's sources that no stage and no rule names.
pub(super) fn unmapped(state: &State) -> Vec<StatusPattern> {
    let Some(data) = &state.data else {
        return Vec::new();
    };
    let names = data.measures.quality.unmapped_statuses.keys();
    names.map(|name| StatusPattern::any_source(name)).collect()
}
