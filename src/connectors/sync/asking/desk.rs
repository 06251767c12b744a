//! What is being fetched: pages are taken apart into what one request asks for, and put together again
//! in their order. Pure.

use std::collections::{BTreeMap, VecDeque};

use super::{Sheaf, Work};
use crate::connectors::sync::{Fetched, Listed};

/// Which page of a list, and which part of it.
pub(super) type Place = (usize, usize);

/// Artefacts by id, and what became of asking for them.
type Outcomes<D> = Vec<(String, Fetched<D>)>;

/// The pages of one list that are being fetched.
pub(super) struct Desk<R, D> {
    list: usize,
    together: usize,
    /// How many pages were handed on.
    gone: usize,
    pages: VecDeque<Open<R, D>>,
    waiting: VecDeque<(Place, Vec<Listed<R>>)>,
}

/// A page that is not whole yet.
struct Open<R, D> {
    work: Work<R>,
    parts: usize,
    come: BTreeMap<usize, Outcomes<D>>,
}

impl<R, D> Desk<R, D> {
    /// For the list of that number, of which so many artefacts are asked for by one request.
    pub(super) fn new(list: usize, together: usize) -> Self {
        Self {
            list,
            together: together.max(1),
            gone: 0,
            pages: VecDeque::new(),
            waiting: VecDeque::new(),
        }
    }

    /// Takes a page that is to be fetched.
    pub(super) fn take(&mut self, mut work: Work<R>) {
        let page = self.gone + self.pages.len();
        let mut rows = std::mem::take(&mut work.rows).into_iter().peekable();
        let mut parts = 0;
        while rows.peek().is_some() {
            let few = rows.by_ref().take(self.together).collect();
            self.waiting.push_back(((page, parts), few));
            parts += 1;
        }
        self.pages.push_back(Open {
            work,
            parts,
            come: BTreeMap::new(),
        });
    }

    /// What is to be asked for next.
    pub(super) fn next(&mut self) -> Option<(Place, Vec<Listed<R>>)> {
        self.waiting.pop_front()
    }

    /// Puts down what came.
    pub(super) fn put(&mut self, (page, part): Place, fetched: Outcomes<D>) {
        let page = page.checked_sub(self.gone);
        if let Some(open) = page.and_then(|page| self.pages.get_mut(page)) {
            open.come.insert(part, fetched);
        }
    }

    /// The first page, once all of it came.
    pub(super) fn whole(&mut self) -> Option<Sheaf<D>> {
        let first = self.pages.front()?;
        if first.come.len() < first.parts {
            return None;
        }
        let Open { work, come, .. } = self.pages.pop_front()?;
        self.gone += 1;
        Some(Sheaf {
            list: self.list,
            fetched: come.into_values().flatten().collect(),
            passage: work.passage,
            now: work.now,
            room: work.room,
        })
    }
}
