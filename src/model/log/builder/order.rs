//! Collects moves in any order and lays them out by item.

use super::Moved;
use crate::model::id::{ItemIx, StatusIx};
use crate::model::time::{Millis, Sec};

/// Moves as they come.
#[derive(Debug, Default)]
pub(super) struct Moves {
    /// Whether a move came before one of the same item that is later, or may have.
    disordered: bool,
    at: Vec<Sec>,
    to: Vec<StatusIx>,
    /// Milliseconds within the second, from the first move on that has any.
    ms: Option<Vec<u16>>,
    layout: Layout,
    out_of_order: Vec<(ItemIx, u64)>,
}

/// How the moves stand so far.
#[derive(Debug)]
enum Layout {
    /// Those of an item stand together, items ascending: where each item begins.
    Grouped { begins: Vec<u32> },
    /// Anyhow: the item of each move.
    Scattered { item: Vec<u32> },
}

impl Default for Layout {
    fn default() -> Self {
        Self::Grouped { begins: Vec::new() }
    }
}

/// Moves by item, each item's in order of instant.
pub(super) struct Ordered {
    pub(super) offsets: Vec<u32>,
    pub(super) at: Vec<Sec>,
    pub(super) to: Vec<StatusIx>,
    ms: Option<Vec<u16>>,
    /// The last of all.
    pub(super) last: Option<Sec>,
    /// Moves earlier than one listed before them, by item.
    pub(super) out_of_order: Vec<(ItemIx, u64)>,
}

impl Ordered {
    /// The instants of an item's moves, in order, to the millisecond.
    pub(super) fn instants(&self, item: ItemIx) -> impl Iterator<Item = Millis> {
        let from = self.offsets[item.index()] as usize;
        let to = self.offsets[item.index() + 1] as usize;
        (from..to).map(|row| {
            let ms = self.ms.as_ref().map_or(0, |ms| i64::from(ms[row]));
            Millis(self.at[row].millis().0 + ms)
        })
    }
}

impl Moves {
    #[inline]
    pub(super) fn push(&mut self, item: ItemIx, at: Millis, second: Sec, to: StatusIx) {
        self.place(item, second);
        // Out of range only where the instant was clamped to the second.
        let within = u16::try_from(at.0 - second.millis().0).unwrap_or(0) % 1000;
        if within != 0 && self.ms.is_none() {
            self.ms = Some(vec![0; self.at.len()]);
        }
        if let Some(ms) = &mut self.ms {
            ms.push(within);
        }
        self.at.push(second);
        self.to.push(to);
    }

    /// Adds several moves of one item.
    pub(super) fn extend(
        &mut self,
        item: ItemIx,
        moved: Moved<'_>,
        mut to: impl Iterator<Item = StatusIx>,
    ) {
        let [first, others @ ..] = moved.at else {
            return;
        };
        self.place(item, *first);
        self.disordered |= !moved.at.is_sorted();
        // Most are alone where rows of all items are mixed.
        if let ([at], [], None) = (moved.at, moved.ms, &self.ms) {
            self.at.push(*at);
            self.to.extend(to.next());
            return;
        }
        let before = self.at.len();
        self.at.extend_from_slice(moved.at);
        self.to.extend(to);
        if let Layout::Scattered { item: of } = &mut self.layout {
            of.extend(std::iter::repeat_n(item.0, others.len()));
        }
        if self.ms.is_none() && !moved.ms.is_empty() {
            self.ms = Some(vec![0; before]);
        }
        if let Some(ms) = &mut self.ms {
            ms.extend_from_slice(moved.ms);
            ms.resize(self.at.len(), 0);
        }
    }

    pub(super) fn is_scattered(&self) -> bool {
        matches!(self.layout, Layout::Scattered { .. })
    }

    /// Puts the next move under its item.
    #[inline]
    fn place(&mut self, item: ItemIx, at: Sec) {
        let row = u32::try_from(self.at.len()).unwrap_or(u32::MAX);
        match &mut self.layout {
            Layout::Grouped { begins } if begins.len() == item.index() + 1 => {
                self.disordered |= self.at.last().is_some_and(|last| at < *last);
            }
            Layout::Grouped { begins } if begins.len() <= item.index() => {
                begins.resize(item.index() + 1, row);
            }
            Layout::Grouped { begins } => {
                let mut of = items_of(begins, self.at.len());
                of.push(item.0);
                self.layout = Layout::Scattered { item: of };
            }
            Layout::Scattered { item: of } => of.push(item.0),
        }
    }

    /// Lays the moves out; items whose first move is before their first event so far have that first.
    pub(super) fn finish(mut self, first_events: &mut [Sec]) -> Ordered {
        let items = first_events.len();
        let in_order = !self.disordered && !self.is_scattered() && self.ms.is_none();
        let offsets = match std::mem::take(&mut self.layout) {
            Layout::Grouped { mut begins } => {
                begins.resize(items + 1, u32::try_from(self.at.len()).unwrap_or(u32::MAX));
                begins
            }
            Layout::Scattered { item } => self.gather(&item, items),
        };
        let mut last = None;
        let ranges = (0_u32..).map(ItemIx).zip(offsets.windows(2));
        for ((item, range), first_event) in ranges.zip(first_events) {
            let (from, to) = (range[0] as usize, range[1] as usize);
            let drops = if in_order { 0 } else { self.drops(from, to) };
            if drops > 0 {
                self.order(from, to);
                self.out_of_order.push((item, drops));
            }
            if let [first, ..] = self.at[from..to] {
                *first_event = first.min(*first_event);
                last = last.max(Some(self.at[to - 1]));
            }
        }
        self.at.shrink_to_fit();
        self.to.shrink_to_fit();
        Ordered {
            offsets,
            at: self.at,
            to: self.to,
            ms: self.ms,
            last,
            out_of_order: self.out_of_order,
        }
    }

    /// A stable counting sort by item.
    fn gather(&mut self, item: &[u32], items: usize) -> Vec<u32> {
        let mut offsets = vec![0_u32; items + 1];
        for of in item {
            offsets[*of as usize + 1] += 1;
        }
        for at in 1..offsets.len() {
            offsets[at] += offsets[at - 1];
        }
        self.at = spread(&self.at, item, &offsets);
        self.to = spread(&self.to, item, &offsets);
        if let Some(ms) = &mut self.ms {
            *ms = spread(ms, item, &offsets);
        }
        offsets
    }

    /// How many of an item's moves stand after a later one.
    #[inline]
    fn drops(&self, from: usize, to: usize) -> u64 {
        let at = &self.at[from..to];
        let Some(ms) = &self.ms else {
            return at.windows(2).map(|pair| u64::from(pair[1] < pair[0])).sum();
        };
        let drop = |(at, ms): (&[Sec], &[u16])| (at[1], ms[1]) < (at[0], ms[0]);
        let pairs = at.windows(2).zip(ms[from..to].windows(2));
        pairs.map(|pair| u64::from(drop(pair))).sum()
    }

    /// Orders one item's moves by instant, keeping the order of those of one instant.
    fn order(&mut self, from: usize, to: usize) {
        let key = |row: usize| {
            let ms = self.ms.as_ref().map_or(0, |ms| ms[row]);
            (self.at[row], ms)
        };
        let mut rows: Vec<usize> = (from..to).collect();
        rows.sort_by_key(|row| key(*row));
        let at: Vec<Sec> = rows.iter().map(|row| self.at[*row]).collect();
        let targets: Vec<StatusIx> = rows.iter().map(|row| self.to[*row]).collect();
        if let Some(ms) = &mut self.ms {
            let ordered: Vec<u16> = rows.iter().map(|row| ms[*row]).collect();
            ms[from..to].copy_from_slice(&ordered);
        }
        self.at[from..to].copy_from_slice(&at);
        self.to[from..to].copy_from_slice(&targets);
    }
}

/// The item of each of `rows` grouped moves.
fn items_of(begins: &[u32], rows: usize) -> Vec<u32> {
    let mut of = Vec::with_capacity(rows + 1);
    for (item, begin) in (0_u32..).zip(begins) {
        let end = begins
            .get(item as usize + 1)
            .map_or(rows, |end| *end as usize);
        of.extend(std::iter::repeat_n(item, end - *begin as usize));
    }
    of
}

fn spread<T: Copy + Default>(rows: &[T], item: &[u32], offsets: &[u32]) -> Vec<T> {
    let mut next = offsets.to_vec();
    let mut spread = vec![T::default(); rows.len()];
    for (row, of) in rows.iter().zip(item) {
        let at = &mut next[*of as usize];
        spread[*at as usize] = *row;
        *at += 1;
    }
    spread
}
