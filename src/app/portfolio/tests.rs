use super::{Among, Order, ordered};
use crate::app::fixture::{NOW, answered, reckoned, snapshot_of, stream, world_of};
use crate::app::{Action, Click, Effect, Msg, Screen, State, update};
use crate::metrics::{AsOf, Measures, Portfolio, Question, measure, percentile};
use crate::model::snapshot::Snapshot;
use crate::model::stage::ClockRule;
use crate::model::stream::Stream;

/// The company by two clocks, and the part of it that handles cards.
fn streams() -> Vec<Stream> {
    let other = Stream {
        name: "by first start".to_owned(),
        clock: ClockRule::FirstStart,
        ..stream()
    };
    let part = Stream {
        name: "cards".to_owned(),
        membership: crate::query::parse("team = cards").unwrap(),
        ..stream()
    };
    vec![stream(), other, part]
}

fn asked(known: &Snapshot) -> (Question, Measures) {
    let question = Question::about(known, 0, AsOf::At(NOW.floor_clamped()));
    let measures = measure(known, &question).unwrap();
    (question, measures)
}

#[test]
fn every_stream_is_as_when_asked_alone() {
    let known = snapshot_of(streams());
    let (question, measures) = asked(&known);
    let found = Portfolio::of(&known, &question, &measures);
    assert_eq!(found.streams.len(), 3);
    for (stream, summary) in found.streams.iter().enumerate() {
        let alone = Question::about(&known, stream, question.as_of);
        let alone = measure(&known, &alone).unwrap();
        assert_eq!((summary.stream, &summary.name), (stream, &alone.stream));
        assert_eq!(summary.header, alone.header);
        assert_eq!(
            (&summary.flow, &summary.before),
            (&alone.flow, &alone.before)
        );
        assert_eq!(summary.finished, alone.distribution.finished);
        assert_eq!(summary.items, alone.items.total);
    }
    assert!(found.streams[2].items > 20 && found.streams[2].items < found.streams[0].items);
}

#[test]
fn a_clock_that_was_chosen_holds_for_all() {
    let known = snapshot_of(streams());
    let (mut question, _) = asked(&known);
    let clocks = |question: &Question| -> Vec<ClockRule> {
        let measures = measure(&known, question).unwrap();
        let found = Portfolio::of(&known, question, &measures).streams;
        found.iter().map(|one| one.header.clock).collect()
    };
    let own = [
        ClockRule::LastCrossing,
        ClockRule::FirstStart,
        ClockRule::LastCrossing,
    ];
    assert_eq!(clocks(&question), own);
    question.clock = ClockRule::CreatedToDone;
    assert_eq!(clocks(&question), [ClockRule::CreatedToDone; 3]);
}

#[test]
fn the_weeks_add_up_to_the_window() {
    let known = snapshot_of(streams());
    let (question, measures) = asked(&known);
    let found = Portfolio::of(&known, &question, &measures);
    let weeks = &found.streams[0].weeks;
    let finished: u64 = weeks.iter().map(|week| week.counts.finished).sum();
    assert_eq!(finished, measures.flow.velocity.finished);
    assert_eq!(weeks.last().unwrap().load, measures.flow.load);
    // A week by another way: the flow times of what the table says was finished in it.
    let zone = known.zone();
    let of_week = |at: usize| -> Vec<i64> {
        let rows = measures.table.rows();
        let here = rows.filter(|row| {
            let day = row.finished.get().map(|at| zone.day_of(at).week());
            day == Some(weeks[at].counts.week) && measures.finished.contains(&row.item)
        });
        here.filter_map(crate::metrics::Row::flow).collect()
    };
    for (at, week) in weeks.iter().enumerate() {
        assert_eq!(week.p85, percentile(&mut of_week(at), 85), "{at}");
    }
    assert!(
        weeks
            .iter()
            .filter(|week| week.efficiency.is_some())
            .count()
            > 8
    );
}

fn told(state: &mut State, msg: Msg) {
    let effects = update(state, msg);
    reckoned(state, &effects);
}

fn act(state: &mut State, actions: &[Action]) {
    for action in actions {
        told(state, Msg::Do(*action));
    }
}

fn names(state: &State) -> Vec<String> {
    let portfolio = state.data.as_ref().unwrap().asides.portfolio.as_ref();
    let listed = ordered(&portfolio.unwrap().0, state.cursor.among.order);
    listed.iter().map(|one| one.name.clone()).collect()
}

fn looked_at(state: &mut State) -> (usize, ClockRule) {
    let question = &state.asked.question;
    (question.stream, question.clock)
}

#[test]
fn a_stream_is_opened_by_keys_and_escape_comes_back_to_it() {
    let mut state = world_of(streams(), (120, 40));
    let snapshot = state.data.as_ref().unwrap().snapshot.clone();
    act(&mut state, &[Action::Portfolio]);
    assert_eq!(
        (&state.screen, names(&state).len()),
        (&Screen::Portfolio, 3)
    );
    act(&mut state, &[Action::Right]);
    assert_eq!(names(&state), ["by first start", "cards", "payments"]);
    act(&mut state, &[Action::First]);
    let effects = update(&mut state, Msg::Do(Action::Open));
    assert_eq!(looked_at(&mut state), (1, ClockRule::FirstStart));
    assert!(matches!(effects.as_slice(), [Effect::Measure(asked)] if asked.stream == 1));
    answered(&mut state, &snapshot);
    assert_eq!(
        (
            &state.screen,
            state.data.as_ref().unwrap().measures.stream.as_str()
        ),
        (&Screen::Stream, "by first start")
    );
    act(&mut state, &[Action::Back]);
    assert_eq!(state.screen, Screen::Portfolio);
    assert_eq!(state.cursor.among.stream, Some(1));
}

#[test]
fn a_stream_is_opened_by_the_mouse() {
    let mut state = world_of(streams(), (120, 40));
    told(&mut state, Msg::Click(Click::Action(Action::Portfolio)));
    told(&mut state, Msg::Click(Click::Order(Order::Name)));
    assert_eq!(state.cursor.among.order, Order::Name);
    told(&mut state, Msg::Click(Click::Row(1)));
    assert_eq!(
        (&state.screen, state.cursor.among.stream),
        (&Screen::Portfolio, Some(2))
    );
    let effects = update(&mut state, Msg::Click(Click::Row(1)));
    assert!(matches!(effects.as_slice(), [Effect::Measure(asked)] if asked.stream == 2));
    assert_eq!(state.screen, Screen::Stream);
}

#[test]
fn the_stream_in_view_is_opened_without_asking_anew() {
    let mut state = world_of(vec![stream()], (80, 24));
    act(&mut state, &[Action::Portfolio]);
    assert_eq!(update(&mut state, Msg::Do(Action::Open)), []);
    assert_eq!(state.screen, Screen::Stream);
}

#[test]
fn a_newer_picture_keeps_the_rows_until_theirs_are_known() {
    let mut state = world_of(streams(), (120, 40));
    act(&mut state, &[Action::Portfolio]);
    let data = state.data.as_ref().unwrap();
    let (snapshot, question) = (data.snapshot.clone(), data.question.clone());
    let measures = measure(&snapshot, &question).map(std::sync::Arc::new);
    let msg = Msg::Measured {
        question,
        snapshot,
        measures,
    };
    let effects = update(&mut state, msg);
    let fresh = |state: &State| {
        state
            .data
            .as_ref()
            .unwrap()
            .asides
            .portfolio
            .as_ref()
            .unwrap()
            .1
    };
    assert!(matches!(effects.as_slice(), [Effect::Portfolio { .. }]));
    assert!(!fresh(&state), "what is shown is older");
    reckoned(&mut state, &effects);
    assert!(fresh(&state));
}

#[test]
fn every_stream_stands_beside_itself_of_now() {
    let mut state = world_of(streams(), (120, 40));
    act(
        &mut state,
        &[
            Action::Portfolio,
            Action::Time,
            Action::Compare,
            Action::EarlierWeek,
        ],
    );
    let snapshot = std::sync::Arc::clone(&state.data.as_ref().unwrap().snapshot);
    answered(&mut state, &snapshot);
    let data = state.data.as_ref().unwrap();
    let (question, measures) = asked(&data.snapshot);
    let alone = Portfolio::of(&data.snapshot, &question, &measures);
    for (stream, summary) in alone.streams.iter().enumerate() {
        let now = data.stream_now(stream).unwrap();
        assert_eq!((now.header, &now.flow), (summary.header, &summary.flow));
    }
    let then = data.streams_by(Order::Name);
    assert!(
        then.iter()
            .any(|one| one.flow != data.stream_now(one.stream).unwrap().flow)
    );
    act(&mut state, &[Action::Compare]);
    assert!(state.data.as_ref().unwrap().stream_now(0).is_none());
}

#[test]
fn each_order_puts_first_what_calls_for_a_look() {
    let known = snapshot_of(streams());
    let (question, measures) = asked(&known);
    let found = Portfolio::of(&known, &question, &measures);
    let first = |order| ordered(&found, order)[0];
    let days = |one: &crate::metrics::StreamSummary| one.flow.time.unwrap().percentiles.p85();
    let longest = found.streams.iter().map(days).max();
    assert_eq!(Some(days(first(Order::FlowTime))), longest);
    assert_eq!(first(Order::Load).flow.load, measures.flow.load);
    assert_eq!(first(Order::Name).name, "by first start");
    let strongest = found.streams.iter().filter_map(|one| one.stands_out);
    let strongest = strongest.map(|one| one.strength).fold(0.0, f64::max);
    let shown = first(Order::Signal)
        .stands_out
        .map_or(0.0, |one| one.strength);
    assert!((strongest - shown).abs() < 1e-9);
    assert_eq!(Among::default().order, Order::Signal);
    assert_eq!(Order::Signal.next(true), Order::Name);
    assert_eq!(Order::Signal.next(false), Order::Efficiency);
}
