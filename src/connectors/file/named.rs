//! Rows whose values have names: what formats that are no tables come to.
//!
//! The first rows say which names there are. They are gathered, the columns are told by them, and
//! then they are read again together with all that follow.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::io;

use rustc_hash::FxBuildHasher;

use super::plan::Plan;
use super::records::Span;
use super::sample::{ROWS, Sample};
use super::text::Foreign;
use super::times::{Evidence, Stamp};
use crate::model::event::fact;

/// Most names in one file.
const NAMES: usize = 1_000;
/// Most bytes of a name.
const NAME: usize = 250;
/// Bytes from which on a value takes no further ones of its name.
const JOINED: usize = 4_000;
/// Bytes of rows gathered before the columns are told.
const GATHERED: usize = 16 * 1024 * 1024;
/// Most bytes held while no date says which number is the day.
const UNDECIDED: usize = 64 * 1024 * 1024;
/// Names left out that are told one by one.
const TOLD: usize = 20;

/// Reads a file row by row.
pub(super) trait NamedRows: Send {
    /// Reads on to the next row and puts its values into `row`, which comes empty.
    ///
    /// # Errors
    /// What the system says.
    fn next(&mut self, row: &mut Row, names: &mut Names) -> io::Result<Next>;

    /// Bytes read so far, about.
    fn read(&self) -> u64;

    /// Sentences about what was passed over.
    fn notes(&self) -> Vec<String> {
        Vec::new()
    }
}

/// What came of reading on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// A row.
    Row,
    /// Something on the row's line that is no row, and why.
    Odd(String),
    /// There is no more.
    End,
}

/// The values of one row.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    /// The line it begins on.
    pub(super) line: u64,
    bytes: Vec<u8>,
    values: Vec<(usize, Span)>,
    /// Why it is none, if it is none.
    odd: Option<String>,
}

impl Row {
    /// Makes it empty.
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.values.clear();
        self.odd = None;
    }

    /// The bytes that its values stand in.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Its values, by the number of their name.
    pub(super) fn values(&self) -> impl Iterator<Item = (usize, Span)> {
        self.values.iter().copied()
    }

    /// Adds a value; several of one name are joined as the model joins them.
    pub(super) fn add(&mut self, names: &mut Names, name: &str, value: &str) {
        if let Some(at) = names.number(name) {
            match self.place(at) {
                Some(place) => self.join(place, value.as_bytes()),
                None => self.push(at, value.as_bytes()),
            }
        }
    }

    /// Whether a name has a value.
    pub(super) fn has(&self, names: &mut Names, name: &str) -> bool {
        let at = names.number(name);
        at.is_some_and(|at| self.place(at).is_some())
    }

    /// Gives a name a value, in place of the one that it had.
    pub(super) fn set(&mut self, names: &mut Names, name: &str, value: &str) {
        if let Some(at) = names.number(name) {
            self.values.retain(|(known, _)| *known != at);
            self.push(at, value.as_bytes());
        }
    }

    /// Takes the values of another row.
    pub(super) fn copy(&mut self, other: &Self) {
        self.bytes.clone_from(&other.bytes);
        self.values.clone_from(&other.values);
    }

    /// Takes the values of another row in place of its own.
    pub(super) fn over(&mut self, other: &Self) {
        for (name, span) in other.values() {
            self.values.retain(|(known, _)| *known != name);
            self.push(name, span.raw(&other.bytes));
        }
    }

    fn place(&self, name: usize) -> Option<usize> {
        self.values.iter().position(|(known, _)| *known == name)
    }

    fn push(&mut self, name: usize, value: &[u8]) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(value);
        self.values
            .push((name, Span::plain(start, self.bytes.len())));
    }

    fn join(&mut self, place: usize, value: &[u8]) {
        let (name, before) = self.values[place];
        let before = before.raw(&self.bytes);
        if before.len() > JOINED {
            return;
        }
        let between = [fact::SEPARATOR as u8];
        let joined = [before, &between, value].concat();
        self.values.swap_remove(place);
        self.push(name, &joined);
    }
}

/// The names of a file, numbered as they come.
#[derive(Debug, Default)]
pub(super) struct Names {
    all: Vec<String>,
    known: HashMap<String, usize, FxBuildHasher>,
    /// Whether the columns are told: no name can be added.
    closed: bool,
    /// Names that came too late or were too many.
    left_out: BTreeSet<String>,
}

impl Names {
    fn number(&mut self, name: &str) -> Option<usize> {
        if let Some(at) = self.known.get(name) {
            return Some(*at);
        }
        if self.closed || self.all.len() >= NAMES || name.len() > NAME {
            self.leave_out(name);
            return None;
        }
        let at = self.all.len();
        self.all.push(name.to_owned());
        self.known.insert(name.to_owned(), at);
        Some(at)
    }

    fn leave_out(&mut self, name: &str) {
        let is_new = || !self.left_out.contains(name);
        if self.left_out.len() <= TOLD && is_new() {
            self.left_out.insert(name.chars().take(NAME).collect());
        }
    }

    /// A sentence if any name was left out.
    pub(super) fn note(&self) -> Option<String> {
        let names: Vec<&str> = self.left_out.iter().map(String::as_str).collect();
        let (shown, more) = if names.len() > TOLD {
            (&names[..TOLD], ", …")
        } else {
            (&names[..], "")
        };
        let list = shown.join(", ");
        (!names.is_empty()).then(|| {
            format!(
                "left out, as they come first after the rows looked at or there are too many: \
                 {list}{more}"
            )
        })
    }
}

/// A file of named rows, of which the first are gathered.
pub(super) struct Gathered {
    rows: Box<dyn NamedRows>,
    foreign: Foreign,
    names: Names,
    waiting: VecDeque<Row>,
    /// Bytes of those waiting.
    held: usize,
    ended: bool,
    /// Rows whose dates were weighed.
    weighed: usize,
}

impl Gathered {
    /// Reads the first rows. `named` are names that the settings speak of: they may come later.
    pub(super) fn new(
        rows: Box<dyn NamedRows>,
        named: &[&String],
        foreign: Foreign,
    ) -> io::Result<Self> {
        let mut gathered = Self {
            foreign,
            rows,
            names: Names::default(),
            waiting: VecDeque::new(),
            held: 0,
            ended: false,
            weighed: 0,
        };
        while gathered.waiting.len() < ROWS && gathered.held < GATHERED && !gathered.ended {
            gathered.gather()?;
        }
        if !gathered.ended {
            for name in named {
                gathered.names.number(name);
            }
        }
        gathered.names.closed = true;
        Ok(gathered)
    }

    /// Why the first of what was gathered is no row, if it is none.
    pub(super) fn first_odd(&self) -> Option<String> {
        let first = self.waiting.front()?;
        let why = first.odd.as_ref()?;
        Some(format!("line {}: {why}", first.line))
    }

    /// What the rows gathered say.
    pub(super) fn sample(&self) -> Sample {
        let rows = self.waiting.iter().filter(|row| row.odd.is_none());
        let rows = rows.map(|row| {
            let values = row.values();
            values.map(|(name, span)| (name, span.raw(row.bytes())))
        });
        Sample::of_named(&self.names.all, rows)
    }

    /// Adds the dates of further rows to the evidence; whether there may be more.
    pub(super) fn weigh(&mut self, plan: &Plan, evidence: &mut Evidence) -> io::Result<bool> {
        if self.weighed > 0 {
            let before = self.held;
            while self.held < before.max(1) * 2 && self.held < UNDECIDED && !self.ended {
                self.gather()?;
            }
        }
        let times = plan.times();
        for row in self.waiting.iter().skip(self.weighed) {
            let dates = row.values().filter(|(name, _)| times.contains(name));
            for (_, span) in dates {
                let text = String::from_utf8_lossy(span.raw(row.bytes()));
                if let Some(stamp) = Stamp::parse(text.trim()) {
                    evidence.add(stamp);
                }
            }
        }
        self.weighed = self.waiting.len();
        Ok(!self.ended && self.held < UNDECIDED)
    }

    fn gather(&mut self) -> io::Result<()> {
        let mut row = Row::default();
        match self.rows.next(&mut row, &mut self.names)? {
            Next::Row => {}
            Next::Odd(why) => row.odd = Some(why),
            Next::End => {
                self.ended = true;
                return Ok(());
            }
        }
        self.held += row.bytes.len() + size_of::<Row>();
        self.waiting.push_back(row);
        Ok(())
    }

    /// The next row, those gathered first.
    pub(super) fn next(&mut self, row: &mut Row) -> io::Result<Next> {
        if let Some(waiting) = self.waiting.pop_front() {
            *row = waiting;
            return Ok(row.odd.take().map_or(Next::Row, Next::Odd));
        }
        row.clear();
        if self.ended {
            return Ok(Next::End);
        }
        self.rows.next(row, &mut self.names)
    }

    /// Bytes read so far, about.
    pub(super) fn read(&self) -> u64 {
        self.rows.read()
    }

    /// Sentences about what was left out.
    pub(super) fn notes(&self) -> Vec<String> {
        let notes = self.names.note().into_iter().chain(self.rows.notes());
        notes.chain(self.foreign.note()).collect()
    }
}

impl std::fmt::Debug for Gathered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = &self.names;
        f.debug_struct("Gathered")
            .field("names", names)
            .finish_non_exhaustive()
    }
}
