//! Real trackers, read by the connectors and compared with what was put into them. They need
//! servers, so plain `cargo test` leaves them out; `cargo test --test live -- --ignored` runs them
//! and fails where the environment does not say which.

#![cfg_attr(
    test,
    expect(
        clippy::expect_used,
        clippy::panic,
        reason = "what a test cannot go on without fails it"
    )
)]

#[cfg(all(test, unix))]
#[path = "live/init.rs"]
mod init;
#[cfg(all(test, unix))]
#[expect(dead_code, reason = "other tests use the rest")]
#[path = "support/program.rs"]
mod program;
#[cfg(test)]
#[path = "live/redmine.rs"]
mod redmine;
#[cfg(test)]
#[path = "support/sink.rs"]
mod sink;
#[cfg(all(test, unix))]
#[expect(dead_code, reason = "other tests use the rest")]
#[path = "pty/terminal.rs"]
mod terminal;
