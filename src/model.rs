//! The vocabulary and the memory of weir: events in, timelines out.
//!
//! A [`log::Log`] holds the events of all items in columns; a [`stream::Stream`] says what the
//! tracker's statuses mean; a [`timeline::Timeline`] is one item replayed under a stream; a
//! [`snapshot::Snapshot`] is all of it, immutable.

pub mod batch;
pub mod bound;
pub mod event;
pub mod health;
pub mod id;
pub mod infer;
pub mod link;
pub mod log;
pub mod policy;
pub mod promise;
pub mod rule;
pub mod snapshot;
pub mod stage;
pub mod stream;
pub mod time;
pub mod timeline;
