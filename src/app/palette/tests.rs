use std::sync::Arc;

use super::{Found, search_items};
use crate::app::fixture::{answered, reckoned, stream, world, world_of};
use crate::app::{
    Action, Click, Edit, Effect, Msg, Overlay, Palette, Screen, State, Target, View, update,
};
use crate::model::event::fact;
use crate::model::rule::{Field, Op, Rule, Test, Value};
use crate::model::stage::ClockRule;
use crate::model::stream::Stream;
use crate::model::time::WindowSpec;

/// Does what is asked for until nothing is asked any more.
fn tell(state: &mut State, msg: Msg) -> Vec<Effect> {
    let effects = update(state, msg);
    reckoned(state, &effects);
    if effects.iter().any(|one| matches!(one, Effect::Measure(_))) {
        let snapshot = Arc::clone(&state.data.as_ref().unwrap().snapshot);
        answered(state, &snapshot);
    }
    effects
}

fn act(state: &mut State, action: Action) -> Vec<Effect> {
    tell(state, Msg::Do(action))
}

fn open(state: &mut State, typed: &str) {
    act(state, Action::Palette);
    tell(state, Msg::Type(Edit::Insert(typed.to_owned())));
}

fn palette(state: &State) -> &Palette {
    match &state.overlay {
        Some(Overlay::Palette(palette)) => palette,
        other => panic!("{other:?}"),
    }
}

fn labels(state: &State) -> Vec<String> {
    let found = palette(state).found.iter();
    found.map(|found| found.entry.label.clone()).collect()
}

fn first(state: &State) -> &Found {
    &palette(state).found[0]
}

#[test]
fn with_nothing_typed_it_offers_screens_stages_and_all_that_can_be_done_here() {
    let mut state = world((80, 24));
    act(&mut state, Action::Palette);
    let labels = labels(&state);
    assert_eq!(labels[..3], ["Ageing", "Flow", "Times"]);
    for one in [
        "Stand-up",
        "Release board",
        "filter",
        "last 30 days",
        "first-start",
    ] {
        assert!(labels.iter().any(|label| label == one), "{one}: {labels:?}");
    }
    for no in ["palette", "up", "page down", "Stream", "cycle class"] {
        assert!(!labels.iter().any(|label| label == no), "{no}");
    }
}

#[test]
fn a_stage_is_gone_to_by_some_of_its_letters() {
    let mut state = world((80, 24));
    act(&mut state, Action::Flow);
    open(&mut state, "relbo");
    assert_eq!(
        first(&state).entry.target,
        Target::Stage("Release board".to_owned())
    );
    assert_eq!(first(&state).at.len(), 5);
    let effects = act(&mut state, Action::Open);
    assert_eq!(effects, [Effect::Remember]);
    assert_eq!(state.screen, Screen::Stream);
    let data = state.data.as_ref().unwrap();
    assert_eq!(
        data.measures.stages[state.cursor.selected.stage].name,
        "Release board"
    );
}

#[test]
fn actions_windows_and_clocks_are_done() {
    let mut state = world((80, 24));
    open(&mut state, "browser");
    assert_eq!(
        first(&state).entry.target,
        Target::Action(Action::OpenUrl),
        "by its words"
    );
    act(&mut state, Action::Back);
    assert_eq!(state.overlay, None);
    open(&mut state, "last 30");
    act(&mut state, Action::Open);
    assert_eq!(state.asked.question.window, WindowSpec::LastDays(30));
    open(&mut state, "firststart");
    act(&mut state, Action::Open);
    assert_eq!(state.asked.question.clock, ClockRule::FirstStart);
    open(&mut state, "edit stag");
    act(&mut state, Action::Open);
    assert!(matches!(state.overlay, Some(Overlay::Stages(_))));
    act(&mut state, Action::Palette);
    assert!(
        matches!(state.overlay, Some(Overlay::Stages(_))),
        "nothing edited is lost"
    );
}

#[test]
fn an_item_is_found_by_key_and_by_title_and_opened_over_the_screen() {
    let mut state = world((80, 24));
    act(&mut state, Action::Flow);
    let data = state.data.as_ref().unwrap();
    let item = data.measures.open[3].item;
    let key = data.snapshot.log().key(item).to_owned();
    let title = data.snapshot.log().title(item).to_owned();
    open(&mut state, &key);
    let found = first(&state);
    assert_eq!(found.entry.label, format!("{key} {title}"));
    assert_eq!(found.entry.target.kind(), "item");
    act(&mut state, Action::Open);
    assert!(matches!(&state.screen, Screen::Item(view) if view.story.item == item));
    act(&mut state, Action::Back);
    assert_eq!(state.screen, Screen::Flow);
    open(&mut state, "firmware");
    assert!(first(&state).entry.label.ends_with("Card reader firmware"));
}

#[test]
fn one_letter_asks_for_no_items_and_late_answers_are_dropped() {
    let mut state = world((80, 24));
    act(&mut state, Action::Palette);
    let insert = |text: &str| Msg::Type(Edit::Insert(text.to_owned()));
    assert_eq!(update(&mut state, insert("f")), []);
    let effects = update(&mut state, insert("irmware"));
    let [Effect::Search { of, typed }] = effects.as_slice() else {
        panic!("{effects:?}");
    };
    let items = search_items(of, typed);
    assert!(!items.is_empty());
    update(&mut state, insert(" x"));
    let late = Msg::Found {
        typed: typed.clone(),
        items,
    };
    update(&mut state, late);
    assert!(
        !labels(&state)
            .iter()
            .any(|label| label.contains("firmware"))
    );
}

#[test]
fn what_was_chosen_last_stands_first() {
    let mut state = world((80, 24));
    for typed in ["relbo", "last 30", "firmware"] {
        open(&mut state, typed);
        act(&mut state, Action::Open);
    }
    act(&mut state, Action::Palette);
    let first = labels(&state)[..3].to_vec();
    assert!(first[0].ends_with("firmware"), "{first:?}");
    assert_eq!(first[1..], ["last 30 days", "Release board"]);
}

#[test]
fn by_mouse_a_row_is_selected_and_then_done() {
    let mut state = world((80, 24));
    open(&mut state, "last");
    let row = labels(&state)
        .iter()
        .position(|label| label == "last 7 days")
        .unwrap();
    tell(&mut state, Msg::Click(Click::Row(row)));
    if state.overlay.is_some() {
        assert_eq!(palette(&state).row, row);
        tell(&mut state, Msg::Click(Click::Row(row)));
    }
    assert_eq!(state.asked.question.window, WindowSpec::LastDays(7));
    assert_eq!(state.overlay, None);
}

#[test]
fn an_item_of_another_stream_is_opened_there() {
    let ledger = Rule::Test(Test {
        field: Field::Fact(fact::TEAM.into()),
        op: Op::Is,
        values: vec![Value::Text("ledger".to_owned())],
    });
    let other = Stream {
        name: "books".to_owned(),
        membership: ledger.clone(),
        ..stream()
    };
    let own = Stream {
        membership: Rule::Not(Box::new(ledger)),
        ..stream()
    };
    let mut state = world_of(vec![own, other], (80, 24));
    act(&mut state, Action::NextStream);
    let data = state.data.as_ref().unwrap();
    assert_eq!(data.measures.stream, "books");
    let log = data.snapshot.log();
    let key = log.key(data.measures.open[0].item).to_owned();
    act(&mut state, Action::PreviousStream);
    open(&mut state, &key);
    assert!(first(&state).entry.label.starts_with(&key));
    act(&mut state, Action::Open);
    let data = state.data.as_ref().unwrap();
    assert_eq!(data.measures.stream, "books");
    let opened = matches!(&state.screen, Screen::Item(view) if view.key(data) == key);
    assert!(opened, "{:?}", state.screen.context());
}

#[test]
fn a_view_sets_what_it_says_and_is_in_force_until_something_changes() {
    let mut state = world((80, 24));
    state.shelf.views = vec![View {
        name: "last week".to_owned(),
        filter: (String::new(), Rule::Always),
        stream: Some("payments".to_owned()),
        screen: Some(Action::Ageing),
        window: Some(WindowSpec::LastDays(7)),
        clock: Some(ClockRule::FirstStart),
    }];
    open(&mut state, "week");
    assert_eq!(first(&state).entry.target.kind(), "view");
    act(&mut state, Action::Open);
    assert_eq!(state.screen, Screen::Ageing);
    assert_eq!(state.asked.question.window, WindowSpec::LastDays(7));
    assert_eq!(state.asked.question.clock, ClockRule::FirstStart);
    let name = |state: &State| {
        state
            .shelf
            .view_in_force(state)
            .map(|view| view.name.clone())
    };
    assert_eq!(name(&state).as_deref(), Some("last week"));
    act(&mut state, Action::Window);
    assert_eq!(name(&state), None);
}

#[test]
fn what_is_looked_at_is_saved_under_a_name() {
    let mut state = world((80, 24));
    act(&mut state, Action::Times);
    open(&mut state, "save view");
    act(&mut state, Action::Open);
    assert!(matches!(state.overlay, Some(Overlay::ViewName { .. })));
    let nameless = act(&mut state, Action::Open);
    assert_eq!((nameless, state.notice.is_some()), (vec![], true));
    act(&mut state, Action::SaveView);
    tell(
        &mut state,
        Msg::Type(Edit::Insert("times\u{7} of all".to_owned())),
    );
    let effects = act(&mut state, Action::Open);
    let [Effect::SaveView(view)] = effects.as_slice() else {
        panic!("{effects:?}");
    };
    assert_eq!(view.name, "times  of all");
    assert_eq!(view.screen, Some(Action::Times));
    assert_eq!(view.window, Some(WindowSpec::default()));
}
