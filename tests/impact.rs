//! The impact of a dated change, held against a plain reading of its definition, and on streams
//! whose story is known.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so and ends"
)]

#[path = "support/planted.rs"]
mod planted;

use std::sync::Arc;

use planted::{CHANGE, DAY, Item, change, changed_at, told};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use weir::metrics::{AsOf, Measures, Question, measure};
use weir::model::log::LogBuilder;
use weir::model::snapshot::{DatedChange, Setting, Snapshot};
use weir::model::time::{Calendar, Day, Millis, TimeRule};
use weir::simulate::impact::{
    Caution, Doubt, Finding, Impact, Measure, Side, Terms, Verdict, WhyNot, impact, impacts,
};
use weir::simulate::random::Dice;

/// Streams by name with their items, and other changes.
struct Told {
    snapshot: Snapshot,
    as_of: i64,
}

impl Told {
    fn new(streams: &[(&str, &[Item])], changes: Vec<DatedChange>, as_of: i64) -> Self {
        let mut builder = LogBuilder::new();
        let streams = streams
            .iter()
            .map(|(name, items)| told(&mut builder, name, items));
        let streams: Vec<_> = streams.collect();
        let setting = Setting {
            changes,
            ..Setting::default()
        };
        Self {
            snapshot: Snapshot::new(Arc::new(builder.finish()), &streams, setting, 1),
            as_of: changed_at() + as_of * DAY,
        }
    }

    fn measures(&self) -> Measures {
        let as_of = AsOf::At(Millis(self.as_of * 1000).floor().unwrap());
        measure(&self.snapshot, &Question::about(&self.snapshot, 0, as_of)).unwrap()
    }

    fn impact(&self, change: &DatedChange) -> Impact {
        impact(
            &self.snapshot,
            &self.measures(),
            change,
            Terms::with_seed(1),
        )
    }
}

/// So many items a week from one day to another, with flow times of `days`, by chance.
fn steady(seed: u64, [from, to, per_week]: [f64; 3], days: impl Fn(f64) -> f64) -> Vec<Item> {
    let mut dice = Dice::new(seed, 3);
    let mut begun = from;
    let mut items = Vec::new();
    while begun < to {
        begun += dice.exponential() * 7.0 / per_week;
        let flow = days(begun) * (0.4 * dice.normal()).exp();
        items.push(Item {
            begun,
            finished: begun + flow,
            kind: "task",
        });
    }
    items
}

fn alone(items: &[Item], as_of: i64) -> Impact {
    Told::new(&[("a", items)], vec![], as_of).impact(&change("a"))
}

fn doubt(impact: &Impact) -> &Doubt {
    impact.verdict.doubt().unwrap()
}

#[test]
fn a_cut_is_seen_and_told_with_its_size() {
    let cut = |begun: f64| if begun < 0.0 { 6.0 } else { 3.0 };
    let found = alone(&steady(1, [-400.0, 120.0, 7.0], cut), 120);
    assert_eq!(found.verdict, Verdict::Improved);
    let effect = found.flow_time.unwrap().effect.unwrap();
    assert!(effect.low < 0.5 && 0.5 < effect.high, "{effect:?}");
    assert!(effect.low <= effect.value && effect.value <= effect.high);
    assert!(found.placebo.dates == 9 && found.placebo.called <= 1);
    let load = found
        .cautions
        .iter()
        .find(|one| matches!(one, Caution::Load { .. }));
    assert!(load.is_some(), "half the flow time is half the load");
}

#[test]
fn an_impact_is_told_in_elapsed_time_whatever_is_asked_for() {
    let cut = |begun: f64| if begun < 0.0 { 6.0 } else { 3.0 };
    let items = steady(1, [-400.0, 120.0, 7.0], cut);
    let mut builder = LogBuilder::new();
    let stream = told(&mut builder, "a", &items);
    let calendar = Calendar {
        workdays: [true, true, true, true, true, false, false],
        hours: (9 * 3_600, 17 * 3_600),
        holidays: Vec::new(),
    };
    let setting = Setting {
        calendar,
        ..Setting::default()
    };
    let snapshot = Snapshot::new(Arc::new(builder.finish()), &[stream], setting, 1);
    let now = Millis((changed_at() + 120 * DAY) * 1000);
    let impact_in = |time| {
        let as_of = AsOf::At(now.floor().unwrap());
        let question = Question {
            time,
            ..Question::about(&snapshot, 0, as_of)
        };
        let measures = measure(&snapshot, &question).unwrap();
        let flow = measures.flow.time.unwrap().mean;
        let found = impact(&snapshot, &measures, &change("a"), Terms::with_seed(1));
        (flow, found)
    };
    let (elapsed, working) = (impact_in(TimeRule::Elapsed), impact_in(TimeRule::Working));
    assert!((elapsed.0 - working.0).abs() > 1.0, "the two ways differ");
    assert_eq!(elapsed.1.verdict, Verdict::Improved);
    assert_eq!(elapsed.1, working.1);
}

#[test]
fn what_changed_everywhere_is_not_the_changes_doing() {
    let cut = |begun: f64| if begun < 0.0 { 6.0 } else { 3.0 };
    let (own, other) = (
        steady(1, [-400.0, 120.0, 7.0], cut),
        steady(2, [-400.0, 120.0, 7.0], cut),
    );
    let told = Told::new(&[("a", &own), ("b", &other)], vec![], 120);
    let held = told.impact(&change("a"));
    assert_eq!(held.controls.streams, ["b"]);
    assert!((0.4..0.6).contains(&held.controls.effect.unwrap()));
    assert!(!held.verdict.is_change(), "{:?}", held.verdict);
    // Where the change touches both, there is no control.
    let both = DatedChange {
        streams: vec![],
        ..change("a")
    };
    let found = told.impact(&both);
    assert!(found.controls.streams.is_empty());
    assert_eq!(found.verdict, Verdict::Improved);
}

#[test]
fn a_stream_with_few_items_is_no_control_and_is_named() {
    let flow = |_: f64| 4.0;
    let own = steady(1, [-300.0, 90.0, 7.0], flow);
    let few = steady(2, [-20.0, 90.0, 1.0], flow);
    let told = Told::new(&[("a", &own), ("b", &few)], vec![], 90);
    let found = told.impact(&change("a"));
    assert!(found.controls.streams.is_empty());
    assert_eq!(found.controls.left_out[0].why, WhyNot::TooFew);
}

#[test]
fn a_fall_that_began_long_before_is_not_the_changes_doing() {
    let falling = |begun: f64| 6.0 * (-begun / 250.0).exp();
    let found = alone(&steady(4, [-400.0, 120.0, 10.0], falling), 120);
    assert_eq!(doubt(&found), &Doubt::Trend);
}

#[test]
fn other_kinds_of_items_are_no_faster_items() {
    // Small items take 2 days, large ones 10. Before, one in five is small; after, four in five.
    let mut dice = Dice::new(9, 1);
    let mut items = steady(9, [-400.0, 120.0, 10.0], |_| 1.0);
    for item in &mut items {
        let small = dice.happens(if item.begun < 0.0 { 0.2 } else { 0.8 });
        let flow = (item.finished - item.begun) * if small { 2.0 } else { 10.0 };
        item.finished = item.begun + flow;
        item.kind = if small { "small" } else { "large" };
    }
    let found = alone(&items, 120);
    assert!(
        matches!(doubt(&found), Doubt::Mix { .. }),
        "{:?}",
        found.verdict
    );
    let mixed = |one: &Caution| matches!(one, Caution::Mix { moved, .. } if *moved > 40.0);
    assert!(found.cautions.iter().any(mixed), "{:?}", found.cautions);
    let shares = found
        .beside
        .iter()
        .filter(|one| matches!(one.measure, Measure::Share(_)));
    let shares: Vec<&Finding> = shares.collect();
    assert_eq!(shares.len(), 2);
    assert!(shares.iter().all(|one| one.verdict == Verdict::Changed));
}

#[test]
fn changes_near_one_another_are_said() {
    let items = steady(5, [-400.0, 120.0, 7.0], |_| 4.0);
    let at = |day: i32, name: &str| DatedChange {
        date: Day(CHANGE.0 + day),
        name: name.to_owned(),
        streams: vec![],
    };
    let changes = vec![
        at(30, "later"),
        at(0, "this"),
        at(-40, "earlier"),
        at(-500, "long ago"),
    ];
    let told = Told::new(&[("a", &items)], changes, 120);
    let all = impacts(&told.snapshot, &told.measures());
    let names: Vec<&str> = all.iter().map(|one| one.change.name.as_str()).collect();
    assert_eq!(names, ["long ago", "earlier", "this", "later"]);
    let said: Vec<(&str, Side)> = all[2]
        .cautions
        .iter()
        .filter_map(|one| match one {
            Caution::OtherChange { name, side, .. } => Some((name.as_str(), *side)),
            _ => None,
        })
        .collect();
    assert_eq!(said, [("later", Side::After), ("earlier", Side::Before)]);
    assert_eq!(doubt(&all[0]), &Doubt::NoBaseline);
}

#[test]
fn what_cannot_be_told_says_why() {
    let flow = |_: f64| 4.0;
    assert_eq!(doubt(&alone(&[], 10)), &Doubt::NoBaseline);
    assert_eq!(doubt(&alone(&[], -3)), &Doubt::NotYet { days: 3 });
    let items = steady(6, [-300.0, 60.0, 7.0], flow);
    assert!(matches!(doubt(&alone(&items, 3)), Doubt::TooEarly { .. }));
    let short = doubt(&alone(&items, 15)).clone();
    let after = Side::After;
    assert!(
        matches!(short, Doubt::TooShort { side, .. } if side == after),
        "{short}"
    );
    let later = steady(6, [10.0, 90.0, 7.0], flow);
    assert_eq!(doubt(&alone(&later, 90)), &Doubt::NoBaseline);
    let slow = steady(6, [-300.0, 60.0, 1.0], flow);
    let few = doubt(&alone(&slow, 60)).to_string();
    assert!(
        few.starts_with("too few items: ") && few.contains("week"),
        "{few}"
    );
    // Two of one instant, of no length.
    let instant = || Item {
        begun: -1.0,
        finished: -1.0,
        kind: "task",
    };
    assert!(
        alone(&[instant(), instant()], 100)
            .verdict
            .doubt()
            .is_some()
    );
}

#[test]
fn the_earliest_and_the_last_day_that_can_be_asked_about_do_no_harm() {
    let items = steady(7, [-300.0, 60.0, 7.0], |_| 4.0);
    let told = Told::new(&[("a", &items)], vec![], 60);
    for day in [i32::MIN, -1, 0, 1, 49_709, i32::MAX] {
        let change = DatedChange {
            date: Day(day),
            ..change("a")
        };
        assert!(told.impact(&change).verdict.doubt().is_some());
    }
}

/// Before and after of a small history, counted plainly.
struct Plain {
    /// Flow seconds of the items that count before and after.
    flows: [Vec<i64>; 2],
    from: i64,
    lag: i64,
    loads: [f64; 2],
}

fn p85(mut flows: Vec<i64>) -> Option<i64> {
    flows.sort_unstable();
    let rank = (1..=flows.len()).find(|rank| rank * 100 >= flows.len() * 85)?;
    Some(flows[rank - 1])
}

fn plainly(items: &[Item], as_of: i64) -> Option<Plain> {
    let spans: Vec<(i64, i64)> = items
        .iter()
        .map(|item| (planted::secs(item.begun), planted::secs(item.finished)))
        .collect();
    let between = |from: i64, to: i64| -> Vec<i64> {
        let inside = spans.iter().filter(|(_, end)| from <= *end && *end < to);
        inside.map(|(begun, end)| end - begun).collect()
    };
    let seen = spans.iter().filter(|(begun, _)| *begun < as_of);
    let begin = seen.map(|(begun, _)| *begun).min()?;
    let warm = p85(between(-365 * DAY, 0))?;
    let from = (-365 * DAY).max(begin + warm);
    let lag = p85(between(from, 0))?;
    let load = |from: i64, to: i64| {
        let shared = |(begun, end): &(i64, i64)| ((*end).min(to) - (*begun).max(from)).max(0);
        seconds(spans.iter().map(shared).sum()) / seconds(to - from)
    };
    (lag < as_of).then(|| Plain {
        flows: [between(from, 0), between(lag, as_of)],
        from,
        lag,
        loads: [load(from, 0), load(lag, as_of)],
    })
}

#[expect(clippy::cast_precision_loss, reason = "seconds stay far below 2^53")]
fn seconds(span: i64) -> f64 {
    span as f64
}

fn mean_log(flows: &[i64]) -> f64 {
    let logs = flows.iter().map(|flow| seconds(*flow).ln());
    logs.sum::<f64>() / seconds(i64::try_from(flows.len()).unwrap())
}

fn near(found: Option<f64>, wanted: f64) {
    let found = found.unwrap();
    assert!(
        (found / wanted - 1.0).abs() < 1e-9,
        "{found} is not {wanted}"
    );
}

fn agrees(items: &[Item], as_of: i64) {
    let found = alone(items, as_of);
    let Some(plain) = plainly(items, as_of * DAY) else {
        assert!(found.periods.is_none());
        return;
    };
    let periods = found.periods.unwrap();
    let told = |at: weir::model::time::Sec| i64::from(at.0) - changed_at();
    assert_eq!(told(periods.baseline.from), plain.from);
    assert_eq!(
        (told(periods.after.from), periods.lag),
        (plain.lag, plain.lag)
    );
    let flow_time = found.flow_time.unwrap();
    assert_eq!(flow_time.n, plain.flows.each_ref().map(Vec::len));
    if flow_time.n[1] == 0 {
        return;
    }
    let [before, after] = plain.flows.each_ref().map(|flows| mean_log(flows));
    near(flow_time.before, before.exp());
    near(flow_time.after, after.exp());
    if let Some(effect) = flow_time.effect {
        near(Some(effect.value), (after - before).exp());
        assert!(effect.low <= effect.value && effect.value <= effect.high);
    }
    let by = |measure: Measure| {
        found
            .beside
            .iter()
            .find(|one| one.measure == measure)
            .unwrap()
    };
    let load = by(Measure::Load);
    near(load.before, plain.loads[0]);
    near(load.after, plain.loads[1]);
    let weeks = seconds(as_of * DAY - plain.lag) / seconds(7 * DAY);
    let finished = seconds(i64::try_from(plain.flows[1].len()).unwrap());
    near(by(Measure::Velocity).after, finished / weeks);
}

fn items() -> impl Strategy<Value = Vec<Item>> {
    let item = (-500_i32..150, 1_i32..80).prop_map(|(begun, flow)| Item {
        begun: f64::from(begun) + 0.25,
        finished: f64::from(begun) + 0.25 + f64::from(flow) / 4.0,
        kind: "task",
    });
    proptest::collection::vec(item, 0..120)
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::with_cases(60)
    })]

    #[test]
    fn what_is_compared_is_what_the_definition_says(items in items(), as_of in 1_i64..200) {
        agrees(&items, as_of);
    }
}
