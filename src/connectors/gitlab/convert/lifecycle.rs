//! Opened, closed, reopened, merged.

use serde_json::Value;

use super::super::super::record::Record;
use super::super::super::story::Moment;
use super::super::part::Part;
use super::Detail;
use super::note::{Note, Said};

/// Where an artefact is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Open,
    Closed,
    Merged,
}

impl State {
    fn read(text: &str) -> Option<Self> {
        match text {
            "opened" | "reopened" => Some(Self::Open),
            "closed" => Some(Self::Closed),
            "merged" => Some(Self::Merged),
            _ => None,
        }
    }

    /// That of a row.
    pub(super) fn now(row: &Value) -> Self {
        let state = row.text("state");
        state.as_deref().and_then(Self::read).unwrap_or(Self::Open)
    }
}

/// All its turns, the earliest first: by events, before there were any (GitLab 13.2) by notes, and
/// where neither tells the end, by the time of it.
pub(super) fn read(detail: &Detail, notes: &[Note]) -> Vec<(Moment, State)> {
    let mut events: Vec<_> = detail
        .part(Part::States)
        .iter()
        .filter_map(of_event)
        .collect();
    let first = events.iter().map(|(moment, _)| moment.at).min();
    let earlier = notes.iter().filter_map(|note| match note.said {
        Said::State(state) => Some((note.moment.clone(), state)),
        _ => None,
    });
    events.extend(earlier.filter(|(moment, _)| first.is_none_or(|first| moment.at < first)));
    events.sort_by_key(|(moment, _)| (moment.at, moment.seq));
    let last = events.last().map_or(State::Open, |(_, state)| *state);
    events.extend(end_of(&detail.row).filter(|(_, state)| *state != last));
    events.sort_by_key(|(moment, _)| (moment.at, moment.seq));
    events
}

fn of_event(event: &Value) -> Option<(Moment, State)> {
    let (id, at) = (event.number("id")?, event.instant("created_at")?);
    let state = State::read(&event.text("state")?)?;
    Some((Moment::part(format!("state.{id}"), at, id, 0), state))
}

fn end_of(row: &Value) -> Option<(Moment, State)> {
    let state = State::now(row);
    let field = match state {
        State::Open => return None,
        State::Closed => "closed_at",
        State::Merged => "merged_at",
    };
    let at = row.instant(field)?;
    Some((Moment::part(field, at, 0, 0), state))
}
