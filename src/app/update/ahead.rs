//! Looking around in the days ahead, and asking for other ones.

use super::super::{Action, Behind, Data, Effect, Input, Overlay, State};
use super::act;
use crate::model::time::Day;
use crate::simulate::forecast::{HORIZONS, Outlook};

/// Days of a step up or down.
const WEEK: isize = 7;

/// The most items that can be asked for.
const MOST: u32 = 99_999;

/// A step of the new items that a finished one brings, per cent, and the most there can be.
const SPLIT_STEP: f64 = 10.0;
const MOST_SPLITS: f64 = 90.0;

/// Moves the day looked at; `false` if the action moves nothing.
pub(super) fn moved(state: &mut State, action: Action) -> bool {
    let by = match action {
        Action::Left => -1,
        Action::Right => 1,
        Action::Up | Action::StepBack => -WEEK,
        Action::Down | Action::StepOn => WEEK,
        Action::First => isize::MIN,
        Action::Last => isize::MAX,
        _ => return false,
    };
    by_days(state, by);
    true
}

fn by_days(state: &mut State, by: isize) {
    let here = state.day_ahead();
    let outlook = state.data.as_ref().and_then(Data::outlook);
    let Some((outlook, here)) = outlook.zip(here) else {
        return;
    };
    let there = super::clamp(here.saturating_add_signed(by), outlook.days.len());
    state.cursor.ahead.day = outlook.days.get(there).map(|day| day.day);
}

/// Looks at a day; opens what the forecast is about if it was looked at before.
pub(super) fn point_at(state: &mut State, day: Day) -> Vec<Effect> {
    if state.cursor.ahead.day == Some(day) {
        return act::act(state, Action::Open);
    }
    state.cursor.ahead.day = Some(day);
    Vec::new()
}

/// The items that the forecast is about.
pub(super) fn behind(state: &State) -> Option<Behind> {
    state.data.as_ref().map(|_| Behind::Load)
}

/// Asks for one item more or less.
pub(super) fn by_items(state: &mut State, action: Action) {
    let outlook = state.data.as_ref().and_then(Data::outlook);
    let Some(now) = state
        .cursor
        .ahead
        .asked
        .items
        .or(outlook.map(Outlook::items))
    else {
        return;
    };
    let next = match action {
        Action::FewerItems => now.saturating_sub(1),
        _ => now.saturating_add(1),
    };
    state.cursor.ahead.asked.items = Some(next.clamp(1, MOST));
}

/// Supposes that a finished item brings a tenth of a new one more or less.
pub(super) fn by_splits(state: &mut State, action: Action) {
    let Some(data) = &state.data else { return };
    let configured = data.snapshot.settings().forecast.split_rate;
    let asked = state.cursor.ahead.asked.split;
    let now = asked.map_or(configured * 100.0, f64::from);
    let next = match action {
        Action::FewerSplits => now - SPLIT_STEP,
        _ => now + SPLIT_STEP,
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "held between 0 and 90"
    )]
    let next = next.clamp(0.0, MOST_SPLITS).round() as u8;
    state.cursor.ahead.asked.split = Some(next);
}

/// Looks farther or less far.
pub(super) fn by_horizon(state: &mut State, action: Action) {
    let Some(outlook) = state.data.as_ref().and_then(Data::outlook) else {
        return;
    };
    let here = outlook.weeks;
    let next = match action {
        Action::Nearer => HORIZONS.iter().rev().find(|weeks| **weeks < here),
        _ => HORIZONS.iter().find(|weeks| **weeks > here),
    };
    if let Some(next) = next {
        state.cursor.ahead.asked.weeks = Some(*next);
    }
}

/// Opens the line that a number of items is typed into.
pub(super) fn open_number(state: &mut State) {
    state.overlay = Some(Overlay::Number {
        input: Input::default(),
        before: state.cursor.ahead.asked.items,
    });
}

/// What the digits that are typed ask for: nothing typed asks for what is in progress.
pub(super) fn items_of(digits: &str) -> Option<u32> {
    let typed = (!digits.is_empty()).then(|| digits.parse().unwrap_or(MOST));
    typed.map(|items: u32| items.clamp(1, MOST))
}
