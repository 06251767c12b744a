//! Writing what was proposed into the config.

use std::path::Path;

use super::Desk;
use super::proposal::Proposal;
use crate::config::{Draft, save};
use crate::runtime::Failure;
use crate::runtime::save::{read_or_new, replace};

impl Proposal {
    /// The reasons as the comments of a config have them.
    fn comments(&self) -> Vec<(String, String)> {
        let told = self.reasons.iter().map(|reason| {
            let sentence = format!("{} is {}: {}", reason.status, reason.place, reason.why);
            (reason.status.clone(), sentence)
        });
        told.collect()
    }

    /// The text of the config with the proposal in it; everything else stays as it is.
    ///
    /// # Errors
    /// [`Failure`] if the config cannot be read or holds something else where this belongs.
    pub(super) fn text(&self, path: &Path) -> Result<String, Failure> {
        let draft = Draft {
            sources: &self.sources,
            stream: &self.stream,
            reasons: &self.comments(),
        };
        Ok(save(&read_or_new(path)?, &draft, path)?)
    }

    /// Writes the config, and the folder it is in.
    ///
    /// # Errors
    /// [`Failure`] if it cannot be written.
    pub(super) fn write(&self, desk: &Desk) -> Result<(), Failure> {
        let text = self.text(&desk.path)?;
        let written =
            std::fs::create_dir_all(desk.folder()).and_then(|()| replace(&desk.path, &text));
        written.map_err(|error| {
            Failure::usage(
                format!("{} cannot be written: {error}", desk.path.display()),
                "see that the folder may be written, or choose another file with --config FILE",
            )
        })
    }
}
