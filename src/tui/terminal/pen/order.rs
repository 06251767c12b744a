//! In which order changed cells are written. A colour is named in some eighteen bytes, a jump takes
//! five to eight: where colours take turns along the rows it is shorter to write all of one colour,
//! wherever it stands, before the next. What is seen afterwards is the same.

use ratatui::buffer::Cell;
use ratatui::style::Color;

use super::is_blank;
use super::sgr::Look;

/// Column and row of a cell, and what it is to be.
pub(super) type Changed<'a> = (u16, u16, &'a Cell);

/// What the cells of a row have in common.
pub(super) struct Row {
    pub(super) y: u16,
    /// The column from which on it is erased first.
    pub(super) erased: Option<u16>,
    /// Whether all marks in it, gone and new, are of one column. Terminals differ on what becomes of
    /// one half of a wide mark, so where there is one cells are written from left to right.
    pub(super) is_narrow: bool,
}

/// How some cells look, as far as it is seen of them.
#[derive(Clone, Copy)]
struct Seen {
    ground: Color,
    /// `None`: nothing but the ground is seen.
    mark: Option<Look>,
}

impl Seen {
    fn of(cell: &Cell) -> Self {
        Self {
            ground: cell.bg,
            mark: (!is_blank(cell)).then(|| Look::of(cell)),
        }
    }

    /// Takes others in, if all can be written in one look.
    fn join(&mut self, other: Self) -> bool {
        let same_marks = match (self.mark, other.mark) {
            (Some(one), Some(other)) => one == other,
            _ => true,
        };
        let joins = self.ground == other.ground && same_marks;
        if joins {
            self.mark = self.mark.or(other.mark);
        }
        joins
    }
}

/// The first cells of those that are left, as long as `belongs` says so; what follows is left.
pub(super) fn first<'s, 'c>(
    left: &mut &'s [Changed<'c>],
    belongs: impl FnMut(&Changed<'c>) -> bool,
) -> &'s [Changed<'c>] {
    let (first, after) = left.split_at(left.partition_point(belongs));
    *left = after;
    first
}

/// Cells that stand side by side and are seen in one look; all those of a look before the next.
pub(super) fn by_looks<'s, 'c>(changed: &'s [Changed<'c>]) -> Vec<&'s [Changed<'c>]> {
    let mut left = strokes(changed);
    let mut ordered = Vec::with_capacity(left.len());
    while let Some((mut seen, _)) = left.first().copied() {
        let (now, later): (Vec<_>, Vec<_>) =
            left.into_iter().partition(|(other, _)| seen.join(*other));
        ordered.extend(now.into_iter().map(|(_, cells)| cells));
        left = later;
    }
    ordered
}

fn strokes<'s, 'c>(changed: &'s [Changed<'c>]) -> Vec<(Seen, &'s [Changed<'c>])> {
    let mut strokes = Vec::new();
    let mut left = changed;
    while let Some((x, y, cell)) = left.first().copied() {
        let (mut seen, mut next) = (Seen::of(cell), x);
        let length = left
            .iter()
            .take_while(|(at, row, cell)| {
                let belongs = (*at, *row) == (next, y) && seen.join(Seen::of(cell));
                next += 1;
                belongs
            })
            .count();
        let (stroke, after) = left.split_at(length);
        strokes.push((seen, stroke));
        left = after;
    }
    strokes
}
