//! Moving the selection.

use super::super::{Action, ExportAs, Overlay, Screen, State, matching};
use super::{chart, clamp, definition, portfolio};
use crate::model::id::ItemIx;

/// Moves what is selected in the list or strip in view.
pub(super) fn moved(state: &mut State, action: Action) {
    if state.overlay.is_none() && chart::moved(state, action) {
        return;
    }
    match action {
        Action::Left => sideways(state, false),
        Action::Right => sideways(state, true),
        Action::First => go_to(state, 0),
        Action::Last => go_to(state, usize::MAX),
        Action::Up => step(state, -1),
        Action::Down => step(state, 1),
        Action::HalfUp => leap(state, -page(state) / 2),
        Action::HalfDown => leap(state, page(state) / 2),
        Action::PageUp => leap(state, -page(state)),
        Action::PageDown => leap(state, page(state)),
        _ => {}
    }
}

/// A page through the list, or on the sources through the details of the selected one.
fn leap(state: &mut State, by: isize) {
    if state.overlay.is_some() || state.screen != Screen::Sources {
        return step(state, by);
    }
    let most = details(state);
    let detail = &mut state.cursor.selected.detail;
    *detail = clamp(detail.saturating_add_signed(by), most);
}

/// At most so many lines of details there are.
fn details(state: &State) -> usize {
    let source = state.sources.health.get(state.cursor.selected.source);
    let odd = source.map_or(0, |source| source.oddities.len());
    let inferred = state
        .sources
        .inference
        .iter()
        .map(|one| one.columns.len() + one.stages.len() + 4);
    let quality = state
        .data
        .as_ref()
        .map(|data| data.measures.quality.unmapped_statuses.len());
    odd + inferred.sum::<usize>() + quality.unwrap_or(0) + 20
}

/// Selects a stage and its first row.
pub(super) fn select_stage(state: &mut State, stage: usize) {
    let count = state
        .data
        .as_ref()
        .map_or(0, |data| data.measures.stages.len());
    let stage = clamp(stage, count);
    if stage != state.cursor.selected.stage {
        state.cursor.selected.stage = stage;
        state.cursor.selected.row = 0;
    }
}

/// The selected row of the list in view.
pub(super) fn row(state: &State) -> Option<usize> {
    if let Some(overlay) = &state.overlay {
        return overlay.row();
    }
    Some(match &state.screen {
        Screen::Stream | Screen::Ageing => state.cursor.selected.row,
        Screen::Items(view) => view.row,
        Screen::Item(view) => view.scroll,
        Screen::Walk => state.walk.as_ref()?.place(),
        Screen::Portfolio => state.stream_at_hand()?.0,
        Screen::Sources => state.cursor.selected.source,
        Screen::Flow
        | Screen::Times
        | Screen::Throughput
        | Screen::Bottleneck
        | Screen::Forecast => return None,
    })
}

/// Selects a row of the list in view, or the nearest there is.
pub(super) fn go_to(state: &mut State, wanted: usize) {
    let target = clamp(wanted, rows(state));
    if let Some(overlay) = &mut state.overlay {
        overlay.go_to(target);
        return;
    }
    match &mut state.screen {
        Screen::Stream | Screen::Ageing => state.cursor.selected.row = target,
        Screen::Items(view) => view.row = target,
        Screen::Item(view) => view.scroll = target,
        Screen::Walk => {
            if let Some(walk) = &mut state.walk {
                walk.go_to(target);
            }
        }
        Screen::Portfolio => portfolio::go_to(state, target),
        Screen::Sources => {
            state.cursor.selected.source = target;
            state.cursor.selected.detail = 0;
        }
        _ => {}
    }
}

fn rows(state: &State) -> usize {
    match (&state.overlay, &state.screen) {
        (Some(Overlay::Help { input, .. }), screen) => {
            matching(input.text(), screen.context()).len()
        }
        (Some(Overlay::Streams { input, .. }), _) => state.streams_like(input.text()).len(),
        (Some(Overlay::Export { .. }), _) => ExportAs::ALL.len(),
        (Some(Overlay::Definition { at, .. }), _) => definition::lines(state, *at),
        (Some(Overlay::Palette(palette)), _) => palette.found.len(),
        (Some(Overlay::Stages(editor)), _) => editor.lines().len(),
        (_, Screen::Stream | Screen::Ageing) => {
            let stage = state.cursor.selected.stage;
            state
                .data
                .as_ref()
                .map_or(0, |data| data.queue(stage).len())
        }
        (
            _,
            Screen::Flow
            | Screen::Times
            | Screen::Throughput
            | Screen::Bottleneck
            | Screen::Forecast,
        ) => 0,
        (_, Screen::Items(view)) => view.entries.len(),
        (_, Screen::Item(view)) => view.last_line(),
        (_, Screen::Walk) => state.walk.as_ref().map_or(0, |walk| walk.count() + 2),
        (_, Screen::Portfolio) => portfolio::rows(state),
        (_, Screen::Sources) => state.sources.health.len(),
    }
}

fn step(state: &mut State, by: isize) {
    if let Some(row) = row(state) {
        go_to(state, row.saturating_add_signed(by));
    }
}

/// About what fits on the screen.
fn page(state: &State) -> isize {
    isize::try_from(state.terminal.size.1 / 2)
        .unwrap_or(1)
        .max(2)
}

fn sideways(state: &mut State, right: bool) {
    let next = |at: usize| {
        if right {
            Some(at + 1)
        } else {
            at.checked_sub(1)
        }
    };
    match &state.screen {
        Screen::Stream => {
            if let Some(next) = next(state.cursor.selected.stage) {
                select_stage(state, next);
            }
        }
        Screen::Portfolio => portfolio::sideways(state, right),
        Screen::Item(view) => {
            let item = view.story.item;
            neighbour(state, item, next);
        }
        Screen::Ageing => {
            let stages = state.data.as_ref().map(super::super::Data::committed);
            let stages = stages.unwrap_or_default();
            let here = stages
                .iter()
                .position(|at| *at == state.cursor.selected.stage);
            let there = next(here.unwrap_or(0)).and_then(|at| stages.get(at));
            if let Some(there) = there {
                select_stage(state, *there);
            }
        }
        _ => {}
    }
}

/// Opens the item beside `item` in the list that it was opened from.
fn neighbour(state: &mut State, item: ItemIx, next: impl Fn(usize) -> Option<usize>) {
    let listed = listed_below(state);
    let row = listed.iter().position(|one| *one == item);
    let Some(row) = row.and_then(next).filter(|row| *row < listed.len()) else {
        return;
    };
    match state.trail.last_mut() {
        Some(Screen::Items(view)) => view.row = row,
        _ => state.cursor.selected.row = row,
    }
    super::act::swap_item(state, listed[row]);
}

/// The items of the list below the item opened.
fn listed_below(state: &State) -> Vec<ItemIx> {
    if let Some(Screen::Items(view)) = state.trail.last() {
        return view.entries.iter().map(|entry| entry.item).collect();
    }
    let Some(data) = &state.data else {
        return Vec::new();
    };
    let queue = data.queue(state.cursor.selected.stage);
    (0..queue.len()).filter_map(|row| queue.item(row)).collect()
}
