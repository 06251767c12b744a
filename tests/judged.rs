//! weir judged on simulated streams whose truth is known. The whole trials are run by hand:
//! `cargo test --release --test judged -- --ignored forecast --nocapture`. They begin with the seed
//! `WEIR_JUDGE_SEED` and take `WEIR_JUDGE_SEEDS` of them; by default with seeds that were not used
//! while weir was made.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so and ends"
)]

#[path = "judged/forecast.rs"]
mod forecast;
