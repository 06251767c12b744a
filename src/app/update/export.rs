//! Choosing how what is on screen is written.

use super::super::{Edit, Effect, ExportAs, Overlay, State, rows_on_screen};

/// Offers the ways, where there is something to write.
pub(super) fn open(state: &mut State) {
    if state.data.is_some() && rows_on_screen(state).is_some() {
        state.overlay = Some(Overlay::Export { row: 0 });
    }
}

/// Takes the way of a letter.
pub(super) fn typed(state: &mut State, edit: &Edit) -> Vec<Effect> {
    let Edit::Insert(text) = edit else {
        return Vec::new();
    };
    let Some(way) = ExportAs::by_letter(text) else {
        return Vec::new();
    };
    state.overlay = None;
    vec![Effect::Export(way)]
}

/// Takes the selected way.
pub(super) fn accepted(row: usize) -> Vec<Effect> {
    let way = ExportAs::ALL.get(row).copied();
    way.map(Effect::Export).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use crate::app::fixture::world;
    use crate::app::{Action, Click, Edit, Effect, ExportAs, Msg, Overlay, Screen, update};

    fn act(state: &mut crate::app::State, action: Action) -> Vec<Effect> {
        update(state, Msg::Do(action))
    }

    #[test]
    fn a_way_is_chosen_by_letter_by_arrows_and_by_mouse() {
        let mut state = world((80, 24));
        act(&mut state, Action::Export);
        assert_eq!(state.overlay, Some(Overlay::Export { row: 0 }));
        let nothing = update(&mut state, Msg::Type(Edit::Insert("x".to_owned())));
        assert_eq!((nothing.len(), state.overlay.is_some()), (0, true));
        let json = update(&mut state, Msg::Type(Edit::Insert("j".to_owned())));
        assert_eq!(json, [Effect::Export(ExportAs::Json)]);
        assert_eq!(state.overlay, None);

        act(&mut state, Action::Export);
        act(&mut state, Action::Down);
        assert_eq!(
            act(&mut state, Action::Open),
            [Effect::Export(ExportAs::Markdown)]
        );

        act(&mut state, Action::Export);
        update(&mut state, Msg::Click(Click::Row(3)));
        let picture = update(&mut state, Msg::Click(Click::Row(3)));
        assert_eq!(picture, [Effect::Export(ExportAs::Picture)]);

        act(&mut state, Action::Export);
        assert!(act(&mut state, Action::Back).is_empty());
        assert_eq!((state.overlay, state.screen), (None, Screen::Stream));
    }

    #[test]
    fn where_nothing_stands_behind_a_screen_nothing_is_offered() {
        let mut state = crate::app::fixture::blank((80, 24));
        act(&mut state, Action::Export);
        assert_eq!(state.overlay, None);
    }
}
