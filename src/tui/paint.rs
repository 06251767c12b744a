//! Writing into a part of the buffer: positions count from its corner, nothing leaves it.

#[cfg(test)]
pub(crate) mod trace;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

use super::text::{cut, harmless, width};
use super::theme::{Role, Theme};
use super::{Look, Marks};

/// Eighths of a cell from below, 0 to 8.
pub(crate) const RISING: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
/// Eighths of a cell from the left, 0 to 8.
pub(crate) const GROWING: [&str; 9] = [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"];

/// A piece of text in a role.
pub(crate) type Run = (String, Role);

/// A part of the buffer to write into.
pub(crate) struct Paint<'a> {
    buffer: &'a mut Buffer,
    look: &'a Look,
    area: Rect,
    /// What every cell written keeps: the modifiers of a selected row.
    ground: Modifier,
}

impl<'a> Paint<'a> {
    /// Writes into `area`, as far as the buffer has it.
    pub(crate) fn new(buffer: &'a mut Buffer, look: &'a Look, area: Rect) -> Self {
        let area = area.intersection(*buffer.area());
        Self {
            buffer,
            look,
            area,
            ground: Modifier::empty(),
        }
    }

    /// Writes into a part of this part.
    pub(crate) fn part(&mut self, part: Rect) -> Paint<'_> {
        let moved = Rect {
            x: self.area.x.saturating_add(part.x),
            y: self.area.y.saturating_add(part.y),
            ..part
        };
        Paint {
            area: moved.intersection(self.area),
            buffer: self.buffer,
            look: self.look,
            ground: self.ground,
        }
    }

    /// Which characters are drawn with.
    fn marks(&self) -> Marks {
        match self.look.marks {
            Marks::Unicode if self.theme().is_thick() => Marks::Thick,
            marks => marks,
        }
    }

    /// Paints the theme's ground, if it brings one.
    pub(crate) fn ground(&mut self) {
        if let Some(style) = self.theme().ground() {
            self.buffer.set_style(self.area, style);
        }
    }

    /// Columns.
    pub(crate) fn width(&self) -> u16 {
        self.area.width
    }

    /// Rows.
    pub(crate) fn height(&self) -> u16 {
        self.area.height
    }

    /// What the roles look like.
    pub(crate) fn theme(&self) -> &'a Theme {
        &self.look.theme
    }

    /// Keys and theme.
    pub(crate) fn look(&self) -> &'a Look {
        self.look
    }

    /// Writes a text in a role; returns the column after it.
    pub(crate) fn put(&mut self, x: u16, y: u16, text: &str, role: Role) -> u16 {
        self.put_styled(x, y, text, self.theme().style(role))
    }

    /// Writes a text in a style, cut at the edge; returns the column after it.
    pub(crate) fn put_styled(&mut self, x: u16, y: u16, text: &str, style: Style) -> u16 {
        if x >= self.area.width || y >= self.area.height {
            return x;
        }
        let clean = harmless(text);
        let room = self.area.width - x;
        let fitting = self.marks().spelled(&cut(&clean, room)).into_owned();
        let taken = width(&fitting).min(room);
        let (at_x, at_y) = (self.area.x + x, self.area.y + y);
        for at in at_x..at_x + taken {
            self.buffer[(at, at_y)].modifier = self.ground;
        }
        #[cfg(test)]
        trace::text(at_x, at_y, &fitting);
        self.buffer
            .set_stringn(at_x, at_y, &fitting, room.into(), style);
        x + taken
    }

    /// Writes a text that ends before column `end`; returns its first column.
    pub(crate) fn put_right(&mut self, end: u16, y: u16, text: &str, role: Role) -> u16 {
        let clean = harmless(text);
        let x = end.saturating_sub(width(&self.marks().spelled(&clean)));
        self.put(x, y, text, role);
        x
    }

    /// Writes runs one after the other; returns the column after them.
    pub(crate) fn put_all(&mut self, x: u16, y: u16, runs: &[Run]) -> u16 {
        runs.iter()
            .fold(x, |x, (text, role)| self.put(x, y, text, *role))
    }

    /// Writes one symbol of one cell, keeping the ground it stands on.
    pub(crate) fn symbol(&mut self, x: u16, y: u16, symbol: &str, style: Style) {
        let (symbol, style) = self.marks().cell(symbol, style);
        if x < self.area.width
            && y < self.area.height
            && let Some(cell) = self.buffer.cell_mut((self.area.x + x, self.area.y + y))
        {
            #[cfg(test)]
            trace::symbol(self.area.x + x, self.area.y + y, &symbol);
            cell.modifier = self.ground;
            cell.set_symbol(&symbol).set_style(style);
        }
    }

    /// Fills a cell with a colour; with a pattern where there are no colours.
    pub(crate) fn fill(&mut self, x: u16, y: u16, color: Color, pattern: &str) {
        if self.theme().is_plain() {
            self.symbol(x, y, pattern, Style::new());
        } else {
            self.symbol(x, y, " ", Style::new().bg(color));
        }
    }

    /// Gives cells of a row a style without changing their symbols.
    pub(crate) fn restyle(&mut self, x: u16, y: u16, columns: u16, style: Style) {
        let row = Rect::new(
            self.area.x.saturating_add(x),
            self.area.y.saturating_add(y),
            columns,
            1,
        );
        self.buffer.set_style(row.intersection(self.area), style);
    }

    /// A row to write into; on a selected one the ground stays that of the selection.
    pub(crate) fn row(&mut self, y: u16, selected: bool) -> Paint<'_> {
        if !selected {
            return self.part(Rect::new(0, 0, self.width(), self.height()));
        }
        let style = self.theme().style(Role::Selected);
        let columns = self.width();
        self.restyle(0, y, columns, style);
        let mut row = self.part(Rect::new(0, 0, columns, y.saturating_add(1)));
        row.ground = style.add_modifier;
        row.put(0, y, "▌", Role::Accent);
        row
    }

    /// Draws a frame around the part and gives what is inside.
    pub(crate) fn framed(&mut self) -> Paint<'_> {
        self.clear();
        let (right, bottom) = (
            self.width().saturating_sub(1),
            self.height().saturating_sub(1),
        );
        let style = self.theme().style(Role::Muted);
        for x in 1..right {
            self.symbol(x, 0, "─", style);
            self.symbol(x, bottom, "─", style);
        }
        for y in 1..bottom {
            self.symbol(0, y, "│", style);
            self.symbol(right, y, "│", style);
        }
        for (x, y, corner) in [
            (0, 0, "╭"),
            (right, 0, "╮"),
            (0, bottom, "╰"),
            (right, bottom, "╯"),
        ] {
            self.symbol(x, y, corner, style);
        }
        let inner = Rect::new(1, 1, right.saturating_sub(1), bottom.saturating_sub(1));
        self.part(inner)
    }

    /// A line of `─` in a role.
    pub(crate) fn rule(&mut self, x: u16, y: u16, columns: u16, role: Role) {
        let style = self.theme().style(role);
        for column in x..x.saturating_add(columns).min(self.area.width) {
            self.symbol(column, y, "─", style);
        }
    }

    /// Empties the whole part and gives it the ground of overlays.
    pub(crate) fn clear(&mut self) {
        let ground = self.theme().style(Role::Panel);
        for y in self.area.top()..self.area.bottom() {
            for x in self.area.left()..self.area.right() {
                #[cfg(test)]
                trace::cleared(x, y);
                if let Some(cell) = self.buffer.cell_mut((x, y)) {
                    cell.reset();
                    cell.set_style(ground);
                }
            }
        }
    }
}
