//! Keys that a text names: `#12`, `acme/pay#12`, the address of an issue, `PAY-12`.

use std::collections::BTreeSet;

use super::super::super::story::joined;
use super::Reader;

/// A prefix of a key such as PAY-12 has at most so many letters.
const LONGEST_PREFIX: usize = 20;

impl Reader<'_> {
    /// The keys that `texts` name, as a pull request of `repository` means them.
    pub(super) fn mentions(&self, repository: &str, texts: &[Option<&str>]) -> Option<String> {
        let mut keys = BTreeSet::new();
        for text in texts.iter().flatten() {
            for word in text.split(is_boundary).filter(|word| !word.is_empty()) {
                keys.extend(self.numbered(repository, word));
                keys.extend(worded(word));
            }
        }
        joined(keys.into_iter().collect())
    }

    /// `#12`, `pay#12` of the same owner, `acme/pay#12`, or the end of an address.
    fn numbered(&self, repository: &str, word: &str) -> Option<String> {
        let (place, number) = match word.split_once('#') {
            Some(("", number)) => (repository.to_owned(), number),
            Some((place, number)) => (place.to_owned(), number),
            None => addressed(word)?,
        };
        let number: String = number.chars().take_while(char::is_ascii_digit).collect();
        let number = number.parse().ok().filter(|number| *number > 0)?;
        (place.split('/').count() == 2).then(|| self.key(&place, number))
    }
}

/// `https://github.com/acme/pay/issues/12`.
fn addressed(word: &str) -> Option<(String, &str)> {
    let path = word.split_once("://")?.1;
    let mut parts = path.split('/').skip(1);
    let place = format!("{}/{}", parts.next()?, parts.next()?);
    let is_item = matches!(parts.next()?, "issues" | "pull");
    is_item.then_some((place, parts.next()?))
}

/// Keys of other trackers: two letters or more, a hyphen, a number. Branches have them inside.
fn worded(word: &str) -> Vec<String> {
    let parts: Vec<&str> = word.split(|letter| "/#_.".contains(letter)).collect();
    parts.into_iter().filter_map(key_in).collect()
}

/// `PAY-12` in `PAY-12-round-up`. Words such as utf-8 and sha-256 are written small.
fn key_in(part: &str) -> Option<String> {
    let (prefix, rest) = part.split_once('-')?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let ends = rest.chars().nth(digits.len());
    let is_prefix = (2..=LONGEST_PREFIX).contains(&prefix.len())
        && prefix.starts_with(|letter: char| letter.is_ascii_uppercase())
        && prefix
            .chars()
            .all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit());
    let is_key = is_prefix && !digits.is_empty() && ends.is_none_or(|next| next == '-');
    is_key.then(|| format!("{prefix}-{digits}"))
}

fn is_boundary(letter: char) -> bool {
    !(letter.is_alphanumeric() || "-_/#.:".contains(letter))
}
