//! What becomes of the columns that say neither which item, nor what happened, nor when.

use std::borrow::Cow;

use super::super::names;
use super::super::plan::{FactColumn, TextColumn, TextKind};
use super::{Chooser, given_fact};
use crate::connectors::Fault;
use crate::model::event::{FactName, fact};

/// Facts that the settings can name a column for.
const NAMED: [&str; 6] = [
    fact::TYPE,
    fact::TEAM,
    fact::TITLE,
    fact::ASSIGNEE,
    fact::KEY,
    fact::URL,
];
/// Rows from which on a column that never repeats is told from one that has not repeated yet.
const ENOUGH: usize = 30;
/// Bytes from which on a value is prose.
const PROSE: usize = 60;

impl Chooser<'_> {
    /// Facts and texts, in the order of the file.
    pub(super) fn facts(
        &mut self,
        mut named: Vec<(usize, String)>,
        times: &[usize],
    ) -> Result<(Vec<FactColumn>, Vec<TextColumn>), Fault> {
        for (at, name) in &named {
            self.take(*at, name, "the settings say so".to_owned());
        }
        for name in NAMED {
            if let Some(column) = given_fact(self.given, name) {
                let at = self.column_named(column)?;
                self.take(at, name, "the settings say so".to_owned());
                named.push((at, name.to_owned()));
            }
        }
        named.extend(self.by_name(&named));
        named.extend(self.others(times));
        named.sort();
        let texts = named.iter().filter_map(|(column, name)| {
            let kind = text_kind(name)?;
            Some(TextColumn {
                column: *column,
                kind,
            })
        });
        let facts = named.iter().filter(|(_, name)| text_kind(name).is_none());
        let facts = facts.map(|(column, name)| FactColumn {
            column: *column,
            name: fact_name(name),
        });
        Ok((facts.collect(), texts.collect()))
    }

    /// For each known fact not yet found the column with its surest name.
    fn by_name(&mut self, named: &[(usize, String)]) -> Vec<(usize, String)> {
        let mut best: Vec<(&str, usize, usize)> = (0..self.sample.columns.len())
            .filter(|at| !self.taken[*at] && self.sample.columns[*at].filled() > 0)
            .filter_map(|at| {
                let header = &self.sample.columns[at].name;
                let fact = names::fact_named(header)?;
                let known = named.iter().any(|(_, name)| name == fact);
                (!known).then_some((fact, names::fact_rank(header, fact), at))
            })
            .collect();
        best.sort_unstable();
        best.dedup_by_key(|(fact, ..)| *fact);
        for (fact, _, at) in &best {
            self.take(*at, fact, "it is named like one".to_owned());
        }
        let found = best.into_iter();
        found.map(|(fact, _, at)| (at, fact.to_owned())).collect()
    }

    /// The rest under their own names, unless they would only fill the memory.
    fn others(&mut self, times: &[usize]) -> Vec<(usize, String)> {
        let mut facts = Vec::new();
        for at in 0..self.sample.columns.len() {
            if self.taken[at] {
                continue;
            }
            match self.useless(at, times) {
                Some(why) => {
                    self.take(at, "left out", why.to_owned());
                }
                None => facts.push((at, self.sample.columns[at].name.clone())),
            }
        }
        for (at, name) in &facts {
            self.take(*at, name, "kept as a fact under its own name".to_owned());
        }
        facts
    }

    fn useless(&self, at: usize, times: &[usize]) -> Option<&'static str> {
        let column = &self.sample.columns[at];
        let filled = column.filled();
        if names::is_origin(&column.name) {
            return Some("it names the status left; the order of the moves says the same");
        }
        if filled == 0 {
            return Some("it is empty in the rows looked at");
        }
        if times.contains(&at) {
            return Some("it is another time");
        }
        if column.mean_length() > PROSE && column.distinct() * 2 > filled {
            return Some("it holds long texts");
        }
        if filled >= ENOUGH && column.distinct() * 10 >= filled * 9 {
            return Some("almost every row has another value");
        }
        None
    }
}

fn text_kind(name: &str) -> Option<TextKind> {
    match name {
        fact::TITLE => Some(TextKind::Title),
        fact::KEY => Some(TextKind::Key),
        fact::URL => Some(TextKind::Url),
        _ => None,
    }
}

/// The name of a fact, weir's own word where it is one of weir's.
fn fact_name(name: &str) -> FactName {
    Cow::Owned(name.to_owned())
}
