//! What the dashboard writes: streams and views into the config, the summary of a walk, what is on
//! screen.

use std::path::Path;

use super::Running;
use super::config::By;
use crate::app::{Effect, ExportAs, Msg, Notice, View};
use crate::runtime::save::{save, save_view};
use crate::runtime::shown::Shown;
use crate::runtime::{Failure, minutes};
use crate::tui::picture;

impl Running {
    /// Writes the streams as they are into the config.
    pub(super) fn save_streams(&mut self) -> Result<(), Failure> {
        let notice = match save(&self.keeping.streams, self.desk.streams()) {
            Ok(path) => Notice::Done(format!("saved to {}", path.display())),
            Err(failure) => Notice::Failed(failure.what),
        };
        self.reload(By::Itself)?;
        self.say(notice);
        Ok(())
    }

    /// Writes a view into the config, and takes it as the one in force.
    pub(super) fn save_view(&mut self, view: &View) -> Result<(), Failure> {
        let config = self.in_use.as_ref();
        let config = config.map(|in_use| in_use.config.origin.clone());
        match save_view(config.as_deref(), view) {
            Ok(path) => {
                self.state.shelf.keep_view(view.clone());
                self.reload(By::Itself)?;
                let said = format!("view {} saved to {}", view.name, path.display());
                self.say(Notice::Done(said));
            }
            Err(failure) => self.say(Notice::Failed(failure.told())),
        }
        Ok(())
    }

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
}
