//! Moving the instant that everything is seen from.

use std::sync::Arc;

use super::super::aside::Held;
use super::super::{
    Action, Answer, Beside, Effect, Input, Live, Motion, Overlay, Seen, State, instant_of,
};
use super::chart;
use crate::metrics::Question;
use crate::model::time::{DAY_SECS, Sec};

/// Further back than any history, in days.
const A_CENTURY: i64 = 36_525;

const HOUR: i64 = DAY_SECS / 24;

/// Does what the time machine can; `None` if it is not its affair.
pub(super) fn travelled(state: &mut State, action: Action) -> Option<Vec<Effect>> {
    let by = match action {
        Action::EarlierHour => -HOUR,
        Action::LaterHour => HOUR,
        Action::EarlierDay => -DAY_SECS,
        Action::LaterDay => DAY_SECS,
        Action::EarlierWeek => -7 * DAY_SECS,
        Action::LaterWeek => 7 * DAY_SECS,
        Action::EarlierMonth => -30 * DAY_SECS,
        Action::LaterMonth => 30 * DAY_SECS,
        Action::Beginning => -A_CENTURY * DAY_SECS,
        Action::Live => return Some(go_live(state)),
        Action::AsOfHere => return Some(see_as_of(state)),
        Action::Play => return Some(play(state)),
        Action::Faster | Action::Slower => {
            state.travel.pace = state.travel.pace.other(action == Action::Faster);
            return Some(Vec::new());
        }
        Action::Compare => {
            compare(state);
            return Some(Vec::new());
        }
        Action::TypeDate => {
            type_date(state);
            return Some(Vec::new());
        }
        _ => return None,
    };
    state.travel.motion = Motion::Still;
    Some(by_seconds(state, by))
}

/// Opens the time machine.
pub(super) fn open(state: &mut State) {
    if state.data.is_some() {
        state.overlay = Some(Overlay::Time);
    }
}

fn by_seconds(state: &mut State, seconds: i64) -> Vec<Effect> {
    let Some(latest) = latest(state) else {
        return Vec::new();
    };
    let from = state.travel.seen.past.unwrap_or(latest);
    go_to(state, from.plus(seconds))
}

/// Sees everything as of an instant; beyond now is now, before the first event is the first event.
pub(super) fn go_to(state: &mut State, target: Sec) -> Vec<Effect> {
    let Some((data, latest)) = state.data.as_ref().zip(latest(state)) else {
        return Vec::new();
    };
    let first = data.snapshot.log().earliest_event().unwrap_or(Sec(0));
    let target = target.max(first.plus(1));
    let past = (target < latest).then_some(target);
    if past == state.travel.seen.past {
        return Vec::new();
    }
    state.travel.seen.past = past;
    vec![Effect::Measure(state.ask())]
}

/// The instant that is now for this data.
fn latest(state: &State) -> Option<Sec> {
    let data = state.data.as_ref()?;
    Some(match state.travel.seen.live {
        Live::Now => state.travel.seen.now.floor_clamped(),
        Live::EndOfEvents => data.snapshot.end_of_events(),
    })
}

/// Sees everything as of the end of the day looked at.
fn see_as_of(state: &mut State) -> Vec<Effect> {
    match chart::end_of_day(state) {
        Some(end) => go_to(state, end),
        None => Vec::new(),
    }
}

/// Leaves the past.
pub(super) fn go_live(state: &mut State) -> Vec<Effect> {
    if state.overlay == Some(Overlay::Time) {
        state.overlay = None;
    }
    state.travel.motion = Motion::Still;
    match state.travel.seen.past.take() {
        Some(_) => vec![Effect::Measure(state.ask())],
        None => Vec::new(),
    }
}

/// Lets time pass, from the begin of the window if it is now, or stops it.
fn play(state: &mut State) -> Vec<Effect> {
    if state.travel.motion == Motion::Playing {
        state.travel.motion = Motion::Still;
        return Vec::new();
    }
    state.travel.motion = Motion::Playing;
    let begin = state
        .data
        .as_ref()
        .map(|data| data.measures.header.window.from);
    match begin.filter(|_| state.travel.seen.past.is_none()) {
        Some(begin) => go_to(state, begin),
        None => Vec::new(),
    }
}

/// Puts time on while it passes; waits for a picture that is being made. Stops at now.
pub(super) fn frame(state: &mut State) -> Vec<Effect> {
    if state.travel.motion == Motion::Still || state.asked.computing {
        return Vec::new();
    }
    let step = state.travel.pace.step(state.terminal.animation);
    let effects = by_seconds(state, step);
    if state.travel.seen.past.is_none() {
        state.travel.motion = Motion::Still;
    }
    effects
}

/// Holds the past beside now, or not.
fn compare(state: &mut State) {
    state.travel.beside = match state.travel.beside {
        Beside::Nothing => Beside::Now,
        Beside::Now => Beside::Nothing,
    };
}

fn type_date(state: &mut State) {
    state.travel.motion = Motion::Still;
    state.overlay = Some(Overlay::Date {
        input: Input::default(),
        wrong: None,
    });
}

/// Goes to the typed date; what is no date stays to be mended.
pub(super) fn typed(state: &mut State, input: Input) -> Vec<Effect> {
    let Some((data, latest)) = state.data.as_ref().zip(latest(state)) else {
        return Vec::new();
    };
    match instant_of(input.text(), latest, data.snapshot.zone()) {
        Ok(at) => {
            state.overlay = Some(Overlay::Time);
            go_to(state, at)
        }
        Err(wrong) => {
            let wrong = Some(wrong.to_string());
            state.overlay = Some(Overlay::Date { input, wrong });
            Vec::new()
        }
    }
}

/// What travelling needs and nobody has asked for yet.
pub(super) fn wanted(state: &mut State) -> Vec<Effect> {
    let pulse = pulse_wanted(state);
    pulse.into_iter().chain(comparison_wanted(state)).collect()
}

fn pulse_wanted(state: &mut State) -> Option<Effect> {
    let data = state.data.as_ref()?;
    let version = Some(data.snapshot.version());
    let opened = matches!(state.overlay, Some(Overlay::Time));
    // While trackers move on the bar may be a little behind; it is made anew when it is opened.
    let known = state.travel.pulse_asked == version || state.travel.motion == Motion::Playing;
    if !opened || known {
        return None;
    }
    state.travel.pulse_asked = version;
    Some(Effect::Pulse(data.shown()))
}

fn comparison_wanted(state: &mut State) -> Option<Effect> {
    let latest = latest(state)?;
    let seen = Seen {
        past: None,
        ..state.travel.seen
    };
    let is_past = state.travel.seen.past.is_some() && state.travel.beside == Beside::Now;
    let data = state.data.as_mut()?;
    if !is_past {
        data.asides.compared = None;
        data.asides.compared_asked = false;
        return None;
    }
    if std::mem::replace(&mut data.asides.compared_asked, true) {
        return None;
    }
    let now = Question {
        as_of: seen.as_of(),
        ..data.question.clone()
    };
    let held = data.asides.compared.as_ref();
    let held = held.filter(|held| held.version == data.snapshot.version());
    let known = held.filter(|held| serves(held, &now, latest));
    Some(Effect::Compare {
        of: data.shown(),
        question: known.map_or(now, |held| held.question.clone()),
        known: known.map(|held| Answer(Arc::clone(&held.compared.now))),
    })
}

/// Whether an earlier picture of now is still that of now.
fn serves(held: &Held, now: &Question, latest: Sec) -> bool {
    let asked = Question {
        as_of: held.question.as_of,
        ..now.clone()
    };
    let age = latest.since(held.compared.now.header.as_of);
    asked == held.question && age < super::FOLLOW_SECS
}

#[cfg(test)]
mod tests;
