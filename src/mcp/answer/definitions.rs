//! What a number means, in the words of the documentation.

use serde_json::{Value, json};

use super::super::asked::DefinitionAsked;
use crate::metrics::{defined, definition};

/// What the label of a question is.
const QUESTION: &str = "Question";

/// The definition of a name, or all of them with their questions.
pub(super) fn definitions(asked: &DefinitionAsked) -> Result<Value, String> {
    let Some(wanted) = asked.name.as_deref().filter(|name| !name.trim().is_empty()) else {
        let all: Vec<Value> = defined().map(listed).collect();
        return Ok(json!({ "definitions": all }));
    };
    let Some(name) = named(wanted) else {
        let names: Vec<&str> = defined().collect();
        return Err(format!(
            "nothing is defined by the name \"{wanted}\"; there are {}",
            names.join("; ")
        ));
    };
    let told = definition(name).into_iter();
    let told = told.map(|one| json!({ "about": one.label, "text": one.text }));
    Ok(json!({ "name": name, "says": told.collect::<Vec<Value>>() }))
}

fn listed(name: &'static str) -> Value {
    let mut paragraphs = definition(name).into_iter();
    let question = paragraphs.find(|one| one.label == QUESTION);
    json!({ "name": name, "question": question.map(|one| one.text) })
}

/// The definition of that name, else the first that has the words in its name, else in its text.
fn named(wanted: &str) -> Option<&'static str> {
    let wanted = wanted.trim().to_lowercase().replace('_', " ");
    let is = |name: &&str| name.to_lowercase() == wanted;
    let has = |name: &&str| name.to_lowercase().contains(&wanted);
    let says = |name: &&str| {
        let told = definition(name).into_iter();
        told.map(|one| one.text.to_lowercase())
            .any(|text| text.contains(&wanted))
    };
    defined()
        .find(is)
        .or_else(|| defined().find(has))
        .or_else(|| defined().find(says))
}
