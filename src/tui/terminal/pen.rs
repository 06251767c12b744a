//! Writes what changed between two frames in few bytes: over a slow line they are what one waits for.
//!
//! What is on the terminal afterwards is what ratatui's own backend would have drawn. The difference
//! is in the way there: of the style only what changes is written, where the next cell is near the
//! cells between are written again, a row that loses more than it keeps is erased first, and what
//! cannot be seen (the colour of a blank) is not written at all.

mod sgr;

use std::io::{self, Write};

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Position;
use ratatui::style::{Color, Modifier};

use super::super::Link;
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
    let width = usize::from(next.area.width.max(1));
    let mut erased: Vec<Option<u16>> = Vec::new();
    for (old, new) in shown
        .content
        .chunks_mut(width)
        .zip(next.content.chunks(width))
    {
        let from = worth_erasing(old, new);
        if let Some(from) = from {
            old[from..].iter_mut().for_each(Cell::reset);
        }
        forget_halves(old, new);
        erased.push(from.and_then(|from| u16::try_from(from).ok()));
    }
    let mut pen = Pen {
        out,
        next,
        links,
        at: None,
        look: Look::default(),
        link: None,
    };
    let mut changed = shown.diff_iter(next).peekable();
    for (y, erased) in (0..).zip(erased) {
        if let Some(from) = erased {
            while let Some((x, y, cell)) = changed.next_if(|(x, of, _)| *of == y && *x < from) {
                pen.cell(Position { x, y }, cell)?;
            }
            pen.erase(Position { x: from, y })?;
        }
        while let Some((x, y, cell)) = changed.next_if(|(_, of, _)| *of == y) {
            pen.cell(Position { x, y }, cell)?;
        }
    }
    pen.end()
}

/// The column from which on a row is best erased before it is drawn, if that spares bytes: more
/// marks go than stay there. Rows with wide marks are let be: half of one cannot be erased.
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
    from.filter(|_| old.iter().chain(new).all(|cell| is_narrow(cell.symbol())))
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
struct Pen<'a, W> {
    out: &'a mut W,
    next: &'a Buffer,
    links: &'a [Link],
    /// Where the terminal writes next; `None`: not known to the column.
    at: Option<Position>,
    look: Look,
    /// The link that is open.
    link: Option<usize>,
}

impl<W: Write> Pen<'_, W> {
    fn cell(&mut self, to: Position, cell: &Cell) -> io::Result<()> {
        let link = self.link_at(to);
        if link != self.link {
            self.end_link()?;
        }
        self.go(to)?;
        if let Some(opened) = link.filter(|_| self.link.is_none()) {
            write!(self.out, "\u{1b}]8;;{}\u{1b}\\", self.links[opened].url)?;
            self.link = link;
        }
        self.put(to, cell)
    }

    fn end_link(&mut self) -> io::Result<()> {
        match self.link.take() {
            Some(_) => self.out.write_all(b"\x1b]8;;\x1b\\"),
            None => Ok(()),
        }
    }

    /// Writes a cell where the terminal is.
    fn put(&mut self, to: Position, cell: &Cell) -> io::Result<()> {
        let look = Look::of(cell).seen_after(self.look, is_blank(cell));
        self.look.turn_into(look, self.out)?;
        self.out.write_all(cell.symbol().as_bytes())?;
        let x = to.x + 1;
        // Behind the last column terminals differ on where they are.
        let is_known = is_narrow(cell.symbol()) && x < self.next.area.width;
        self.at = is_known.then_some(Position { x, ..to });
        Ok(())
    }

    fn link_at(&self, at: Position) -> Option<usize> {
        self.links.iter().position(|link| link.contains(at.x, at.y))
    }

    /// Moves there, the shortest way.
    fn go(&mut self, to: Position) -> io::Result<()> {
        let same_row = self.at.filter(|at| at.y == to.y && at.x <= to.x);
        match (self.at, same_row) {
            (_, Some(at)) if at == to => {}
            (_, Some(at)) => self.forward(at, to)?,
            (Some(at), _) if to.x == 0 && at.y + 1 == to.y => self.out.write_all(b"\r\n")?,
            _ if to.x == 0 => write!(self.out, "\u{1b}[{}H", to.y + 1)?,
            _ => write!(self.out, "\u{1b}[{};{}H", to.y + 1, to.x + 1)?,
        }
        self.at = Some(to);
        Ok(())
    }

    /// Moves on in a row: over what stands between, written again, where that is shorter.
    fn forward(&mut self, at: Position, to: Position) -> io::Result<()> {
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
                self.put(at, &next[at])?;
            }
            return Ok(());
        }
        match between {
            1 => self.out.write_all(b"\x1b[C"),
            more => write!(self.out, "\u{1b}[{more}C"),
        }
    }

    /// Whether a cell can be written again as it is with nothing but its one byte.
    fn can_be_passed(&self, at: Position) -> bool {
        let cell = &self.next[at];
        let look = Look::of(cell).seen_after(self.look, is_blank(cell));
        cell.symbol().len() == 1 && look == self.look && self.link_at(at) == self.link
    }

    /// Erases the rest of a row.
    fn erase(&mut self, from: Position) -> io::Result<()> {
        self.end_link()?;
        self.go(from)?;
        let ground = Look {
            bg: Color::Reset,
            modifier: self.look.modifier - SEEN_ON_BLANK,
            ..self.look
        };
        self.look.turn_into(ground, self.out)?;
        self.out.write_all(b"\x1b[K")
    }

    fn end(mut self) -> io::Result<()> {
        self.end_link()?;
        self.look.turn_into(Look::default(), self.out)
    }
}

#[cfg(test)]
mod tests;
