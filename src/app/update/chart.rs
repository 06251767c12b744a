//! Looking around in charts over time.

use super::super::{Action, Backlog, Behind, Effect, Screen, State};
use super::{act, clamp, movement};
use crate::model::time::{Day, Sec};

/// Days of a step.
const WEEK: isize = 7;

/// Moves the cursor of the chart in view; `false` if there is none or the action moves nothing.
pub(super) fn moved(state: &mut State, action: Action) -> bool {
    if state.screen != Screen::Flow {
        return false;
    }
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

/// The items of the selected band on the day looked at.
pub(super) fn behind_flow(state: &State) -> Option<Behind> {
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
