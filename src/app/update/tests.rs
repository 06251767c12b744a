use std::sync::Arc;

use super::update;
use crate::app::fixture::{
    NOW, answered, blank, joined, office, reckoned, reopened, snapshot_of, sources, stream, world,
    world_of,
};
use crate::app::{
    Action, Click, Context, Edit, Effect, FilterError, Live, Msg, Notice, Overlay, Screen, State,
};
use crate::metrics::AsOf;
use crate::model::rule::{Field, Op, Rule, Test, Value};
use crate::model::stage::ClockRule;
use crate::model::time::{TimeRule, WindowSpec};

fn act(state: &mut State, action: Action) -> Vec<Effect> {
    update(state, Msg::Do(action))
}

fn type_in(state: &mut State, text: &str) -> Vec<Effect> {
    update(state, Msg::Type(Edit::Insert(text.to_owned())))
}

#[test]
fn the_first_picture_selects_the_telling_stage() {
    let state = world((120, 40));
    let data = state.data.as_ref().unwrap();
    assert_eq!(state.selected.stage, data.telling_stage());
    assert_eq!(
        data.measures.stages[state.selected.stage].name,
        "Release board"
    );
    assert!(!state.computing);
}

#[test]
fn an_item_finished_twice_counts_once_among_the_finished() {
    let state = reopened((120, 40));
    let data = state.data.as_ref().unwrap();
    let live = data.measures.stages.last().unwrap();
    assert_eq!(live.arrivals, 2, "it went live twice");
    assert_eq!(data.finished_in(live.stage.index()), 1);
    assert_eq!(data.measures.flow.velocity.finished, 1);
    assert_eq!(data.finished_in(0), 0);
}

#[test]
fn an_older_answer_never_replaces_a_newer_picture() {
    let mut state = world((120, 40));
    let old = state.question.clone();
    let effects = act(&mut state, Action::Window);
    let [Effect::Measure(question)] = effects.as_slice() else {
        panic!("{effects:?}");
    };
    assert_eq!(question.window, WindowSpec::LastDays(180));
    assert!(state.computing);
    let data = state.data.clone().unwrap();
    let late = Msg::Measured {
        question: old.clone(),
        snapshot: data.snapshot,
        measures: Some(data.measures),
    };
    update(&mut state, late);
    assert!(state.computing);
    answered(&mut state, &snapshot_of(vec![stream()]));
    assert!(!state.computing);
    assert_ne!(state.data.unwrap().question, old);
}

#[test]
fn windows_and_clocks_go_round() {
    let mut state = world((120, 40));
    for days in [180, 365, 7, 30, 90] {
        act(&mut state, Action::Window);
        assert_eq!(state.question.window, WindowSpec::LastDays(days));
    }
    act(&mut state, Action::ShorterWindow);
    assert_eq!(state.question.window, WindowSpec::LastDays(30));
    for rule in [
        ClockRule::FirstStart,
        ClockRule::SumInProgress,
        ClockRule::CreatedToDone,
        ClockRule::LastCrossing,
    ] {
        act(&mut state, Action::Clock);
        assert_eq!(state.question.clock, rule);
    }
}

#[test]
fn working_time_is_one_key_away_and_back() {
    let (mut state, snapshot) = office((120, 40));
    let p85 = |state: &State| {
        state
            .data
            .as_ref()
            .unwrap()
            .measures
            .flow
            .time
            .unwrap()
            .percentiles
            .p85()
    };
    let elapsed = p85(&state);
    assert_eq!(act(&mut state, Action::TimeRule).len(), 1);
    assert_eq!(state.question.time, TimeRule::Working);
    answered(&mut state, &snapshot);
    let working = p85(&state);
    // Five of seven days.
    assert!(
        working < elapsed && working * 7 > elapsed * 4,
        "{working} of {elapsed}"
    );
    act(&mut state, Action::TimeRule);
    answered(&mut state, &snapshot);
    assert_eq!(p85(&state), elapsed);
}

#[test]
fn without_a_calendar_there_is_no_other_time() {
    let mut state = world((120, 40));
    assert_eq!(act(&mut state, Action::TimeRule), []);
    assert_eq!(state.question.time, TimeRule::Elapsed);
    assert!(matches!(&state.notice, Some(Notice::Failed(said)) if said.contains("[calendar]")));
}

#[test]
fn stages_and_rows_stay_within_what_there_is() {
    let mut state = world((120, 40));
    for _ in 0..30 {
        act(&mut state, Action::Left);
    }
    assert_eq!(state.selected.stage, 0);
    act(&mut state, Action::Last);
    let rows = state.data.as_ref().unwrap().queue(0).len();
    assert_eq!(state.selected.row, rows - 1);
    act(&mut state, Action::Down);
    assert_eq!(state.selected.row, rows - 1);
    for _ in 0..30 {
        act(&mut state, Action::Right);
    }
    assert_eq!((state.selected.stage, state.selected.row), (12, 0));
}

#[test]
fn enter_opens_an_item_and_esc_comes_back() {
    let mut state = world((120, 40));
    act(&mut state, Action::Down);
    let at_hand = state.item_at_hand();
    act(&mut state, Action::Open);
    assert!(matches!(&state.screen, Screen::Item(view) if Some(view.story.item) == at_hand));
    act(&mut state, Action::Right);
    assert_eq!(state.selected.row, 2);
    assert_ne!(state.item_at_hand(), at_hand);
    act(&mut state, Action::Back);
    assert_eq!(state.screen, Screen::Stream);
    assert_eq!(act(&mut state, Action::Back), []);
}

#[test]
fn what_an_opened_item_has_left_is_asked_once_a_picture() {
    let mut state = world((120, 40));
    let asked = act(&mut state, Action::Open);
    assert!(
        matches!(asked.as_slice(), [Effect::Remaining { stream: 0, .. }]),
        "{asked:?}"
    );
    let item = state.item_at_hand().unwrap();
    let left = |state: &State| state.data.as_ref().unwrap().days_left(item);
    assert_eq!(left(&state), None);
    reckoned(&mut state, &asked);
    assert!(left(&state).is_some_and(|left| left.n > 0));
    act(&mut state, Action::Back);
    assert_eq!(act(&mut state, Action::Open), [], "it is known by now");
    let snapshot = state.data.as_ref().unwrap().snapshot.clone();
    let mut late = state.clone();
    act(&mut late, Action::Clock);
    answered(&mut late, &snapshot);
    assert!(left(&late).is_some(), "a new picture asks anew");
    late.data.as_mut().unwrap().remaining = None;
    reckoned(&mut late, &[]);
    let [Effect::Remaining { stream, header }] = asked.as_slice() else {
        panic!("{asked:?}");
    };
    let remaining = state.data.as_ref().unwrap().remaining.clone().unwrap();
    let (version, stream, header) = (snapshot.version(), *stream, *header);
    let old = Msg::Remaining {
        version,
        stream,
        header,
        remaining,
    };
    update(&mut late, old);
    assert_eq!(left(&late), None, "what another clock says is not taken");
}

#[test]
fn keys_act_upon_the_artefact_that_is_chosen() {
    let mut state = joined((120, 40));
    act(&mut state, Action::Open);
    let copied = |state: &mut State| act(state, Action::CopyKey);
    let key = |key: &str| [Effect::Copy(key.to_owned())];
    assert_eq!(copied(&mut state), key("PAY-1"));
    act(&mut state, Action::NextArtefact);
    assert_eq!(copied(&mut state), key("#11"));
    let url = "https://code.example.org/pull/11".to_owned();
    assert_eq!(act(&mut state, Action::OpenUrl), [Effect::Open(url)]);
    for _ in 0..3 {
        act(&mut state, Action::NextArtefact);
    }
    assert_eq!(copied(&mut state), key("PAY-1"), "after the last the first");
}

#[test]
fn the_item_at_hand_is_opened_and_copied() {
    let mut state = world((120, 40));
    let key = {
        let data = state.data.as_ref().unwrap();
        data.snapshot
            .log()
            .key(state.item_at_hand().unwrap())
            .to_owned()
    };
    let url = format!("https://tracker.example.org/{key}");
    assert_eq!(act(&mut state, Action::CopyKey), [Effect::Copy(key)]);
    assert_eq!(
        act(&mut state, Action::CopyUrl),
        [Effect::Copy(url.clone())]
    );
    assert_eq!(act(&mut state, Action::OpenUrl), [Effect::Open(url)]);
}

#[test]
fn the_time_machine_moves_every_number_and_comes_back() {
    let mut state = world((120, 40));
    let now = NOW.floor_clamped();
    act(&mut state, Action::Time);
    assert_eq!(state.context(), Context::Time);
    act(&mut state, Action::EarlierWeek);
    act(&mut state, Action::EarlierDay);
    assert_eq!(state.question.as_of, AsOf::At(now.plus(-8 * 86_400)));
    act(&mut state, Action::LaterDay);
    act(&mut state, Action::Open);
    assert!(state.overlay.is_none());
    assert_eq!(state.seen.past, Some(now.plus(-7 * 86_400)));
    assert_eq!(act(&mut state, Action::Back).len(), 1);
    assert_eq!(state.question.as_of, AsOf::At(now));
    act(&mut state, Action::Time);
    act(&mut state, Action::LaterWeek);
    assert_eq!(state.seen.past, None);
}

fn only_stage(text: &str) -> Result<Rule, FilterError> {
    match text.strip_prefix("stage:") {
        _ if text.is_empty() => Ok(Rule::Always),
        Some(name) => Ok(Rule::Test(Test {
            field: Field::Stage,
            op: Op::Is,
            values: vec![Value::Text(name.to_owned())],
        })),
        None => Err(FilterError {
            span: 0..text.len(),
            what: "no field".to_owned(),
        }),
    }
}

#[test]
fn a_filter_holds_while_typed_and_esc_takes_it_back() {
    let mut state = world((120, 40));
    state.terminal.parse = only_stage;
    act(&mut state, Action::Filter);
    assert!(type_in(&mut state, "sta").is_empty());
    let Some(Overlay::Filter { line, .. }) = &state.overlay else {
        panic!()
    };
    assert_eq!(
        line.error.as_ref().map(|error| error.span.clone()),
        Some(0..3)
    );
    assert!(act(&mut state, Action::Open).is_empty());
    assert!(state.overlay.is_some(), "a broken filter is not accepted");
    let effects = type_in(&mut state, "ge:Ready");
    assert!(
        matches!(
            effects.as_slice(),
            [Effect::Measure(_), Effect::Tally { .. }]
        ),
        "{effects:?}"
    );
    act(&mut state, Action::Open);
    assert_eq!(
        (state.filter.as_str(), state.overlay.is_none()),
        ("stage:Ready", true)
    );
    act(&mut state, Action::Filter);
    type_in(&mut state, "x");
    act(&mut state, Action::Back);
    assert_eq!(state.filter, "stage:Ready");
    assert_eq!(act(&mut state, Action::Back).len(), 1);
    assert_eq!(state.question.filter, Rule::Always);
}

#[test]
fn a_filter_on_what_no_item_has_is_not_taken() {
    let mut state = world((120, 40));
    state.terminal.parse = |text| {
        crate::query::parse(text).map_err(|error| FilterError {
            what: error.to_string(),
            span: error.span,
        })
    };
    act(&mut state, Action::Filter);
    assert!(type_in(&mut state, "prioritty:high").is_empty());
    let Some(Overlay::Filter { line, .. }) = &state.overlay else {
        panic!()
    };
    let error = line.error.clone().unwrap();
    assert!(error.what.contains("did you mean"), "{error:?}");
    assert_eq!(error.span, 0..9);
    assert_eq!(state.question.filter, Rule::Always);
    // On the command line it stood before anybody knew the items.
    let snapshot = state.data.take().unwrap().snapshot;
    state.overlay = None;
    state.filter = "prioritty:high".to_owned();
    state.question.filter = crate::query::parse("prioritty:high").unwrap();
    answered(&mut state, &snapshot);
    assert!(matches!(&state.notice, Some(Notice::Failed(what)) if what.contains("prioritty")));
}

#[test]
fn help_is_searched_and_runs_what_is_found() {
    let mut state = world((120, 40));
    act(&mut state, Action::Help);
    type_in(&mut state, "health");
    act(&mut state, Action::Open);
    assert_eq!(state.screen, Screen::Sources);
    assert!(state.overlay.is_none());
}

#[test]
fn streams_are_gone_through_and_picked() {
    let mut second = stream();
    second.name = "cards".to_owned();
    second.clock = ClockRule::CreatedToDone;
    let mut state = world_of(vec![stream(), second], (120, 40));
    act(&mut state, Action::PreviousStream);
    assert_eq!(
        (state.question.stream, state.question.clock),
        (1, ClockRule::CreatedToDone)
    );
    act(&mut state, Action::Streams);
    type_in(&mut state, "PAY");
    act(&mut state, Action::Open);
    assert_eq!(state.question.stream, 0);
}

#[test]
fn the_stage_editor_gives_a_stream_and_can_save_it() {
    let mut state = world((120, 40));
    act(&mut state, Action::EditStages);
    act(&mut state, Action::CycleClass);
    let effects = act(&mut state, Action::Save);
    let [
        Effect::SetStream {
            at: 0,
            stream: changed,
        },
        Effect::Save,
    ] = effects.as_slice()
    else {
        panic!("{effects:?}");
    };
    assert_eq!(changed.stages[0].class.name(), "queue");
    assert!(state.overlay.is_none());
    act(&mut state, Action::EditStages);
    act(&mut state, Action::CycleClass);
    assert!(act(&mut state, Action::Back).is_empty());
}

#[test]
fn a_second_click_on_a_row_opens_it() {
    let mut state = world((120, 40));
    update(&mut state, Msg::Click(Click::Stage(3)));
    assert_eq!(state.selected.stage, 3);
    update(&mut state, Msg::Click(Click::Row(2)));
    assert_eq!(state.selected.row, 2);
    update(&mut state, Msg::Click(Click::Row(2)));
    assert!(matches!(state.screen, Screen::Item(_)));
}

#[test]
fn news_keep_the_item_selected_and_opened() {
    let mut state = world((120, 40));
    update(&mut state, Msg::Click(Click::Row(4)));
    let item = state.item_at_hand();
    assert_eq!(update(&mut state, Msg::News).len(), 1);
    answered(&mut state, &snapshot_of(vec![stream()]));
    assert_eq!(state.item_at_hand(), item);
    act(&mut state, Action::Open);
    update(&mut state, Msg::News);
    answered(&mut state, &snapshot_of(vec![stream()]));
    assert!(matches!(&state.screen, Screen::Item(view) if Some(view.story.item) == item));
}

#[test]
fn time_that_passes_asks_again_only_when_live_and_far_behind() {
    let mut state = world((120, 40));
    assert!(update(&mut state, Msg::Now(NOW.plus_secs(60))).is_empty());
    assert_eq!(update(&mut state, Msg::Now(NOW.plus_secs(600))).len(), 1);
    let mut file = world((120, 40));
    file.seen.live = Live::EndOfEvents;
    assert!(update(&mut file, Msg::Now(NOW.plus_secs(600))).is_empty());
}

#[test]
fn a_stream_that_is_gone_leads_back_to_the_first() {
    let mut state = world((120, 40));
    state.question.stream = 7;
    let question = state.question.clone();
    let snapshot = Arc::clone(&state.data.as_ref().unwrap().snapshot);
    let effects = update(
        &mut state,
        Msg::Measured {
            question,
            snapshot,
            measures: None,
        },
    );
    assert!(matches!(effects.as_slice(), [Effect::Measure(question)] if question.stream == 0));
}

#[test]
fn nothing_known_breaks_nothing() {
    for info in crate::app::ACTIONS {
        let mut state = blank((80, 24));
        act(&mut state, info.action);
        act(&mut state, Action::Open);
        act(&mut state, info.action);
    }
    let mut state = blank((80, 24));
    update(&mut state, Msg::Health(sources(true)));
    assert_eq!(state.sources_in_trouble(), 1);
}

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
    let band = state.selected.stage;
    act(&mut state, Action::Down);
    assert_eq!(state.selected.stage, band + 1, "a later stage lies lower");
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
    assert!(state.seen.past.is_some());
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
    let stage = state.selected.stage;
    update(&mut state, Msg::Click(Click::Mark(stage, 1)));
    assert_eq!((state.selected.row, &state.screen), (1, &Screen::Ageing));
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
    assert_eq!(state.selected.stage, 0);
    act(&mut state, Action::Ageing);
    let committed = state.data.as_ref().unwrap().committed();
    assert!(committed.contains(&state.selected.stage));
    for _ in 0..20 {
        act(&mut state, Action::Right);
    }
    assert_eq!(Some(&state.selected.stage), committed.last());
}

#[test]
fn a_list_keeps_its_item_when_news_come() {
    let mut state = world((120, 40));
    act(&mut state, Action::Throughput);
    act(&mut state, Action::Left);
    act(&mut state, Action::Open);
    act(&mut state, Action::Down);
    let item = state.item_at_hand();
    act(&mut state, Action::Open);
    answered(&mut state, &snapshot_of(vec![stream()]));
    assert!(matches!(state.screen, Screen::Item(_)));
    act(&mut state, Action::Right);
    assert_ne!(state.item_at_hand(), item, "the next of the list");
    act(&mut state, Action::Back);
    assert!(matches!(state.screen, Screen::Items(_)));
    act(&mut state, Action::Back);
    assert_eq!(state.screen, Screen::Throughput);
}
