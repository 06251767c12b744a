//! Looking around in charts over time.

use super::super::{Action, Backlog, Behind, Effect, Point, Screen, Spot, State, TimesBy};
use super::{act, ahead, by_stage, clamp, movement, ranking};
use crate::model::time::{DAY_SECS, Day, Sec, Window};

/// Days of a step.
const WEEK: isize = 7;

/// The same for instants.
const WEEK_DAYS: u8 = 7;

/// Moves the cursor of the chart in view; `false` if there is none or the action moves nothing.
pub(super) fn moved(state: &mut State, action: Action) -> bool {
    match state.screen {
        Screen::Flow => in_flow(state, action),
        Screen::Throughput => in_weeks(state, action),
        Screen::Times if state.cursor.times == TimesBy::Stage => by_stage::moved(state, action),
        Screen::Times => among_points(state, action),
        Screen::Bottleneck => ranking::moved(state, action),
        Screen::Forecast => ahead::moved(state, action),
        _ => false,
    }
}

fn among_points(state: &mut State, action: Action) -> bool {
    let Some(data) = &state.data else {
        return false;
    };
    let Some(here) = data.point_index(state.cursor.spot) else {
        return false;
    };
    let points = &data.points;
    let there = match action {
        Action::Left => here.checked_sub(1),
        Action::Right => Some(here + 1),
        Action::StepBack => by_time(points, here, -i64::from(WEEK_DAYS)),
        Action::StepOn => by_time(points, here, WEEK_DAYS.into()),
        Action::Up => by_flow(points, here, true),
        Action::Down => by_flow(points, here, false),
        Action::First => Some(0),
        Action::Last => points.len().checked_sub(1),
        _ => return false,
    };
    if let Some(point) = there.and_then(|there| points.get(there)) {
        state.cursor.spot = Some(point.spot());
    }
    true
}

/// The point so many days further on, or as far as there are any.
fn by_time(points: &[Point], here: usize, days: i64) -> Option<usize> {
    let wanted = points.get(here)?.at.plus(days * DAY_SECS);
    let there = points.partition_point(|point| point.at < wanted);
    Some(clamp(there, points.len()))
}

/// The point with the next longer or shorter flow time, the nearest in time of them.
fn by_flow(points: &[Point], here: usize, longer: bool) -> Option<usize> {
    let from = points.get(here)?;
    let beyond = |point: &Point| {
        if longer {
            point.flow > from.flow
        } else {
            point.flow < from.flow
        }
    };
    let others = points.iter().enumerate().filter(|(_, point)| beyond(point));
    let near = |(_, point): &(usize, &Point)| {
        let rise = point.flow.abs_diff(from.flow);
        let way = point.at.since(from.at).unsigned_abs();
        (rise.saturating_add(way / 4), rise)
    };
    others.min_by_key(near).map(|(at, _)| at)
}

/// Begins a region at the point looked at, or gives it up.
pub(super) fn toggle_region(state: &mut State) {
    let here = state
        .data
        .as_ref()
        .and_then(|data| data.point_at(state.cursor.spot));
    state.cursor.corner = match state.cursor.corner {
        Some(_) => None,
        None => here.map(Point::spot),
    };
}

/// The items of the region.
pub(super) fn region(state: &State) -> Option<Behind> {
    let corner = state.cursor.corner?;
    let here = state.data.as_ref()?.point_at(state.cursor.spot)?.spot();
    let window = Window {
        from: corner.at.min(here.at),
        to: corner.at.max(here.at).plus(1),
    };
    let flows = (corner.flow.min(here.flow), corner.flow.max(here.flow));
    Some(Behind::FlowTime(window, flows))
}

/// Looks at a point; opens its item if it was looked at before.
pub(super) fn point_to(state: &mut State, spot: Spot) -> Vec<Effect> {
    let before = state
        .data
        .as_ref()
        .and_then(|data| data.point_at(state.cursor.spot));
    if before.map(Point::spot) == Some(spot) {
        return act::act(state, Action::Open);
    }
    state.cursor.spot = Some(spot);
    Vec::new()
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
    let here = bands
        .iter()
        .position(|band| *band == state.cursor.selected.stage);
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
    let before = (state.cursor.day, state.cursor.selected.stage);
    let last = state.data.as_ref().and_then(|data| {
        let days = &data.measures.cumulative_flow.days;
        days.last().map(|last| last.day)
    });
    state.cursor.day = Some(day).filter(|day| Some(*day) != last);
    if let Some(stage) = stage {
        movement::select_stage(state, stage);
    }
    if before == (state.cursor.day, state.cursor.selected.stage) {
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
        _ => Some(behind_flow(state)),
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
fn behind_flow(state: &State) -> Behind {
    let stage = state.cursor.selected.stage;
    match end_of_day(state) {
        Some(end) => Behind::StageAt(stage, end),
        None => Behind::Stage(stage),
    }
}

/// The end of the day looked at; `None` if it is the last one, which ends as of now.
pub(super) fn end_of_day(state: &State) -> Option<Sec> {
    let data = state.data.as_ref()?;
    let day = state.cursor.day?;
    Some(data.snapshot.zone().start_of(day.plus(1)))
}
