//! Keys as people write them.

use std::fmt;
use std::str::FromStr;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A key with what is held down with it. Shift is part of a character, not held with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    code: KeyCode,
    held: KeyModifiers,
}

/// A text that names no key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" is no key; write a character, or enter, esc, tab, up, f5 and the like, with ctrl-, \
     alt-, shift- before it"
)]
pub struct BadKey(pub String);

const NAMES: [(&str, KeyCode); 17] = [
    ("enter", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("tab", KeyCode::Tab),
    ("backtab", KeyCode::BackTab),
    ("space", KeyCode::Char(' ')),
    ("backspace", KeyCode::Backspace),
    ("delete", KeyCode::Delete),
    ("insert", KeyCode::Insert),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("pgup", KeyCode::PageUp),
    ("pgdn", KeyCode::PageDown),
    ("minus", KeyCode::Char('-')),
];

const HELD: [(&str, KeyModifiers); 3] = [
    ("ctrl-", KeyModifiers::CONTROL),
    ("alt-", KeyModifiers::ALT),
    ("shift-", KeyModifiers::SHIFT),
];

impl Key {
    /// The key of an event, in the one form that the keymap knows.
    pub fn of(event: KeyEvent) -> Self {
        Self {
            code: event.code,
            held: event.modifiers,
        }
        .normal()
    }

    /// Whether pressing it types a character.
    pub fn is_typed(self) -> bool {
        matches!(self.code, KeyCode::Char(_)) && self.held.is_empty()
    }

    fn normal(self) -> Self {
        let known = KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT;
        let held = self.held & known;
        match self.code {
            KeyCode::Char(c) if held.contains(KeyModifiers::CONTROL) => Self {
                code: KeyCode::Char(c.to_ascii_lowercase()),
                held: held - KeyModifiers::SHIFT,
            },
            KeyCode::Char(c) if held.contains(KeyModifiers::SHIFT) => Self {
                code: KeyCode::Char(c.to_uppercase().next().unwrap_or(c)),
                held: held - KeyModifiers::SHIFT,
            },
            KeyCode::BackTab => Self {
                code: KeyCode::Tab,
                held: held | KeyModifiers::SHIFT,
            },
            code => Self { code, held },
        }
    }
}

impl FromStr for Key {
    type Err = BadKey;

    fn from_str(text: &str) -> Result<Self, BadKey> {
        let (mut rest, mut held) = (text, KeyModifiers::NONE);
        while let Some((prefix, modifier)) = HELD
            .iter()
            .find(|(prefix, _)| rest.len() > prefix.len() && rest.starts_with(prefix))
        {
            rest = &rest[prefix.len()..];
            held |= *modifier;
        }
        let code = code_of(rest).ok_or_else(|| BadKey(text.to_owned()))?;
        Ok(Self { code, held }.normal())
    }
}

fn code_of(text: &str) -> Option<KeyCode> {
    let mut chars = text.chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        return (!c.is_control()).then_some(KeyCode::Char(c));
    }
    let named = NAMES.iter().find(|(name, _)| *name == text);
    named.map(|(_, code)| *code).or_else(|| {
        let number: u8 = text.strip_prefix('f')?.parse().ok()?;
        (1..=12).contains(&number).then_some(KeyCode::F(number))
    })
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (prefix, modifier) in HELD {
            if self.held.contains(modifier) {
                f.write_str(prefix)?;
            }
        }
        match (NAMES.iter().find(|(_, code)| *code == self.code), self.code) {
            (Some((name, _)), _) => f.write_str(name),
            (None, KeyCode::Char(c)) => write!(f, "{c}"),
            (None, KeyCode::F(number)) => write!(f, "f{number}"),
            (None, code) => write!(f, "{code}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Key;
    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

    #[test]
    fn keys_are_written_as_they_are_read() {
        for text in [
            "g",
            "G",
            "?",
            "ctrl-d",
            "shift-tab",
            "alt-x",
            "f12",
            "pgup",
            "space",
            "minus",
            "ü",
            "<",
        ] {
            assert_eq!(
                text.parse::<Key>().map(|key| key.to_string()),
                Ok(text.to_owned())
            );
        }
        for text in ["", "ctrl-", "f13", "hyper-a", "ab", "\u{7}"] {
            assert!(text.parse::<Key>().is_err(), "{text}");
        }
    }

    #[test]
    fn events_of_one_key_are_one_key() {
        let key = |code, held| Key::of(KeyEvent::new(code, held));
        let shift = KeyModifiers::SHIFT;
        assert_eq!(key(KeyCode::Char('G'), shift), "G".parse().unwrap());
        assert_eq!(key(KeyCode::Char('g'), shift), "G".parse().unwrap());
        assert_eq!(key(KeyCode::BackTab, shift), "shift-tab".parse().unwrap());
        assert_eq!(
            key(KeyCode::Char('D'), KeyModifiers::CONTROL),
            "ctrl-d".parse().unwrap()
        );
    }
}
