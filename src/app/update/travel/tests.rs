use std::sync::Arc;

use crate::app::fixture::{NOW, answered, reckoned, world};
use crate::app::{
    Action, Animation, Beside, Click, Edit, Effect, Motion, Msg, Overlay, Pace, Screen, State,
    update,
};
use crate::metrics::{AsOf, Question, measure};
use crate::model::time::{DAY_SECS, Sec};

/// Sends a message and answers whatever it asks for.
fn tell(state: &mut State, msg: Msg) {
    let snapshot = Arc::clone(&state.data.as_ref().unwrap().snapshot);
    let effects = update(state, msg);
    reckoned(state, &effects);
    if effects
        .iter()
        .any(|effect| matches!(effect, Effect::Measure(_)))
    {
        answered(state, &snapshot);
    }
}

fn act(state: &mut State, actions: &[Action]) {
    for action in actions {
        tell(state, Msg::Do(*action));
    }
}

fn now() -> Sec {
    NOW.floor_clamped()
}

fn days_back(state: &State) -> Option<i64> {
    state
        .travel
        .seen
        .past
        .map(|past| now().since(past) / DAY_SECS)
}

#[test]
fn hours_days_weeks_and_months_are_a_key_each() {
    let mut state = world((120, 40));
    act(&mut state, &[Action::Time, Action::EarlierHour]);
    assert_eq!(state.travel.seen.past, Some(now().plus(-3_600)));
    act(&mut state, &[Action::LaterHour]);
    assert_eq!(state.travel.seen.past, None);
    act(
        &mut state,
        &[
            Action::EarlierMonth,
            Action::EarlierWeek,
            Action::EarlierDay,
        ],
    );
    assert_eq!(days_back(&state), Some(38));
    assert_eq!(
        state.data.as_ref().unwrap().as_of(),
        state.travel.seen.past.unwrap()
    );
}

#[test]
fn time_plays_from_the_begin_of_the_window_to_now_and_stops() {
    let mut state = world((120, 40));
    tell(&mut state, Msg::Animation(Animation::On));
    act(
        &mut state,
        &[Action::Time, Action::Play, Action::Faster, Action::Faster],
    );
    assert_eq!(
        (state.travel.motion, state.travel.pace),
        (Motion::Playing, Pace::Month)
    );
    assert_eq!(days_back(&state), Some(90));
    tell(&mut state, Msg::Frame);
    assert_eq!(days_back(&state), Some(84), "a fifth of thirty days");
    tell(&mut state, Msg::Animation(Animation::Off));
    tell(&mut state, Msg::Frame);
    assert_eq!(days_back(&state), Some(54), "thirty days at once");
    act(&mut state, &[Action::Flow]);
    assert_eq!(
        (&state.screen, &state.overlay),
        (&Screen::Flow, &Some(Overlay::Time))
    );
    for _ in 0..20 {
        tell(&mut state, Msg::Frame);
    }
    assert_eq!(
        (state.travel.seen.past, state.travel.motion),
        (None, Motion::Still)
    );
    let effects = update(&mut state, Msg::Frame);
    assert_eq!(effects, [], "nothing passes any more");
}

#[test]
fn time_waits_for_the_picture_that_is_being_made() {
    let mut state = world((120, 40));
    act(&mut state, &[Action::Time, Action::Play]);
    let effects = update(&mut state, Msg::Frame);
    assert!(matches!(effects.as_slice(), [Effect::Measure(_)]));
    assert_eq!(update(&mut state, Msg::Frame), []);
    act(&mut state, &[Action::Play]);
    assert_eq!(state.travel.motion, Motion::Still);
}

#[test]
fn staying_and_leaving_stop_time() {
    for (action, back) in [(Action::Open, true), (Action::Back, false)] {
        let mut state = world((120, 40));
        act(&mut state, &[Action::Time, Action::Play, action]);
        assert_eq!(
            (state.travel.motion, &state.overlay),
            (Motion::Still, &None)
        );
        assert_eq!(state.travel.seen.past.is_some(), back);
    }
}

#[test]
fn a_date_is_typed_and_a_wrong_one_stays_to_be_mended() {
    let mut state = world((120, 40));
    act(&mut state, &[Action::Time, Action::TypeDate]);
    tell(
        &mut state,
        Msg::Type(Edit::Insert("3 moons ago".to_owned())),
    );
    act(&mut state, &[Action::Open]);
    assert!(
        matches!(&state.overlay, Some(Overlay::Date { wrong: Some(wrong), .. }) if wrong.contains("3 moons"))
    );
    tell(&mut state, Msg::Type(Edit::Clear));
    tell(
        &mut state,
        Msg::Type(Edit::Insert("3 weeks ago".to_owned())),
    );
    act(&mut state, &[Action::Open]);
    assert_eq!(
        (days_back(&state), &state.overlay),
        (Some(21), &Some(Overlay::Time))
    );
    act(&mut state, &[Action::TypeDate, Action::Back]);
    assert_eq!(
        (days_back(&state), &state.overlay),
        (Some(21), &Some(Overlay::Time))
    );
}

#[test]
fn now_is_measured_once_for_all_days_it_is_held_beside() {
    let mut state = world((120, 40));
    act(&mut state, &[Action::Time, Action::Compare]);
    assert!(
        state.data.as_ref().unwrap().compared().is_none(),
        "now is not held beside itself"
    );
    act(&mut state, &[Action::EarlierWeek]);
    let data = state.data.as_ref().unwrap();
    let (found, fresh) = data.compared().unwrap();
    assert!(fresh);
    let alone = measure(
        &data.snapshot,
        &Question::about(&data.snapshot, 0, AsOf::At(now())),
    )
    .unwrap();
    assert_eq!(
        (&found.now.flow, found.now.header),
        (&alone.flow, alone.header)
    );
    let became = found.became;
    let then =
        became.finished_of_load + became.moved_on + became.moved_back + became.stood + became.left;
    assert_eq!(then, data.measures.flow.load);
    let measured = Arc::clone(&found.now);
    act(&mut state, &[Action::EarlierWeek]);
    let (next, fresh) = state.data.as_ref().unwrap().compared().unwrap();
    assert!(fresh && Arc::ptr_eq(&next.now, &measured));
    act(&mut state, &[Action::Clock]);
    act(&mut state, &[Action::Compare]);
    assert_eq!(state.travel.beside, Beside::Nothing);
    assert!(state.data.as_ref().unwrap().compared().is_none());
}

#[test]
fn another_clock_or_window_asks_now_anew() {
    let mut state = world((120, 40));
    act(
        &mut state,
        &[
            Action::Time,
            Action::Compare,
            Action::EarlierWeek,
            Action::Window,
        ],
    );
    let data = state.data.as_ref().unwrap();
    let (found, _) = data.compared().unwrap();
    assert_eq!(
        found.now.header.window.seconds(),
        data.measures.header.window.seconds()
    );
    act(&mut state, &[Action::Open, Action::Clock]);
    let data = state.data.as_ref().unwrap();
    let (found, _) = data.compared().unwrap();
    assert_eq!(found.now.header.clock, data.measures.header.clock);
}

#[test]
fn the_time_machine_by_mouse_alone() {
    let mut state = world((120, 40));
    tell(&mut state, Msg::Animation(Animation::On));
    tell(&mut state, Msg::Click(Click::Action(Action::Time)));
    assert!(
        state.travel.pulse.is_some(),
        "the bar knows when how much happened"
    );
    tell(
        &mut state,
        Msg::Click(Click::Instant(now().plus(-10 * DAY_SECS))),
    );
    assert_eq!(days_back(&state), Some(10));
    tell(&mut state, Msg::Click(Click::Action(Action::Play)));
    tell(&mut state, Msg::Frame);
    assert_eq!(days_back(&state), Some(8));
    tell(
        &mut state,
        Msg::Click(Click::Instant(now().plus(-30 * DAY_SECS))),
    );
    assert_eq!(
        (days_back(&state), state.travel.motion),
        (Some(30), Motion::Still)
    );
    tell(&mut state, Msg::Click(Click::Action(Action::Compare)));
    assert!(state.data.as_ref().unwrap().compared().is_some());
    tell(&mut state, Msg::Click(Click::Action(Action::Live)));
    assert_eq!((days_back(&state), &state.overlay), (None, &None));
}
