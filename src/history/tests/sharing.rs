//! Several at once.

use std::cell::RefCell;
use std::thread;

use super::*;

pub(super) fn several_may_make_the_same_history_at_once(place: &dyn Place) {
    for _ in 0..10 {
        let names: Vec<String> = (0..4).map(|at| at.to_string()).collect();
        thread::scope(|scope| {
            for name in &names {
                scope.spawn(move || {
                    let told = Batch {
                        source: source(name),
                        ..page(1, 1)
                    };
                    append(&mut *place.open(), &told);
                });
            }
        });
        assert_eq!(read(&mut *place.open(), Position(0)).len(), names.len());
    }
}

pub(super) fn two_writers_lose_nothing(place: &dyn Place) {
    let write = |name: &str| {
        let mut history = place.open();
        for at in 0..50 {
            append(
                &mut *history,
                &Batch {
                    source: source(name),
                    ..page(at, 2)
                },
            );
        }
    };
    thread::scope(|scope| {
        scope.spawn(|| write("a"));
        scope.spawn(|| write("b"));
    });
    let mut history = place.open();
    let read = read(&mut *history, Position(0));
    for name in ["a", "b"].map(source) {
        assert_eq!(read.iter().filter(|(of, _)| *of == name).count(), 100);
        assert_eq!(history.cursor(&name), Ok(Some(Cursor("49".to_owned()))));
    }
    assert_eq!(history.read(Position(0), &mut |_, _| ()), Ok(Position(100)));
}

pub(super) fn a_reader_beside_a_writer_sees_whole_batches_only(place: &dyn Place) {
    const ROUNDS: u64 = 300;
    let mut writer = place.open();
    let mut reader = place.open();
    thread::scope(|scope| {
        scope.spawn(move || {
            for round in 0..ROUNDS {
                let one = || vec![moved(&round.to_string(), 1, "7")];
                let items = ["x", "y", "z"].map(|id| item(id, one()));
                append(&mut *writer, &batch(items.into(), &round.to_string()));
            }
        });
        let mut since = Position(0);
        while since < Position(ROUNDS) {
            let mut events = Vec::new();
            let reached = reader
                .read(since, &mut |_, item| events.push(item.events.len() as u64))
                .expect("a reading");
            let want = if reached > since {
                vec![reached.0; 3]
            } else {
                vec![]
            };
            assert_eq!(events, want);
            since = reached;
        }
    });
}

pub(super) fn a_reading_is_of_one_moment(place: &dyn Place) {
    let mut history = place.open();
    let first = append(&mut *history, &page(1, 5));
    let mut writer = place.open();
    let mut seen = 0;
    let reached = history.read(Position(0), &mut |_, _| {
        seen += 1;
        append(&mut *writer, &page(1 + seen, 5));
    });
    assert_eq!((seen, reached), (5, Ok(first)));
    assert_eq!(read(&mut *history, first).len(), 25);
}

pub(super) fn a_history_that_was_made_anew_is_noticed(place: &dyn Place) {
    let mut old = place.open();
    append(&mut *old, &page(1, 1));
    let since = append(&mut *old, &page(2, 1));
    let mut new = place.anew();
    append(&mut *new, &page(1, 1));
    let reached = new.read(since, &mut |_, _| panic!("not asked for"));
    assert_eq!(reached, Ok(Position(1)));
}

pub(super) fn a_position_is_known_again_by_its_mark(place: &dyn Place) {
    let mark = |history: &mut dyn History, at| history.mark(Position(at)).expect("a mark");
    let mut history = place.open();
    append(&mut *history, &page(1, 2));
    let first = mark(&mut *history, 1);
    assert!(first.is_some(), "{first:?}");
    // What moves no position gives no mark.
    append(&mut *history, &batch(vec![], "further"));
    assert_eq!(
        (mark(&mut *history, 1), mark(&mut *history, 2)),
        (first, None)
    );
    append(&mut *history, &page(2, 1));
    let dropped = history.drop_items(Millis(100), &|_, found| found.item == "1-1");
    assert_eq!(dropped, Ok(1));
    let marks = [1, 2, 3, 4].map(|at| mark(&mut *place.open(), at));
    assert_eq!((marks[0], marks[3]), (first, None));
    assert!(marks[1].is_some() && marks[2].is_some() && marks[1] != marks[2]);

    let mut another = place.anew();
    append(&mut *another, &page(1, 2));
    let same_place = mark(&mut *another, 1);
    assert!(same_place.is_some() && same_place != first);
}

pub(super) fn an_item_that_changes_while_it_is_dropped_is_kept(place: &dyn Place) {
    let mut history = place.open();
    append(&mut *history, &page(1, 3));
    let writer = RefCell::new(place.open());
    let dropped = history.drop_items(Millis(100), &|_, found| {
        if found.item == "1-1" {
            let reopened = item("1-1", vec![moved("again", 200, "1")]);
            append(&mut **writer.borrow_mut(), &batch(vec![reopened], "2"));
        }
        true
    });
    assert_eq!(dropped, Ok(2));
    assert_eq!(changed(&mut *history, Position(0)), [("1-1".to_owned(), 4)]);
}
