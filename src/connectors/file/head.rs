//! Opens a file and reads as much of its beginning as it takes to understand it.

use std::fs::File;
use std::io::{self, ErrorKind};

use super::columns;
use super::found;
use super::pieces::{Piece, read_full};
use super::plan::{Layout, Plan};
use super::records::{Dialect, Records, Step};
use super::sample::Sample;
use super::text::Decoder;
use super::times::{Evidence, Stamp, TimeReader, Told};
use crate::connectors::Fault;
use crate::connectors::settings::{FileFormat, FileSettings};
use crate::model::time::{TimePattern, Zone};

/// Bytes read before anything is decided.
const HEAD: usize = 128 * 1024;
/// Bytes in which a zero says that the file is no text.
const LOOKED_AT: usize = 4096;
/// Most bytes held while no date says which number is the day.
const UNDECIDED: usize = 64 * 1024 * 1024;

/// A file that is understood, ready to be read from its first row on.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) file: File,
    /// Bytes of the file.
    pub(super) size: u64,
    /// The bytes read so far.
    pub(super) head: Piece,
    /// Where the rows begin in them, and how many lines stand before.
    pub(super) rows_begin: (usize, u64),
    pub(super) dialect: Dialect,
    pub(super) plan: Plan,
    pub(super) times: TimeReader,
    /// How days and months are told apart, if that was a question.
    order: Option<String>,
    /// The same, if nothing in the file says it.
    doubt: Option<String>,
    /// The settings that say what was found out.
    found: FileSettings,
    notes: Vec<String>,
}

/// Opens a file and decides how to read it.
///
/// # Errors
/// [`Fault::Unusable`] with what is wrong and how to mend it.
pub(super) fn open(settings: &FileSettings) -> Result<Opened, Fault> {
    if settings.format != FileFormat::Csv {
        return Err(unusable(
            settings,
            "is not delimited text",
            "use a CSV file",
        ));
    }
    let failed = |error: io::Error| fault(settings, &error);
    let mut file = File::open(&settings.path).map_err(failed)?;
    let size = file.metadata().map_err(failed)?.len();
    let mut head = Vec::new();
    let mut whole = more(&mut file, &mut head, HEAD).map_err(failed)?;
    let bom = check(&head, settings)?;
    head.drain(..bom);
    let sample = sample(&head, whole, settings)?;
    let mut plan = columns::choose(&sample, settings)?;
    let pattern = pattern(settings)?;
    let mut evidence = Evidence::default();
    let mut seen = sample.rows_begin.0;
    if pattern.is_none() {
        let mut records = Records::new(sample.dialect);
        seen = weigh(&mut evidence, &plan, &mut records, (&head, seen, whole));
        while evidence.is_open() && !whole && head.len() < UNDECIDED {
            let step = head.len();
            whole = more(&mut file, &mut head, step).map_err(failed)?;
            seen = weigh(&mut evidence, &plan, &mut records, (&head, seen, whole));
        }
    }
    let zone = settings.time_zone.clone().unwrap_or_else(Zone::utc);
    let (order, why) = evidence.decide();
    let times = TimeReader::new(order, pattern, zone);
    columns::in_order(&mut plan, &sample, times.clone());
    let mut found = found::settings(&sample, &plan, settings);
    if evidence.numbers > 0 {
        found.time_format = found::pattern(&sample, &plan, &times);
    }
    let read = format!("read {}: {why}", order.name());
    Ok(Opened {
        file,
        size,
        head: Piece::whole(head, whole),
        rows_begin: sample.rows_begin,
        dialect: sample.dialect,
        times,
        doubt: evidence.is_open().then(|| format!("dates are {read}")),
        order: (evidence.numbers > 0).then_some(read),
        found,
        notes: notes(&sample, &plan),
        plan,
    })
}

impl Opened {
    /// The notes on how the file was understood.
    pub(super) fn notes(&self) -> Vec<String> {
        self.notes.clone()
    }

    /// How the times were read, in a sentence.
    pub(super) fn times_sentence(
        order: Option<&str>,
        told: Told,
        settings: &FileSettings,
    ) -> String {
        let zone = settings.time_zone.as_ref();
        let name = zone.map_or("UTC", Zone::name);
        let source = if zone.is_some() {
            "as the settings say"
        } else {
            "as nothing else is said; set time_zone if that is wrong"
        };
        let zone = match (told.offset, told.civil) {
            (true, false) => "times say their own offset".to_owned(),
            (false, true) => format!("times have no offset and are taken as {name}, {source}"),
            (true, true) => {
                format!("some times say their own offset, the others are taken as {name}, {source}")
            }
            (false, false) => return "no time was read".to_owned(),
        };
        match order {
            Some(order) => format!("{zone}; dates are {order}"),
            None => zone,
        }
    }

    /// How days and months are told apart if nothing in the file says it, in a sentence.
    pub(super) fn doubt(&self) -> Option<String> {
        self.doubt.clone()
    }

    /// The settings that say what was found out, but for the zone.
    pub(super) fn found(&self) -> FileSettings {
        self.found.clone()
    }

    /// How days and months are told apart, if that was a question.
    pub(super) fn order(&self) -> Option<String> {
        self.order.clone()
    }
}

fn sample(head: &[u8], whole: bool, settings: &FileSettings) -> Result<Sample, Fault> {
    let empty = || {
        unusable(
            settings,
            "holds no row",
            "use a file with a header and rows",
        )
    };
    let sample = Sample::take(head, whole).ok_or_else(empty)?;
    if sample.rows == 0 {
        return Err(empty());
    }
    if sample.columns.len() < 2 {
        let hint = "weir reads fields separated by comma, semicolon, tab or |";
        return Err(unusable(settings, "has only one column", hint));
    }
    Ok(sample)
}

fn notes(sample: &Sample, plan: &Plan) -> Vec<String> {
    let mut notes = Vec::new();
    if !sample.has_header {
        notes.push(
            "the first line holds values, so the columns are called by number: column 1, column 2, …"
                .to_owned(),
        );
    }
    if plan.newest_first && matches!(plan.layout, Layout::Moves { .. }) {
        notes.push("the newest rows come first; they are put in order".to_owned());
    }
    notes
}

fn pattern(settings: &FileSettings) -> Result<Option<TimePattern>, Fault> {
    let given = settings.time_format.as_deref();
    let given = given.filter(|pattern| !pattern.eq_ignore_ascii_case("auto"));
    let pattern = given.map(TimePattern::new).transpose();
    pattern.map_err(|error| Fault::Unusable {
        what: format!("time_format of {}: {error}", settings.path.display()),
        hint: "or leave it out: weir then finds out by itself".to_owned(),
    })
}

/// Appends up to `most` bytes; whether the file ends with them.
fn more(file: &mut File, head: &mut Vec<u8>, most: usize) -> io::Result<bool> {
    let before = head.len();
    head.resize(before + most, 0);
    let read = read_full(file, &mut head[before..])?;
    head.truncate(before + read);
    Ok(read < most)
}

/// Adds the dates of the rows from `seen` on to the evidence; where the next row begins.
fn weigh(
    evidence: &mut Evidence,
    plan: &Plan,
    records: &mut Records,
    (head, seen, whole): (&[u8], usize, bool),
) -> usize {
    let columns = plan.times();
    let (mut at, mut scratch) = (seen, Vec::new());
    let mut decoder = Decoder::default();
    while let Step::Record { next } = records.next(head, at, whole) {
        at = next;
        for column in &columns {
            let text = decoder.text(records.field(head, *column, &mut scratch));
            if let Some(stamp) = Stamp::parse(&text) {
                evidence.add(stamp);
            }
        }
    }
    at
}

/// The length of the mark that says UTF-8, if the bytes are not plainly something else.
fn check(head: &[u8], settings: &FileSettings) -> Result<usize, Fault> {
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
        return Err(unusable(settings, "is UTF-16", "save it as UTF-8"));
    }
    let known = [
        (&b"PK\x03\x04"[..], "is a workbook or an archive"),
        (&b"\x1f\x8b"[..], "is compressed"),
        (&b"%PDF"[..], "is a PDF"),
    ];
    if let Some((_, what)) = known.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Err(unusable(settings, what, "export the log as CSV"));
    }
    if head.iter().take(LOOKED_AT).any(|byte| *byte == 0) {
        return Err(unusable(settings, "is not text", "use a CSV file"));
    }
    let bom = head.starts_with(&[0xef, 0xbb, 0xbf]);
    Ok(if bom { 3 } else { 0 })
}

fn unusable(settings: &FileSettings, what: &str, hint: &str) -> Fault {
    Fault::Unusable {
        what: format!("{} {what}", settings.path.display()),
        hint: hint.to_owned(),
    }
}

/// What the system says about a file, as a fault.
pub(super) fn fault(settings: &FileSettings, error: &io::Error) -> Fault {
    let place = settings.path.display().to_string();
    match error.kind() {
        ErrorKind::NotFound => unusable(settings, "is not there", "check the path of the file"),
        ErrorKind::PermissionDenied => unusable(settings, "may not be read", "change its rights"),
        ErrorKind::IsADirectory => unusable(settings, "is a folder", "name a file in it"),
        _ => Fault::Unusable {
            what: format!("{place} cannot be read: {error}"),
            hint: "check the disk and the path".to_owned(),
        },
    }
}
