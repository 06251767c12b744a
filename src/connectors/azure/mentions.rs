//! Keys of items that a text names.

/// The keys in some texts: `PAY-12`, `#12`, `AB#12` as `#12`; each as it is written otherwise.
pub(crate) fn mentions<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for text in texts {
        let words = text.as_ref().split(|letter: char| !is_of_key(letter));
        keys.extend(words.flat_map(keys_of));
    }
    keys.sort();
    keys.dedup();
    keys
}

fn is_of_key(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '-' | '#')
}

/// `#12`, or letters, a hyphen and digits, in a word that may go on after another hyphen.
fn keys_of(word: &str) -> Vec<String> {
    let numbered = word.rsplit_once('#').and_then(|(_, digits)| number(digits));
    let named = word.split_once('-').and_then(|(name, rest)| {
        let digits = number(rest.split('-').next().unwrap_or_default())?;
        let is_name = name.len() > 1
            && name.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && name.chars().all(|letter| letter.is_ascii_alphanumeric());
        is_name.then(|| format!("{}-{digits}", name.to_uppercase()))
    });
    let numbered = numbered.map(|digits| format!("#{digits}"));
    numbered.into_iter().chain(named).collect()
}

fn number(digits: &str) -> Option<&str> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::mentions;

    #[test]
    fn keys_are_found_where_people_write_them() {
        let texts = [
            "PAY-12: retries (#34), AB#7 and pay-12",
            "feature/shop-99-cart",
            "no key: x-1, utf, 3-4, PAY-, #, #x, a.b",
        ];
        assert_eq!(mentions(texts), ["#34", "#7", "PAY-12", "SHOP-99"]);
        assert!(mentions([""; 0]).is_empty());
    }
}
