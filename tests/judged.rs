//! Judgements over many seeds: what the measures say of streams whose truth is known, because it
//! was planted. The long runs are for a release build:
//! `cargo test --release --test judged -- --ignored --nocapture`. `WEIR_JUDGE_SEED` sets the first
//! seed, `WEIR_JUDGE_SEEDS` how many.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so and ends"
)]

#[path = "support/planted.rs"]
mod planted;

#[path = "judged/impact.rs"]
mod impact;
