use proptest::prelude::*;

use super::{Dialect, Records, Step};

const COMMA: Dialect = Dialect {
    delimiter: b',',
    terminator: b'\n',
};

/// All records of a text that comes in pieces of `piece` bytes, the way chunks do.
fn split(text: &[u8], dialect: Dialect, piece: usize, watch: usize) -> Vec<Vec<Vec<u8>>> {
    let mut records = Records::new(dialect);
    records.watch(watch);
    let mut found: Vec<Vec<Vec<u8>>> = Vec::new();
    let (mut buffer, mut read, mut at) = (Vec::new(), 0, 0);
    loop {
        let last = read == text.len();
        match records.next(&buffer, at, last) {
            Step::Record { next } => {
                let mut scratch = Vec::new();
                let told = if records.repeats() { watch } else { 0 };
                let mut fields: Vec<Vec<u8>> = (told..records.len())
                    .map(|field| records.field(&buffer, field, &mut scratch).to_vec())
                    .collect();
                if records.repeats() {
                    let before = found.last().expect("a record to repeat");
                    fields.splice(0..0, before[..watch].iter().cloned());
                }
                found.push(fields);
                at = next;
            }
            Step::Cut => {
                assert!(!last, "the last piece cannot be cut");
                buffer.drain(..at);
                at = 0;
                let more = text.len().min(read + piece);
                buffer.extend_from_slice(&text[read..more]);
                read = more;
            }
            Step::End => return found,
            Step::Unclosed => panic!("an open quote"),
        }
        if last && at >= buffer.len() {
            return found;
        }
    }
}

/// What the csv crate makes of the same text.
fn oracle(text: &[u8], delimiter: u8) -> Vec<Vec<Vec<u8>>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text);
    let records = reader.byte_records();
    records
        .map(|record| record.unwrap().iter().map(<[u8]>::to_vec).collect())
        .collect()
}

fn texts(records: &[Vec<Vec<u8>>]) -> Vec<Vec<&str>> {
    let text = |field: &Vec<u8>| std::str::from_utf8(field.as_slice()).map(str::len);
    assert!(records.iter().flatten().all(|field| text(field).is_ok()));
    records
        .iter()
        .map(|fields| {
            let fields = fields.iter();
            fields
                .map(|field| std::str::from_utf8(field).unwrap())
                .collect()
        })
        .collect()
}

#[test]
fn quotes_delimiters_and_breaks() {
    let text = "a,\"b,c\",\"d\"\"e\"\r\n\r\n\"f\ng\",,h\n\"x\"y,z\"w,\n";
    let records = split(text.as_bytes(), COMMA, 1024, 0);
    assert_eq!(
        texts(&records),
        [["a", "b,c", "d\"e"], ["f\ng", "", "h"], ["xy", "z\"w", ""]]
    );
}

#[test]
fn a_repeated_beginning_is_not_split_again() {
    let text = b"1,\"a,b\",x\n1,\"a,b\",\"y\nz\"\n1,\"a,c\",x\n12,\"a,b\",x\n";
    for piece in 1..text.len() {
        assert_eq!(split(text, COMMA, piece, 2), oracle(text, b','), "{piece}");
    }
}

#[test]
fn an_open_quote_is_told_at_the_end_only() {
    let mut records = Records::new(COMMA);
    assert_eq!(records.next(b"a,\"b\nc", 0, false), Step::Cut);
    assert_eq!(records.next(b"a,\"b\nc", 0, true), Step::Unclosed);
}

/// A field as somebody may write it, well or badly, but with its quotes closed.
fn field(delimiter: char) -> impl Strategy<Value = String> {
    let plain = "[a-c0-9 ä]{0,6}";
    let quoted = prop::collection::vec(
        prop_oneof![
            "[a-c ]{1,4}".prop_map(|text| text),
            Just("\"\"".to_owned()),
            Just("\n".to_owned()),
            Just("\r\n".to_owned()),
            Just(delimiter.to_string()),
        ],
        0..5,
    )
    .prop_map(|parts| format!("\"{}\"", parts.concat()));
    let trailing = (quoted.clone(), "[a-c]{1,3}").prop_map(|(field, rest)| field + &rest);
    let inner = "[a-c]{1,3}\"[a-c]{0,3}";
    prop_oneof![4 => plain, 3 => quoted, 1 => trailing, 1 => inner]
}

fn text(delimiter: char) -> impl Strategy<Value = String> {
    let rows = prop::collection::vec(prop::collection::vec(field(delimiter), 1..5), 0..12);
    let repeated = prop::collection::vec(any::<prop::sample::Index>(), 0..8);
    let end = prop_oneof![Just("\n"), Just("\r\n")];
    (rows, repeated, end, any::<bool>()).prop_map(move |(mut rows, repeated, end, ended)| {
        // Neighbours that begin alike are what the splitter is quick at, and could be wrong at.
        for at in repeated {
            if !rows.is_empty() {
                let at = at.index(rows.len());
                let mut twin = rows[at].clone();
                twin.truncate(2);
                twin.push("z".to_owned());
                rows.insert(at + 1, twin);
            }
        }
        let lines: Vec<String> = rows
            .iter()
            .map(|fields| fields.join(&delimiter.to_string()))
            .collect();
        let last = if ended { end } else { "" };
        lines.join(end) + last
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn records_are_those_of_the_csv_crate(
        (delimiter, text) in prop_oneof![Just(','), Just(';'), Just('\t')]
            .prop_flat_map(|delimiter| (Just(delimiter), text(delimiter))),
        piece in 1_usize..40,
        watch in 0_usize..4,
    ) {
        let delimiter = u8::try_from(delimiter).unwrap();
        let dialect = Dialect { delimiter, terminator: b'\n' };
        let want = oracle(text.as_bytes(), delimiter);
        prop_assert_eq!(&split(text.as_bytes(), dialect, piece, watch), &want);
        prop_assert_eq!(&split(text.as_bytes(), dialect, 1 << 20, 0), &want);
    }
}
