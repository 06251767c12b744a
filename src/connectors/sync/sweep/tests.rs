use std::collections::BTreeSet;

use super::{Onward, Passage, Row, Rows, Sweep};
use crate::connectors::sync::kept::Kept;
use crate::connectors::sync::standing::Standing;
use crate::connectors::sync::{Grain, Paging, Question};
use crate::model::time::Millis;

/// Long after everything in these tests.
const LATER: Millis = Millis(1_000_000_000);

fn row(id: u64, second: i64) -> Row {
    Row {
        id: id.to_string(),
        updated: Millis(second * 1_000),
    }
}

fn page(total: u64, rows: &[Row]) -> Rows {
    Rows {
        listed: rows.iter().cloned().map(Some).collect(),
        total: Some(total),
        limit: 3,
        next: None,
    }
}

fn question(second: i64, offset: u64) -> Question {
    Question {
        since: Some(Millis(second * 1_000)),
        offset,
        next: None,
    }
}

/// A way through a list, and what of it is kept.
struct Walk {
    sweep: Sweep,
    kept: Kept,
    passage: Option<Passage>,
}

impl Walk {
    fn new(standing: &Standing, paging: Paging, grain: Grain) -> Self {
        Self {
            sweep: Sweep::from(standing, paging, grain),
            kept: Kept::from(standing, grain),
            passage: None,
        }
    }

    /// Takes a page as a poll does; returns what was fetched.
    fn take(&mut self, page: &Rows) -> (Vec<u64>, Onward) {
        self.read(page, LATER)
    }

    /// Takes a page that is fetched at `read`.
    fn read(&mut self, page: &Rows, read: Millis) -> (Vec<u64>, Onward) {
        let fresh = self.sweep.fresh(page);
        let passage = self.sweep.pass(page);
        for row in page.listed.iter().flatten() {
            if fresh.contains(&row.id) {
                self.kept.keep(&row.id, row.updated, read);
            }
        }
        self.passage = Some(passage);
        (numbers(&fresh), passage.onward)
    }

    /// Where a later poll goes on after the last page.
    fn standing(&mut self, now: Millis) -> Option<Standing> {
        self.kept
            .standing(self.passage.unwrap(), now, &BTreeSet::new())
    }
}

fn numbers(ids: &[String]) -> Vec<u64> {
    ids.iter().map(|id| id.parse().unwrap()).collect()
}

fn begin() -> Walk {
    Walk::new(&Standing::default(), Paging::Offset, Grain::Fine)
}

#[test]
fn a_page_begins_where_the_last_one_ended_in_time() {
    let mut walk = begin();
    let first = page(5, &[row(1, 10), row(2, 20), row(3, 30)]);
    assert_eq!(walk.take(&first), (vec![1, 2, 3], Onward::More));
    assert_eq!(walk.sweep.question(), question(30, 0));
    let second = page(3, &[row(3, 30), row(4, 30), row(5, 50)]);
    assert_eq!(walk.take(&second), (vec![4, 5], Onward::End));
}

#[test]
fn among_issues_of_one_instant_the_next_page_begins_with_the_last_row() {
    let mut walk = begin();
    let first = page(6, &[row(1, 10), row(2, 10), row(3, 10)]);
    assert_eq!(walk.take(&first), (vec![1, 2, 3], Onward::More));
    assert_eq!(walk.sweep.question(), question(10, 0));
    assert_eq!(walk.take(&first), (vec![], Onward::More));
    assert_eq!(walk.sweep.question(), question(10, 2));
    let second = page(6, &[row(3, 10), row(4, 10), row(5, 10)]);
    assert_eq!(walk.take(&second), (vec![4, 5], Onward::More));
    assert_eq!(walk.sweep.question(), question(10, 4));
    let third = page(6, &[row(5, 10), row(6, 20)]);
    assert_eq!(walk.take(&third), (vec![6], Onward::End));
}

#[test]
fn a_list_that_moved_is_read_again_from_the_start_of_the_instant() {
    let mut walk = begin();
    let first = page(6, &[row(1, 10), row(2, 10), row(3, 10)]);
    walk.take(&first);
    walk.take(&first);
    // Issue 1 was updated: 3 stands where 2 was, and 4 would have been skipped by the next offset.
    let moved = page(6, &[row(4, 10), row(5, 10), row(6, 10)]);
    assert_eq!(walk.take(&moved), (vec![4, 5, 6], Onward::More));
    assert_eq!(walk.sweep.question(), question(10, 0));
}

#[test]
fn a_list_that_never_rests_is_given_up() {
    let mut walk = begin();
    let pages = [
        page(9, &[row(1, 10), row(2, 10), row(3, 10)]),
        page(9, &[row(4, 10), row(5, 10), row(6, 10)]),
    ];
    let last = (0..400)
        .map(|at| walk.take(&pages[at % 2]).1)
        .find(|onward| *onward != Onward::More);
    assert_eq!(last, Some(Onward::Lost));
}

#[test]
fn a_standing_goes_on_after_the_last_update() {
    let mut walk = begin();
    walk.take(&page(3, &[row(1, 10), row(2, 20), row(3, 20)]));
    let standing = walk.standing(LATER).unwrap();
    let mut again = Sweep::from(&standing, Paging::Offset, Grain::Fine);
    assert_eq!(again.question(), question(20, 0));
    let seen = page(2, &[row(2, 20), row(3, 20)]);
    assert_eq!(numbers(&again.fresh(&seen)), [0_u64; 0]);
    let newer = page(2, &[row(2, 21), row(4, 20)]);
    assert_eq!(numbers(&again.fresh(&newer)), [2, 4]);
}

#[test]
fn what_may_still_change_unseen_is_listed_again() {
    let mut walk = begin();
    let rows = [row(1, 10), row(2, 95), row(3, 99)];
    walk.read(&page(3, &rows), Millis(100_000));
    let standing = walk.standing(Millis(100_000));
    let mut again = Sweep::from(&standing.unwrap(), Paging::Offset, Grain::Fine);
    assert_eq!(again.question(), question(40, 0));
    let same = page(3, &[row(4, 50), row(2, 95), row(3, 99)]);
    // 4 became visible late; 3 was read in the second after its update, perhaps too early.
    assert_eq!(numbers(&again.fresh(&same)), [4, 3]);
}

#[test]
fn a_crowd_of_one_instant_is_passed_over_as_a_whole() {
    let mut walk = begin();
    let rows: Vec<Row> = (0..100).map(|id| row(id, 10)).collect();
    walk.take(&page(100, &rows));
    let soon = Millis(71_000);
    let standing = walk.standing(soon).unwrap();
    assert_eq!(
        Sweep::from(&standing, Paging::Offset, Grain::Fine).question(),
        question(10, 0)
    );
    let standing = walk.standing(LATER).unwrap();
    assert_eq!(
        Sweep::from(&standing, Paging::Offset, Grain::Fine).question(),
        question(12, 0)
    );
    assert!(standing.seen().is_empty());
}

#[test]
fn a_list_that_is_not_sorted_is_read_to_its_end_by_offset() {
    let mut walk = begin();
    let first = page(4, &[row(3, 30), row(2, 20), row(1, 10)]);
    assert_eq!(walk.take(&first), (vec![3, 2, 1], Onward::More));
    assert_eq!(walk.standing(LATER), None);
    assert_eq!(
        walk.sweep.question(),
        Question {
            since: None,
            offset: 2,
            next: None,
        }
    );
    let second = page(4, &[row(1, 10), row(0, 5)]);
    assert_eq!(walk.take(&second), (vec![0], Onward::End));
    let standing = walk.standing(LATER);
    assert_eq!(
        Sweep::from(&standing.unwrap(), Paging::Offset, Grain::Fine).question(),
        question(30, 0)
    );
}

#[test]
fn a_server_that_does_not_count_ends_with_a_page_that_is_not_full() {
    let uncounted = |rows: &[Row]| Rows {
        total: None,
        ..page(0, rows)
    };
    let mut walk = begin();
    let full = uncounted(&[row(1, 10), row(2, 20), row(3, 30)]);
    assert_eq!(walk.take(&full).1, Onward::More);
    assert_eq!(walk.take(&uncounted(&[row(3, 30)])).1, Onward::End);
    assert_eq!(begin().take(&uncounted(&[])).1, Onward::End);
}

#[test]
fn rows_that_cannot_be_read_do_not_stop_the_way() {
    let odd = Rows {
        listed: vec![None, None, None],
        total: Some(4),
        limit: 3,
        next: None,
    };
    let mut walk = begin();
    assert_eq!(walk.take(&odd), (vec![], Onward::More));
    assert_eq!(
        walk.sweep.question(),
        Question {
            since: None,
            offset: 3,
            next: None,
        }
    );
    assert_eq!(walk.take(&page(4, &[row(1, 10)])), (vec![1], Onward::End));
}

fn turning(next: Option<&str>, rows: &[Row]) -> Rows {
    Rows {
        next: next.map(str::to_owned),
        total: None,
        ..page(0, rows)
    }
}

#[test]
fn numbered_pages_go_by_time_and_by_number_within_an_instant() {
    let mut walk = Walk::new(&Standing::default(), Paging::Numbered, Grain::Fine);
    let first = turning(Some("2"), &[row(1, 10), row(2, 20)]);
    assert_eq!(walk.take(&first), (vec![1, 2], Onward::More));
    assert_eq!(walk.sweep.question(), question(20, 0));
    let crowd = turning(Some("2"), &[row(2, 20), row(3, 20)]);
    assert_eq!(walk.take(&crowd), (vec![3], Onward::More));
    let numbered = Question {
        next: Some("2".to_owned()),
        ..question(20, 0)
    };
    assert_eq!(walk.sweep.question(), numbered);
    let last = turning(None, &[row(4, 20)]);
    assert_eq!(walk.take(&last), (vec![4], Onward::End));
}

#[test]
fn a_token_is_followed_to_the_end_and_each_page_is_a_place_to_go_on_from() {
    let mut walk = Walk::new(&Standing::default(), Paging::Token, Grain::Fine);
    let first = turning(Some("b"), &[row(1, 10), row(2, 20)]);
    assert_eq!(walk.take(&first), (vec![1, 2], Onward::More));
    assert_eq!(walk.sweep.question().next.as_deref(), Some("b"));
    let standing = walk.standing(LATER);
    let again = Sweep::from(&standing.unwrap(), Paging::Token, Grain::Fine);
    assert_eq!(again.question(), question(20, 0));
    let last = turning(None, &[row(1, 30)]);
    assert_eq!(walk.take(&last), (vec![1], Onward::End));
}

#[test]
fn a_list_that_goes_round_in_circles_is_given_up() {
    for paging in [Paging::Numbered, Paging::Token, Paging::Newest] {
        let mut walk = Walk::new(&Standing::default(), paging, Grain::Fine);
        let same = turning(Some("2"), &[row(1, 10)]);
        let last = (0..4).map(|_| walk.take(&same).1).last();
        assert_eq!(last, Some(Onward::Lost), "{paging:?}");
    }
}

#[test]
fn the_newest_first_can_be_left_only_at_the_end() {
    let mut walk = Walk::new(&Standing::default(), Paging::Newest, Grain::Fine);
    walk.take(&turning(Some("b"), &[row(2, 20)]));
    assert_eq!(walk.standing(LATER), None);
    assert_eq!(
        walk.take(&turning(None, &[row(1, 10)])),
        (vec![1], Onward::End)
    );
    let standing = walk.standing(LATER);
    let mut again = Sweep::from(&standing.unwrap(), Paging::Newest, Grain::Fine);
    assert_eq!(
        numbers(&again.fresh(&turning(None, &[row(2, 20), row(1, 10)]))),
        [0; 0]
    );
    assert_eq!(
        numbers(&again.fresh(&turning(None, &[row(3, 21), row(1, 22)]))),
        [3, 1]
    );
}

#[test]
fn a_crowd_that_is_not_read_to_its_end_is_not_left_behind() {
    let crowd: Vec<Row> = (1..=100).map(|id| row(id, 10)).collect();
    for crowds in [1, 20] {
        let mut walk = begin();
        let mut count = 0;
        for _ in 0..crowds {
            let rows: Vec<Row> = (1..=100).map(|id| row(count + id, 10)).collect();
            count += 100;
            walk.take(&Rows {
                limit: 100,
                ..page(9_000, &rows)
            });
        }
        let standing = walk.standing(LATER).unwrap();
        assert_eq!(standing.since(), Some(Millis(10_000)));
        // A multitude is fetched again rather than carried.
        assert_eq!(standing.seen().len(), if crowds == 1 { 100 } else { 0 });
    }
    let mut walk = begin();
    walk.take(&Rows {
        limit: 200,
        ..page(100, &crowd)
    });
    let standing = walk.standing(LATER).unwrap();
    assert_eq!(standing.since(), Some(Millis(12_000)));
}

fn by_minutes() -> Walk {
    Walk::new(&Standing::default(), Paging::Numbered, Grain::Minutes)
}

fn numbered(rows: &[Row], next: Option<&str>) -> Rows {
    Rows {
        next: next.map(str::to_owned),
        ..page(99, rows)
    }
}

#[test]
fn a_tracker_that_understands_minutes_is_asked_from_the_minute_on() {
    let mut walk = by_minutes();
    let first = numbered(&[row(1, 61), row(2, 130), row(3, 150)], Some("a"));
    assert_eq!(walk.take(&first), (vec![1, 2, 3], Onward::More));
    assert_eq!(walk.sweep.question(), question(120, 0));
    // The whole minute comes again; what was kept of it is not fetched again.
    let second = numbered(&[row(2, 130), row(3, 150), row(4, 170)], Some("b"));
    assert_eq!(walk.take(&second), (vec![4], Onward::More));
    // Nothing later than the minute: the next page is asked for.
    assert_eq!(walk.sweep.question().next.as_deref(), Some("b"));
    let third = numbered(&[row(5, 175), row(6, 200)], None);
    assert_eq!(walk.take(&third), (vec![5, 6], Onward::End));
    let standing = walk.standing(LATER).unwrap();
    assert_eq!(standing.since(), Some(Millis(180_000)));
    assert_eq!(standing.seen().into_keys().collect::<Vec<_>>(), ["6"]);
}

#[test]
fn what_lies_before_the_question_is_not_fetched_again() {
    let mut walk = by_minutes();
    walk.take(&numbered(&[row(1, 10), row(2, 7_000)], Some("a")));
    // A question in local time may reach back by hours.
    let second = numbered(&[row(1, 10), row(2, 7_000), row(3, 7_100)], None);
    assert_eq!(walk.take(&second), (vec![3], Onward::End));
}
