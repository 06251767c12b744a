//! Reading what the numbers on screen mean.

use super::super::{Action, Click, Edit, Input, Overlay, State, topics};
use super::movement;

/// Opens the whole definition where `?` is typed into a help in which nothing is searched for.
pub(super) fn asked(state: &mut State, edit: &Edit) -> bool {
    let nothing =
        matches!(&state.overlay, Some(Overlay::Help { input, .. }) if input.text().is_empty());
    let asks = nothing && *edit == Edit::Insert("?".to_owned());
    asks && open(state, 0)
}

/// Opens the help, and from there the whole definition.
pub(super) fn help(state: &mut State) {
    let open_already = matches!(state.overlay, Some(Overlay::Help { .. }));
    if !(open_already && open(state, 0)) {
        state.overlay = Some(Overlay::Help {
            input: Input::default(),
            row: 0,
        });
    }
}

/// Opens the definition of what was pointed at.
pub(super) fn about(state: &mut State, click: Click) {
    if let Click::Stage(stage) | Click::Mark(stage, _) = click {
        movement::select_stage(state, stage);
    }
    let tile = match click {
        Click::Action(Action::Times) => Some("Flow time"),
        Click::Action(Action::Throughput) => Some("Flow velocity"),
        Click::Action(Action::InProgress) => Some("Flow load"),
        Click::Action(Action::Finished) => Some("Flow efficiency"),
        _ => None,
    };
    let mut all = topics(state).into_iter();
    let at = all.position(|topic| Some(topic.name()) == tile);
    open(state, at.unwrap_or(0));
}

fn open(state: &mut State, at: usize) -> bool {
    let known = state.data.is_some() && at < topics(state).len();
    if known {
        state.overlay = Some(Overlay::Definition { at, scroll: 0 });
    }
    known
}

/// Turns to the next or the previous definition of the screen.
pub(super) fn typed(state: &mut State, edit: &Edit) {
    let last = topics(state).len().saturating_sub(1);
    let Some(Overlay::Definition { at, scroll }) = &mut state.overlay else {
        return;
    };
    let to = match edit {
        Edit::Left => at.saturating_sub(1),
        Edit::Right => (*at + 1).min(last),
        _ => return,
    };
    if to != *at {
        (*at, *scroll) = (to, 0);
    }
}

/// About how many lines a definition has: scrolling ends there.
pub(super) fn lines(state: &State, at: usize) -> usize {
    let columns = usize::from(state.terminal.size.0.clamp(20, 88)) - 10;
    let told = topics(state).get(at).map(|topic| topic.paragraphs());
    let rows = told.unwrap_or_default().into_iter();
    rows.map(|one| one.text.len() / columns + 2).sum()
}

#[cfg(test)]
mod tests {
    use crate::app::fixture::world;
    use crate::app::{Action, Click, Edit, Msg, Overlay, State, topics, update};

    fn shown(state: &State) -> (&'static str, usize) {
        match state.overlay {
            Some(Overlay::Definition { at, scroll }) => (topics(state)[at].name(), scroll),
            _ => panic!("{:?}", state.overlay),
        }
    }

    fn typed(state: &mut State, edit: Edit) {
        update(state, Msg::Type(edit));
    }

    #[test]
    fn keys_open_turn_and_scroll_a_definition() {
        let mut state = world((80, 24));
        update(&mut state, Msg::Do(Action::Times));
        update(&mut state, Msg::Do(Action::Help));
        typed(&mut state, Edit::Insert("?".to_owned()));
        assert_eq!(shown(&state), ("Flow time", 0));
        update(&mut state, Msg::Do(Action::Down));
        assert_eq!(shown(&state), ("Flow time", 1));
        typed(&mut state, Edit::Right);
        assert_eq!(shown(&state), ("The clock", 0));
        update(&mut state, Msg::Do(Action::Last));
        let (_, end) = shown(&state);
        update(&mut state, Msg::Do(Action::Down));
        assert_eq!(shown(&state).1, end, "it ends");
        typed(&mut state, Edit::Left);
        typed(&mut state, Edit::Left);
        assert_eq!(shown(&state), ("Flow time", 0));
        update(&mut state, Msg::Do(Action::Back));
        assert_eq!(state.overlay, None);
    }

    #[test]
    fn a_question_mark_within_a_search_is_searched_for() {
        let mut state = world((80, 24));
        update(&mut state, Msg::Do(Action::Help));
        typed(&mut state, Edit::Insert("a".to_owned()));
        typed(&mut state, Edit::Insert("?".to_owned()));
        assert!(
            matches!(&state.overlay, Some(Overlay::Help { input, .. }) if input.text() == "a?")
        );
    }

    #[test]
    fn pointing_tells_of_what_is_pointed_at() {
        let mut state = world((80, 24));
        update(&mut state, Msg::About(Click::Action(Action::Throughput)));
        assert_eq!(shown(&state).0, "Flow velocity");
        update(&mut state, Msg::About(Click::Stage(1)));
        assert_eq!(
            (shown(&state).0, state.cursor.selected.stage),
            ("A stage", 1)
        );
    }
}
