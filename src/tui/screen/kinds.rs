//! What was finished, by kind, as a bar in parts.

use crate::charts::segments;
use crate::metrics::Share;
use crate::tui::paint::Paint;
use crate::tui::theme::Role;

const ROLES: [Role; 4] = [Role::Queue, Role::Constraint, Role::Active, Role::Blocked];

/// The colour of the kind at a position among those told apart.
pub(super) fn role(at: usize) -> Role {
    ROLES[at % ROLES.len()]
}

/// Items of a share.
pub(super) fn counted(share: &Share) -> f64 {
    u32::try_from(share.count).map_or(f64::MAX, f64::from)
}

/// The kind's name for people.
pub(super) fn name_of(share: &Share) -> &str {
    share.kind.as_deref().unwrap_or("no kind")
}

/// Draws parts, each with the position of its kind among those told apart, as a bar.
pub(super) fn draw_bar(
    parts: &[(usize, f64)],
    (x, y, width): (u16, u16, u16),
    paint: &mut Paint<'_>,
) {
    let plain = paint.theme().is_plain();
    let shares: Vec<f64> = parts.iter().map(|(_, share)| *share).collect();
    let mut bar = x;
    for ((kind, _), cells) in parts.iter().zip(segments(&shares, width)) {
        let style = paint.theme().style(role(*kind));
        for _ in 0..cells {
            let pattern = if plain {
                ["█", "▓", "▒", "░"][kind % 4]
            } else {
                "▬"
            };
            paint.symbol(bar, y, pattern, style);
            bar += 1;
        }
    }
}
