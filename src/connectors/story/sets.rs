//! Values that come and go one by one, such as labels: what there was at the start, and after each
//! change.

use crate::model::time::Millis;

use super::Moment;

/// Some values came or went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Delta<T> {
    pub(crate) moment: Moment,
    pub(crate) come: Vec<T>,
    pub(crate) gone: Vec<T>,
}

/// A set through time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Course<T> {
    /// At the start.
    pub(crate) start: Vec<T>,
    /// From each moment on, those that came last at the end.
    pub(crate) steps: Vec<(Moment, Vec<T>)>,
}

impl<T: Clone + PartialEq> Course<T> {
    /// What led to `now`, by all changes, in any order. What came without a change that tells was
    /// there from the start.
    pub(crate) fn new(now: Vec<T>, mut deltas: Vec<Delta<T>>) -> Self {
        deltas.sort_by_key(|delta| (delta.moment.at, delta.moment.seq));
        let mut start = now;
        for delta in deltas.iter().rev() {
            apply(&mut start, &delta.gone, &delta.come);
        }
        let mut held = start.clone();
        let mut steps: Vec<(Moment, Vec<T>)> = Vec::new();
        for delta in deltas {
            apply(&mut held, &delta.come, &delta.gone);
            steps.push((delta.moment, held.clone()));
        }
        Self { start, steps }
    }

    /// Takes what happened until `birth` as there from the start.
    pub(crate) fn born_by(mut self, birth: Millis) -> Self {
        let early = self
            .steps
            .iter()
            .take_while(|(moment, _)| moment.at <= birth);
        let early = early.count();
        if let Some((_, held)) = self.steps.drain(..early).next_back() {
            self.start = held;
        }
        self
    }

    /// All that were ever in it.
    pub(crate) fn ever(&self) -> impl Iterator<Item = &T> {
        let later = self.steps.iter().flat_map(|(_, held)| held);
        self.start.iter().chain(later)
    }

    /// Something told of the set at the start, and at each step that changes it.
    pub(crate) fn told(
        &self,
        tell: impl Fn(&[T]) -> Option<String>,
    ) -> (Option<String>, Vec<super::Turn>) {
        let first = tell(&self.start);
        let mut last = first.clone();
        let mut turns = Vec::new();
        for (moment, held) in &self.steps {
            let new = tell(held);
            if new != last {
                turns.push(super::Turn {
                    moment: moment.clone(),
                    old: std::mem::replace(&mut last, new.clone()),
                    new,
                });
            }
        }
        (first, turns)
    }
}

fn apply<T: Clone + PartialEq>(held: &mut Vec<T>, come: &[T], gone: &[T]) {
    held.retain(|one| !gone.contains(one) && !come.contains(one));
    held.extend(come.iter().cloned());
}

#[cfg(test)]
mod tests {
    use super::{Course, Delta};
    use crate::connectors::story::Moment;
    use crate::model::time::Millis;

    fn delta(
        at: i64,
        number: u64,
        come: &[&'static str],
        gone: &[&'static str],
    ) -> Delta<&'static str> {
        Delta {
            moment: Moment::part(number.to_string(), Millis(at), number, 0),
            come: come.to_vec(),
            gone: gone.to_vec(),
        }
    }

    fn steps(course: &Course<&'static str>) -> Vec<(i64, String)> {
        let steps = course.steps.iter();
        steps
            .map(|(moment, held)| (moment.at.0, held.join(" ")))
            .collect()
    }

    #[test]
    fn the_start_is_what_changes_do_not_explain() {
        let deltas = vec![
            delta(30, 3, &[], &["doing"]),
            delta(10, 1, &["doing"], &["todo"]),
            delta(30, 2, &["done"], &[]),
        ];
        let course = Course::new(vec!["bug", "done"], deltas);
        assert_eq!(course.start, ["bug", "todo"]);
        assert_eq!(
            steps(&course),
            [(10, "bug doing"), (30, "bug doing done"), (30, "bug done")]
                .map(|(at, held)| (at, held.to_owned()))
        );
    }

    #[test]
    fn what_comes_with_the_birth_was_there_from_the_start() {
        let deltas = vec![delta(10, 1, &["a"], &[]), delta(20, 2, &["b"], &[])];
        let course = Course::new(vec!["a", "b"], deltas).born_by(Millis(10));
        assert_eq!(course.start, ["a"]);
        assert_eq!(steps(&course), [(20, "a b".to_owned())]);
        assert_eq!(course.ever().count(), 3);
    }

    #[test]
    fn only_what_changes_the_telling_is_told() {
        let deltas = vec![delta(10, 1, &["x"], &[]), delta(20, 2, &["a2"], &["a1"])];
        let course = Course::new(vec!["a2", "x"], deltas);
        let first = |held: &[&str]| {
            let found = held.iter().find(|one| one.starts_with('a'));
            found.map(|one| (*one).to_owned())
        };
        let (start, turns) = course.told(first);
        assert_eq!(start.as_deref(), Some("a1"));
        assert_eq!(turns.len(), 1);
        assert_eq!(turns[0].new.as_deref(), Some("a2"));
        assert_eq!(turns[0].moment.at, Millis(20));
    }
}
