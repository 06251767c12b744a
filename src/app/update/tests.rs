use std::sync::Arc;

use super::update;
use crate::app::fixture::{
    NOW, answered, blank, joined, office, reckoned, reopened, snapshot_of, sources, stream, world,
    world_of,
};
use crate::app::{
    Action, Click, Context, Edit, Effect, FilterError, Live, Msg, Notice, Overlay, Screen, State,
    Themes,
};
use crate::metrics::AsOf;
use crate::model::rule::{Field, Op, Rule, Test, Value};
use crate::model::stage::ClockRule;
use crate::model::time::{TimeRule, WindowSpec};

mod charts;
mod news;

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
    assert_eq!(state.cursor.selected.stage, data.telling_stage());
    assert_eq!(
        data.measures.stages[state.cursor.selected.stage].name,
        "Release board"
    );
    assert!(!state.asked.computing);
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
fn windows_and_clocks_go_round() {
    let mut state = world((120, 40));
    for days in [180, 365, 7, 30, 90] {
        act(&mut state, Action::Window);
        assert_eq!(state.asked.question.window, WindowSpec::LastDays(days));
    }
    act(&mut state, Action::ShorterWindow);
    assert_eq!(state.asked.question.window, WindowSpec::LastDays(30));
    for rule in [
        ClockRule::FirstStart,
        ClockRule::SumInProgress,
        ClockRule::CreatedToDone,
        ClockRule::LastCrossing,
    ] {
        act(&mut state, Action::Clock);
        assert_eq!(state.asked.question.clock, rule);
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
    assert_eq!(state.asked.question.time, TimeRule::Working);
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
    assert_eq!(state.asked.question.time, TimeRule::Elapsed);
    assert!(matches!(&state.notice, Some(Notice::Failed(said)) if said.contains("[calendar]")));
}

#[test]
fn stages_and_rows_stay_within_what_there_is() {
    let mut state = world((120, 40));
    for _ in 0..30 {
        act(&mut state, Action::Left);
    }
    assert_eq!(state.cursor.selected.stage, 0);
    act(&mut state, Action::Last);
    let rows = state.data.as_ref().unwrap().queue(0).len();
    assert_eq!(state.cursor.selected.row, rows - 1);
    act(&mut state, Action::Down);
    assert_eq!(state.cursor.selected.row, rows - 1);
    for _ in 0..30 {
        act(&mut state, Action::Right);
    }
    assert_eq!(
        (state.cursor.selected.stage, state.cursor.selected.row),
        (12, 0)
    );
}

#[test]
fn enter_opens_an_item_and_esc_comes_back() {
    let mut state = world((120, 40));
    act(&mut state, Action::Down);
    let at_hand = state.item_at_hand();
    act(&mut state, Action::Open);
    assert!(matches!(&state.screen, Screen::Item(view) if Some(view.story.item) == at_hand));
    act(&mut state, Action::Right);
    assert_eq!(state.cursor.selected.row, 2);
    assert_ne!(state.item_at_hand(), at_hand);
    act(&mut state, Action::Back);
    assert_eq!(state.screen, Screen::Stream);
    assert_eq!(act(&mut state, Action::Back), []);
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
    assert_eq!(state.asked.question.as_of, AsOf::At(now.plus(-8 * 86_400)));
    act(&mut state, Action::LaterDay);
    act(&mut state, Action::Open);
    assert!(state.overlay.is_none());
    assert_eq!(state.travel.seen.past, Some(now.plus(-7 * 86_400)));
    assert_eq!(act(&mut state, Action::Back).len(), 1);
    assert_eq!(state.asked.question.as_of, AsOf::At(now));
    act(&mut state, Action::Time);
    act(&mut state, Action::LaterWeek);
    assert_eq!(state.travel.seen.past, None);
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
        (state.asked.filter.as_str(), state.overlay.is_none()),
        ("stage:Ready", true)
    );
    act(&mut state, Action::Filter);
    type_in(&mut state, "x");
    act(&mut state, Action::Back);
    assert_eq!(state.asked.filter, "stage:Ready");
    assert_eq!(act(&mut state, Action::Back).len(), 1);
    assert_eq!(state.asked.question.filter, Rule::Always);
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
    assert_eq!(state.asked.question.filter, Rule::Always);
    // On the command line it stood before anybody knew the items.
    let snapshot = state.data.take().unwrap().snapshot;
    state.overlay = None;
    state.asked.filter = "prioritty:high".to_owned();
    state.asked.question.filter = crate::query::parse("prioritty:high").unwrap();
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
        (state.asked.question.stream, state.asked.question.clock),
        (1, ClockRule::CreatedToDone)
    );
    act(&mut state, Action::Streams);
    type_in(&mut state, "PAY");
    act(&mut state, Action::Open);
    assert_eq!(state.asked.question.stream, 0);
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
    assert_eq!(state.cursor.selected.stage, 3);
    update(&mut state, Msg::Click(Click::Row(2)));
    assert_eq!(state.cursor.selected.row, 2);
    update(&mut state, Msg::Click(Click::Row(2)));
    assert!(matches!(state.screen, Screen::Item(_)));
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
fn a_theme_is_chosen_by_its_name_in_the_palette() {
    let mut state = world((80, 24));
    state.shelf.themes = Themes {
        names: vec!["dark", "projector"],
        current: "dark",
    };
    act(&mut state, Action::Palette);
    type_in(&mut state, "theme proj");
    let Some(Overlay::Palette(palette)) = &state.overlay else {
        panic!()
    };
    assert_eq!(palette.found[0].entry.label, "theme: projector");
    let effects = act(&mut state, Action::Open);
    assert!(effects.contains(&Effect::Theme("projector")), "{effects:?}");
    state.shelf.themes = Themes::default();
    act(&mut state, Action::Palette);
    type_in(&mut state, "theme: dark");
    let Some(Overlay::Palette(palette)) = &state.overlay else {
        panic!()
    };
    let mut labels = palette.found.iter().map(|found| &found.entry.label);
    assert!(
        !labels.any(|label| label.starts_with("theme:")),
        "none without colours"
    );
}
