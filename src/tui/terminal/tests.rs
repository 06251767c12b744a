//! What needs no terminal. Taking one and giving it back is proven with the program itself in a
//! pty: `tests/pty.rs`.

use crossterm::style::Print;
use ratatui::backend::CrosstermBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::{Link, draw_linked, write_report};

#[test]
fn a_crash_is_written_where_it_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = write_report(&folder.path().join("state"), "what happened").unwrap();
    assert_eq!(std::fs::read_to_string(path).unwrap(), "what happened");
}

#[test]
fn the_cells_of_a_link_stand_between_its_ends() {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 1));
    buffer.set_string(0, 0, "a PAY-1 b", Style::new());
    let cells: Vec<_> = (0..9).map(|x| (x, 0, &buffer[(x, 0)])).collect();
    let link = Link {
        from: Position::new(2, 0),
        columns: 5,
        url: "https://example.org/PAY-1".to_owned(),
    };
    let mut written = Vec::new();
    let mut backend = CrosstermBackend::new(&mut written);
    draw_linked(&mut backend, &cells, &[link]).unwrap();
    crossterm::queue!(backend, Print("end")).unwrap();
    let written = String::from_utf8(written).unwrap();
    let (_, rest) = written
        .split_once("\u{1b}]8;;https://example.org/PAY-1\u{1b}\\")
        .unwrap();
    let (linked, after) = rest.split_once("\u{1b}]8;;\u{1b}\\").unwrap();
    assert!(
        linked.contains("PAY-1") && !linked.contains('b'),
        "{linked:?}"
    );
    assert!(
        after.ends_with("end") && !after.contains("PAY"),
        "{after:?}"
    );
}
