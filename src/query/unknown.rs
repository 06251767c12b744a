//! Names in a filter that are neither weir's own nor those of any fact there is.

use super::error::QueryError;
use super::field;
use super::nearest::did_you_mean;
use crate::model::rule::{Field, Rule};

/// The first fact that `rule`, written as `text`, asks about and that is not among `known`: the names
/// of facts that items have or that the config gives. Such a filter would find nothing and say nothing.
pub fn unknown_fact(rule: &Rule, text: &str, known: &[&str]) -> Option<QueryError> {
    let mut unknown = None;
    rule.for_each_test(&mut |test| {
        if let Field::Fact(name) = &test.field
            && !(field::is_own(name) || known.contains(&name.as_ref()))
        {
            unknown = unknown.or(Some(name.as_ref()));
        }
    });
    let name = unknown?;
    let from = text.find(name).unwrap_or(0);
    let span = from..(from + name.len()).min(text.len());
    let own = field::names().map(|name: &str| name);
    let hint = did_you_mean(name, known.iter().copied().chain(own));
    let what = format!("no item has a field \"{name}\"");
    Some(QueryError::new(span, what).hint(hint.unwrap_or_else(|| there_are(known))))
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
    use super::unknown_fact;
    use crate::query::parse;

    fn said(text: &str, known: &[&str]) -> Option<String> {
        let error = unknown_fact(&parse(text).unwrap(), text, known)?;
        assert!(text[error.span.clone()].len() > 2, "{error}");
        Some(error.to_string())
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
            "stage:x outcome:y",
            "Severity>2",
            "has:area",
            "word",
            "",
        ] {
            assert_eq!(said(text, &["Severity", "area"]), None, "{text}");
        }
    }
}
