//! What came into the committed stages and what left them: together the change of load.

use crate::model::time::{Ruler, Sec, Window};
use crate::model::timeline::{Position, Visit};

/// Entries into and exits out of the committed stages in the window, and the load at its ends.
/// `arrivals − departures = load_after − load_before`, always.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NetFlow {
    /// Entries, by creation or from anywhere.
    pub arrivals: u64,
    /// Exits to a done stage.
    pub finished: u64,
    /// Exits to a backlog stage.
    pub returned: u64,
    /// Exits by being cancelled.
    pub cancelled: u64,
    /// Exits by being deleted, or by leaving the stream.
    pub deleted: u64,
    /// Items in a committed stage at the window's beginning.
    pub load_before: u64,
    /// Items in a committed stage at the window's end.
    pub load_after: u64,
    /// Time all items spent in committed stages inside the window, seconds.
    pub committed: i64,
}

impl NetFlow {
    /// All exits.
    pub fn departures(&self) -> u64 {
        self.finished + self.returned + self.cancelled + self.deleted
    }

    /// Arrivals − departures: by how much the load has grown.
    pub fn change(&self) -> i64 {
        self.arrivals.cast_signed() - self.departures().cast_signed()
    }
}

/// Counts while items go by.
#[derive(Clone, Debug)]
pub(super) struct NetFlowCounts {
    window: Window,
    ruler: Ruler,
    pub(super) flow: NetFlow,
}

impl NetFlowCounts {
    pub(super) fn new(window: Window, ruler: &Ruler) -> Self {
        Self {
            window,
            ruler: ruler.clone(),
            flow: NetFlow::default(),
        }
    }

    /// Adds what another part counted.
    pub(super) fn merge(&mut self, other: &Self) {
        let (own, more) = (&mut self.flow, other.flow);
        own.arrivals += more.arrivals;
        own.finished += more.finished;
        own.returned += more.returned;
        own.cancelled += more.cancelled;
        own.deleted += more.deleted;
        own.load_before += more.load_before;
        own.load_after += more.load_after;
        own.committed += more.committed;
    }

    /// An item entered the committed stages.
    pub(super) fn arrived(&mut self, at: Sec) {
        self.flow.arrivals += u64::from(self.window.contains(at));
    }

    /// An item left the committed stages for this visit, which is in a done stage or is not.
    pub(super) fn departed(&mut self, to: &Visit, is_done: bool) {
        if !self.window.contains(to.from) {
            return;
        }
        *match to.position {
            Position::Stage(_) if is_done => &mut self.flow.finished,
            Position::Stage(_) => &mut self.flow.returned,
            Position::Cancelled => &mut self.flow.cancelled,
            Position::Deleted | Position::Unmapped => &mut self.flow.deleted,
        } += 1;
    }

    /// An item stayed in a committed stage.
    pub(super) fn stayed(&mut self, visit: &Visit) {
        let Window { from, to } = self.window;
        let holds = |at: Sec| u64::from(visit.from < at && at <= visit.to);
        self.flow.load_before += holds(from);
        self.flow.load_after += holds(to);
        self.flow.committed += self.ruler.overlap(self.window, visit.from, visit.to);
    }
}

#[cfg(test)]
mod tests {
    use super::NetFlow;
    use crate::metrics::{AsOf, Question, fixture, measure};
    use crate::model::time::{DAY_SECS, Day, Sec, WindowSpec};

    /// Of 1970-01-11 to 1970-01-20, seen from day 30; days are counted from 0.
    fn net(items: &[fixture::Item<'_>]) -> NetFlow {
        let snapshot = fixture::snapshot(fixture::stream(), items);
        let as_of = Sec(u32::try_from(30 * DAY_SECS).unwrap());
        let mut question = Question::about(&snapshot, 0, AsOf::At(as_of));
        let day = |text| Day::parse(text).unwrap();
        question.window = WindowSpec::Dates(day("1970-01-11"), day("1970-01-20"));
        measure(&snapshot, &question).unwrap().net_flow
    }

    #[test]
    fn every_way_in_and_out_is_counted() {
        let found = net(&[
            ("done", "Story", &[(2, "Build"), (12, "Done")]),
            ("returned", "Story", &[(2, "Build"), (12, "Backlog")]),
            ("cancelled", "Story", &[(12, "Ready"), (13, "Cancelled")]),
            (
                "reopened",
                "Story",
                &[(2, "Build"), (5, "Done"), (12, "Build")],
            ),
            ("later", "Story", &[(12, "Backlog"), (25, "Build")]),
        ]);
        let exits = (
            found.finished,
            found.returned,
            found.cancelled,
            found.deleted,
        );
        assert_eq!((found.arrivals, exits), (2, (1, 1, 1, 0)));
        assert_eq!((found.departures(), found.change()), (3, -1));
        assert_eq!((found.load_before, found.load_after), (2, 1));
        // Twice days 10 to 12, once 12 to 13, once 12 to 20.
        assert_eq!(found.committed, (2 + 2 + 1 + 8) * DAY_SECS);
    }

    #[test]
    fn moves_among_committed_stages_are_neither() {
        let found = net(&[("A", "Story", &[(2, "Ready"), (12, "Build"), (13, "Ready")])]);
        assert_eq!((found.arrivals, found.departures()), (0, 0));
        assert_eq!((found.load_before, found.load_after), (1, 1));
    }

    #[test]
    fn an_instant_on_the_edge_belongs_to_the_window_it_begins() {
        let first = net(&[("A", "Story", &[(10, "Build")])]);
        assert_eq!(
            (first.arrivals, first.load_before, first.load_after),
            (1, 0, 1)
        );
        let after = net(&[("A", "Story", &[(20, "Build")])]);
        assert_eq!((after.arrivals, after.load_after), (0, 0));
    }
}
