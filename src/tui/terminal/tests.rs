//! What needs no terminal. Taking one and giving it back is proven with the program itself in a
//! pty: `tests/pty.rs`.

use super::write_report;

#[test]
fn a_crash_is_written_where_it_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = write_report(&folder.path().join("state"), "what happened").unwrap();
    assert_eq!(std::fs::read_to_string(path).unwrap(), "what happened");
}
