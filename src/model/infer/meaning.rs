//! What the name of a status says, in English, German, French, Spanish, Portuguese, Italian and Dutch.

mod names;

use names::{PHRASES, WORDS};

/// What a name means by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Ended without value, whatever items do there.
    Cancelled,
    /// Refused: an end, or a way back.
    Refused,
    /// Work is stopped.
    Blocked,
    /// Committed and waiting.
    Waiting,
    /// Looked at by someone else: waiting, unless another status says that it waits for that.
    Review,
    /// Finished, whatever items do there.
    Done,
    /// A step is finished: the end if items end there, else a wait for the next step.
    StepDone,
    /// Not committed yet.
    Backlog,
    /// Taken up again.
    Reopened,
    /// Worked on.
    Active,
}

/// What a name says; `None` if it only names some work. Of a name in parts ("Accepted/Wait") the
/// last part that says anything counts.
pub(super) fn of(name: &str) -> Option<Meaning> {
    name.rsplit('/').find_map(of_part)
}

fn of_part(part: &str) -> Option<Meaning> {
    let part = apart(part.trim())
        .to_lowercase()
        .replace(['_', '-'], " ")
        .replace('’', "'");
    let words = words(&part);
    let phrase = PHRASES
        .iter()
        .find(|(_, phrases)| phrases.iter().any(|phrase| holds(&part, phrase)));
    if let Some((meaning, _)) = phrase {
        return Some(*meaning);
    }
    let known = WORDS
        .iter()
        .find(|(_, known)| words.iter().any(|word| known.contains(word)))?;
    let alone = words.len() == 1;
    match known.0 {
        Meaning::Done if !alone => Some(Meaning::StepDone),
        // "Open PR", "New design": the word does not name the state.
        Meaning::Backlog if words.len() > 2 => None,
        meaning => Some(meaning),
    }
}

/// A name with its words apart: `inProgress` is `in Progress`.
fn apart(name: &str) -> String {
    let mut apart = String::with_capacity(name.len());
    let mut small = false;
    for letter in name.chars() {
        if small && letter.is_uppercase() {
            apart.push(' ');
        }
        small = letter.is_lowercase();
        apart.push(letter);
    }
    apart
}

/// Whether a phrase stands in a name, from the beginning of a word on.
fn holds(name: &str, phrase: &str) -> bool {
    let phrase = phrase.replace('-', " ");
    name.match_indices(&phrase).any(|(at, _)| {
        let before = name[..at].chars().next_back();
        before.is_none_or(|letter| !letter.is_alphanumeric())
    })
}

/// The words of a name in lower case.
pub(super) fn words(name: &str) -> Vec<&str> {
    name.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Meaning, of};

    #[test]
    fn names_say_what_they_mean() {
        for (name, meaning) in [
            ("Done", Some(Meaning::Done)),
            ("Completed/Closed", Some(Meaning::Done)),
            ("Dev Done", Some(Meaning::StepDone)),
            ("Ready for Release", Some(Meaning::Waiting)),
            ("Review Queue", Some(Meaning::Waiting)),
            ("Code Review", Some(Meaning::Review)),
            ("Accepted/Wait", Some(Meaning::Waiting)),
            ("Accepted/In Progress", Some(Meaning::Active)),
            ("On-Hold", Some(Meaning::Blocked)),
            ("Won’t Do", Some(Meaning::Cancelled)),
            ("DUPLICATE", Some(Meaning::Cancelled)),
            ("Rejected", Some(Meaning::Refused)),
            ("To Do", Some(Meaning::Backlog)),
            ("Selected for Development", Some(Meaning::Waiting)),
            ("Reopened", Some(Meaning::Reopened)),
            ("In Bearbeitung", Some(Meaning::Active)),
            ("Erledigt", Some(Meaning::Done)),
            ("En attente de revue", Some(Meaning::Waiting)),
            ("À faire", Some(Meaning::Backlog)),
            ("inProgress", Some(Meaning::Active)),
            ("ToDo", Some(Meaning::Backlog)),
            ("Feedback", Some(Meaning::Waiting)),
            ("En curso", Some(Meaning::Active)),
            ("Concluído", Some(Meaning::Done)),
            ("Te doen", Some(Meaning::Backlog)),
            ("In attesa", Some(Meaning::Waiting)),
            ("Resolve ticket", None),
            ("Testing", None),
            ("Undone", None),
        ] {
            assert_eq!(of(name), meaning, "{name}");
        }
    }
}
