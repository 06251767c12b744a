//! What the palette can find.

use super::super::{ACTIONS, Action, ActionInfo, Screen, State, TABS, WINDOWS};
use crate::model::id::{ItemIx, SourceIx, SourceName};
use crate::model::snapshot::Snapshot;
use crate::model::stage::ClockRule;
use crate::model::time::WindowSpec;

/// Actions that mean nothing chosen from a list.
const LEFT_OUT: [Action; 14] = [
    Action::Palette,
    Action::Open,
    Action::Back,
    Action::Interrupt,
    Action::Left,
    Action::Right,
    Action::Up,
    Action::Down,
    Action::First,
    Action::Last,
    Action::HalfUp,
    Action::HalfDown,
    Action::PageUp,
    Action::PageDown,
];

/// Something that can be chosen. What the data names is kept by name: it stays the same in newer data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Do it.
    Action(Action),
    /// Take the saved view of this name.
    View(String),
    /// Show the stream of this name.
    Stream(String),
    /// Go to the stage of this name on the home screen.
    Stage(String),
    /// Measure over the last days.
    Window(u32),
    /// Measure by another clock rule.
    Clock(ClockRule),
    /// Draw in the theme of this name.
    Theme(&'static str),
    /// Open the item.
    Item(ItemName),
}

/// An item by names that stay the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemName {
    /// The stream it is looked at in.
    pub stream: String,
    /// Its source.
    pub source: SourceName,
    /// The tracker's immutable id.
    pub id: String,
}

impl ItemName {
    /// The item of this name.
    pub fn find(&self, snapshot: &Snapshot) -> Option<ItemIx> {
        let log = snapshot.log();
        let mut sources = log.sources().iter();
        let source = sources.position(|source| *source == self.source)?;
        log.find(SourceIx(u16::try_from(source).ok()?), &self.id)
    }

    pub(super) fn of_id(id: &str) -> Option<Self> {
        let mut parts = id.strip_prefix("item\t")?.splitn(3, '\t');
        Some(Self {
            stream: parts.next()?.to_owned(),
            source: SourceName::new(parts.next()?),
            id: parts.next()?.to_owned(),
        })
    }
}

impl Target {
    /// What it is, for people.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Action(action) if is_screen(*action) => "screen",
            Self::Action(_) => "action",
            Self::View(_) => "view",
            Self::Stream(_) => "stream",
            Self::Stage(_) => "stage",
            Self::Window(_) => "window",
            Self::Clock(_) => "clock",
            Self::Theme(_) => "theme",
            Self::Item(_) => "item",
        }
    }

    /// What it is remembered by.
    pub fn id(&self) -> String {
        match self {
            Self::Action(action) => format!("action\t{}", action.info().name),
            Self::View(name) => format!("view\t{name}"),
            Self::Stream(name) => format!("stream\t{name}"),
            Self::Stage(name) => format!("stage\t{name}"),
            Self::Window(days) => format!("window\t{days}"),
            Self::Clock(rule) => format!("clock\t{}", rule.name()),
            Self::Theme(name) => format!("theme\t{name}"),
            Self::Item(item) => format!("item\t{}\t{}\t{}", item.stream, item.source, item.id),
        }
    }
}

fn is_screen(action: Action) -> bool {
    Screen::shown_by(action).is_some() || action == Action::Standup
}

/// Something to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What choosing it does.
    pub target: Target,
    /// What it is found by.
    pub label: String,
    /// More about it.
    pub detail: String,
}

/// An entry that fits what is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Which.
    pub entry: Entry,
    /// Bytes of its label at which the letters typed begin, in order.
    pub at: Vec<usize>,
}

impl Found {
    /// One of which no letter is marked.
    pub(super) fn whole(entry: Entry) -> Self {
        let at = Vec::new();
        Self { entry, at }
    }
}

/// Everything but items, the most useful first.
pub(super) fn entries(state: &State) -> Vec<Entry> {
    let mut all = views(state);
    all.extend(screens(state));
    all.extend(stages(state));
    all.extend(actions(state));
    all.extend(streams(state));
    all.extend(windows(state));
    all.extend(clocks(state));
    all.extend(themes(state));
    all
}

/// `detail`, and that it is so already.
fn in_force(detail: &str, holds: bool) -> String {
    match (detail, holds) {
        (_, false) => detail.to_owned(),
        ("", true) => "in force".to_owned(),
        (_, true) => format!("{detail}, in force"),
    }
}

fn views(state: &State) -> Vec<Entry> {
    let entry = |view: &super::super::View| Entry {
        target: Target::View(view.name.clone()),
        label: view.name.clone(),
        detail: in_force(&view.told(), state.shelf.is_in_force(view, state)),
    };
    state.shelf.views.iter().map(entry).collect()
}

fn of_action(info: &ActionInfo, label: String) -> Entry {
    Entry {
        target: Target::Action(info.action),
        label,
        detail: info.doc.to_owned(),
    }
}

fn screens(state: &State) -> Vec<Entry> {
    let here = state.screen.action();
    let others = ACTIONS
        .iter()
        .filter(|info| is_screen(info.action) && Some(info.action) != here);
    others
        .map(|info| of_action(info, screen_name(info)))
        .collect()
}

fn screen_name(info: &ActionInfo) -> String {
    let tab = TABS.iter().find(|tab| tab.action == info.action);
    tab.map_or_else(
        || {
            let (first, rest) = info.name.split_at(1);
            first.to_uppercase() + rest
        },
        |tab| tab.label.to_owned(),
    )
}

fn actions(state: &State) -> Vec<Entry> {
    let context = state.screen.context();
    let callable = ACTIONS
        .iter()
        .filter(|info| info.is_callable_in(context) && !LEFT_OUT.contains(&info.action));
    let own = callable.filter(|info| !is_screen(info.action) || is_in_walk(state, info.action));
    own.map(|info| of_action(info, info.name.replace('-', " ")))
        .collect()
}

/// In the walk the key of the walk leads to its summary.
fn is_in_walk(state: &State, action: Action) -> bool {
    action == Action::Standup && state.screen == Screen::Walk
}

fn stages(state: &State) -> Vec<Entry> {
    let Some(data) = &state.data else {
        return Vec::new();
    };
    let entry = |stage: &crate::metrics::StageMeasures| Entry {
        target: Target::Stage(stage.name.clone()),
        label: stage.name.clone(),
        detail: format!("{}, {} in it", stage.class.name(), stage.load),
    };
    data.measures.stages.iter().map(entry).collect()
}

fn streams(state: &State) -> Vec<Entry> {
    let all = state.streams_like("").into_iter();
    let other = all.filter(|(at, _)| *at != state.asked.question.stream);
    other
        .map(|(_, name)| Entry {
            target: Target::Stream(name.clone()),
            label: name,
            detail: "show this stream".to_owned(),
        })
        .collect()
}

fn windows(state: &State) -> Vec<Entry> {
    let entry = |days: u32| Entry {
        target: Target::Window(days),
        label: format!("last {days} days"),
        detail: in_force(
            "measure over them",
            state.asked.question.window == WindowSpec::LastDays(days),
        ),
    };
    WINDOWS.into_iter().map(entry).collect()
}

fn clocks(state: &State) -> Vec<Entry> {
    let entry = |rule: ClockRule| Entry {
        target: Target::Clock(rule),
        label: rule.name().to_owned(),
        detail: in_force("measure by this clock", state.asked.question.clock == rule),
    };
    ClockRule::ALL.into_iter().map(entry).collect()
}

fn themes(state: &State) -> Vec<Entry> {
    let themes = &state.shelf.themes;
    let entry = |name: &&'static str| Entry {
        target: Target::Theme(name),
        label: format!("theme: {name}"),
        detail: in_force("draw in its colours", *name == themes.current),
    };
    themes.names.iter().map(entry).collect()
}
