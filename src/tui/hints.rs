//! The bottom row: where one is, and what can be done here.

use ratatui::layout::Rect;

use super::paint::Paint;
use super::pieces::{Piece, fit, put};
use super::theme::Role;
use super::{Look, Marks};
use crate::app::{Action, Context, Notice, Screen, State, Stop, TABS, Tab, TimesBy, Walk};

/// What is offered for an item made of several artefacts.
const JOINED: &[(Action, &str)] = &[
    (Action::Back, "back"),
    (Action::NextArtefact, "artefact"),
    (Action::OpenUrl, "open"),
    (Action::CopyKey, "copy"),
    (Action::Right, "next item"),
    (Action::Clock, "clock"),
    (Action::Help, "help"),
    (Action::Quit, "quit"),
];

/// Actions and what they are called, most useful first.
type Offers = &'static [(Action, &'static str)];

const AGEING: Offers = &[
    (Action::Open, "open"),
    (Action::Right, "stage"),
    (Action::Down, "item"),
    (Action::OpenUrl, "browser"),
    (Action::Filter, "filter"),
    (Action::Time, "time"),
    (Action::Help, "help"),
    (Action::Quit, "quit"),
];

const FLOW: Offers = &[
    (Action::Open, "items"),
    (Action::Right, "day"),
    (Action::Down, "band"),
    (Action::StepOn, "week"),
    (Action::AsOfHere, "as of then"),
    (Action::Backlog, "backlog"),
    (Action::Window, "window"),
    (Action::Help, "help"),
    (Action::Quit, "quit"),
];

const TIMES: Offers = &[
    (Action::Open, "open"),
    (Action::Right, "next"),
    (Action::Up, "longer"),
    (Action::StepOn, "week"),
    (Action::Region, "region"),
    (Action::ByStage, "by stage"),
    (Action::Window, "window"),
    (Action::Clock, "clock"),
    (Action::Help, "help"),
    (Action::Quit, "quit"),
];

const TIMES_BY_STAGE: Offers = &[
    (Action::Open, "its items"),
    (Action::Down, "stage"),
    (Action::ByStage, "by item"),
    (Action::Window, "window"),
    (Action::Filter, "filter"),
    (Action::Help, "help"),
    (Action::Quit, "quit"),
];

const THROUGHPUT: Offers = &[
    (Action::Open, "items"),
    (Action::Right, "week"),
    (Action::AsOfHere, "as of then"),
    (Action::Window, "window"),
    (Action::Filter, "filter"),
    (Action::Help, "help"),
    (Action::Quit, "quit"),
];

const BOTTLENECK: Offers = &[
    (Action::Open, "what waits"),
    (Action::Down, "stage"),
    (Action::Window, "window"),
    (Action::Filter, "filter"),
    (Action::Time, "time"),
    (Action::Help, "help"),
    (Action::Quit, "quit"),
];

const FORECAST: Offers = &[
    (Action::Number, "how many"),
    (Action::MoreItems, "more"),
    (Action::FewerItems, "less"),
    (Action::Right, "day"),
    (Action::MoreSplits, "splits"),
    (Action::Farther, "farther"),
    (Action::Nearer, "nearer"),
    (Action::Open, "its items"),
    (Action::Window, "window"),
    (Action::Help, "help"),
    (Action::Quit, "quit"),
];

const PORTFOLIO: Offers = &[
    (Action::Open, "open the stream"),
    (Action::Down, "stream"),
    (Action::Right, "order"),
    (Action::Window, "window"),
    (Action::Time, "time"),
    (Action::Filter, "filter"),
    (Action::Help, "help"),
    (Action::Quit, "quit"),
];

const ITEMS: Offers = &[
    (Action::Open, "open"),
    (Action::Back, "back"),
    (Action::OpenUrl, "browser"),
    (Action::CopyKey, "copy"),
    (Action::Filter, "filter"),
    (Action::Help, "help"),
    (Action::Quit, "quit"),
];

const ITEM: Offers = &[
    (Action::Back, "back"),
    (Action::Right, "next item"),
    (Action::OpenUrl, "open"),
    (Action::CopyKey, "copy"),
    (Action::Clock, "clock"),
    (Action::Help, "help"),
    (Action::Quit, "quit"),
];

const SOURCES: Offers = &[
    (Action::Refresh, "refresh"),
    (Action::EditStages, "edit stages"),
    (Action::Save, "save"),
    (Action::Back, "back"),
    (Action::Help, "help"),
    (Action::Quit, "quit"),
];

const TIME: Offers = &[
    (Action::Play, "play"),
    (Action::EarlierDay, "day back"),
    (Action::LaterDay, "on"),
    (Action::EarlierWeek, "week back"),
    (Action::LaterWeek, "on"),
    (Action::Compare, "beside now"),
    (Action::TypeDate, "date"),
    (Action::Open, "stay"),
    (Action::Live, "now"),
    (Action::Faster, "faster"),
    (Action::Slower, "slower"),
    (Action::EarlierHour, "hour back"),
    (Action::LaterHour, "on"),
    (Action::EarlierMonth, "month back"),
    (Action::LaterMonth, "on"),
    (Action::Beginning, "first day"),
];

const STAGES: Offers = &[
    (Action::MoveBack, "left"),
    (Action::MoveOn, "right"),
    (Action::CycleClass, "class"),
    (Action::CyclePhase, "phase"),
    (Action::SplitStatus, "own stage"),
    (Action::Open, "apply"),
    (Action::Save, "save"),
    (Action::Back, "discard"),
];

const PROMPT: Offers = &[
    (Action::Open, "accept"),
    (Action::Back, "back"),
    (Action::Down, "next"),
];

const STREAM: Offers = &[
    (Action::Open, "open"),
    (Action::Filter, "filter"),
    (Action::Time, "time"),
    (Action::Standup, "stand-up"),
    (Action::Portfolio, "streams"),
    (Action::Window, "window"),
    (Action::Clock, "clock"),
    (Action::EditStages, "stages"),
    (Action::Refresh, "refresh"),
    (Action::Help, "help"),
    (Action::Quit, "quit"),
];

const WALK_ITEM: Offers = &[
    (Action::NextItem, "next"),
    (Action::Park, "park"),
    (Action::Skip, "skip"),
    (Action::Assign, "owner, next step"),
    (Action::Note, "note"),
    (Action::PreviousItem, "before"),
    (Action::Open, "open"),
    (Action::Rest, "rest"),
    (Action::Standup, "summary"),
    (Action::Help, "help"),
    (Action::Back, "leave"),
];

const WALK_SUMMARY: Offers = &[
    (Action::CopyWalk, "copy"),
    (Action::SaveWalk, "save"),
    (Action::PreviousItem, "before"),
    (Action::Rest, "walk the rest"),
    (Action::Standup, "walk anew"),
    (Action::Help, "help"),
    (Action::Back, "leave"),
];

const WALK_CHANGES: Offers = &[
    (Action::NextItem, "begin"),
    (Action::PageDown, "further down"),
    (Action::Rest, "everything"),
    (Action::Help, "help"),
    (Action::Back, "leave"),
];

/// While its agenda is being made there is nothing to begin.
const WALK_TO_COME: Offers = &[(Action::Help, "help"), (Action::Back, "leave")];

/// What is offered in a walk, by where it is.
fn walk_offers(state: &State) -> Offers {
    match state.walk.as_deref().map(Walk::stop) {
        Some(Stop::Item(_)) => WALK_ITEM,
        Some(Stop::Summary) => WALK_SUMMARY,
        Some(Stop::Changes) => WALK_CHANGES,
        None => WALK_TO_COME,
    }
}

/// What is offered in a context.
fn offered(state: &State) -> Offers {
    match state.context() {
        Context::Item if is_joined(state) => JOINED,
        Context::Ageing => AGEING,
        Context::Flow => FLOW,
        Context::Times if state.cursor.times == TimesBy::Stage => TIMES_BY_STAGE,
        Context::Times => TIMES,
        Context::Throughput => THROUGHPUT,
        Context::Walk => walk_offers(state),
        Context::Bottleneck => BOTTLENECK,
        Context::Forecast => FORECAST,
        Context::Portfolio => PORTFOLIO,
        Context::Items => ITEMS,
        Context::Item => ITEM,
        Context::Sources => SOURCES,
        Context::Time => TIME,
        Context::Stages => STAGES,
        Context::Prompt => PROMPT,
        Context::Stream | Context::Global => STREAM,
    }
}

/// Whether the item shown is made of several artefacts.
fn is_joined(state: &State) -> bool {
    matches!(&state.screen, Screen::Item(view) if !view.story.artefacts.is_empty())
}

type Hint = Piece<Action>;

/// The sources give way to the first two keys of a screen: whether they are well stands at the top.
const SOURCES_RANK: u8 = 6;

/// Under so many columns tabs have short names.
const ROOMY: u16 = 130;

fn tabs(state: &State, look: &Look, columns: u16) -> Vec<Hint> {
    let home = home(state);
    let tab = |tab: &Tab| {
        let is_here = home.action() == Some(tab.action);
        let role = if is_here { Role::Accent } else { Role::Muted };
        let label = if is_here || columns >= ROOMY {
            tab.label
        } else {
            tab.short
        };
        let rank = if tab.action == Action::Sources && !is_here {
            SOURCES_RANK
        } else {
            3
        };
        piece(state, look, (tab.action, label, role), rank)
    };
    TABS.iter().filter_map(tab).collect()
}

/// The screen in view that a tab stands for, or that what is in view was opened from.
fn home(state: &State) -> &Screen {
    let mut shown = state.trail.iter().chain([&state.screen]);
    shown
        .find(|screen| TABS.iter().any(|tab| screen.action() == Some(tab.action)))
        .unwrap_or(&state.screen)
}

fn piece(
    state: &State,
    look: &Look,
    (action, label, role): (Action, &str, Role),
    rank: u8,
) -> Option<Hint> {
    let key = look
        .keymap
        .keys(state.context(), action)
        .first()?
        .to_string();
    Some(Piece {
        runs: vec![
            (sign(&key, look.marks), Role::Strong),
            (format!(" {label}"), role),
        ],
        rank,
        means: action,
    })
}

/// Keys that everyone knows by a sign; ASCII has none of them.
pub(super) fn sign(key: &str, marks: Marks) -> String {
    match key {
        "minus" => "-",
        named if marks == Marks::Ascii => named,
        "enter" => "↵",
        "left" => "←",
        "right" => "→",
        "up" => "↑",
        "down" => "↓",
        other => other,
    }
    .to_owned()
}

fn fitted(state: &State, look: &Look, columns: u16) -> Vec<(u16, Hint)> {
    let mut pieces = match state.overlay {
        None if state.screen != Screen::Walk => tabs(state, look, columns),
        _ => Vec::new(),
    };
    let ranked = (4_u8..).zip(offered(state));
    pieces.extend(ranked.filter_map(|(rank, (action, label))| {
        let rank = if *action == Action::Help { 1 } else { rank };
        piece(state, look, (*action, label, Role::Muted), rank)
    }));
    fit(pieces, columns.saturating_sub(2), 2)
}

/// Draws the bottom row: a notice if there is one, else tabs and keys.
pub(super) fn draw(state: &State, paint: &mut Paint<'_>, row: u16) {
    if let Some(notice) = &state.notice {
        let (sign, text, role) = match notice {
            Notice::Done(text) => ("✓", text, Role::Good),
            Notice::Failed(text) => ("!", text, Role::Bad),
        };
        let x = paint.put(1, row, sign, role);
        paint.put(x + 1, row, text, role);
        return;
    }
    let fitted = fitted(state, paint.look(), paint.width());
    put(paint, 1, row, &fitted);
}

/// The action that is written at a column of the bottom row.
pub(super) fn hit(state: &State, look: &Look, area: Rect, column: u16) -> Option<Action> {
    let column = column.checked_sub(1)?;
    let fitted = fitted(state, look, area.width);
    let here = |(x, piece): &&(u16, Hint)| (*x..*x + piece.width()).contains(&column);
    fitted.iter().find(here).map(|(_, piece)| piece.means)
}
