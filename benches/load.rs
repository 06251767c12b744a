//! How long it takes to read an event log, beside what the machine allows.
//!
//! `cargo bench --bench load -- FILE.csv [RUNS]` reads the file's bytes, splits it with the csv
//! crate and loads it into a log, in turn, and prints the medians and their ratios.
//! `cargo bench --bench load -- FILE.csv once` loads it once and says what was understood.

#![expect(clippy::print_stdout, reason = "a bench prints what it measures")]

use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use weir::connectors::{FileSettings, file};
use weir::model::id::SourceName;
use weir::model::log::{Log, LogBuilder};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut arguments = arguments.iter().filter(|one| !one.starts_with("--"));
    let Some(path) = arguments.next().map(PathBuf::from) else {
        println!("usage: cargo bench --bench load -- FILE.csv [RUNS | once]");
        return;
    };
    match arguments.next().map(String::as_str) {
        Some("once") => once(&path),
        runs => compare(&path, runs.and_then(|runs| runs.parse().ok()).unwrap_or(5)),
    }
}

fn once(path: &Path) {
    let begin = Instant::now();
    let mut builder = LogBuilder::new();
    let settings = FileSettings {
        path: path.to_owned(),
        ..FileSettings::default()
    };
    let report = file::read_into(
        &mut builder,
        &SourceName::new("log"),
        &settings,
        &mut |_| {},
    );
    let read = begin.elapsed();
    let log = builder.finish();
    println!("{} items, {} moves", log.item_count(), log.move_count());
    println!("read {read:.1?}, laid out after {:.1?}", begin.elapsed());
    println!("{report:#?}");
}

/// Something that is timed, and its name.
type Task = (&'static str, fn(&Path));

fn compare(path: &Path, runs: usize) {
    let tasks: [Task; 3] = [
        ("read the bytes", read_bytes),
        ("split with the csv crate", split),
        ("load into a log", |path| drop(load(path))),
    ];
    let mut times = tasks.map(|_| Vec::new());
    for _ in 0..runs {
        for ((_, task), times) in tasks.iter().zip(&mut times) {
            let begin = Instant::now();
            task(path);
            times.push(begin.elapsed());
        }
    }
    let medians = times.map(median);
    for ((name, _), median) in tasks.iter().zip(medians) {
        let ratio = medians[2].as_secs_f64() / median.as_secs_f64();
        println!("{name:26} {median:>9.1?}   loading takes {ratio:.2} times that");
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn read_bytes(path: &Path) {
    let Ok(mut file) = std::fs::File::open(path) else {
        return;
    };
    let mut buffer = vec![0; 1 << 20];
    while file.read(&mut buffer).is_ok_and(|read| read > 0) {}
}

fn split(path: &Path) {
    let Ok(mut reader) = csv::Reader::from_path(path) else {
        return;
    };
    let mut record = csv::ByteRecord::new();
    while reader.read_byte_record(&mut record).is_ok_and(|more| more) {}
}

fn load(path: &Path) -> Log {
    let mut builder = LogBuilder::new();
    let settings = FileSettings {
        path: path.to_owned(),
        ..FileSettings::default()
    };
    if let Err(fault) = file::read_into(
        &mut builder,
        &SourceName::new("log"),
        &settings,
        &mut |_| {},
    ) {
        println!("{fault}");
    }
    builder.finish()
}
