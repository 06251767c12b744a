//! A changed config is taken up while the dashboard runs; and how it looks otherwise by key.

use super::Running;
use super::log::with_reasons;
use crate::app::{Effect, Msg, Notice, Themes, update};
use crate::config::{Config, Mouse};
use crate::model::time::WindowSpec;
use crate::runtime::in_use::{InUse, Scope, name};
use crate::runtime::recall::Recall;
use crate::runtime::screen::inferred_streams;
use crate::runtime::world::setting;
use crate::runtime::{Failure, views};
use crate::tui::Look;
use crate::tui::theme::ThemeName;

/// Who changed the config.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// Somebody: what is taken up is said.
    Others,
    /// The dashboard itself, which said so.
    Itself,
}

impl Running {
    /// Waits until the config has changed; for ever where there is none.
    pub(super) async fn config_changed(in_use: &mut Option<Box<InUse>>) {
        match in_use {
            Some(in_use) => in_use.changed().await,
            None => std::future::pending().await,
        }
    }

    /// Takes up the config as it is now; a wrong one is told, and the one before stays.
    pub(super) fn reload(&mut self, by: By) -> Result<(), Failure> {
        let Some(in_use) = &mut self.in_use else {
            return Ok(());
        };
        match in_use.read() {
            Ok(None) => Ok(()),
            Ok(Some((config, look))) => self.take_up(&config, look, by),
            Err(wrong) => {
                let said = format!("{wrong}; the config before stays");
                self.say(Notice::Failed(said));
                Ok(())
            }
        }
    }

    fn take_up(&mut self, config: &Config, look: Look, by: By) -> Result<(), Failure> {
        let Some(in_use) = &mut self.in_use else {
            return Ok(());
        };
        let before = std::mem::replace(&mut in_use.config, config.clone());
        // A theme or marks chosen by key stay unless the config changed how things look.
        if before.display != config.display {
            self.look = look;
        }
        self.tell_themes();
        self.state.shelf.views = views::of(config);
        self.take_window(before.display.window, config.display.window);
        if before.display.mouse != config.display.mouse {
            self.state.terminal.mouse = config.display.mouse == Mouse::On;
            self.session.set_mouse(self.state.terminal.mouse)?;
        }
        self.take_data(&before, config)?;
        if by == By::Others {
            let later = if before.history == config.history {
                ""
            } else {
                "; [history] is taken up at the next start"
            };
            let said = format!("{} is taken up{later}", name(&config.origin));
            self.say(Notice::Done(said));
        }
        Ok(())
    }

    /// A window that nobody changed follows the config.
    fn take_window(&mut self, before: WindowSpec, now: WindowSpec) {
        if self.state.asked.question.window == before {
            self.state.asked.question.window = now;
        }
    }

    /// Sources and streams, where the config decides on them.
    fn take_data(&mut self, before: &Config, config: &Config) -> Result<(), Failure> {
        let Some(in_use) = &mut self.in_use else {
            return Ok(());
        };
        if let Scope::Whole(supply) = &mut in_use.scope {
            if before.sources != config.sources {
                let (feed, board) = supply.restart(config);
                self.feed = feed;
                self.health = board.follow();
                self.state.sources.health = board.now();
            }
            self.feed.tell_by(config, &supply.polling);
            let zone = in_use.request.zone.as_ref();
            let set = setting(config, zone);
            if before.streams != config.streams || setting(before, zone) != set {
                self.inference = inferred_streams(config);
                let reasons = self.desk.set_up(config.streams.clone(), set).to_vec();
                let told = with_reasons(&self.inference, &reasons);
                update(&mut self.state, Msg::Inferred(told));
                self.find_stream();
                let known_by = self.in_use.as_ref().and_then(|in_use| in_use.known_by());
                self.keeping.last = known_by.map(|by| Recall::of(by, &self.state));
            }
        }
        for effect in update(&mut self.state, Msg::News) {
            self.perform(effect)?;
        }
        Ok(())
    }

    /// The stream shown may stand elsewhere in the config now.
    fn find_stream(&mut self) {
        let shown = self.state.data.as_ref().map(|data| &data.measures.stream);
        let mut streams = self.desk.streams().iter();
        let place = shown.and_then(|shown| streams.position(|one| one.name == *shown));
        self.state.asked.question.stream = place.unwrap_or(0);
    }

    /// Goes on to the next set of marks or the next theme, and says which.
    pub(super) fn look_otherwise(&mut self, effect: &Effect) {
        match effect {
            Effect::NextMarks => self.look.marks = self.look.marks.other(),
            Effect::Theme(name) => {
                if let Ok(name) = name.parse::<ThemeName>() {
                    self.look.theme = self.look.theme.other(name);
                }
            }
            _ => self.look.theme = self.look.theme.next(),
        }
        let said = if *effect == Effect::NextMarks {
            format!("drawn with {}", self.look.marks.name())
        } else {
            format!("theme {}", self.look.theme.name())
        };
        self.tell_themes();
        self.say(Notice::Done(said));
    }

    /// Tells the state which themes there are.
    pub(super) fn tell_themes(&mut self) {
        let theme = &self.look.theme;
        let all = ThemeName::ALL.into_iter().filter(|_| !theme.is_plain());
        self.state.shelf.themes = Themes {
            names: all.map(ThemeName::name).collect(),
            current: theme.name(),
        };
    }

    /// Keeps what the next start may tell at once, and lets go of the sources.
    pub(super) async fn end(&self) {
        if let Some(last) = &self.keeping.last {
            last.keep();
        }
        let scope = self.in_use.as_ref().map(|in_use| &in_use.scope);
        if let Some(Scope::Whole(supply)) = scope {
            supply.polling.end().await;
        }
    }
}
