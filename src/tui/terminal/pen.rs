//! Writes what changed between two frames in few bytes: over a slow line they are what one waits for.
//!
//! What is on the terminal afterwards is what ratatui's own backend would have drawn. The difference
//! is in the way there: of the style only what changes is written, where the next cell is near the
//! cells between are written again, a row that loses more than it keeps is erased first, and what
//! cannot be seen (the colour of a blank) is not written at all.

mod order;
mod sgr;

use std::fmt;
use std::io::{self, Write};

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Position;
use ratatui::style::{Color, Modifier};

use super::super::Link;
use order::{Changed, Row, by_looks, first};
use sgr::Look;

/// Erasing a part of a row costs about so many bytes more than it seems.
const ERASING: i32 = 8;

/// No frame has it: a mark for private use, the last there is.
const UNKNOWN: &str = "\u{10fffd}";

/// What is seen of a cell without a mark in it.
const SEEN_ON_BLANK: Modifier = Modifier::UNDERLINED
    .union(Modifier::REVERSED)
    .union(Modifier::CROSSED_OUT);

/// Takes from blank cells what nobody sees, so that they are equal where they look equal.
pub(super) fn plain(frame: &mut Buffer) {
    for cell in &mut frame.content {
        if is_blank(cell) {
            cell.fg = Color::Reset;
            cell.underline_color = Color::Reset;
            cell.modifier = Modifier::empty();
        }
    }
}

/// Whether only the ground of a cell is seen.
fn is_blank(cell: &Cell) -> bool {
    cell.symbol() == " " && !cell.modifier.intersects(SEEN_ON_BLANK)
}

/// Whether a cell looks as if it had been erased.
fn is_erased(cell: &Cell) -> bool {
    is_blank(cell) && cell.bg == Color::Reset
}

/// Draws on the terminal that shows `shown` until it shows `next`; both are [`plain`]. `shown` is as
/// good as forgotten afterwards.
///
/// # Errors
/// What `out` says.
pub(super) fn draw(
    out: &mut impl Write,
    (shown, next): (&mut Buffer, &Buffer),
    links: &[Link],
) -> io::Result<()> {
    let rows = erase_rows(shown, next);
    let changed: Vec<Changed<'_>> = shown.diff_iter(next).collect();
    let mut pen = Pen::on(next, links);
    let mut left = &changed[..];
    for band in rows.chunk_by(|one, next| one.is_narrow && next.is_narrow) {
        let last = band.last().map_or(0, |row| row.y);
        pen.band(band, first(&mut left, |(_, y, _)| *y <= last));
    }
    out.write_all(&pen.end())
}

/// Takes from what is shown what is to be erased, and says where that begins.
fn erase_rows(shown: &mut Buffer, next: &Buffer) -> Vec<Row> {
    let width = usize::from(next.area.width.max(1));
    let olds = shown.content.chunks_mut(width);
    let news = next.content.chunks(width);
    let rows = (0..).zip(olds.zip(news)).map(|(y, (old, new))| {
        let is_narrow = old == new || old.iter().chain(new).all(|cell| is_narrow(cell.symbol()));
        // Half of a wide mark cannot be erased.
        let from = worth_erasing(old, new).filter(|_| is_narrow);
        if let Some(from) = from {
            old[from..].iter_mut().for_each(Cell::reset);
        }
        forget_halves(old, new);
        Row {
            y,
            erased: from.and_then(|from| u16::try_from(from).ok()),
            is_narrow,
        }
    });
    rows.collect()
}

/// The column from which on a row is best erased before it is drawn, if that spares bytes: more
/// marks go than stay there.
fn worth_erasing(old: &[Cell], new: &[Cell]) -> Option<usize> {
    if old == new {
        return None;
    }
    let (mut best, mut from, mut spared) = (ERASING, None, 0);
    for (at, (old, new)) in old.iter().zip(new).enumerate().rev() {
        if old == new && !is_erased(new) {
            spared -= i32::try_from(new.symbol().len()).unwrap_or(1);
        } else if old != new && is_erased(new) {
            spared += 1;
            if spared > best {
                (best, from) = (spared, Some(at));
            }
        }
    }
    from
}

/// Terminals differ on what is left of a wide mark when its first half is written over, so what stands
/// behind one that goes counts as unknown.
fn forget_halves(old: &mut [Cell], new: &[Cell]) {
    for at in 1..old.len().min(new.len()) {
        if !is_narrow(old[at - 1].symbol()) && old[at - 1] != new[at - 1] {
            old[at].set_symbol(UNKNOWN);
        }
    }
}

/// Whether every terminal moves on by one column after it.
fn is_narrow(symbol: &str) -> bool {
    let mut marks = symbol.chars();
    let first = marks.next();
    let narrow = |mark| {
        matches!(mark,
            ' '..='~' | '\u{a0}'..='\u{ac}' | '\u{ae}'..='\u{24f}' | '\u{2010}'..='\u{2027}'
            | '\u{2190}'..='\u{22ff}' | '\u{2500}'..='\u{25fc}' | '\u{2800}'..='\u{28ff}')
    };
    first.is_some_and(narrow) && marks.next().is_none()
}

/// What writes, and what the terminal knows of it.
struct Pen<'a> {
    written: Vec<u8>,
    next: &'a Buffer,
    links: &'a [Link],
    hand: Hand,
}

/// How the terminal goes on.
#[derive(Clone, Copy, Debug, Default)]
struct Hand {
    /// Where it writes next; `None`: not known to the column.
    at: Option<Position>,
    look: Look,
    /// The link that is open.
    link: Option<usize>,
}

impl<'a> Pen<'a> {
    /// One that has written nothing.
    fn on(next: &'a Buffer, links: &'a [Link]) -> Self {
        Self {
            written: Vec::new(),
            next,
            links,
            hand: Hand::default(),
        }
    }

    /// Writes what changed in some rows, in the order that takes fewer bytes.
    fn band(&mut self, rows: &[Row], changed: &[Changed<'_>]) {
        let (begun, before) = (self.written.len(), self.hand);
        self.by_rows(rows, changed);
        let (length, after) = (self.written.len(), self.hand);
        if rows.iter().any(|row| !row.is_narrow) {
            return;
        }
        self.hand = before;
        self.by_looks(rows, changed);
        if self.written.len() - length < length - begun {
            self.written.drain(begun..length);
        } else {
            self.written.truncate(length);
            self.hand = after;
        }
    }

    /// Row by row, from left to right.
    fn by_rows(&mut self, rows: &[Row], changed: &[Changed<'_>]) {
        let mut left = changed;
        for row in rows {
            if let Some(from) = row.erased {
                self.cells(first(&mut left, |(x, y, _)| (*y, *x) < (row.y, from)));
                self.erase(Position { x: from, y: row.y });
            }
            self.cells(first(&mut left, |(_, y, _)| *y <= row.y));
        }
    }

    /// All of one look before the next.
    fn by_looks(&mut self, rows: &[Row], changed: &[Changed<'_>]) {
        for row in rows {
            if let Some(from) = row.erased {
                self.erase(Position { x: from, y: row.y });
            }
        }
        for stroke in by_looks(changed) {
            self.cells(stroke);
        }
    }

    fn cells(&mut self, cells: &[Changed<'_>]) {
        for (x, y, cell) in cells {
            self.cell(Position { x: *x, y: *y }, cell);
        }
    }

    fn cell(&mut self, to: Position, cell: &Cell) {
        let link = self.link_at(to);
        if link != self.hand.link {
            self.end_link();
        }
        self.go(to);
        if let Some(opened) = link.filter(|_| self.hand.link.is_none()) {
            self.tell(format_args!("\u{1b}]8;;{}\u{1b}\\", self.links[opened].url));
            self.hand.link = link;
        }
        self.put(to, cell);
    }

    fn end_link(&mut self) {
        if self.hand.link.take().is_some() {
            self.written.extend_from_slice(b"\x1b]8;;\x1b\\");
        }
    }

    /// Writes a cell where the terminal is.
    fn put(&mut self, to: Position, cell: &Cell) {
        let look = Look::of(cell).seen_after(self.hand.look, is_blank(cell));
        self.turn_into(look);
        self.written.extend_from_slice(cell.symbol().as_bytes());
        let x = to.x + 1;
        // Behind the last column terminals differ on where they are.
        let is_known = is_narrow(cell.symbol()) && x < self.next.area.width;
        self.hand.at = is_known.then_some(Position { x, ..to });
    }

    fn turn_into(&mut self, look: Look) {
        if let Some(sequence) = self.hand.look.turn_into(look) {
            self.tell(format_args!("\u{1b}[{sequence}m"));
        }
    }

    fn tell(&mut self, what: fmt::Arguments<'_>) {
        // What is written into memory is never refused.
        let _ = self.written.write_fmt(what);
    }

    fn link_at(&self, at: Position) -> Option<usize> {
        self.links.iter().position(|link| link.contains(at.x, at.y))
    }

    /// Moves there, the shortest way.
    fn go(&mut self, to: Position) {
        let (at, column) = (self.hand.at, to.x + 1);
        let same_row = at.filter(|at| at.y == to.y && at.x <= to.x);
        match (at, same_row) {
            (_, Some(at)) if at == to => {}
            (_, Some(at)) => self.forward(at, to),
            (Some(at), _) if to.x == 0 && at.y + 1 == to.y => {
                self.written.extend_from_slice(b"\r\n");
            }
            (Some(at), _) if at.y == to.y => self.tell(format_args!("\u{1b}[{column}G")),
            _ if to.x == 0 => self.tell(format_args!("\u{1b}[{}H", to.y + 1)),
            _ => self.tell(format_args!("\u{1b}[{};{column}H", to.y + 1)),
        }
        self.hand.at = Some(to);
    }

    /// Moves on in a row: over what stands between, written again, where that is shorter.
    fn forward(&mut self, at: Position, to: Position) {
        let between = to.x - at.x;
        let jump = match between {
            1 => 3,
            2..=9 => 4,
            _ => 5,
        };
        if between <= jump && (at.x..to.x).all(|x| self.can_be_passed(Position { x, ..at })) {
            for x in at.x..to.x {
                let at = Position { x, ..at };
                let next = self.next;
                self.put(at, &next[at]);
            }
            return;
        }
        match between {
            1 => self.tell(format_args!("\u{1b}[C")),
            more => self.tell(format_args!("\u{1b}[{more}C")),
        }
    }

    /// Whether a cell can be written again as it is with nothing but its one byte.
    fn can_be_passed(&self, at: Position) -> bool {
        let (cell, before) = (&self.next[at], self.hand.look);
        let look = Look::of(cell).seen_after(before, is_blank(cell));
        cell.symbol().len() == 1 && look == before && self.link_at(at) == self.hand.link
    }

    /// Erases the rest of a row.
    fn erase(&mut self, from: Position) {
        self.end_link();
        self.go(from);
        let look = self.hand.look;
        self.turn_into(Look {
            bg: Color::Reset,
            modifier: look.modifier - SEEN_ON_BLANK,
            ..look
        });
        self.written.extend_from_slice(b"\x1b[K");
    }

    /// What was written, with all looks and links ended.
    fn end(mut self) -> Vec<u8> {
        self.end_link();
        self.turn_into(Look::default());
        self.written
    }
}

#[cfg(test)]
mod tests;
