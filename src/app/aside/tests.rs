use super::Shown;
use crate::app::fixture::{answered, empty, office, reckoned, snapshot_of, stream, world};
use crate::app::{Action, Click, Data, Edit, Effect, Msg, Screen, State, update};
use crate::metrics::{Gain, StageWeek, StageWeeks};
use crate::model::snapshot::Snapshot;
use crate::model::stage::Class;
use crate::model::time::Window;
use crate::model::timeline::{Position, Replay, Timeline};
use crate::simulate::forecast::{FAN, HORIZONS, OutlookAsk, forecast, outlook};

/// Does what a key asks for and what that asks for.
fn act(state: &mut State, action: Action) -> Vec<Effect> {
    tell(state, Msg::Do(action))
}

fn tell(state: &mut State, msg: Msg) -> Vec<Effect> {
    let effects = update(state, msg);
    reckoned(state, &effects);
    effects
}

fn data(state: &State) -> &Data {
    state.data.as_ref().unwrap()
}

fn items(state: &State) -> u32 {
    data(state).outlook().unwrap().items()
}

#[test]
fn the_weeks_of_a_company_add_up_to_its_waiting_and_its_load() {
    let data = world((80, 24)).data.unwrap();
    let weeks = StageWeeks::of(&data.snapshot, 0, &data.measures);
    let window = data.measures.header.window;
    let mut blocked = 0;
    for (at, stage) in data.measures.stages.iter().enumerate() {
        if !stage.class.is_committed() {
            continue;
        }
        let own = weeks.of_stage(at);
        let waited: i64 = own.iter().map(|week| week.waiting + week.blocked).sum();
        assert_eq!(waited, stage.waiting, "{}", stage.name);
        let all: i64 = own.iter().map(StageWeek::all).sum();
        assert_eq!(all, stayed(&data.snapshot, at, window), "{}", stage.name);
        blocked += own.iter().map(|week| week.blocked).sum::<i64>();
    }
    assert!(blocked > 0, "the company blocks some items");
}

/// Seconds of the window that items stood in a stage, visit by visit and without weeks.
fn stayed(known: &Snapshot, stage: usize, window: Window) -> i64 {
    let mut timeline = Timeline::empty();
    let replay = Replay::new(known.log(), &known.streams()[0], window.to);
    let mut sum = 0;
    for item in known.log().items() {
        replay.run(item, &mut timeline);
        let here = |position| matches!(position, Position::Stage(at) if at.index() == stage);
        let visits = timeline.visits.iter().filter(|visit| here(visit.position));
        sum += visits
            .map(|visit| window.overlap(visit.from, visit.to))
            .sum::<i64>();
    }
    sum
}

#[test]
fn the_constraint_is_one_key_away_and_its_items_two() {
    let mut state = world((120, 40));
    let effects = act(&mut state, Action::Bottleneck);
    assert!(matches!(effects.as_slice(), [Effect::StageWeeks(_)]));
    assert_eq!(act(&mut state, Action::Window).len(), 1, "asked once");
    let constraint = data(&state).measures.bottleneck.constraint.unwrap();
    act(&mut state, Action::First);
    assert_eq!(
        state.cursor.selected.stage,
        constraint.index(),
        "ranked first"
    );
    let waiting = data(&state).waiting_at(constraint.index()).len();
    act(&mut state, Action::Open);
    let Screen::Items(view) = &state.screen else {
        panic!("{:?}", state.screen);
    };
    assert_eq!(view.entries.len(), waiting);
    act(&mut state, Action::Down);
    act(&mut state, Action::Open);
    assert!(matches!(state.screen, Screen::Item(_)));
    act(&mut state, Action::Back);
    act(&mut state, Action::Back);
    assert_eq!(state.screen, Screen::Bottleneck);
    assert_eq!(state.cursor.selected.stage, constraint.index());
}

#[test]
fn every_stage_of_the_ranking_is_walked_to_and_what_waits_waits() {
    let mut state = world((120, 40));
    act(&mut state, Action::Bottleneck);
    act(&mut state, Action::First);
    let mut walked = Vec::new();
    for _ in 0..data(&state).ranked().len() + 3 {
        let stage = state.cursor.selected.stage;
        if walked.last() != Some(&stage) {
            walked.push(stage);
        }
        let data = data(&state);
        let waiting = data.waiting_at(stage);
        let ages: Vec<_> = waiting.iter().map(|item| item.age).collect();
        assert!(ages.is_sorted_by(|one, next| one >= next));
        if data.measures.stages[stage].class == Class::Queue {
            let own = data.measures.stages[stage].load;
            assert!(waiting.len() as u64 >= own, "all of a queue waits");
        }
        act(&mut state, Action::Down);
    }
    assert_eq!(walked, data(&state).ranked());
}

#[test]
fn speeding_up_gains_nothing_exactly_where_another_stage_is_the_constraint() {
    let state = world((120, 40));
    let bottleneck = &data(&state).measures.bottleneck;
    let constraint = bottleneck.constraint.unwrap();
    let gains = bottleneck.ranking.iter().map(|one| {
        let charged = bottleneck.charged_to[one.stage.index()];
        (one.stage, charged, bottleneck.gain(one.stage))
    });
    for (stage, charged, gain) in gains {
        match gain {
            Gain::All => assert_eq!(stage, constraint),
            Gain::Drained(by) => assert!(by == constraint && charged == by && stage != by),
            Gain::Nothing(by) => assert!(by == constraint && stage != by && charged != by),
            Gain::Unknown => panic!("there is a constraint"),
        }
    }
    let mut none = bottleneck.clone();
    none.constraint = None;
    assert_eq!(none.gain(constraint), Gain::Unknown);
}

#[test]
fn answers_about_another_picture_are_left() {
    let mut state = world((80, 24));
    let Some(Effect::StageWeeks(of)) = update(&mut state, Msg::Do(Action::Bottleneck)).pop() else {
        panic!()
    };
    answered(&mut state, &snapshot_of(vec![stream()]));
    assert!(data(&state).asides.stage_weeks.is_some(), "asked anew");
    let other = data(&state).asides.stage_weeks.clone();
    let weeks = std::sync::Arc::new(StageWeeks::default());
    tell(&mut state, Msg::StageWeeks { of, weeks });
    assert_eq!(data(&state).asides.stage_weeks, other);
    let shown: Shown = data(&state).shown();
    assert_eq!(shown, shown.clone());
}

#[test]
fn when_these_thirty_are_done_takes_four_keys() {
    let mut state = world((120, 40));
    act(&mut state, Action::Forecast);
    let load = data(&state).measures.items.in_progress;
    assert_eq!(u64::from(items(&state)), load);
    act(&mut state, Action::Number);
    for key in ["3", "0"] {
        tell(&mut state, Msg::Type(Edit::Insert(key.to_owned())));
    }
    assert_eq!(items(&state), 30);
    assert!(data(&state).outlook().unwrap().when.days[2].is_some());
    tell(&mut state, Msg::Type(Edit::Insert("x-".to_owned())));
    assert_eq!(items(&state), 30);
    act(&mut state, Action::Open);
    assert_eq!((&state.overlay, items(&state)), (&None, 30));
    act(&mut state, Action::Number);
    tell(&mut state, Msg::Type(Edit::Insert("7".to_owned())));
    act(&mut state, Action::Back);
    assert_eq!(items(&state), 30, "as before");
}

#[test]
fn items_and_horizon_are_changed_by_keys() {
    let mut state = world((120, 40));
    act(&mut state, Action::Forecast);
    let load = items(&state);
    act(&mut state, Action::MoreItems);
    act(&mut state, Action::MoreItems);
    act(&mut state, Action::FewerItems);
    assert_eq!(items(&state), load + 1);
    let weeks = |state: &State| data(state).outlook().unwrap().weeks;
    for _ in 0..9 {
        act(&mut state, Action::Nearer);
    }
    for wanted in [4, 8, 12, 26, 52, 52] {
        act(&mut state, Action::Farther);
        assert_eq!(weeks(&state), wanted);
        let days = data(&state).outlook().unwrap().days.len();
        assert!(days.abs_diff(wanted as usize * 7) <= 1, "{days}");
    }
}

#[test]
fn days_are_walked_and_pointed_at_and_open_what_is_forecast() {
    let mut state = world((120, 40));
    act(&mut state, Action::Forecast);
    let p85 = data(&state).outlook().unwrap().when.days[2].unwrap();
    let day = |state: &State| data(state).outlook().unwrap().days[state.day_ahead().unwrap()].day;
    assert_eq!(day(&state), p85);
    act(&mut state, Action::Left);
    act(&mut state, Action::Up);
    assert_eq!(day(&state), p85.plus(-8));
    act(&mut state, Action::First);
    let first = data(&state).outlook().unwrap().days[0].day;
    assert_eq!(day(&state), first);
    tell(&mut state, Msg::Click(Click::Day(p85.plus(1), None)));
    assert_eq!(
        (day(&state), &state.screen),
        (p85.plus(1), &Screen::Forecast)
    );
    tell(&mut state, Msg::Click(Click::Day(p85.plus(1), None)));
    let Screen::Items(view) = &state.screen else {
        panic!("{:?}", state.screen);
    };
    let load = view.entries.len() as u64;
    assert_eq!(load, data(&state).measures.items.in_progress);
    act(&mut state, Action::Back);
    assert_eq!(day(&state), p85.plus(1), "the cursor is kept");
}

#[test]
fn it_says_what_the_forecast_says() {
    for state in [world((80, 24)), office((80, 24)).0] {
        let data = state.data.unwrap();
        let told = forecast(&data.snapshot, &data.measures).unwrap();
        let asked = OutlookAsk {
            items: None,
            weeks: Some(12),
            ..OutlookAsk::default()
        };
        let ahead = outlook(&data.snapshot, &data.measures, asked, None).unwrap();
        assert_eq!(ahead.items(), told.load);
        let when = told.when.iter().find(|when| when.items == told.load);
        assert_eq!(Some(&ahead.when), when);
        for how_many in &told.how_many {
            let day = ahead.days[ahead.position(how_many.day)];
            assert_eq!(day.day, how_many.day);
            let [p95, p85, p70, p50, ..] = day.items;
            assert_eq!([p50, p70, p85, p95], how_many.items);
            assert_eq!(Some(day.chance), how_many.load);
        }
        assert_eq!(ahead.tested.how_many, told.backtest);
        assert_eq!(ahead.tested.when, told.backtest_when);
    }
}

#[test]
fn bands_rise_and_the_chance_reaches_each_confidence_on_its_day() {
    let data = office((80, 24)).0.data.unwrap();
    let ask = OutlookAsk {
        items: Some(30),
        ..OutlookAsk::default()
    };
    let ahead = outlook(&data.snapshot, &data.measures, ask, None).unwrap();
    assert!(HORIZONS.contains(&ahead.weeks));
    for day in &ahead.days {
        assert!(day.items.is_sorted(), "{day:?}");
    }
    for two in ahead.days.windows(2) {
        let rising = two[0].items.iter().zip(&two[1].items);
        assert!(rising.into_iter().all(|(before, after)| before <= after));
        assert!(two[0].chance <= two[1].chance);
        assert_eq!(two[0].day.plus(1), two[1].day);
    }
    // The other way round: the day of 85 % is the first with 85 % or more, and on it the band
    // of 85 % reaches the number.
    let day = ahead.when.days[2].unwrap();
    let at = ahead.position(day);
    assert!(ahead.days[at].chance.share() >= 0.85 && ahead.days[at].items[1] >= 30);
    assert!(ahead.days[at - 1].chance.share() < 0.85 && ahead.days[at - 1].items[1] < 30);
    assert_eq!(FAN[1], 85);
}

#[test]
fn what_is_known_of_such_forecasts_is_not_worked_out_again() {
    let data = world((80, 24)).data.unwrap();
    let first = outlook(&data.snapshot, &data.measures, OutlookAsk::default(), None).unwrap();
    let ask = OutlookAsk::default();
    let again = outlook(&data.snapshot, &data.measures, ask, Some(first.tested)).unwrap();
    assert_eq!(first, again);
}

#[test]
fn too_little_is_refused() {
    let data = empty((80, 24)).data.unwrap();
    let refused = outlook(&data.snapshot, &data.measures, OutlookAsk::default(), None);
    assert_eq!(refused.unwrap_err().days, 0);
}

#[test]
fn splits_are_asked_for_and_tested_anew() {
    let mut state = world((80, 24));
    let tell = |state: &mut State, action| {
        let effects = update(state, Msg::Do(action));
        reckoned(state, &effects);
        effects
    };
    let p85 = |state: &State| state.data.as_ref().unwrap().outlook().unwrap().when.days[2];
    tell(&mut state, Action::Forecast);
    let plain = p85(&state).unwrap();
    let mut asked = Vec::new();
    for _ in 0..5 {
        asked = tell(&mut state, Action::MoreSplits);
    }
    assert!(matches!(
        asked.as_slice(),
        [Effect::Outlook { asked, tested: None, .. }] if asked.split == Some(50)
    ));
    let split = p85(&state).unwrap();
    assert!(split > plain, "{split} after {plain}: half a new item each");
    // By another way: as if the config said so.
    let data = state.data.as_ref().unwrap();
    let rate = data.outlook().unwrap().split_rate;
    assert!((rate - 0.5).abs() < 1e-9);
    let asked = tell(&mut state, Action::Farther);
    assert!(matches!(
        asked.as_slice(),
        [Effect::Outlook {
            tested: Some(_),
            ..
        }]
    ));
    for _ in 0..7 {
        tell(&mut state, Action::FewerSplits);
    }
    assert_eq!(
        (state.cursor.ahead.asked.split, p85(&state)),
        (Some(0), Some(plain))
    );
}
