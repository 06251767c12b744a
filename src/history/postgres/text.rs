//! Texts as PostgreSQL can hold them.
//!
//! Its texts know no NUL, and its indices no texts beyond some 2,700 bytes. So NUL is written as
//! U+0001 and `0`, U+0001 itself as U+0001 and `1`; and where a text is a key and long, a digest of
//! it stands in the key and the text beside it.

use std::borrow::Cow;

use xxhash_rust::xxh3::xxh3_128;

/// A column of texts.
pub(super) type Texts<'a> = Vec<Cow<'a, str>>;
/// A column of texts that may be missing.
pub(super) type MaybeTexts<'a> = Vec<Option<Cow<'a, str>>>;

/// Bytes of a text that stands in a key as it is.
const LONGEST_KEY: usize = 800;
const ESCAPE: char = '\u{1}';

/// A text to store.
pub(super) fn stored(text: &str) -> Cow<'_, str> {
    if !text.contains(['\0', ESCAPE]) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace(ESCAPE, "\u{1}1").replace('\0', "\u{1}0"))
}

/// A text that was stored.
pub(super) fn told(stored: &str) -> String {
    if !stored.contains(ESCAPE) {
        return stored.to_owned();
    }
    stored.replace("\u{1}0", "\0").replace("\u{1}1", "\u{1}")
}

/// A text as a key, and the whole of it where the key is only its digest.
pub(super) fn key(text: &str) -> (Cow<'_, str>, Option<Cow<'_, str>>) {
    let stored = stored(text);
    if stored.len() <= LONGEST_KEY {
        return (stored, None);
    }
    let digest = format!("\u{1}2{:032x}", xxh3_128(stored.as_bytes()));
    (Cow::Owned(digest), Some(stored))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{key, stored, told};

    #[test]
    fn long_keys_are_short_and_differ() {
        let (one, two) = ("x".repeat(801), format!("{}y", "x".repeat(800)));
        let ((first, whole), (second, _)) = (key(&one), key(&two));
        assert_eq!((first.len(), whole.as_deref()), (34, Some(one.as_str())));
        assert_ne!(first, second);
        assert_eq!(key(&one[..800]), (one[..800].into(), None));
    }

    proptest! {
        #[test]
        fn every_text_comes_back_without_nul(text in "[\u{0}\u{1}012a]{0,12}", other in "[\u{0}\u{1}012a]{0,12}") {
            let kept = stored(&text);
            prop_assert!(!kept.contains('\0'));
            prop_assert_eq!(told(&kept), text.clone());
            prop_assert_eq!(stored(&other) == kept, other == text);
        }
    }
}
