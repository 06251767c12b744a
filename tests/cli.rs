//! The program from outside, without a terminal: what it says, where, and with which exit code.

#![expect(
    clippy::expect_used,
    reason = "what a test cannot go on without fails it"
)]

#[cfg(feature = "mcp")]
#[path = "support/assistant.rs"]
mod assistant;
#[path = "support/program.rs"]
mod program;

#[path = "cli/answers.rs"]
mod answers;
#[path = "cli/archive.rs"]
mod archive;
#[path = "cli/check.rs"]
mod check;
#[path = "cli/config.rs"]
mod config;
#[path = "cli/history.rs"]
mod history;
#[path = "cli/init.rs"]
mod init;
#[path = "cli/items.rs"]
mod items;
#[path = "cli/links.rs"]
mod links;
#[cfg(feature = "mcp")]
#[path = "cli/mcp.rs"]
mod mcp;
#[path = "cli/notices.rs"]
mod notices;
#[path = "cli/page.rs"]
mod page;
#[path = "cli/promises.rs"]
mod promises;
#[path = "cli/report.rs"]
mod report;
#[path = "cli/standup.rs"]
mod standup;
#[path = "cli/trouble.rs"]
mod trouble;
#[path = "cli/usage.rs"]
mod usage;
