//! What a user takes away from the screen, and how the screen is to look.

use std::path::Path;

use super::super::shown::Shown;
use super::super::{Failure, minutes};
use super::Running;
use crate::app::{Effect, ExportAs, Msg, Notice};
use crate::tui::picture;

impl Running {
    /// Copies or saves the summary of the walk.
    pub(super) fn take_minutes(&mut self, effect: &Effect) -> Result<(), Failure> {
        let Some(walk) = self.state.walk.as_deref() else {
            return Ok(());
        };
        let notice = if *effect == Effect::CopyWalk {
            self.session.copy(&minutes::markdown(walk))?;
            Notice::Done("copied the summary as Markdown".to_owned())
        } else {
            match minutes::save(walk) {
                Ok(path) => Notice::Done(format!("saved to {}", path.display())),
                Err(failure) => Notice::Failed(failure.what),
            }
        };
        self.say(notice);
        Ok(())
    }

    /// Writes what is on screen off this task.
    pub(super) fn export(&mut self, way: ExportAs) {
        let picture = (way == ExportAs::Picture).then(|| picture(&self.state, &self.look));
        let Some(shown) = Shown::of(&self.state) else {
            return;
        };
        self.desk.work(move || {
            let notice = match shown.write(way, picture, Path::new(".")) {
                Ok(said) => Notice::Done(said),
                Err(failure) => Notice::Failed(failure.what),
            };
            Msg::Notice(notice)
        });
    }

    /// Goes on to the next set of marks or the next theme, and says which.
    pub(super) fn look_otherwise(&mut self, effect: &Effect) {
        let said = if *effect == Effect::NextMarks {
            self.look.marks = self.look.marks.other();
            format!("drawn with {}", self.look.marks.name())
        } else {
            self.look.theme = self.look.theme.next();
            format!("theme {}", self.look.theme.name())
        };
        self.say(Notice::Done(said));
    }
}
