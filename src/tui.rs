//! The terminal: drawing the state, reading keys and the mouse, setting the terminal up and giving
//! it back. [`draw`] is a pure function of state, look and area; nothing here waits or measures.

pub mod input;
pub mod keymap;
pub mod notice;
pub mod terminal;
pub mod theme;

mod format;
mod hints;
mod links;
mod marks;
mod overlay;
mod paint;
mod pieces;
mod screen;
mod setup;
mod text;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::{Animation, Click, Data, Overlay, Recalled, State};
pub use links::{Link, are_known as links_are_known, links};
pub use marks::Marks;
pub use setup::{draw_setup, preview_rows, setup_message};

use keymap::Keymap;
use paint::Paint;
use theme::{Depth, Role, Theme, ThemeName};

/// The least columns and rows that anything is drawn in.
pub const LEAST_SIZE: (u16, u16) = (40, 10);

/// How everything looks and which keys there are to tell of.
#[derive(Clone, Debug)]
pub struct Look {
    /// What each role looks like.
    pub theme: Theme,
    /// What each key does.
    pub keymap: Keymap,
    /// Whether whoever has not seen the dashboard yet is shown around.
    pub tour: bool,
    /// Whether pictures move, where the terminal keeps up and somebody looks.
    pub animation: Animation,
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

/// The title of the terminal's window: the stream, and what holds it back; nothing that a terminal
/// would take for a command.
pub fn title(state: &State) -> String {
    let Some(data) = &state.data else {
        return "weir".to_owned();
    };
    let measures = &data.measures;
    let stream = text::harmless(&measures.stream);
    let why = text::harmless(&measures.bottleneck.why);
    let title = format!("{stream} – {why}");
    text::cut(&title, TITLE).into_owned()
}

/// What is to be told of a picture when weir starts the next time.
pub fn recalled(data: &Data) -> Recalled {
    screen::recalled(data)
}

/// Columns of a title.
const TITLE: u16 = 120;

/// What is on screen as text: patterns for colours, no blanks at the ends of lines, nothing that
/// lies over the screen.
pub fn picture(state: &State, look: &Look) -> String {
    let plain = Look {
        theme: Theme::new(ThemeName::default(), Depth::None),
        ..look.clone()
    };
    let mut state = state.clone();
    (state.overlay, state.notice) = (None, None);
    let (columns, rows) = state.terminal.size;
    let mut buffer = Buffer::empty(Rect::new(0, 0, columns, rows.max(2)));
    draw(&state, &plain, buffer.area, &mut buffer);
    // The bottom row tells of keys.
    let body = usize::from(rows.max(2) - 1);
    let lines = buffer.content().chunks(columns.max(1).into()).take(body);
    lines.map(text::line).collect()
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
