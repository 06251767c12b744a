//! The terminal: drawing the state, reading keys and the mouse, setting the terminal up and giving
//! it back. [`draw`] is a pure function of state, look and area; nothing here waits or measures.

pub mod input;
pub mod keymap;
pub mod terminal;
pub mod theme;

mod format;
mod hints;
mod marks;
mod overlay;
mod paint;
mod pieces;
mod screen;
mod text;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::{Click, Overlay, State};
pub use marks::Marks;

use keymap::Keymap;
use paint::Paint;
use theme::{Role, Theme};

/// The least columns and rows that anything is drawn in.
pub const LEAST_SIZE: (u16, u16) = (40, 10);

/// How everything looks and which keys there are to tell of.
#[derive(Clone, Debug)]
pub struct Look {
    /// What each role looks like.
    pub theme: Theme,
    /// What each key does.
    pub keymap: Keymap,
    /// Which characters it is drawn with.
    pub marks: Marks,
}

/// Draws the state into an area.
pub fn draw(state: &State, look: &Look, area: Rect, buffer: &mut Buffer) {
    let mut paint = Paint::new(buffer, look, area);
    paint.ground();
    let (columns, rows) = LEAST_SIZE;
    if area.width < columns || area.height < rows {
        let words = format!("weir needs {columns}×{rows}");
        let have = format!("here {}×{}", area.width, area.height);
        paint.put(0, 0, &words, Role::Text);
        paint.put(0, 1, &have, Role::Muted);
        return;
    }
    screen::draw(state, &mut paint);
    overlay::draw(state, &mut paint);
}

/// What lies at a cell of the area.
pub fn hit(state: &State, look: &Look, area: Rect, column: u16, row: u16) -> Option<Click> {
    let (x, y) = (column.checked_sub(area.x)?, row.checked_sub(area.y)?);
    let inside = x < area.width && y < area.height;
    let large = area.width >= LEAST_SIZE.0 && area.height >= LEAST_SIZE.1;
    if !(inside && large) {
        return None;
    }
    let here = Rect::new(0, 0, area.width, area.height);
    let hinted = state.overlay == Some(Overlay::Time) && y + 1 == here.height;
    if state.overlay.is_some() && !hinted {
        return overlay::hit(state, here, (x, y));
    }
    screen::hit(state, look, here, (x, y))
}

#[cfg(test)]
mod gallery;
#[cfg(test)]
mod tests;
