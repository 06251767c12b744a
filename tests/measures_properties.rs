//! What must hold of the measures of any world: the order in which a source tells does not matter,
//! the past does not know the future, and parts add up to the whole.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so and ends"
)]

#[path = "support/hours.rs"]
#[expect(dead_code, reason = "only its calendar is of use here")]
mod hours;
#[path = "support/world.rs"]
mod world;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::Value;
use weir::history::{History, Position, Sqlite};
use weir::metrics::{AsOf, Measures, Question, measure, measure_after};
use weir::model::batch::{Batch, ItemHistory};
use weir::model::id::SourceName;
use weir::model::snapshot::Snapshot;
use weir::model::stage::{Class, ClockRule, Phase};
use weir::model::time::{Millis, Sec, TimeRule, WindowSpec};
use weir::query;
use weir::report::{Answer, Section, item_rows, items_csv, stream_json};
use world::{Happening, Meaning, World};

/// Monday 2024-01-01 UTC.
const BASE: u32 = 1_704_067_200;
/// Six hours.
const UNIT: u32 = 21_600;
const UNITS: u32 = 160;

/// So many worlds, the same ones in every run; another seed draws others.
fn cases(count: u32) -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::with_cases(count)
    }
}

fn instant() -> impl Strategy<Value = u32> {
    (0..UNITS).prop_map(|units| BASE + units * UNIT)
}

fn happening(statuses: usize) -> impl Strategy<Value = Happening> {
    prop_oneof![
        10 => (0..statuses).prop_map(Happening::Moved),
        1 => (0..2_usize).prop_map(Happening::Team),
        1 => (0..3_usize).prop_map(Happening::Type),
        1 => any::<bool>().prop_map(Happening::Flag),
        1 => Just(Happening::Blocked),
        1 => Just(Happening::Unblocked),
        1 => Just(Happening::Deleted),
    ]
}

fn item(statuses: usize) -> impl Strategy<Value = Vec<(u32, Happening)>> {
    let rest = proptest::collection::vec((instant(), happening(statuses)), 0..12);
    (instant(), 0..statuses, rest).prop_map(|(at, first, mut rest)| {
        rest.insert(0, (at, Happening::Created(Some(first))));
        rest
    })
}

fn world() -> impl Strategy<Value = World> {
    use Meaning::{Blocks, Cancelled, Nothing, Stage};
    let statuses = vec![
        Stage(0),
        Stage(1),
        Stage(2),
        Stage(3),
        Stage(1),
        Cancelled,
        Nothing,
        Blocks,
    ];
    let items = proptest::collection::vec(item(statuses.len()), 0..12);
    (items, any::<bool>()).prop_map(move |(items, only_team_0)| World {
        classes: vec![Class::Backlog, Class::Active, Class::Queue, Class::Done],
        phases: vec![Phase::Ideate, Phase::Create, Phase::Release, Phase::Operate],
        limits: vec![None, Some(1), None, None],
        statuses: statuses.clone(),
        items,
        only_team_0,
        blocked_by_flag: true,
        zone: "Europe/Berlin",
    })
}

fn clock() -> impl Strategy<Value = ClockRule> {
    (0..4_usize).prop_map(|at| ClockRule::ALL[at])
}

fn ask(snapshot: &Snapshot, clock: ClockRule, as_of: u32, filter: &str) -> Measures {
    let question = Question {
        stream: 0,
        as_of: AsOf::At(Sec(as_of)),
        window: WindowSpec::LastDays(20),
        clock,
        time: TimeRule::Elapsed,
        filter: query::parse(filter).unwrap(),
    };
    measure(snapshot, &question).unwrap()
}

/// Any question that the screens ask.
fn question() -> impl Strategy<Value = Question> {
    let filter = proptest::sample::select(vec![
        "",
        "kind:defect",
        "stage:\"stage 1\"",
        "age>3d",
        "blocked or team:1",
        "condition:stale",
        "not blocked kind:story",
    ]);
    let days = proptest::sample::select(vec![7, 20]);
    let time = proptest::sample::select(&TimeRule::ALL[..]);
    (filter, clock(), instant(), days, time).prop_map(|(filter, clock, as_of, days, time)| {
        Question {
            stream: 0,
            as_of: AsOf::At(Sec(as_of)),
            window: WindowSpec::LastDays(days),
            clock,
            time,
            filter: query::parse(filter).unwrap(),
        }
    })
}

/// The whole report and the rows of all items, without an order that comes from the log's.
fn told(snapshot: &Snapshot, measures: &Measures, sections: &[Section]) -> (String, Vec<String>) {
    let answer = Answer {
        snapshot,
        stream: 0,
        measures,
        promises: None,
    };
    let mut rows = Vec::new();
    items_csv(&item_rows(answer), &mut rows).unwrap();
    let mut rows: Vec<String> = String::from_utf8(rows)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect();
    rows.sort();
    let mut report = stream_json(answer, sections);
    let mut notes: Vec<String> = Vec::new();
    for place in ["/ageing", "/waste/items", "/lens/items"] {
        if let Some(Value::Array(list)) = report.pointer_mut(place) {
            list.sort_by_key(ToString::to_string);
        }
        notes.extend(notes_below(&mut report["notes"], place));
    }
    notes.sort();
    (report.to_string() + &notes.concat(), rows)
}

/// Takes away the notes on elements of a list; gives them without the positions.
fn notes_below(notes: &mut Value, place: &str) -> Vec<String> {
    let notes = notes.as_object_mut().unwrap();
    let element = |key: &String| {
        let rest = key.strip_prefix(place)?.strip_prefix('/')?;
        Some(
            rest.trim_start_matches(|one: char| one.is_ascii_digit())
                .to_owned(),
        )
    };
    let found: Vec<(String, String)> = notes
        .keys()
        .filter_map(|key| Some((key.clone(), element(key)?)))
        .collect();
    found
        .into_iter()
        .filter_map(|(key, below)| Some(format!("{place}{below}: {}\n", notes.remove(&key)?)))
        .collect()
}

/// All but the data's own oddities, which are those of the whole log whenever one asks.
fn sums(one: &[u64], other: &[u64]) -> Vec<u64> {
    one.iter()
        .zip(other)
        .map(|(one, other)| one + other)
        .collect()
}

fn sections_but_quality() -> Vec<Section> {
    let all = Section::ALL.into_iter();
    all.filter(|section| *section != Section::Quality).collect()
}

/// Items in another order, and the events of each.
fn in_any_order() -> impl Strategy<Value = (World, Vec<ItemHistory>)> {
    world().prop_flat_map(|world| {
        let shuffled = |history: ItemHistory| {
            let (item, replace) = (history.item, history.replace);
            Just(history.events)
                .prop_shuffle()
                .prop_map(move |events| ItemHistory {
                    item: item.clone(),
                    replace,
                    events,
                })
        };
        let histories: Vec<_> = world.histories().into_iter().map(shuffled).collect();
        (Just(world), histories)
            .prop_flat_map(|(world, histories)| (Just(world), Just(histories).prop_shuffle()))
    })
}

/// The events of a world, each in one of five batches and some in two, as a tracker that is polled
/// again and again tells them.
fn in_batches() -> impl Strategy<Value = (World, Vec<Batch>)> {
    world().prop_flat_map(|world| {
        let count: usize = world.items.iter().map(Vec::len).sum();
        let pages = proptest::collection::vec((0..5_usize, 0..10_usize), count);
        (Just(world), pages).prop_map(|(world, pages)| {
            let batches = (0..5).map(|page| batch(&world, page, &pages)).collect();
            (world, batches)
        })
    })
}

/// What belongs on a page: every event has one page, and a second that it may be told again on.
fn batch(world: &World, page: usize, pages: &[(usize, usize)]) -> Batch {
    let mut batch = Batch::empty(SourceName::new("tracker"));
    let mut pages = pages.iter();
    for mut history in world.histories() {
        history.events.retain(|_| {
            let (first, again) = pages.next().unwrap();
            *first == page || *again == page
        });
        batch.items.push(history);
    }
    batch.items.retain(|history| !history.events.is_empty());
    batch
}

fn kept(batches: &[Batch]) -> Vec<ItemHistory> {
    let mut history = Sqlite::in_memory().unwrap();
    for batch in batches {
        history.append(batch).unwrap();
    }
    let mut kept = Vec::new();
    let mut keep = |_: &SourceName, item: ItemHistory| kept.push(item);
    history.read(Position(0), &mut keep).unwrap();
    kept
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn the_split_into_batches_does_not_matter(
        (world, batches) in in_batches(),
        clock in clock(),
        as_of in instant(),
    ) {
        let (plain, polled) = (world.snapshot(clock), world.snapshot_of(clock, kept(&batches)));
        let (one, two) = (ask(&plain, clock, as_of, ""), ask(&polled, clock, as_of, ""));
        let told = |snapshot: &Snapshot, measures: &Measures| told(snapshot, measures, &Section::ALL);
        prop_assert_eq!(told(&plain, &one), told(&polled, &two));
    }
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn the_order_of_items_and_events_does_not_matter(
        (world, shuffled) in in_any_order(),
        clock in clock(),
        as_of in instant(),
    ) {
        let plain = world.snapshot(clock);
        let other = world.snapshot_of(clock, shuffled);
        let (one, two) = (ask(&plain, clock, as_of, ""), ask(&other, clock, as_of, ""));
        let told = |snapshot: &Snapshot, measures: &Measures| told(snapshot, measures, &Section::ALL);
        prop_assert_eq!(told(&plain, &one), told(&other, &two));
    }

    #[test]
    fn the_past_does_not_know_the_future(world in world(), clock in clock(), as_of in instant()) {
        let whole = world.snapshot(clock);
        let mut past = world.histories();
        for history in &mut past {
            history.events.retain(|event| event.at < Millis(i64::from(as_of) * 1000));
        }
        past.retain(|history| !history.events.is_empty());
        let past = world.snapshot_of(clock, past);
        let (one, two) = (ask(&whole, clock, as_of, ""), ask(&past, clock, as_of, ""));
        let sections = sections_but_quality();
        prop_assert_eq!(told(&whole, &one, &sections), told(&past, &two, &sections));
        prop_assert_eq!(one.quality.skipped_stages, two.quality.skipped_stages);
        prop_assert_eq!(one.quality.closed_without_work, two.quality.closed_without_work);
        prop_assert_eq!(one.quality.unmapped_statuses, two.quality.unmapped_statuses);
    }

    #[test]
    fn the_load_before_is_the_load_as_seen_then(world in world(), clock in clock(), as_of in instant()) {
        let snapshot = world.snapshot(clock);
        let now = ask(&snapshot, clock, as_of, "");
        let then = ask(&snapshot, clock, now.header.window.from.0, "");
        prop_assert_eq!(now.load_before, Some(then.flow.load));
    }

    #[test]
    fn the_answer_before_changes_no_answer(
        world in world(),
        (first, second) in (question(), question()),
        alike in any::<bool>(),
    ) {
        let snapshot = world.snapshot(first.clock);
        let second = if alike { Question { filter: second.filter, ..first.clone() } } else { second };
        let before = measure(&snapshot, &first).unwrap();
        let after = measure_after(&snapshot, &second, Some(&before)).unwrap();
        let anew = measure(&snapshot, &second).unwrap();
        prop_assert_eq!(format!("{after:?}"), format!("{anew:?}"));
        let again = measure_after(&snapshot, &first, Some(&after)).unwrap();
        prop_assert_eq!(format!("{again:?}"), format!("{before:?}"));
    }

    #[test]
    fn what_is_kept_of_answers_changes_none_of_those_that_follow(
        world in world(),
        questions in proptest::collection::vec(question(), 2..7),
    ) {
        let snapshot = world.snapshot(questions[0].clock);
        let end = AsOf::At(Sec(BASE + UNITS * UNIT));
        let mut before = None;
        for (at, question) in questions.into_iter().enumerate() {
            // Only from where all is seen is anything kept.
            let as_of = if at % 2 == 0 { end } else { question.as_of };
            let question = Question { as_of, ..question };
            let after = measure_after(&snapshot, &question, before.as_ref()).unwrap();
            let anew = measure(&snapshot, &question).unwrap();
            prop_assert_eq!(format!("{after:?}"), format!("{anew:?}"));
            before = Some(after);
        }
    }

    #[test]
    fn a_filter_and_its_contrary_add_up(world in world(), clock in clock(), as_of in instant(), at in 0..5_usize) {
        let filter = ["kind:defect", "stage:\"stage 1\"", "age>3d", "blocked", "condition:stale"][at];
        let snapshot = world.snapshot(clock);
        let ask = |filter: &str| ask(&snapshot, clock, as_of, filter);
        let (all, these, others) = (ask(""), ask(filter), ask(&format!("not ({filter})")));
        prop_assert_eq!(all.items.total, these.items.total + others.items.total);
        prop_assert_eq!(all.flow.load, these.flow.load + others.flow.load);
        let before = these.load_before.zip(others.load_before).map(|(these, others)| these + others);
        let kept = all.load_before.filter(|_| filter.starts_with("kind:"));
        prop_assert_eq!(before, kept, "items that stood so then are others");
        let finished = |measures: &Measures| measures.flow.velocity.finished;
        prop_assert_eq!(finished(&all), finished(&these) + finished(&others));
        for (all, (these, others)) in all.stages.iter().zip(these.stages.iter().zip(&others.stages)) {
            prop_assert_eq!(all.load, these.load + others.load);
            prop_assert_eq!(all.arrivals, these.arrivals + others.arrivals);
            prop_assert_eq!(all.departures, these.departures + others.departures);
            prop_assert_eq!(all.waiting, these.waiting + others.waiting);
            prop_assert_eq!(all.stale, these.stale + others.stale);
            prop_assert_eq!(all.past_p85, these.past_p85 + others.past_p85);
        }
        for (all, (these, others)) in all.cumulative_flow.days.iter().zip(these.cumulative_flow.days.iter().zip(&others.cumulative_flow.days)) {
            prop_assert_eq!(&all.reached, &sums(&these.reached, &others.reached));
            prop_assert_eq!(&all.snapshot, &sums(&these.snapshot, &others.snapshot));
            prop_assert_eq!(all.cancelled + all.deleted, these.cancelled + these.deleted + others.cancelled + others.deleted);
        }
        let hands = |measures: &Measures| measures.handoffs.between.iter().map(|one| (one.count, one.wait)).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        let (all_hands, these_hands, others_hands) = (hands(&all), hands(&these), hands(&others));
        prop_assert_eq!(all_hands, (these_hands.0 + others_hands.0, these_hands.1 + others_hands.1));
        prop_assert_eq!(all.handoffs.moves, these.handoffs.moves + others.handoffs.moves);
        let odd = |measures: &Measures| {
            let quality = &measures.quality;
            quality.skipped_stages + quality.closed_without_work + quality.unmapped_statuses.values().sum::<u64>()
        };
        prop_assert_eq!(odd(&all), odd(&these) + odd(&others));
        let [all_visited, these_visited, others_visited] = [&all, &these, &others].map(|one| one.visited(&snapshot, 0));
        for (all, (these, others)) in all_visited.iter().zip(these_visited.iter().zip(&others_visited)) {
            prop_assert_eq!(all.visits, these.visits + others.visits);
            prop_assert_eq!(all.total, these.total + others.total);
        }
        for (all, (these, others)) in all.throughput.iter().zip(these.throughput.iter().zip(&others.throughput)) {
            prop_assert_eq!(all.arrived, these.arrived + others.arrived);
            prop_assert_eq!(all.departed, these.departed + others.departed);
            prop_assert_eq!(all.finished, these.finished + others.finished);
        }
        let conditions = |measures: &Measures| measures.open.iter().map(|one| (one.item, one.condition)).collect::<Vec<_>>();
        let mut parts = [conditions(&these), conditions(&others)].concat();
        let mut whole = conditions(&all);
        parts.sort_unstable();
        whole.sort_unstable();
        prop_assert_eq!(whole, parts);
    }
}
