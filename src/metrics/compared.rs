//! A past picture beside that of now: what became of the work.

use std::sync::Arc;

use crate::model::id::{ItemIx, StageIx};
use crate::model::snapshot::Snapshot;
use crate::model::stage::State;

use super::measure::{Measures, measure_after};
use super::question::Question;
use super::table::Row;

/// Now, and what happened since then.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The same question asked now.
    pub now: Arc<Measures>,
    /// What became of the items.
    pub became: Became,
}

/// Items by what became of them. What was in progress then is `finished_of_load`, `moved_on`,
/// `moved_back`, `stood` or `left`; what is in progress now is `started`, `moved_on`, `moved_back`
/// or `stood`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Became {
    /// In progress now and not then: committed to since, or come back.
    pub started: u64,
    /// Done now and not then.
    pub finished: u64,
    /// Those of them that were in progress then.
    pub finished_of_load: u64,
    /// In progress then and now, in a later stage.
    pub moved_on: u64,
    /// In progress then and now, in an earlier stage.
    pub moved_back: u64,
    /// In progress then and now, in the same stage.
    pub stood: u64,
    /// In progress then, now in the backlog or ended without value.
    pub left: u64,
}

/// What became of one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is done.
    Finished,
    /// It is in this later stage.
    On(StageIx),
    /// It is in this earlier stage.
    Back(StageIx),
    /// It is where it was.
    Stood,
    /// It ended without value, or is not in the stream any more.
    Left,
}

impl Compared {
    /// Asks `now`, the question of `then` at the present instant, and holds the answer beside
    /// `then`. An earlier answer to the same question is taken as it is.
    ///
    /// Costs a measure unless `known` answers, and a look at every item. `None` without the stream.
    pub fn of(
        snapshot: &Snapshot,
        now: &Question,
        then: &Measures,
        known: Option<Arc<Measures>>,
    ) -> Option<Self> {
        let measured = || measure_after(snapshot, now, None).map(Arc::new);
        let now = known.or_else(measured)?;
        Some(Self {
            became: Became::of(then, &now),
            now,
        })
    }

    /// What became of an item that was in a stage then.
    pub fn fate(&self, item: ItemIx, then: StageIx) -> Fate {
        let row = self.now.table.row(item);
        match row.map(|row| (row.state, row.stage)) {
            Some((State::Done, _)) => Fate::Finished,
            Some((State::Backlog | State::InProgress, Some(stage))) if stage > then => {
                Fate::On(stage)
            }
            Some((State::Backlog | State::InProgress, Some(stage))) if stage < then => {
                Fate::Back(stage)
            }
            Some((State::Backlog | State::InProgress, Some(_))) => Fate::Stood,
            _ => Fate::Left,
        }
    }
}

impl Became {
    /// Both tables are in the order of the log: one walk through both.
    fn of(then: &Measures, now: &Measures) -> Self {
        let mut since = Self::default();
        let mut past = then.table.rows().peekable();
        for row in now.table.rows() {
            while let Some(gone) = past.next_if(|one| one.item < row.item) {
                since.add(Some(gone), None);
            }
            let before = past.next_if(|one| one.item == row.item);
            since.add(before, Some(row));
        }
        for gone in past {
            since.add(Some(gone), None);
        }
        since
    }

    fn add(&mut self, then: Option<&Row>, now: Option<&Row>) {
        let state = |row: Option<&Row>| row.map(|row| row.state);
        let stage = |row: Option<&Row>| row.and_then(|row| row.stage);
        let in_progress = Some(State::InProgress);
        match (state(then), state(now)) {
            (Some(State::Done), Some(State::Done)) => {}
            (before, Some(State::Done)) => {
                self.finished += 1;
                self.finished_of_load += u64::from(before == in_progress);
            }
            (before, after) if before == in_progress && after == in_progress => {
                match stage(now).cmp(&stage(then)) {
                    std::cmp::Ordering::Greater => self.moved_on += 1,
                    std::cmp::Ordering::Less => self.moved_back += 1,
                    std::cmp::Ordering::Equal => self.stood += 1,
                }
            }
            (before, _) if before == in_progress => self.left += 1,
            (_, after) if after == in_progress => self.started += 1,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Became, Compared, Fate};
    use crate::metrics::fixture::{snapshot, stream};
    use crate::metrics::{AsOf, Question, measure};
    use crate::model::id::{ItemIx, StageIx};
    use crate::model::time::Sec;

    #[test]
    fn each_item_is_told_by_what_became_of_it() {
        let known = snapshot(
            stream(),
            &[
                ("stood", "Story", &[(1, "Ready")]),
                ("on", "Story", &[(1, "Ready"), (12, "Build")]),
                ("back", "Story", &[(1, "Build"), (12, "Ready")]),
                ("finished", "Story", &[(1, "Build"), (12, "Done")]),
                (
                    "from backlog",
                    "Story",
                    &[(1, "Backlog"), (11, "Build"), (12, "Done")],
                ),
                ("left", "Story", &[(1, "Build"), (12, "Cancelled")]),
                ("shelved", "Story", &[(1, "Build"), (12, "Backlog")]),
                ("started", "Story", &[(11, "Ready")]),
                (
                    "reopened",
                    "Story",
                    &[(1, "Build"), (2, "Done"), (12, "Build")],
                ),
                ("done before", "Story", &[(1, "Build"), (2, "Done")]),
            ],
        );
        let at = |day: u32| Question::about(&known, 0, AsOf::At(Sec(day * 86_400)));
        let then = measure(&known, &at(10)).unwrap();
        let found = Compared::of(&known, &at(20), &then, None).unwrap();
        let wanted = Became {
            started: 2,
            finished: 2,
            finished_of_load: 1,
            moved_on: 1,
            moved_back: 1,
            stood: 1,
            left: 2,
        };
        assert_eq!(found.became, wanted);
        let since = found.became;
        let was = since.finished_of_load + since.moved_on + since.moved_back;
        assert_eq!(was + since.stood + since.left, then.flow.load);
        let is = since.started + since.moved_on + since.moved_back + since.stood;
        assert_eq!(is, found.now.flow.load);
        let fates: Vec<Fate> = (0..7)
            .map(|at| {
                let row = then.table.row(ItemIx(at)).unwrap();
                found.fate(ItemIx(at), row.stage.unwrap())
            })
            .collect();
        let (ready, build) = (StageIx(1), StageIx(2));
        assert_eq!(
            fates,
            [
                Fate::Stood,
                Fate::On(build),
                Fate::Back(ready),
                Fate::Finished,
                Fate::Finished,
                Fate::Left,
                Fate::Back(StageIx(0)),
            ]
        );
    }
}
