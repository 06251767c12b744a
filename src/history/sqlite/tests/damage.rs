//! Full disks and broken files.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use tempfile::TempDir;

use super::*;
use crate::history::HistoryError;

/// A closed history of some thirty pages, and how many items it has.
fn kept() -> (TempDir, PathBuf, usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("weir.db");
    let mut history = Sqlite::open(&path).expect("a history");
    append(&mut history, &page(1, 500));
    (folder, path, 500)
}

/// Opens, reads everything, looks it over and writes: the first thing that goes wrong.
fn used(path: &Path) -> Result<usize, HistoryError> {
    let mut history = Sqlite::open(path)?;
    let mut items = 0;
    history.read(Position(0), &mut |_, _| items += 1)?;
    history.statuses(&source("tracker"))?;
    history.cursor(&source("tracker"))?;
    history.check()?;
    history.append(&page(2, 50))?;
    history.append(&page(1, 500))?;
    Ok(items)
}

fn is_damaged(path: &Path) -> bool {
    match used(path) {
        Err(HistoryError::Damaged { why, .. }) => !why.is_empty(),
        _ => false,
    }
}

#[test]
fn a_full_disk_keeps_what_was_kept_and_goes_on_when_there_is_room() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("weir.db");
    let mut history = Sqlite::open(&path).expect("a history");
    append(&mut history, &page(1, 5));
    let before = read(&mut history, Position(0));
    let room = |history: &Sqlite, pages: i64| {
        history
            .connection
            .pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))
            .expect("a limit");
    };
    room(&history, 20);
    assert_eq!(
        history.append(&page(2, 5000)),
        Err(HistoryError::Full { path })
    );
    assert_eq!(read(&mut history, Position(0)), before);
    assert_eq!(history.cursor(&source("tracker")), Ok(page(1, 5).cursor));
    append(&mut history, &page(3, 5));

    room(&history, 1 << 30);
    append(&mut history, &page(2, 5000));
    assert_eq!(read(&mut history, Position(0)).len(), 5010);
    history.check().expect("whole");
}

#[test]
fn a_whole_file_is_used_without_complaint() {
    let (_folder, path, items) = kept();
    assert_eq!(used(&path), Ok(items));
}

#[test]
fn a_file_that_was_cut_is_damaged() {
    let (_folder, path, _) = kept();
    let length = fs::metadata(&path).expect("a file").len();
    for keep in [length / 2, length / 2 + 77, 4096] {
        let file = OpenOptions::new()
            .write(true)
            .open(&path)
            .expect("the file");
        file.set_len(keep).expect("shorter");
        assert!(is_damaged(&path), "cut to {keep}: {:?}", used(&path));
    }
}

#[test]
fn a_file_that_begins_with_rubbish_is_not_taken_for_a_history() {
    let (_folder, path, _) = kept();
    let mut bytes = fs::read(&path).expect("bytes");
    bytes[..100].fill(0xA5);
    fs::write(&path, &bytes).expect("rubbish");
    assert!(matches!(used(&path), Err(HistoryError::Foreign { .. })));
    assert!(fs::read(&path).expect("bytes") == bytes, "it was touched");
}

#[test]
fn a_page_of_rubbish_is_damage() {
    let (_folder, path, _) = kept();
    let whole = fs::read(&path).expect("bytes");
    for page in whole.chunks(4096).enumerate().map(|(at, _)| at * 4096) {
        let mut bytes = whole.clone();
        bytes[page.max(100)..page + 4096].fill(0xA5);
        fs::write(&path, &bytes).expect("rubbish");
        assert!(is_damaged(&path), "page at {page}: {:?}", used(&path));
    }
}

#[test]
fn flipped_bits_are_damage_or_other_data_and_never_a_panic() {
    let (_folder, path, _) = kept();
    let whole = fs::read(&path).expect("bytes");
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let mut below = |end: usize| usize::try_from(random.next_u64() % end as u64).expect("small");
    let mut damaged = 0;
    for round in 0..150 {
        let mut bytes = whole.clone();
        // Half of the flips where pages keep their structure: at their beginning.
        let page = below(whole.len() / 4096) * 4096;
        let at = page + below(if round % 2 == 0 { 64 } else { 4096 });
        bytes[at] ^= 1 << below(8);
        fs::write(&path, bytes).expect("a flip");
        match used(&path) {
            Ok(_) => {}
            Err(HistoryError::Damaged { .. }) => damaged += 1,
            Err(HistoryError::Foreign { .. } | HistoryError::Newer { .. }) if at < 100 => {}
            Err(other) => panic!("flip at {at}: {other:?}"),
        }
        for beside in ["weir.db-wal", "weir.db-shm"] {
            let _ = fs::remove_file(path.with_file_name(beside));
        }
    }
    assert!(damaged > 20, "only {damaged} noticed");
}

#[test]
fn values_that_weir_never_writes_are_damage() {
    for sql in [
        "UPDATE event SET kind = 99 WHERE id = '1-7-1'",
        "UPDATE event SET new = NULL WHERE id = '1-7-1'",
        "UPDATE event SET id = CAST(x'ff' AS TEXT) WHERE id = '1-7-1'",
        "DELETE FROM history",
    ] {
        let (_folder, path, _) = kept();
        let history = Sqlite::open(&path).expect("a history");
        history.connection.execute_batch(sql).expect("good SQL");
        drop(history);
        assert!(is_damaged(&path), "{sql}: {:?}", used(&path));
    }
}

#[test]
fn what_the_file_system_says_is_told_apart() {
    let path = Path::new("weir.db");
    let said = |kind: ErrorKind| HistoryError::from_io(path, &io::Error::from(kind));
    let path = path.to_owned();
    let read_only = HistoryError::ReadOnly { path: path.clone() };
    assert_eq!(said(ErrorKind::PermissionDenied), read_only);
    assert_eq!(said(ErrorKind::ReadOnlyFilesystem), read_only);
    assert_eq!(said(ErrorKind::StorageFull), HistoryError::Full { path });
    assert!(matches!(
        said(ErrorKind::NotFound),
        HistoryError::Open { .. }
    ));
}

#[test]
fn every_error_says_where_and_what_to_do() {
    let path = PathBuf::from("/data/weir.db");
    let why = "so it is".to_owned();
    let (p, w) = (|| path.clone(), || why.clone());
    let all = [
        HistoryError::Open {
            path: p(),
            why: w(),
        },
        HistoryError::Newer {
            path: p(),
            found: 9,
            known: 1,
        },
        HistoryError::Older {
            path: p(),
            found: 0,
            known: 1,
        },
        HistoryError::Foreign {
            path: p(),
            why: w(),
        },
        HistoryError::Full { path: p() },
        HistoryError::ReadOnly { path: p() },
        HistoryError::Locked { path: p() },
        HistoryError::Damaged {
            path: p(),
            why: w(),
        },
        HistoryError::Failed {
            path: p(),
            why: w(),
        },
    ];
    let said: Vec<String> = all
        .iter()
        .map(|error| format!("{error}\n  {}", error.hint()))
        .collect();
    insta::assert_snapshot!(said.join("\n"));
    assert!(
        all.iter()
            .all(|error| error.to_string().contains(&path.display().to_string()))
    );
}
