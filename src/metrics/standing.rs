//! Which items stood in a stage at an instant.

use crate::model::id::{ItemIx, StageIx};
use crate::model::snapshot::Snapshot;
use crate::model::time::Sec;
use crate::model::timeline::{Position, Replay, Timeline};

use super::table::ItemTable;

/// The items of `table` that stood in a stage of the stream at position `stream` at the instant
/// `at`, in the order of the table. Costs a replay of every item that was there then and not yet
/// finished for good.
pub fn standing_in(
    snapshot: &Snapshot,
    (stream, stage): (usize, StageIx),
    table: &ItemTable,
    at: Sec,
) -> Vec<ItemIx> {
    let Some(bound) = snapshot.streams().get(stream) else {
        return Vec::new();
    };
    let replay = Replay::new(snapshot.log(), bound, at.plus(1));
    let mut timeline = Timeline::empty();
    let rows = table.rows().filter(|row| row.created <= at);
    rows.map(|row| row.item)
        .filter(|item| {
            replay.run(*item, &mut timeline);
            timeline.position() == Some(Position::Stage(stage))
        })
        .collect()
}
