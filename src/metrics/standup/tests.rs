use super::{Concern, News, Since, Standup, is_urgent};
use crate::metrics::fixture::{self, Item};
use crate::metrics::{AsOf, Measures, Question, measure, story};
use crate::model::event::fact;
use crate::model::id::{ItemIx, SourceName, StageIx};
use crate::model::log::{LogBuilder, MarkKind};
use crate::model::snapshot::{Setting, Snapshot};
use crate::model::stage::{Condition, State};
use crate::model::stream::Stream;
use crate::model::time::{DAY_SECS, Millis, Sec};
use crate::model::timeline::Position;
use proptest::prelude::*;
use std::sync::Arc;

const BACKLOG: Position = Position::Stage(StageIx(0));
const READY: Position = Position::Stage(StageIx(1));
const BUILD: Position = Position::Stage(StageIx(2));
const DONE: Position = Position::Stage(StageIx(3));

fn day(day: i64) -> Sec {
    Millis(day * DAY_SECS * 1000).floor().unwrap()
}

fn measures(snapshot: &Snapshot, as_of: Sec) -> Measures {
    measure(snapshot, &Question::about(snapshot, 0, AsOf::At(as_of))).unwrap()
}

fn standup(snapshot: &Snapshot, as_of: Sec, last: Option<Sec>) -> Standup {
    Standup::of(snapshot, 0, &measures(snapshot, as_of), last)
}

/// Moves as (day, status), then a mark as (day, kind), then a priority.
type Life<'a> = (&'a [(i64, &'a str)], &'a [(i64, MarkKind)], &'a str);

fn world(stream: Stream, lives: &[Life<'_>]) -> Snapshot {
    let mut builder = LogBuilder::new();
    let source = builder.source(&SourceName::new("tracker")).unwrap();
    let priority = builder.fact(fact::PRIORITY.into()).unwrap();
    for (number, (moves, marks, urgency)) in lives.iter().enumerate() {
        let item = builder.item(source, &number.to_string()).unwrap();
        let at = |day: i64| Millis(day * DAY_SECS * 1000);
        builder.created(item, at(moves[0].0));
        for (day, status) in *moves {
            let status = builder.status(source, status, status).unwrap();
            builder.moved(item, at(*day), status);
        }
        for (day, mark) in *marks {
            builder.mark(item, at(*day), *mark);
        }
        if !urgency.is_empty() {
            let value = builder.symbol(urgency);
            builder.set(item, at(moves[0].0), priority, value);
        }
    }
    let log = Arc::new(builder.finish());
    Snapshot::new(log, &[Arc::new(stream)], Setting::default(), 1)
}

fn stopped() -> MarkKind {
    let mut builder = LogBuilder::new();
    MarkKind::Blocked(builder.symbol(""))
}

#[test]
fn changes_since_the_last_walk_worked_by_hand() {
    let stop = stopped();
    let lives: [Life<'_>; 9] = [
        (&[(1, "Ready"), (12, "Build")], &[], ""),
        (&[(1, "Ready"), (2, "Build"), (11, "Done")], &[], ""),
        (&[(1, "Ready")], &[(13, stop)], ""),
        (&[(1, "Build")], &[(5, stop), (12, MarkKind::Unblocked)], ""),
        (&[(11, "Backlog")], &[], ""),
        (&[(1, "Build"), (12, "Cancelled")], &[], ""),
        (&[(1, "Build"), (11, "Ready"), (13, "Build")], &[], ""),
        (&[(1, "Build")], &[], ""),
        (&[(1, "Build")], &[(5, stop)], ""),
    ];
    let snapshot = world(fixture::stream(), &lives);
    let agenda = standup(&snapshot, day(14), Some(day(10)));
    assert_eq!(agenda.since, Since::LastWalk(day(10)));
    let changes: Vec<_> = agenda
        .changes
        .iter()
        .map(|one| (one.item.0, one.news, one.at, one.from, one.to))
        .collect();
    let expected = [
        (1, News::Finished, day(11), Some(BUILD), DONE),
        (2, News::Blocked, day(13), Some(READY), READY),
        (3, News::Unblocked, day(12), Some(BUILD), BUILD),
        (6, News::Moved, day(13), Some(BUILD), BUILD),
        (0, News::Moved, day(12), Some(READY), BUILD),
        (4, News::New, day(11), None, BACKLOG),
        (5, News::Left, day(12), Some(BUILD), Position::Cancelled),
    ];
    assert_eq!(changes, expected);
}

#[test]
fn without_a_walk_before_a_day_is_told() {
    let snapshot = fixture::board(&[(1, "Ready"), (12, "Build")]);
    let day_before = Since::ADay(day(13));
    for last in [None, Some(day(14)), Some(day(20))] {
        let agenda = standup(&snapshot, day(14), last);
        assert_eq!(agenda.since, day_before, "{last:?}");
        assert!(agenda.changes.is_empty());
    }
    let agenda = standup(&snapshot, day(12).plus(1), None);
    assert_eq!(agenda.changes.len(), 1);
}

#[test]
fn what_another_day_costs_worked_by_hand() {
    let stop = stopped();
    let mut stream = fixture::stream();
    stream.stages[1].stale_after = Some(5 * DAY_SECS);
    stream.stages[2].stale_after = Some(90 * DAY_SECS);
    // Ten finished items left Ready at an age of one day and Build at ten: those are the bands.
    let done: &[(i64, &str)] = &[(1, "Ready"), (2, "Build"), (11, "Done")];
    let mut lives: Vec<Life<'_>> = vec![(done, &[], ""); 10];
    let blocked_long: &[(i64, MarkKind)] = &[(20, stop)];
    let blocked_late: &[(i64, MarkKind)] = &[(28, stop)];
    lives.extend([
        (&[(29, "Build")][..], &[][..], "Low"),
        (&[(29, "Build")], &[], "1 - Critical"),
        (&[(15, "Build")], &[], "Highest"),
        (&[(29, "Ready")], blocked_late, ""),
        (&[(19, "Ready")], blocked_long, ""),
        (&[(27, "Build")], blocked_late, ""),
        (&[(14, "Build")], &[], ""),
        (&[(29, "Backlog")], &[], "Blocker"),
    ]);
    let snapshot = world(stream.clone(), &lives);
    let agenda = standup(&snapshot, day(30), None);
    let called: Vec<(u32, Concern)> = agenda
        .items
        .iter()
        .map(|one| (one.open.item.0, one.concern))
        .collect();
    let expected = [
        (15, Concern::Blocked),
        (14, Concern::Blocked),
        (13, Concern::Blocked),
        (16, Concern::OverPace),
        (12, Concern::OverPace),
        (11, Concern::Expedite),
        (10, Concern::Fine),
    ];
    assert_eq!(called, expected);
    assert_eq!(agenda.calling(), 6);
    // Without anything finished there are no bands: what waits longer than its threshold is stale.
    let lives: [Life<'_>; 2] = [(&[(20, "Ready")], &[], ""), (&[(26, "Ready")], &[], "")];
    let agenda = standup(&world(stream, &lives), day(30), None);
    let called: Vec<Concern> = agenda.items.iter().map(|one| one.concern).collect();
    assert_eq!(called, [Concern::Stale, Concern::Fine]);
}

#[test]
fn priorities_that_say_before_all_others() {
    let urgent = [
        "Urgent",
        "1 - Critical",
        "Highest",
        "P0",
        "expedite!",
        "Immediate",
    ];
    assert!(urgent.into_iter().all(is_urgent));
    let usual = ["", "High", "Normal", "2", "P1", "uncritical", "Major"];
    assert!(!usual.into_iter().any(is_urgent));
}

fn status() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "Backlog",
        "Ready",
        "Build",
        "Done",
        "Cancelled",
        "Elsewhere",
    ])
}

fn moves() -> impl Strategy<Value = Vec<(i64, &'static str)>> {
    prop::collection::vec((1_i64..30, status()), 1..6).prop_map(|mut moves| {
        moves.sort_by_key(|(day, _)| *day);
        moves
    })
}

fn marks() -> impl Strategy<Value = Vec<(i64, MarkKind)>> {
    let kind = prop::sample::select(vec![stopped(), MarkKind::Unblocked]);
    prop::collection::vec((1_i64..30, kind), 0..4)
}

/// Where an item stood at an instant and whether it was stopped, by its story as of then.
fn standing(snapshot: &Snapshot, item: ItemIx, at: Sec) -> (Option<Position>, bool) {
    let Some(told) = story(snapshot, 0, item, at) else {
        return (None, false);
    };
    let position = told.visits.last().map(|visit| visit.position);
    (position, told.blocks.iter().any(|block| block.to.is_none()))
}

proptest! {
    /// By plain means: two pictures of every item, one as of the last walk, one of now.
    #[test]
    fn changes_are_the_difference_of_two_pictures(
        lives in prop::collection::vec((moves(), marks()), 1..12),
        last in 2_i64..29,
    ) {
        let borrowed: Vec<Life<'_>> = lives.iter().map(|(moves, marks)| {
            (moves.as_slice(), marks.as_slice(), "")
        }).collect();
        let snapshot = world(fixture::stream(), &borrowed);
        let agenda = standup(&snapshot, day(30), Some(day(last)));
        for item in snapshot.log().items() {
            let told = agenda.changes.iter().find(|one| one.item == item);
            let (before, was) = standing(&snapshot, item, day(last));
            let (now, is) = standing(&snapshot, item, day(30));
            let committed = now == Some(READY) || now == Some(BUILD);
            let differs = before != now || (committed && was != is);
            prop_assert!(told.is_some() || !differs, "{item:?} {before:?} {now:?}");
            if let Some(told) = told {
                prop_assert_eq!((told.from, Some(told.to)), (before, now));
                let finished = now == Some(DONE) && before != Some(DONE);
                prop_assert_eq!(told.news == News::Finished, finished);
                prop_assert_eq!(told.news == News::Blocked, committed && is && !was);
                prop_assert_eq!(told.news == News::Unblocked, committed && was && !is);
                prop_assert!(told.at >= day(last) && told.at < day(30));
                prop_assert!(differs || told.news == News::Moved, "away and back");
            }
        }
    }

    /// By plain means: each concern in turn picks from what is in progress, stage by stage from
    /// the right.
    #[test]
    fn the_agenda_is_every_item_in_progress_once_in_order(
        lives in prop::collection::vec((moves(), marks()), 1..12),
    ) {
        let borrowed: Vec<Life<'_>> = lives.iter().map(|(moves, marks)| {
            (moves.as_slice(), marks.as_slice(), "")
        }).collect();
        let snapshot = world(fixture::stream(), &borrowed);
        let answer = measures(&snapshot, day(30));
        let agenda = standup(&snapshot, day(30), None);
        let mut left: Vec<_> = answer.open.iter().filter(|one| one.state == State::InProgress).collect();
        let mut expected = Vec::new();
        for concern in Concern::ALL {
            for stage in [2_u8, 1] {
                let holds = |one: &&crate::metrics::OpenItem| one.stage == StageIx(stage) && match concern {
                    Concern::Blocked => one.block.is_some(),
                    Concern::OverPace => answer.stages[usize::from(stage)].pace
                        .is_some_and(|bands| one.age.unwrap() > bands[2]),
                    Concern::Stale => one.condition == Some(Condition::Stale),
                    Concern::Expedite => false,
                    Concern::Fine => true,
                };
                let mut taken: Vec<_> = left.iter().copied().filter(holds).collect();
                left.retain(|one| !holds(one));
                taken.sort_by_key(|one| match concern {
                    Concern::Blocked => (i64::from(one.block.as_ref().unwrap().since.0), one.item),
                    Concern::Stale => (-one.in_stage, one.item),
                    _ => (-one.age.unwrap(), one.item),
                });
                expected.extend(taken.into_iter().map(|one| (one.item, concern)));
            }
        }
        let told: Vec<_> = agenda.items.iter().map(|one| (one.open.item, one.concern)).collect();
        prop_assert_eq!(told, expected);
    }
}

#[test]
fn items_of_the_plain_fixture_are_called() {
    let items: [Item<'_>; 2] = [
        ("A", "Story", &[(1, "Ready")]),
        ("B", "Bug", &[(2, "Build")]),
    ];
    let snapshot = fixture::snapshot(fixture::stream(), &items);
    let agenda = standup(&snapshot, day(3), None);
    let keys = agenda.items.iter();
    let keys: Vec<&str> = keys.map(|one| snapshot.log().key(one.open.item)).collect();
    assert_eq!(keys, ["B", "A"], "right to left");
}
