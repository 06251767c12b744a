//! How closely some letters stand together in a text, in their order, and where.
//!
//! The weights and the two ways to go on, to the next letter or over a gap, are those of fzf's second
//! algorithm, after Smith and Waterman.

/// What a letter that is there gives.
const THERE: i32 = 16;
/// What it gives more where a word begins; twice as much for the first letter looked for.
const BEGINS: i32 = 8;
/// What it gives more where the text begins.
const FIRST: i32 = 10;
/// What it gives more, at least, right behind the one before.
const BEHIND: i32 = 4;
/// What the first letter between two costs.
const GAP: i32 = 3;
/// What each further one costs.
const WIDER: i32 = 1;
/// Less than any score.
const NONE: i32 = i32::MIN / 2;

/// A character of a text.
#[derive(Clone, Copy, Debug)]
struct Letter {
    /// The byte at which it begins.
    at: usize,
    small: char,
    /// What it gives more for where it stands.
    more: i32,
}

/// A text taken apart, and room to work in.
#[derive(Clone, Debug, Default)]
pub(super) struct Letters {
    text: Vec<Letter>,
    /// A row a letter looked for: the best score with that letter there, a column a letter of the text.
    scores: Vec<i32>,
    /// The same shape: the column of the letter before.
    before: Vec<usize>,
}

/// A character as it is compared.
pub(super) fn small(one: char) -> char {
    if one.is_ascii() {
        return one.to_ascii_lowercase();
    }
    one.to_lowercase().next().unwrap_or(one)
}

impl Letters {
    /// Takes a text apart.
    pub(super) fn read(&mut self, text: &str) {
        self.text.clear();
        let mut last = ' ';
        for (at, one) in text.char_indices() {
            let begins = one.is_alphanumeric()
                && (!last.is_alphanumeric()
                    || (one.is_uppercase() && last.is_lowercase())
                    || (one.is_numeric() && !last.is_numeric()));
            self.text.push(Letter {
                at,
                small: small(one),
                more: match (begins, at) {
                    (false, _) => 0,
                    (true, 0) => FIRST,
                    (true, _) => BEGINS,
                },
            });
            last = one;
        }
    }

    /// How many characters the text has.
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// The best score of these letters in their order; `None` if they are not there.
    pub(super) fn closest(&mut self, wanted: &[char]) -> Option<i32> {
        let cells = wanted.len() * self.text.len();
        self.scores.clear();
        self.scores.resize(cells, NONE);
        self.before.resize(cells.max(self.before.len()), 0);
        for (row, letter) in wanted.iter().enumerate() {
            self.fill(row, *letter);
        }
        let last = self.last_row(wanted.len())?;
        last.iter().max().copied().filter(|best| *best > NONE / 2)
    }

    /// After [`Self::closest`]: the bytes at which the letters of the best score begin, rising.
    pub(super) fn places(&self, wanted: usize) -> Vec<usize> {
        let Some(last) = self.last_row(wanted) else {
            return Vec::new();
        };
        let best = (0..last.len()).max_by_key(|column| (last[*column], std::cmp::Reverse(*column)));
        let Some(mut column) = best.filter(|best| last[*best] > NONE / 2) else {
            return Vec::new();
        };
        let mut places = Vec::with_capacity(wanted);
        for row in (0..wanted).rev() {
            places.push(self.text[column].at);
            column = self.before[row * self.text.len() + column];
        }
        places.reverse();
        places
    }

    /// The first column from which on these letters stand one behind the other.
    pub(super) fn together(&self, wanted: &[char]) -> Option<usize> {
        let last = self.text.len().checked_sub(wanted.len())?;
        (0..=last).find(|at| self.stand_at(*at, wanted))
    }

    /// Whether these letters stand one behind the other from a column on.
    pub(super) fn stand_at(&self, from: usize, wanted: &[char]) -> bool {
        let run = self.text.get(from..from + wanted.len());
        run.is_some_and(|run| run.iter().map(|one| one.small).eq(wanted.iter().copied()))
    }

    /// The score of so many letters one behind the other from a column on.
    pub(super) fn run(&self, from: usize, wanted: usize) -> i32 {
        let run = self.text[from..from + wanted].iter();
        let more = run.enumerate().map(|(at, letter)| match at {
            0 => 2 * letter.more,
            _ => letter.more.max(BEHIND),
        });
        more.map(|more| THERE + more).sum()
    }

    /// The bytes at which so many letters from a column on begin.
    pub(super) fn run_places(&self, from: usize, wanted: usize) -> impl Iterator<Item = usize> {
        self.text[from..from + wanted]
            .iter()
            .map(|letter| letter.at)
    }

    fn last_row(&self, rows: usize) -> Option<&[i32]> {
        let columns = self.text.len();
        self.scores
            .get(rows.checked_sub(1)? * columns..rows * columns)
    }

    /// The scores with the letter of a row at each column, from those of the row before.
    fn fill(&mut self, row: usize, wanted: char) {
        let columns = self.text.len();
        let (done, rest) = self.scores.split_at_mut(row * columns);
        let above = done
            .get(done.len().saturating_sub(columns)..)
            .filter(|_| row > 0);
        let (mut over, mut left) = (NONE, 0);
        for column in row..columns {
            if let (Some(above), Some(further)) = (above, column.checked_sub(2)) {
                over -= WIDER;
                if above[further] - GAP >= over {
                    (over, left) = (above[further] - GAP, further);
                }
            }
            let letter = self.text[column];
            if letter.small != wanted {
                continue;
            }
            let Some(above) = above else {
                rest[column] = THERE + 2 * letter.more;
                continue;
            };
            let next = above[column - 1] + letter.more.max(BEHIND);
            let (best, from) = match over + letter.more {
                wide if wide > next => (wide, left),
                _ => (next, column - 1),
            };
            rest[column] = (best + THERE).max(NONE);
            self.before[row * columns + column] = from;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{BEHIND, GAP, Letters, THERE, WIDER};

    /// The best of all choices of columns, one after the other.
    fn plainly(
        letters: &Letters,
        wanted: &[char],
        from: usize,
        last: Option<usize>,
    ) -> Option<i32> {
        let Some((first, rest)) = wanted.split_first() else {
            return Some(0);
        };
        let here = (from..letters.text.len()).filter(|at| letters.text[*at].small == *first);
        let scores = here.filter_map(|at| {
            let more = letters.text[at].more;
            let gap = i32::try_from(last.map_or(0, |last| at - last - 1)).unwrap();
            let own = match last {
                None => 2 * more,
                Some(_) if gap == 0 => more.max(BEHIND),
                Some(_) => more - GAP - WIDER * (gap - 1),
            };
            Some(THERE + own + plainly(letters, rest, at + 1, Some(at))?)
        });
        scores.max()
    }

    fn read(text: &str) -> Letters {
        let mut letters = Letters::default();
        letters.read(text);
        letters
    }

    proptest! {
        #[test]
        fn the_best_of_all_ways_is_found(text in "[ab A]{0,9}", wanted in "[ab]{1,4}") {
            let wanted: Vec<char> = wanted.chars().collect();
            let mut letters = read(&text);
            let best = letters.closest(&wanted);
            prop_assert_eq!(best, plainly(&letters, &wanted, 0, None));
            let places = letters.places(wanted.len());
            prop_assert_eq!(places.len(), if best.is_some() { wanted.len() } else { 0 });
            prop_assert!(places.windows(2).all(|two| two[0] < two[1]));
            let told: Vec<char> = places.iter().map(|at| letters.text[*at].small).collect();
            prop_assert!(best.is_none() || told == wanted);
        }
    }
}
