//! Files that are read while the dashboard waits for them.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;

use super::Failure;
use super::files::{Opened, read_before};
use super::health::HealthBoard;
use crate::clock::Clock;
use crate::connectors::SourceSettings;
use crate::model::health::Trouble;

/// What is read within this time is shown at once, and what is wrong with it is said before the
/// terminal is taken.
const AT_ONCE: Duration = Duration::from_millis(10);

type Read = Result<Opened, Failure>;

/// Files that are being read on a thread of their own.
pub(super) struct Opening {
    /// What came of it, where that is known already.
    early: Option<Opened>,
    /// Where it will be heard of.
    read: oneshot::Receiver<Read>,
}

impl Opening {
    /// Begins to read; the board shows how far it is and how the files are.
    pub(super) fn begin(
        settings: Vec<SourceSettings>,
        board: &HealthBoard,
        clock: &Arc<dyn Clock>,
    ) -> Self {
        let (tell, read) = oneshot::channel();
        let (board, clock) = (board.clone(), Arc::clone(clock));
        thread::spawn(move || {
            let read = read_before(&board, settings);
            if let Ok(opened) = &read {
                tell_board(opened, &board, clock.as_ref());
            }
            // A dashboard that has ended wants to know no more.
            let _ = tell.send(read);
        });
        Self { early: None, read }
    }

    /// Waits a moment for what is read at once. Needs the engine's context.
    ///
    /// # Errors
    /// [`Failure`] if none of the files can be read, and that is known by then.
    pub(super) async fn wait_a_moment(&mut self) -> Result<(), Failure> {
        if let Ok(Ok(read)) = tokio::time::timeout(AT_ONCE, &mut self.read).await {
            self.early = Some(read?);
        }
        Ok(())
    }

    /// What was read at once.
    pub(super) fn early(&mut self) -> Option<Opened> {
        self.early.take()
    }

    /// Waits for what is read later; for ever if that was all. It may be dropped and called again.
    pub(super) async fn read(&mut self) -> Read {
        if !self.read.is_terminated()
            && let Ok(read) = (&mut self.read).await
        {
            return read;
        }
        std::future::pending().await
    }
}

/// Says of each file what came of reading it.
fn tell_board(opened: &Opened, board: &HealthBoard, clock: &dyn Clock) {
    for (name, report) in &opened.reports {
        let oddities = report.oddities.iter();
        oddities.for_each(|oddity| board.oddity(name, oddity.clone()));
        board.succeeded(name, clock.now(), None);
    }
    for (name, fault) in &opened.failed {
        let trouble = Trouble {
            since: clock.now(),
            what: fault.to_string(),
            hint: fault.hint(),
            next_try: None,
        };
        board.failed(name, trouble);
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use super::{HealthBoard, Opening};
    use crate::clock::{Clock, FixedClock};
    use crate::model::time::Millis;
    use crate::runtime::files::named;

    fn opening(paths: &[&Path]) -> (Opening, HealthBoard) {
        let paths: Vec<_> = paths.iter().map(|path| path.to_path_buf()).collect();
        let settings = named(&paths, None, None);
        let board = HealthBoard::new(settings.iter().map(|one| one.name.clone()));
        let clock: Arc<dyn Clock> = Arc::new(FixedClock(Millis(7)));
        (Opening::begin(settings, &board, &clock), board)
    }

    #[tokio::test]
    async fn what_is_read_later_is_told_once_and_the_board_says_how_the_files_are() {
        let folder = tempfile::tempdir().unwrap();
        let (one, gone) = (
            folder.path().join("one.csv"),
            folder.path().join("gone.csv"),
        );
        let rows =
            "case,activity,time\nA,Build,2026-01-01T09:00:00Z\nA,Done,2026-01-02T09:00:00Z\n";
        std::fs::write(&one, rows).unwrap();
        let (mut opening, board) = opening(&[&one, &gone]);
        let opened = opening.read().await.unwrap();
        assert_eq!((opened.log.item_count(), opened.failed.len()), (1, 1));
        let told = board.now();
        assert_eq!(told[0].last_success, Some(Millis(7)));
        assert!(told[1].trouble.as_ref().unwrap().what.contains("gone.csv"));
        assert!(opening.early().is_none());
        tokio::select! {
            biased;
            _ = opening.read() => panic!("told twice"),
            () = std::future::ready(()) => {}
        }
    }

    #[tokio::test]
    async fn files_of_which_none_can_be_read_are_a_failure() {
        let (mut opening, _) = opening(&[Path::new("no/such/file.csv")]);
        let failure = opening.read().await.unwrap_err();
        assert!(failure.what.contains("no/such/file.csv"), "{failure:?}");
    }
}
