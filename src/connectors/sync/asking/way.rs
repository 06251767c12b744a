//! One list's way: where to ask next, and what of each page is to be fetched.

use std::collections::BTreeMap;

use super::super::standing::Standing;
use super::super::sweep::{Onward, Row, Rows, Sweep};
use super::super::{Grain, List, Listed, Page, Question};
use super::{PageTold, Work};
use crate::connectors::Fault;
use crate::model::time::Millis;

/// More pages in a row that hold nothing new lead nowhere.
const MOST_IDLE: u32 = 1_000;

/// One list being listed.
pub(super) struct Way<'l, R> {
    /// Which list.
    pub(super) at: usize,
    pub(super) list: &'l List,
    /// The first page, if it is there already, and when it was listed.
    pub(super) listed: Option<(Page<R>, Millis)>,
    sweep: Sweep,
    /// What earlier polls could not get; asked for with the first page.
    owed: Vec<String>,
    pages: u32,
    /// Pages in a row that held nothing new.
    idle: u32,
}

impl<'l, R> Way<'l, R> {
    /// From where a list stood.
    pub(super) fn new(at: usize, list: &'l List, standing: &Standing, grain: Grain) -> Self {
        Self {
            at,
            list,
            listed: None,
            sweep: Sweep::from(standing, list.paging, grain),
            owed: standing.owed.iter().cloned().collect(),
            pages: 0,
            idle: 0,
        }
    }

    /// What to ask next.
    pub(super) fn question(&self) -> Question {
        self.sweep.question()
    }

    /// Moves past a page that was listed at `now`: what it tells, and what of it is to be fetched.
    pub(super) fn pass(&mut self, mut page: Page<R>, now: Millis) -> (PageTold, Work<R>) {
        let rows = rows_of(&page);
        let fresh = self.sweep.fresh(&rows);
        let told = self.told(&mut page, fresh.len());
        self.idle = if fresh.is_empty() { self.idle + 1 } else { 0 };
        let mut passage = self.sweep.pass(&rows);
        if passage.onward == Onward::More && self.idle > MOST_IDLE {
            passage.onward = Onward::Lost;
        }
        let work = Work {
            rows: self.picked(page.rows, &fresh),
            passage,
            now,
            ahead: None,
            room: None,
        };
        (told, work)
    }

    /// The first page of a list says how many are to come, beside those on it that are known.
    fn told(&mut self, page: &mut Page<R>, fresh: usize) -> PageTold {
        self.pages += 1;
        let known = page.rows.len().saturating_sub(fresh) as u64;
        let total = page.total.filter(|_| self.pages == 1);
        PageTold {
            expected: total.map(|total| total.saturating_sub(known)),
            unread: page.rows.iter().filter(|row| row.is_none()).count() as u64,
            oddities: std::mem::take(&mut page.oddities),
        }
    }

    fn picked(&mut self, rows: Vec<Option<Listed<R>>>, fresh: &[String]) -> Vec<Listed<R>> {
        let mut listed: BTreeMap<String, Listed<R>> = BTreeMap::new();
        for row in rows.into_iter().flatten() {
            listed.insert(row.id.clone(), row);
        }
        let mut picked: Vec<_> = fresh.iter().filter_map(|id| listed.remove(id)).collect();
        let owed = self.owed.drain(..).filter(|id| !fresh.contains(id));
        picked.extend(owed.map(again));
        picked
    }

    /// What it means that the way leads nowhere.
    pub(super) fn lost(&self) -> Fault {
        Fault::BadAnswer {
            place: self.list.name.clone(),
            why: "the list moves faster than it can be read, or never ends".to_owned(),
        }
    }
}

fn again<R>(id: String) -> Listed<R> {
    Listed {
        id,
        updated: Millis(i64::MIN),
        row: None,
    }
}

fn rows_of<R>(page: &Page<R>) -> Rows {
    let row = |row: &Option<Listed<R>>| {
        row.as_ref().map(|row| Row {
            id: row.id.clone(),
            updated: row.updated,
        })
    };
    Rows {
        listed: page.rows.iter().map(row).collect(),
        total: page.total,
        limit: page.limit,
        next: page.next.clone(),
    }
}
