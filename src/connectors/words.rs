//! The words of a source's `query`, for trackers that have no query language of their own to pass
//! on: `name` or `name:value`, values with spaces quoted.

use super::Fault;

/// One word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) name: String,
    pub(crate) value: Option<String>,
}

/// A query that cannot be used.
pub(crate) fn unusable(what: impl Into<String>, hint: impl Into<String>) -> Fault {
    Fault::Unusable {
        what: what.into(),
        hint: hint.into(),
    }
}

impl Word {
    /// The value, which must be there.
    ///
    /// # Errors
    /// [`Fault::Unusable`] if it is not; `example` shows what is expected.
    pub(crate) fn needed(&self, example: &str) -> Result<String, Fault> {
        let value = self.value.clone().filter(|value| !value.is_empty());
        value.ok_or_else(|| {
            unusable(
                format!(
                    "\"{}\" in the query of this source says of nothing",
                    self.name
                ),
                format!("write {}:{example}", self.name),
            )
        })
    }

    /// What it means that `tracker` knows no such word, only `known` ones.
    pub(crate) fn unknown(&self, tracker: &str, known: &[&str]) -> Fault {
        let near = known
            .iter()
            .map(|one| (strsim::osa_distance(&self.name, one), one))
            .filter(|(distance, one)| *distance <= 2 + one.len() / 4)
            .min();
        let hint = match near {
            Some((_, meant)) => format!("did you mean \"{meant}\"?"),
            None => format!("the words are {}", known.join(", ")),
        };
        let what = format!(
            "\"{}\" in the query of this source means nothing for {tracker}",
            self.name
        );
        unusable(what, hint)
    }
}

/// The words of a query, in order; names in small letters.
///
/// # Errors
/// [`Fault::Unusable`] if a quote is not closed.
pub(crate) fn read(query: &str) -> Result<Vec<Word>, Fault> {
    let mut words = Vec::new();
    let mut rest = query.trim_start();
    while !rest.is_empty() {
        let end = end_of(rest)?;
        let (word, after) = rest.split_at(end);
        words.push(word_of(word));
        rest = after.trim_start();
    }
    Ok(words)
}

/// Where the first word ends: at a space that is not in quotes.
fn end_of(text: &str) -> Result<usize, Fault> {
    let mut quoted = false;
    for (at, letter) in text.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            _ if letter.is_whitespace() && !quoted => return Ok(at),
            _ => {}
        }
    }
    if quoted {
        let what = "the query of this source has a quote that is not closed";
        return Err(unusable(what, format!("close it: {text}\"")));
    }
    Ok(text.len())
}

fn word_of(text: &str) -> Word {
    let (name, value) = match text.split_once([':', '=']) {
        Some((name, value)) => (name, Some(value.replace('"', ""))),
        None => (text, None),
    };
    Word {
        name: name.replace('"', "").to_lowercase(),
        value,
    }
}

#[cfg(test)]
mod tests {
    use super::{Word, read};

    #[test]
    fn words_have_values_and_values_have_spaces() {
        let word = |name: &str, value: Option<&str>| Word {
            name: name.to_owned(),
            value: value.map(str::to_owned),
        };
        assert_eq!(
            read(r#"  project:a/b  labels:"to do",x Merge-Requests scope:"workflow::" t="#)
                .unwrap(),
            [
                word("project", Some("a/b")),
                word("labels", Some("to do,x")),
                word("merge-requests", None),
                word("scope", Some("workflow::")),
                word("t", Some("")),
            ]
        );
        assert_eq!(read("").unwrap(), []);
        let open = read("project:\"a b").unwrap_err();
        assert!(open.to_string().contains("not closed"), "{open}");
    }

    #[test]
    fn what_is_wrong_is_said_with_what_was_meant() {
        let words = read("projct:a team:").unwrap();
        let known = ["project", "group"];
        assert_eq!(
            words[0].unknown("GitLab", &known).hint(),
            "did you mean \"project\"?"
        );
        assert_eq!(
            read("colour").unwrap()[0].unknown("GitLab", &known).hint(),
            "the words are project, group"
        );
        assert_eq!(words[1].needed("ENG").unwrap_err().hint(), "write team:ENG");
        assert_eq!(words[0].needed("x"), Ok("a".to_owned()));
    }
}
