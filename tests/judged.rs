//! weir judged on simulated streams whose truth is known, because it was planted. The whole trials
//! are run by hand: `cargo test --release --test judged -- --ignored --nocapture`, with `bottleneck`,
//! `forecast` or `impact` before `--nocapture` for one of them. They begin with the seed
//! `WEIR_JUDGE_SEED` and take `WEIR_JUDGE_SEEDS` of them; by default with seeds that were not used
//! while weir was made.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so and ends"
)]

#[path = "support/planted.rs"]
mod planted;

#[path = "judged/forecast.rs"]
mod forecast;
#[path = "judged/impact.rs"]
mod impact;
