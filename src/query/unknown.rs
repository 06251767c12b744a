//! Names in a filter that are neither weir's own nor those of any fact there is.

use super::error::QueryError;
use super::field;
use super::nearest::did_you_mean;
use crate::model::bound::BoundStream;
use crate::model::rule::{Field, Rule, Test, Value};
use crate::model::snapshot::Snapshot;

/// What a filter may speak of beside what weir itself offers.
#[derive(Debug, Default)]
struct Known<'a> {
    /// Facts that items have or that the config gives.
    facts: Vec<&'a str>,
    /// Stages of all streams.
    stages: Vec<&'a str>,
}

/// The first thing that `rule`, written as `text`, asks about and that is not there: a fact that
/// neither items have nor the config gives, or a stage of no stream. Such a filter would find nothing
/// and say nothing. Where there are no items nothing is known of them.
pub fn unknown_name(rule: &Rule, text: &str, snapshot: &Snapshot) -> Option<QueryError> {
    if snapshot.log().item_count() == 0 {
        return None;
    }
    let stages = |one| BoundStream::stream(one).stages.iter();
    let stages = snapshot.streams().iter().flat_map(stages);
    let known = Known {
        facts: snapshot.fact_names(),
        stages: stages.map(|stage| stage.name.as_str()).collect(),
    };
    known.lacks(rule, text)
}

impl Known<'_> {
    fn lacks(&self, rule: &Rule, text: &str) -> Option<QueryError> {
        let mut found = None;
        rule.for_each_test(&mut |test| {
            if found.is_none() {
                found = self.lacking(test, text);
            }
        });
        found
    }

    fn lacking(&self, test: &Test, text: &str) -> Option<QueryError> {
        match &test.field {
            Field::Fact(name) if !(field::is_own(name) || self.facts.contains(&name.as_ref())) => {
                let own = field::names().map(|name: &str| name);
                let hint = did_you_mean(name, self.facts.iter().copied().chain(own));
                let what = format!("no item has a field \"{name}\"");
                Some(at(name, text, what).hint(hint.unwrap_or_else(|| there_are(&self.facts))))
            }
            Field::Stage => test.values.iter().find_map(|value| {
                let alone = Test {
                    values: vec![value.clone()],
                    ..test.clone()
                };
                let is_there = self.stages.iter().any(|stage| alone.accepts_text(stage));
                let Value::Text(name) = value else {
                    return None;
                };
                (!is_there).then(|| {
                    let hint = did_you_mean(name, self.stages.iter().copied());
                    let all = || format!("the stages are: {}", self.stages.join(", "));
                    let what = format!("there is no stage \"{name}\"");
                    at(name, text, what).hint(hint.unwrap_or_else(all))
                })
            }),
            _ => None,
        }
    }
}

/// An error that marks where a name stands.
fn at(name: &str, text: &str, what: String) -> QueryError {
    let from = text.find(name).unwrap_or(0);
    let span = from..(from + name.len()).min(text.len());
    QueryError::new(span, what)
}

/// Whether a fact's name is one that weir itself offers.
pub(crate) fn is_own_name(name: &str) -> bool {
    field::is_own(name)
}

/// What can be asked instead, where nothing is near.
fn there_are(known: &[&str]) -> String {
    let mut names: Vec<&str> = known.to_vec();
    names.sort_unstable();
    names.dedup();
    if names.is_empty() {
        return "the items have no fields of their own".to_owned();
    }
    format!("the items have: {}", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::Known;
    use crate::query::parse;

    fn said(text: &str, facts: &[&str]) -> Option<String> {
        let known = Known {
            facts: facts.to_vec(),
            stages: vec!["Review", "To test", "Test"],
        };
        let error = known.lacks(&parse(text).unwrap(), text)?;
        assert!(text[error.span.clone()].len() > 2, "{error}");
        Some(error.to_string())
    }

    #[test]
    fn a_stage_that_is_none_is_told_with_what_is_near() {
        for (text, hint) in [
            ("stage:Rewiew", "did you mean \"Review\"?"),
            ("age>3d -stage:(Test, Tset)", "did you mean \"Test\"?"),
            ("stage ~ deploy", "the stages are: Review, To test, Test"),
            ("stage:rev", "the stages are: Review, To test, Test"),
        ] {
            let said = said(text, &[]).unwrap();
            assert!(said.starts_with("there is no stage \""), "{said}");
            assert!(said.ends_with(hint), "{said}");
        }
        for text in [
            "stage:review",
            "stage:*test",
            "stage ~ tes",
            "has:stage",
            "stage:Test,Review",
        ] {
            assert_eq!(said(text, &[]), None, "{text}");
        }
    }

    #[test]
    fn a_name_that_nothing_has_is_told_with_what_is_near() {
        assert_eq!(
            said("age>3d -(prioritty:high or x)", &["severity"]).unwrap(),
            "no item has a field \"prioritty\"; did you mean \"priority\"?"
        );
        let near = said("\"Severty\":1", &["Severity"]).unwrap();
        assert!(near.ends_with("did you mean \"Severity\"?"), "{near}");
        let far = said("colour:red", &["severity", "area"]).unwrap();
        assert!(far.ends_with("the items have: area, severity"), "{far}");
        assert!(said("colour:red", &[]).unwrap().ends_with("of their own"));
    }

    #[test]
    fn names_of_weir_and_of_facts_are_known() {
        for text in [
            "priority:high",
            "stage:test outcome:y",
            "Severity>2",
            "has:area",
            "word",
            "",
        ] {
            assert_eq!(said(text, &["Severity", "area"]), None, "{text}");
        }
    }
}
