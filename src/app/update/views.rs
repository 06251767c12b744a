//! Saved views: taking one, saving what is looked at as one.

use super::super::{Effect, Input, Notice, Overlay, Screen, State, View};
use super::{act, palette};

/// Sets what a view says.
pub(super) fn take(state: &mut State, name: &str) -> Vec<Effect> {
    let mut views = state.shelf.views.iter();
    let Some(view) = views.find(|view| view.name == name).cloned() else {
        return Vec::new();
    };
    if let Some(stream) = &view.stream {
        palette::show_stream(state, stream);
    }
    (state.asked.filter, state.asked.question.filter) = view.filter;
    state.asked.question.window = view.window.unwrap_or(state.asked.question.window);
    state.asked.question.clock = view.clock.unwrap_or(state.asked.question.clock);
    state.shelf.view = Some(view.name);
    if let Some(screen) = view.screen.and_then(Screen::shown_by) {
        act::go(state, screen);
    }
    vec![Effect::Measure(state.ask())]
}

/// Asks for the name of what is looked at.
pub(super) fn ask_name(state: &mut State) {
    if state.data.is_some() {
        let input = Input::new(state.shelf.view.as_deref().unwrap_or_default());
        state.overlay = Some(Overlay::ViewName { input });
    }
}

/// Saves what is looked at under the name typed.
pub(super) fn named(state: &mut State, input: &Input) -> Vec<Effect> {
    let name = input.text().trim();
    if name.is_empty() {
        let said = "a view needs a name: nothing was saved";
        state.notice = Some(Notice::Failed(said.to_owned()));
        return Vec::new();
    }
    let view = View::of(state, name);
    vec![Effect::SaveView(Box::new(view))]
}
