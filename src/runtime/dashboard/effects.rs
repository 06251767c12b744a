//! Carrying out what the state asks for.

use super::Running;
use crate::app::{Effect, Msg, Notice, update};
use crate::runtime::Failure;

impl Running {
    /// Carries out an effect.
    ///
    /// # Errors
    /// [`Failure`] if the terminal is gone.
    pub(super) fn perform(&mut self, effect: Effect) -> Result<(), Failure> {
        let Some(effect) = self.reckon(effect) else {
            return Ok(());
        };
        match effect {
            Effect::Remember => {
                if let Err(failure) = self.keeping.memory.keep(&self.state.shelf.memory) {
                    self.say(Notice::Failed(failure.what));
                }
            }
            Effect::SaveView(view) => self.save_view(&view)?,
            Effect::Refresh => self.feed.refresh.notify_waiters(),
            Effect::Open(url) => {
                if let Err(error) = open::that_detached(&url) {
                    self.say(Notice::Failed(format!(
                        "no browser opened ({error}); the address is {url}"
                    )));
                }
            }
            Effect::Copy(text) => {
                self.session.copy(&text)?;
                self.say(Notice::Done(format!("copied {text}")));
            }
            Effect::Standup => {
                if let Some(data) = self.state.data.clone() {
                    let last = self.keeping.walks.last(&data.measures.stream);
                    self.desk.ask_standup(data, last);
                }
            }
            Effect::KeepWalk { stream, at } => {
                if let Err(failure) = self.keeping.walks.keep(&stream, at) {
                    self.say(Notice::Failed(failure.what));
                }
            }
            Effect::CopyWalk | Effect::SaveWalk => self.take_minutes(&effect)?,
            Effect::SetStream { at, stream } => {
                self.desk.edit(at, *stream);
                for effect in update(&mut self.state, Msg::News) {
                    self.reckon(effect);
                }
            }
            Effect::Save => self.save_streams()?,
            Effect::Export(way) => self.export(way),
            Effect::NextMarks | Effect::NextTheme | Effect::Theme(_) => {
                self.look_otherwise(&effect);
            }
            Effect::Mouse(on) => self.session.set_mouse(on)?,
            _ => {}
        }
        Ok(())
    }

    /// Has worked out what takes a while, on another task; gives back what is nothing of the kind.
    pub(super) fn reckon(&mut self, effect: Effect) -> Option<Effect> {
        match effect {
            Effect::Measure(question) => self.desk.ask(question),
            Effect::Remaining { stream, header } => self.desk.ask_remaining(stream, header),
            Effect::StageTimes(of) => self.desk.ask_stage_times(of),
            Effect::StageWeeks(of) => self.desk.ask_stage_weeks(of),
            Effect::Portfolio { of, question } => self.desk.ask_portfolio(of, question),
            Effect::Compare {
                of,
                question,
                known,
            } => self.desk.ask_comparison(of, question, known),
            Effect::Pulse(of) => self.desk.ask_pulse(of),
            Effect::Outlook { of, asked, tested } => self.desk.ask_outlook(of, asked, tested),
            Effect::Search { of, typed } => self.desk.ask_items(of, typed),
            Effect::Tally {
                of,
                question,
                field,
            } => self.desk.ask_tally(of, question, field),
            other => return Some(other),
        }
        None
    }
}
