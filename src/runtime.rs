//! Where everything meets: reads the config, runs the sources, keeps the history, answers the
//! commands, and carries out what the dashboard asks for. Only here are tasks and threads started.

mod collect;
mod company;
mod crash;
mod dashboard;
mod desk;
mod doctor;
mod export;
mod failure;
mod feed;
mod files;
mod health;
mod import;
mod keeper;
mod live;
mod look;
mod minutes;
mod numbers;
mod poll;
mod progress;
mod promises;
mod request;
mod retain;
mod save;
mod screen;
mod setup;
mod signals;
mod sources;
mod standup;
mod sync;
mod tenure;
mod walks;
mod world;

pub use collect::collect;
pub use crash::report_crashes;
pub use doctor::{Requests, doctor};
pub use export::{Export, ExportFormat, export};
pub use failure::{Failure, FailureKind};
pub use import::import;
pub use look::Appearance;
pub use numbers::{ItemsFormat, ReportFormat, items, report};
pub use request::{Request, Words};
pub use screen::{dashboard, demo, open};
pub use standup::standup;
pub use sync::sync;
