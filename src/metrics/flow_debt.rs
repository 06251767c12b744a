//! Flow debt: whether newer items are finished at the cost of older ones.

use crate::model::stage::State;
use crate::model::time::{Ruler, Window};

use super::flow::{count, seconds};
use super::measure::Measures;
use super::table::Row;

/// The distance of the lines of starts and finishes against the flow time of what finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlowDebt {
    /// Items finished in the window that have a start.
    pub n: u64,
    /// Σ over them of the time from the start of the same rank to the finish, seconds.
    distance: i64,
    /// Σ over them of the time from their own start to the finish, seconds.
    elapsed: i64,
}

impl FlowDebt {
    /// Of the items of an answer; `None` if no item with a start finished in the window.
    pub fn of(measures: &Measures) -> Option<Self> {
        Self::of_rows(
            measures.table.rows(),
            measures.header.window,
            &measures.ruler,
        )
    }

    fn of_rows<'a>(
        rows: impl IntoIterator<Item = &'a Row>,
        window: Window,
        ruler: &Ruler,
    ) -> Option<Self> {
        let counted = |row: &&Row| matches!(row.state, State::Done | State::InProgress);
        let (mut starts, mut before, mut n) = (Vec::new(), 0_usize, 0_usize);
        let (mut finishes, mut own_starts) = (0_i64, 0_i64);
        for row in rows.into_iter().filter(counted) {
            let Some(started) = row.started.get() else {
                continue;
            };
            starts.push(ruler.reading(started));
            let Some(finished) = row.finished.get() else {
                continue;
            };
            before += usize::from(finished < window.from);
            if window.contains(finished) {
                n += 1;
                finishes += ruler.reading(finished);
                own_starts += ruler.reading(started);
            }
        }
        (n > 0).then(|| Self {
            n: n as u64,
            distance: finishes - sum_of_ranks(&mut starts, before, n),
            elapsed: finishes - own_starts,
        })
    }

    /// Mean horizontal distance of the two lines, seconds.
    pub fn distance(&self) -> f64 {
        seconds(self.distance) / count(self.n)
    }

    /// Mean time from start to finish, seconds.
    pub fn elapsed(&self) -> f64 {
        seconds(self.elapsed) / count(self.n)
    }

    /// Distance − elapsed, seconds; above 0 older items wait while newer ones finish.
    pub fn debt(&self) -> f64 {
        seconds(self.distance - self.elapsed) / count(self.n)
    }
}

/// The sum of the `n` values that follow the `skipped` smallest ones. There must be so many.
fn sum_of_ranks(values: &mut [i64], skipped: usize, n: usize) -> i64 {
    let mut rest = values;
    if skipped > 0 {
        (_, _, rest) = rest.select_nth_unstable(skipped - 1);
    }
    if n < rest.len() {
        (rest, _, _) = rest.select_nth_unstable(n);
    }
    rest.iter().sum()
}

#[cfg(test)]
mod tests {
    use super::{FlowDebt, Row, Ruler, State, Window, sum_of_ranks};
    use crate::model::id::ItemIx;
    use crate::model::time::Sec;

    /// Started, and finished or not.
    fn row((started, finished): (u32, Option<u32>)) -> Row {
        let mut row = Row::nowhere(ItemIx(0), Sec(0));
        row.state = finished.map_or(State::InProgress, |_| State::Done);
        row.started = Some(Sec(started)).into();
        row.finished = finished.map(Sec).into();
        row
    }

    fn debt(items: &[(u32, Option<u32>)], window: (u32, u32)) -> Option<(u64, i64, i64)> {
        let rows: Vec<Row> = items.iter().copied().map(row).collect();
        let (from, to) = (Sec(window.0), Sec(window.1));
        let found = FlowDebt::of_rows(&rows, Window { from, to }, &Ruler::elapsed())?;
        Some((found.n, found.distance, found.elapsed))
    }

    #[test]
    fn whoever_began_first_and_finishes_first_leaves_no_debt() {
        let items = [(1, Some(4)), (2, Some(9)), (5, None)];
        assert_eq!(debt(&items, (0, 100)), Some((2, 10, 10)));
    }

    #[test]
    fn an_old_item_left_behind_is_a_debt_and_finishing_it_pays_it_back() {
        let waiting = [(1, None), (4, Some(6)), (5, Some(8))];
        assert_eq!(debt(&waiting, (0, 10)), Some((2, 5 + 4, 2 + 3)));
        let paid = [(1, Some(20)), (4, Some(6)), (5, Some(8))];
        assert_eq!(debt(&paid, (10, 30)), Some((1, 15, 19)));
        let found = FlowDebt::of_rows(
            &[row((1, None)), row((4, Some(6)))],
            Window {
                from: Sec(0),
                to: Sec(10),
            },
            &Ruler::elapsed(),
        );
        assert_eq!(found.map(|found| found.debt()), Some(3.0));
    }

    #[test]
    fn without_a_finish_or_a_start_there_is_nothing_to_say() {
        assert_eq!(debt(&[(1, None), (2, Some(50))], (0, 10)), None);
        let mut unstarted = row((1, Some(5)));
        unstarted.started = None.into();
        let window = Window {
            from: Sec(0),
            to: Sec(10),
        };
        assert_eq!(
            FlowDebt::of_rows(&[unstarted], window, &Ruler::elapsed()),
            None
        );
    }

    #[test]
    fn what_was_given_up_is_not_counted() {
        let mut cancelled = row((0, None));
        cancelled.state = State::Cancelled;
        let window = Window {
            from: Sec(0),
            to: Sec(10),
        };
        let found =
            FlowDebt::of_rows(&[cancelled, row((4, Some(6)))], window, &Ruler::elapsed()).unwrap();
        assert_eq!((found.distance, found.elapsed), (2, 2));
    }

    #[test]
    fn ranks_are_summed_without_sorting() {
        let mut values = [9, 1, 7, 3, 5];
        assert_eq!(sum_of_ranks(&mut values, 0, 5), 25);
        assert_eq!(sum_of_ranks(&mut values, 1, 2), 3 + 5);
        assert_eq!(sum_of_ranks(&mut values, 4, 1), 9);
    }
}
