//! WIQL, the query language of work items.

use super::super::Fault;
use super::query::unusable;
use crate::model::time::Millis;

/// Words that end a clause and would break weir's own order and paging.
const RESERVED: [&str; 5] = ["SELECT", "FROM", "ORDER", "ASOF", "MODE"];

/// The clause that a text is or begins with `where`; `None` if it begins with another word.
pub(super) fn clause_of(text: &str) -> Option<&str> {
    let (first, rest) = text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()));
    if first.eq_ignore_ascii_case("where") {
        return Some(rest.trim());
    }
    let is_clause = text.starts_with(['[', '('])
        || ["not", "select", "ever"]
            .iter()
            .any(|word| first.eq_ignore_ascii_case(word));
    is_clause.then_some(text)
}

/// Checks that a clause can stand among others, whatever it says.
///
/// # Errors
/// [`Fault::Unusable`] that says what to change.
pub(super) fn check(clause: &str) -> Result<(), Fault> {
    let bare = without_quotes(clause)?;
    if bare.trim().is_empty() {
        return Err(unusable(
            "there is no condition behind \"where\"",
            "take \"where\" out, or write [System.Tags] CONTAINS 'x' behind it",
        ));
    }
    let mut words = bare.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    let reserved = words.find(|word| RESERVED.iter().any(|one| one.eq_ignore_ascii_case(word)));
    if let Some(word) = reserved {
        let word = if word.eq_ignore_ascii_case("order") {
            "ORDER BY"
        } else {
            word
        };
        return Err(unusable(
            format!(
                "the query of this source cannot say {}",
                word.to_uppercase()
            ),
            "write only what stands behind WHERE: weir selects, sorts and pages by itself",
        ));
    }
    if !is_balanced(&bare) {
        return Err(unusable(
            "the parentheses in the query of this source do not match",
            "close each that is opened",
        ));
    }
    Ok(())
}

/// A clause without its texts and the names of fields, in which anything may stand.
fn without_quotes(clause: &str) -> Result<String, Fault> {
    let mut bare = String::new();
    let mut until = None;
    for letter in clause.chars() {
        match (until, letter) {
            (Some(end), letter) if end == letter => until = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => until = Some(letter),
            (None, '[') => until = Some(']'),
            (None, letter) => bare.push(letter),
        }
    }
    match until {
        None => Ok(bare),
        Some(end) => Err(unusable(
            "a quote or a bracket in the query of this source is not closed",
            &format!("close it with {end}"),
        )),
    }
}

fn is_balanced(bare: &str) -> bool {
    let mut depth = 0_i64;
    let holds = bare.chars().all(|letter| {
        depth += i64::from(letter == '(') - i64::from(letter == ')');
        depth >= 0
    });
    holds && depth == 0
}

/// A text as WIQL writes it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The condition that a field has one of some values; none without values.
pub(super) fn one_of(field: &str, values: &[String]) -> Option<String> {
    let listed: Vec<String> = values.iter().map(|value| quoted(value)).collect();
    (!listed.is_empty()).then(|| format!("[{field}] IN ({})", listed.join(", ")))
}

/// The condition that something holds of a field for any of some values; none without values.
pub(super) fn any(field: &str, operator: &str, values: &[String]) -> Option<String> {
    let each: Vec<String> = values
        .iter()
        .map(|value| format!("[{field}] {operator} {}", quoted(value)))
        .collect();
    (!each.is_empty()).then(|| format!("({})", each.join(" OR ")))
}

/// The ids of all work items that fulfil `conditions`, those updated longest ago first: those updated
/// at `since` or later, and of those updated at that very instant only such with ids above `past`.
pub(super) fn changed(conditions: &[String], since: Option<Millis>, past: Option<u64>) -> String {
    let mut all = vec!["[System.Id] > 0".to_owned()];
    all.extend_from_slice(conditions);
    if let Some(since) = since {
        let at = since.rfc3339();
        all.push(format!("[System.ChangedDate] >= '{at}'"));
        if let Some(past) = past {
            all.push(format!(
                "([System.ChangedDate] > '{at}' OR [System.Id] > {past})"
            ));
        }
    } else if let Some(past) = past {
        // Without an instant there is none to go on from: pages go by id.
        all.push(format!("[System.Id] > {past}"));
    }
    let conditions = all.join(" AND ");
    format!(
        "SELECT [System.Id] FROM WorkItems WHERE {conditions} \
         ORDER BY [System.ChangedDate], [System.Id]"
    )
}
