//! What holds, and whence each value comes: the file's values with their lines, the defaults of
//! what it leaves out, and what the command line says instead.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::mask::masked;
use super::{Config, source};
use crate::history::settings::HistoryUrl;
use crate::model::time::span_text;

/// The defaults: what stands in the example without being commented out.
const DEFAULTS: &str = include_str!("../../config.example.toml");

/// Whence a value comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody said otherwise.
    Default,
    /// A line of the file, from 1.
    Line(usize),
    /// A flag of the command line, with its dashes.
    Flag(&'static str),
}

/// A value that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The header of its section as TOML writes it, without brackets, and which of a list it is.
    pub section: (String, Header),
    /// Its key.
    pub key: String,
    /// As TOML, on one line, secrets masked.
    pub value: String,
    /// Whence it comes.
    pub origin: Origin,
}

/// What kind of section a value stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Header {
    /// One table.
    One,
    /// An entry of a list of tables; which, counted over the whole file.
    Entry(usize),
    /// A table of that entry.
    Within(usize),
}

/// Every value of a config that was read from `text`, in the order of the file, then the defaults of
/// the sections that the file leaves out.
pub fn shown(text: &str, config: &Config) -> Vec<Shown> {
    let mut found = Walk::over(text);
    for default in Walk::over(DEFAULTS) {
        put(
            &mut found,
            Shown {
                origin: Origin::Default,
                ..default
            },
        );
    }
    for (key, value) in machine(config) {
        put(&mut found, in_section(key, value, Origin::Default));
    }
    per_source(&mut found, config);
    per_stream(&mut found, config);
    found
}

/// Sets a value that the command line says in place of what the file says.
pub fn override_by(shown: &mut Vec<Shown>, key: &'static str, value: &str, flag: &'static str) {
    let said = in_section(key, quoted(value), Origin::Flag(flag));
    match shown.iter_mut().find(|one| is_same(one, &said)) {
        Some(one) => *one = said,
        None => put(shown, said),
    }
}

/// What the machine says where the file does not.
fn machine(config: &Config) -> Vec<(&'static str, String)> {
    let mut found = vec![("display.time_zone", quoted(config.display.time_zone.name()))];
    if let Ok(settings) = config.history.settings(&config.origin) {
        let url = match &settings.url {
            HistoryUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
            server @ HistoryUrl::Postgres(_) => server.to_string(),
        };
        found.push(("history.url", quoted(&url)));
    }
    found
}

/// How often each source is polled.
fn per_source(shown: &mut Vec<Shown>, config: &Config) {
    let usual = config.sources.iter().map(|one| {
        let poll = quoted(&span_text(source::default_poll_secs(&one.kind)));
        (one.name.as_str().to_owned(), poll)
    });
    for (name, poll) in usual.collect::<Vec<_>>() {
        put_in_entry(shown, ("sources", &name), ("poll", poll));
    }
}

/// The clock of each stream.
fn per_stream(shown: &mut Vec<Shown>, config: &Config) {
    for stream in &config.streams {
        let clock = quoted(stream.clock.name());
        put_in_entry(shown, ("streams", &stream.name), ("clock", clock));
    }
}

/// Puts a default into the entry of this name, if nothing stands there.
fn put_in_entry(shown: &mut Vec<Shown>, (list, name): (&str, &str), (key, value): (&str, String)) {
    let is_name =
        |one: &&Shown| one.section.0 == list && one.key == "name" && one.value == quoted(name);
    if let Some(section) = shown.iter().find(is_name).map(|one| one.section.clone()) {
        put(
            shown,
            Shown {
                section,
                key: key.to_owned(),
                value,
                origin: Origin::Default,
            },
        );
    }
}

/// Puts a value behind the others of its section, unless it is there.
fn put(shown: &mut Vec<Shown>, value: Shown) {
    if shown.iter().any(|one| is_same(one, &value)) {
        return;
    }
    let last = shown.iter().rposition(|one| one.section == value.section);
    let at = last.map_or(shown.len(), |last| last + 1);
    shown.insert(at, value);
}

fn is_same(one: &Shown, other: &Shown) -> bool {
    one.section == other.section && one.key == other.key
}

fn in_section(path: &str, value: String, origin: Origin) -> Shown {
    let (section, key) = path.rsplit_once('.').unwrap_or(("", path));
    Shown {
        section: (section.to_owned(), Header::One),
        key: key.to_owned(),
        value,
        origin,
    }
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// Goes over a document, its values in order.
struct Walk<'a> {
    text: &'a str,
    entries: usize,
    found: Vec<(usize, Shown)>,
}

impl<'a> Walk<'a> {
    fn over(text: &'a str) -> Vec<Shown> {
        let (document, _) = DeTable::parse_recoverable(text);
        let mut walk = Self {
            text,
            entries: 0,
            found: Vec::new(),
        };
        walk.table(document.get_ref(), &(String::new(), Header::One));
        walk.found.sort_by_key(|(at, _)| *at);
        walk.found.into_iter().map(|(_, one)| one).collect()
    }

    fn table(&mut self, table: &DeTable<'a>, section: &(String, Header)) {
        for (key, value) in table {
            let path = match section.0.as_str() {
                "" => key.get_ref().to_string(),
                above => format!("{above}.{}", key.get_ref()),
            };
            match value.get_ref() {
                DeValue::Table(below) if !self.is_inline(&value.span()) => {
                    self.table(below, &(path, section.1.below()));
                }
                DeValue::Array(list) if self.is_list_of_sections(list) => self.list(list, &path),
                other => self.value(section, key, (other, value.span())),
            }
        }
    }

    fn list(&mut self, list: &DeArray<'a>, path: &str) {
        for entry in list {
            self.entries += 1;
            if let DeValue::Table(table) = entry.get_ref() {
                self.table(table, &(path.to_owned(), Header::Entry(self.entries)));
            }
        }
    }

    fn value(
        &mut self,
        section: &(String, Header),
        key: &Spanned<std::borrow::Cow<'a, str>>,
        (value, span): (&DeValue<'a>, Range<usize>),
    ) {
        let line = 1 + self
            .text
            .get(..span.start)
            .map_or(0, |before| before.matches('\n').count());
        let name = key.get_ref().to_string();
        let written = format!("{name} = {}", on_one_line(value));
        let safe = masked(&written, &[]);
        let value = safe.get(name.len() + 3..).unwrap_or_default().to_owned();
        let shown = Shown {
            section: section.clone(),
            key: name,
            value,
            origin: Origin::Line(line),
        };
        self.found.push((span.start, shown));
    }

    fn is_inline(&self, span: &Range<usize>) -> bool {
        self.text
            .get(span.clone())
            .is_some_and(|raw| raw.starts_with('{'))
    }

    fn is_list_of_sections(&self, list: &DeArray<'a>) -> bool {
        let of_tables =
            |one: &Spanned<DeValue<'a>>| one.get_ref().is_table() && !self.is_inline(&one.span());
        !list.is_empty() && list.iter().all(of_tables)
    }
}

fn on_one_line(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => quoted(text),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(flag) => flag.to_string(),
        DeValue::Datetime(when) => when.to_string(),
        DeValue::Array(list) => {
            let all: Vec<String> = list.iter().map(|one| on_one_line(one.get_ref())).collect();
            format!("[{}]", all.join(", "))
        }
        DeValue::Table(table) => {
            let mut all: Vec<(usize, String)> = table
                .iter()
                .map(|(key, value)| {
                    let value = on_one_line(value.get_ref());
                    (key.span().start, format!("{} = {value}", key.get_ref()))
                })
                .collect();
            all.sort();
            let all: Vec<String> = all.into_iter().map(|(_, one)| one).collect();
            format!("{{ {} }}", all.join(", "))
        }
    }
}

impl Shown {
    /// Its section as TOML writes it; empty at the top.
    pub fn header(&self) -> String {
        match (self.section.0.as_str(), self.section.1) {
            ("", _) => String::new(),
            (name, Header::One | Header::Within(_)) => format!("[{name}]"),
            (name, Header::Entry(_)) => format!("[[{name}]]"),
        }
    }
}

impl Header {
    /// That of a table in such a section.
    fn below(self) -> Self {
        match self {
            Self::Entry(number) | Self::Within(number) => Self::Within(number),
            Self::One => Self::One,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::{Checks, Config};
    use super::{Origin, override_by, shown};

    const TEXT: &str = r#"# mine
[history]
url = "postgres://me@host/db"
password = { env = "PW" }

[[sources]]
name = "tracker"
kind = "redmine"
url = "https://redmine.example.org"
token = { env = "KEY" }
[sources.fields]
"Cost centre" = "team"

[[sources]]
name = "log"
kind = "csv"
path = "a.csv"
poll = "5s"

[display]
theme = "dark"

[[streams]]
name = "payments"
cancelled = [
  "a", # so it is
  "b",
]
"#;

    fn lines(text: &str) -> Vec<String> {
        let config = Config::parse(text, Path::new("/x/weir.toml"), &Checks::default()).unwrap();
        let line = |one: &super::Shown| {
            format!(
                "{} {} = {} {:?}",
                one.header(),
                one.key,
                one.value,
                one.origin
            )
        };
        shown(text, &config).iter().map(line).collect()
    }

    #[test]
    fn every_value_has_its_origin() {
        let told = lines(TEXT);
        let has = |line: &str| assert!(told.iter().any(|one| one == line), "{line}\n{told:#?}");
        has("[history] url = \"postgres://me@host/db\" Line(3)");
        has("[history] password = { env = \"PW\" } Line(4)");
        has("[history] retain = \"forever\" Default");
        has("[[sources]] token = { env = \"KEY\" } Line(10)");
        has("[sources.fields] Cost centre = \"team\" Line(12)");
        has("[[sources]] poll = \"1m\" Default");
        has("[[sources]] poll = \"5s\" Line(18)");
        has("[display] theme = \"dark\" Line(21)");
        has("[display] mouse = true Default");
        has("[[streams]] cancelled = [\"a\", \"b\"] Line(25)");
        has("[[streams]] clock = \"last-crossing\" Default");
        has("[forecast] trials = 10000 Default");
        let mut once = told.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), told.len(), "nothing twice");
    }

    #[test]
    fn an_empty_config_is_all_defaults() {
        let told = lines("");
        assert!(told.len() > 10);
        assert!(told.iter().all(|one| one.ends_with("Default")), "{told:#?}");
        assert!(
            told.iter()
                .any(|one| one.starts_with("[history] url = \"sqlite:"))
        );
    }

    #[test]
    fn a_flag_takes_the_place_of_the_file() {
        let text = "[display]\ntheme = \"dark\"\n";
        let config = Config::parse(text, Path::new("/x/weir.toml"), &Checks::default()).unwrap();
        let mut all = shown(text, &config);
        override_by(&mut all, "display.theme", "paper", "--theme");
        let themes: Vec<_> = all.iter().filter(|one| one.key == "theme").collect();
        assert_eq!(themes.len(), 1);
        assert_eq!(themes[0].value, "\"paper\"");
        assert_eq!(themes[0].origin, Origin::Flag("--theme"));
    }
}
