//! How long it takes until everything is known again after a change of the question.
//!
//! `cargo bench --bench questions -- FILE.csv [RUNS]` loads the file once, then changes filter,
//! clock, window and instant in turn, and forecasts, and prints the median of each, and the processor
//! time that one took on average (on Linux), which says more where others use the machine too.

#![expect(clippy::print_stdout, reason = "a bench prints what it measures")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use weir::connectors::{FileSettings, file};
use weir::metrics::{AsOf, Measures, Question, measure_after};
use weir::model::id::SourceName;
use weir::model::infer::infer;
use weir::model::log::LogBuilder;
use weir::model::rule::Rule;
use weir::model::snapshot::{Forecasting, Setting, Snapshot};
use weir::model::stage::ClockRule;
use weir::model::time::WindowSpec;
use weir::query;
use weir::simulate::forecast::{Ask, Futures, Source, forecast};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut arguments = arguments.iter().filter(|one| !one.starts_with("--"));
    let Some(path) = arguments.next().map(PathBuf::from) else {
        println!("usage: cargo bench --bench questions -- FILE.csv [RUNS]");
        return;
    };
    let runs = arguments.next().and_then(|runs| runs.parse().ok());
    let snapshot = load(&path);
    println!(
        "{} items, {} moves",
        snapshot.log().item_count(),
        snapshot.log().move_count()
    );
    ask(&snapshot, runs.unwrap_or(9));
}

fn load(path: &Path) -> Snapshot {
    let mut builder = LogBuilder::new();
    let settings = FileSettings {
        path: path.to_owned(),
        ..FileSettings::default()
    };
    let name = SourceName::new("log");
    if let Err(fault) = file::read_into(&mut builder, &name, &settings, &mut |_| {}) {
        println!("{fault}");
    }
    let log = Arc::new(builder.finish());
    let stream = Arc::new(infer(&log, "log").stream);
    Snapshot::new(log, &[stream], Setting::default(), 1)
}

fn ask(snapshot: &Snapshot, runs: usize) {
    let usual = Question::about(snapshot, 0, AsOf::EndOfEvents);
    let filtered = |text| Question {
        filter: query::parse(text).unwrap_or(Rule::Always),
        ..usual.clone()
    };
    let earlier = snapshot.end_of_events().plus(-45 * 86_400);
    let questions = [
        ("as usual", usual.clone()),
        (
            "another clock",
            Question {
                clock: ClockRule::FirstStart,
                ..usual.clone()
            },
        ),
        (
            "a window of 30 days",
            Question {
                window: WindowSpec::LastDays(30),
                ..usual.clone()
            },
        ),
        (
            "a window of all",
            Question {
                window: WindowSpec::LastDays(1_100),
                ..usual.clone()
            },
        ),
        (
            "45 days ago",
            Question {
                as_of: AsOf::At(earlier),
                ..usual.clone()
            },
        ),
        ("a filter by kind", filtered("kind:defect")),
        ("all but one kind", filtered("not kind:defect")),
        ("a filter by age", filtered("age>10d")),
        ("a filter by text", filtered("\"webhook\"")),
    ];
    let mut times: Vec<Vec<Spent>> = vec![Vec::new(); questions.len() + 2];
    for _ in 0..runs {
        let measures = measure_after(snapshot, &usual, None);
        for ((_, question), times) in questions.iter().zip(&mut times) {
            // As the dashboard asks: the last answer is at hand.
            let again = || measure_after(snapshot, question, measures.as_ref());
            times.push(timed(again).1);
        }
        times[questions.len()].push(timed(|| forecasted(snapshot, measures.as_ref())).1);
        times[questions.len() + 1].push(timed(trials).1);
    }
    let names = questions
        .iter()
        .map(|(name, _)| *name)
        .chain(["forecast and backtest", "10,000 trials, 60 days"]);
    for (name, times) in names.zip(times) {
        let used: f64 = times.iter().map(|spent| spent.processor).sum();
        let used = used / f64::from(u32::try_from(times.len()).unwrap_or(u32::MAX));
        println!("{name:24} {:>9.1?} {:>7.0} ms", median(times), used * 1e3);
    }
}

/// What an answer took.
#[derive(Clone, Copy)]
struct Spent {
    time: Duration,
    /// Seconds of all threads; read in hundredths.
    processor: f64,
}

fn forecasted(snapshot: &Snapshot, measures: Option<&Measures>) -> bool {
    measures.is_some_and(|measures| forecast(snapshot, measures).is_ok())
}

/// The trials alone, from ninety days of which some have no finish.
fn trials() -> bool {
    let counts: Vec<u32> = (0..90).map(|day| day * 7 % 5).collect();
    let plan = Forecasting::default();
    let ask = Ask::new(vec![60], Vec::new());
    Source::new(&counts, &plan)
        .is_ok_and(|source| !Futures::draw(source, &ask).finished(0).is_empty())
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Spent) {
    let (begin, used) = (Instant::now(), processor_seconds());
    let found = work();
    let spent = Spent {
        time: begin.elapsed(),
        processor: processor_seconds() - used,
    };
    (found, spent)
}

/// What this process has used so far; 0 where the system does not say.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit_once(") ").map_or("", |(_, rest)| rest);
    let hundredths = after_name.split(' ').skip(11).take(2);
    hundredths
        .filter_map(|one| one.parse::<f64>().ok())
        .sum::<f64>()
        / 1e2
}

fn median(times: Vec<Spent>) -> Duration {
    let mut times: Vec<Duration> = times.into_iter().map(|spent| spent.time).collect();
    times.sort_unstable();
    times[times.len() / 2]
}
