//! Entries of every kind with texts that formats stumble over, for tests.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use proptest::prelude::*;

use super::Entry;
use crate::model::batch::StatusName;
use crate::model::event::{Change, Event};
use crate::model::id::SourceName;
use crate::model::time::Millis;

/// What was written, kept by the test while the writer has it.
#[derive(Clone, Default)]
pub(crate) struct Page(Arc<Mutex<Vec<u8>>>);

impl Page {
    /// All of it.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap().clone()
    }
}

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Texts that formats stumble over.
pub(crate) fn text() -> impl Strategy<Value = String> {
    let odd = [
        "",
        " ",
        "\\",
        "\\\\",
        "\"",
        "\"\"",
        ",",
        ";",
        "\r",
        "\n",
        "\r\n",
        "a\r\nb",
        "\0",
        "\u{1f}",
        "null",
        "true",
        "0",
        "é\u{301}",
        "😀",
        "\u{feff}",
        "\u{2028}",
        "'=1+1",
        "#",
        "\\N",
        " x ",
    ];
    prop_oneof![
        3 => proptest::sample::select(odd.to_vec()).prop_map(str::to_owned),
        1 => proptest::collection::vec(any::<char>(), 0..6).prop_map(String::from_iter),
        1 => proptest::collection::vec(proptest::sample::select(odd.to_vec()), 0..4)
            .prop_map(|parts| parts.concat()),
    ]
}

fn maybe() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(text())
}

pub(crate) fn event() -> impl Strategy<Value = Event> {
    (text(), instant(), any::<u64>(), any::<bool>(), change()).prop_map(
        |(id, at, seq, approximate, change)| Event {
            id,
            at: Millis(at),
            seq,
            approximate,
            change,
        },
    )
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        maybe().prop_map(|status| Change::Created { status }),
        text().prop_map(|to| Change::Moved { to }),
        (text(), maybe(), maybe()).prop_map(|(fact, old, new)| Change::Set {
            fact: fact.into(),
            old,
            new
        }),
        maybe().prop_map(|reason| Change::Blocked { reason }),
        Just(Change::Unblocked),
        (text(), text()).prop_map(|(kind, to)| Change::Linked { kind, to }),
        (text(), text()).prop_map(|(kind, to)| Change::Unlinked { kind, to }),
        text().prop_map(|environment| Change::Deployed { environment }),
        Just(Change::IncidentOpened),
        Just(Change::IncidentResolved),
        Just(Change::Deleted),
    ]
}

fn instant() -> impl Strategy<Value = i64> {
    prop_oneof![any::<i64>(), 0..4_294_967_295_999_i64, -1_000..1_000_i64]
}

pub(crate) fn entry() -> impl Strategy<Value = Entry> {
    let source = || text().prop_map(|name| SourceName::new(&name));
    prop_oneof![
        4 => (source(), text(), event()).prop_map(|(source, item, event)| Entry::Event {
            source,
            item,
            event
        }),
        1 => (source(), text(), text()).prop_map(|(source, id, name)| Entry::Status {
            source,
            status: StatusName { id, name },
        }),
    ]
}
