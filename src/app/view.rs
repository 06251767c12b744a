//! A saved view: a filter and what to look at with it, under a name.

use super::{Action, State};
use crate::model::rule::Rule;
use crate::model::stage::ClockRule;
use crate::model::time::WindowSpec;

/// A filter and what to look at with it; what a view leaves open stays as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// What it is called.
    pub name: String,
    /// The filter, as written and as read.
    pub filter: (String, Rule),
    /// The stream, by name.
    pub stream: Option<String>,
    /// The screen, by the action that shows it.
    pub screen: Option<Action>,
    /// The window.
    pub window: Option<WindowSpec>,
    /// The clock rule.
    pub clock: Option<ClockRule>,
}

impl State {
    /// What is looked at now, as a view without a name.
    pub fn view_now(&self) -> View {
        View::of(self, "")
    }
}

impl View {
    /// What is looked at now, under a name.
    pub(super) fn of(state: &State, name: &str) -> Self {
        let home = state.trail.first().unwrap_or(&state.screen);
        let data = state.data.as_ref();
        let several = data.filter(|data| data.snapshot.streams().len() > 1);
        Self {
            name: name.to_owned(),
            filter: (
                state.asked.filter.clone(),
                state.asked.question.filter.clone(),
            ),
            stream: several.map(|data| data.measures.stream.clone()),
            screen: home.action().filter(|action| *action != Action::Standup),
            window: Some(state.asked.question.window),
            clock: Some(state.asked.question.clock),
        }
    }

    /// What it sets, in a few words.
    pub fn told(&self) -> String {
        let parts = [
            self.stream.clone(),
            self.screen.map(|screen| screen.info().name.to_owned()),
            Some(self.filter.0.clone()).filter(|filter| !filter.is_empty()),
            self.window.map(|window| window.to_string()),
            self.clock.map(|clock| clock.name().to_owned()),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        parts.join(" · ")
    }

    /// Whether the question asked is still that of the view, whatever the screen.
    pub(super) fn holds(&self, state: &State) -> bool {
        let shown = state
            .data
            .as_ref()
            .map(|data| data.measures.stream.as_str());
        let question = &state.asked.question;
        question.filter == self.filter.1
            && self
                .stream
                .as_deref()
                .is_none_or(|name| shown == Some(name))
            && self.window.is_none_or(|window| window == question.window)
            && self.clock.is_none_or(|clock| clock == question.clock)
    }
}
