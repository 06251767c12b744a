//! From one style to the next with the shortest sequence.

use std::fmt::Write as _;

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

/// How marks are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) fg: Color,
    pub(super) bg: Color,
    /// Of the line under a mark.
    pub(super) line: Color,
    pub(super) modifier: Modifier,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            fg: Color::Reset,
            bg: Color::Reset,
            line: Color::Reset,
            modifier: Modifier::empty(),
        }
    }
}

/// What each modifier is switched on with, and off.
const SWITCHES: [(Modifier, &str, &str); 9] = [
    (Modifier::BOLD, "1", "22"),
    (Modifier::DIM, "2", "22"),
    (Modifier::ITALIC, "3", "23"),
    (Modifier::UNDERLINED, "4", "24"),
    (Modifier::SLOW_BLINK, "5", "25"),
    (Modifier::RAPID_BLINK, "6", "25"),
    (Modifier::REVERSED, "7", "27"),
    (Modifier::HIDDEN, "8", "28"),
    (Modifier::CROSSED_OUT, "9", "29"),
];

impl Look {
    /// How a cell is to look.
    pub(super) fn of(cell: &Cell) -> Self {
        Self {
            fg: cell.fg,
            bg: cell.bg,
            line: cell.underline_color,
            modifier: cell.modifier,
        }
    }

    /// The style to write it in after `before`: what cannot be seen stays as it is.
    pub(super) fn seen_after(self, before: Self, is_blank: bool) -> Self {
        let seen = super::SEEN_ON_BLANK;
        if is_blank && !before.modifier.intersects(seen) {
            return Self {
                bg: self.bg,
                ..before
            };
        }
        self
    }

    /// Becomes another look; what leads there, if it is another.
    pub(super) fn turn_into(&mut self, look: Look) -> Option<String> {
        if look == *self {
            return None;
        }
        let changes = changes(*self, look);
        let anew = changes_anew(look);
        *self = look;
        Some(if anew.len() < changes.len() {
            anew
        } else {
            changes
        })
    }
}

/// From nothing at all.
fn changes_anew(to: Look) -> String {
    let changes = changes(Look::default(), to);
    if changes.is_empty() {
        return changes;
    }
    format!("0;{changes}")
}

fn changes(from: Look, to: Look) -> String {
    let mut told = String::new();
    let mut tell = |what: &str| {
        let gap = if told.is_empty() { "" } else { ";" };
        told.push_str(gap);
        told.push_str(what);
    };
    let mut held = from.modifier;
    for (modifier, _, off) in SWITCHES {
        if held.contains(modifier) && !to.modifier.contains(modifier) {
            tell(off);
            // One switch ends both of its kind.
            let same = SWITCHES.iter().filter(|(.., other)| *other == off);
            same.for_each(|(modifier, ..)| held.remove(*modifier));
        }
    }
    for (modifier, on, _) in SWITCHES {
        if to.modifier.contains(modifier) && !held.contains(modifier) {
            tell(on);
        }
    }
    for (from, to, place) in [
        (from.fg, to.fg, 30),
        (from.bg, to.bg, 40),
        (from.line, to.line, 50),
    ] {
        if from != to {
            tell(&colour(to, place));
        }
    }
    told
}

/// A colour at its place: 30 marks, 40 ground, 50 the line under marks.
fn colour(colour: Color, place: u8) -> String {
    let (other, reset) = (place + 8, place + 9);
    let index = match colour {
        Color::Reset => return reset.to_string(),
        Color::Rgb(red, green, blue) => {
            let mut told = String::with_capacity(16);
            let _ = write!(told, "{other};2;{red};{green};{blue}");
            return told;
        }
        Color::Indexed(index) => index,
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        Color::White => 15,
    };
    format!("{other};5;{index}")
}
