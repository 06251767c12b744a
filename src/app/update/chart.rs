//! Looking around in charts over time.

use super::super::{Action, Backlog, Behind, Effect, Screen, State};
use super::{act, clamp, movement};
use crate::model::time::{Day, Sec, Window};

/// Days of a step.
const WEEK: isize = 7;

/// Moves the cursor of the chart in view; `false` if there is none or the action moves nothing.
pub(super) fn moved(state: &mut State, action: Action) -> bool {
    match state.screen {
        Screen::Flow => in_flow(state, action),
        Screen::Throughput => in_weeks(state, action),
        _ => false,
    }
}

fn in_weeks(state: &mut State, action: Action) -> bool {
    match action {
        Action::Left => by_weeks(state, -1),
        Action::Right => by_weeks(state, 1),
        Action::First => by_weeks(state, isize::MIN),
        Action::Last => by_weeks(state, isize::MAX),
        _ => return false,
    }
    true
}

fn by_weeks(state: &mut State, by: isize) {
    let Some(data) = &state.data else { return };
    let weeks = &data.measures.throughput;
    let here = data.throughput_week(state.cursor);
    let there = clamp(here.saturating_add_signed(by), weeks.len());
    let is_last = there + 1 >= weeks.len();
    let week = weeks.get(there).filter(|_| !is_last);
    // Its last day, so that other charts show the week whole.
    state.cursor.day = week.and_then(|week| Some(week.week.monday()?.plus(6)));
}

fn in_flow(state: &mut State, action: Action) -> bool {
    match action {
        Action::Left => by_days(state, -1),
        Action::Right => by_days(state, 1),
        Action::StepBack => by_days(state, -WEEK),
        Action::StepOn => by_days(state, WEEK),
        Action::First => by_days(state, isize::MIN),
        Action::Last => by_days(state, isize::MAX),
        // The last stage is the lowest band.
        Action::Up => by_bands(state, false),
        Action::Down => by_bands(state, true),
        _ => return false,
    }
    true
}

fn by_days(state: &mut State, by: isize) {
    let Some(data) = &state.data else { return };
    let days = &data.measures.cumulative_flow.days;
    let here = data.flow_day(state.cursor);
    let there = clamp(here.saturating_add_signed(by), days.len());
    let is_last = there + 1 >= days.len();
    state.cursor.day = days.get(there).filter(|_| !is_last).map(|day| day.day);
}

fn by_bands(state: &mut State, down: bool) {
    let Some(data) = &state.data else { return };
    let bands = data.flow_bands(state.cursor.backlog);
    let here = bands.iter().position(|band| *band == state.selected.stage);
    let there = match here {
        Some(here) if down => here.saturating_sub(1),
        Some(here) => clamp(here + 1, bands.len()),
        None => bands.len().saturating_sub(1),
    };
    if let Some(band) = bands.get(there) {
        movement::select_stage(state, *band);
    }
}

/// Looks at a day, and at a stage if one was pointed at; opens its items if both are looked at.
pub(super) fn point_at(state: &mut State, day: Day, stage: Option<usize>) -> Vec<Effect> {
    let before = (state.cursor.day, state.selected.stage);
    let last = state.data.as_ref().and_then(|data| {
        let days = &data.measures.cumulative_flow.days;
        days.last().map(|last| last.day)
    });
    state.cursor.day = Some(day).filter(|day| Some(*day) != last);
    if let Some(stage) = stage {
        movement::select_stage(state, stage);
    }
    if before == (state.cursor.day, state.selected.stage) {
        return act::act(state, Action::Open);
    }
    Vec::new()
}

/// Puts the backlog into the picture, or takes it out.
pub(super) fn toggle_backlog(state: &mut State) {
    state.cursor.backlog = match state.cursor.backlog {
        Backlog::Hidden => Backlog::Shown,
        Backlog::Shown => Backlog::Hidden,
    };
}

/// What stands behind what is looked at.
pub(super) fn behind(state: &State) -> Option<Behind> {
    match state.screen {
        Screen::Throughput => finished_in_week(state),
        _ => behind_flow(state),
    }
}

/// The items finished in the week looked at, as far as the window has it.
fn finished_in_week(state: &State) -> Option<Behind> {
    let data = state.data.as_ref()?;
    let week = data
        .measures
        .throughput
        .get(data.throughput_week(state.cursor))?;
    let monday = week.week.monday()?;
    let zone = data.snapshot.zone();
    let window = data.measures.header.window;
    Some(Behind::Finished(Window {
        from: zone.start_of(monday).max(window.from),
        to: zone.start_of(monday.plus(7)).min(window.to),
    }))
}

/// The items of the selected band on the day looked at.
fn behind_flow(state: &State) -> Option<Behind> {
    let stage = state.selected.stage;
    Some(match end_of_day(state) {
        Some(end) => Behind::StageAt(stage, end),
        None => Behind::Stage(stage),
    })
}

/// The end of the day looked at; `None` if it is the last one, which ends as of now.
pub(super) fn end_of_day(state: &State) -> Option<Sec> {
    let data = state.data.as_ref()?;
    let day = state.cursor.day?;
    Some(data.snapshot.zone().start_of(day.plus(1)))
}
