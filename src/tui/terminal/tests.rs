//! What needs no terminal. Taking one and giving it back is proven with the program itself in a
//! pty: `tests/pty.rs`.

use super::{theme_of, write_report};
use crate::tui::theme::ThemeName;

#[test]
fn a_crash_is_written_where_it_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = write_report(&folder.path().join("state"), "what happened").unwrap();
    assert_eq!(std::fs::read_to_string(path).unwrap(), "what happened");
}

#[test]
fn a_named_theme_asks_nobody() {
    assert_eq!(theme_of("light"), Ok(ThemeName::Light));
    assert!(theme_of("pink").unwrap_err().contains("auto, dark, light"));
}
