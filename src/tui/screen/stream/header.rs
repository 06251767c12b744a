//! The first row: which stream, seen from when, over which time, by which clock, how the sources
//! are.

use super::Picture;
use crate::app::{Beside, Data, Live, Screen, State};
use crate::model::health::{SourceHealth, SyncPhase};
use crate::model::time::{TimeRule, WindowSpec};
use crate::tui::format::{ago, instant, place, short_instant};
use crate::tui::paint::{Paint, Run};
use crate::tui::pieces::{Piece, fit, put};
use crate::tui::theme::Role;

fn piece(rank: u8, runs: Vec<Run>) -> Piece<()> {
    Piece {
        runs,
        rank,
        means: (),
    }
}

/// Draws the first row.
pub(in crate::tui::screen) fn draw((state, data): Picture<'_>, paint: &mut Paint<'_>) {
    let columns = paint.width().saturating_sub(2);
    let sources: Vec<Piece<()>> = state
        .sources
        .health
        .iter()
        .map(|s| health(state, s))
        .collect();
    let mut left = described(state, data, columns);
    let wide: u16 = sources.iter().map(|piece| piece.width() + 2).sum();
    let dots = u16::try_from(2 * state.sources.health.len()).unwrap_or(0);
    let enough: u16 = left.iter().map(|piece| piece.width() + 3).sum();
    let short = enough + wide > columns;
    let right_width = if short { dots } else { wide };
    let fitted = fit(
        std::mem::take(&mut left),
        columns.saturating_sub(right_width),
        3,
    );
    let end = put(paint, 1, 0, &fitted);
    for (x, _) in fitted.iter().skip(1) {
        paint.put(x - 1, 0, "·", Role::Faint);
    }
    let mut x = paint.width().saturating_sub(right_width + 1).max(end + 1);
    for piece in sources {
        let runs = if short {
            &piece.runs[..1]
        } else {
            &piece.runs[..]
        };
        x = paint.put_all(x, 0, runs) + if short { 1 } else { 2 };
    }
}

/// Said where now is not the wall's now but that of a file.
fn end_of_file(state: &State) -> &'static str {
    match state.travel.seen.live {
        Live::Now => "",
        Live::EndOfEvents => ", the last event",
    }
}

/// Whose numbers stand below.
fn named(state: &State, data: &Data) -> String {
    let streams = data.snapshot.streams().len() as u64;
    match state.screen {
        Screen::Portfolio if streams > 1 => format!("all {streams} streams"),
        _ => data.measures.stream.clone(),
    }
}

/// A window in words.
pub(in crate::tui::screen) fn window_told(window: WindowSpec) -> String {
    match window {
        WindowSpec::LastDays(days) => format!("last {days} d"),
        dates @ WindowSpec::Dates(..) => dates.to_string(),
    }
}

fn described(state: &State, data: &Data, columns: u16) -> Vec<Piece<()>> {
    let zone = data.snapshot.zone();
    let as_of = data.as_of();
    let written = if columns < 70 {
        short_instant(as_of, zone)
    } else {
        instant(as_of, zone)
    };
    let when = if state.travel.seen.past.is_some() {
        let text = format!("◷ as of {}", instant(as_of, zone));
        let beside = match state.travel.beside {
            Beside::Now => " beside now",
            Beside::Nothing => "",
        };
        piece(
            0,
            vec![(text, Role::Constraint), (beside.to_owned(), Role::Accent)],
        )
    } else {
        piece(
            1,
            vec![
                (written, Role::Text),
                (format!(" {}", place(zone)), Role::Muted),
                (end_of_file(state).to_owned(), Role::Muted),
            ],
        )
    };
    let window = window_told(data.question.window);
    let mut name = vec![(named(state, data), Role::Strong)];
    if state.screen != Screen::Portfolio && data.snapshot.streams().len() > 1 {
        name.push((" ▾".to_owned(), Role::Accent));
    }
    let header = data.measures.header;
    let mut window = vec![(window, Role::Text)];
    if header.window.from >= header.as_of {
        window.push((" has not begun".to_owned(), Role::Warn));
    }
    let mut pieces = vec![piece(0, name), when, piece(2, window)];
    pieces.push(piece(
        3,
        vec![(data.question.clock.name().to_owned(), Role::Text)],
    ));
    if data.question.time == TimeRule::Working {
        let calendar = &data.snapshot.settings().calendar;
        pieces.push(piece(1, vec![("working time".to_owned(), Role::Warn)]));
        pieces.push(piece(4, vec![(calendar.to_string(), Role::Muted)]));
    }
    if let Some(view) = state.shelf.view_in_force(state) {
        pieces.push(piece(1, vec![(format!("◆ {}", view.name), Role::Accent)]));
    }
    if !state.asked.filter.is_empty() {
        pieces.push(piece(
            1,
            vec![(format!("/ {}", state.asked.filter), Role::Warn)],
        ));
    }
    if state.asked.computing {
        pieces.push(piece(4, vec![("computing ...".to_owned(), Role::Muted)]));
    }
    pieces
}

/// A dot, then name and age of the last success.
fn health(state: &State, source: &SourceHealth) -> Piece<()> {
    let (dot, role) = match (&source.trouble, &source.phase) {
        (Some(_), _) => ("▲", Role::Bad),
        (None, SyncPhase::Syncing(_)) => ("◌", Role::Accent),
        (None, SyncPhase::Followed { by: None }) => ("○", Role::Warn),
        (None, _) if source.last_success.is_none() => ("○", Role::Muted),
        (None, _) => ("●", Role::Good),
    };
    let since = match (&source.trouble, &source.phase, source.last_success) {
        (Some(trouble), ..) => format!("down {}", ago(state.travel.seen.now, trouble.since)),
        (None, SyncPhase::Syncing(progress), _) => format!("reading {}", progress.done),
        (None, _, Some(last)) => ago(state.travel.seen.now, last),
        (None, _, None) => String::new(),
    };
    let name = format!(" {} ", source.source);
    piece(
        0,
        vec![
            (dot.to_owned(), role),
            (name, Role::Muted),
            (since, Role::Text),
        ],
    )
}

/// One row on the sources that cannot be read: the picture is older than it looks.
pub(in crate::tui::screen) fn draw_banner(state: &State, paint: &mut Paint<'_>) {
    let troubled = state
        .sources
        .health
        .iter()
        .find_map(|source| Some((source, source.trouble.as_ref()?)));
    let Some((source, trouble)) = troubled else {
        return;
    };
    let zone = state.data.as_ref().map(|data| data.snapshot.zone());
    let last = source.last_success.zip(zone).map_or_else(
        || "never read".to_owned(),
        |(at, zone)| format!("data of {}", short_instant(at.floor_clamped(), zone)),
    );
    let others = match state.sources_in_trouble() {
        1 => String::new(),
        count => format!(" (and {} more)", count - 1),
    };
    let text = format!(" ▲ {}{others}: {last}; {}", source.source, trouble.what);
    let style = paint.theme().style(Role::Bad);
    for x in 0..paint.width() {
        paint.symbol(x, 0, " ", style);
    }
    paint.put(0, 0, &text, Role::Bad);
}
