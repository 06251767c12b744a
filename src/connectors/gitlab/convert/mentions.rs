//! Keys of items in what people write: `ABC-123`, `#12`, `group/app#12`.

/// The issue that GitLab names a branch after: the number it begins with.
pub(super) fn of_branch(branch: &str) -> Option<String> {
    let (number, _) = branch.split_once('-')?;
    is_number(number).then(|| format!("#{number}"))
}

/// All keys in a text, in order.
pub(super) fn in_text(text: &str) -> Vec<String> {
    let words = text.split(|letter: char| !is_of_key(letter));
    words.filter_map(key).collect()
}

fn is_of_key(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '#' | '-' | '/' | '_' | '.')
}

fn key(word: &str) -> Option<String> {
    let word = word.trim_matches(['.', '/', '-', '_']);
    if let Some((path, number)) = word.split_once('#') {
        let is_path = path.is_empty() || path.contains('/');
        return (is_path && is_number(number)).then(|| word.to_owned());
    }
    // A branch holds more behind the key: feature/ABC-12-new-card
    word.split('/').find_map(tracker_key)
}

fn tracker_key(word: &str) -> Option<String> {
    let mut parts = word.split('-');
    let (name, number) = (parts.next()?, parts.next()?);
    let is_name = name.len() >= 2
        && name.starts_with(|first: char| first.is_ascii_uppercase())
        && name
            .chars()
            .all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_');
    (is_name && is_number(number)).then(|| format!("{name}-{number}"))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|digit| digit.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{in_text, of_branch};

    #[test]
    fn keys_are_found() {
        for (text, keys) in [
            ("Closes #4, see PAY-12.", vec!["#4", "PAY-12"]),
            ("feature/PAY-12-new-card", vec!["PAY-12"]),
            (
                "fixes acme/app#7 (and A1_B-3)",
                vec!["acme/app#7", "A1_B-3"],
            ),
            ("utf-8 x-1 A-1 PAY- #x a#1 4-config", vec![]),
        ] {
            assert_eq!(in_text(text), keys, "{text}");
        }
        assert_eq!(of_branch("4-config-is-generic").as_deref(), Some("#4"));
        assert_eq!(of_branch("main"), None);
        assert_eq!(of_branch("v4-x"), None);
    }
}
