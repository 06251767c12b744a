//! Real event logs against expected numbers that were computed without weir.
//!
//! Run by hand: `WEIR_SHARED=… cargo test --test real_data -- --ignored`. The variable names the
//! folder that holds `data/eventlog` and `data/csv`; the tests fail without it.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::float_cmp,
    clippy::cast_precision_loss,
    reason = "a test fails where data is not as expected; whole seconds are exact as floats"
)]

#[path = "real_data/classes.rs"]
mod classes;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;
use weir::connectors::{Columns, FileSettings, file};
use weir::metrics::{AsOf, Measures, Question, Row, measure};
use weir::model::id::{ItemIx, SourceName};
use weir::model::infer::{Inference, infer};
use weir::model::log::{Log, LogBuilder};
use weir::model::snapshot::{Forecasting, Setting, Snapshot};
use weir::model::stage::Class;
use weir::model::stream::Place;
use weir::model::time::{Calendar, Day, Sec, Window, WindowSpec, Zone};
use weir::simulate::forecast::{Ask, CONFIDENCES, Futures, Past, Source};

fn shared(path: &str) -> PathBuf {
    let folder = std::env::var("WEIR_SHARED").expect("WEIR_SHARED names the folder of real data");
    PathBuf::from(folder).join("data").join(path)
}

fn expected(path: &str) -> Value {
    let text = std::fs::read_to_string(shared(path)).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn load(path: &str, columns: Columns) -> Log {
    let settings = FileSettings {
        path: shared(path),
        columns,
        ..FileSettings::default()
    };
    let mut builder = LogBuilder::new();
    let source = SourceName::new("log");
    let report = file::read_into(&mut builder, &source, &settings, &mut |_| {}).unwrap();
    assert_eq!(report.kept_out, 0, "{:?}", report.oddities);
    builder.finish()
}

/// First and last instant of an item.
fn ends(log: &Log, item: ItemIx) -> (Sec, Sec) {
    let (at, _) = log.moves(item);
    (at[0], at[at.len() - 1])
}

/// The nearest rank with ceiling.
fn percentile(sorted: &[i64], p: usize) -> i64 {
    sorted[(p * sorted.len()).div_ceil(100) - 1]
}

/// Per status name: seconds until the item's next event, and visits with repeats merged.
fn totals(log: &Log) -> (BTreeMap<String, i64>, BTreeMap<String, u64>) {
    let (mut seconds, mut visits) = (BTreeMap::new(), BTreeMap::new());
    for item in log.items() {
        let (at, to) = log.moves(item);
        for row in 0..at.len() {
            let name = &log.statuses()[to[row].index()].name;
            let until = at.get(row + 1).map_or(0, |next| next.since(at[row]));
            *seconds.entry(name.clone()).or_default() += until;
            let repeats = row > 0 && to[row - 1] == to[row];
            *visits.entry(name.clone()).or_default() += u64::from(!repeats);
        }
    }
    (seconds, visits)
}

fn compare(log: &Log, want: &Value) {
    assert_eq!(log.item_count() as u64, want["cases"].as_u64().unwrap());
    assert_eq!(log.move_count() as u64, want["events"].as_u64().unwrap());
    assert_eq!(
        log.statuses().len() as u64,
        want["activities"].as_u64().unwrap()
    );
    let all: Vec<(Sec, Sec)> = log.items().map(|item| ends(log, item)).collect();
    let first = all.iter().map(|(first, _)| *first).min().unwrap();
    assert_eq!(first.rfc3339(), want["first_event"].as_str().unwrap());
    let last = log.last_event().unwrap();
    assert_eq!(last.rfc3339(), want["last_event"].as_str().unwrap());
    compare_elapsed(&all, &want["elapsed_first_to_last_event_seconds"]);
    let (seconds, visits) = totals(log);
    for (name, total) in want["time_in_status_seconds_total_until_next_event"]
        .as_object()
        .unwrap()
    {
        assert_eq!(seconds[name] as f64, total.as_f64().unwrap(), "{name}");
    }
    for (name, count) in want["visits_per_status_merging_consecutive_repeats"]
        .as_object()
        .unwrap()
    {
        assert_eq!(visits[name], count.as_u64().unwrap(), "{name}");
    }
    assert_eq!(log.disorder().before_creation, 0);
}

fn compare_elapsed(ends: &[(Sec, Sec)], want: &Value) {
    let mut elapsed: Vec<i64> = ends
        .iter()
        .map(|(first, last)| last.since(*first))
        .collect();
    elapsed.sort_unstable();
    for (p, seconds) in want["nearest_rank"].as_object().unwrap() {
        let found = percentile(&elapsed, p.parse().unwrap());
        assert_eq!(found as f64, seconds.as_f64().unwrap(), "p{p}");
    }
    let mean = elapsed.iter().sum::<i64>() as f64 / elapsed.len() as f64;
    assert!((mean - want["mean"].as_f64().unwrap()).abs() < 0.001);
    assert_eq!(elapsed[0] as f64, want["min"].as_f64().unwrap());
    assert_eq!(
        *elapsed.last().unwrap() as f64,
        want["max"].as_f64().unwrap()
    );
}

/// The class a status was given; `None` if it is no stage.
fn class_of(inference: &Inference, status: &str) -> Option<Class> {
    match inference.stream.place_of("log", status)? {
        Place::Stage(at) => Some(inference.stream.stage(at).class),
        Place::Cancelled => None,
    }
}

#[test]
#[ignore = "reads real data from WEIR_SHARED"]
fn helpdesk_is_read_exactly() {
    let log = load("eventlog/helpdesk.csv", Columns::default());
    compare(&log, &expected("eventlog/expected.json")["helpdesk"]);
    let inference = infer(&log, "helpdesk");
    assert_eq!(class_of(&inference, "Closed"), Some(Class::Done));
    assert_eq!(class_of(&inference, "Wait"), Some(Class::Queue));
    assert_eq!(
        class_of(&inference, "Take in charge ticket"),
        Some(Class::Active)
    );
    assert_eq!(class_of(&inference, "DUPLICATE"), None);
}

#[test]
#[ignore = "reads real data from WEIR_SHARED"]
fn closed_problems_are_read_exactly() {
    let want = expected("eventlog/expected.json");
    let named = Columns {
        status: vec!["status".to_owned(), "substatus".to_owned()],
        ..Columns::default()
    };
    for columns in [named, Columns::default()] {
        let log = load("eventlog/bpic2013_closed_problems.csv", columns);
        compare(&log, &want["bpic2013_closed_problems"]);
        let inference = infer(&log, "problems");
        assert_eq!(class_of(&inference, "Completed/Closed"), Some(Class::Done));
        assert_eq!(class_of(&inference, "Accepted/Wait"), Some(Class::Queue));
        assert_eq!(
            class_of(&inference, "Accepted/In Progress"),
            Some(Class::Active)
        );
        assert_eq!(class_of(&inference, "Completed/Cancelled"), None);
    }
}

#[test]
#[ignore = "reads real data from WEIR_SHARED"]
fn patients_are_items_and_their_handlings_statuses() {
    let log = load("eventlog/patients.csv", Columns::default());
    assert_eq!((log.item_count(), log.move_count()), (500, 2_721));
    let inference = infer(&log, "patients");
    let stages = inference
        .stream
        .stages
        .iter()
        .map(|stage| stage.name.as_str());
    let stages: Vec<&str> = stages.collect();
    assert_eq!(stages[..2], ["Registration", "Triage and Assessment"]);
    assert_eq!(stages[stages.len() - 2..], ["Discuss Results", "Check-out"]);
    assert_eq!(class_of(&inference, "Check-out"), Some(Class::Done));
}

#[test]
#[ignore = "reads real data from WEIR_SHARED"]
fn dates_side_by_side_are_moves() {
    let want = &expected("csv/expected.json")["flowmetrics_example.csv"];
    let log = load("csv/flowmetrics_example.csv", Columns::default());
    assert_eq!(log.item_count() as u64, want["rows"].as_u64().unwrap());
    let name = |item: ItemIx| -> Vec<&str> {
        let (_, to) = log.moves(item);
        to.iter()
            .map(|to| log.statuses()[to.index()].name.as_str())
            .collect()
    };
    let both = log
        .items()
        .filter(|item| name(*item) == ["Activated", "Closed"])
        .count();
    let open = log
        .items()
        .filter(|item| name(*item) == ["Activated"])
        .count();
    assert_eq!(both as u64, want["with_start_and_close"].as_u64().unwrap());
    assert_eq!(open as u64, want["start_without_close"].as_u64().unwrap());
    let closed: Vec<(Sec, Sec)> = log
        .items()
        .filter(|item| log.moves(*item).0.len() == 2)
        .map(|item| ends(&log, item))
        .collect();
    let ends_at = || closed.iter().map(|(_, close)| close.rfc3339());
    let wanted = |key: &str| format!("{}Z", want[key].as_str().unwrap());
    assert_eq!(ends_at().min().unwrap(), wanted("first_close"));
    assert_eq!(ends_at().max().unwrap(), wanted("last_close"));
    let mut days: Vec<i64> = closed
        .iter()
        .map(|(start, close)| close.since(*start) / 86_400 + 1)
        .collect();
    days.sort_unstable();
    for (p, value) in want["cycle_days_elapsed24h_plus1"]["nearest_rank"]
        .as_object()
        .unwrap()
    {
        assert_eq!(
            percentile(&days, p.parse().unwrap()),
            value.as_i64().unwrap(),
            "p{p}"
        );
    }
    let inference = infer(&log, "example");
    assert_eq!(class_of(&inference, "Activated"), Some(Class::Active));
    assert_eq!(class_of(&inference, "Closed"), Some(Class::Done));
}

/// What `weir report FILE` measures, as of the end of the file, over a window with everything in it.
fn measured(log: Log) -> (Snapshot, Measures) {
    let stream = infer(&log, "team").stream;
    let setting = Setting::default();
    let snapshot = Snapshot::new(Arc::new(log), &[Arc::new(stream)], setting, 1);
    let question = Question {
        window: WindowSpec::LastDays(10_000),
        ..Question::about(&snapshot, 0, AsOf::EndOfEvents)
    };
    let measures = measure(&snapshot, &question).unwrap();
    (snapshot, measures)
}

/// Numbers by percentile, as the expectation writes them.
fn by_percentile(of: &Value) -> Vec<i64> {
    let value = |p: &&str| of[p].as_i64();
    ["50", "70", "85", "95"].iter().filter_map(value).collect()
}

/// Counts of days from the flow times: weir's own are exact elapsed days with nearest-rank
/// percentiles; the export's tool counts begun days, or days of the calendar with both ends.
#[test]
#[ignore = "reads real data from WEIR_SHARED"]
fn the_team_export_is_met_in_its_own_conventions() {
    let want = &expected("csv/expected.json")["flowmetrics_example.csv"];
    let (_, measures) = measured(load("csv/flowmetrics_example.csv", Columns::default()));
    let count = |key: &str| want[key].as_u64().unwrap();
    assert_eq!(measures.items.total, count("rows"));
    assert_eq!(measures.items.done, count("with_start_and_close"));
    assert_eq!(measures.items.in_progress, count("start_without_close"));
    assert_eq!(
        measures.quality.closed_without_work,
        count("close_without_start")
    );
    assert_eq!(
        measures.quality.disorder.out_of_order,
        count("close_before_start")
    );
    let elapsed = &want["cycle_days_elapsed24h_plus1"];
    let time = measures.flow.time.unwrap();
    assert_eq!(time.percentiles.n as u64, count("with_start_and_close"));
    let begun = time.percentiles.values.map(|seconds| seconds / 86_400 + 1);
    assert_eq!(begun[..], by_percentile(&elapsed["nearest_rank"]));
    let rows = || measures.table.rows();
    let begun: Vec<i64> = rows()
        .filter_map(Row::flow)
        .map(|flow| flow / 86_400 + 1)
        .collect();
    compare_days(begun, elapsed);
    let day = |at: Sec| i64::from(Zone::utc().day_of(at).0);
    let dates = rows().filter_map(|row| {
        let (from, to) = (row.started.get()?, row.finished.get()?);
        Some(day(to) - day(from) + 1)
    });
    compare_days(dates.collect(), &want["cycle_days_calendar_plus1"]);
}

fn compare_days(mut days: Vec<i64>, want: &Value) {
    days.sort_unstable();
    let found = [50, 70, 85, 95].map(|p| percentile(&days, p));
    assert_eq!(found[..], by_percentile(&want["nearest_rank"]));
    assert_eq!(days.last(), want["max"].as_i64().as_ref());
    let mean = days.iter().sum::<i64>() as f64 / days.len() as f64;
    assert!((mean - want["mean"].as_f64().unwrap()).abs() < 0.0001);
}

#[test]
#[ignore = "reads real data from WEIR_SHARED"]
fn forecasts_of_the_team_export_are_the_exact_ones() {
    let want = &expected("csv/expected.json")["flowmetrics_example.csv"];
    let how_many = &want["exact_how_many_in_30_days"];
    let log = load("csv/flowmetrics_example.csv", Columns::default());
    let (_, measures) = measured(log);
    let zone = Zone::utc();
    let day = |at: usize| Day::parse(how_many["history"][at].as_str().unwrap()).unwrap();
    let stretch = Window {
        from: zone.start_of(day(0)),
        to: zone.start_of(day(1).plus(1)),
    };
    let rows = measures.table.rows();
    let finished = rows.filter_map(|row| row.finished.get());
    let past = Past::of(finished, stretch, &Calendar::default(), &zone);
    let closed: u32 = past.counts().iter().sum();
    assert_eq!(
        u64::from(closed),
        how_many["closed_in_history"].as_u64().unwrap()
    );
    let plan = Forecasting {
        trials: 100_000,
        ..Forecasting::default()
    };
    let source = Source::new(past.counts(), &plan).unwrap();
    let futures = Futures::draw(source, &Ask::new(vec![30], vec![20]));
    let found = futures.how_many(0).map(i64::from);
    assert_eq!(
        found[..],
        by_percentile(&how_many["at_least_with_confidence"])
    );
    let found = futures.when(0).map(Option::unwrap);
    let exact = by_percentile(&want["exact_when_20_items_days"]);
    for ((found, exact), p) in found.into_iter().zip(exact).zip(CONFIDENCES) {
        // A day more or less is no more than chance where the exact share lies within it of `p`.
        let near = 1.0_f64.max(exact as f64 * 0.01);
        assert!(
            (f64::from(found) - exact as f64).abs() <= near,
            "{found} for {exact}"
        );
        let share = |days: u32| exact_share(past.counts(), 20, days);
        let confidence = f64::from(p) / 100.0;
        assert!(
            share(found) >= confidence - 0.01 && share(found - 1) < confidence + 0.01,
            "P{p}: day {found} has {} of all futures",
            share(found)
        );
        assert!(
            share(u32::try_from(exact).unwrap()) >= confidence,
            "P{p}: {exact}"
        );
    }
}

/// The share of futures with `items` finished after so many days, each of which is one of the past by
/// the same chance: day by day, the chance of each number that is left.
fn exact_share(past: &[u32], items: usize, days: u32) -> f64 {
    let mut left = vec![0.0; items + 1];
    left[items] = 1.0;
    for _ in 0..days {
        let mut next = vec![0.0; items + 1];
        for (still, chance) in left.iter().enumerate() {
            for count in past {
                next[still.saturating_sub(*count as usize)] += chance / past.len() as f64;
            }
        }
        left = next;
    }
    left[0]
}

/// Last events of all items, by the days that are given.
fn finished_daily(log: &Log, days: &Value) -> Vec<u32> {
    let zone = Zone::utc();
    let day = |at: usize| Day::parse(days[at].as_str().unwrap()).unwrap();
    let stretch = Window {
        from: zone.start_of(day(0)),
        to: zone.start_of(day(1).plus(1)),
    };
    let finished = log.items().map(|item| ends(log, item).1);
    let past = Past::of(finished, stretch, &Calendar::default(), &zone);
    past.counts().to_vec()
}

fn compare_forecast(log: &Log, want: &Value) {
    let want = &want["exact_forecast_how_many"];
    let counts: Vec<u32> = serde_json::from_value(want["daily_finished"].clone()).unwrap();
    assert_eq!(finished_daily(log, &want["history_days_utc"]), counts);
    let plan = Forecasting {
        trials: 100_000,
        ..Forecasting::default()
    };
    let days = u32::try_from(want["horizon_days"].as_u64().unwrap()).unwrap();
    let source = Source::new(&counts, &plan).unwrap();
    let futures = Futures::draw(source, &Ask::new(vec![days], Vec::new()));
    for (found, p) in futures.how_many(0).into_iter().zip(CONFIDENCES) {
        let exact = want["at_least_with_confidence"][p.to_string()].as_f64();
        let distance = (f64::from(found) / exact.unwrap() - 1.0).abs();
        assert!(distance <= 0.01, "P{p}: {found} for {exact:?}");
    }
}

#[test]
#[ignore = "reads real data from WEIR_SHARED"]
fn forecasts_of_real_streams_are_the_exact_ones() {
    let want = expected("eventlog/expected.json");
    let log = load("eventlog/helpdesk.csv", Columns::default());
    compare_forecast(&log, &want["helpdesk"]);
    let log = load("eventlog/bpic2013_closed_problems.csv", Columns::default());
    compare_forecast(&log, &want["bpic2013_closed_problems"]);
}
