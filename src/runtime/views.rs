//! Saved views, between the config and the dashboard.

use crate::app::{ACTIONS, Action, ActionInfo, Screen, View};
use crate::config::{self, Config};
use crate::query::to_text;

/// The actions that show a screen a view can open.
pub(super) fn screens() -> impl Iterator<Item = &'static ActionInfo> {
    ACTIONS
        .iter()
        .filter(|info| Screen::shown_by(info.action).is_some())
}

/// The views of a config.
pub(super) fn of(config: &Config) -> Vec<View> {
    let view = |view: &config::View| View {
        name: view.name.clone(),
        filter: (to_text(&view.filter), view.filter.clone()),
        stream: view.stream.clone(),
        screen: view.screen.as_deref().and_then(Action::named),
        window: view.window,
        clock: view.clock,
    };
    config.views.iter().map(view).collect()
}

/// A view as the config has it.
pub(super) fn written(view: &View) -> config::View {
    config::View {
        name: view.name.clone(),
        filter: view.filter.1.clone(),
        stream: view.stream.clone(),
        screen: view.screen.map(|screen| screen.info().name.to_owned()),
        window: view.window,
        clock: view.clock,
    }
}
