//! The line that is typed about an item of the walk.

use ratatui::layout::Rect;

use super::super::paint::Paint;
use super::super::theme::Role;
use super::list::draw_input;
use crate::app::{Ask, Input, State};

/// Draws the line over the two rows at the bottom.
pub(super) fn draw(state: &State, (ask, input): (Ask, &Input), paint: &mut Paint<'_>) {
    let (columns, rows) = (paint.width(), paint.height());
    let mut paint = paint.part(Rect::new(0, rows.saturating_sub(2), columns, 2));
    paint.clear();
    let walk = state.walk.as_deref();
    let key = walk.and_then(|walk| {
        let log = walk.data.snapshot.log();
        Some(log.key(walk.called()?.open.item))
    });
    let key = key.unwrap_or_default();
    let prompt = match ask {
        Ask::Note => format!("Note on {key} ›"),
        Ask::Owner => format!("Who takes {key} ›"),
        Ask::Step => format!("Next step for {key} ›"),
    };
    draw_input(input, &prompt, &mut paint, 0);
    paint.put(1, 1, "↵ take it down · esc leave it as it was", Role::Muted);
}
