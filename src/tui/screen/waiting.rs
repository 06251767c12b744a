//! Before the first picture: what is being read, and what to do if nothing is.

use super::super::format::{ago, count};
use super::super::paint::Paint;
use super::super::text::{harmless, wrap};
use super::super::theme::Role;
use super::recalled;
use crate::app::State;
use crate::model::health::{SourceHealth, SyncPhase};

/// Draws what is known while there is nothing to show.
pub(super) fn draw(state: &State, paint: &mut Paint<'_>) {
    paint.put(1, 0, "weir", Role::Strong);
    if state.sources.health.is_empty() {
        paint.put(1, 2, "Reading ...", Role::Text);
        return;
    }
    paint.put(
        1,
        2,
        "Reading the sources; the first picture comes by itself.",
        Role::Text,
    );
    let mut row = 4;
    for source in &state.sources.health {
        row = draw_source(state, source, paint, row) + 1;
    }
    if let Some(recalled) = &state.shelf.recalled {
        recalled::draw(recalled, paint, row);
    }
}

fn draw_source(state: &State, source: &SourceHealth, paint: &mut Paint<'_>, row: u16) -> u16 {
    let Some(trouble) = &source.trouble else {
        let x = paint.put(3, row, source.source.as_str(), Role::Strong);
        let x = paint.put(x + 2, row, &doing(source), Role::Muted);
        progress(source, paint, x + 2, row);
        return row + 1;
    };
    let x = paint.put(1, row, "! ", Role::Bad);
    let x = paint.put(x, row, source.source.as_str(), Role::Strong);
    let since = format!(
        "  cannot be read since {}",
        ago(state.travel.seen.now, trouble.since)
    );
    paint.put(x, row, &since, Role::Bad);
    let mut row = row + 1;
    for (text, role) in [(&trouble.what, Role::Text), (&trouble.hint, Role::Muted)] {
        for line in wrap(text, paint.width().saturating_sub(4)) {
            paint.put(3, row, &line, role);
            row += 1;
        }
    }
    row
}

/// What a source without trouble is doing, in words.
pub(super) fn doing(source: &SourceHealth) -> String {
    match &source.phase {
        SyncPhase::Followed { by: Some(by) } => format!("polled by {}", harmless(by)),
        SyncPhase::Followed { by: None } => "nobody polls it".to_owned(),
        SyncPhase::Idle { .. } if source.last_success.is_some() => "read".to_owned(),
        SyncPhase::Idle { .. } => "not read yet".to_owned(),
        SyncPhase::Syncing(progress) => match progress.total {
            Some(total) => format!("{} of {}", progress.done, count(total, "item", "items")),
            None => count(progress.done, "item", "items"),
        },
    }
}

/// A bar of what has been read, where the source says how much there is.
pub(super) fn progress(source: &SourceHealth, paint: &mut Paint<'_>, x: u16, row: u16) {
    let SyncPhase::Syncing(progress) = source.phase else {
        return;
    };
    let Some(total) = progress.total.filter(|total| *total > 0) else {
        return;
    };
    let columns = paint.width().saturating_sub(x + 1).min(30);
    let full = u128::from(columns) * u128::from(progress.done.min(total)) / u128::from(total);
    let full = u16::try_from(full).unwrap_or(columns);
    let (done, left) = (
        paint.theme().style(Role::Queue),
        paint.theme().style(Role::Faint),
    );
    for column in 0..columns {
        let (symbol, style) = if column < full {
            ("━", done)
        } else {
            ("─", left)
        };
        paint.symbol(x + column, row, symbol, style);
    }
}
