//! Walking the board.

use std::sync::Arc;

use super::super::{
    Action, Ask, Data, Effect, Input, Notice, Outcome, Overlay, Screen, State, Stop, Walk,
};
use super::act;
use crate::metrics::{Question, Standup};

/// Shows the walk that was left, or begins one; in a walk, its summary; in the summary, begins a
/// new one.
pub(super) fn show(state: &mut State) -> Vec<Effect> {
    if state.screen == Screen::Walk && !leaves_summary(state) {
        return Vec::new();
    }
    act::go(state, Screen::Walk);
    let data = state.data.as_ref();
    let goes_on = |walk: &Walk, data: &Data| fits(walk, state) && !walk.is_over(data);
    let walk = state.walk.as_deref().zip(data);
    if walk.is_some_and(|(walk, data)| goes_on(walk, data)) {
        return Vec::new();
    }
    state.walk = None;
    state.data.iter().map(|_| Effect::Standup).collect()
}

/// Whether a new walk may begin from the one in view: not before its summary was seen, and not
/// before a warning where words would be lost.
fn leaves_summary(state: &mut State) -> bool {
    let Some(walk) = &mut state.walk else {
        return true;
    };
    if walk.stop() != Stop::Summary {
        walk.go_to(usize::MAX);
        return false;
    }
    if walk.has_words() {
        walk.take_words();
        let said = "what was said is neither copied (y) nor saved (w); again to walk anew";
        state.notice = Some(Notice::Failed(said.to_owned()));
        return false;
    }
    true
}

/// Whether the walk is about what is asked now, but for the instant of a present that goes on.
fn fits(walk: &Walk, state: &State) -> bool {
    let asked = Question {
        as_of: state.asked.question.as_of,
        ..walk.data.question.clone()
    };
    asked == state.asked.question && walk.past == state.travel.seen.past
}

/// A walk in view is made anew where something else is asked now.
pub(super) fn asked_otherwise(state: &State) -> Vec<Effect> {
    let walk = state.walk.as_ref();
    let other = state.is_walking() && walk.is_some_and(|walk| !fits(walk, state));
    let waits = state.is_walking() && walk.is_none();
    (other || waits)
        .then_some(Effect::Standup)
        .into_iter()
        .collect()
}

/// The agenda has been made.
pub(super) fn begun(state: &mut State, data: Data, standup: Arc<Standup>) {
    if data.question.stream != state.asked.question.stream {
        return;
    }
    let walk = Walk::new(data, standup, state.travel.seen.past);
    let before = state.walk.take();
    let walk = match before {
        Some(before) if before.data.question.stream == walk.data.question.stream => {
            before.over(walk)
        }
        _ => walk,
    };
    state.walk = Some(Box::new(walk));
}

/// What keys do in a walk; `None` for what they do everywhere.
pub(super) fn walked(state: &mut State, action: Action) -> Option<Vec<Effect>> {
    if state.screen != Screen::Walk || state.overlay.is_some() {
        return None;
    }
    let walk = state.walk.as_mut()?;
    match action {
        Action::NextItem | Action::Right | Action::Down => walk.go_on(),
        Action::PreviousItem | Action::Left | Action::Up => {
            walk.go_to(walk.place().saturating_sub(1));
        }
        Action::Skip => walk.pass(Outcome::Skipped),
        Action::Park => walk.pass(Outcome::Parked),
        Action::Rest => walk.widen(),
        Action::PageDown | Action::HalfDown => walk.scroll = walk.scroll.saturating_add(10),
        Action::PageUp | Action::HalfUp => walk.scroll = walk.scroll.saturating_sub(10),
        Action::Note => ask(state, Ask::Note),
        Action::Assign => ask(state, Ask::Owner),
        Action::CopyWalk | Action::SaveWalk => return Some(taken(walk, action)),
        _ => return None,
    }
    Some(Vec::new())
}

/// Copies or saves the summary.
fn taken(walk: &mut Walk, action: Action) -> Vec<Effect> {
    walk.take_words();
    vec![match action {
        Action::SaveWalk => Effect::SaveWalk,
        _ => Effect::CopyWalk,
    }]
}

/// Asks for a line about the item at hand.
pub(super) fn ask(state: &mut State, ask: Ask) {
    let said = state.walk.as_ref().and_then(|walk| walk.said_here());
    if let Some(said) = said {
        let input = Input::new(said.answer(ask));
        state.overlay = Some(Overlay::Say { ask, input });
    }
}

/// Takes the line down; after who takes it, asks what is next.
pub(super) fn answered(state: &mut State, asked: Ask, input: &Input) {
    if let Some(walk) = &mut state.walk {
        walk.answer(asked, input.text());
    }
    if asked == Ask::Owner {
        ask(state, Ask::Step);
    }
}

/// A walk that has come to its end is kept.
pub(super) fn ended(state: &mut State) -> Option<Effect> {
    let walk = state.walk.as_mut()?;
    let (stream, at) = walk.ended()?;
    Some(Effect::KeepWalk { stream, at })
}

#[cfg(test)]
mod tests;
