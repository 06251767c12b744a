//! Sees in tests whether a letter of a text is drawn over, or drawn over a mark that stands for
//! something.

use std::cell::RefCell;
use std::collections::HashMap;

use unicode_width::UnicodeWidthChar as _;

/// Marks that stand for items, weeks, days: no letter may hide one.
const TELLING: &str = "●•◉■▲▼○◆↑✓×";

thread_local! {
    static TRACE: RefCell<Option<Trace>> = const { RefCell::new(None) };
}

#[derive(Default)]
struct Trace {
    cells: HashMap<(u16, u16), Drawn>,
    overlaps: Vec<String>,
}

#[derive(Clone, Copy, Debug)]
enum Drawn {
    Letter(char),
    Mark(char),
}

/// What is drawn over what while `draw` runs.
pub(crate) fn overlaps(draw: impl FnOnce()) -> Vec<String> {
    TRACE.with_borrow_mut(|trace| *trace = Some(Trace::default()));
    draw();
    let trace = TRACE.with_borrow_mut(Option::take);
    trace.map_or_else(Vec::new, |trace| trace.overlaps)
}

pub(super) fn text(x: u16, y: u16, text: &str) {
    TRACE.with_borrow_mut(|trace| {
        let Some(trace) = trace else { return };
        let mut x = x;
        for letter in text.chars() {
            let wide = u16::try_from(letter.width().unwrap_or(0)).unwrap();
            if letter != ' ' && wide > 0 {
                trace.letter((x, y), letter, text);
            }
            x += wide;
        }
    });
}

pub(super) fn symbol(x: u16, y: u16, symbol: &str) {
    TRACE.with_borrow_mut(|trace| {
        let Some((trace, mark)) = trace.as_mut().zip(symbol.chars().next()) else {
            return;
        };
        if let Some(Drawn::Letter(letter)) = trace.cells.get(&(x, y))
            && *letter != mark
            && letter.is_alphanumeric()
        {
            let said = format!("{mark:?} over the letter {letter:?} at {x},{y}");
            trace.overlaps.push(said);
        }
        if mark != ' ' {
            trace.cells.insert((x, y), Drawn::Mark(mark));
        }
    });
}

pub(super) fn cleared(x: u16, y: u16) {
    TRACE.with_borrow_mut(|trace| {
        if let Some(trace) = trace {
            trace.cells.remove(&(x, y));
        }
    });
}

impl Trace {
    fn letter(&mut self, (x, y): (u16, u16), letter: char, text: &str) {
        let over = match self.cells.get(&(x, y)) {
            Some(Drawn::Letter(under)) => *under != letter && under.is_alphanumeric(),
            Some(Drawn::Mark(under)) => letter != *under && TELLING.contains(*under),
            None => false,
        };
        if over {
            let under = self.cells.get(&(x, y));
            let said = format!("{text:?} over {under:?} at {x},{y}");
            self.overlaps.push(said);
        }
        self.cells.insert((x, y), Drawn::Letter(letter));
    }
}
