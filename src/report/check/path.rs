//! A measure by its path in the JSON report: `flow.time.p85_days`, `stages.Review.load`.

use serde_json::Value;

use super::super::json::called;
use super::super::{Answer, Section, stream_json};
use crate::query::did_you_mean;

/// Objects whose keys are what happened to be there: what is not in them was counted as 0.
const COUNTS: [&str; 3] = [
    "/flow/distribution/finished",
    "/flow/distribution/in_progress",
    "/quality/unmapped_statuses",
];

/// What stands at a path.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Found {
    Number(f64),
    /// Nothing that could be known; why.
    Unknown(String),
}

/// A measure that a report does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the report has no measure \"{measure}\": {why}")]
pub struct WrongMeasure {
    /// The measure as it was asked for.
    pub measure: String,
    /// What is wrong with it.
    pub why: String,
}

/// The measure at a path of the report.
pub(super) fn look_up(measure: &str, answer: Answer<'_>) -> Result<Found, WrongMeasure> {
    let wrong = |why: String| WrongMeasure {
        measure: measure.to_owned(),
        why,
    };
    let steps = steps(measure);
    let section = steps.first().map_or("", String::as_str);
    let section = section
        .parse::<Section>()
        .map_err(|error| wrong(error.to_string()))?;
    let report = stream_json(answer, &[section]);
    walk(&report, &steps).map_err(wrong)
}

/// The parts between the dots; a part in quotes may hold dots.
fn steps(path: &str) -> Vec<String> {
    let mut steps = vec![String::new()];
    let mut quoted = false;
    for one in path.chars() {
        match one {
            '"' => quoted = !quoted,
            '.' if !quoted => steps.push(String::new()),
            _ => steps.last_mut().map_or((), |step| step.push(one)),
        }
    }
    steps
}

fn walk(report: &Value, steps: &[String]) -> Result<Found, String> {
    let (mut at, mut pointer) = (report, String::new());
    for step in steps {
        let entry = match at {
            Value::Object(object) => object.get(step).map(|value| (step.clone(), value)),
            Value::Array(list) => entry(list, step),
            Value::Null => break,
            _ => return Err(format!("nothing is below {}", plain(&pointer))),
        };
        match entry {
            Some((key, value)) => {
                pointer = format!("{pointer}/{key}");
                at = value;
            }
            None if COUNTS.contains(&pointer.as_str()) => return Ok(Found::Number(0.0)),
            None => return Err(absent(at, step)),
        }
    }
    match at {
        Value::Null => Ok(Found::Unknown(reason(report, &pointer))),
        other => other
            .as_f64()
            .map(Found::Number)
            .ok_or_else(|| format!("{} is no number", plain(&pointer))),
    }
}

/// The entry of a list that is called so, and its place.
fn entry<'a>(list: &'a [Value], name: &str) -> Option<(String, &'a Value)> {
    let named = |one: &&'a Value| called(one) == Some(name);
    let at = list.iter().position(|one| named(&one));
    let at = at.or_else(|| name.parse().ok())?;
    Some((at.to_string(), list.get(at)?))
}

/// Why a step leads nowhere, with what is near or what is there.
fn absent(at: &Value, step: &str) -> String {
    let there: Vec<&str> = match at {
        Value::Object(object) => object.keys().map(String::as_str).collect(),
        Value::Array(list) => list.iter().filter_map(called).collect(),
        _ => Vec::new(),
    };
    let near = did_you_mean(step, there.iter().copied());
    let hint = near.unwrap_or_else(|| format!("there are {}", there.join(", ")));
    format!("there is no \"{step}\"; {hint}")
}

/// Why a value is null, as the notes of the report have it.
fn reason(report: &Value, pointer: &str) -> String {
    let notes = report.get("notes").and_then(Value::as_object);
    let notes = notes.into_iter().flatten();
    let mut about =
        notes.filter(|(at, _)| pointer.starts_with(at.as_str()) || at.starts_with(pointer));
    let told = about.next().and_then(|(_, why)| why.as_str());
    told.unwrap_or("nothing tells it").to_owned()
}

fn plain(pointer: &str) -> String {
    pointer.trim_start_matches('/').replace('/', ".")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Found, steps, walk};

    fn report() -> Value {
        json!({
            "flow": { "time": { "p85_days": null, "n": 3 }, "distribution": { "finished": { "bug": 2 } } },
            "stages": [{ "name": "In review", "load": 4 }, { "name": "v1.0", "load": 5 }],
            "notes": { "/flow/time": "nothing finished" },
        })
    }

    fn found(path: &str) -> Result<Found, String> {
        walk(&report(), &steps(path))
    }

    #[test]
    fn entries_of_lists_are_called_by_name_or_place() {
        assert_eq!(found("stages.In review.load"), Ok(Found::Number(4.0)));
        assert_eq!(found("stages.\"v1.0\".load"), Ok(Found::Number(5.0)));
        assert_eq!(found("stages.1.load"), Ok(Found::Number(5.0)));
    }

    #[test]
    fn what_was_not_counted_is_none() {
        assert_eq!(
            found("flow.distribution.finished.bug"),
            Ok(Found::Number(2.0))
        );
        assert_eq!(
            found("flow.distribution.finished.risk"),
            Ok(Found::Number(0.0))
        );
    }

    #[test]
    fn what_cannot_be_known_is_told_with_its_reason() {
        let unknown = Ok(Found::Unknown("nothing finished".to_owned()));
        assert_eq!(found("flow.time.p85_days"), unknown);
    }

    #[test]
    fn what_is_not_there_is_told_with_what_is_near() {
        let why = found("flow.tme.n").unwrap_err();
        assert_eq!(why, "there is no \"tme\"; did you mean \"time\"?");
        let why = found("stages.Build.load").unwrap_err();
        assert_eq!(why, "there is no \"Build\"; there are In review, v1.0");
        assert_eq!(found("flow").unwrap_err(), "flow is no number");
        assert_eq!(
            found("flow.time.n.x").unwrap_err(),
            "nothing is below flow.time.n"
        );
    }
}
