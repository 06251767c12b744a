//! Looking around in the times by stage.

use super::super::{Action, State, TimesBy};
use super::{clamp, movement};
use crate::model::stage::Class;

/// Shows flow times item by item, or the time in each stage.
pub(super) fn toggle(state: &mut State) {
    state.cursor.corner = None;
    state.cursor.times = match state.cursor.times {
        TimesBy::Item => TimesBy::Stage,
        TimesBy::Stage => TimesBy::Item,
    };
    moved(state, Action::Left);
}

/// Selects another stage; `false` if the action moves nothing. A stage in which items are done gives
/// way to its neighbour.
pub(super) fn moved(state: &mut State, action: Action) -> bool {
    let Some(data) = &state.data else {
        return false;
    };
    let stages = data.stages_with_times();
    let selected = state.cursor.selected.stage;
    let here = stages.partition_point(|stage| *stage < selected);
    let there = match action {
        Action::Up => here.saturating_sub(1),
        Action::Down => here + 1,
        Action::First => 0,
        Action::Last => usize::MAX,
        Action::Left | Action::Right => here,
        _ => return false,
    };
    let there = stages.get(clamp(there, stages.len())).copied();
    if let Some(there) = there {
        movement::select_stage(state, there);
    }
    true
}

impl super::super::Data {
    /// The stages that items spend time in before they are done, left to right.
    pub fn stages_with_times(&self) -> Vec<usize> {
        let stages = self.measures.stages.iter().enumerate();
        let timed = stages.filter(|(_, stage)| stage.class != Class::Done);
        timed.map(|(at, _)| at).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::app::fixture::{reckoned, world};
    use crate::app::{Action, Msg, Screen, State, TimesBy, update};
    use crate::metrics::StageTimes;

    fn act(state: &mut State, action: Action) {
        let effects = update(state, Msg::Do(action));
        reckoned(state, &effects);
    }

    fn times(state: &State) -> Option<&StageTimes> {
        state
            .data
            .as_ref()?
            .asides
            .stage_times
            .known()
            .map(AsRef::as_ref)
    }

    #[test]
    fn stages_are_walked_and_their_items_opened_the_longest_stay_first() {
        let mut state = world((120, 40));
        act(&mut state, Action::Times);
        assert!(times(&state).is_none());
        act(&mut state, Action::ByStage);
        assert_eq!(state.cursor.times, TimesBy::Stage);
        let times = times(&state).unwrap().clone();
        act(&mut state, Action::First);
        assert_eq!(state.cursor.selected.stage, 0);
        act(&mut state, Action::Last);
        assert_eq!(state.cursor.selected.stage, 11, "Live takes no time");
        for _ in 0..5 {
            act(&mut state, Action::Up);
        }
        assert_eq!(state.cursor.selected.stage, 6);
        let stays = times.of_stage(6).unwrap();
        act(&mut state, Action::Open);
        let Screen::Items(view) = &state.screen else {
            panic!()
        };
        let listed: Vec<_> = view.entries.iter().map(|entry| entry.item).collect();
        let expected: Vec<_> = stays.items.iter().map(|stay| stay.item).collect();
        assert_eq!(listed, expected);
        assert_eq!(listed.len(), stays.spread.unwrap().n);
        act(&mut state, Action::Back);
        assert_eq!(
            (&state.screen, state.cursor.selected.stage),
            (&Screen::Times, 6)
        );
        act(&mut state, Action::ByStage);
        assert_eq!(state.cursor.times, TimesBy::Item);
    }

    #[test]
    fn the_median_and_the_95th_are_those_of_the_measures() {
        let mut state = world((120, 40));
        act(&mut state, Action::Times);
        act(&mut state, Action::ByStage);
        let data = state.data.as_ref().unwrap();
        let times = data.asides.stage_times.known().unwrap();
        let mut seen = 0;
        for (at, stage) in data.measures.stages.iter().enumerate() {
            let spread = times.of_stage(at).unwrap().spread;
            let own = spread.map(|spread| (spread.n, spread.values[2], spread.values[4]));
            let measured = stage
                .time
                .map(|time| (time.n, time.values[0], time.values[3]));
            assert_eq!(own, measured, "{}", stage.name);
            seen += usize::from(own.is_some());
        }
        assert!(seen > 8);
    }

    #[test]
    fn the_list_of_a_stage_stays_when_news_come() {
        let mut state = world((120, 40));
        for action in [Action::Times, Action::ByStage, Action::Open] {
            act(&mut state, action);
        }
        let listed = |state: &State| match &state.screen {
            Screen::Items(view) => view.entries.len(),
            _ => 0,
        };
        let before = listed(&state);
        let snapshot = state.data.as_ref().unwrap().snapshot.clone();
        update(&mut state, Msg::News);
        crate::app::fixture::answered(&mut state, &snapshot);
        assert!(before > 10 && listed(&state) == before);
    }
}
