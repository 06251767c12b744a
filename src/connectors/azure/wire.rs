//! Answers as Azure DevOps sends them: a record that holds a list.

use serde_json::Value;

use super::super::Fault;
use super::super::http::Answer;

/// Takes the list `name` out of an answer.
///
/// # Errors
/// [`Fault::BadAnswer`] if it holds none.
pub(super) fn taken(answer: &mut Answer<Value>, name: &str) -> Result<Vec<Value>, Fault> {
    let list = answer.value.get_mut(name).and_then(Value::as_array_mut);
    let list = list.map(std::mem::take);
    list.ok_or_else(|| Fault::BadAnswer {
        place: answer.place.clone(),
        why: format!("the JSON holds no `{name}`"),
    })
}
