//! Stretches of time whose revisions are read one page after the other.

use serde_json::Value;

use crate::connectors::azure::fields::CHANGED;
use crate::connectors::record::Record;
use crate::model::time::Millis;

/// A stretch of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::connectors::azure) struct Lane {
    /// Only what is later; `None`: from the beginning of time.
    pub(in crate::connectors::azure) after: Option<Millis>,
    /// That instant is its last; `None`: it has no end.
    pub(in crate::connectors::azure) until: Option<Millis>,
}

impl Lane {
    /// Where its report begins, as the server is told.
    pub(super) fn start(self) -> Option<String> {
        self.after.map(Millis::rfc3339)
    }

    /// Whether a revision is one of this lane. One that does not say when it was made is of none.
    pub(super) fn holds(self, revision: &Value) -> bool {
        changed(revision).is_some_and(|at| {
            self.after.is_none_or(|after| at > after) && self.until.is_none_or(|until| at <= until)
        })
    }

    /// Whether a page of its report has reached beyond its end.
    pub(super) fn is_left(self, page: &[Value]) -> bool {
        let last = page.last().and_then(changed);
        self.until
            .is_some_and(|until| last.is_some_and(|last| last > until))
    }
}

fn changed(revision: &Value) -> Option<Millis> {
    let text = revision.at("fields").get(CHANGED).and_then(Value::as_str);
    text.and_then(Millis::parse)
}

/// At most `count` lanes of which each holds as many of these instants.
pub(in crate::connectors::azure) fn lanes(mut instants: Vec<Millis>, count: usize) -> Vec<Lane> {
    instants.sort_unstable();
    let bound = |part: usize| instants.get(instants.len() * part / count.max(1)).copied();
    let mut bounds: Vec<Millis> = (1..count).filter_map(bound).collect();
    bounds.dedup();
    let starts = std::iter::once(None).chain(bounds.iter().copied().map(Some));
    let ends = bounds.iter().copied().map(Some).chain([None]);
    let lanes = starts.zip(ends);
    lanes.map(|(after, until)| Lane { after, until }).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Lane, lanes};
    use crate::model::time::Millis;

    #[test]
    fn every_instant_is_in_one_lane() {
        let instants: Vec<Millis> = (0..100).map(|at| Millis(at * 7_000)).collect();
        let four = lanes(instants.clone(), 4);
        assert_eq!(four.len(), 4);
        for at in instants.iter().chain(&[Millis(-1), Millis(9_000_000)]) {
            let revision = json!({"fields": {"System.ChangedDate": at.rfc3339()}});
            let held = four.iter().filter(|lane| lane.holds(&revision)).count();
            assert_eq!(held, 1, "{at:?}");
        }
        let holds = |lane: &Lane| {
            let held =
                |at: &&Millis| lane.holds(&json!({"fields": {"System.ChangedDate": at.rfc3339()}}));
            instants.iter().filter(held).count()
        };
        let counts: Vec<usize> = four.iter().map(holds).collect();
        assert_eq!(counts, [26, 25, 25, 24]);
    }

    #[test]
    fn where_nothing_is_known_there_is_one_lane() {
        assert_eq!(lanes(Vec::new(), 4), [Lane::default()]);
        assert_eq!(lanes(vec![Millis(5)], 1), [Lane::default()]);
        let alike = lanes(vec![Millis(5); 9], 4);
        assert_eq!(alike.len(), 2);
    }
}
