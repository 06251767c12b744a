//! Several weirs on one history: collectors that are killed, dashboards that follow, servers that
//! go away. They need a PostgreSQL server, so plain `cargo test` leaves them out;
//! `cargo test --test shared -- --ignored` runs them and fails where `WEIR_POSTGRES` does not say
//! which.

#![cfg(all(unix, feature = "postgres"))]
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "what a test cannot go on without fails it"
)]

#[expect(dead_code, reason = "other tests use the rest")]
#[path = "support/program.rs"]
mod program;

#[path = "shared/kills.rs"]
mod kills;
#[path = "shared/server.rs"]
mod server;
#[expect(dead_code, reason = "other tests use the rest")]
#[path = "pty/terminal.rs"]
mod terminal;
#[path = "shared/tracker.rs"]
mod tracker;
#[path = "shared/troubles.rs"]
mod troubles;
