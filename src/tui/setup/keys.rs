//! The keys of the set-up.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::super::input::typing;
use crate::app::{Edit, Setup, SetupEffect, SetupMsg, StageKey, Step};

/// What an event means for a set-up; `None` if nothing.
pub fn message(event: &Event, setup: &Setup) -> Option<SetupMsg> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => pressed(*key, setup),
        Event::Paste(text) if is_typed(setup.step) => {
            Some(SetupMsg::Type(Edit::Insert(text.trim().to_owned())))
        }
        _ => None,
    }
}

/// Whether the step takes text.
fn is_typed(step: Step) -> bool {
    matches!(
        step,
        Step::Path | Step::Address | Step::User | Step::Token | Step::Place
    )
}

fn pressed(key: KeyEvent, setup: &Setup) -> Option<SetupMsg> {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    Some(match key.code {
        KeyCode::Char('c') if control => SetupMsg::Then(SetupEffect::Quit),
        KeyCode::Esc => SetupMsg::Back,
        KeyCode::Enter => SetupMsg::Enter,
        KeyCode::Up => SetupMsg::Up,
        KeyCode::Down => SetupMsg::Down,
        KeyCode::Tab if setup.step == Step::Place => SetupMsg::Mark,
        _ if is_typed(setup.step) => return typing(key).map(SetupMsg::Type),
        KeyCode::Char(letter) if !control => return lettered(letter, setup.step),
        _ => return None,
    })
}

fn lettered(letter: char, step: Step) -> Option<SetupMsg> {
    Some(match (letter, step) {
        ('q', Step::Kind | Step::Written) => SetupMsg::Then(SetupEffect::Quit),
        ('d', Step::Written) => SetupMsg::Then(SetupEffect::Check),
        ('j', _) => SetupMsg::Down,
        ('k', _) => SetupMsg::Up,
        ('c', Step::Stages) => SetupMsg::Stage(StageKey::Class),
        ('p', Step::Stages) => SetupMsg::Stage(StageKey::Phase),
        ('J', Step::Stages) => SetupMsg::Stage(StageKey::Later),
        ('K', Step::Stages) => SetupMsg::Stage(StageKey::Earlier),
        ('n', Step::Stages) => SetupMsg::Stage(StageKey::Split),
        _ => return None,
    })
}
