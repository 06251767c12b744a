//! A small company, made by hand, for the tests of `app` and `tui`: thirteen stages, some eighty
//! open items, a release board that holds everything back.

mod answers;
mod awkward;
mod company;
mod joined;

pub(crate) use answers::{answered, reckoned};
pub(crate) use awkward::awkward;
pub(crate) use company::stream;
pub(crate) use joined::joined;

use std::sync::Arc;

use crate::metrics::{AsOf, Question};
use crate::model::health::{Oddity, Progress, SourceHealth, SyncPhase, Trouble};
use crate::model::id::SourceName;
use crate::model::log::{Log, LogBuilder};
use crate::model::snapshot::{Setting, Snapshot};
use crate::model::stream::Stream;
use crate::model::time::{Calendar, DAY_SECS, Millis, Zone};

use super::{Animation, Live, Msg, Seen, State, Terminal, no_filters, update};
use company::log;

/// The instant it is: Monday 23 November 2026, 14:02 in Berlin.
pub(crate) const NOW: Millis = Millis(1_795_438_920_000);

/// The company's log tied to the given streams.
pub(crate) fn snapshot_of(streams: Vec<Stream>) -> Arc<Snapshot> {
    tied(log(), streams)
}

fn tied(log: Log, streams: Vec<Stream>) -> Arc<Snapshot> {
    tied_by(log, streams, Calendar::default())
}

fn tied_by(log: Log, streams: Vec<Stream>, calendar: Calendar) -> Arc<Snapshot> {
    let setting = Setting {
        zone: Zone::named("Europe/Berlin").unwrap(),
        calendar,
        ..Setting::default()
    };
    let streams: Vec<Arc<Stream>> = streams.into_iter().map(Arc::new).collect();
    Arc::new(Snapshot::new(Arc::new(log), &streams, setting, 1))
}

/// The company that works from Monday to Friday, from nine to five.
pub(crate) fn office(size: (u16, u16)) -> (State, Arc<Snapshot>) {
    let calendar = Calendar {
        workdays: [true, true, true, true, true, false, false],
        hours: Calendar::parse_hours("09:00-17:00").unwrap(),
        holidays: Vec::new(),
    };
    let snapshot = tied_by(log(), vec![stream()], calendar);
    (shown(&snapshot, size), snapshot)
}

/// A state that shows a snapshot.
fn shown(snapshot: &Arc<Snapshot>, size: (u16, u16)) -> State {
    let mut state = blank(size);
    state.asked.question = Question::about(snapshot, 0, AsOf::At(NOW.floor_clamped()));
    answered(&mut state, snapshot);
    state
}

/// One item that went live, was reopened years after its start, and went live again.
pub(crate) fn reopened(size: (u16, u16)) -> State {
    let mut builder = LogBuilder::new();
    let source = builder.source(&SourceName::new("tracker")).unwrap();
    let item = builder.item(source, "1").unwrap();
    builder.key(item, "PAY-1");
    for (name, days_ago) in [("Build", 900), ("Live", 30), ("Build", 20), ("Live", 10)] {
        let status = builder.status(source, name, name).unwrap();
        builder.moved(item, NOW.plus_secs(-days_ago * DAY_SECS), status);
    }
    shown(&tied(builder.finish(), vec![stream()]), size)
}

/// A stream without items.
pub(crate) fn empty(size: (u16, u16)) -> State {
    let mut state = shown(&tied(LogBuilder::new().finish(), vec![stream()]), size);
    update(&mut state, Msg::Health(sources(false)));
    state
}

/// A state before anything is known.
pub(crate) fn blank(size: (u16, u16)) -> State {
    let seen = Seen {
        now: NOW,
        live: Live::Now,
        past: None,
    };
    State::new(
        seen,
        Terminal {
            size,
            mouse: true,
            animation: Animation::Off,
            parse: no_filters,
        },
    )
}

/// Two sources, one of them in trouble if wanted.
pub(crate) fn sources(trouble: bool) -> Vec<SourceHealth> {
    let mut tracker = SourceHealth::idle(SourceName::new("tracker"));
    tracker.last_success = Some(NOW.plus_secs(-12));
    tracker.phase = SyncPhase::Idle {
        next: Some(NOW.plus_secs(48)),
    };
    tracker.requests = 214;
    tracker.oddities = vec![Oddity {
        place: "PAY-183".to_owned(),
        what: "moved before it was created; kept".to_owned(),
    }];
    tracker.oddity_count = 1;
    let mut deploys = SourceHealth::idle(SourceName::new("deploys"));
    deploys.phase = SyncPhase::Syncing(Progress {
        done: 120,
        total: Some(400),
    });
    deploys.last_success = Some(NOW.plus_secs(-95));
    if trouble {
        tracker.last_success = Some(NOW.plus_secs(-7_200));
        tracker.trouble = Some(Trouble {
            since: NOW.plus_secs(-7_000),
            what: "tracker.example.org answered 503 Service Unavailable".to_owned(),
            hint: "nothing to do: weir tries again; if it lasts, ask who runs the tracker"
                .to_owned(),
            next_try: Some(NOW.plus_secs(240)),
        });
    }
    vec![tracker, deploys]
}

/// The whole company on the home screen.
pub(crate) fn world(size: (u16, u16)) -> State {
    world_of(vec![stream()], size)
}

/// As [`world`], with these streams.
pub(crate) fn world_of(streams: Vec<Stream>, size: (u16, u16)) -> State {
    let mut state = shown(&snapshot_of(streams), size);
    update(&mut state, Msg::Health(sources(false)));
    state
}
