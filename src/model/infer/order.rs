//! The order of the stages: the one in which most items first come to them.

use super::behaviour::Behaviour;
use super::classes::{Role, Verdict};
use super::meaning::Meaning;
use super::told::Told;
use crate::model::stage::Class;

/// The statuses that are stages, left to right: backlog, then committed, then done; within each in
/// the order in which items first come to them. Statuses nobody was ever in come last of theirs.
///
/// Where the tracker has a board, its columns stand in the board's order; where nothing ever moved,
/// in the tracker's own.
pub(super) fn stages(behaviour: &Behaviour, verdicts: &[Verdict], told: &Told) -> Vec<usize> {
    let mut order: Vec<usize> = (0..verdicts.len())
        .filter(|at| matches!(verdicts[*at].role, Role::Stage(_)))
        .filter(|at| behaviour.items == 0 || behaviour.statuses[*at].used)
        .collect();
    order.sort_by_key(|at| told.place(&verdicts[*at].status));
    let seen = &behaviour.statuses;
    order.sort_by(|a, b| {
        let unseen = |at: &usize| seen[*at].visits == 0;
        let place = |at: &usize| seen[*at].place();
        unseen(a)
            .cmp(&unseen(b))
            .then(place(a).total_cmp(&place(b)))
    });
    settle(behaviour, &mut order);
    as_on_board(told, verdicts, &mut order);
    order.sort_by_key(|at| group(&verdicts[*at]));
    order
}

/// Swaps neighbours until none came to its place against the majority of the items that know both.
/// Loops and back-moves do not count: only first visits were compared.
fn settle(behaviour: &Behaviour, order: &mut [usize]) {
    for _ in 0..order.len() {
        let mut swapped = false;
        for at in 1..order.len() {
            if behaviour.lead(order[at], order[at - 1]) > 0 {
                order.swap(at, at - 1);
                swapped = true;
            }
        }
        if !swapped {
            return;
        }
    }
}

/// Puts the statuses of a board into the order of its columns, among the places they have.
fn as_on_board(told: &Told, verdicts: &[Verdict], order: &mut [usize]) {
    let column = |at: &usize| told.column(&verdicts[*at].status).map(|(column, _)| column);
    let places: Vec<usize> = (0..order.len())
        .filter(|place| column(&order[*place]).is_some())
        .collect();
    let mut sorted: Vec<usize> = places.iter().map(|place| order[*place]).collect();
    sorted.sort_by_key(column);
    for (place, status) in places.into_iter().zip(sorted) {
        order[place] = status;
    }
}

fn group(verdict: &Verdict) -> u8 {
    let Role::Stage(class) = verdict.role else {
        return 4;
    };
    match class {
        Class::Backlog => 0,
        // Items come there after the end, yet it is a start.
        Class::Queue if verdict.meaning == Some(Meaning::Reopened) => 1,
        Class::Queue | Class::Active => 2,
        Class::Done => 3,
    }
}
