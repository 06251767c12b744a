//! Work shared by threads.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};
use std::thread::{available_parallelism, scope};

/// More threads than this gain nothing: memory is the limit then.
const THREADS: usize = 16;

/// Values that are worth the start of a thread.
pub(super) const ENOUGH: usize = 50_000;

/// How many threads can run at once. The system is asked only once: its answer takes a while.
pub(crate) fn cores() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| available_parallelism().map_or(1, usize::from))
}

fn threads(pieces: usize) -> usize {
    if pieces < 2 {
        return 1;
    }
    cores().min(THREADS).min(pieces)
}

/// What each of `parts` parts came to, in their order; each is done by a thread of its own. At least
/// one is.
pub(crate) fn in_parts<T: Send>(parts: usize, part: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let part = &part;
    scope(|scope| {
        let others: Vec<_> = (1..parts).map(|at| scope.spawn(move || part(at))).collect();
        let own = part(0);
        let ended = others.into_iter().map(|other| match other.join() {
            Ok(found) => found,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        std::iter::once(own).chain(ended).collect()
    })
}

/// Adds every block to a sum, on as many threads as there are cores, each with a sum of its own that
/// begins with `begin`. Gives the sums; there is at least one. Which blocks are in which is chance.
pub(super) fn by_blocks<T: Send>(
    blocks: usize,
    begin: impl Fn() -> T + Sync,
    add: impl Fn(&mut T, usize) + Sync,
) -> Vec<T> {
    let next = AtomicUsize::new(0);
    in_parts(threads(blocks), |_| {
        let mut sum = begin();
        loop {
            let block = next.fetch_add(1, Ordering::Relaxed);
            if block >= blocks {
                return sum;
            }
            add(&mut sum, block);
        }
    })
}

/// What comes of each of several works, in their order.
pub(crate) fn all<T: Sync, R: Send>(works: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let done = by_blocks(works.len(), Vec::new, |done, at| {
        done.push((at, work(&works[at])));
    });
    let mut done: Vec<(usize, R)> = done.into_iter().flatten().collect();
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, one)| one).collect()
}

/// Does two works, side by side if they hold enough for that.
pub(super) fn both<A, B: Send>(
    holds: usize,
    one: impl FnOnce() -> A,
    other: impl FnOnce() -> B + Send,
) -> (A, B) {
    if holds < ENOUGH || cores() < 2 {
        return (one(), other());
    }
    scope(|scope| {
        let other = scope.spawn(other);
        let one = one();
        match other.join() {
            Ok(other) => (one, other),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// Does `work` on every one of `slots`, on several threads if they hold enough for that in all.
pub(super) fn each<T: Send>(
    slots: &mut [T],
    holds: impl Fn(&T) -> usize,
    work: impl Fn(&mut T) + Sync,
) {
    let held: usize = slots.iter().map(holds).sum();
    let pieces = if held < ENOUGH { 1 } else { slots.len() };
    let left = Mutex::new(slots.iter_mut());
    in_parts(threads(pieces), |_| {
        let next = || left.lock().ok()?.next();
        while let Some(slot) = next() {
            work(slot);
        }
    });
}
