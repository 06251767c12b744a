//! Looking around in the ranking of the stages.

use super::super::{Action, Behind, Data, Screen, State};
use super::{clamp, movement};

/// Selects another stage of the ranking; `false` if the action moves nothing.
pub(super) fn moved(state: &mut State, action: Action) -> bool {
    let Some(data) = &state.data else {
        return false;
    };
    let ranked = data.ranked();
    let here = ranked
        .iter()
        .position(|at| *at == state.cursor.selected.stage);
    let here = here.unwrap_or(0);
    let there = match action {
        Action::Up => here.saturating_sub(1),
        Action::Down => here + 1,
        Action::First => 0,
        Action::Last => usize::MAX,
        _ => return false,
    };
    let there = ranked.get(clamp(there, ranked.len())).copied();
    if let Some(there) = there {
        movement::select_stage(state, there);
    }
    true
}

/// What stands behind the selected stage: what waits for it now, else what is in it.
pub(super) fn behind(state: &State) -> Option<Behind> {
    let data = state.data.as_ref()?;
    let stage = state.cursor.selected.stage;
    let waiting = data.waiting_at(stage);
    let waits = waiting.first().map(|_| Behind::Waiting(stage));
    Some(waits.unwrap_or(Behind::Stage(stage)))
}

/// Opens what waits, at one of its rows.
pub(super) fn open_waiting(state: &mut State, row: usize) {
    super::act::open_items(state, Behind::Waiting(state.cursor.selected.stage));
    if let Screen::Items(view) = &mut state.screen {
        view.row = clamp(row, view.entries.len());
    }
}

impl Data {
    /// The stages of the ranking, the strongest evidence first.
    pub fn ranked(&self) -> Vec<usize> {
        let ranking = self.measures.bottleneck.ranking.iter();
        ranking.map(|ranked| ranked.stage.index()).collect()
    }
}
