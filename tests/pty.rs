//! The dashboard as its user meets it: on a terminal, by its keys, until it gives the terminal back.
//!
//! Nothing here waits for a time, only for a picture, up to a deadline that a loaded machine keeps
//! too; the one test of idleness watches for three seconds.

#![cfg(unix)]
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "what a test cannot go on without fails it"
)]

#[path = "support/program.rs"]
mod program;

#[path = "pty/demo.rs"]
mod demo;
#[path = "pty/ends.rs"]
mod ends;
#[path = "pty/files.rs"]
mod files;
#[path = "pty/find.rs"]
mod find;
#[path = "pty/init.rs"]
mod init;
#[path = "pty/look.rs"]
mod look;
#[path = "pty/pointer.rs"]
mod pointer;
#[path = "pty/sources.rs"]
mod sources;
#[path = "pty/standup.rs"]
mod standup;
#[path = "pty/terminal.rs"]
mod terminal;
#[path = "pty/tour.rs"]
mod tour;
