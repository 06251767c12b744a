//! The command line.

#![expect(
    clippy::doc_markdown,
    reason = "the comments are the help texts, read as they stand"
)]

mod init;
mod paper;

use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand, ValueEnum};
use weir::config::{Glyphs, ThemeChoice};

pub(crate) use init::InitArgs;
pub(crate) use paper::{Shell, completions, page, write_pages};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Blue.on_default().bold())
    .usage(AnsiColor::Blue.on_default().bold())
    .literal(AnsiColor::Cyan.on_default());

const EXAMPLES: &str = "\
Examples:
  weir demo                          look around, no account needed
  weir init                          set up your tracker, step by step
  weir open history.csv              your own export
  weir                               the dashboard on your weir.toml
  weir report history.csv            the numbers as text
  weir items --filter 'blocked age>10d' --format csv

Exit codes: 0 fine, 1 a check fell short, 2 bad use or config, 3 a source could not be read,
4 the history could not be read or written, 70 a bug, 130 interrupted.";

/// See how work flows: every queue and wait state of a value stream, on one screen.
#[derive(Debug, Parser)]
#[command(name = "weir", version, styles = STYLES, after_help = EXAMPLES, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// What holds for every command.
#[derive(Debug, Args)]
pub(crate) struct Common {
    /// The config file; else $WEIR_CONFIG, ./weir.toml, the user's config folder
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "WEIR_CONFIG",
        hide_env_values = true
    )]
    pub(crate) config: Option<PathBuf>,
    /// Only this stream
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) stream: Option<String>,
    /// Only these items, for example 'stage:review age>10d -team:infra'
    #[arg(long, global = true, value_name = "QUERY", allow_hyphen_values = true)]
    pub(crate) filter: Option<String>,
    /// Seen from this instant (RFC 3339) or the end of this day
    #[arg(long, global = true, value_name = "INSTANT")]
    pub(crate) as_of: Option<String>,
    /// Over this time: 90d, 12w or 2026-01-01..2026-03-31
    #[arg(long, global = true, value_name = "WINDOW")]
    pub(crate) window: Option<String>,
    /// By this clock: last-crossing, first-start, sum-in-progress, created-to-done
    #[arg(long, global = true, value_name = "RULE")]
    pub(crate) clock: Option<String>,
    /// Spans in all time, or in the working time of [calendar]: elapsed, working
    #[arg(long, global = true, value_name = "RULE")]
    pub(crate) time: Option<String>,
    /// Days and dates in this IANA time zone
    #[arg(long, global = true, value_name = "ZONE")]
    pub(crate) time_zone: Option<String>,
    /// Do not ask any source; show what is known
    #[arg(long, global = true)]
    pub(crate) offline: bool,
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,
    /// Draw in this theme: auto, dark, light, high-contrast, projector, ember, paper, mono
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) theme: Option<ThemeChoice>,
    /// Draw with these marks: blocks, ascii
    #[arg(long, global = true, value_name = "SET")]
    pub(crate) glyphs: Option<Glyphs>,
    /// Take this for the present instant (RFC 3339)
    #[arg(long, global = true, value_name = "INSTANT", hide = true)]
    pub(crate) now: Option<String>,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The dashboard on a simulated company: while you watch, its working day takes a minute
    Demo(DemoArgs),
    /// The dashboard on event logs: CSV, JSONL, XES, answers of Jira, plain or gzip; columns and stages are inferred
    Open(OpenArgs),
    /// Set up a tracker: asks, tests, reads, proposes stages, writes the config
    Init(Box<InitArgs>),
    /// Poll every source once into the history, then exit
    Sync(SyncArgs),
    /// Poll every source for ever, without a screen, into a history that others follow
    Collect,
    /// The numbers as text, Markdown, HTML, JSON or CSV, of the configured sources or of event logs
    Report(ReportArgs),
    /// One row per item: started, finished, flow, waiting and blocked days, age, pace
    Items(ItemsArgs),
    /// What to speak of in a stand-up: what changed since the last walk, blocked, ageing, stale
    Standup(StandupArgs),
    /// Hold the streams to the policies of the config; exit code 1 if one is broken
    Check(CheckArgs),
    /// Answer the questions of an assistant: a read-only server of the Model Context Protocol on stdio
    #[cfg(feature = "mcp")]
    Mcp(McpArgs),
    /// The config itself: what holds and whence, whether it is right, its schema for editors
    Config(ConfigArgs),
    /// Check every source and say what to do
    Doctor(DoctorArgs),
    /// The event log itself, out of the history: every event with all its parts
    Export(ExportArgs),
    /// Bring what `weir export` wrote back into the history; nothing is lost or doubled
    Import(ImportArgs),
    /// A script with which your shell completes the words of weir
    Completions {
        /// Your shell
        shell: Shell,
    },
    /// The page for man, of weir or of one of its commands
    Man(ManArgs),
}

#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct DoctorArgs {
    /// Show the requests that were sent and what came of them, with nothing secret in them
    #[arg(long)]
    pub(crate) trace: bool,
    /// Show what can be mended safely, and mend it if you say so
    #[arg(long)]
    pub(crate) fix: bool,
    /// With --fix: mend without asking
    #[arg(long, short, requires = "fix")]
    pub(crate) yes: bool,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct DemoArgs {
    /// The same seed gives the same company
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// How many items the company has had, about
    #[arg(long, value_name = "N", default_value_t = 1_200, value_parser = clap::value_parser!(u32).range(50..=2_000_000))]
    pub(crate) items: u32,
}

#[derive(Debug, Args)]
pub(crate) struct OpenArgs {
    /// Event logs
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Write the inferred columns and stages to this config file and exit
    #[arg(long, value_name = "CONFIG", num_args = 0..=1, default_missing_value = "weir.toml")]
    pub(crate) save: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct SyncArgs {
    /// Read everything again, not only what changed
    #[arg(long)]
    pub(crate) full: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    /// Event logs, in place of the configured sources
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// How to write it
    #[arg(long, default_value = "text")]
    pub(crate) format: ReportFormat,
    /// Only these parts, separated by commas, or all; without it the usual ones
    #[arg(long, value_name = "NAME,…")]
    pub(crate) section: Option<String>,
    /// What suits this meeting: window and sections, unless they are given
    #[arg(long = "for", value_name = "MEETING")]
    pub(crate) occasion: Option<Occasion>,
    /// What came of a change on this day, beside those of the config; may be given several times
    #[arg(long, value_name = "DATE[=NAME]")]
    pub(crate) change: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct StandupArgs {
    /// Event logs, in place of the configured sources
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// How to write it
    #[arg(long, default_value = "text")]
    pub(crate) format: AgendaFormat,
}

#[cfg(feature = "mcp")]
#[derive(Debug, Args)]
pub(crate) struct McpArgs {
    /// Event logs, in place of the configured sources
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct ConfigArgs {
    /// What is asked of it
    pub(crate) what: ConfigAsk,
    /// How to write it
    #[arg(long, default_value = "text")]
    pub(crate) format: ConfigFormat,
}

/// What can be asked of a config.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ConfigAsk {
    /// Every value that holds, and whence it comes: file and line, default, flag; secrets masked
    Show,
    /// Whether it is right: all that is wrong, with lines; no source is asked
    Check,
    /// The JSON schema by which an editor completes and checks it
    Schema,
}

/// Formats of what holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ConfigFormat {
    /// For people: TOML with comments
    Text,
    /// For programs
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// The command; without it weir itself
    pub(crate) command: Option<String>,
    /// Write the pages of all commands into this folder
    #[arg(long, value_name = "FOLDER", conflicts_with = "command")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Event logs, in place of the configured sources
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// How to write it
    #[arg(long, default_value = "text")]
    pub(crate) format: CheckFormat,
}

/// Formats of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    /// For people
    Text,
    /// For programs; schema 1
    Json,
    /// For pipelines: JUnit XML
    Junit,
}

/// Meetings that a report is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Occasion {
    /// A week, what is in progress
    StandUp,
    /// A week against the one before
    Weekly,
    /// 30 days against the 30 before
    Monthly,
    /// 90 days against the 90 before, for leadership
    Quarterly,
}

/// Formats of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// For people
    Text,
    /// For people: Markdown for a page, a ticket, a chat
    Md,
    /// For people: one page with charts that needs nothing else, light, dark and on paper
    Html,
    /// For programs; schema 1
    Json,
    /// For spreadsheets: a row a number
    Csv,
}

/// Formats of the agenda of a stand-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum AgendaFormat {
    /// For people
    Text,
    /// For people: Markdown for a page, a ticket, a chat
    Md,
    /// For programs; schema 1
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct ItemsArgs {
    /// Event logs, in place of the configured sources
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// How to write them
    #[arg(long, default_value = "text")]
    pub(crate) format: ItemsFormat,
}

/// Formats of the list of items.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ItemsFormat {
    /// For people
    Text,
    /// For spreadsheets
    Csv,
    /// For programs
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// How to write it; without it by the ending of the output, else CSV
    #[arg(long)]
    pub(crate) format: Option<ExportFormat>,
    /// Write to this file in place of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Only the events of this source; may be given several times
    #[arg(long, value_name = "NAME")]
    pub(crate) source: Vec<String>,
}

/// Formats of the event log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// For spreadsheets
    Csv,
    /// One JSON object a line
    Jsonl,
    /// For data tools: columns, packed
    Parquet,
}

#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// Files that `weir export` wrote: CSV, JSONL or Parquet
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
}
