//! Events of the terminal as messages.

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use ratatui::layout::Rect;

use super::keymap::Key;
use super::{Look, hit};
use crate::app::{Action, Click, Context, Edit, Msg, Overlay, State};

/// What an event means for the state as it stands; `None` if nothing.
pub fn message(event: &Event, state: &State, look: &Look) -> Option<Msg> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => pressed(*key, state, look),
        Event::Mouse(mouse) => pointed(*mouse, state, look),
        Event::Paste(text) if state.context() == Context::Prompt => {
            Some(Msg::Type(Edit::Insert(text.clone())))
        }
        Event::Resize(columns, rows) => Some(Msg::Resized(*columns, *rows)),
        _ => None,
    }
}

fn pressed(event: KeyEvent, state: &State, look: &Look) -> Option<Msg> {
    let context = state.context();
    let key = Key::of(event);
    let typed = || typing(event).map(Msg::Type);
    if context == Context::Prompt && edits(event) {
        return typed();
    }
    let action = look.keymap.action(context, key).map(Msg::Do);
    if context == Context::Prompt {
        action.or_else(typed)
    } else {
        action
    }
}

/// Keys that always edit a line, whatever else they do on screens.
fn edits(event: KeyEvent) -> bool {
    let control = event.modifiers.contains(KeyModifiers::CONTROL);
    matches!(event.code, KeyCode::Home | KeyCode::End)
        || (control && matches!(event.code, KeyCode::Char('u' | 'w')))
}

/// What a key does to a line of text.
pub(super) fn typing(event: KeyEvent) -> Option<Edit> {
    let control = event.modifiers.contains(KeyModifiers::CONTROL);
    match event.code {
        KeyCode::Char('u') if control => Some(Edit::Clear),
        KeyCode::Char('w') if control => Some(Edit::Word),
        KeyCode::Char(c) if !control => Some(Edit::Insert(c.to_string())),
        KeyCode::Backspace => Some(Edit::Backspace),
        KeyCode::Delete => Some(Edit::Delete),
        KeyCode::Left => Some(Edit::Left),
        KeyCode::Right => Some(Edit::Right),
        KeyCode::Home => Some(Edit::Home),
        KeyCode::End => Some(Edit::End),
        _ => None,
    }
}

fn pointed(event: MouseEvent, state: &State, look: &Look) -> Option<Msg> {
    let (columns, rows) = state.terminal.size;
    match event.kind {
        MouseEventKind::ScrollUp => Some(Msg::Do(Action::Up)),
        MouseEventKind::ScrollDown => Some(Msg::Do(Action::Down)),
        MouseEventKind::Drag(MouseButton::Left) if state.overlay == Some(Overlay::Time) => {
            let area = Rect::new(0, 0, columns, rows);
            let here = hit(state, look, area, event.column, event.row);
            let here = here.filter(|click| matches!(click, Click::Instant(_)));
            here.map(Msg::Click)
        }
        MouseEventKind::Down(MouseButton::Left) => {
            let area = Rect::new(0, 0, columns, rows);
            hit(state, look, area, event.column, event.row).map(Msg::Click)
        }
        MouseEventKind::Down(MouseButton::Right) if state.overlay.is_none() => {
            let area = Rect::new(0, 0, columns, rows);
            hit(state, look, area, event.column, event.row).map(Msg::About)
        }
        _ => None,
    }
}
