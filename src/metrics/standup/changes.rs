//! What is not as it was at an earlier instant.

use std::cmp::Reverse;

use crate::model::snapshot::Snapshot;
use crate::model::stage::{Class, State};
use crate::model::time::Sec;
use crate::model::timeline::{Block, Position, Replay, Timeline, Visit};

use super::super::clocked::{class_of, stage_of};
use super::super::measure::Measures;
use super::super::table::Row;
use super::{Changed, News};

/// What changed at `since` or later to the items of an answer.
pub(super) fn since(
    snapshot: &Snapshot,
    stream: usize,
    measures: &Measures,
    since: Sec,
) -> Vec<Changed> {
    let Some(bound) = snapshot.streams().get(stream) else {
        return Vec::new();
    };
    let classes: Vec<Class> = measures.stages.iter().map(|stage| stage.class).collect();
    let replay = Replay::new(snapshot.log(), bound, measures.header.as_of);
    let mut timeline = Timeline::empty();
    // Of those that stand where they stood only blocks can have changed.
    let may_differ = |row: &&Row| row.entered >= since || row.state == State::InProgress;
    let rows = measures.table.rows().filter(may_differ);
    let mut changes: Vec<Changed> = rows
        .filter_map(|row| {
            replay.run(row.item, &mut timeline);
            changed(&timeline, since, &classes)
        })
        .collect();
    changes.sort_by_key(|one| {
        let place = stage_of(one.to).or_else(|| stage_of(one.from?));
        (one.news, Reverse(place), Reverse(one.at), one.item)
    });
    changes
}

fn changed(timeline: &Timeline, since: Sec, classes: &[Class]) -> Option<Changed> {
    let last = timeline.visits.last()?;
    let seen = timeline.visits.partition_point(|visit| visit.from < since);
    let before = seen.checked_sub(1).and_then(|at| timeline.visits.get(at));
    let from = before.map(|visit| visit.position);
    let was_blocked = timeline
        .blocks
        .iter()
        .rev()
        .find(|block| block.from < since && (block.open || block.to >= since));
    let committed = class_of(last.position, classes).is_some_and(Class::is_committed);
    let blocks = (was_blocked, timeline.open_block());
    let stopped = block_news(blocks, since).filter(|_| committed);
    let (news, at) = arrived(from, last, classes)
        .or(stopped)
        .or_else(|| moved(from, last, since))?;
    Some(Changed {
        item: timeline.item,
        news,
        at,
        from,
        to: last.position,
    })
}

/// Finished, if it now is and was not.
fn arrived(from: Option<Position>, last: &Visit, classes: &[Class]) -> Option<(News, Sec)> {
    let is_done = |position| class_of(position, classes) == Some(Class::Done);
    let news = is_done(last.position) && !from.is_some_and(is_done);
    news.then_some((News::Finished, last.from))
}

fn block_news(blocks: (Option<&Block>, Option<&Block>), since: Sec) -> Option<(News, Sec)> {
    match blocks {
        (None, Some(now)) => Some((News::Blocked, now.from)),
        (Some(was), None) => Some((News::Unblocked, was.to.max(since))),
        (Some(_), Some(_)) | (None, None) => None,
    }
}

fn moved(from: Option<Position>, last: &Visit, since: Sec) -> Option<(News, Sec)> {
    if last.from < since {
        return None;
    }
    let news = match (from, last.position) {
        (Some(from), to) if from == to => News::Moved,
        (_, Position::Cancelled | Position::Deleted) => News::Left,
        (None, _) => News::New,
        (Some(_), _) => News::Moved,
    };
    Some((news, last.from))
}
