//! Where everything meets: reads the config, runs the sources, keeps the history, answers the
//! commands, and carries out what the dashboard asks for. Only here are tasks and threads started.

mod check;
mod collect;
mod company;
mod config;
mod crash;
mod dashboard;
mod desk;
mod doctor;
mod export;
mod failure;
mod feed;
mod files;
mod finder;
mod health;
mod import;
mod in_use;
mod init;
mod keeper;
mod live;
mod look;
mod lookout;
#[cfg(feature = "mcp")]
mod mcp;
mod minutes;
mod new_file;
mod notices;
mod numbers;
mod opening;
mod poll;
mod progress;
mod promises;
mod recall;
mod remembered;
mod request;
mod retain;
mod save;
mod save_opened;
mod screen;
mod setup;
mod shown;
mod signals;
mod sources;
mod standup;
mod sync;
mod tenure;
mod views;
mod walks;
mod world;

pub use check::{CheckFormat, check};
pub use collect::collect;
pub use config::{ConfigFormat, check_config, config_schema, show_config};
pub use crash::report_crashes;
pub use doctor::{Mend, Requests, doctor};
pub use export::{Export, ExportFormat, export};
pub use failure::{Failure, FailureKind};
pub use import::import;
pub use init::{InitWords, Keep, init};
pub use look::Appearance;
#[cfg(feature = "mcp")]
pub use mcp::mcp;
pub use numbers::{Contents, ItemsFormat, ReportFormat, items, report, to_stdout};
pub use request::{Request, Words};
pub use screen::{dashboard, demo, open};
pub use standup::{AgendaFormat, standup};
pub use sync::sync;
