//! The agenda as a list: the changes, the items, the summary.

use crate::app::{Outcome, Walk};
use crate::tui::paint::{Paint, Run};
use crate::tui::screen::first_row;
use crate::tui::text::{cut, harmless, width};
use crate::tui::theme::Role;

use super::sign;

/// The first stop that is shown in so many rows.
pub(super) fn first(walk: &Walk, rows: u16) -> usize {
    first_row(walk.place(), walk.count() + 2, rows.into())
}

/// Draws the list.
pub(super) fn draw(walk: &Walk, paint: &mut Paint<'_>) {
    let rows = paint.height();
    let stops = first(walk, rows)..walk.count() + 2;
    let keys = walk.standup.items.iter().take(walk.count());
    let log = walk.data.snapshot.log();
    let widest = keys.map(|one| width(&harmless(log.key(one.open.item))));
    let key = widest.max().unwrap_or(0).min(14);
    for (y, stop) in (0..rows).zip(stops) {
        let mut line = paint.row(y, stop == walk.place());
        line.put_all(2, y, &runs(walk, stop, key));
    }
}

fn runs(walk: &Walk, stop: usize, key: u16) -> Vec<Run> {
    let Some(at) = stop.checked_sub(1) else {
        let changed = format!("What changed  {}", walk.standup.changes.len());
        return vec![(changed, Role::Text)];
    };
    let said = walk.said.get(at);
    let item = walk.standup.items.get(at).zip(said);
    let Some((called, said)) = item.filter(|_| at < walk.count()) else {
        return vec![("Summary".to_owned(), Role::Text)];
    };
    let (sign, role) = sign(called.concern);
    let log = walk.data.snapshot.log();
    let name = harmless(log.key(called.open.item)).into_owned();
    let name = cut(&name, key).into_owned();
    let pad = " ".repeat(usize::from(key.saturating_sub(width(&name))) + 2);
    let stage = walk.data.measures.stages.get(called.open.stage.index());
    let left = said.outcome != Outcome::Open;
    vec![
        (format!("{} ", mark(said.outcome)), Role::Good),
        (format!("{sign} "), role),
        (name, if left { Role::Muted } else { Role::Text }),
        (pad, Role::Muted),
        (
            stage.map_or_else(String::new, |stage| stage.name.clone()),
            Role::Muted,
        ),
    ]
}

/// How an item was left.
pub(super) fn mark(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Open => " ",
        Outcome::Spoken => "✓",
        Outcome::Skipped => "»",
        Outcome::Parked => "P",
    }
}
