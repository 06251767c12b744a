//! The state of all sources, newest wins.

use tokio::sync::watch;

use crate::history::{Lease, Report};
use crate::model::health::{Oddity, Progress, SourceHealth, SyncPhase, Trouble};
use crate::model::id::SourceName;
use crate::model::time::Millis;

/// Oddities kept for the screen; all are counted.
const KEPT_ODDITIES: usize = 200;
/// Milliseconds of a minute.
const MINUTE_MS: i64 = 60_000;

/// Where pollers write and the screen reads.
#[derive(Clone, Debug)]
pub(super) struct HealthBoard(watch::Sender<Vec<SourceHealth>>);

impl HealthBoard {
    /// A board of these sources, none asked yet.
    pub(super) fn new(sources: impl IntoIterator<Item = SourceName>) -> Self {
        let idle = sources.into_iter().map(SourceHealth::idle).collect();
        Self(watch::Sender::new(idle))
    }

    /// To follow the board.
    pub(super) fn follow(&self) -> watch::Receiver<Vec<SourceHealth>> {
        self.0.subscribe()
    }

    /// What the board shows.
    pub(super) fn now(&self) -> Vec<SourceHealth> {
        self.0.borrow().clone()
    }

    fn change(&self, source: &SourceName, change: impl FnOnce(&mut SourceHealth)) {
        self.0.send_modify(|all| {
            if let Some(one) = all.iter_mut().find(|one| one.source == *source) {
                change(one);
            }
        });
    }

    /// A poll began.
    pub(super) fn began(&self, source: &SourceName) {
        self.change(source, |one| {
            one.phase = SyncPhase::Syncing(Progress::default());
            one.oddities.clear();
            one.oddity_count = 0;
        });
    }

    /// A poll has come so far.
    pub(super) fn progress(&self, source: &SourceName, progress: Progress) {
        self.change(source, |one| one.phase = SyncPhase::Syncing(progress));
    }

    /// A record was kept out.
    pub(super) fn oddity(&self, source: &SourceName, oddity: Oddity) {
        self.change(source, |one| {
            one.oddity_count += 1;
            if one.oddities.len() < KEPT_ODDITIES {
                one.oddities.push(oddity);
            }
        });
    }

    /// A request was sent.
    pub(super) fn request(&self, source: &SourceName) {
        self.change(source, |one| one.requests += 1);
    }

    /// A poll ended well at `now`; the next begins at `next`.
    pub(super) fn succeeded(&self, source: &SourceName, now: Millis, next: Option<Millis>) {
        self.change(source, |one| {
            one.phase = SyncPhase::Idle { next };
            one.last_success = Some(now);
            one.trouble = None;
        });
    }

    /// A source still is as it was read last. That is shown by the minute.
    pub(super) fn stands(&self, source: &SourceName, now: Millis) {
        self.0.send_if_modified(|all| {
            let own = all.iter_mut().find(|one| one.source == *source);
            let read = own.and_then(|one| one.last_success.as_mut());
            let old = read.filter(|read| now.0 - read.0 >= MINUTE_MS);
            old.map(|read| *read = now).is_some()
        });
    }

    /// Who polls a source cannot be known, and it cannot be polled.
    pub(super) fn cut_off(&self, source: &SourceName, trouble: Trouble) {
        self.failed(source, trouble);
        let nobody = SyncPhase::Followed { by: None };
        self.change(source, |one| one.phase = nobody);
    }

    /// Who polls a source, and what is heard from there; nothing if we do.
    pub(super) fn followed(&self, source: &SourceName, lease: &Lease) {
        let (by, read, failing) = match lease {
            Lease::Mine => return,
            Lease::Theirs { owner, report, .. } => {
                (Some(owner.to_string()), report.read, report.failing.clone())
            }
            Lease::Nobodys(report) => (None, report.read, None),
        };
        let trouble = failing.map(|(since, what)| Trouble {
            since,
            what,
            hint: by
                .as_ref()
                .map_or_else(String::new, |by| format!("{by} polls it; look there.")),
            next_try: None,
        });
        self.0.send_if_modified(|all| {
            let Some(one) = all.iter_mut().find(|one| one.source == *source) else {
                return false;
            };
            let now = SourceHealth {
                phase: SyncPhase::Followed { by },
                last_success: read.or(one.last_success),
                trouble,
                ..one.clone()
            };
            let changed = *one != now;
            *one = now;
            changed
        });
    }

    /// What there is to say of a source to those that follow.
    pub(super) fn report(&self, source: &SourceName) -> Report {
        let all = self.0.borrow();
        let own = all.iter().find(|one| one.source == *source);
        own.map_or_else(Report::default, |one| Report {
            read: one.last_success,
            failing: one
                .trouble
                .as_ref()
                .map(|trouble| (trouble.since, trouble.what.clone())),
        })
    }

    /// A poll failed; a trouble that lasts keeps its beginning.
    pub(super) fn failed(&self, source: &SourceName, trouble: Trouble) {
        self.change(source, |one| {
            let since = one.trouble.as_ref().map_or(trouble.since, |old| old.since);
            one.phase = SyncPhase::Idle {
                next: trouble.next_try,
            };
            one.trouble = Some(Trouble { since, ..trouble });
        });
    }
}

#[cfg(test)]
mod tests {
    use super::{HealthBoard, Millis, SourceName};

    #[test]
    fn what_stands_as_it_was_read_is_as_good_as_read_now_by_the_minute() {
        let source = SourceName::new("s");
        let board = HealthBoard::new([source.clone()]);
        let told = board.follow();
        let read = || board.now()[0].last_success;
        board.stands(&source, Millis(90_000));
        assert!(read().is_none() && !told.has_changed().unwrap());
        board.succeeded(&source, Millis(90_000), None);
        let told = board.follow();
        board.stands(&source, Millis(149_999));
        assert!(!told.has_changed().unwrap());
        board.stands(&source, Millis(150_000));
        assert!(told.has_changed().unwrap());
        assert_eq!(read(), Some(Millis(150_000)));
    }
}
