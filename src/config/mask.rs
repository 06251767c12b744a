//! Keeps secrets out of excerpts.

use std::ops::Range;

const SECRET_KEYS: [&str; 9] = [
    "token",
    "password",
    "passwd",
    "secret",
    "api_key",
    "apikey",
    "api-key",
    "key_secret",
    "pat",
];

/// The text with stars, byte for byte, over `hidden`, over what stands behind a key that sounds
/// like a secret, and over passwords in addresses.
pub(super) fn masked(text: &str, hidden: &[Range<usize>]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let lines = text.split_inclusive('\n').scan(0, |start, line| {
        let at = *start;
        *start += line.len();
        Some((at, line))
    });
    let found = lines.flat_map(|(at, line)| {
        let key = behind_secret_key(line).into_iter();
        key.chain(password_in_address(line))
            .map(move |span| at + span.start..at + span.end)
    });
    for span in found.chain(hidden.iter().cloned()) {
        for byte in bytes.get_mut(span).unwrap_or_default() {
            if *byte != b'\n' && *byte != b'\r' {
                *byte = b'*';
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_default()
}

/// What stands on a line behind a key that sounds like a secret, unless it is a table that says
/// where the secret is found.
fn behind_secret_key(line: &str) -> Option<Range<usize>> {
    let lower = line.to_ascii_lowercase();
    let value_of = |(at, key): (usize, &str)| {
        let behind = lower[at + key.len()..].trim_start_matches(['"', '\'', ' ', '\t']);
        let value = behind.strip_prefix('=')?.trim_start();
        (!value.starts_with('{') && !value.trim_end().is_empty()).then(|| lower.len() - value.len())
    };
    let start = SECRET_KEYS
        .iter()
        .flat_map(|key| lower.match_indices(key))
        .filter_map(value_of)
        .min()?;
    Some(start..start + line[start..].trim_end().len())
}

/// The password of an address such as `postgres://user:password@host`.
fn password_in_address(line: &str) -> Option<Range<usize>> {
    let start = line.find("://")? + 3;
    let authority = line[start..]
        .split(|one: char| one == '/' || one == '"' || one == '\'' || one.is_whitespace())
        .next()?;
    let end = authority.rfind('@')?;
    let colon = authority[..end].find(':')?;
    Some(start + colon + 1..start + end)
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn secrets_are_starred_and_nothing_moves() {
        let table = [
            ("token = \"abc\"", "token = *****"),
            ("a = { token = 'x', b = 1 }", "a = { token = ************"),
            ("token = { env = \"T\" }", "token = { env = \"T\" }"),
            ("\"API_KEY\" = \"a\"\nb = 1", "\"API_KEY\" = ***\nb = 1"),
            (
                "url = \"postgres://u:pw@h/d\"",
                "url = \"postgres://u:**@h/d\"",
            ),
            ("url = \"https://h/a@b:c\"", "url = \"https://h/a@b:c\""),
            ("token = \"ä\"", "token = ****"),
        ];
        for (given, wanted) in table {
            assert_eq!(masked(given, &[]), wanted);
            assert_eq!(masked(given, &[]).len(), given.len());
        }
        assert_eq!(masked("a = ä\nb", &[2..6, 7..8]), "a ****\n*");
    }
}
