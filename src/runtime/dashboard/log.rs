//! Logs that are new: from the history, or from files that were read.

use std::sync::Arc;

use super::Running;
use crate::app::{Inference, Msg, update};
use crate::model::log::Log;
use crate::runtime::Failure;
use crate::runtime::files::Opened;
use crate::runtime::opening::Opening;
use crate::runtime::screen::told;

impl Running {
    /// Takes the newest log and asks anew.
    pub(super) fn newest_log(&mut self) -> Result<(), Failure> {
        let log: Option<Arc<Log>> = self.feed.logs.borrow_and_update().clone();
        let Some(log) = log else {
            return Ok(());
        };
        let reasons = self.desk.log(log).to_vec();
        let told = with_reasons(&self.inference, &reasons);
        update(&mut self.state, Msg::Inferred(told));
        update(&mut self.state, Msg::Now(self.clock.now()));
        for effect in update(&mut self.state, Msg::News) {
            self.perform(effect)?;
        }
        Ok(())
    }

    /// Takes files that were read.
    pub(super) fn opened(&mut self, opened: Opened) -> Result<(), Failure> {
        self.inference = told(&opened.reports);
        self.state.sources.inference.clone_from(&self.inference);
        self.keeping.streams.sources = opened.sources;
        let health = self.health.borrow_and_update();
        self.state.sources.health.clone_from(&health);
        drop(health);
        self.feed.read(opened.log);
        self.newest_log()
    }
}

/// Waits for files that are being read; for ever where none are.
pub(super) async fn opened(opening: &mut Option<Opening>) -> Result<Opened, Failure> {
    match opening {
        Some(opening) => opening.read().await,
        None => std::future::pending().await,
    }
}

/// The sentences on how files were read, with why each status became what it is.
pub(super) fn with_reasons(inference: &[Inference], reasons: &[String]) -> Vec<Inference> {
    let mut told = inference.to_vec();
    if let Some(last) = told.last_mut() {
        last.stages = reasons.to_vec();
    }
    told
}
