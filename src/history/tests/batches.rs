//! What batches leave behind.

use std::borrow::Cow;

use super::*;
use crate::history::Appended;
use crate::model::event::fact;

fn awkward_texts() -> [String; 6] {
    [
        String::new(),
        "a\0b\0".to_owned(),
        "\u{1F469}\u{200D}\u{1F4BB} Übergröße \u{202e}rtl".to_owned(),
        "'; DROP TABLE event; --\r\n\t".to_owned(),
        "\u{feff}\u{10ffff}".to_owned(),
        "x".repeat(1 << 20),
    ]
}

fn changes_with(text: &str) -> Vec<Change> {
    let text = || text.to_owned();
    let set = |fact: Cow<'static, str>, old, new| Change::Set { fact, old, new };
    vec![
        Change::Created {
            status: Some(text()),
        },
        Change::Moved { to: text() },
        set(fact::TITLE.into(), Some(text()), Some(text())),
        set(fact::LABEL.into(), Some(text()), None),
        set(text().into(), None, Some(text())),
        Change::Blocked {
            reason: Some(text()),
        },
        Change::Linked {
            kind: text(),
            to: text(),
        },
        Change::Unlinked {
            kind: text(),
            to: text(),
        },
        Change::Deployed {
            environment: text(),
        },
    ]
}

fn changes_without_text() -> Vec<Change> {
    vec![
        Change::Created { status: None },
        Change::Set {
            fact: fact::TEAM.into(),
            old: None,
            new: None,
        },
        Change::Blocked { reason: None },
        Change::Unblocked,
        Change::IncidentOpened,
        Change::IncidentResolved,
        Change::Deleted,
    ]
}

pub(super) fn every_change_and_every_text_comes_back(place: &dyn Place) {
    let texts = awkward_texts();
    let mut changes = changes_without_text();
    changes.extend(texts.iter().flat_map(|text| changes_with(text)));
    let events: Vec<Event> = changes
        .into_iter()
        .zip(0..)
        .map(|(change, at)| event(&format!("e{at:03}"), at, change))
        .collect();
    let mut told: Vec<ItemHistory> = vec![whole("all", events)];
    told.extend(
        texts
            .iter()
            .map(|text| whole(text, vec![moved(text, 1, text)])),
    );
    let told = Batch {
        statuses: texts.iter().map(|text| status(text, text)).collect(),
        ..batch(told, &texts[1])
    };

    let mut history = place.open();
    append(&mut *history, &told);

    let items: Vec<ItemHistory> = read(&mut *history, Position(0))
        .into_iter()
        .map(|(_, item)| item)
        .collect();
    assert!(items == told.items, "what comes back is not what was told");
    assert!(history.statuses(&told.source).expect("statuses") == told.statuses);
    assert_eq!(history.cursor(&told.source), Ok(told.cursor));
}

pub(super) fn numbers_come_back_to_their_last_bit(place: &dyn Place) {
    let extreme = |id: &str, at, seq| Event {
        seq,
        approximate: true,
        ..event(id, at, Change::Unblocked)
    };
    let events = vec![
        extreme("a", i64::MIN, 0),
        extreme("b", i64::MIN, u64::MAX),
        extreme("c", i64::MAX, 1 << 63),
    ];
    let mut history = place.open();
    append(&mut *history, &batch(vec![item("1", events.clone())], "c"));
    let read = read(&mut *history, Position(0));
    assert_eq!(read, [(source("tracker"), whole("1", events))]);
}

pub(super) fn events_come_by_instant_then_sequence_then_id(place: &dyn Place) {
    let with = |id: &str, at, seq| Event {
        seq,
        ..moved(id, at, "1")
    };
    let told = vec![
        with("e", 2, 0),
        with("d", 1, 2),
        with("c", 1, 10),
        with("b", 1, 2),
        with("a", 3, 0),
    ];
    let mut history = place.open();
    append(&mut *history, &batch(vec![item("1", told)], "c"));
    let read = read(&mut *history, Position(0));
    let ids: Vec<&str> = read[0]
        .1
        .events
        .iter()
        .map(|event| event.id.as_str())
        .collect();
    assert_eq!(ids, ["b", "d", "c", "e", "a"]);
}

pub(super) fn items_come_source_by_source_in_the_order_of_the_first_append(place: &dyn Place) {
    let of = |name: &str, ids: [&str; 2]| Batch {
        source: source(name),
        ..batch(ids.map(|id| item(id, vec![moved("1", 1, "1")])).into(), "c")
    };
    let mut history = place.open();
    append(&mut *history, &of("zebra", ["9", "5"]));
    append(&mut *history, &of("ant", ["9", "1"]));
    append(&mut *history, &of("zebra", ["1", "9"]));
    let order: Vec<String> = read(&mut *history, Position(0))
        .iter()
        .map(|(source, item)| format!("{source}:{}", item.item))
        .collect();
    assert_eq!(order, ["zebra:9", "zebra:5", "zebra:1", "ant:9", "ant:1"]);
}

pub(super) fn only_the_sources_that_are_asked_for_are_read(place: &dyn Place) {
    let mut history = place.open();
    let of = |name: &str| Batch {
        source: source(name),
        ..page(1, 2)
    };
    let first = append(&mut *history, &of("a"));
    append(&mut *history, &of("b"));
    let last = append(&mut *history, &of("c"));
    let mut read = |since, names: &[&str]| {
        let (mut found, names) = (Vec::new(), names.iter().copied().map(source));
        let names: Vec<SourceName> = names.collect();
        let reached = history.read_of(&names, since, &mut |source, item| {
            found.push(format!("{source}:{}", item.item));
        });
        (reached, found.join(" "))
    };
    let told = |text: &str| (Ok(last), text.to_owned());
    let two = read(Position(0), &["c", "a", "none"]);
    assert_eq!(two, told("a:1-0 a:1-1 c:1-0 c:1-1"));
    assert_eq!(read(first, &["a", "b"]), told("b:1-0 b:1-1"));
    assert_eq!(read(Position(0), &[]), told(""));
}

pub(super) fn telling_the_same_again_changes_nothing(place: &dyn Place) {
    let told = Batch {
        statuses: vec![status("7", "Review")],
        ..page(1, 3)
    };
    let mut history = place.open();
    let first = history.append(&told);
    assert_eq!(
        first,
        Ok(Appended {
            new_events: 9,
            position: Position(1)
        })
    );
    let again = history.append(&told);
    assert_eq!(
        again,
        Ok(Appended {
            new_events: 0,
            position: Position(1)
        })
    );
    let mut replaced = told.clone();
    replaced
        .items
        .iter_mut()
        .for_each(|item| item.replace = true);
    let replaced = history.append(&replaced);
    assert_eq!(
        replaced,
        Ok(Appended {
            new_events: 0,
            position: Position(1)
        })
    );
    assert_eq!(changed(&mut *history, Position(1)), []);
}

pub(super) fn a_cursor_alone_moves_on_without_a_change(place: &dyn Place) {
    let mut history = place.open();
    let position = append(&mut *history, &page(1, 1));
    assert_eq!(append(&mut *history, &batch(vec![], "further")), position);
    let cursor = |text: &str| Ok(Some(Cursor(text.to_owned())));
    assert_eq!(history.cursor(&source("tracker")), cursor("further"));
    append(&mut *history, &Batch::empty(source("tracker")));
    assert_eq!(history.cursor(&source("tracker")), cursor("further"));
    assert_eq!(history.cursor(&source("other")), Ok(None));

    history
        .forget_cursor(&source("tracker"))
        .expect("forgotten");
    assert_eq!(history.cursor(&source("tracker")), Ok(None));
    assert_eq!(changed(&mut *history, Position(0)), [("1-0".to_owned(), 3)]);
}

pub(super) fn a_renamed_status_moves_the_position_and_no_item(place: &dyn Place) {
    let named = |names: &[(&str, &str)]| Batch {
        statuses: names.iter().map(|(id, name)| status(id, name)).collect(),
        ..Batch::empty(source("tracker"))
    };
    let mut history = place.open();
    let first = append(&mut *history, &page(1, 1));
    let second = append(&mut *history, &named(&[("9", "New"), ("7", "Review")]));
    let third = append(&mut *history, &named(&[("7", "In review")]));
    assert!(first < second && second < third);
    assert_eq!(append(&mut *history, &named(&[("7", "In review")])), third);
    assert_eq!(
        history.read(first, &mut |_, _| panic!("no item changed")),
        Ok(third)
    );
    let statuses = history.statuses(&source("tracker"));
    assert_eq!(
        statuses,
        Ok(vec![status("9", "New"), status("7", "In review")])
    );
    assert_eq!(history.statuses(&source("other")), Ok(vec![]));
}

pub(super) fn a_corrected_event_takes_the_place_of_the_old_one(place: &dyn Place) {
    let mut history = place.open();
    let first = append(
        &mut *history,
        &batch(vec![item("1", vec![moved("a", 5, "x")])], "1"),
    );
    let told = batch(vec![item("1", vec![moved("a", 4, "y")])], "2");
    let second = history.append(&told).expect("an append");
    assert_eq!(second.new_events, 0);
    assert!(second.position > first);
    assert_eq!(read(&mut *history, first)[0].1.events, [moved("a", 4, "y")]);
}

pub(super) fn a_correction_of_any_part_is_seen(place: &dyn Place) {
    let set = |fact: &'static str, old: Option<&str>, new: Option<&str>| Change::Set {
        fact: fact.into(),
        old: old.map(str::to_owned),
        new: new.map(str::to_owned),
    };
    let first = Event {
        approximate: true,
        ..event("a", 5, set(fact::TEAM, None, Some("x")))
    };
    let exact = |at, seq, change: Change| Event {
        seq,
        ..event("a", at, change)
    };
    let mut history = place.open();
    append(&mut *history, &batch(vec![item("1", vec![first])], "c"));
    for better in [
        exact(5, 0, set(fact::TEAM, None, Some("x"))),
        exact(6, 0, set(fact::TEAM, None, Some("x"))),
        exact(6, 1, set(fact::TEAM, None, Some("x"))),
        exact(6, 1, set(fact::TEAM, Some("w"), Some("x"))),
        exact(6, 1, set(fact::TEAM, Some("w"), None)),
        exact(6, 1, set(fact::TYPE, Some("w"), None)),
        exact(6, 1, Change::Unblocked),
    ] {
        append(
            &mut *history,
            &batch(vec![item("1", vec![better.clone()])], "c"),
        );
        assert_eq!(read(&mut *history, Position(0))[0].1.events, [better]);
    }
}

pub(super) fn the_first_sighting_of_an_approximate_event_stands(place: &dyn Place) {
    let seen = |at, to: &str| Event {
        approximate: true,
        ..moved("a", at, to)
    };
    let told = |event: &Event| batch(vec![item("1", vec![event.clone()])], "c");
    let mut history = place.open();
    let first = append(&mut *history, &told(&seen(5, "x")));
    assert_eq!(append(&mut *history, &told(&seen(9, "x"))), first);
    assert_eq!(read(&mut *history, Position(0))[0].1.events, [seen(5, "x")]);

    for better in [seen(9, "y"), moved("a", 3, "y")] {
        append(&mut *history, &told(&better));
        assert_eq!(read(&mut *history, Position(0))[0].1.events, [better]);
    }
    let exact = moved("a", 3, "y");
    append(&mut *history, &told(&seen(12, "y")));
    assert_eq!(read(&mut *history, Position(0))[0].1.events, [exact]);
}

pub(super) fn a_replaced_item_has_only_what_was_told_last(place: &dyn Place) {
    let mut history = place.open();
    let first = append(&mut *history, &page(1, 2));
    let told = vec![moved("1-0-1", 1, "7"), moved("new", 2, "8")];
    let second = history.append(&batch(vec![whole("1-0", told.clone())], "2"));
    assert_eq!(
        second,
        Ok(Appended {
            new_events: 1,
            position: Position(2)
        })
    );
    let read = read(&mut *history, first);
    assert_eq!(read, [(source("tracker"), whole("1-0", told))]);
}

pub(super) fn an_item_that_lost_everything_is_told_as_empty_to_those_who_knew_it(
    place: &dyn Place,
) {
    let mut history = place.open();
    let first = append(&mut *history, &page(1, 2));
    append(&mut *history, &batch(vec![whole("1-0", vec![])], "2"));
    assert_eq!(changed(&mut *history, first), [("1-0".to_owned(), 0)]);
    assert_eq!(changed(&mut *history, Position(0)), [("1-1".to_owned(), 3)]);
}

pub(super) fn retention_drops_whole_items_that_are_old_and_over(place: &dyn Place) {
    let mut history = place.open();
    let ending = |id: &str, at| item(id, vec![moved("a", 1, "1"), moved("b", at, "done")]);
    let told =
        ["old", "old and open", "young"].map(|id| ending(id, if id == "young" { 10 } else { 9 }));
    let first = append(&mut *history, &batch(told.into(), "c"));

    let dropped = history.drop_items(Millis(10), &|source, item| {
        source.as_str() == "tracker" && item.item != "old and open"
    });
    assert_eq!(dropped, Ok(1));
    assert_eq!(changed(&mut *history, first), [("old".to_owned(), 0)]);
    let left = [("old and open".to_owned(), 2), ("young".to_owned(), 2)];
    assert_eq!(changed(&mut *history, Position(0)), left);
    assert_eq!(
        history.drop_items(Millis(10), &|_, item| item.item == "old"),
        Ok(0)
    );
    let again = append(&mut *history, &batch(vec![ending("old", 11)], "d"));
    assert_eq!(again, Position(3));
    assert_eq!(changed(&mut *history, Position(2)), [("old".to_owned(), 2)]);
}

pub(super) fn what_a_source_has_no_more_is_dropped_and_what_came_meanwhile_stays(
    place: &dyn Place,
) {
    let mut history = place.open();
    let told = |id: &str| item(id, vec![moved("0", 1, "1")]);
    let before = append(&mut *history, &batch(vec![told("kept"), told("gone")], "c"));
    let other = Batch {
        source: SourceName::new("other"),
        ..batch(vec![told("gone")], "c")
    };
    let before = before.max(append(&mut *history, &other));
    assert_eq!(history.position(), Ok(before));
    append(&mut *history, &batch(vec![told("younger")], "d"));
    let tracker = SourceName::new("tracker");
    let dropped = history.drop_others(&tracker, before, &|id| id == "kept");
    assert_eq!(dropped, Ok(1));
    let left = [("kept", 1), ("younger", 1), ("gone", 1)].map(|(id, n)| (id.to_owned(), n));
    assert_eq!(changed(&mut *history, Position(0)), left);
    let again = history.drop_others(&tracker, before, &|id| id == "kept");
    assert_eq!(again, Ok(0));
}
