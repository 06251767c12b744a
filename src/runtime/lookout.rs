//! One thread that looks now and then at what tells nobody that it changed: files.

use std::path::Path;
use std::sync::mpsc::{Receiver, RecvError, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, SystemTime};

use tokio::sync::watch;

/// Everything is looked at so often, and all of it at once: whatever looked by itself would wake an
/// idle machine by itself.
const EVERY: Duration = Duration::from_secs(2);

/// Looks at what it is asked to. It ends with its last handle and the last who waits for it.
#[derive(Clone, Debug)]
pub(super) struct Lookout {
    asks: Sender<Watched>,
}

/// The changes of something that is looked at.
#[derive(Clone, Debug)]
pub(super) struct Changes {
    told: watch::Receiver<()>,
    _by: Lookout,
}

/// What is looked at, and who is told.
struct Watched {
    has_changed: Box<dyn FnMut() -> bool + Send>,
    told: watch::Sender<()>,
}

impl Lookout {
    /// Starts the thread.
    pub(super) fn start() -> Self {
        Self::at_pace(EVERY)
    }

    pub(super) fn at_pace(pace: Duration) -> Self {
        let (asks, asked) = channel();
        thread::spawn(move || look_out(&asked, pace));
        Self { asks }
    }

    /// Asks `has_changed` whether something did since it was asked before, until nobody wants to know
    /// any more. It may block for a moment.
    pub(super) fn watch(&self, has_changed: impl FnMut() -> bool + Send + 'static) -> Changes {
        let (teller, told) = watch::channel(());
        let watched = Watched {
            has_changed: Box::new(has_changed),
            told: teller,
        };
        // The thread listens as long as there is a handle such as this.
        let _ = self.asks.send(watched);
        Changes {
            told,
            _by: self.clone(),
        }
    }
}

impl Changes {
    /// Waits for the next change; for ever where nothing is looked at.
    pub(super) async fn next_of(changes: &mut Option<Self>) {
        match changes {
            Some(changes) => changes.next().await,
            None => std::future::pending().await,
        }
    }

    /// Waits for the next change. It may be dropped and called again at any time.
    pub(super) async fn next(&mut self) {
        if self.told.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

impl Watched {
    /// Looks once; whether somebody still listens.
    fn look(&mut self) -> bool {
        if !self.told.is_closed() && (self.has_changed)() {
            self.told.send_replace(());
        }
        !self.told.is_closed()
    }
}

/// When a file was written and how long it is; `None` if it is not there.
pub(super) fn stamp(path: &Path) -> Option<(SystemTime, u64)> {
    let known = std::fs::metadata(path).ok()?;
    Some((known.modified().ok()?, known.len()))
}

fn look_out(asked: &Receiver<Watched>, pace: Duration) {
    let mut all: Vec<Watched> = Vec::new();
    loop {
        let next = if all.is_empty() {
            asked
                .recv()
                .map_err(|RecvError| RecvTimeoutError::Disconnected)
        } else {
            asked.recv_timeout(pace)
        };
        match next {
            Ok(one) => all.push(one),
            Err(RecvTimeoutError::Timeout) => all.retain_mut(Watched::look),
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    use super::Lookout;

    #[tokio::test]
    async fn a_change_is_told_once_and_whoever_left_is_looked_for_no_more() {
        let lookout = Lookout::at_pace(Duration::from_millis(1));
        let (file, looks) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
        let (now, seen) = (Arc::clone(&file), Arc::clone(&looks));
        let mut last = 0;
        let mut changes = lookout.watch(move || {
            seen.fetch_add(1, Ordering::SeqCst);
            let now = now.load(Ordering::SeqCst);
            std::mem::replace(&mut last, now) != now
        });
        let mut beats = lookout.watch(|| true);
        for told in 1..4 {
            file.store(told, Ordering::SeqCst);
            changes.next().await;
        }
        // What looks after it has looked twice more: nothing changed meanwhile.
        for _ in 0..2 {
            beats.next().await;
        }
        assert!(!changes.told.has_changed().unwrap());
        drop(changes);
        for _ in 0..2 {
            beats.next().await;
        }
        let after = looks.load(Ordering::SeqCst);
        for _ in 0..2 {
            beats.next().await;
        }
        assert_eq!(looks.load(Ordering::SeqCst), after);
    }
}
