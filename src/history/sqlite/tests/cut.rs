//! Batches that do not come to their end.

use super::*;
use crate::history::{Appended, HistoryError};

#[test]
fn a_batch_that_fails_half_way_leaves_nothing() {
    let mut history = Sqlite::in_memory().expect("a history");
    append(&mut history, &page(1, 2));
    let before = read(&mut history, Position(0));
    history
        .connection
        .execute_batch(
            "CREATE TEMP TRIGGER half BEFORE INSERT ON event WHEN NEW.id = '2-1-1'
             BEGIN SELECT RAISE(ABORT, 'pulled the plug'); END",
        )
        .expect("a trigger");
    let mut told = page(2, 2);
    told.statuses = vec![status("7", "Review")];
    told.items.insert(0, whole("1-0", vec![]));

    let failed = history.append(&told).expect_err("the trigger");
    assert!(matches!(&failed, HistoryError::Failed { why, .. } if why.contains("plug")));
    assert_eq!(read(&mut history, Position(0)), before);
    assert_eq!(history.statuses(&told.source), Ok(vec![]));
    assert_eq!(history.cursor(&told.source), Ok(page(1, 2).cursor));

    history
        .connection
        .execute_batch("DROP TRIGGER half")
        .expect("no trigger");
    let kept = history.append(&told);
    assert_eq!(
        kept,
        Ok(Appended {
            new_events: 6,
            position: Position(2)
        })
    );
}
