//! The file counts for nothing unless it is whole and of a moment of the history.

use std::fs;
use std::path::Path;

use super::{Moment, SnapshotFile};
use crate::history::{Mark, Position};
use crate::model::batch::ItemHistory;
use crate::model::event::{Change, Event};
use crate::model::id::SourceName;
use crate::model::log::{Log, LogBuilder};
use crate::model::time::Millis;

const MOMENT: Moment = Moment {
    position: Position(7),
    mark: Mark(70),
};

fn sources() -> [SourceName; 2] {
    ["a", "b"].map(SourceName::new)
}

/// A log of two sources with so many items.
fn log(items: u32) -> Log {
    let mut builder = LogBuilder::new();
    let known = sources().map(|source| builder.source(&source).unwrap());
    for at in 0..items {
        let moved = Event {
            id: "1".to_owned(),
            at: Millis(i64::from(at) * 1_000),
            seq: 0,
            approximate: false,
            change: Change::Moved {
                to: format!("status {}", at % 3),
            },
        };
        let history = ItemHistory {
            item: at.to_string(),
            replace: true,
            events: vec![moved],
        };
        builder.history(known[at as usize % 2], history).unwrap();
    }
    builder.finish()
}

fn file(folder: &Path) -> SnapshotFile {
    SnapshotFile::at(folder.join("weir.db-snapshot"))
}

fn items(file: &SnapshotFile) -> Option<usize> {
    let read = file.read(&sources(), |moment| moment == MOMENT);
    read.map(|(log, _)| log.item_count())
}

#[test]
fn a_whole_file_of_these_sources_and_this_moment_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = file(folder.path());
    assert_eq!(items(&file), None, "there is none");
    file.write(&log(5), MOMENT).unwrap();
    assert_eq!(items(&file), Some(5));
    assert!(
        file.read(&sources(), |_| false).is_none(),
        "another history's"
    );
    let [a, b] = sources();
    for others in [vec![a.clone()], vec![b, a], Vec::new()] {
        assert!(file.read(&others, |_| true).is_none(), "{others:?}");
    }
    file.remove().unwrap();
    file.remove().unwrap();
    assert_eq!(items(&file), None);
}

#[test]
fn damage_at_any_byte_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let file = file(folder.path());
    file.write(&log(5), MOMENT).unwrap();
    let whole = fs::read(file.path()).unwrap();
    let read = |bytes: &[u8]| {
        fs::write(file.path(), bytes).unwrap();
        file.read(&sources(), |_| true).is_some()
    };
    for at in 0..whole.len() {
        assert!(!read(&whole[..at]), "cut at {at}");
        for flip in [1, 0x80, 0xff] {
            let mut changed = whole.clone();
            changed[at] ^= flip;
            assert!(!read(&changed), "byte {at} changed by {flip}");
        }
    }
    assert!(!read(&[&whole[..], &[0]].concat()), "something follows");
    assert!(read(&whole));
}

#[test]
fn writers_side_by_side_leave_a_whole_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = file(folder.path());
    file.write(&log(1), MOMENT).unwrap();
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| (0..200).all(|_| items(&file).is_some()));
        for _ in 0..40 {
            file.write(&log(300), MOMENT).unwrap();
        }
        assert!(
            reader.join().unwrap(),
            "a reader met a file that was not whole"
        );
    });
    assert_eq!(items(&file), Some(300));
}

#[test]
fn what_lies_there_for_long_is_taken_away() {
    let folder = tempfile::tempdir().unwrap();
    let file = file(&folder.path().join("made/too"));
    file.write(&log(1), MOMENT).unwrap();
    let parent = file.path().parent().unwrap();
    let (left, other) = (file.beside("4000000000"), parent.join("weir.db"));
    let forgotten = parent.join("0123456789abcdef.snapshot");
    for path in [&left, &other, &forgotten] {
        fs::write(path, "half").unwrap();
        let old = std::time::SystemTime::UNIX_EPOCH;
        fs::File::options()
            .write(true)
            .open(path)
            .unwrap()
            .set_modified(old)
            .unwrap();
    }
    let (written, used) = (file.beside("3999999999"), parent.join("another.snapshot"));
    for path in [&written, &used] {
        fs::write(path, "half").unwrap();
    }
    file.write(&log(2), MOMENT).unwrap();
    for path in [&left, &forgotten] {
        assert!(!path.exists(), "{}", path.display());
    }
    for path in [&other, &written, &used] {
        assert!(path.exists(), "{}", path.display());
    }
}

#[test]
#[cfg(unix)]
fn nobody_else_can_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let file = file(&folder.path().join("made"));
    file.write(&log(1), MOMENT).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(file.path()), 0o600);
    assert_eq!(mode(file.path().parent().unwrap()), 0o700);
}

#[test]
fn what_cannot_be_written_leaves_the_one_before() {
    let folder = tempfile::tempdir().unwrap();
    let file = file(folder.path());
    file.write(&log(4), MOMENT).unwrap();
    // A folder stands where the new one would be written.
    fs::create_dir(file.beside(&std::process::id().to_string())).unwrap();
    file.write(&log(5), MOMENT).unwrap_err();
    assert_eq!(items(&file), Some(4));
}
