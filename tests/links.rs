//! Artefacts of several sources as one item, held against `docs/metrics.md` read plainly and slowly:
//! after every event everything is worked out anew from all events so far.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so and ends"
)]

#[path = "links/oracle.rs"]
mod oracle;
#[path = "links/town.rs"]
mod town;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::sync::Arc;

use oracle::{Oracle, Seen};
use town::{Deed, SOURCES, STATUSES, Thing, Town};
use weir::model::bound::BoundStream;
use weir::model::log::{Log, LogBuilder};
use weir::model::time::Sec;
use weir::model::timeline::{Replay, Timeline};

/// Instants are this many seconds after the beginning, so that many fall together.
const LATEST: u32 = 24;

fn cases(count: u32) -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::with_cases(count)
    }
}

fn deed(things: usize) -> impl Strategy<Value = Deed> {
    let one = 0..things;
    prop_oneof![
        8 => (0..STATUSES).prop_map(Deed::Moved),
        2 => proptest::collection::vec(one.clone(), 0..3).prop_map(Deed::Branch),
        4 => one.clone().prop_map(Deed::Linked),
        1 => one.clone().prop_map(Deed::Unlinked),
        3 => proptest::option::weighted(0.8, one).prop_map(Deed::Parent),
        1 => any::<bool>().prop_map(Deed::Team),
        1 => Just(Deed::Blocked),
        1 => Just(Deed::Unblocked),
        1 => Just(Deed::Deleted),
        1 => Just(Deed::Back),
    ]
}

fn thing(things: usize) -> impl Strategy<Value = Thing> {
    let deeds = proptest::collection::vec((0..LATEST, deed(things)), 0..8);
    let born = (0..LATEST, proptest::option::of(0..STATUSES));
    (0..SOURCES, any::<bool>(), born, deeds).prop_map(|(source, request, born, mut deeds)| {
        deeds.sort_by_key(|(at, _)| *at);
        deeds.retain(|(at, _)| *at >= born.0);
        Thing {
            source,
            request,
            born,
            deeds,
        }
    })
}

fn town() -> impl Strategy<Value = Town> {
    let rules = proptest::collection::vec(any::<bool>(), town::RULES);
    let things = (2_usize..7).prop_flat_map(|count| proptest::collection::vec(thing(count), count));
    // Rings need many ties of one kind: often all are of one source and every rule holds.
    let focus = proptest::option::weighted(0.4, 1..SOURCES);
    (things, rules, focus, any::<bool>(), any::<bool>()).prop_map(
        |(mut things, mut rules, focus, all, members)| {
            if let Some(source) = focus {
                for thing in &mut things {
                    thing.source = source;
                }
                rules.fill(true);
            }
            Town {
                things,
                rules,
                all_are_items: all,
                only_members: members,
            }
        },
    )
}

/// What weir sees of every thing, by its number.
fn seen(log: &Log, town: &Town, as_of: u32) -> Vec<Option<Seen>> {
    let bound = BoundStream::new(Arc::new(town.stream()), log);
    let replay = Replay::new(log, &bound, Sec(as_of));
    let mut timeline = Timeline::empty();
    let number = |item| town::number(log.id(item));
    let mut all = vec![None; town.things.len()];
    for item in log.items() {
        replay.run(item, &mut timeline);
        if timeline.joined().is_empty() {
            continue;
        }
        let visits = timeline.visits.iter().enumerate();
        all[number(item)] = Some(Seen {
            made_of: timeline.joined().iter().map(|one| number(*one)).collect(),
            visits: visits
                .map(|(at, visit)| (visit.position, visit.from.0, number(timeline.origin(at))))
                .collect(),
            blocks: timeline
                .blocks
                .iter()
                .map(|block| {
                    let reason = bound.reason_text(log, block.reason).to_owned();
                    (reason, block.from.0, (!block.open).then_some(block.to.0))
                })
                .collect(),
        });
    }
    all
}

proptest! {
    #![proptest_config(cases(3000))]

    #[test]
    fn joined_items_are_as_the_rules_read_plainly(town in town(), as_of in 1..LATEST + 2) {
        let expected = Oracle::new(&town, as_of).items();
        prop_assert_eq!(seen(&town.log(u32::MAX), &town, as_of), expected);
    }
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn the_past_does_not_know_the_future(town in town(), as_of in 1..LATEST + 2) {
        let whole = seen(&town.log(u32::MAX), &town, as_of);
        let ended = seen(&town.log(as_of), &town, as_of);
        prop_assert_eq!(whole, ended);
    }

    #[test]
    fn news_in_any_order_make_the_same_items(town in town(), later in any::<u64>()) {
        let first = |number: usize| later >> (number % 64) & 1 == 0;
        let mut builder = LogBuilder::new();
        town.fill(&mut builder, u32::MAX, &first);
        let known = builder.finish();
        let sources: Vec<_> = known.sources().to_vec();
        let mut news = Vec::new();
        for number in 0..town.things.len() {
            let source = town::source(town.things[number].source);
            let at = sources.iter().position(|one| *one == source).unwrap();
            let at = weir::model::id::SourceIx(u16::try_from(at).unwrap());
            if !first(number) {
                news.push((at, town.history(number, u32::MAX)));
            }
        }
        let grown = LogBuilder::resume(&known, news).unwrap().finish();
        let as_of = LATEST + 1;
        prop_assert_eq!(seen(&grown, &town, as_of), seen(&town.log(u32::MAX), &town, as_of));
    }
}
