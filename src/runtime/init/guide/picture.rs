//! The home screen of a stream that is only proposed.

use std::sync::Arc;

use crate::app::{Animation, Effect, Live, Msg, Seen, State, Terminal, update};
use crate::metrics::measure;
use crate::model::log::Log;
use crate::model::snapshot::Setting;
use crate::model::stream::Stream;
use crate::model::time::{Millis, Zone};
use crate::runtime::dashboard::parse_filter;
use crate::runtime::world::Streams;

/// The state of a dashboard of so many columns and rows that has just measured this.
pub(super) fn of(log: Arc<Log>, stream: Stream, now: Millis, size: (u16, u16)) -> State {
    let seen = Seen {
        now,
        live: Live::Now,
        past: None,
    };
    let terminal = Terminal {
        size,
        mouse: false,
        animation: Animation::Off,
        parse: parse_filter,
    };
    let mut state = State::new(seen, terminal);
    let streams = Streams {
        streams: vec![Arc::new(stream)],
        reasons: Vec::new(),
    };
    let setting = Setting {
        zone: Zone::local(),
        ..Setting::default()
    };
    let snapshot = streams.snapshot(log, setting, 1);
    for effect in update(&mut state, Msg::News) {
        if let Effect::Measure(question) = effect {
            let measures = measure(&snapshot, &question).map(Arc::new);
            let snapshot = Arc::clone(&snapshot);
            update(
                &mut state,
                Msg::Measured {
                    question,
                    snapshot,
                    measures,
                },
            );
        }
    }
    state
}
