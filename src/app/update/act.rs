//! What each action does.

use super::super::{
    Action, Behind, Context, Data, Effect, Input, ItemView, ItemsView, Notice, Overlay, Screen,
    StageEditor, State, TABS, TimesBy, WINDOWS,
};
use super::{
    ahead, by_stage, chart, definition, export, filter, movement, overlay, palette, portfolio,
    ranking, travel, views, walk,
};
use crate::model::id::ItemIx;
use crate::model::stage::ClockRule;
use crate::model::time::WindowSpec;

/// Does what the user asked for.
pub(super) fn act(state: &mut State, action: Action) -> Vec<Effect> {
    if let Some(effects) = walk::walked(state, action) {
        return effects;
    }
    if let Some(effects) = travel::travelled(state, action) {
        return effects;
    }
    match action {
        Action::Quit | Action::Interrupt => return vec![Effect::Quit],
        Action::Suspend => return vec![Effect::Suspend],
        Action::Open => return overlay::accept(state).unwrap_or_else(|| open(state)),
        Action::Back => return overlay::leave(state).unwrap_or_else(|| back(state)),
        Action::Refresh => return vec![Effect::Refresh],
        Action::Mouse => {
            state.terminal.mouse = !state.terminal.mouse;
            return vec![Effect::Mouse(state.terminal.mouse)];
        }
        Action::OpenUrl | Action::CopyKey | Action::CopyUrl => return take_away(state, action),
        Action::Save => return save(state),
        Action::Marks => return vec![Effect::NextMarks],
        Action::NextTheme => return vec![Effect::NextTheme],
        Action::Standup => return walk::show(state),
        Action::Filter => return filter::open(state),
        _ => {}
    }
    if let Some(effects) = filter::moved(state, action) {
        return effects;
    }
    if state.context() == Context::Stages && edit_stages(state, action) {
        return Vec::new();
    }
    match action {
        Action::Window | Action::ShorterWindow | Action::Clock => ask_otherwise(state, action),
        Action::TimeRule => other_time(state),
        Action::PreviousStream | Action::NextStream => other_stream(state, action),
        _ => {
            show(state, action);
            Vec::new()
        }
    }
}

/// Actions that only change what is in view.
fn show(state: &mut State, action: Action) {
    match action {
        Action::Help => definition::help(state),
        Action::Palette => palette::open(state),
        Action::SaveView => views::ask_name(state),
        Action::Streams => {
            state.overlay = Some(Overlay::Streams {
                input: Input::default(),
                row: 0,
            });
        }
        Action::Export => export::open(state),
        Action::NextArtefact => {
            if let Screen::Item(view) = &mut state.screen {
                view.choose_next();
            }
        }
        Action::Time => travel::open(state),
        Action::EditStages => open_editor(state),
        Action::InProgress => open_items(state, Behind::Load),
        Action::Finished => open_finished(state),
        Action::Backlog => chart::toggle_backlog(state),
        Action::Region => chart::toggle_region(state),
        Action::ByStage => by_stage::toggle(state),
        Action::Number => ahead::open_number(state),
        Action::MoreItems | Action::FewerItems => ahead::by_items(state, action),
        Action::MoreSplits | Action::FewerSplits => ahead::by_splits(state, action),
        Action::Farther | Action::Nearer => ahead::by_horizon(state, action),
        Action::NextScreen => other_screen(state, 1),
        Action::PreviousScreen => other_screen(state, TABS.len() - 1),
        _ => match Screen::shown_by(action) {
            Some(screen) => go(state, screen),
            None => movement::moved(state, action),
        },
    }
}

/// Shows a screen that a key leads to.
pub(super) fn go(state: &mut State, screen: Screen) {
    // One travels on, whatever one looks at.
    state.overlay = state.overlay.take().filter(|over| *over == Overlay::Time);
    state.trail.clear();
    state.screen = screen;
    let committed = state.data.as_ref().map(Data::committed);
    let telling = state.data.as_ref().map(Data::telling_stage);
    if matches!(state.screen, Screen::Ageing | Screen::Bottleneck)
        && committed.is_some_and(|stages| !stages.contains(&state.cursor.selected.stage))
        && let Some(telling) = telling
    {
        movement::select_stage(state, telling);
    }
}

/// From what was opened on a screen: the neighbours of that screen.
fn other_screen(state: &mut State, by: usize) {
    let home = state.trail.first().unwrap_or(&state.screen);
    let here = TABS
        .iter()
        .position(|tab| Some(tab.action) == home.action());
    let next = TABS[(here.unwrap_or(0) + by) % TABS.len()];
    if let Some(screen) = Screen::shown_by(next.action) {
        go(state, screen);
    }
}

/// Opens a screen on top of the one in view, which Esc leads back to.
pub(super) fn open_on_top(state: &mut State, screen: Screen) {
    let below = std::mem::replace(&mut state.screen, screen);
    state.trail.push(below);
}

fn open(state: &mut State) -> Vec<Effect> {
    match state.screen {
        Screen::Item(_) | Screen::Sources => Vec::new(),
        Screen::Portfolio => portfolio::open(state),
        Screen::Times if state.cursor.times == TimesBy::Stage => {
            open_items(state, Behind::Through(state.cursor.selected.stage));
            Vec::new()
        }
        Screen::Times if state.cursor.corner.is_some() => {
            if let Some(behind) = chart::region(state) {
                open_items(state, behind);
            }
            Vec::new()
        }
        Screen::Stream | Screen::Ageing | Screen::Times | Screen::Items(_) | Screen::Walk => {
            open_item(state);
            super::remaining_of_opened(state)
        }
        Screen::Flow | Screen::Throughput | Screen::Bottleneck | Screen::Forecast => {
            if let Some(behind) = behind_chart(state) {
                open_items(state, behind);
            }
            Vec::new()
        }
    }
}

/// What stands behind what is looked at.
fn behind_chart(state: &State) -> Option<Behind> {
    match state.screen {
        Screen::Bottleneck => ranking::behind(state),
        Screen::Forecast => ahead::behind(state),
        _ => chart::behind(state),
    }
}

/// Opens the item at hand.
fn open_item(state: &mut State) {
    if let Some(view) = view_at_hand(state) {
        open_on_top(state, Screen::Item(Box::new(view)));
    }
}

/// Shows the item of the row selected on the screen below, in place of the one opened.
pub(super) fn swap_item(state: &mut State, item: ItemIx) {
    let view = state
        .data
        .as_ref()
        .and_then(|data| ItemView::open(data, item));
    if let Some(view) = view {
        state.screen = Screen::Item(Box::new(view));
    }
}

fn view_at_hand(state: &State) -> Option<ItemView> {
    ItemView::open(state.data.as_ref()?, state.item_at_hand()?)
}

/// Opens the items behind a number.
pub(super) fn open_items(state: &mut State, behind: Behind) {
    state.overlay = None;
    if let Some(data) = &state.data {
        let view = ItemsView::open(data, behind);
        open_on_top(state, Screen::Items(Box::new(view)));
    }
}

/// Opens the items finished in the window.
fn open_finished(state: &mut State) {
    if let Some(data) = &state.data {
        let behind = Behind::Finished(data.measures.header.window);
        open_items(state, behind);
    }
}

/// Undoes one thing: the screen, the time machine, the filter.
fn back(state: &mut State) -> Vec<Effect> {
    if state.screen == Screen::Times && state.cursor.corner.take().is_some() {
        return Vec::new();
    }
    if let Some(below) = state.trail.pop() {
        state.screen = below;
        return Vec::new();
    }
    if state.screen != Screen::Stream {
        state.screen = Screen::Stream;
        return Vec::new();
    }
    if state.travel.seen.past.is_some() {
        return travel::go_live(state);
    }
    if state.asked.filter.is_empty() {
        return Vec::new();
    }
    state.asked.filter.clear();
    state.asked.question.filter = crate::model::rule::Rule::Always;
    vec![Effect::Measure(state.ask())]
}

fn take_away(state: &State, action: Action) -> Vec<Effect> {
    let (Some(data), Some(item)) = (&state.data, state.item_at_hand()) else {
        return Vec::new();
    };
    let log = data.snapshot.log();
    let url = log.url(item).map(str::to_owned);
    let effect = match action {
        Action::OpenUrl => url.map(Effect::Open),
        Action::CopyUrl => url.map(Effect::Copy),
        _ => Some(Effect::Copy(log.key(item).to_owned())),
    };
    effect.into_iter().collect()
}

/// Saves the stream; one being edited is taken up first.
fn save(state: &mut State) -> Vec<Effect> {
    let mut effects = match state.overlay {
        Some(Overlay::Stages(_)) => overlay::accept(state).unwrap_or_default(),
        _ => Vec::new(),
    };
    effects.push(Effect::Save);
    effects
}

fn ask_otherwise(state: &mut State, action: Action) -> Vec<Effect> {
    match action {
        Action::Clock => state.asked.question.clock = next_clock(state.asked.question.clock),
        _ => state.asked.question.window = other_window(state.asked.question.window, action),
    }
    vec![Effect::Measure(state.ask())]
}

/// Measures in the other time, where a calendar makes it another.
fn other_time(state: &mut State) -> Vec<Effect> {
    let data = state.data.as_ref();
    if data.is_some_and(|data| data.snapshot.settings().calendar.is_always()) {
        let said = "[calendar] names no working days and hours: all time is working time";
        state.notice = Some(Notice::Failed(said.to_owned()));
        return Vec::new();
    }
    state.asked.question.time = state.asked.question.time.other();
    vec![Effect::Measure(state.ask())]
}

fn next_clock(clock: ClockRule) -> ClockRule {
    let at = ClockRule::ALL.iter().position(|rule| *rule == clock);
    ClockRule::ALL[at.map_or(0, |at| (at + 1) % ClockRule::ALL.len())]
}

fn other_window(window: WindowSpec, action: Action) -> WindowSpec {
    let WindowSpec::LastDays(days) = window else {
        return WindowSpec::default();
    };
    let longer = WINDOWS.iter().find(|one| **one > days);
    let shorter = WINDOWS.iter().rev().find(|one| **one < days);
    let next = match action {
        Action::ShorterWindow => shorter.unwrap_or(&WINDOWS[WINDOWS.len() - 1]),
        _ => longer.unwrap_or(&WINDOWS[0]),
    };
    WindowSpec::LastDays(*next)
}

fn other_stream(state: &mut State, action: Action) -> Vec<Effect> {
    let count = state
        .data
        .as_ref()
        .map_or(0, |data| data.snapshot.streams().len());
    if count < 2 {
        return Vec::new();
    }
    let step = if action == Action::NextStream {
        1
    } else {
        count - 1
    };
    show_stream(state, (state.asked.question.stream + step) % count)
}

/// Shows another stream, by its own clock.
pub(super) fn show_stream(state: &mut State, stream: usize) -> Vec<Effect> {
    let Some(data) = &state.data else {
        return Vec::new();
    };
    if let Some(bound) = data.snapshot.streams().get(stream) {
        state.asked.question.clock = bound.stream().clock;
    }
    state.asked.question.stream = stream;
    vec![Effect::Measure(state.ask())]
}

fn open_editor(state: &mut State) {
    let at = state.asked.question.stream;
    let Some(bound) = state
        .data
        .as_ref()
        .and_then(|data| data.snapshot.streams().get(at))
    else {
        return;
    };
    let editor = StageEditor::new(at, bound.stream(), overlay::unmapped(state));
    state.overlay = Some(Overlay::Stages(Box::new(editor)));
}

fn edit_stages(state: &mut State, action: Action) -> bool {
    let Some(Overlay::Stages(editor)) = &mut state.overlay else {
        return false;
    };
    match action {
        Action::MoveBack | Action::Left => editor.shift(false),
        Action::MoveOn | Action::Right => editor.shift(true),
        Action::CycleClass => editor.cycle_class(),
        Action::CyclePhase => editor.cycle_phase(),
        Action::SplitStatus => editor.split(),
        _ => return false,
    }
    true
}
