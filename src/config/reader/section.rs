//! One table.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::super::problem::Problem;
use super::{Reader, Setting};
use crate::model::rule::Rule;
use crate::model::time::WindowSpec;
use crate::query::did_you_mean;

/// One table of the config, being read.
pub(in crate::config) struct Section<'a> {
    reader: &'a Reader<'a>,
    table: &'a DeTable<'a>,
    span: Range<usize>,
    /// The dotted name, for example `streams.stages`; empty at the top.
    name: String,
    asked: Vec<&'static str>,
}

impl<'a> Section<'a> {
    pub(in crate::config) fn top(
        reader: &'a Reader<'a>,
        document: &'a Spanned<DeTable<'a>>,
    ) -> Self {
        Self {
            reader,
            table: document.get_ref(),
            span: document.span(),
            name: String::new(),
            asked: Vec::new(),
        }
    }

    pub(super) fn new(setting: &Setting<'a>, table: &'a DeTable<'a>) -> Self {
        Self {
            reader: setting.reader,
            table,
            span: setting.span.clone(),
            name: setting.name.clone(),
            asked: Vec::new(),
        }
    }

    pub(in crate::config) fn reader(&self) -> &'a Reader<'a> {
        self.reader
    }

    /// Where the section is; its header, or the whole table if it is written in braces.
    pub(in crate::config) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The value of a key, if it is there.
    pub(in crate::config) fn get(&mut self, key: &'static str) -> Option<Setting<'a>> {
        self.asked.push(key);
        let found = self.table.get_key_value(key);
        #[cfg(test)]
        self.reader.note(
            self.name_of(key),
            match found {
                Some(_) => super::Presence::Present,
                None => super::Presence::Absent,
            },
        );
        found.map(|(_, value)| self.setting(key, value))
    }

    /// The value of a key that has to be there; says so if it is not.
    pub(in crate::config) fn required(
        &mut self,
        key: &'static str,
        example: &str,
    ) -> Option<Setting<'a>> {
        let found = self.get(key);
        if found.is_none() {
            let what = format!("\"{key}\" is missing in {}", self.title());
            self.reader.report(
                Problem::new(self.span(), what, format!("needs \"{key}\""))
                    .hint(format!("add {key} = {example}")),
            );
        }
        found
    }

    /// The text of a key that has to be there.
    pub(in crate::config) fn required_text(
        &mut self,
        key: &'static str,
        example: &str,
    ) -> Option<Spanned<String>> {
        self.required(key, example)?.text()
    }

    /// The text of a key, if it is there.
    pub(in crate::config) fn text(&mut self, key: &'static str) -> Option<Spanned<String>> {
        self.get(key)?.text()
    }

    /// As [`Section::text`], without its place.
    pub(in crate::config) fn plain_text(&mut self, key: &'static str) -> Option<String> {
        self.text(key).map(Spanned::into_inner)
    }

    /// A window under `window`.
    pub(in crate::config) fn window(&mut self) -> Option<WindowSpec> {
        self.get("window")?.parsed(WindowSpec::parse)
    }

    /// A filter over items; all of them if the key is not there.
    pub(in crate::config) fn filter(&mut self, key: &'static str) -> Rule {
        let given = self.get(key).and_then(|setting| setting.filter());
        given.unwrap_or(Rule::Always)
    }

    /// The tables of a list whose names have to differ.
    pub(in crate::config) fn named_tables<T>(
        &mut self,
        (key, what): (&'static str, &str),
        read: impl FnMut(Section<'a>) -> Option<(Spanned<String>, T)>,
    ) -> Vec<T> {
        let entries = self.tables(key).into_iter().filter_map(read);
        let (names, values): (Vec<_>, Vec<_>) = entries.unzip();
        self.reader.check_unique(what, &names);
        values
    }

    /// A table under a key.
    pub(in crate::config) fn table(&mut self, key: &'static str) -> Option<Section<'a>> {
        self.get(key)?.table()
    }

    /// The tables of a list under a key.
    pub(in crate::config) fn tables(&mut self, key: &'static str) -> Vec<Section<'a>> {
        self.get(key)
            .map_or_else(Vec::new, |setting| setting.tables())
    }

    /// All keys with their places and values, where the keys are the user's own.
    pub(in crate::config) fn entries(&self) -> Vec<(Spanned<String>, Setting<'a>)> {
        let entries = self.table.iter().map(|(key, value)| {
            let name = Spanned::new(key.span(), key.get_ref().to_string());
            (name, self.setting(key.get_ref(), value))
        });
        let mut entries: Vec<_> = entries.collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        entries
    }

    /// Reports the keys that nobody asked for. `elsewhere` says why a key is not for this section
    /// although it looks known.
    pub(in crate::config) fn finish_with(self, elsewhere: impl Fn(&str) -> Option<String>) {
        for (key, value) in self.entries() {
            let name = key.get_ref().as_str();
            if self.asked.contains(&name) {
                continue;
            }
            self.hide_if_private(&value);
            self.reader.report(match elsewhere(name) {
                Some(why) => Problem::new(key.span(), why, "not used here").hint("remove it"),
                None => self.unknown(&key),
            });
        }
    }

    /// Reports the keys that nobody asked for.
    pub(in crate::config) fn finish(self) {
        self.finish_with(|_| None);
    }

    /// A mistyped key may hold a secret all the same.
    fn hide_if_private(&self, value: &Setting<'a>) {
        let private = matches!(
            self.name.as_str(),
            "sources" | "sources.token" | "history" | "history.password"
        );
        if private && value.value.is_str() {
            self.reader.hide(value.span.clone());
        }
    }

    fn unknown(&self, key: &Spanned<String>) -> Problem {
        let name = key.get_ref();
        let what = format!("\"{name}\" is no key of {}", self.title());
        let mut known = self.asked.clone();
        known.sort_unstable();
        known.dedup();
        let problem = Problem::new(key.span(), what, "unknown key");
        match did_you_mean(name, known.iter().copied()) {
            Some(hint) => problem.hint(hint),
            None => problem.hint(format!("known are {}", known.join(", "))),
        }
    }

    fn title(&self) -> String {
        match self.name.as_str() {
            "" => "a config".to_owned(),
            name => format!("[{name}]"),
        }
    }

    fn setting(&self, key: &str, value: &'a Spanned<DeValue<'a>>) -> Setting<'a> {
        Setting {
            reader: self.reader,
            name: self.name_of(key),
            value: value.get_ref(),
            span: value.span(),
        }
    }

    fn name_of(&self, key: &str) -> String {
        match self.name.as_str() {
            "" => key.to_owned(),
            name => format!("{name}.{key}"),
        }
    }
}
