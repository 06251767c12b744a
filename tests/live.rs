//! Real trackers, read by the connectors and compared with what was put into them. They need
//! servers, so plain `cargo test` leaves them out; `cargo test --test live -- --ignored` runs them
//! and fails where the environment does not say which.

#[cfg(test)]
#[path = "live/redmine.rs"]
mod redmine;
#[cfg(test)]
#[path = "support/sink.rs"]
mod sink;
