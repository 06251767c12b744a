//! Where everything meets: reads the config, runs the sources, keeps the history, answers the
//! commands, and carries out what the dashboard asks for. Only here are tasks and threads started.

mod failure;
mod files;
mod health;
mod keeper;
mod poll;
mod request;

pub use failure::{Failure, FailureKind};
pub use request::{Request, Words};
