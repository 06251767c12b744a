//! A message changes the state; what only the outside can do comes out as effects.

mod act;
mod ahead;
mod by_stage;
mod chart;
mod definition;
mod export;
mod filter;
mod movement;
mod overlay;
mod palette;
mod portfolio;
mod ranking;
mod travel;
mod views;
mod walk;

use std::sync::Arc;

use crate::metrics::{Measures, Question};
use crate::model::snapshot::Snapshot;
use crate::model::time::Millis;

use super::aside;
use super::settle;
use super::tour;
use super::{Click, Data, Effect, Live, Msg, Notice, Screen, State};

/// As-of follows the clock in steps of so many seconds while nothing else happens.
const FOLLOW_SECS: i64 = 300;

/// Takes in a message.
pub fn update(state: &mut State, msg: Msg) -> Vec<Effect> {
    if tour::went_on(state, &msg) {
        return Vec::new();
    }
    if matches!(msg, Msg::Do(_) | Msg::Type(_) | Msg::Click(_)) {
        settle::end(state);
    }
    let mut effects = take_in(state, msg);
    effects.extend(walk::ended(state));
    effects.extend(aside::wanted(state));
    effects.extend(travel::wanted(state));
    effects
}

fn take_in(state: &mut State, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Do(action) => {
            state.notice = None;
            act::act(state, action)
        }
        Msg::Type(edit) => overlay::edit(state, &edit),
        Msg::Click(click) => clicked(state, click),
        Msg::About(click) => {
            definition::about(state, click);
            Vec::new()
        }
        Msg::News => vec![Effect::Measure(state.ask())],
        Msg::Measured {
            question,
            snapshot,
            measures,
        } => measured(state, question, snapshot, measures),
        Msg::Now(now) => tick(state, now),
        Msg::Frame => travel::frame(state),
        news => {
            take_note(state, news);
            Vec::new()
        }
    }
}

/// Takes in what asks for nothing.
fn take_note(state: &mut State, news: Msg) {
    match news {
        Msg::Remaining {
            version,
            stream,
            header,
            remaining,
        } => {
            let data = state.data.as_mut();
            let fits = |data: &&mut Data| data.answers(version, stream, header);
            if let Some(data) = data.filter(fits) {
                data.remaining = Some(remaining);
            }
        }
        Msg::Standup { data, standup } => walk::begun(state, *data, standup),
        Msg::Second if state.is_walking() => {
            if let Some(walk) = &mut state.walk {
                walk.second();
            }
        }
        Msg::StageTimes { of, times } => aside::stage_times(state, &of, times),
        Msg::StageWeeks { of, weeks } => aside::stage_weeks(state, &of, weeks),
        Msg::Compared {
            of,
            question,
            compared,
        } => aside::compared(state, (&of, question), compared),
        Msg::Pulse(pulse) => state.travel.pulse = Some(pulse),
        Msg::Portfolio { of, portfolio } => aside::portfolio(state, &of, portfolio),
        Msg::Outlook { of, asked, outlook } => aside::outlook(state, (&of, asked), outlook),
        Msg::Found { typed, items } => palette::found(state, &typed, items),
        Msg::Tally(tally) => filter::tallied(state, tally),
        Msg::Health(sources) => {
            state.sources.health = sources;
            state.cursor.selected.source =
                clamp(state.cursor.selected.source, state.sources.health.len());
        }
        Msg::Inferred(inference) => state.sources.inference = inference,
        Msg::Settle(millis) => settle::go_on(state, millis),
        Msg::Animation(animation) => state.terminal.animation = animation,
        Msg::Resized(columns, rows) => state.terminal.size = (columns, rows),
        Msg::Notice(notice) => state.notice = Some(notice),
        Msg::Faded => state.notice = state.notice.take().filter(Notice::stays),
        _ => {}
    }
}

fn clamp(at: usize, count: usize) -> usize {
    at.min(count.saturating_sub(1))
}

fn tick(state: &mut State, now: Millis) -> Vec<Effect> {
    state.travel.seen.now = now;
    let follows = state.travel.seen.live == Live::Now && state.travel.seen.past.is_none();
    let shown = state.data.as_ref().map(Data::as_of);
    let behind = shown.is_some_and(|shown| now.floor_clamped().since(shown) >= FOLLOW_SECS);
    if follows && behind && !state.asked.computing {
        return vec![Effect::Measure(state.ask())];
    }
    Vec::new()
}

fn clicked(state: &mut State, click: Click) -> Vec<Effect> {
    state.notice = None;
    match click {
        Click::Stage(stage) => {
            movement::select_stage(state, stage);
            Vec::new()
        }
        Click::Point(spot) => chart::point_to(state, spot),
        Click::Mark(stage, row) => {
            if (state.cursor.selected.stage, state.cursor.selected.row) == (stage, row) {
                return act::act(state, super::Action::Open);
            }
            movement::select_stage(state, stage);
            movement::go_to(state, row);
            Vec::new()
        }
        Click::Day(day, _) if state.screen == Screen::Forecast => ahead::point_at(state, day),
        Click::Day(day, stage) => chart::point_at(state, day, stage),
        Click::Instant(at) => {
            state.travel.motion = super::Motion::Still;
            travel::go_to(state, at)
        }
        Click::Order(order) => {
            portfolio::order_by(state, order);
            Vec::new()
        }
        Click::Waiting(row) => {
            ranking::open_waiting(state, row);
            Vec::new()
        }
        Click::Row(row) if matches!(state.overlay, Some(super::Overlay::Filter { .. })) => {
            filter::take_offer(state, row)
        }
        Click::Row(row) if movement::row(state) == Some(row) => {
            act::act(state, super::Action::Open)
        }
        Click::Row(row) => {
            movement::go_to(state, row);
            Vec::new()
        }
        Click::Action(action) => act::act(state, action),
    }
}

/// Takes a picture in if it answers what is asked now, or if there is none yet.
fn measured(
    state: &mut State,
    question: Question,
    snapshot: Arc<Snapshot>,
    measures: Option<Arc<Measures>>,
) -> Vec<Effect> {
    let newest = question == state.asked.question;
    let older = |data: &Data| snapshot.version() < data.snapshot.version();
    if (!newest && state.data.is_some()) || state.data.as_ref().is_some_and(older) {
        return Vec::new();
    }
    state.asked.computing = !newest;
    let Some(measures) = measures else {
        return without_stream(state, question.stream);
    };
    let mut data = Data::new(question, snapshot, measures);
    if let Some(before) = &state.data {
        data.asides = before.asides.kept();
    }
    let before = state.data.replace(data);
    match before {
        Some(before) if goes_on(&before, state) => {
            renew(state, &before);
            settle::begin(state, &before);
        }
        _ => start_fresh(state),
    }
    let mut effects = remaining_of_opened(state);
    effects.extend(walk::asked_otherwise(state));
    effects.extend(palette::renewed(state));
    effects
}

/// Asks what is left where an item is open and nobody knows yet.
fn remaining_of_opened(state: &State) -> Vec<Effect> {
    let data = state.data.as_ref().filter(|data| data.remaining.is_none());
    let opened = matches!(state.screen, Screen::Item(_));
    let effect = data.filter(|_| opened).map(|data| Effect::Remaining {
        stream: data.question.stream,
        header: data.measures.header,
    });
    effect.into_iter().collect()
}

/// Whether what was looked at is still there to look at: the same stream, and not an empty history
/// whose first items have just come.
fn goes_on(before: &Data, state: &State) -> bool {
    before.question.stream == state.asked.question.stream && before.snapshot.log().item_count() > 0
}

/// The stream asked for is gone: back to the first.
fn without_stream(state: &mut State, asked: usize) -> Vec<Effect> {
    if asked == 0 {
        state.data = None;
        return Vec::new();
    }
    state.asked.question.stream = 0;
    vec![Effect::Measure(state.ask())]
}

fn start_fresh(state: &mut State) {
    if let Some(data) = &state.data {
        state.cursor.selected.stage = data.telling_stage();
        state.cursor.selected.row = 0;
        // A filter of the command line was read before anybody knew what items have.
        let checked = filter::there_is(
            &state.asked.question.filter,
            &state.asked.filter,
            &data.snapshot,
        );
        if let Err(error) = checked {
            state.notice = Some(Notice::Failed(error.what));
        }
    }
    if matches!(state.screen, Screen::Item(_) | Screen::Items(_)) {
        state.screen = Screen::Stream;
    }
    // A stream that was opened among all leads back to them.
    state.trail.retain(|below| *below == Screen::Portfolio);
}

/// Keeps the selected item selected and the opened one open.
fn renew(state: &mut State, before: &Data) {
    let Some(data) = &state.data else {
        return;
    };
    let selected = &mut state.cursor.selected;
    let name_before = before
        .measures
        .stages
        .get(selected.stage)
        .map(|stage| &stage.name);
    let same_name = |name| {
        data.measures
            .stages
            .iter()
            .position(|stage| &stage.name == name)
    };
    let item = before.queue(selected.stage).item(selected.row);
    selected.stage = clamp(
        name_before.and_then(same_name).unwrap_or(selected.stage),
        data.measures.stages.len(),
    );
    let queue = data.queue(selected.stage);
    let id = item.map(|item| before.snapshot.log().id(item));
    let found = (0..queue.len()).find(|row| {
        let here = queue.item(*row).map(|item| data.snapshot.log().id(item));
        here == id
    });
    selected.row = clamp(found.unwrap_or(selected.row), queue.len());
    let screens = state.trail.drain(..).chain([state.screen.clone()]);
    let mut renewed: Vec<Screen> = screens
        .map_while(|screen| renewed_screen(screen, before, data))
        .collect();
    state.screen = renewed.pop().unwrap_or(Screen::Stream);
    state.trail = renewed;
}

/// A screen on newer data; `None` if what it showed is gone.
fn renewed_screen(screen: Screen, before: &Data, data: &Data) -> Option<Screen> {
    Some(match screen {
        Screen::Item(view) => Screen::Item(Box::new(view.renewed(data)?)),
        Screen::Items(view) => Screen::Items(Box::new(view.renewed(before, data))),
        other => other,
    })
}

#[cfg(test)]
mod tests;
