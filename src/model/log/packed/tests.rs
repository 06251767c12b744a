//! What is packed comes back as it was, and nothing else comes back.

use std::io::ErrorKind;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::model::batch::{ItemHistory, StatusName};
use crate::model::event::{Change, Event};
use crate::model::id::SourceName;
use crate::model::log::{Log, LogBuilder};
use crate::model::time::Millis;

/// Texts as trackers have them: none, short, any Unicode.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        select(vec![
            "",
            "a",
            "b",
            "Zäune",
            "日本語",
            "\u{0}\u{1f}",
            "🇩🇪e\u{301}\u{202e}x"
        ])
        .prop_map(str::to_owned),
        "\\PC{0,12}",
    ]
}

fn change() -> impl Strategy<Value = Change> {
    let fact = select(vec![
        "title",
        "key",
        "url",
        "type",
        "team",
        "parent",
        "own field",
    ]);
    prop_oneof![
        option::of(text()).prop_map(|status| Change::Created { status }),
        text().prop_map(|to| Change::Moved { to }),
        (fact, option::of(text())).prop_map(|(fact, new)| Change::Set {
            fact: fact.into(),
            old: None,
            new,
        }),
        option::of(text()).prop_map(|reason| Change::Blocked { reason }),
        Just(Change::Unblocked),
        (text(), text()).prop_map(|(kind, to)| Change::Linked { kind, to }),
        (text(), text()).prop_map(|(kind, to)| Change::Unlinked { kind, to }),
        text().prop_map(|environment| Change::Deployed { environment }),
        Just(Change::IncidentOpened),
        Just(Change::IncidentResolved),
        Just(Change::Deleted),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    let at = prop_oneof![0..9_000_i64, -5_000..5_000_000_000_000_i64];
    (any::<u16>(), at, 0..4_u64, any::<bool>(), change()).prop_map(
        |(id, at, seq, approximate, change)| Event {
            id: id.to_string(),
            at: Millis(at),
            seq,
            approximate,
            change,
        },
    )
}

/// A log of up to three sources.
fn logs() -> impl Strategy<Value = Log> {
    let item = (0..3_usize, text(), vec(event(), 0..6));
    (vec(text(), 3), vec(item, 0..12)).prop_map(|(names, items)| {
        let mut builder = LogBuilder::new();
        let source = |at: usize| SourceName::new(&format!("{at} {}", names[at]));
        for (at, name) in names.iter().enumerate() {
            let source = builder.source(&source(at)).unwrap();
            let (id, name) = ("a".to_owned(), name.clone());
            builder
                .statuses(source, &[StatusName { id, name }])
                .unwrap();
        }
        for (at, item, events) in items {
            let source = builder.source(&source(at)).unwrap();
            let replace = true;
            let history = ItemHistory {
                item,
                replace,
                events,
            };
            builder.history(source, history).unwrap();
        }
        builder.finish()
    })
}

fn packed(log: &Log) -> Vec<u8> {
    let mut bytes = Vec::new();
    log.pack(&mut bytes).unwrap();
    bytes
}

fn unpacked(bytes: &[u8]) -> std::io::Result<Log> {
    Log::unpack(bytes, bytes.len() as u64)
}

/// Every column, position by position.
fn all_of(log: &Log) -> String {
    let texts: Vec<_> = (0..log.item_count())
        .map(|row| [&log.ids, &log.keys, &log.titles, &log.urls].map(|texts| texts.get(row)))
        .collect();
    let symbols: Vec<_> = log.symbols.iter().collect();
    let found: Vec<_> = symbols
        .iter()
        .map(|(_, text)| log.symbols.find(text))
        .collect();
    format!(
        "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        (&log.sources, &log.statuses, &log.item_source),
        log.first_events,
        texts,
        log.offsets,
        log.move_at,
        log.move_to,
        symbols,
        found,
        log.facts,
        log.marks,
        log.disorders,
        log.earliest,
        log.last_event,
    )
}

proptest! {
    #[test]
    fn what_is_packed_comes_back(log in logs()) {
        let bytes = packed(&log);
        let back = unpacked(&bytes).unwrap();
        prop_assert_eq!(all_of(&back), all_of(&log));
        prop_assert_eq!(packed(&back), bytes);
    }

    /// Without a digest some other log may come back, but a whole one.
    #[test]
    fn no_bytes_bring_weir_down(log in logs(), flips in vec((any::<prop::sample::Index>(), 1..=255_u8), 1..4)) {
        let mut bytes = packed(&log);
        for (place, flip) in flips {
            let at = place.index(bytes.len());
            bytes[at] ^= flip;
        }
        if let Ok(log) = unpacked(&bytes) {
            all_of(&log);
            log.last_events();
            log.statuses_used();
            log.environments();
            for item in log.items() {
                log.moves(item);
                log.marks(item);
            }
        }
    }
}

#[test]
fn bytes_that_end_early_are_no_log() {
    let mut runner = TestRunner::deterministic();
    let any = || logs().new_tree(&mut runner).unwrap().current();
    let is_rich = |log: &Log| log.item_count() > 3 && log.facts.len() > 1 && log.has_marks();
    let log = std::iter::repeat_with(any).find(is_rich).unwrap();
    let bytes = packed(&log);
    for length in 0..bytes.len() {
        assert!(unpacked(&bytes[..length]).is_err(), "cut at {length}");
    }
}

#[test]
fn a_length_that_nobody_has_the_bytes_for_takes_no_memory() {
    let mut bytes = packed(&Log::default());
    bytes[..8].copy_from_slice(&(1_u64 << 60).to_le_bytes());
    let error = unpacked(&bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidData);
}

#[test]
fn a_changed_layout_needs_another_number() {
    let mut builder = LogBuilder::new();
    let source = builder.source(&SourceName::new("tracker")).unwrap();
    let set = |fact: &'static str| Change::Set {
        fact: fact.into(),
        old: None,
        new: Some(fact.to_owned()),
    };
    let changes = [
        Change::Created {
            status: Some("new".to_owned()),
        },
        set("title"),
        set("team"),
        Change::Blocked { reason: None },
    ];
    let events = changes.into_iter().zip(1..).map(|(change, at)| Event {
        id: at.to_string(),
        at: Millis(i64::from(at) * 1_000),
        seq: 0,
        approximate: at == 2,
        change,
    });
    let history = ItemHistory {
        item: "1".to_owned(),
        replace: true,
        events: events.collect(),
    };
    builder.history(source, history).unwrap();
    let digest = xxhash_rust::xxh3::xxh3_64(&packed(&builder.finish()));
    let known = (super::LAYOUT, format!("{digest:016x}"));
    assert_eq!(
        known,
        (1, "0c7b85fc553468a0".to_owned()),
        "count LAYOUT up, then set this digest"
    );
}
