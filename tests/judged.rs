//! weir judged on simulated streams whose truth is known, because it was planted. The whole trials
//! are run by hand: `cargo test --release --test judged -- --ignored --nocapture`, with `bottleneck`,
//! `forecast` or `impact` before `--nocapture` for one of them. They begin with the seed
//! `WEIR_JUDGE_SEED` and take `WEIR_JUDGE_SEEDS` of them; by default with seeds that were not used
//! while weir was made.

#![expect(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    clippy::print_stdout,
    reason = "a judge that cannot go on says so and ends; it counts little and prints a table"
)]

#[path = "support/planted.rs"]
mod planted;

#[path = "judged/bottleneck.rs"]
mod bottleneck;
#[path = "judged/forecast.rs"]
mod forecast;
#[path = "judged/impact.rs"]
mod impact;

use std::ops::Range;

/// The seeds asked for, or so many from 1,000,000 on.
fn seeds(usual: u64) -> Range<u64> {
    let asked = |name: &str| std::env::var(name).ok().map(|text| text.parse().unwrap());
    let first = asked("WEIR_JUDGE_SEED").unwrap_or(1_000_000);
    first..first + asked("WEIR_JUDGE_SEEDS").unwrap_or(usual)
}

/// The verdict on every seed, in their order, worked out on all cores.
fn on_all_cores<T: Send>(seeds: Range<u64>, judge: impl Fn(u64) -> T + Sync) -> Vec<T> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    let judge = &judge;
    let mut verdicts: Vec<(u64, T)> = std::thread::scope(|scope| {
        let run = |part: u64| {
            let own = seeds.clone().filter(move |seed| seed % cores == part);
            scope.spawn(move || own.map(|seed| (seed, judge(seed))).collect::<Vec<_>>())
        };
        let threads: Vec<_> = (0..cores).map(run).collect();
        let done = threads.into_iter();
        done.flat_map(|thread| thread.join().unwrap()).collect()
    });
    verdicts.sort_by_key(|(seed, _)| *seed);
    verdicts.into_iter().map(|(_, verdict)| verdict).collect()
}
