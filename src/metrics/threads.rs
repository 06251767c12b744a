//! Work shared by threads.

use std::sync::{Mutex, OnceLock};
use std::thread::{available_parallelism, scope};

/// More threads than this gain nothing: memory is the limit then.
const THREADS: usize = 16;

/// Values that are worth the start of a thread.
const ENOUGH: usize = 50_000;

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

/// Runs `part` on as many threads as there are cores, at most one for each of `pieces`, and gives
/// what each came to; there is at least one.
pub(super) fn together<T: Send>(pieces: usize, part: impl Fn() -> T + Sync) -> Vec<T> {
    let others = threads(pieces) - 1;
    scope(|scope| {
        let others: Vec<_> = (0..others).map(|_| scope.spawn(&part)).collect();
        let own = part();
        let ended = others.into_iter().map(|other| match other.join() {
            Ok(found) => found,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        std::iter::once(own).chain(ended).collect()
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
    together(pieces, || {
        let next = || left.lock().ok()?.next();
        while let Some(slot) = next() {
            work(slot);
        }
    });
}
