//! What lies over the screen: typing into it, accepting it, leaving it.

use super::super::{Edit, Effect, Motion, Overlay, State, matching};
use super::{act, ahead, definition, export, filter, palette, travel, views, walk};
use crate::model::stream::StatusPattern;

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
        Some(Overlay::Date { input, wrong }) => {
            input.edit(edit);
            *wrong = None;
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
        Some(Overlay::Filter { .. }) => filter::edit(state, edit),
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
                return Some(Vec::new());
            }
            Some(filter::kept(state, line.input.text()))
        }
        Overlay::Say { ask, input } => {
            walk::answered(state, ask, &input);
            Some(Vec::new())
        }
        Overlay::Time => {
            state.travel.motion = Motion::Still;
            Some(Vec::new())
        }
        Overlay::Date { input, .. } => Some(travel::typed(state, input)),
        Overlay::Number { .. } | Overlay::Definition { .. } => Some(Vec::new()),
        Overlay::Palette(palette) => Some(palette::accept(state, *palette)),
        Overlay::ViewName { input } => Some(views::named(state, &input)),
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
        } => Some(filter::by(state, text, rule)),
        Overlay::Number { before, .. } => {
            state.cursor.ahead.asked.items = before;
            Some(Vec::new())
        }
        Overlay::Time => Some(travel::go_live(state)),
        Overlay::Date { .. } => {
            state.overlay = Some(Overlay::Time);
            Some(Vec::new())
        }
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
