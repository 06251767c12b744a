//! One value.

use std::fmt::Display;
use std::ops::{Range, RangeInclusive};
use std::path::PathBuf;

use toml::Spanned;
use toml::de::DeValue;

use super::super::problem::Problem;
use super::{Reader, Section};
use crate::model::rule::Rule;
use crate::model::stage::ClockRule;
use crate::model::time::{Day, Zone, parse_span};
use crate::query::{QueryError, parse, parse_recorded};

/// One value of the config, of whatever type it is.
pub(in crate::config) struct Setting<'a> {
    pub(super) reader: &'a Reader<'a>,
    /// The dotted name, for example `sources.url`.
    pub(super) name: String,
    pub(super) value: &'a DeValue<'a>,
    pub(super) span: Range<usize>,
}

impl<'a> Setting<'a> {
    pub(in crate::config) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    pub(in crate::config) fn reader(&self) -> &'a Reader<'a> {
        self.reader
    }

    pub(in crate::config) fn is_text(&self) -> bool {
        self.value.is_str()
    }

    pub(in crate::config) fn is_table(&self) -> bool {
        self.value.is_table()
    }

    fn type_name(&self) -> &'static str {
        match self.value {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) | DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date or time",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        }
    }

    /// Says what the value is and what it should be.
    fn wrong_type<T>(&self, expected: &str) -> Option<T> {
        let what = format!("{} is {}, not {expected}", self.name, self.type_name());
        self.problem(what, &format!("expected {expected}"));
        None
    }

    pub(in crate::config) fn problem(&self, what: impl Into<String>, expected: &str) {
        self.reader
            .report(Problem::new(self.span(), what, expected));
    }

    /// A text that is not empty.
    pub(in crate::config) fn text(&self) -> Option<Spanned<String>> {
        let Some(text) = self.value.as_str() else {
            return self.wrong_type("a text in quotes");
        };
        if text.trim().is_empty() {
            self.problem(format!("{} is empty", self.name), "expected a text");
            return None;
        }
        Some(Spanned::new(self.span(), text.to_owned()))
    }

    /// A text that may be empty.
    pub(in crate::config) fn any_text(&self) -> Option<String> {
        match self.value.as_str() {
            Some(text) => Some(text.to_owned()),
            None => self.wrong_type("a text in quotes"),
        }
    }

    /// A list of texts; one text alone is a list of one.
    pub(in crate::config) fn texts(&self) -> Vec<Spanned<String>> {
        match self.value {
            DeValue::Array(_) => self.list().iter().filter_map(Setting::text).collect(),
            DeValue::String(_) => self.text().into_iter().collect(),
            _ => {
                self.wrong_type::<()>("a list of texts");
                Vec::new()
            }
        }
    }

    /// The values of a list.
    pub(in crate::config) fn list(&self) -> Vec<Setting<'a>> {
        let Some(array) = self.value.as_array() else {
            self.wrong_type::<()>("a list in [ ]");
            return Vec::new();
        };
        let each = array.iter().map(|value| Setting {
            reader: self.reader,
            name: self.name.clone(),
            value: value.get_ref(),
            span: value.span(),
        });
        each.collect()
    }

    pub(in crate::config) fn table(&self) -> Option<Section<'a>> {
        if let DeValue::Table(table) = self.value {
            return Some(Section::new(self, table));
        }
        let what = format!("{} is {}, not one table", self.name, self.type_name());
        let problem = Problem::new(self.span(), what, "expected one table");
        let hint = format!("write [{}] or {{ key = value }}", self.name);
        self.reader.report(problem.hint(hint));
        None
    }

    pub(in crate::config) fn tables(&self) -> Vec<Section<'a>> {
        if let DeValue::Table(_) = self.value {
            self.reader.report(
                Problem::new(
                    self.span(),
                    format!("{} is one table, not a list of tables", self.name),
                    "expected a list",
                )
                .hint(format!("write [[{}]]", self.name)),
            );
            return Vec::new();
        }
        self.list().iter().filter_map(Setting::table).collect()
    }

    pub(in crate::config) fn flag(&self) -> Option<bool> {
        self.value
            .as_bool()
            .or_else(|| self.wrong_type("true or false"))
    }

    /// A whole number within bounds.
    pub(in crate::config) fn whole(&self, bounds: RangeInclusive<i64>) -> Option<i64> {
        let expected = format!("a whole number from {} to {}", bounds.start(), bounds.end());
        let Some(written) = self.value.as_integer() else {
            return self.wrong_type(&expected);
        };
        let number = i64::from_str_radix(written.as_str(), written.radix()).ok();
        let within = number.filter(|number| bounds.contains(number));
        if within.is_none() {
            self.problem(
                format!("{written} is out of bounds for {}", self.name),
                &format!("expected {expected}"),
            );
        }
        within
    }

    /// A number within bounds.
    pub(in crate::config) fn number(&self, bounds: RangeInclusive<f64>) -> Option<f64> {
        let number = match self.value {
            DeValue::Integer(whole) if whole.radix() == 10 => whole.as_str().parse::<f64>().ok(),
            DeValue::Float(number) => number.as_str().parse::<f64>().ok(),
            _ => return self.wrong_type("a number"),
        };
        let within = number.filter(|number| bounds.contains(number));
        if within.is_none() {
            let expected = format!("expected {} to {}", bounds.start(), bounds.end());
            self.problem(format!("{} is out of bounds", self.name), &expected);
        }
        within
    }

    /// A date, with or without quotes.
    pub(in crate::config) fn day(&self) -> Option<Day> {
        let day = match self.value {
            DeValue::Datetime(when) if when.time.is_none() => when.date.and_then(|date| {
                Day::from_ymd(
                    i32::from(date.year),
                    u32::from(date.month),
                    u32::from(date.day),
                )
            }),
            DeValue::String(text) => Day::parse(text),
            _ => None,
        };
        if day.is_none() {
            let what = format!("{} is no date", self.reader.raw(&self.span));
            self.problem(what, "expected a date such as 2026-06-01");
        }
        day
    }

    /// A duration in seconds, more than none.
    pub(in crate::config) fn span_secs(&self) -> Option<i64> {
        let text = self.text()?;
        let seconds = parse_span(text.get_ref()).filter(|seconds| *seconds > 0);
        if seconds.is_none() {
            self.problem(
                format!("\"{}\" is no duration", text.get_ref()),
                "expected a whole number with s, m, h, d, w or y, such as \"60s\" or \"5d\"",
            );
        }
        seconds
    }

    /// A text that `read` understands. What its error says behind a semicolon is taken as what was
    /// expected.
    pub(in crate::config) fn parsed<T, E: Display>(
        &self,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let text = self.text()?;
        let report = |error: E| {
            let sentence = error.to_string();
            let (what, expected) = sentence.split_once("; ").unwrap_or((&sentence, ""));
            self.problem(what, expected);
        };
        read(text.get_ref()).map_err(report).ok()
    }

    /// One of some words.
    pub(in crate::config) fn word<T: Copy>(&self, what: &str, known: &[(&str, T)]) -> Option<T> {
        let text = self.text()?;
        let found = known.iter().find(|(name, _)| name == text.get_ref());
        if found.is_none() {
            let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
            self.reader.unknown_name(&text, what, &names);
        }
        found.map(|(_, value)| *value)
    }

    /// A path; relative ones start at the config's folder.
    pub(in crate::config) fn path(&self) -> Option<PathBuf> {
        self.text().map(|text| self.reader.path(text.get_ref()))
    }

    /// The name of a clock rule.
    pub(in crate::config) fn clock_rule(&self) -> Option<ClockRule> {
        let rules = ClockRule::ALL.map(|rule| (rule.name(), rule));
        self.word("clock rule", &rules)
    }

    /// A time zone.
    pub(in crate::config) fn zone(&self) -> Option<Zone> {
        let text = self.text()?;
        let zone = Zone::named(text.get_ref()).ok();
        if zone.is_none() {
            let what = format!("\"{}\" is no time zone", text.get_ref());
            self.problem(what, "expected an IANA name such as Europe/Berlin or UTC");
        }
        zone
    }

    /// A filter over items.
    pub(in crate::config) fn filter(&self) -> Option<Rule> {
        self.rule(parse)
    }

    /// A rule of a stream.
    pub(in crate::config) fn recorded_rule(&self) -> Option<Rule> {
        self.rule(parse_recorded)
    }

    fn rule(&self, read: impl FnOnce(&str) -> Result<Rule, QueryError>) -> Option<Rule> {
        let text = self.any_text()?;
        read(&text)
            .map_err(|error| {
                let span = self.place_within(&error.span);
                let what = format!("{} cannot be read: {}", self.name, error.what);
                let label = error.hint.unwrap_or_default();
                self.reader.report(Problem::new(span, what, label));
            })
            .ok()
    }

    /// Where a part of the text stands in the file: exactly, or the whole value where its escapes
    /// do not allow it.
    fn place_within(&self, part: &Range<usize>) -> Range<usize> {
        let raw = self.reader.raw(&self.span);
        let place = |offset| place_in_raw(raw, offset).map(|at| self.span.start + at);
        match (place(part.start), place(part.end)) {
            (Some(start), Some(end)) if self.reader.text.get(start..end).is_some() => start..end,
            _ => self.span(),
        }
    }
}

/// The byte of a TOML string as written at which byte `offset` of its content stands.
fn place_in_raw(raw: &str, offset: usize) -> Option<usize> {
    let quote = raw.get(..1)?;
    if raw.starts_with("\"\"\"") || raw.starts_with("'''") {
        let opening = raw.get(3..)?;
        let line_break = ["\r\n", "\n"]
            .into_iter()
            .find(|end| opening.starts_with(end))
            .map_or(0, str::len);
        let unescaped = quote == "'" || !opening.contains('\\');
        return unescaped.then_some(3 + line_break + offset);
    }
    let (mut at, mut content) = (1, 0);
    while content < offset {
        let rest = raw.get(at..)?;
        let one = rest.chars().next()?;
        let escaped = one == '\\' && quote == "\"";
        if escaped
            && rest
                .get(1..2)
                .is_none_or(|kind| !"\"\\bfnrte".contains(kind))
        {
            return None;
        }
        at += if escaped { 2 } else { one.len_utf8() };
        content += if escaped { 1 } else { one.len_utf8() };
    }
    (content == offset).then_some(at)
}
