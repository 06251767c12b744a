//! Opens a file and reads as much of its beginning as it takes to understand it.

mod delimited;
mod understood;

use std::io::{self, BufReader, ErrorKind, Read};

pub(super) use delimited::Text;
pub(super) use understood::{Understood, times_sentence, unclear_note};

use super::format::format_of;
use super::input::{Input, is_damage};
use super::jsonl::JsonLines;
use super::named::{Gathered, NamedRows};
use super::pieces::read_full;
use super::text::{Foreign, Utf8};
use super::xes::Xes;
use crate::archive::{Format, recognise};
use crate::connectors::settings::{Columns, FileFormat, FileSettings};
use crate::connectors::{Fault, halves};

/// Bytes read before anything is decided.
const HEAD: usize = 128 * 1024;
/// Bytes in which a zero says that the file is no text.
const LOOKED_AT: usize = 4096;

/// A file that is understood, ready to be read from its first row on.
#[derive(Debug)]
pub(super) struct Opened {
    /// Bytes of the file, unpacked.
    pub(super) size: u64,
    pub(super) body: Body,
    pub(super) about: Understood,
}

/// How the rows of a file are found.
#[derive(Debug)]
pub(super) enum Body {
    /// They are delimited text.
    Delimited(Text),
    /// Their values have names.
    Named(Gathered),
}

/// What was read of a file before it is understood.
pub(super) struct Begun {
    input: Input,
    /// Bytes of the file, unpacked.
    size: u64,
    /// Without the mark of UTF-8.
    head: Vec<u8>,
    /// Whether that is all.
    whole: bool,
    /// If `weir export` wrote it: how.
    pub(super) own: Option<Format>,
    /// What it is, if not that.
    pub(super) format: FileFormat,
}

/// Opens a file and reads its beginning.
///
/// # Errors
/// [`Fault::Unusable`] with what is wrong and how to mend it.
pub(super) fn begin(settings: &FileSettings) -> Result<Begun, Fault> {
    let failed = |error: io::Error| fault(settings, &error);
    let (mut input, size) = Input::open(&settings.path).map_err(failed)?;
    let mut head = Vec::new();
    let whole = more(&mut input, &mut head, HEAD).map_err(failed)?;
    let own = recognise(&head);
    if own.is_none() {
        let bom = check(&head, settings)?;
        head.drain(..bom);
    }
    Ok(Begun {
        format: format_of(&settings.path, settings.format, &head),
        input,
        size,
        head,
        whole,
        own,
    })
}

/// Decides how to read a file.
///
/// # Errors
/// [`Fault::Unusable`] with what is wrong and how to mend it.
pub(super) fn understand(begun: Begun, settings: &FileSettings) -> Result<Opened, Fault> {
    let size = begun.size;
    let settings = &FileSettings {
        format: begun.format,
        ..settings.clone()
    };
    let (body, about) = match settings.format {
        FileFormat::Jsonl => {
            no_list(&begun.head, settings)?;
            named(begun, settings, |input| Box::new(JsonLines::new(input)))?
        }
        FileFormat::Xes => named(begun, settings, |input| Box::new(Xes::new(input)))?,
        FileFormat::Auto | FileFormat::Csv | FileFormat::JiraJson => {
            delimited::open(begun, settings)?
        }
    };
    Ok(Opened { size, body, about })
}

/// Opens a file and decides how to read it.
#[cfg(test)]
pub(super) fn open(settings: &FileSettings) -> Result<Opened, Fault> {
    understand(begin(settings)?, settings)
}

fn no_list(head: &[u8], settings: &FileSettings) -> Result<(), Fault> {
    if head.trim_ascii_start().starts_with(b"[") {
        let hint = "write one object a line, for example with `jq -c '.[]'`; only what Jira's search \
                    answers is read as a list";
        return Err(unusable(settings, "is one JSON list", hint));
    }
    Ok(())
}

impl Begun {
    /// The file from its first byte on.
    pub(super) fn all(self) -> BufReader<impl Read + Send> {
        BufReader::with_capacity(HEAD, io::Cursor::new(self.head).chain(self.input))
    }

    /// The whole file of JSON as text, and what is to be said of its letters.
    ///
    /// # Errors
    /// What the system says.
    pub(super) fn text(self) -> io::Result<(String, Option<String>)> {
        let mut bytes = self.head;
        let rest = usize::try_from(self.size).unwrap_or_default();
        bytes.reserve(rest.saturating_sub(bytes.len()) + 1);
        let mut input = self.input;
        input.read_to_end(&mut bytes)?;
        halves::mend(&mut bytes);
        let bytes = match String::from_utf8(bytes) {
            Ok(text) => return Ok((text, None)),
            Err(error) => error.into_bytes(),
        };
        let (foreign, mut text) = (Foreign::default(), String::new());
        Utf8::new(bytes.as_slice(), foreign.clone()).read_to_string(&mut text)?;
        Ok((text, foreign.note()))
    }
}

/// The bytes of a file that is not delimited text.
type Letters = BufReader<Utf8<Box<dyn Read + Send>>>;

fn named(
    begun: Begun,
    settings: &FileSettings,
    rows: impl FnOnce(Letters) -> Box<dyn NamedRows>,
) -> Result<(Body, Understood), Fault> {
    let failed = |error: io::Error| fault(settings, &error);
    let (foreign, spoken_of) = (Foreign::default(), spoken_of(settings));
    let input: Box<dyn Read + Send> = Box::new(begun.all());
    let rows = rows(BufReader::new(Utf8::new(input, foreign.clone())));
    let mut gathered = Gathered::new(rows, &spoken_of, foreign).map_err(failed)?;
    let sample = gathered.sample();
    if sample.rows == 0 {
        let hint = "use a file with one event a line, or one XES log";
        let why = gathered.first_odd();
        let what = why.map_or("holds no event".to_owned(), |why| {
            format!("holds no event: {why}")
        });
        return Err(unusable(settings, &what, hint));
    }
    let about = Understood::of(&sample, settings, &mut |plan, evidence| {
        gathered.weigh(plan, evidence).map_err(failed)
    })?;
    Ok((Body::Named(gathered), about))
}

/// The names that the settings speak of.
fn spoken_of(settings: &FileSettings) -> Vec<&String> {
    let Columns {
        item,
        status,
        time,
        kind,
        team,
        title,
        assignee,
        key,
        url,
    } = &settings.columns;
    let ones = [item, time, kind, team, title, assignee, key, url];
    let columns = ones.into_iter().flatten().chain(status);
    columns.chain(settings.fields.keys()).collect()
}

/// Appends up to `most` bytes; whether the file ends with them.
fn more(file: &mut Input, head: &mut Vec<u8>, most: usize) -> io::Result<bool> {
    let before = head.len();
    head.resize(before + most, 0);
    let read = read_full(file, &mut head[before..])?;
    head.truncate(before + read);
    Ok(read < most)
}

/// The length of the mark that says UTF-8, if the bytes are not plainly something else.
fn check(head: &[u8], settings: &FileSettings) -> Result<usize, Fault> {
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
        return Err(unusable(settings, "is UTF-16", "save it as UTF-8"));
    }
    let known = [
        (&b"PK\x03\x04"[..], "is a workbook or an archive"),
        (&b"\x1f\x8b"[..], "is packed twice"),
        (&b"BZh"[..], "is packed with bzip2"),
        (&b"\x28\xb5\x2f\xfd"[..], "is packed with zstd"),
        (&b"\xfd7zXZ"[..], "is packed with xz"),
        (&b"%PDF"[..], "is a PDF"),
    ];
    if let Some((_, what)) = known.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Err(unusable(
            settings,
            what,
            "export the log as CSV, JSONL or XES, plain or packed with gzip",
        ));
    }
    if head.iter().take(LOOKED_AT).any(|byte| *byte == 0) {
        return Err(unusable(
            settings,
            "is not text",
            "use a CSV, JSONL or XES file",
        ));
    }
    let bom = head.starts_with(&[0xef, 0xbb, 0xbf]);
    Ok(if bom { 3 } else { 0 })
}

pub(super) fn unusable(settings: &FileSettings, what: &str, hint: &str) -> Fault {
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
        _ if is_damage(error) => Fault::Unusable {
            what: format!("{place} is damaged or cut off: {error}"),
            hint: "pack it again, or copy it again".to_owned(),
        },
        _ => Fault::Unusable {
            what: format!("{place} cannot be read: {error}"),
            hint: "check the disk and the path".to_owned(),
        },
    }
}
