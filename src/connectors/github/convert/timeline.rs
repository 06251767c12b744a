//! The events of an issue or a pull request, in order.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::super::story::Moment;
use super::super::wire::{instant, list, text};
use crate::model::time::Millis;

/// One event.
#[derive(Debug)]
pub(super) struct Happening<'a> {
    /// The name of its type.
    pub(super) what: &'a str,
    pub(super) at: Millis,
    /// Unique within the artefact.
    id: String,
    /// Where it stands among the others.
    place: u64,
    pub(super) value: &'a Value,
}

impl Happening<'_> {
    /// When it happened, as the origin of a change of `field`, the `index`th from it.
    pub(super) fn moment(&self, field: &str, index: u64) -> Moment {
        Moment::part(format!("{}.{field}", self.id), self.at, self.place, index)
    }

    pub(super) fn text(&self, at: &str) -> Option<String> {
        text(self.value, at).map(str::to_owned)
    }
}

/// All of them.
#[derive(Debug)]
pub(super) struct Timeline<'a> {
    happenings: Vec<Happening<'a>>,
    /// How many have no time.
    pub(super) undated: usize,
}

impl<'a> Timeline<'a> {
    /// Reads the timeline of an issue or a pull request. Pages may repeat events; a review stands
    /// where it was begun, but counts from when it was submitted.
    pub(super) fn read(node: &'a Value) -> Self {
        let mut timeline = Self {
            happenings: Vec::new(),
            undated: 0,
        };
        let mut met = BTreeSet::new();
        for value in list(node, "/timelineItems/nodes") {
            timeline.take(value, &mut met);
        }
        timeline.conclude(node);
        let happenings = &mut timeline.happenings;
        happenings.sort_by_key(|happening| happening.at);
        for (place, happening) in (0..).zip(happenings) {
            happening.place = place;
        }
        timeline
    }

    fn take(&mut self, value: &'a Value, met: &mut BTreeSet<String>) {
        let Some(what) = text(value, "/__typename") else {
            self.undated += 1;
            return;
        };
        let at = instant(value, "/createdAt").or_else(|| instant(value, "/submittedAt"));
        let Some(at) = at else {
            // A review that is not submitted is nobody's business yet.
            self.undated += usize::from(what != "PullRequestReview");
            return;
        };
        let id = text(value, "/id").map_or_else(|| format!("{what}.{}", at.0), str::to_owned);
        if met.insert(id.clone()) {
            self.push(what, at, id, value);
        }
    }

    fn push(&mut self, what: &'a str, at: Millis, id: String, value: &'a Value) {
        self.happenings.push(Happening {
            what,
            at,
            id,
            place: 0,
            value,
        });
    }

    /// What the artefact says of its end though its timeline does not.
    fn conclude(&mut self, node: &'a Value) {
        let ended =
            |state: &str| ["/issueState", "/pullState"].map(|at| text(node, at) == Some(state));
        let ends = [
            ("MERGED", "MergedEvent", "/mergedAt"),
            ("CLOSED", "ClosedEvent", "/closedAt"),
        ];
        for (state, what, at) in ends {
            let is_told = self.of(what).next().is_some();
            if let Some(at) = instant(node, at)
                && ended(state).contains(&true)
                && !is_told
            {
                self.push(what, at, what.to_owned(), &Value::Null);
            }
        }
    }

    /// All events.
    pub(super) fn each(&self) -> impl Iterator<Item = &Happening<'a>> {
        self.happenings.iter()
    }

    /// Those of one type.
    pub(super) fn of<'t>(&'t self, what: &'t str) -> impl Iterator<Item = &'t Happening<'a>> {
        self.each().filter(move |happening| happening.what == what)
    }
}
