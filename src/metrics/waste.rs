//! Waste: work that was begun and then cancelled.

use crate::model::id::ItemIx;
use crate::model::stage::State;
use crate::model::time::{Sec, Window};

use super::measure::Measures;
use super::table::Row;

/// Items cancelled in the window after their start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waste {
    /// Most costly first, then in the order of the log.
    pub items: Vec<Wasted>,
}

/// An item cancelled after its start. Spans are seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wasted {
    /// Position in the log.
    pub item: ItemIx,
    /// When it was cancelled.
    pub cancelled: Sec,
    /// Time in committed stages since its start.
    pub spent: i64,
    /// The part of it that was worked on and not blocked.
    pub active: i64,
}

impl Waste {
    /// Of the items of an answer.
    pub fn of(measures: &Measures) -> Self {
        Self::of_rows(measures.table.rows(), measures.header.window)
    }

    fn of_rows<'a>(rows: impl IntoIterator<Item = &'a Row>, window: Window) -> Self {
        let begun = |row: &&Row| row.state == State::Cancelled && row.started.get().is_some();
        let inside = |row: &&Row| window.contains(row.entered);
        let mut items: Vec<Wasted> = rows
            .into_iter()
            .filter(begun)
            .filter(inside)
            .map(Wasted::of)
            .collect();
        items.sort_by_key(|one| (-one.spent, one.item));
        Self { items }
    }

    /// Time spent on all of them, seconds.
    pub fn spent(&self) -> i64 {
        self.items.iter().map(|one| one.spent).sum()
    }

    /// Time they were worked on, seconds.
    pub fn active(&self) -> i64 {
        self.items.iter().map(|one| one.active).sum()
    }
}

impl Wasted {
    fn of(row: &Row) -> Self {
        let spent = row.spent();
        Self {
            item: row.item,
            cancelled: row.entered,
            spent: spent.active + spent.waiting,
            active: spent.active,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ItemIx, Row, Sec, State, Waste, Window};
    use crate::metrics::clocked::Spent;

    /// Cancelled at `at`, after `active` and `waiting` seconds.
    fn cancelled(item: u32, at: u32, (active, waiting): (i64, i64)) -> Row {
        let mut row = Row::nowhere(ItemIx(item), Sec(0));
        (row.state, row.entered) = (State::Cancelled, Sec(at));
        row.started = Some(Sec(1)).into();
        let spent = Spent {
            active,
            waiting,
            outside: 7,
            blocked: waiting,
        };
        row.with_times(spent, false)
    }

    fn waste(rows: &[Row]) -> Waste {
        let (from, to) = (Sec(100), Sec(200));
        Waste::of_rows(rows, Window { from, to })
    }

    #[test]
    fn the_most_costly_comes_first_and_time_outside_is_no_cost() {
        let found = waste(&[cancelled(0, 100, (3, 4)), cancelled(1, 199, (10, 1))]);
        let items: Vec<u32> = found.items.iter().map(|one| one.item.0).collect();
        assert_eq!(items, [1, 0]);
        assert_eq!((found.spent(), found.active()), (18, 13));
        assert_eq!(found.items[1].cancelled, Sec(100));
    }

    #[test]
    fn only_what_was_begun_and_cancelled_in_the_window_counts() {
        let mut never_begun = cancelled(0, 150, (1, 1));
        never_begun.started = None.into();
        let mut done = cancelled(1, 150, (1, 1));
        done.state = State::Done;
        let outside = [cancelled(2, 99, (1, 1)), cancelled(3, 200, (1, 1))];
        assert_eq!(waste(&[never_begun, done]), Waste::default());
        assert_eq!(waste(&outside), Waste::default());
    }
}
