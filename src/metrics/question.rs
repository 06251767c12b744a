//! What is asked: which stream, seen from when, over which window, by which clock, of which items.

use crate::model::rule::Rule;
use crate::model::snapshot::Snapshot;
use crate::model::stage::ClockRule;
use crate::model::time::{Sec, TimeRule, Window, WindowSpec};

/// The instant measures are taken at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsOf {
    /// This instant: events before it are seen.
    At(Sec),
    /// One second after the last event; with an explicit window, its end.
    EndOfEvents,
}

/// Everything a measure depends on beside the snapshot.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Position of the stream in the snapshot.
    pub stream: usize,
    /// Seen from when.
    pub as_of: AsOf,
    /// Over which time.
    pub window: WindowSpec,
    /// By which clock.
    pub clock: ClockRule,
    /// In which time.
    pub time: TimeRule,
    /// Of which items.
    pub filter: Rule,
}

impl Question {
    /// The plain question about a stream: its own clock, the default window, elapsed time,
    /// all items.
    pub fn about(snapshot: &Snapshot, stream: usize, as_of: AsOf) -> Self {
        let bound = snapshot.streams().get(stream);
        Self {
            stream,
            as_of,
            window: WindowSpec::default(),
            clock: bound.map_or(ClockRule::default(), |bound| bound.stream().clock),
            time: TimeRule::default(),
            filter: Rule::Always,
        }
    }

    /// The same about another stream: by that stream's own clock, unless this one is asked by a
    /// clock that is not its own.
    #[must_use]
    pub fn about_other(&self, snapshot: &Snapshot, stream: usize) -> Self {
        let own = |stream: usize| Some(snapshot.streams().get(stream)?.stream().clock);
        let by_own = own(self.stream) == Some(self.clock);
        let clock = own(stream).filter(|_| by_own).unwrap_or(self.clock);
        Self {
            stream,
            clock,
            ..self.clone()
        }
    }

    /// The as-of instant and the window, worked out. A window of dates never reaches past as-of.
    pub fn resolve(&self, snapshot: &Snapshot) -> (Sec, Window) {
        let zone = snapshot.zone();
        match (self.as_of, self.window) {
            (AsOf::EndOfEvents, WindowSpec::Dates(..)) => {
                let window = self.window.resolve(Sec(0), zone);
                (window.to, window)
            }
            (AsOf::EndOfEvents, spec) => {
                let as_of = snapshot.end_of_events();
                (as_of, spec.resolve(as_of, zone))
            }
            (AsOf::At(as_of), spec) => {
                let window = spec.resolve(as_of, zone);
                let to = window.to.min(as_of).max(window.from);
                (as_of, Window { to, ..window })
            }
        }
    }
}
