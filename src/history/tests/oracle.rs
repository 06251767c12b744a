//! Random batches against the plainest keeper there could be.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestRunner;

use super::*;

type Events = BTreeMap<String, Event>;

/// Items in the order of their first append, by source.
#[derive(Debug, Default)]
struct Plain {
    sources: Vec<SourceName>,
    items: Vec<(SourceName, String, Events, u64)>,
    statuses: Vec<(SourceName, StatusName)>,
    cursors: BTreeMap<SourceName, Cursor>,
    position: u64,
}

impl Plain {
    fn append(&mut self, batch: &Batch) -> u64 {
        if !self.sources.contains(&batch.source) {
            self.sources.push(batch.source.clone());
        }
        let mut new_events = 0;
        let mut changed = false;
        for status in &batch.statuses {
            changed |= self.name(&batch.source, status);
        }
        for item in &batch.items {
            let (new, differs) = self.tell(&batch.source, item);
            new_events += new;
            changed |= differs;
        }
        if let Some(cursor) = &batch.cursor {
            self.cursors.insert(batch.source.clone(), cursor.clone());
        }
        self.position += u64::from(changed);
        new_events
    }

    fn name(&mut self, source: &SourceName, status: &StatusName) -> bool {
        let known = self
            .statuses
            .iter_mut()
            .find(|(of, known)| of == source && known.id == status.id);
        match known {
            Some((_, known)) if known.name == status.name => return false,
            Some((_, known)) => known.name.clone_from(&status.name),
            None => self.statuses.push((source.clone(), status.clone())),
        }
        true
    }

    fn tell(&mut self, source: &SourceName, told: &ItemHistory) -> (u64, bool) {
        let known = self
            .items
            .iter()
            .position(|(of, id, ..)| of == source && *id == told.item);
        let at = known.unwrap_or(self.items.len());
        if known.is_none() {
            let new = (source.clone(), told.item.clone(), Events::new(), 0);
            self.items.push(new);
        }
        let (_, _, events, position) = &mut self.items[at];
        let before = events.clone();
        if told.replace {
            events.retain(|id, _| told.events.iter().any(|event| event.id == *id));
        }
        let held = events.len();
        // One by one, as an append may tell an event twice and take it back to what it was.
        let mut differs = known.is_none() || *events != before;
        for event in &told.events {
            differs |= put(events, event);
        }
        if differs {
            *position = self.position + 1;
        }
        ((events.len() - held) as u64, differs)
    }

    fn read(&self, since: u64) -> Vec<(SourceName, ItemHistory)> {
        let of = |name: &SourceName| {
            self.items
                .iter()
                .filter(|(source, _, events, position)| {
                    source == name && *position > since && (since > 0 || !events.is_empty())
                })
                .map(|(source, id, events, _)| {
                    let mut events: Vec<Event> = events.values().cloned().collect();
                    events.sort_by(|a, b| (a.at, a.seq, &a.id).cmp(&(b.at, b.seq, &b.id)));
                    (source.clone(), whole(id, events))
                })
                .collect::<Vec<_>>()
        };
        self.sources.iter().flat_map(of).collect()
    }
}

fn put(events: &mut Events, told: &Event) -> bool {
    match events.get(&told.id) {
        Some(known) if known == told => return false,
        Some(known) if known.change == told.change && told.approximate => return false,
        _ => {}
    }
    events.insert(told.id.clone(), told.clone());
    true
}

fn changes() -> impl Strategy<Value = Change> {
    let text = || select(vec!["", "a", "b"]).prop_map(str::to_owned);
    prop_oneof![
        text().prop_map(|to| Change::Moved { to }),
        (text(), option::of(text()), option::of(text())).prop_map(|(fact, old, new)| Change::Set {
            fact: fact.into(),
            old,
            new,
        }),
        option::of(text()).prop_map(|reason| Change::Blocked { reason }),
        Just(Change::Deleted),
    ]
}

fn events() -> impl Strategy<Value = Event> {
    (0..6_u8, -2..3_i64, 0..3_u64, any::<bool>(), changes()).prop_map(
        |(id, at, seq, approximate, change)| Event {
            id: id.to_string(),
            at: Millis(at),
            seq,
            approximate,
            change,
        },
    )
}

fn histories() -> impl Strategy<Value = ItemHistory> {
    (0..5_u8, proptest::bool::weighted(0.2), vec(events(), 0..5)).prop_map(
        |(id, replace, events)| ItemHistory {
            item: id.to_string(),
            replace,
            events,
        },
    )
}

fn batches() -> impl Strategy<Value = Batch> {
    let status =
        (0..3_u8, 0..3_u8).prop_map(|(id, name)| status(&id.to_string(), &name.to_string()));
    let cursor = option::of((0..9_u8).prop_map(|at| Cursor(at.to_string())));
    (
        select(vec!["b", "a"]),
        vec(status, 0..3),
        vec(histories(), 0..4),
        cursor,
    )
        .prop_map(|(name, statuses, items, cursor)| Batch {
            source: source(name),
            statuses,
            items,
            cursor,
        })
}

fn worlds(place: &dyn Place) -> TestRunner {
    TestRunner::new(ProptestConfig::with_cases(place.worlds()))
}

pub(super) fn the_history_is_what_a_plain_keeper_holds(place: &dyn Place) {
    worlds(place)
        .run(&vec(batches(), 0..12), |told| {
            let mut plain = Plain::default();
            let mut history = place.anew();
            for batch in &told {
                let new_events = plain.append(batch);
                let appended = history.append(batch).expect("an append");
                prop_assert_eq!(appended.new_events, new_events);
                prop_assert_eq!(appended.position, Position(plain.position));
            }
            for since in 0..=plain.position {
                prop_assert_eq!(read(&mut *history, Position(since)), plain.read(since));
            }
            for name in ["a", "b"].map(source) {
                let statuses: Vec<StatusName> = plain
                    .statuses
                    .iter()
                    .filter(|(of, _)| *of == name)
                    .map(|(_, status)| status.clone())
                    .collect();
                prop_assert_eq!(history.statuses(&name), Ok(statuses));
                prop_assert_eq!(history.cursor(&name), Ok(plain.cursors.get(&name).cloned()));
            }
            Ok(())
        })
        .expect("what a plain keeper holds");
}

pub(super) fn neither_order_nor_repetition_matters(place: &dyn Place) {
    // What an id says never changes here, as with a tracker that keeps its past.
    let batch = |(id, at): (u8, u8)| {
        let event = moved(&at.to_string(), i64::from(at / 4), &(at % 3).to_string());
        batch(vec![item(&id.to_string(), vec![event])], "c")
    };
    let by_item = |told: &mut dyn Iterator<Item = (u8, u8)>| {
        let mut history = place.anew();
        for pair in told {
            append(&mut *history, &batch(pair));
        }
        let mut read = read(&mut *history, Position(0));
        read.sort_by(|(_, a), (_, b)| a.item.cmp(&b.item));
        read
    };
    let told = (
        vec((0..4_u8, 0..30_u8), 1..60),
        vec(any::<prop::sample::Index>(), 0..30),
    );
    worlds(place)
        .run(&told, |(told, again)| {
            let once = by_item(&mut told.iter().copied());
            let mut shuffled: Vec<_> = told.iter().rev().copied().collect();
            for index in again {
                let pair = *index.get(&told);
                shuffled.insert(index.index(shuffled.len()), pair);
            }
            prop_assert_eq!(by_item(&mut shuffled.into_iter()), once);
            Ok(())
        })
        .expect("the same");
}
