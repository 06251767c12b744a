//! Decides which column is what: by the settings, else by its name, else by what stands in it.

mod content;
mod dates;
mod facts;

pub(super) use dates::in_order;

use std::collections::BTreeMap;
use std::path::Path;

use super::format::file_stem;
use super::names;
use super::plan::{Layout, Plan};
use super::report::Choice;
use super::sample::Sample;
use crate::connectors::Fault;
use crate::connectors::settings::{Columns, FileFormat, FileSettings};
use crate::model::event::fact;

/// Date columns from which on a file surely has one row an item.
const SURELY_WIDE: usize = 3;
/// Why the first column is the item.
const FIRST: &str = "it comes first and no two rows have the same in it";

/// Works out a [`Plan`], one role after the other.
struct Chooser<'a> {
    sample: &'a Sample,
    given: &'a Columns,
    fields: &'a BTreeMap<String, String>,
    file: String,
    format: FileFormat,
    /// What each column has been taken for so far.
    taken: Vec<bool>,
    choices: Vec<Choice>,
}

/// The plan for a file, from the settings and the head of the file.
///
/// # Errors
/// [`Fault::Unusable`] if a column that the settings name is not there, or if no column can be
/// found for the item, the status or the time.
pub(super) fn choose(sample: &Sample, settings: &FileSettings) -> Result<Plan, Fault> {
    let mut chooser = Chooser {
        sample,
        given: &settings.columns,
        fields: &settings.fields,
        file: settings.path.display().to_string(),
        format: settings.format,
        taken: vec![false; sample.columns.len()],
        choices: Vec::new(),
    };
    if sample.columns.is_empty() {
        return Err(Fault::Unusable {
            what: format!("{} holds objects without a field", chooser.file),
            hint: "use a file with one event a line".to_owned(),
        });
    }
    let times = chooser.time_columns();
    let renamed = chooser.renamed()?;
    let item = chooser.item(&times)?;
    let layout = chooser.layout(item, &times)?;
    let (facts, texts) = chooser.facts(renamed, &times)?;
    Ok(Plan {
        item,
        newest_first: chooser.newest_first(&layout),
        layout,
        facts,
        texts,
        width: sample.columns.len(),
        choices: chooser.choices,
    })
}

impl Chooser<'_> {
    /// Columns whose values are times. Digits alone are times only under a name that says so.
    fn time_columns(&self) -> Vec<usize> {
        let is_times = |at: &usize| {
            let column = &self.sample.columns[*at];
            let digits = column.is_digits();
            let named = names::rank(&column.name, names::TIME).is_some();
            column.is_times() && (!digits || named)
        };
        (0..self.sample.columns.len()).filter(is_times).collect()
    }

    /// Columns that the `fields` settings turn into facts.
    fn renamed(&mut self) -> Result<Vec<(usize, String)>, Fault> {
        let mut renamed = Vec::new();
        for (column, fact) in self.fields {
            let at = self.column_named(column)?;
            self.taken[at] = true;
            renamed.push((at, fact.clone()));
        }
        Ok(renamed)
    }

    fn column_named(&self, name: &str) -> Result<usize, Fault> {
        self.sample.find(name).ok_or_else(|| Fault::Unusable {
            what: format!("{} has no column \"{name}\"", self.file),
            hint: format!("it has {}", self.sample.names()),
        })
    }

    fn item(&mut self, times: &[usize]) -> Result<usize, Fault> {
        if let Some(name) = &self.given.item {
            let at = self.column_named(name)?;
            return Ok(self.take(at, "item", "the settings say so".to_owned()));
        }
        if let Some(at) = self.item_by_name(times) {
            let column = &self.sample.columns[at];
            let why = format!(
                "it is named like one and has {} different values in the first {} rows",
                column.distinct(),
                self.sample.rows
            );
            return Ok(self.take(at, "item", why));
        }
        if let Some(at) = self.first_of_wide(times, SURELY_WIDE) {
            return Ok(self.take(at, "item", FIRST.to_owned()));
        }
        if let Some((at, why)) = content::item(self.sample, &self.free(times)) {
            return Ok(self.take(at, "item", why));
        }
        if let Some(at) = self.first_of_wide(times, 1) {
            return Ok(self.take(at, "item", FIRST.to_owned()));
        }
        Err(self.missing("item", "says which item a row is about"))
    }

    /// The best name wins among the columns whose values come again, then among the others.
    fn item_by_name(&self, times: &[usize]) -> Option<usize> {
        let rows = self.sample.rows;
        let named = self.free(times).into_iter().filter_map(|at| {
            let column = &self.sample.columns[at];
            let rank = names::rank(&column.name, names::ITEM)?;
            let once = column.distinct() == column.filled() && rows > 20;
            let sparse = column.filled() * 10 < rows * 9;
            Some(((sparse, once, rank), at))
        });
        named.min().map(|(_, at)| at)
    }

    /// The first column, if no two rows have the same in it and at least so many columns date steps.
    fn first_of_wide(&self, times: &[usize], least: usize) -> Option<usize> {
        let names_a_step = |at: &&usize| names::step_of(&self.sample.columns[**at].name).is_some();
        let steps = times.iter().filter(names_a_step).count();
        let first = self.free(times).into_iter().next().filter(|at| *at == 0)?;
        let column = &self.sample.columns[first];
        let tells = column.filled() == self.sample.rows && column.distinct() == column.filled();
        (tells && steps >= least && !self.says_moves()).then_some(first)
    }

    /// Whether the settings name columns of a log with one move a row.
    fn says_moves(&self) -> bool {
        self.given.time.is_some() || !self.given.status.is_empty()
    }

    fn layout(&mut self, item: usize, times: &[usize]) -> Result<Layout, Fault> {
        if !self.says_moves()
            && let Some(layout) = self.dates(item, times)
        {
            return Ok(layout);
        }
        let time = self.time(item, times)?;
        let lifecycle = self.lifecycle();
        let status = self.status(item, times)?;
        Ok(Layout::Moves {
            status,
            time,
            lifecycle,
        })
    }

    fn time(&mut self, item: usize, times: &[usize]) -> Result<usize, Fault> {
        if let Some(name) = &self.given.time {
            let at = self.column_named(name)?;
            return Ok(self.take(at, "time", "the settings say so".to_owned()));
        }
        let free = times.iter().copied().filter(|at| !self.taken[*at]);
        let ranked = free.map(|at| {
            let column = &self.sample.columns[at];
            let rank = names::rank(&column.name, names::TIME).unwrap_or(usize::MAX);
            let steady = !content::varies(self.sample, item, at);
            ((steady, rank), at)
        });
        let Some((_, at)) = ranked.min() else {
            return Err(self.missing("time", "holds times"));
        };
        let why = format!("its values are times, for example {}", self.example(at));
        Ok(self.take(at, "time", why))
    }

    fn example(&self, at: usize) -> String {
        let texts = &self.sample.columns[at].texts;
        format!("\"{}\"", texts.get(1).map_or("", String::as_str))
    }

    /// A column that tells starts from ends: by its name and its values.
    fn lifecycle(&mut self) -> Option<usize> {
        let given = self.given_elsewhere();
        let at = (0..self.sample.columns.len()).find(|at| {
            let column = &self.sample.columns[*at];
            let named = names::rank(&column.name, names::LIFECYCLE).is_some();
            let words = ["start", "complete", "suspend", "resume", "schedule"];
            let known = column.share(|text| words.contains(&text.to_lowercase().as_str()));
            named && !self.taken[*at] && !given.contains(at) && known >= 0.5
        })?;
        let why = "it tells starts from ends: a \"start\" moves the item into the status, the \
                   \"complete\" that follows it is no second visit"
            .to_owned();
        Some(self.take(at, "lifecycle", why))
    }

    fn status(&mut self, item: usize, times: &[usize]) -> Result<Vec<usize>, Fault> {
        if !self.given.status.is_empty() {
            let mut columns = Vec::new();
            for name in &self.given.status {
                let at = self.column_named(name)?;
                columns.push(self.take(at, "status", "the settings say so".to_owned()));
            }
            return Ok(columns);
        }
        let free = self.free(times);
        if let Some(at) = content::status_by_name(self.sample, &free, item) {
            let why = format!(
                "it is named like one and has {} different values",
                self.sample.columns[at].distinct()
            );
            let mut columns = vec![self.take(at, "status", why)];
            columns.extend(self.sub_status(at));
            return Ok(columns);
        }
        if let Some((at, why)) = content::status(self.sample, &free, item) {
            return Ok(vec![self.take(at, "status", why)]);
        }
        Err(self.missing("status", "says which status an item entered"))
    }

    /// A column that splits the status further, joined to it by `/`.
    fn sub_status(&mut self, status: usize) -> Option<usize> {
        let name = names::plain(&self.sample.columns[status].name);
        let at = (0..self.sample.columns.len()).find(|at| {
            let other = names::plain(&self.sample.columns[*at].name);
            let splits = other == format!("sub{name}") || other == format!("sub {name}");
            splits && !self.taken[*at]
        })?;
        let why = "it splits the status further; both are joined by \"/\"".to_owned();
        Some(self.take(at, "status", why))
    }

    /// Columns that are nothing yet, times and origins left out.
    fn free(&self, times: &[usize]) -> Vec<usize> {
        let given = self.given_elsewhere();
        let free = |at: &usize| {
            let column = &self.sample.columns[*at];
            let is_origin = names::is_origin(&column.name);
            !self.taken[*at] && !times.contains(at) && !is_origin && !given.contains(at)
        };
        (0..self.sample.columns.len()).filter(free).collect()
    }

    /// Columns that the settings name for roles that come later.
    fn given_elsewhere(&self) -> Vec<usize> {
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
        } = self.given;
        let ones = [item, time, kind, team, title, assignee, key, url];
        let names = ones.into_iter().flatten().chain(status);
        names.filter_map(|name| self.sample.find(name)).collect()
    }

    fn take(&mut self, at: usize, role: &str, why: String) -> usize {
        self.taken[at] = true;
        self.choices.push(Choice {
            role: role.to_owned(),
            column: self.sample.columns[at].name.clone(),
            why,
        });
        at
    }

    fn missing(&self, role: &str, wanted: &str) -> Fault {
        Fault::Unusable {
            what: format!("no column of {} {wanted}", self.file),
            hint: self.entry(role),
        }
    }

    /// What to write where, so that a column is named for a role.
    fn entry(&self, role: &str) -> String {
        let name = file_stem(Path::new(&self.file));
        format!(
            "the file has {}. Say which of them it is: put this into weir.toml, with the column's \
             name for the dots, and add --config weir.toml\n\n\
             [[sources]]\nname = {}\nkind = \"{}\"\npath = {}\ncolumns = {{ {role} = \"…\" }}\n",
            self.sample.names(),
            quoted(&name),
            self.format.kind(),
            quoted(&self.file),
        )
    }

    /// Whether the sample's last row is older than its first.
    fn newest_first(&self, layout: &Layout) -> bool {
        let Layout::Moves { time, .. } = layout else {
            return false;
        };
        let column = &self.sample.columns[*time];
        let order = content::direction(column);
        order < 0
    }
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The settings' column for a fact, if they name one.
fn given_fact<'a>(given: &'a Columns, name: &str) -> Option<&'a String> {
    match name {
        fact::TYPE => given.kind.as_ref(),
        fact::TEAM => given.team.as_ref(),
        fact::TITLE => given.title.as_ref(),
        fact::ASSIGNEE => given.assignee.as_ref(),
        fact::KEY => given.key.as_ref(),
        fact::URL => given.url.as_ref(),
        _ => None,
    }
}
