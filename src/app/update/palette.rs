//! The palette: opening it, typing into it, doing what is chosen.

use super::super::{
    Edit, Effect, Found, ItemHit, ItemName, ItemView, LEAST_TYPED, Overlay, Palette, Screen, State,
    Target,
};
use super::{act, movement, views};
use crate::model::time::WindowSpec;

/// Opens the palette, unless stages are being changed: they would be lost.
pub(super) fn open(state: &mut State) {
    if !matches!(state.overlay, Some(Overlay::Stages(_))) {
        let palette = Palette::open(state);
        state.overlay = Some(Overlay::Palette(Box::new(palette)));
    }
}

/// Changes the palette that is open with the rest of the state at hand.
fn with(state: &mut State, change: impl FnOnce(&mut Palette, &State)) {
    let mut overlay = state.overlay.take();
    if let Some(Overlay::Palette(palette)) = &mut overlay {
        change(palette, state);
    }
    state.overlay = overlay;
}

/// Takes in what is typed; items are looked for beside.
pub(super) fn edit(state: &mut State, edit: &Edit) -> Vec<Effect> {
    with(state, |palette, state| palette.edit(edit, state));
    wanted(state).into_iter().collect()
}

/// The search for items that fit what is typed.
fn wanted(state: &State) -> Option<Effect> {
    let Some(Overlay::Palette(palette)) = &state.overlay else {
        return None;
    };
    let typed = palette.input.text().trim();
    let of = state.data.as_ref()?.shown();
    (typed.chars().count() >= LEAST_TYPED).then(|| Effect::Search {
        of,
        typed: typed.to_owned(),
    })
}

/// Takes in the items found, if that is still what is typed.
pub(super) fn found(state: &mut State, typed: &str, items: Vec<ItemHit>) {
    with(state, |palette, state| {
        if palette.input.text().trim() == typed {
            palette.take_items(items, state);
        }
    });
}

/// On newer data: finds anew, and opens the item whose stream was waited for.
pub(super) fn renewed(state: &mut State) -> Vec<Effect> {
    with(state, Palette::renew);
    if let Some(name) = state.shelf.opening.take() {
        open_item(state, name);
    }
    wanted(state).into_iter().collect()
}

/// Does what is selected.
pub(super) fn accept(state: &mut State, palette: Palette) -> Vec<Effect> {
    let Some(Found { entry, .. }) = palette.found.into_iter().nth(palette.row) else {
        return Vec::new();
    };
    state.shelf.memory.choose(entry.target.id());
    let mut effects = vec![Effect::Remember];
    effects.extend(choose(state, entry.target));
    effects
}

fn choose(state: &mut State, target: Target) -> Vec<Effect> {
    match target {
        Target::Action(action) => act::act(state, action),
        Target::View(name) => views::take(state, &name),
        Target::Stream(name) => show_stream(state, &name),
        Target::Stage(name) => {
            go_to_stage(state, &name);
            Vec::new()
        }
        Target::Window(days) => {
            state.asked.question.window = WindowSpec::LastDays(days);
            vec![Effect::Measure(state.ask())]
        }
        Target::Clock(rule) => {
            state.asked.question.clock = rule;
            vec![Effect::Measure(state.ask())]
        }
        Target::Theme(name) => vec![Effect::Theme(name)],
        Target::Item(name) => open_item(state, name),
    }
}

/// Shows the stream of a name.
pub(super) fn show_stream(state: &mut State, name: &str) -> Vec<Effect> {
    match stream_named(state, name) {
        Some(at) => act::show_stream(state, at),
        None => Vec::new(),
    }
}

/// The position of the stream of a name.
pub(super) fn stream_named(state: &State, name: &str) -> Option<usize> {
    let streams = state.streams_like("");
    let found = streams.into_iter().find(|(_, one)| one == name)?;
    Some(found.0)
}

fn go_to_stage(state: &mut State, name: &str) {
    let data = state.data.as_ref();
    let stage = data.and_then(|data| {
        let mut stages = data.measures.stages.iter();
        stages.position(|stage| stage.name == name)
    });
    act::go(state, Screen::Stream);
    if let Some(stage) = stage {
        movement::select_stage(state, stage);
    }
}

/// Opens an item over what is in view; of another stream once that is shown.
fn open_item(state: &mut State, name: ItemName) -> Vec<Effect> {
    let Some(data) = &state.data else {
        return Vec::new();
    };
    if data.measures.stream != name.stream {
        let effects = show_stream(state, &name.stream.clone());
        state.shelf.opening = Some(name).filter(|_| !effects.is_empty());
        return effects;
    }
    let item = name.find(&data.snapshot);
    if let Some(view) = item.and_then(|item| ItemView::open(data, item)) {
        act::open_on_top(state, Screen::Item(Box::new(view)));
    }
    Vec::new()
}
