//! `weir`, `weir demo`, `weir open`: what each dashboard is made of.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::company::CompanyClock;
use super::dashboard::{Dashboard, Kept, need_terminal};
use super::desk::Desk;
use super::feed::Feed;
use super::health::HealthBoard;
use super::in_use::{InUse, Scope, Supply};
use super::init::{InitWords, init};
use super::keeper::Keeper;
use super::look::{Appearance, Ground, are_linked, look};
use super::lookout::Lookout;
use super::opening::Opening;
use super::poll::Polling;
use super::recall::KnownBy;
use super::save::SaveTo;
use super::save_opened::save_opened;
use super::tenure::Part;
use super::walks::Walks;
use super::world::setting;
use super::{Failure, Request, collect, files, live, numbers, setup, views};
use crate::app::{Inference, Live, State};
use crate::clock::{Clock, WallClock};
use crate::config::{Config, FILE_NAME, Mouse};
use crate::connectors::{DemoSettings, SourceKind, SourceSettings};
use crate::history::Sqlite;
use crate::model::id::SourceName;
use crate::model::snapshot::{DatedChange, Setting};
use crate::model::time::Zone;
use crate::simulate::demo::Company;

/// Time is looked at so often where it is the wall's.
const MINUTE: Duration = Duration::from_secs(60);
/// And so often where it is the demo company's.
const SECOND: Duration = Duration::from_secs(1);

/// The dashboard on the configured sources; the set-up where there is no config yet and somebody to
/// ask.
///
/// # Errors
/// [`Failure`] if the config or the terminal cannot be used.
pub fn dashboard(
    request: &Request,
    appearance: Appearance,
    clock: &Arc<dyn Clock>,
) -> Result<(), Failure> {
    if setup::config_path(request).is_none() && need_terminal().is_ok() {
        return init(request, InitWords::default(), appearance, clock);
    }
    let config = setup::config(request)?;
    need_terminal()?;
    let mut ground = Ground::default();
    let look = look(&config, appearance, &mut ground)?;
    live::engine()?.block_on(async {
        let polling = live::polling(&config, clock)?;
        collect::first_word(&config, &polling).await?;
        let part = if request.offline {
            Part::Onlooker
        } else {
            Part::Dashboard
        };
        let mut feed = Feed::live(&polling, &config.sources, part);
        feed.tell_by(&config, &polling);
        let setting = setting(&config, request.zone.as_ref());
        let supply = Supply {
            polling: polling.clone(),
            part,
        };
        let scope = Scope::Whole(supply);
        let ended = Dashboard {
            feed,
            board: polling.board.clone(),
            desk: Desk::new(config.streams.clone(), "stream".to_owned(), setting),
            look,
            mouse: config.display.mouse == Mouse::On,
            linked: are_linked(&config),
            clock: Arc::clone(clock),
            live: Live::Now,
            tick: MINUTE,
            inference: inferred_streams(&config),
            first: first(request, &config),
            save_to: SaveTo {
                path: config.origin.clone(),
                sources: Vec::new(),
            },
            kept: Kept {
                walks: Walks::of(&config.origin),
                known_by: Some(KnownBy::config(&config)),
            },
            in_use: InUse::of(&config, request, (appearance, ground), scope),
        }
        .run()
        .await;
        polling.end().await;
        polling.keeper.close().await;
        ended
    })
}

/// Where a stream has no stages, what is inferred is told under the first source.
pub(super) fn inferred_streams(config: &Config) -> Vec<Inference> {
    let open = config.streams.is_empty() || config.streams.iter().any(|one| one.stages.is_empty());
    let first = config.sources.first().filter(|_| open);
    let told = first.map(|source| Inference {
        source: source.name.clone(),
        columns: Vec::new(),
        stages: Vec::new(),
    });
    told.into_iter().collect()
}

/// The dashboard on a simulated company.
///
/// # Errors
/// [`Failure`] if the terminal cannot be used.
pub fn demo(
    request: &Request,
    settings: DemoSettings,
    appearance: Appearance,
) -> Result<(), Failure> {
    need_terminal()?;
    let config = setup::named_config(request)?.unwrap_or_default();
    let mut ground = Ground::default();
    let look = look(&config, appearance, &mut ground)?;
    let source = SourceName::new("demo");
    let clock: Arc<dyn Clock> = match request.now {
        Some(now) => Arc::new(crate::clock::FixedClock(now)),
        None => Arc::new(CompanyClock::new(WallClock)),
    };
    let company = Company::new(settings.seed, settings.items, clock.now());
    let setting = company_setting(&company, request.zone.clone());
    live::engine()?.block_on(async {
        let polling = Polling {
            keeper: Keeper::start(Box::new(Sqlite::in_memory()?), None),
            board: HealthBoard::new([source.clone()]),
            clock: Arc::clone(&clock),
            news: Arc::new(Notify::new()),
            leases: None,
            lookout: Lookout::start(),
            others: None,
            cancel: CancellationToken::new(),
            tasks: TaskTracker::new(),
        };
        let sources = [SourceSettings {
            name: source.clone(),
            poll_secs: 1,
            kind: SourceKind::Demo(settings),
        }];
        let ended = Dashboard {
            feed: Feed::live(&polling, &sources, Part::Dashboard),
            board: polling.board.clone(),
            desk: Desk::new(company.streams(&source), "demo".to_owned(), setting),
            look,
            mouse: config.display.mouse == Mouse::On,
            linked: are_linked(&config),
            clock,
            live: Live::Now,
            tick: SECOND,
            inference: Vec::new(),
            first: first(request, &config),
            save_to: SaveTo {
                path: PathBuf::from(FILE_NAME),
                sources: sources.to_vec(),
            },
            // The company's time runs ahead: its next beginning lies before this end.
            kept: Kept {
                walks: Walks::unkept(),
                known_by: None,
            },
            in_use: InUse::of(&config, request, (appearance, ground), Scope::Looks),
        }
        .run()
        .await;
        polling.end().await;
        ended
    })
}

fn company_setting(company: &Company, zone: Option<Zone>) -> Setting {
    let change = |change: crate::simulate::demo::DatedChange| DatedChange {
        date: change.day,
        name: change.name,
        streams: change.streams,
    };
    Setting {
        zone: zone.unwrap_or_else(Zone::local),
        calendar: company.calendar(),
        changes: company.changes().into_iter().map(change).collect(),
        ..Setting::default()
    }
}

/// The dashboard on event logs; with `save_as`, writes what was inferred into a config instead.
///
/// # Errors
/// [`Failure`] if a file, the config or the terminal cannot be used.
pub fn open(
    request: &Request,
    paths: &[PathBuf],
    save_as: Option<&Path>,
    appearance: Appearance,
) -> Result<(), Failure> {
    let named = setup::named_config(request)?;
    match save_as {
        Some(path) => save_opened((request, paths), named, path),
        None => show_files((request, paths), named, appearance),
    }
}

fn show_files(
    (request, paths): (&Request, &[PathBuf]),
    named: Option<Config>,
    appearance: Appearance,
) -> Result<(), Failure> {
    need_terminal()?;
    let clock: Arc<dyn Clock> = Arc::new(WallClock);
    let settings = files::named(paths, named.as_ref(), request.zone.as_ref());
    let board = HealthBoard::new(settings.iter().map(|one| one.name.clone()));
    let mut opening = Opening::begin(settings, &board, &clock);
    let config = named.unwrap_or_default();
    let streams = numbers::anywhere(&config.streams);
    let mut ground = Ground::default();
    let look = look(&config, appearance, &mut ground)?;
    let zone = request.zone.clone().unwrap_or_else(Zone::utc);
    live::engine()?.block_on(async {
        opening.wait_a_moment().await?;
        Dashboard {
            feed: Feed::opening(opening),
            board,
            kept: Kept {
                walks: paths
                    .first()
                    .map_or_else(Walks::unkept, |path| Walks::of(path)),
                known_by: paths
                    .first()
                    .map(|path| KnownBy::new(path, &(paths, &streams, &zone))),
            },
            desk: Desk::new(
                streams,
                numbers::usual_name(paths),
                setting(&config, Some(&zone)),
            ),
            look,
            mouse: config.display.mouse == Mouse::On,
            linked: are_linked(&config),
            clock,
            live: Live::EndOfEvents,
            tick: MINUTE,
            inference: Vec::new(),
            first: first(request, &config),
            save_to: SaveTo {
                path: PathBuf::from(FILE_NAME),
                sources: Vec::new(),
            },
            in_use: InUse::of(&config, request, (appearance, ground), Scope::Looks),
        }
        .run()
        .await
    })
}

/// How files were read, in sentences.
pub(super) fn told(
    reports: &[(SourceName, crate::connectors::file::FileReport)],
) -> Vec<Inference> {
    let told = |(source, report): &(SourceName, crate::connectors::file::FileReport)| Inference {
        source: source.clone(),
        columns: files::sentences(report),
        stages: Vec::new(),
    };
    reports.iter().map(told).collect()
}

/// What the command line asks first.
fn first(request: &Request, config: &Config) -> Box<dyn FnOnce(&mut State) + Send> {
    let request = request.clone();
    let window = request.window.unwrap_or(config.display.window);
    let stream = config
        .streams
        .iter()
        .position(|one| Some(&one.name) == request.stream.as_ref());
    let clock = request
        .clock
        .or_else(|| Some(config.streams.get(stream.unwrap_or(0))?.clock));
    let views = views::of(config);
    let zone = request
        .zone
        .clone()
        .unwrap_or_else(|| config.display.time_zone.clone());
    Box::new(move |state| {
        state.shelf.views = views;
        state.asked.question.window = window;
        state.asked.question.stream = stream.unwrap_or(0);
        state.asked.question.clock = clock.unwrap_or_default();
        state.asked.question.time = request.time;
        state.asked.question.filter = request.filter.clone();
        state.asked.filter.clone_from(&request.filter_text);
        state.travel.seen.past = request.as_of.map(|as_of| as_of.instant(&zone));
    })
}
