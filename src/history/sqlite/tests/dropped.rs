//! What is dropped.

use super::*;
use crate::model::batch::{Batch, ItemHistory};

#[test]
fn nothing_of_what_is_dropped_is_found_in_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("weir.db");
    let tell = |events| {
        let told = Batch {
            items: vec![ItemHistory {
                item: "of-somebody".to_owned(),
                replace: true,
                events,
            }],
            ..Batch::empty(source("tracker"))
        };
        append(&mut Sqlite::open(&path).expect("a history"), &told);
    };
    let holds = |text: &[u8]| {
        let bytes = std::fs::read(&path).expect("a file");
        bytes.windows(text.len()).any(|place| place == text)
    };
    let change = Change::Moved {
        to: "a-secret-status".to_owned(),
    };
    tell(vec![Event {
        id: "1".to_owned(),
        at: crate::model::time::Millis(1_000),
        seq: 0,
        approximate: false,
        change,
    }]);
    assert!(holds(b"a-secret-status"));
    tell(Vec::new());
    assert!(!holds(b"a-secret-status"));
}
