//! Half letters in JSON: `\ud83d` without the half that belongs to it, as where a program cut a title
//! within an emoji. They stand for nothing, and would make all of an answer unreadable.

use memchr::memmem;

/// What stands in place of one.
const NO_LETTER: &[u8; 6] = br"\ufffd";

/// Puts the sign for "no letter" in place of each half letter; whether there was any.
pub(crate) fn mend(json: &mut [u8]) -> bool {
    let halves = lone(json);
    for at in &halves {
        json[*at..*at + NO_LETTER.len()].copy_from_slice(NO_LETTER);
    }
    !halves.is_empty()
}

/// Where half letters begin.
fn lone(json: &[u8]) -> Vec<usize> {
    let mut halves = Vec::new();
    let mut after = 0;
    for at in memmem::find_iter(json, br"\u") {
        let before = json[..at].iter().rev().take_while(|byte| **byte == b'\\');
        let Some(unit) = unit(json, at).filter(|_| at >= after && before.count() % 2 == 0) else {
            continue;
        };
        let next = at + NO_LETTER.len();
        match unit {
            0xd800..=0xdbff if matches!(self::unit(json, next), Some(0xdc00..=0xdfff)) => {
                after = next + NO_LETTER.len();
            }
            0xd800..=0xdfff => halves.push(at),
            _ => {}
        }
    }
    halves
}

/// What an escape at this place says.
fn unit(json: &[u8], at: usize) -> Option<u16> {
    let digits = json.get(at..at + NO_LETTER.len())?.strip_prefix(br"\u")?;
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::mend;

    fn mended(json: &str) -> (String, bool) {
        let mut bytes = json.as_bytes().to_vec();
        let any = mend(&mut bytes);
        (String::from_utf8(bytes).unwrap(), any)
    }

    #[test]
    fn half_letters_are_told_from_whole_ones() {
        for (json, whole) in [
            (r#""cut \ud83d""#, r#""cut \ufffd""#),
            (r#""\uDE00 alone""#, r#""\ufffd alone""#),
            (
                r#""\ud83d\ud83d\ude00\ude00""#,
                r#""\ufffd\ud83d\ude00\ufffd""#,
            ),
            (r#""\\\ud83d""#, r#""\\\ufffd""#),
            (r#""\ud83dx\u0041""#, r#""\ufffdx\u0041""#),
        ] {
            assert_eq!(mended(json), (whole.to_owned(), true));
            assert!(serde_json::from_str::<String>(whole).is_ok(), "{whole}");
            assert!(serde_json::from_str::<String>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn whole_letters_and_what_only_looks_so_stay() {
        for json in [
            r#""\ud83d\ude00 gr\u00f6\u00dfer""#,
            r#""\\ud83d is a path""#,
            r#""\u12""#,
            r#""\u""#,
            "",
        ] {
            assert_eq!(mended(json), (json.to_owned(), false));
        }
    }
}
