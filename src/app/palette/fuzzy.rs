//! Finding a text by some of its letters, in their order.

mod letters;

use super::Entry;
use letters::{Letters, small};

/// What is typed beyond so many characters is not looked for.
const LONGEST: usize = 64;

/// Descriptions are searched from so many characters on.
const LEAST_WORD: usize = 3;

/// What is typed, ready to be looked for. Words stand for themselves: each must fit somewhere.
/// `^word` is looked for at the start, `word$` at the end, `'word` letter by letter, and `!word` must
/// not be there.
pub(super) struct Finder {
    words: Vec<Word>,
    /// How many characters are typed.
    typed: usize,
    letters: Letters,
}

/// A word that is looked for.
struct Word {
    letters: Vec<char>,
    place: Place,
    is_unwanted: bool,
}

/// Where a word may stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Its letters anywhere, in their order.
    Apart,
    /// Its letters one behind the other, anywhere.
    Together,
    Start,
    End,
    Whole,
}

impl Word {
    fn of(typed: &str) -> Option<Self> {
        let (is_unwanted, rest) = match typed.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, typed),
        };
        let (place, word) = match (rest.strip_prefix('^'), rest.strip_suffix('$')) {
            (Some(_), Some(_)) if rest.len() > 1 => (Place::Whole, &rest[1..rest.len() - 1]),
            (Some(word), _) => (Place::Start, word),
            (None, Some(word)) => (Place::End, word),
            (None, None) => match rest.strip_prefix('\'') {
                Some(word) => (Place::Together, word),
                None if is_unwanted => (Place::Together, rest),
                None => (Place::Apart, rest),
            },
        };
        (!word.is_empty()).then(|| Self {
            letters: word.chars().map(small).collect(),
            place,
            is_unwanted,
        })
    }

    /// The column from which on its letters stand one behind the other, where they must.
    fn column(&self, letters: &Letters) -> Option<usize> {
        let long = self.letters.len();
        let end = letters.len().checked_sub(long)?;
        let stands = |at: usize| letters.stand_at(at, &self.letters).then_some(at);
        match self.place {
            Place::Apart | Place::Together => letters.together(&self.letters),
            Place::Start => stands(0),
            Place::End => stands(end),
            Place::Whole => stands(0).filter(|_| end == 0),
        }
    }

    fn score(&self, letters: &mut Letters) -> Option<i32> {
        if self.place == Place::Apart {
            return letters.closest(&self.letters);
        }
        let column = self.column(letters)?;
        Some(letters.run(column, self.letters.len()))
    }

    fn places(&self, letters: &mut Letters) -> Vec<usize> {
        let long = self.letters.len();
        match (self.place, self.column(letters)) {
            (Place::Apart, _) => {
                letters.closest(&self.letters);
                letters.places(long)
            }
            (_, Some(column)) => letters.run_places(column, long).collect(),
            (_, None) => Vec::new(),
        }
    }

    /// Whether a text of ASCII lacks a letter of it, told at a glance.
    fn is_missing(&self, text: &str) -> bool {
        let mut bytes = text.bytes();
        let mut has =
            |wanted: &char| bytes.any(|one| char::from(one.to_ascii_lowercase()) == *wanted);
        !self.is_unwanted && text.is_ascii() && !self.letters.iter().all(&mut has)
    }
}

impl Finder {
    pub(super) fn new(typed: &str) -> Self {
        let typed: String = typed.chars().take(LONGEST).collect();
        Self {
            words: typed.split_whitespace().filter_map(Word::of).collect(),
            typed: typed.chars().count(),
            letters: Letters::default(),
        }
    }

    /// How well a text fits; the greater, the better.
    pub(super) fn score(&mut self, text: &str) -> Option<u16> {
        if self.words.iter().any(|word| word.is_missing(text)) {
            return None;
        }
        self.letters.read(text);
        let mut sum = 0;
        for word in &self.words {
            sum += match (word.score(&mut self.letters), word.is_unwanted) {
                (Some(score), false) => score,
                (None, true) => 0,
                (Some(_), true) | (None, false) => return None,
            };
        }
        Some(u16::try_from(sum.max(0)).unwrap_or(u16::MAX))
    }

    /// Where in a text that fits the letters stand: bytes at which they begin, in order.
    pub(super) fn places(&mut self, text: &str) -> Vec<usize> {
        if self.score(text).is_none() {
            return Vec::new();
        }
        let wanted = self.words.iter().filter(|word| !word.is_unwanted);
        let mut places: Vec<usize> = wanted
            .flat_map(|word| word.places(&mut self.letters))
            .collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    /// Whether every word stands in what is said of an entry, letter by letter. A text shorter than a
    /// word stands in too many.
    pub(super) fn has_words(&mut self, entry: &Entry) -> bool {
        self.letters
            .read(&format!("{} {}", entry.label, entry.detail));
        let letters = &self.letters;
        let fits = |word: &Word| word.column(letters).is_some() != word.is_unwanted;
        self.typed >= LEAST_WORD && self.words.iter().all(fits)
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
