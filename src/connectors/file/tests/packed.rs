use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::{many, moves, read, settings, sync, try_read, written};
use crate::connectors::Fault;
use crate::connectors::file::pieces::Sizes;

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

#[test]
fn a_packed_file_says_what_it_said_before() {
    let csv = "id,status,time\n1,a,2026-01-01\n1,b,2026-01-02\n";
    let jsonl = "{\"id\": 1, \"status\": \"a\", \"time\": \"2026-01-01\"}\n";
    for text in [csv, jsonl] {
        let (log, report) = read(text);
        let (same, packed) = try_read(&packed(text.as_bytes()), |_| {}).unwrap();
        assert_eq!(moves(&log, "1"), moves(&same, "1"));
        assert_eq!((report.rows, report.choices), (packed.rows, packed.choices));
    }
}

#[tokio::test]
async fn a_large_packed_file_is_read_by_threads_and_in_parts() {
    let text = many();
    let (half, rest) = text.split_at(text.len() / 2);
    let parts = [packed(half.as_bytes()), packed(rest.as_bytes())].concat();
    let (plain, file) = (written(text.as_bytes()), written(&parts));
    let (one, two) = (sync(&plain, None).await, sync(&file, None).await);
    assert_eq!(one.ids(), two.ids());
    let large = Sizes::default().worth_threads;
    let mut long = "id,status,time\n".to_owned();
    while (long.len() as u64) < 2 * large {
        long += "1,a,2026-01-01T00:00:00Z\n";
    }
    let rows = long.lines().count() as u64 - 1;
    let (_, report) = try_read(&packed(long.as_bytes()), |_| {}).unwrap();
    assert_eq!((report.rows, report.kept_out), (rows, 0));
}

#[test]
fn a_packed_file_that_is_cut_off_is_said_to_be() {
    let whole = packed(many().as_bytes());
    for end in [whole.len() / 2, whole.len() - 4] {
        let file = written(&whole[..end]);
        let mut log = crate::model::log::LogBuilder::new();
        let name = crate::model::id::SourceName::new("log");
        let settings = settings(&file);
        let read = crate::connectors::file::read_into(&mut log, &name, &settings, &mut |_| {});
        let Err(Fault::Unusable { what, .. }) = read else {
            panic!("{read:?}");
        };
        assert!(what.contains("is damaged or cut off"), "{what}");
    }
}

#[test]
fn other_packings_are_named() {
    for (head, told) in [
        (&b"BZh91AY"[..], "bzip2"),
        (b"\x28\xb5\x2f\xfd\0\0", "zstd"),
        (b"PK\x03\x04", "archive"),
        (b"\x1f\x8b", "cut off"),
    ] {
        let Err(Fault::Unusable { what, .. }) = try_read(head, |_| {}) else {
            panic!("{told} is read");
        };
        assert!(what.contains(told), "{what}");
    }
}
