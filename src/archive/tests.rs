use std::io::{self, Seek, Write};

use proptest::prelude::*;

use super::arbitrary::{Page, entry};
use super::{Entry, Format, read_csv, read_jsonl, read_parquet, recognise, writer};
use crate::model::event::{Change, Event};
use crate::model::id::SourceName;
use crate::model::time::Millis;

const FORMATS: [Format; 3] = [Format::Csv, Format::Jsonl, Format::Parquet];

fn written(format: Format, entries: &[Entry]) -> Vec<u8> {
    let page = Page::default();
    let mut out = writer(format, page.clone()).unwrap();
    for entry in entries {
        out.write(entry, Some("a name")).unwrap();
    }
    out.finish().unwrap();
    page.bytes()
}

fn read(format: Format, bytes: &[u8]) -> Vec<(String, Result<Entry, String>)> {
    let entries = match format {
        Format::Csv => read_csv(io::Cursor::new(bytes.to_vec())),
        Format::Jsonl => read_jsonl(io::Cursor::new(bytes.to_vec())),
        Format::Parquet => {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(bytes).unwrap();
            file.rewind().unwrap();
            read_parquet(file).unwrap()
        }
    };
    let told = entries.map(Result::unwrap);
    told.map(|told| (told.place, told.entry)).collect()
}

proptest! {
    #[test]
    fn what_is_written_is_read_back_as_it_was(entries in proptest::collection::vec(entry(), 1..8)) {
        for format in FORMATS {
            let bytes = written(format, &entries);
            prop_assert_eq!(recognise(&bytes), Some(format));
            let read: Vec<Entry> = read(format, &bytes)
                .into_iter()
                .map(|(_, entry)| entry.unwrap())
                .collect();
            prop_assert_eq!(&read, &entries);
        }
    }
}

fn moved(at: i64) -> Entry {
    Entry::Event {
        source: SourceName::new("tracker"),
        item: "7".to_owned(),
        event: Event {
            id: "a".to_owned(),
            at: Millis(at),
            seq: 3,
            approximate: false,
            change: Change::Moved { to: "2".to_owned() },
        },
    }
}

#[test]
fn lines_say_what_people_and_other_tools_can_read() {
    let csv = written(Format::Csv, &[moved(1_630_902_866_239)]);
    assert_eq!(
        String::from_utf8(csv).unwrap(),
        "source,item,event,at,seq,approximate,change,what,old,new,name\n\
         tracker,7,a,2021-09-06T04:34:26.239Z,3,false,moved,,,2,a name\n"
    );
    let jsonl = written(Format::Jsonl, &[moved(0)]);
    assert_eq!(
        String::from_utf8(jsonl).unwrap(),
        "{\"source\":\"tracker\",\"item\":\"7\",\"event\":\"a\",\"at\":\"1970-01-01T00:00:00Z\",\
         \"seq\":3,\"approximate\":false,\"change\":\"moved\",\"new\":\"2\",\"name\":\"a name\"}\n"
    );
}

#[test]
fn groups_of_many_lines_keep_their_order() {
    let entries: Vec<Entry> = (0..40_000).map(moved).collect();
    let bytes = written(Format::Parquet, &entries);
    let read: Vec<Entry> = read(Format::Parquet, &bytes)
        .into_iter()
        .map(|(_, entry)| entry.unwrap())
        .collect();
    assert_eq!(read, entries);
}

#[test]
fn broken_lines_are_told_by_their_number() {
    let mut csv = written(Format::Csv, &[moved(1)]);
    csv.extend_from_slice(b"tracker,7\ntracker,7,b,soon,4,false,moved,,,2,\n");
    csv.extend_from_slice(b"tracker,7,c,5,4,perhaps,moved,,,2,\ntracker,7,d,5,4,true,fled,,,,\n");
    csv.extend_from_slice(b"tracker,7,e,5,4,true,moved,,,,\n\xff,7,f,5,4,true,moved,,,2,\n");
    let told: Vec<String> = read(Format::Csv, &csv)
        .into_iter()
        .filter_map(|(place, entry)| Some(format!("{place}: {}", entry.err()?)))
        .collect();
    assert_eq!(
        told,
        [
            "line 3: the row has 2 fields where the header has 11",
            "line 4: \"soon\" is no instant",
            "line 5: \"approximate\" is neither true nor false",
            "line 6: \"fled\" is no change that weir knows",
            "line 7: \"new\" is missing",
            "line 8: \"source\" is not UTF-8",
        ]
    );
    let mut jsonl = written(Format::Jsonl, &[moved(1)]);
    jsonl.extend_from_slice(b"\n{\"source\":\"tracker\"\n");
    let told = read(Format::Jsonl, &jsonl);
    assert_eq!(told[1].0, "line 3");
    assert!(told[1].1.is_err());
}

#[test]
fn other_files_are_not_taken_for_weirs_own() {
    for head in [
        "",
        "source,item\n",
        "{\"source\": \"a\"}\n",
        "case,activity,time\n",
    ] {
        assert_eq!(recognise(head.as_bytes()), None, "{head}");
    }
}

#[test]
fn a_damaged_file_is_an_error_and_no_panic() {
    let bytes = written(Format::Parquet, &[moved(1)]);
    for end in [0, 4, bytes.len() / 2, bytes.len() - 1] {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&bytes[..end]).unwrap();
        assert!(read_parquet(file).is_err(), "{end}");
    }
}
