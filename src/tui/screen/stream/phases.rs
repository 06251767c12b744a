//! Where the time of finished items went, beside what a large survey found.

use crate::app::Data;
use crate::charts::segments;
use crate::metrics::{BENCHMARK, PhaseShare};
use crate::model::stage::Phase;
use crate::tui::format::percent;
use crate::tui::paint::Paint;
use crate::tui::text::{cut, width};
use crate::tui::theme::Role;

/// The role of a phase.
pub(super) fn role(phase: Phase) -> Role {
    match phase {
        Phase::Ideate => Role::Ideate,
        Phase::Create => Role::Create,
        Phase::Release => Role::Release,
        Phase::Operate => Role::Operate,
    }
}

/// The name of a phase as it stands on the screen.
pub(super) fn name(phase: Phase) -> &'static str {
    match phase {
        Phase::Ideate => "Ideate",
        Phase::Create => "Create",
        Phase::Release => "Release",
        Phase::Operate => "Operate",
    }
}

/// Draws the shares: one bar, and under it that of the survey where there is room.
pub(super) fn draw_shares(data: &Data, paint: &mut Paint<'_>) {
    let rows = paint.height();
    if rows == 0 {
        return;
    }
    let own: Vec<(Phase, f64)> = data.measures.phases.iter().filter_map(shared).collect();
    if own.is_empty() {
        paint.put(
            1,
            0,
            "Where the time goes: not known before an item is finished",
            Role::Muted,
        );
        return;
    }
    let one_row = rows == 1;
    let label = if paint.width() < 60 {
        "Time "
    } else {
        "Where time goes "
    };
    let beside = if one_row { "  usual 48·8·44" } else { "" };
    let x = paint.put(1, 0, label, Role::Muted);
    let columns = paint.width().saturating_sub(x + 1 + width(beside));
    draw_bar(&own, paint, (x, 0), columns);
    paint.put(x + columns, 0, beside, Role::Muted);
    if !one_row {
        paint.put(1, 1, "survey average", Role::Muted);
        draw_survey(paint, (x, 1), columns);
    }
}

fn shared(share: &PhaseShare) -> Option<(Phase, f64)> {
    Some((share.phase, share.share.filter(|share| *share > 0.0)?))
}

/// The survey's shares as a line in parts, so that it is not taken for the stream's own.
fn draw_survey(paint: &mut Paint<'_>, (x, y): (u16, u16), columns: u16) {
    let parts = BENCHMARK.map(|(_, share)| share);
    let mut at = x;
    for ((phase, share), cells) in BENCHMARK.iter().zip(segments(&parts, columns)) {
        paint.rule(at, y, cells, role(*phase));
        paint.put(at, y, "├", role(*phase));
        let full = format!(" {} {} ", name(*phase), percent(*share));
        let short = format!(" {} ", percent(*share));
        let label = [full, short]
            .into_iter()
            .find(|label| width(label) + 2 <= cells);
        if let Some(label) = label {
            paint.put(at + 1, y, &label, Role::Muted);
        }
        at += cells;
    }
}

fn draw_bar(shares: &[(Phase, f64)], paint: &mut Paint<'_>, (x, y): (u16, u16), columns: u16) {
    let parts: Vec<f64> = shares.iter().map(|(_, share)| *share).collect();
    let mut at = x;
    for ((phase, share), cells) in shares.iter().zip(segments(&parts, columns)) {
        let style = paint.theme().on(role(*phase));
        let full = format!("{} {}", name(*phase), percent(*share));
        let short = percent(*share).replace(' ', "");
        let label = [full, short]
            .into_iter()
            .find(|label| width(label) + 2 <= cells);
        for cell in 0..cells {
            paint.symbol(at + cell, y, " ", style);
        }
        if paint.theme().is_plain() && cells > 0 {
            paint.symbol(at + cells - 1, y, "│", style);
        }
        if let Some(label) = label {
            paint
                .part(ratatui::layout::Rect::new(at, y, cells, 1))
                .put_styled(1, 0, &cut(&label, cells), style);
        }
        at += cells;
    }
}
