//! Looking around in charts.

use super::*;

#[test]
fn the_cumulative_flow_is_read_by_day_and_opens_its_bands() {
    let mut state = world((120, 40));
    act(&mut state, Action::Flow);
    let last = state.data.as_ref().unwrap().flow_day(state.cursor);
    act(&mut state, Action::Right);
    assert_eq!(
        state.cursor.day, None,
        "there is nothing after the last day"
    );
    act(&mut state, Action::StepBack);
    let here = state.data.as_ref().unwrap().flow_day(state.cursor);
    assert_eq!(here, last - 7);
    let band = state.cursor.selected.stage;
    act(&mut state, Action::Down);
    assert_eq!(
        state.cursor.selected.stage,
        band + 1,
        "a later stage lies lower"
    );
    act(&mut state, Action::Up);
    let data = state.data.as_ref().unwrap();
    let stands = data.measures.cumulative_flow.days[here].snapshot[band];
    act(&mut state, Action::Open);
    let Screen::Items(view) = &state.screen else {
        panic!("{:?}", state.screen);
    };
    assert_eq!(view.entries.len() as u64, stands, "{}", view.title);
    act(&mut state, Action::Back);
    assert_eq!(state.screen, Screen::Flow);
    assert_eq!(state.data.as_ref().unwrap().flow_day(state.cursor), here);
    let effects = act(&mut state, Action::AsOfHere);
    assert!(matches!(effects.as_slice(), [Effect::Measure(_)]));
    assert!(state.travel.seen.past.is_some());
}

#[test]
fn the_backlog_can_be_put_into_the_picture() {
    let mut state = world((120, 40));
    act(&mut state, Action::Flow);
    let bands = |state: &State| {
        let data = state.data.as_ref().unwrap();
        data.flow_bands(state.cursor.backlog).len()
    };
    let before = bands(&state);
    act(&mut state, Action::Backlog);
    assert!(bands(&state) > before);
    act(&mut state, Action::Backlog);
    assert_eq!(bands(&state), before);
}

#[test]
fn a_week_of_throughput_opens_what_was_finished_in_it() {
    let mut state = world((120, 40));
    act(&mut state, Action::Throughput);
    for back in 0..5 {
        let data = state.data.as_ref().unwrap();
        let week = data.measures.throughput[data.throughput_week(state.cursor)];
        act(&mut state, Action::Open);
        let Screen::Items(view) = &state.screen else {
            panic!("{:?}", state.screen);
        };
        assert_eq!(
            view.entries.len() as u64,
            week.finished,
            "{back} weeks back"
        );
        act(&mut state, Action::Back);
        act(&mut state, Action::Left);
    }
}

#[test]
fn flow_times_are_walked_and_regions_opened() {
    let mut state = world((120, 40));
    act(&mut state, Action::Times);
    let flow = |state: &State| {
        let data = state.data.as_ref().unwrap();
        data.point_at(state.cursor.spot).unwrap().flow
    };
    let newest = state.item_at_hand().unwrap();
    assert_eq!(state.data.as_ref().unwrap().measures.finished[0], newest);
    let before = flow(&state);
    act(&mut state, Action::Up);
    assert!(flow(&state) > before);
    act(&mut state, Action::Region);
    act(&mut state, Action::StepBack);
    act(&mut state, Action::Down);
    let (corner, here) = {
        let data = state.data.as_ref().unwrap();
        let here = data.point_at(state.cursor.spot).unwrap().spot();
        (state.cursor.corner.unwrap(), here)
    };
    let inside = state.data.as_ref().unwrap().points_in(corner, here).count();
    act(&mut state, Action::Open);
    let Screen::Items(view) = &state.screen else {
        panic!("{:?}", state.screen);
    };
    assert!(inside >= 2);
    assert_eq!(view.entries.len(), inside);
    act(&mut state, Action::Back);
    act(&mut state, Action::Back);
    assert_eq!((&state.screen, state.cursor.corner), (&Screen::Times, None));
    act(&mut state, Action::Open);
    assert!(matches!(state.screen, Screen::Item(_)));
}

#[test]
fn charts_are_pointed_at_and_a_second_click_opens() {
    let mut state = world((120, 40));
    act(&mut state, Action::Ageing);
    let stage = state.cursor.selected.stage;
    update(&mut state, Msg::Click(Click::Mark(stage, 1)));
    assert_eq!(
        (state.cursor.selected.row, &state.screen),
        (1, &Screen::Ageing)
    );
    update(&mut state, Msg::Click(Click::Mark(stage, 1)));
    assert!(matches!(state.screen, Screen::Item(_)));
    act(&mut state, Action::Back);
    assert_eq!(state.screen, Screen::Ageing);
    act(&mut state, Action::Times);
    let spot = state.data.as_ref().unwrap().points[3].spot();
    update(&mut state, Msg::Click(Click::Point(spot)));
    assert_eq!(state.screen, Screen::Times);
    update(&mut state, Msg::Click(Click::Point(spot)));
    assert!(matches!(state.screen, Screen::Item(_)));
}

#[test]
fn the_ageing_board_shows_committed_stages_alone() {
    let mut state = world((120, 40));
    for _ in 0..20 {
        act(&mut state, Action::Left);
    }
    assert_eq!(state.cursor.selected.stage, 0);
    act(&mut state, Action::Ageing);
    let committed = state.data.as_ref().unwrap().committed();
    assert!(committed.contains(&state.cursor.selected.stage));
    for _ in 0..20 {
        act(&mut state, Action::Right);
    }
    assert_eq!(Some(&state.cursor.selected.stage), committed.last());
}
