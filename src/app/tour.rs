//! Five hints for whoever sees the dashboard for the first time.

use super::{Action, Msg, State};

/// One hint: words, with `{}` where the key of each action stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The words.
    pub text: &'static str,
    /// The actions whose keys stand in them, in order.
    pub actions: &'static [Action],
}

/// The hints in their order.
pub const TOUR: [Hint; 5] = [
    Hint {
        text: "Each tank is a stage; ▶ marks the one that holds the stream back. {} and {} choose a stage.",
        actions: &[Action::Left, Action::Right],
    },
    Hint {
        text: "Every number, bar and row opens with {} or a second click; {} goes back.",
        actions: &[Action::Open, Action::Back],
    },
    Hint {
        text: "{} finds anything by some of its letters: screens, stages, items, actions.",
        actions: &[Action::Palette],
    },
    Hint {
        text: "{} filters every screen: team:cards age>10d. {} shows everything as of another day.",
        actions: &[Action::Filter, Action::Time],
    },
    Hint {
        text: "{} walks the board in a stand-up. {} lists every key, here and everywhere.",
        actions: &[Action::Standup, Action::Help],
    },
];

impl State {
    /// The hint in view, and its position.
    pub fn hint(&self) -> Option<(usize, &'static Hint)> {
        let at = self.shelf.tour?;
        let free = self.data.is_some() && self.overlay.is_none();
        TOUR.get(at).filter(|_| free).map(|hint| (at, hint))
    }
}

/// Goes on to the next hint at whatever the user does while one is in view. Whether that was all: the
/// step back does nothing else.
pub(super) fn went_on(state: &mut State, msg: &Msg) -> bool {
    let Some((at, _)) = state.hint() else {
        return false;
    };
    if !matches!(msg, Msg::Do(_) | Msg::Click(_)) {
        return false;
    }
    state.shelf.tour = Some(at + 1).filter(|next| *next < TOUR.len());
    matches!(msg, Msg::Do(Action::Back))
}

#[cfg(test)]
mod tests {
    use super::{Action, Msg, TOUR};
    use crate::app::fixture::{blank, world};
    use crate::app::{Click, Overlay, update};

    #[test]
    fn any_key_and_any_click_go_on_and_do_what_they_do() {
        let mut state = world((80, 24));
        assert_eq!(state.hint(), None);
        state.shelf.tour = Some(0);
        let stage = state.cursor.selected.stage;
        update(&mut state, Msg::Do(Action::Left));
        assert_eq!(
            (state.shelf.tour, state.cursor.selected.stage),
            (Some(1), stage - 1)
        );
        update(&mut state, Msg::Click(Click::Stage(2)));
        assert_eq!(
            (state.shelf.tour, state.cursor.selected.stage),
            (Some(2), 2)
        );
        update(&mut state, Msg::Do(Action::Palette));
        assert!(matches!(state.overlay, Some(Overlay::Palette(_))));
        assert_eq!(state.hint(), None, "nothing stands over what was opened");
        update(&mut state, Msg::Do(Action::Back));
        assert_eq!(state.shelf.tour, Some(3));
    }

    #[test]
    fn a_step_back_only_goes_on_and_after_the_last_hint_none_is_left() {
        let mut state = world((80, 24));
        state.shelf.tour = Some(TOUR.len() - 1);
        state.asked.filter = "team:cards".to_owned();
        assert_eq!(update(&mut state, Msg::Do(Action::Back)), []);
        assert_eq!(state.shelf.tour, None);
        assert_eq!(state.asked.filter, "team:cards");
        update(&mut state, Msg::Do(Action::Back));
        assert_eq!(state.asked.filter, "");
    }

    #[test]
    fn it_waits_for_a_picture() {
        let mut state = blank((80, 24));
        state.shelf.tour = Some(0);
        update(&mut state, Msg::Do(Action::Down));
        assert_eq!((state.shelf.tour, state.hint()), (Some(0), None));
    }

    #[test]
    fn each_hint_names_as_many_keys_as_it_has_places_for() {
        for hint in TOUR {
            assert_eq!(hint.text.matches("{}").count(), hint.actions.len());
        }
    }
}
