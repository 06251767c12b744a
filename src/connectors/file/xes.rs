//! The process miners' XML (XES): a log of traces, a trace of events.
//!
//! A trace is an item, an event is a row. What a trace says of itself holds for all its events,
//! unless an event says otherwise. Attributes are called by their keys, those inside others by both
//! keys with a dot between; several values of one key are joined. What a trace says under a key
//! that means something else of an event (its name, a time) is called `case:` and the key.
//!
//! Extensions, globals and classifiers declare, they tell nothing: they are passed over, as is
//! every element of another namespace than the log's.

mod elements;

use std::io::{self, BufRead};

use quick_xml::errors::{Error, IllFormedError};
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::reader::NsReader;

use super::lines::Counted;
use super::named::{NamedRows, Names, Next, Row};
use elements::{Attribute, Open, Tag};

/// Elements inside one another; a file with more is none that people or tools write.
const DEEPEST: usize = 64;
/// Keys that a trace and an event use for different things.
const OF_EVENTS: [&str; 4] = [
    "concept:name",
    "time:timestamp",
    "lifecycle:transition",
    "identity:id",
];
/// The name of a trace, as its rows have it.
const ITEM: &str = "case:concept:name";

/// Reads the events of a log.
pub(super) struct Xes<R> {
    reader: NsReader<Counted<R>>,
    buffer: Vec<u8>,
    /// The elements that are open, outermost first.
    open: Vec<Open>,
    /// The log's namespace.
    namespace: Option<String>,
    /// The keys above, with dots between.
    path: String,
    traces: u64,
    /// What the trace says of itself.
    trace: Row,
    /// What the event says.
    event: Row,
    /// Why the event is kept out.
    broken: Option<String>,
    /// Attributes of traces that stand after an event.
    late: u64,
    /// Whether nothing more can be read.
    over: bool,
}

/// What a piece of the file comes to.
enum Told {
    /// Nothing yet.
    Nothing,
    /// An event that is whole.
    Event,
    /// Something that is kept out.
    Odd(String),
}

impl<R: BufRead> Xes<R> {
    pub(super) fn new(input: R) -> Self {
        let mut reader = NsReader::from_reader(Counted::new(input));
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        Self {
            reader,
            buffer: Vec::new(),
            open: Vec::new(),
            namespace: None,
            path: String::new(),
            traces: 0,
            trace: Row::default(),
            event: Row::default(),
            broken: None,
            late: 0,
            over: false,
        }
    }

    /// Reads one piece of the file.
    fn step(&mut self, names: &mut Names) -> io::Result<Told> {
        let line = self.reader.get_ref().line;
        self.reader.get_mut().step();
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        let read = match self.reader.read_resolved_event_into(&mut buffer) {
            Ok((of, event)) => {
                let own = self.namespace.as_deref();
                let is_own = own.is_none_or(|own| within(&of, own));
                let namespace = own.is_none().then(|| bound(&of)).flatten();
                Ok((event, is_own, namespace))
            }
            Err(error) => Err(error),
        };
        let told = match read {
            Ok((event, is_own, namespace)) => {
                Ok(self.take(&event, (line, is_own, namespace), names))
            }
            Err(error) => self.failed(error),
        };
        self.buffer = buffer;
        told
    }

    fn take(
        &mut self,
        event: &Event<'_>,
        (line, is_own, namespace): (u64, bool, Option<String>),
        names: &mut Names,
    ) -> Told {
        match event {
            Event::Start(start) if self.open.is_empty() => self.root(start, namespace),
            Event::Start(start) => self.start(start, (line, is_own), names),
            Event::End(end) => self.end(end.local_name().as_ref(), names),
            Event::Text(text) => self.text(text),
            Event::CData(text) => self.text(text),
            Event::GeneralRef(entity) => self.entity(entity),
            Event::Eof => self.eof(),
            _ => Told::Nothing,
        }
    }

    fn root(&mut self, start: &BytesStart<'_>, namespace: Option<String>) -> Told {
        if Tag::of(start.local_name().as_ref()) != Tag::Log {
            self.over = true;
            return Told::Odd("the file is no XES: its first element is not <log>".to_owned());
        }
        self.namespace = Some(namespace.unwrap_or_default());
        self.open.push(Open::Log);
        Told::Nothing
    }

    fn start(
        &mut self,
        start: &BytesStart<'_>,
        (line, is_own): (u64, bool),
        names: &mut Names,
    ) -> Told {
        if self.open.len() >= DEEPEST {
            self.over = true;
            let why = "elements are nested too deep here; the rest of the file is not read";
            return Told::Odd(why.to_owned());
        }
        let tag = Tag::of(start.local_name().as_ref());
        let above = self.open.last().unwrap_or(&Open::Passed);
        match (above, tag) {
            (Open::Passed, _) => self.pass(),
            _ if !is_own => self.pass(),
            (Open::Log, Tag::Trace) => self.start_trace(),
            (Open::Log | Open::Trace, Tag::Event) => self.start_event(line, names),
            (Open::Log, _) => self.pass(),
            (_, Tag::Trace) => return self.unclosed(&Open::Log, Self::start_trace),
            (_, Tag::Event) => {
                let mut next = |this: &mut Self| this.start_event(line, names);
                return self.unclosed(&Open::Trace, &mut next);
            }
            _ => return self.attribute(start, names),
        }
        Told::Nothing
    }

    fn pass(&mut self) {
        self.open.push(Open::Passed);
    }

    fn start_trace(&mut self) {
        self.traces += 1;
        self.trace.clear();
        self.path.clear();
        self.open.push(Open::Trace);
    }

    fn start_event(&mut self, line: u64, names: &mut Names) {
        if self.open.last() == Some(&Open::Trace) && !self.trace.has(names, ITEM) {
            let name = format!("trace {}", self.traces);
            self.trace.set(names, ITEM, &name);
        }
        self.event.clear();
        self.event.line = line;
        self.broken = None;
        self.path.clear();
        self.open.push(Open::Event);
    }

    /// Gives up what is open below `above`, which the file has not closed, and goes on with `next`.
    fn unclosed(&mut self, above: &Open, mut next: impl FnMut(&mut Self)) -> Told {
        let broken = self.open.contains(&Open::Event);
        let keep = self.open.iter().position(|open| open == above);
        self.open.truncate(keep.map_or(1, |at| at + 1));
        let line = self.event.line;
        next(self);
        if broken {
            return Told::Odd(format!("the event of line {line} is not closed"));
        }
        Told::Odd("the trace before is not closed".to_owned())
    }

    fn attribute(&mut self, start: &BytesStart<'_>, names: &mut Names) -> Told {
        let attribute = Attribute::of(start);
        let above = self.path.len();
        let of_trace = self.open.last() == Some(&Open::Trace);
        let attribute = match attribute {
            Ok(attribute) => attribute,
            Err(why) => {
                self.open.push(Open::Passed);
                return self.odd(why);
            }
        };
        if let Some(key) = &attribute.key {
            if above > 0 {
                self.path.push('.');
            } else if of_trace && OF_EVENTS.contains(&key.as_str()) {
                self.path.push_str("case:");
            }
            self.path.push_str(key);
        }
        let untold = attribute.value.is_none().then(String::new);
        if let Some(value) = attribute.value {
            self.add(&value, names);
        }
        self.open.push(Open::Attribute { above, untold });
        Told::Nothing
    }

    fn add(&mut self, value: &str, names: &mut Names) {
        if self.open.contains(&Open::Event) {
            self.event.add(names, &self.path, value);
            return;
        }
        // What is left of the trace's last event.
        self.late += u64::from(self.event.line > 0);
        self.trace.add(names, &self.path, value);
    }

    /// Why an event, or a part of a trace, is kept out.
    fn odd(&mut self, why: String) -> Told {
        if self.open.contains(&Open::Event) {
            self.broken.get_or_insert(why);
            return Told::Nothing;
        }
        Told::Odd(why)
    }

    fn text(&mut self, text: &str) -> Told {
        if let Some(Open::Attribute {
            untold: Some(untold),
            ..
        }) = self.open.last_mut()
        {
            untold.push_str(text);
        }
        Told::Nothing
    }

    fn entity(&mut self, entity: &BytesRef<'_>) -> Told {
        let entity = format!("&{};", &**entity);
        match quick_xml::escape::unescape(&entity) {
            Ok(text) => self.text(&text),
            Err(_) => self.odd(format!("{entity} means nothing in XML")),
        }
    }

    /// Closes the innermost element of this name; one that was never opened is passed over.
    fn end(&mut self, name: &str, names: &mut Names) -> Told {
        let tag = Tag::of(name);
        let closes = |open: &Open| open.is_closed_by(tag);
        let Some(at) = self.open.iter().rposition(closes) else {
            return Told::Nothing;
        };
        let closed = self.open.split_off(at);
        match closed.into_iter().next() {
            Some(Open::Attribute { above, untold }) => {
                let untold = untold.filter(|text| !text.trim().is_empty());
                if let Some(text) = untold {
                    self.add(text.trim(), names);
                }
                self.path.truncate(above);
                Told::Nothing
            }
            Some(Open::Event) => {
                self.path.clear();
                self.broken.take().map_or(Told::Event, Told::Odd)
            }
            Some(Open::Trace) => {
                self.event.line = 0;
                Told::Nothing
            }
            _ => Told::Nothing,
        }
    }

    fn eof(&mut self) -> Told {
        self.over = true;
        if self.open.is_empty() && self.namespace.is_some() {
            return Told::Nothing;
        }
        Told::Odd("the file ends before its log is closed: it may be cut off".to_owned())
    }

    fn failed(&mut self, error: Error) -> io::Result<Told> {
        let why = match error {
            Error::Io(error) => return Err(io::Error::new(error.kind(), error.to_string())),
            Error::IllFormed(IllFormedError::MismatchedEndTag { .. }) => return Ok(Told::Nothing),
            other => other.to_string(),
        };
        self.over = true;
        let why = if self.reader.get_ref().is_spent() {
            "an element is too long".to_owned()
        } else {
            why
        };
        Ok(Told::Odd(format!(
            "{why}; the rest of the file is not read"
        )))
    }
}

fn within(of: &ResolveResult<'_>, namespace: &str) -> bool {
    bound(of).unwrap_or_default() == namespace
}

fn bound(of: &ResolveResult<'_>) -> Option<String> {
    match of {
        ResolveResult::Bound(Namespace(name)) => Some(name.trim_end_matches('/').to_owned()),
        _ => None,
    }
}

impl<R: BufRead + Send> NamedRows for Xes<R> {
    fn next(&mut self, row: &mut Row, names: &mut Names) -> io::Result<Next> {
        while !self.over {
            let line = self.reader.get_ref().line;
            match self.step(names)? {
                Told::Nothing => {}
                Told::Event => {
                    row.copy(&self.trace);
                    row.over(&self.event);
                    row.line = self.event.line;
                    return Ok(Next::Row);
                }
                Told::Odd(why) => {
                    row.line = line;
                    return Ok(Next::Odd(why));
                }
            }
        }
        Ok(Next::End)
    }

    fn read(&self) -> u64 {
        self.reader.get_ref().bytes
    }

    fn notes(&self) -> Vec<String> {
        let late = self.late;
        let note = || {
            format!(
                "{late} attributes of traces stand after an event; they hold for the events after them"
            )
        };
        (late > 0).then(note).into_iter().collect()
    }
}
