use std::sync::Arc;

use super::super::update;
use crate::app::fixture::{answered, reckoned, world};
use crate::app::{
    Action, Click, Edit, Effect, FilterError, FilterLine, Msg, Overlay, Screen, State,
};
use crate::model::rule::Rule;

fn parse(text: &str) -> Result<Rule, FilterError> {
    crate::query::parse(text).map_err(|error| FilterError {
        what: error.to_string(),
        span: error.span,
    })
}

fn tell(state: &mut State, msg: Msg) -> Vec<Effect> {
    let effects = update(state, msg);
    reckoned(state, &effects);
    if effects.iter().any(|one| matches!(one, Effect::Measure(_))) {
        let snapshot = Arc::clone(&state.data.as_ref().unwrap().snapshot);
        answered(state, &snapshot);
    }
    effects
}

fn opened(typed: &str) -> State {
    let mut state = world((80, 24));
    state.terminal.parse = parse;
    tell(&mut state, Msg::Do(Action::Filter));
    insert(&mut state, typed);
    state
}

fn insert(state: &mut State, typed: &str) -> Vec<Effect> {
    tell(state, Msg::Type(Edit::Insert(typed.to_owned())))
}

fn line(state: &State) -> &FilterLine {
    match &state.overlay {
        Some(Overlay::Filter { line, .. }) => line,
        other => panic!("{other:?}"),
    }
}

fn offered(state: &State) -> Vec<String> {
    let list = line(state).offers.list.iter();
    list.map(|offer| format!("{}= {}", offer.insert, offer.told))
        .collect()
}

#[test]
fn names_come_with_their_operator_and_values_with_counts_of_the_data() {
    let mut state = opened("");
    let names = offered(&state);
    assert!(names[0].starts_with("stage:= "), "{names:?}");
    assert!(names.iter().any(|one| one.starts_with("blocked = ")));
    insert(&mut state, "te");
    assert_eq!(offered(&state), ["team:= ", "text:= in key or title"]);
    tell(&mut state, Msg::Do(Action::Complete));
    assert_eq!(line(&state).input.text(), "team:");
    let teams = offered(&state);
    assert_eq!(teams.len(), 4, "{teams:?}");
    let all = world((80, 24));
    let data = all.data.as_ref().unwrap();
    let counts = line(&state).tallies[0]
        .values
        .iter()
        .map(|(_, count)| count);
    assert_eq!(counts.sum::<usize>(), data.measures.table.len());
    insert(&mut state, "ca");
    assert_eq!(offered(&state).len(), 1);
    tell(&mut state, Msg::Type(Edit::Right));
    assert_eq!(line(&state).input.text(), "team:cards ");
    assert_eq!(state.asked.filter, "team:cards ");
    let passing = state.data.as_ref().unwrap().measures.table.len();
    let told = teams.iter().find(|one| one.starts_with("cards ")).unwrap();
    assert_eq!(*told, format!("cards = {passing} items"));
}

#[test]
fn values_are_counted_among_all_items_whatever_the_filter_says_so_far() {
    let mut state = opened("team:cards stage:");
    let effects = insert(&mut state, "x");
    assert!(
        !effects
            .iter()
            .any(|one| matches!(one, Effect::Tally { .. })),
        "once"
    );
    tell(&mut state, Msg::Type(Edit::Backspace));
    let values = offered(&state);
    assert!(
        values
            .iter()
            .any(|one| one.starts_with("\"Release board\" = ")),
        "{values:?}"
    );
    let live = values.iter().find(|one| one.starts_with("Live ")).unwrap();
    let all = world((80, 24));
    let data = all.data.as_ref().unwrap();
    let last = data.measures.stages.len() - 1;
    let in_live = data.measures.table.rows();
    let in_live = in_live
        .filter(|row| row.stage.is_some_and(|at| at.index() == last))
        .count();
    assert_eq!(*live, format!("Live = {in_live} items"));
}

#[test]
fn every_way_of_asking_is_offered_after_a_whole_name() {
    let state = opened("age");
    assert_eq!(offered(&state), ["age>= more than", "age<= less than"]);
    let state = opened("age>");
    assert_eq!(offered(&state)[0], "5d = ");
    let state = opened("created");
    assert_eq!(offered(&state).len(), 3);
}

#[test]
fn another_offer_is_marked_and_a_click_takes_one() {
    let mut state = opened("state:");
    let second = line(&state).offers.list[1].insert.clone();
    tell(&mut state, Msg::Do(Action::NextOffer));
    tell(&mut state, Msg::Do(Action::Complete));
    assert_eq!(line(&state).input.text(), format!("state:{second}"));
    let mut state = opened("state:");
    tell(&mut state, Msg::Click(Click::Row(1)));
    assert_eq!(line(&state).input.text(), format!("state:{second}"));
    assert_eq!(state.screen, Screen::Stream);
}

#[test]
fn filters_typed_before_come_back_and_what_was_being_typed_too() {
    let mut state = world((80, 24));
    state.terminal.parse = parse;
    for filter in ["team:cards", "blocked", "team:cards", "age>5d"] {
        tell(&mut state, Msg::Do(Action::Filter));
        tell(&mut state, Msg::Type(Edit::Clear));
        insert(&mut state, filter);
        let effects = tell(&mut state, Msg::Do(Action::Open));
        assert_eq!(effects, [Effect::Remember]);
    }
    assert_eq!(
        state.shelf.memory.filters,
        ["age>5d", "team:cards", "blocked"]
    );
    tell(&mut state, Msg::Do(Action::Filter));
    tell(&mut state, Msg::Type(Edit::Clear));
    insert(&mut state, "sta");
    let mut seen = Vec::new();
    for action in [Action::Up, Action::Up, Action::Up, Action::Up, Action::Down] {
        tell(&mut state, Msg::Do(action));
        seen.push(line(&state).input.text().to_owned());
    }
    assert_eq!(
        seen,
        ["age>5d", "team:cards", "blocked", "blocked", "team:cards"]
    );
    assert_eq!(state.asked.filter, "team:cards");
    tell(&mut state, Msg::Do(Action::Down));
    tell(&mut state, Msg::Do(Action::Down));
    assert_eq!(line(&state).input.text(), "sta");
    tell(&mut state, Msg::Do(Action::Back));
    assert_eq!(state.asked.filter, "age>5d");
}

#[test]
fn a_misspelt_field_is_told_with_the_nearest_and_keeps_the_rows() {
    let state = opened("prioritty:high");
    let error = line(&state).error.clone().unwrap();
    assert!(
        error.what.contains("did you mean \"priority\"?"),
        "{}",
        error.what
    );
    assert!(!state.data.as_ref().unwrap().measures.table.is_empty());
}

#[test]
fn what_is_pasted_is_one_line_without_controls() {
    let state = opened("team:cards\n\u{1b}[31m\tage>5d");
    assert_eq!(line(&state).input.text(), "team:cards  [31m age>5d");
}
