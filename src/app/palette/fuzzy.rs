//! Finding a text by some of its letters, in their order.

use frizbee::{Config, Matcher, Matching, Pattern};

use super::Entry;

/// What is typed beyond so many characters is not looked for.
const LONGEST: usize = 64;

/// Descriptions are searched from so many characters on.
const LEAST_WORD: usize = 3;

/// What is typed, ready to be looked for. Words stand for themselves: each must fit somewhere.
/// `^word` is looked for at the start, `word$` at the end, `'word` letter by letter, and `!word` must
/// not be there.
pub(super) struct Finder {
    letters: Matcher,
    words: Matcher,
    /// How many characters are typed.
    typed: usize,
}

impl Finder {
    pub(super) fn new(typed: &str) -> Self {
        let typed: String = typed.chars().take(LONGEST).collect();
        let patterns = Pattern::parse_query(&typed);
        let words = Config::default().matching(Matching::Substring);
        Self {
            letters: Matcher::from_patterns(&patterns, &Config::default()),
            words: Matcher::from_patterns(&patterns, &words),
            typed: typed.chars().count(),
        }
    }

    /// How well a text fits; the greater, the better.
    pub(super) fn score(&mut self, text: &str) -> Option<u16> {
        self.letters.match_one(text, 0).map(|found| found.score)
    }

    /// Where in a text that fits the letters stand: bytes at which they begin, in order.
    pub(super) fn places(&mut self, text: &str) -> Vec<usize> {
        let found = self.letters.match_one_indices(text, 0);
        let mut places: Vec<usize> = found
            .map(|found| found.indices.into_iter().map(|at| at as usize).collect())
            .unwrap_or_default();
        places.sort_unstable();
        places.retain(|at| text.is_char_boundary(*at));
        places
    }

    /// Whether every word stands in what is said of an entry, letter by letter. A text shorter than a
    /// word stands in too many.
    pub(super) fn has_words(&mut self, entry: &Entry) -> bool {
        let said = format!("{} {}", entry.label, entry.detail);
        self.typed >= LEAST_WORD && self.words.match_one(&said, 0).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::{Entry, Finder};
    use crate::app::{Action, Target};
    use proptest::prelude::*;

    fn entry(label: &str, detail: &str) -> Entry {
        Entry {
            target: Target::Action(Action::OpenUrl),
            label: label.to_owned(),
            detail: detail.to_owned(),
        }
    }

    #[test]
    fn letters_in_their_order_fit_and_the_closer_the_better() {
        let mut finder = Finder::new("stre");
        let near = finder.score("stream").unwrap();
        let far = finder.score("some things are really elsewhere").unwrap();
        assert!(near > far);
        assert_eq!(finder.score("erts"), None);
        assert_eq!(finder.places("the stream"), [4, 5, 6, 7]);
    }

    #[test]
    fn words_may_stand_in_any_order_and_operators_narrow() {
        assert!(
            Finder::new("card refund")
                .score("Refund to a card")
                .is_some()
        );
        assert!(
            Finder::new("refund !card")
                .score("Refund to a card")
                .is_none()
        );
        assert!(Finder::new("^card").score("Refund to a card").is_none());
        assert!(Finder::new("browser").has_words(&entry("open url", "open it in the browser")));
    }

    #[test]
    fn letters_beyond_ascii_are_found_where_they_stand() {
        assert_eq!(Finder::new("sicht").places("Übersicht"), [5, 6, 7, 8, 9]);
        assert!(Finder::new("übersicht").score("Übersicht").is_some());
        assert!(Finder::new("支払").score("支払い履歴の検索").is_some());
        assert_eq!(Finder::new("履歴").places("支払い履歴の検索"), [9, 12]);
    }

    proptest! {
        #[test]
        fn nothing_typed_breaks_it(typed in ".{0,90}", text in ".{0,60}") {
            let mut finder = Finder::new(&typed);
            let fits = finder.score(&text).is_some();
            let places = finder.places(&text);
            prop_assert!(fits || places.is_empty());
            prop_assert!(places.iter().all(|at| *at < text.len()));
            finder.has_words(&entry(&text, &typed));
        }
    }
}
