//! Words of a query: `name:value`, `name:"a value"`, `name in (one, "another")`.

use super::super::super::Fault;
use super::unusable;

/// A word with its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// In small letters.
    pub(super) name: String,
    pub(super) values: Vec<String>,
}

/// The first word of a text, and what follows it.
///
/// # Errors
/// [`Fault::Unusable`] if there is none.
pub(super) fn word(text: &str) -> Result<(Word, &str), Fault> {
    let end = text.find(|letter: char| !letter.is_alphanumeric() && letter != '-');
    let (name, rest) = text.split_at(end.unwrap_or(text.len()));
    let name = name.to_lowercase();
    let rest = rest.trim_start();
    let bare = rest.strip_prefix([':', '=']);
    let listed = rest.get(..2).filter(|word| word.eq_ignore_ascii_case("in"));
    let (values, after) = match (bare, listed) {
        (Some(rest), _) => values(rest.trim_start())?,
        (None, Some(_)) => values(rest[2..].trim_start())?,
        (None, None) => return Err(no_value(&name, text)),
    };
    if name.is_empty() || values.is_empty() || values.iter().any(String::is_empty) {
        return Err(no_value(&name, text));
    }
    Ok((Word { name, values }, after))
}

/// One value, or several in parentheses.
fn values(text: &str) -> Result<(Vec<String>, &str), Fault> {
    let Some(mut rest) = text.strip_prefix('(') else {
        let (value, after) = value(text)?;
        return Ok((vec![value], after));
    };
    let mut values = Vec::new();
    loop {
        let (value, after) = value(rest.trim_start())?;
        values.push(value);
        let after = after.trim_start();
        if let Some(after) = after.strip_prefix(')') {
            return Ok((values, after));
        }
        rest = after.strip_prefix(',').ok_or_else(|| {
            unusable(
                format!("a list in the query of this source does not end: ({text}"),
                "write it as: type in (Bug, \"User Story\")",
            )
        })?;
    }
}

fn value(text: &str) -> Result<(String, &str), Fault> {
    if let Some(quoted) = text.strip_prefix('"') {
        return until_quote(quoted);
    }
    let is_end = |letter: char| letter.is_whitespace() || matches!(letter, ',' | ')' | '(');
    let end = text.find(is_end).unwrap_or(text.len());
    let (value, after) = text.split_at(end);
    Ok((value.to_owned(), after))
}

/// Paths have backslashes: `\\` is one, so is `\` before anything but a quote.
fn until_quote(text: &str) -> Result<(String, &str), Fault> {
    let mut value = String::new();
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Ok((value, &text[at + 1..])),
            '\\' => {
                let escaped = letters.next_if(|(_, next)| matches!(next, '\\' | '"'));
                value.push(escaped.map_or('\\', |(_, letter)| letter));
            }
            letter => value.push(letter),
        }
    }
    Err(unusable(
        format!("a quote in the query of this source is not closed: \"{text}"),
        "close it with \"",
    ))
}

fn no_value(name: &str, text: &str) -> Fault {
    let what = format!("the query of this source cannot be understood at: {text}");
    let example = if name.is_empty() { "project" } else { name };
    let hint = format!(
        "words are written {example}:value, values with spaces in quotes; conditions in WIQL stand \
         behind \"where\""
    );
    unusable(what, &hint)
}
