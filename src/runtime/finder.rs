//! The search for items, beside the dashboard: one at a time, the newest wins.

use tokio::task::{JoinError, JoinHandle};

use crate::app::{Msg, Shown, search_items};

/// The search that runs and the one that waits.
#[derive(Default)]
pub(super) struct Finder {
    running: Option<JoinHandle<Msg>>,
    waiting: Option<(Shown, String)>,
}

impl Finder {
    /// Looks for items; a newer search takes the place of one that still waits.
    pub(super) fn ask(&mut self, of: Shown, typed: String) {
        self.waiting = Some((of, typed));
        self.start();
    }

    fn start(&mut self) {
        if self.running.is_some() {
            return;
        }
        if let Some((of, typed)) = self.waiting.take() {
            self.running = Some(tokio::task::spawn_blocking(move || Msg::Found {
                items: search_items(&of, &typed),
                typed,
            }));
        }
    }

    /// Waits for the search that runs, for ever if none does. May be dropped and called again.
    pub(super) async fn found(&mut self) -> Result<Msg, JoinError> {
        let Some(running) = &mut self.running else {
            return std::future::pending().await;
        };
        let found = running.await;
        self.running = None;
        self.start();
        found
    }
}
