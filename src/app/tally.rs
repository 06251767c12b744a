//! How many items have each value of a field. Goes through all items: off the dashboard's task.

use std::collections::BTreeMap;

use super::Shown;
use crate::metrics::{Measures, Question, Row, measure};
use crate::model::event::fact;
use crate::model::id::SourceName;
use crate::model::log::Log;
use crate::model::rule::{Field, Rule};
use crate::model::snapshot::Snapshot;
use crate::model::time::Sec;

/// The values of a field among the items of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Which field.
    pub field: Field,
    /// Each value with how many items have it, the most first.
    pub values: Vec<(String, usize)>,
}

/// Counts the values of a field among all items of the stream shown, whatever the filter in force.
pub fn tally(of: &Shown, question: &Question, field: &Field) -> Tally {
    let all = if question.filter == Rule::Always {
        None
    } else {
        let all = Question {
            filter: Rule::Always,
            ..question.clone()
        };
        measure(&of.snapshot, &all)
    };
    let measures = all.as_ref().unwrap_or(&of.measures);
    let mut values: Vec<(String, usize)> =
        counted(&of.snapshot, measures, field).into_iter().collect();
    values.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    Tally {
        field: field.clone(),
        values,
    }
}

fn counted(snapshot: &Snapshot, measures: &Measures, field: &Field) -> BTreeMap<String, usize> {
    let log = snapshot.log();
    match field {
        Field::Fact(name) => facts(log, measures, name),
        Field::Status => by_text(measures, |row| status(log, row, measures.header.as_of)),
        Field::Source => by_text(measures, |row| {
            let source = log.sources().get(log.source_of(row.item).index());
            source.map(SourceName::as_str)
        }),
        Field::Stage => by_text(measures, |row| {
            let stage = measures.stages.get(row.stage?.index());
            stage.map(|stage| stage.name.as_str())
        }),
        Field::Phase => by_text(measures, |row| {
            let stage = measures.stages.get(row.stage?.index());
            stage.map(|stage| stage.phase.name())
        }),
        Field::Class => by_text(measures, |row| {
            let stage = measures.stages.get(row.stage?.index());
            stage.map(|stage| stage.class.name())
        }),
        Field::Kind => {
            let bound = snapshot
                .streams()
                .iter()
                .find(|one| one.stream().name == measures.stream);
            let kinds = bound.map_or(&[][..], |bound| bound.kinds());
            by_text(measures, |row| {
                kinds.get(usize::from(row.kind?.0)).map(String::as_str)
            })
        }
        Field::State => by_text(measures, |row| Some(row.state.name())),
        _ => BTreeMap::new(),
    }
}

fn by_text<'a>(
    measures: &Measures,
    text: impl Fn(&Row) -> Option<&'a str>,
) -> BTreeMap<String, usize> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for row in measures.table.rows() {
        if let Some(text) = text(row).filter(|text| !text.is_empty()) {
            *counts.entry(text).or_default() += 1;
        }
    }
    let owned = counts.into_iter();
    owned
        .map(|(text, count)| (text.to_owned(), count))
        .collect()
}

fn status<'a>(log: &'a Log, row: &Row, as_of: Sec) -> Option<&'a str> {
    let (at, statuses) = log.moves(row.item);
    let last = at.partition_point(|at| *at < as_of).checked_sub(1)?;
    let status = log.statuses().get(statuses.get(last)?.index())?;
    Some(status.name.as_str())
}

/// A fact with several values counts for each.
fn facts(log: &Log, measures: &Measures, name: &str) -> BTreeMap<String, usize> {
    let Some(column) = log.fact(name) else {
        return BTreeMap::new();
    };
    let mut symbols = std::collections::HashMap::new();
    for row in measures.table.rows() {
        let at = row.finished.get().unwrap_or(measures.header.as_of);
        let symbol = log.fact_at(column, row.item, at);
        *symbols.entry(symbol).or_insert(0) += 1;
    }
    let mut counts = BTreeMap::new();
    for (symbol, count) in symbols {
        let values = log.text(symbol).split(fact::SEPARATOR);
        for value in values.filter(|value| !value.is_empty()) {
            *counts.entry(value.to_owned()).or_default() += count;
        }
    }
    counts
}
