//! All work items as the first question of a poll found them: their pages need not be asked for.

use super::Found;
use crate::connectors::sync::Question;
use crate::model::time::Millis;

/// Ids in the order of their changes, as of one instant.
///
/// Pages are cut from it as the list of that instant was. What changed since is later than all of
/// them, and found by the next poll.
#[derive(Debug)]
pub(in crate::connectors::azure) struct Snapshot {
    ids: Vec<u64>,
    as_of: Option<String>,
    now: Option<Millis>,
    /// How many of them were given.
    passed: usize,
    /// The last update of the page that was given last.
    reached: Option<Millis>,
}

impl Snapshot {
    /// What was found, with its first page given.
    pub(super) fn new(found: &Found, page: usize) -> Self {
        Self {
            ids: found.ids.clone(),
            as_of: found.as_of.clone(),
            now: found.now,
            passed: page,
            reached: None,
        }
    }

    /// Notes the last update of the page that was given last.
    pub(super) fn note(&mut self, reached: Option<Millis>) {
        self.reached = reached;
    }

    /// The next page and what is left behind it, if that is what a question goes on to.
    pub(super) fn page(&mut self, question: &Question, page: usize) -> Option<Found> {
        let before = self.passed.checked_sub(1).and_then(|at| self.ids.get(at));
        let goes_on = match &question.next {
            Some(next) => before.is_some_and(|id| id.to_string() == *next),
            None => question.since.is_some() && question.since == self.reached,
        };
        let rest = self.ids.get(self.passed..).filter(|rest| !rest.is_empty());
        let few = rest.filter(|_| goes_on)?.iter().take(page);
        let ids: Vec<u64> = few.copied().collect();
        self.passed += ids.len();
        Some(Found {
            ids,
            as_of: self.as_of.clone(),
            now: self.now,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Found, Snapshot};
    use crate::connectors::sync::Question;
    use crate::model::time::Millis;

    #[test]
    fn only_the_question_that_goes_on_is_answered() {
        let found = Found {
            ids: vec![7, 3, 9, 4, 1],
            as_of: Some("2026-03-02T09:00:00Z".to_owned()),
            now: Some(Millis(8_000)),
        };
        let mut snapshot = Snapshot::new(&found, 2);
        snapshot.note(Some(Millis(5_000)));
        let since = |second: i64, next: Option<&str>| Question {
            since: Some(Millis(second * 1_000)),
            offset: 0,
            next: next.map(str::to_owned),
        };
        for other in [since(4, None), since(5, Some("7")), Question::default()] {
            assert!(snapshot.page(&other, 2).is_none(), "{other:?}");
        }
        let page = snapshot.page(&since(5, None), 2).unwrap();
        assert_eq!((page.ids, page.now), (vec![9, 4], Some(Millis(8_000))));
        snapshot.note(Some(Millis(5_000)));
        let page = snapshot.page(&since(5, Some("4")), 2).unwrap();
        assert_eq!(page.ids, [1]);
        assert!(snapshot.page(&since(5, Some("1")), 2).is_none());
    }
}
