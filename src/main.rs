//! The weir program.

mod cli;
mod error;

use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use cli::{
    AgendaFormat, CheckFormat, Cli, Color, Command, Common, ConfigArgs, ConfigAsk, ConfigFormat,
    ExportArgs, ExportFormat, ItemsFormat, ManArgs, ReportArgs, ReportFormat,
};
use weir::clock::{Clock, FixedClock, WallClock};
use weir::connectors::DemoSettings;
use weir::report::Occasion;
use weir::runtime::{self, Appearance, Contents, Export, Failure, Mend, Request, Requests, Words};
use weir::tui::theme::ColorChoice;

#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    runtime::report_crashes();
    // Set already only if another part of the program chose a provider first: that one then holds.
    let _ = rustls::crypto::ring::default_provider().install_default();
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => error::told(&failure),
    }
}

fn run(cli: Cli) -> Result<(), Failure> {
    let appearance = appearance(&cli.common);
    let mut words = words(cli.common);
    if let Some(Command::Report(args)) = &cli.command {
        words.changes.clone_from(&args.change);
    }
    let request = words.read()?;
    let clock = clock(&request);
    match cli.command {
        Some(Command::Init(args)) => runtime::init(&request, args.words(), appearance, &clock),
        Some(Command::Sync(args)) => runtime::sync(&request, args.full, &clock),
        Some(Command::Collect) => runtime::collect(&request, &clock),
        Some(Command::Report(args)) => report(&request, &args, &clock),
        Some(Command::Standup(args)) => {
            let format = agenda_format(args.format);
            runtime::standup(&request, &args.files, format, &clock)
        }
        Some(Command::Items(args)) => {
            let format = items_format(args.format);
            runtime::items(&request, &args.files, format, &clock)
        }
        Some(Command::Check(args)) => {
            let format = check_format(args.format);
            runtime::check(&request, &args.files, format, &clock)
        }
        #[cfg(feature = "mcp")]
        Some(Command::Mcp(args)) => runtime::mcp(&request, &args.files, &clock),
        Some(Command::Config(args)) => config(&request, args, appearance),
        Some(Command::Doctor(args)) => {
            let requests = if args.trace {
                Requests::Shown
            } else {
                Requests::Hidden
            };
            let mend = match (args.fix, args.yes) {
                (false, _) => Mend::No,
                (true, false) => Mend::Ask,
                (true, true) => Mend::Yes,
            };
            runtime::doctor(&request, &clock, (requests, mend))
        }
        Some(Command::Export(args)) => runtime::export(&request, &export(args)),
        Some(Command::Completions { shell }) => {
            let script = cli::completions(shell);
            runtime::to_stdout(|out| out.write_all(&script))
        }
        Some(Command::Man(args)) => man(&args),
        Some(Command::Import(args)) => runtime::import(&request, &args.files),
        Some(Command::Demo(args)) => {
            let settings = DemoSettings {
                seed: args.seed,
                items: args.items,
            };
            runtime::demo(&request, settings, appearance)
        }
        Some(Command::Open(args)) => {
            runtime::open(&request, &args.files, args.save.as_deref(), appearance)
        }
        None => runtime::dashboard(&request, appearance, &clock),
    }
}

/// How the dashboard is to look.
fn appearance(common: &Common) -> Appearance {
    let color = match common.color {
        Color::Auto => ColorChoice::Auto,
        Color::Always => ColorChoice::Always,
        Color::Never => ColorChoice::Never,
    };
    Appearance {
        color,
        theme: common.theme,
        glyphs: common.glyphs,
    }
}

fn report(request: &Request, args: &ReportArgs, clock: &Arc<dyn Clock>) -> Result<(), Failure> {
    let contents = Contents {
        occasion: args.occasion.map(occasion),
        sections: args.section.as_deref(),
    };
    let format = report_format(args.format);
    runtime::report(request, &args.files, format, contents, clock)
}

fn config(request: &Request, args: ConfigArgs, appearance: Appearance) -> Result<(), Failure> {
    let format = match args.format {
        ConfigFormat::Text => runtime::ConfigFormat::Text,
        ConfigFormat::Json => runtime::ConfigFormat::Json,
    };
    match args.what {
        ConfigAsk::Show => runtime::show_config(request, appearance, format),
        ConfigAsk::Check => runtime::check_config(request),
        ConfigAsk::Schema => runtime::config_schema(),
    }
}

fn man(args: &ManArgs) -> Result<(), Failure> {
    if let Some(folder) = &args.output {
        return Ok(cli::write_pages(folder)?);
    }
    let Some(page) = cli::page(args.command.as_deref())? else {
        let what = format!(
            "weir has no command \"{}\"",
            args.command.as_deref().unwrap_or_default()
        );
        return Err(Failure::usage(what, "`weir help` lists them"));
    };
    runtime::to_stdout(|out| out.write_all(&page))
}

fn items_format(format: ItemsFormat) -> runtime::ItemsFormat {
    match format {
        ItemsFormat::Text => runtime::ItemsFormat::Text,
        ItemsFormat::Csv => runtime::ItemsFormat::Csv,
        ItemsFormat::Json => runtime::ItemsFormat::Json,
    }
}

fn check_format(format: CheckFormat) -> runtime::CheckFormat {
    match format {
        CheckFormat::Text => runtime::CheckFormat::Text,
        CheckFormat::Json => runtime::CheckFormat::Json,
        CheckFormat::Junit => runtime::CheckFormat::Junit,
    }
}

fn report_format(format: ReportFormat) -> runtime::ReportFormat {
    match format {
        ReportFormat::Text => runtime::ReportFormat::Text,
        ReportFormat::Md => runtime::ReportFormat::Markdown,
        ReportFormat::Html => runtime::ReportFormat::Html,
        ReportFormat::Json => runtime::ReportFormat::Json,
        ReportFormat::Csv => runtime::ReportFormat::Csv,
    }
}

fn agenda_format(format: AgendaFormat) -> runtime::AgendaFormat {
    match format {
        AgendaFormat::Text => runtime::AgendaFormat::Text,
        AgendaFormat::Md => runtime::AgendaFormat::Markdown,
        AgendaFormat::Json => runtime::AgendaFormat::Json,
    }
}

fn occasion(occasion: cli::Occasion) -> Occasion {
    match occasion {
        cli::Occasion::StandUp => Occasion::StandUp,
        cli::Occasion::Weekly => Occasion::Weekly,
        cli::Occasion::Monthly => Occasion::Monthly,
        cli::Occasion::Quarterly => Occasion::Quarterly,
    }
}

fn export(args: ExportArgs) -> Export {
    let format = |format| match format {
        ExportFormat::Csv => runtime::ExportFormat::Csv,
        ExportFormat::Jsonl => runtime::ExportFormat::Jsonl,
        ExportFormat::Parquet => runtime::ExportFormat::Parquet,
    };
    Export {
        format: args.format.map(format),
        output: args.output,
        sources: args.source,
    }
}

fn words(common: Common) -> Words {
    Words {
        config: common.config,
        stream: common.stream,
        filter: common.filter,
        as_of: common.as_of,
        window: common.window,
        clock: common.clock,
        time: common.time,
        time_zone: common.time_zone,
        now: common.now,
        offline: common.offline,
        changes: Vec::new(),
    }
}

fn clock(request: &Request) -> Arc<dyn Clock> {
    match request.now {
        Some(now) => Arc::new(FixedClock(now)),
        None => Arc::new(WallClock),
    }
}
