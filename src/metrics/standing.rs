//! Which items stood in a stage at an instant.

use crate::model::id::{ItemIx, StageIx};
use crate::model::snapshot::Snapshot;
use crate::model::time::Sec;
use crate::model::timeline::{Position, Replay, Timeline};

use super::table::ItemTable;

/// The items of `table` that stood in a stage of the stream at position `stream` at the instant
/// `at`, seen from `as_of`, in the order of the table. Costs a replay of every item that was there
/// then.
pub fn standing_in(
    snapshot: &Snapshot,
    (stream, stage): (usize, StageIx),
    table: &ItemTable,
    (at, as_of): (Sec, Sec),
) -> Vec<ItemIx> {
    let Some(bound) = snapshot.streams().get(stream) else {
        return Vec::new();
    };
    let replay = Replay::new(snapshot.log(), bound, as_of);
    let mut timeline = Timeline::empty();
    let rows = table.rows().filter(|row| row.created <= at);
    rows.map(|row| row.item)
        .filter(|item| {
            replay.run(*item, &mut timeline);
            let visits = &timeline.visits;
            let seen = visits.partition_point(|visit| visit.from <= at);
            let last = seen.checked_sub(1).and_then(|last| visits.get(last));
            last.is_some_and(|visit| visit.position == Position::Stage(stage))
        })
        .collect()
}
