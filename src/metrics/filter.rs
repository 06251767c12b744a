//! A filter tied to a log and a stream: recorded fields by table, measured ones by row, outcomes by
//! what the config says works for them.

use crate::model::bound::{BoundRule, BoundStream, Standing};
use crate::model::event::fact;
use crate::model::id::StatusIx;
use crate::model::log::Log;
use crate::model::rule::{Field, Rule, Test};
use crate::model::snapshot::Outcome;
use crate::model::stage::Condition;
use crate::model::time::{Sec, Zone};

use super::ageing::Thresholds;
use super::flow::seconds;
use super::table::Row;

/// A filter in which an outcome stands for what works for it: items that have it as a fact, and those
/// that the config names.
pub(super) fn with_outcomes(filter: &Rule, outcomes: &[Outcome], stream: &str) -> Rule {
    let works =
        |one: &&Outcome| one.streams.is_empty() || one.streams.iter().any(|name| name == stream);
    filter.with(&|test| {
        let asked = matches!(&test.field, Field::Fact(name) if name == fact::OUTCOME);
        let meant = outcomes.iter().filter(works);
        let meant = meant.filter(|one| asked && test.accepts_text(&one.name));
        let mut any: Vec<Rule> = meant.map(|one| one.items.clone()).collect();
        if any.is_empty() {
            return None;
        }
        any.push(Rule::Test(test.clone()));
        Some(Rule::Any(any))
    })
}

/// Decides which rows a question is about.
#[derive(Debug)]
pub(super) struct Filter<'a> {
    log: &'a Log,
    bound: &'a BoundStream,
    rule: BoundRule,
    asks_for_status: bool,
    zone: &'a Zone,
    as_of: Sec,
    thresholds: Option<Thresholds>,
}

impl<'a> Filter<'a> {
    pub(super) fn new(
        rule: &Rule,
        (log, bound): (&'a Log, &'a BoundStream),
        zone: &'a Zone,
        as_of: Sec,
    ) -> Self {
        let mut asks_for_status = false;
        rule.for_each_test(&mut |test| asks_for_status |= test.field == Field::Status);
        Self {
            rule: BoundRule::new(rule, log),
            asks_for_status,
            thresholds: None,
            log,
            bound,
            zone,
            as_of,
        }
    }

    pub(super) fn with_thresholds(mut self, thresholds: Thresholds) -> Self {
        self.thresholds = Some(thresholds);
        self
    }

    /// Facts are those of an instant: the finish of a finished item, as-of for the others.
    pub(super) fn accepts(
        &self,
        row: &Row,
        (at, status): (Sec, &dyn Fn() -> Option<StatusIx>),
    ) -> bool {
        let standing = Standing {
            item: row.item,
            at,
            status: self.asks_for_status.then(status).flatten(),
        };
        self.rule
            .holds_with(self.log, standing, &mut |test| self.measured(test, row))
    }

    fn measured(&self, test: &Test, row: &Row) -> bool {
        let stage = row.stage.map(|stage| self.bound.stream().stage(stage));
        match &test.field {
            Field::Stage => test.accepts_text(stage.map_or("", |stage| &stage.name)),
            Field::Phase => test.accepts_text(stage.map_or("", |stage| stage.phase.name())),
            Field::Class => test.accepts_text(stage.map_or("", |stage| stage.class.name())),
            Field::Kind => test.accepts_text(self.kind_name(row)),
            Field::State => test.accepts_text(row.state.name()),
            Field::Blocked => accepts_flag(test, row.blocked),
            Field::Stale => accepts_flag(test, self.is_stale(row)),
            Field::Condition => self
                .condition(row)
                .is_some_and(|name| test.accepts_text(name)),
            Field::Age => row
                .age()
                .is_some_and(|age| test.accepts_number(seconds(age))),
            Field::Flow => row
                .flow()
                .is_some_and(|flow| test.accepts_number(seconds(flow))),
            Field::Pace => self.pace(row).is_some_and(|pace| test.accepts_number(pace)),
            Field::Created => test.accepts_day(self.zone.day_of(row.created)),
            Field::Started => self.accepts_day(test, row.started.get()),
            Field::Finished => self.accepts_day(test, row.finished.get()),
            _ => false,
        }
    }

    fn accepts_day(&self, test: &Test, at: Option<Sec>) -> bool {
        at.is_some_and(|at| test.values.is_empty() || test.accepts_day(self.zone.day_of(at)))
    }

    fn kind_name(&self, row: &Row) -> &str {
        let kind = row
            .kind
            .and_then(|kind| self.bound.kinds().get(usize::from(kind.0)));
        kind.map_or("", String::as_str)
    }

    fn is_stale(&self, row: &Row) -> bool {
        self.thresholds
            .as_ref()
            .is_some_and(|known| known.is_stale(row, self.as_of))
    }

    fn condition(&self, row: &Row) -> Option<&'static str> {
        let known = self.thresholds.as_ref()?;
        known.condition(row, self.as_of).map(Condition::name)
    }

    fn pace(&self, row: &Row) -> Option<f64> {
        self.thresholds.as_ref()?.pace_of(row)
    }
}

/// A bare flag asks for true; `blocked:false` and `blocked:no` ask for false.
fn accepts_flag(test: &Test, set: bool) -> bool {
    if test.values.is_empty() {
        return set;
    }
    let word = |yes: &str, no: &str| test.accepts_text(if set { yes } else { no });
    word("true", "false") || word("yes", "no")
}

#[cfg(test)]
mod tests {
    use crate::metrics::fixture::{snapshot, stream};
    use crate::metrics::{AsOf, Question, measure};
    use crate::model::snapshot::Snapshot;
    use crate::model::time::{DAY_SECS, Sec};
    use crate::query;

    /// As of day 120: a and b finished with 10 and 2 days; c ages, d waits, e is in the backlog.
    fn world() -> Snapshot {
        snapshot(
            stream(),
            &[
                (
                    "a",
                    "Story",
                    &[(90, "Backlog"), (91, "Build"), (101, "Done")],
                ),
                ("b", "Bug", &[(90, "Backlog"), (95, "Build"), (97, "Done")]),
                ("c", "Bug", &[(90, "Backlog"), (100, "Build")]),
                ("d", "Story", &[(90, "Backlog"), (116, "Ready")]),
                ("e", "Story", &[(91, "Backlog")]),
                (
                    "f",
                    "Story",
                    &[(92, "Backlog"), (93, "Build"), (94, "Cancelled")],
                ),
            ],
        )
    }

    fn accepted(filter: &str) -> String {
        let snapshot = world();
        let as_of = AsOf::At(Sec(u32::try_from(120 * DAY_SECS).unwrap()));
        let question = Question {
            filter: query::parse(filter).unwrap(),
            ..Question::about(&snapshot, 0, as_of)
        };
        let measures = measure(&snapshot, &question).unwrap();
        let rows = measures.table.rows();
        rows.map(|row| snapshot.log().key(row.item)).collect()
    }

    #[test]
    fn where_an_item_stands_can_be_asked() {
        assert_eq!(accepted(""), "abcdef");
        assert_eq!(accepted("stage:build"), "c");
        assert_eq!(accepted("phase:create"), "cd");
        assert_eq!(accepted("class:backlog"), "e");
        assert_eq!(accepted("state:done"), "ab");
        assert_eq!(accepted("state:cancelled"), "f");
        assert_eq!(accepted("not stage:build"), "abdef");
    }

    #[test]
    fn kinds_and_facts_can_be_asked() {
        assert_eq!(accepted("kind:defect"), "bc");
        assert_eq!(accepted("kind:story"), "adef");
        assert_eq!(accepted("type:bug state:done"), "b");
    }

    #[test]
    fn spans_can_be_asked_of_those_that_have_them() {
        // Ages: c 20 days, d 4. Flow times: a 10 days, b 2.
        assert_eq!(accepted("age>4d"), "c");
        assert_eq!(accepted("age>=4d"), "cd");
        assert_eq!(accepted("flow<=2d"), "b");
        assert_eq!(accepted("flow>2d"), "a");
    }

    #[test]
    fn dates_can_be_asked() {
        // Day 90 is 1970-04-01, day 91 1970-04-02, day 101 1970-04-12.
        assert_eq!(accepted("created:1970-04-02"), "e");
        assert_eq!(accepted("started<1970-04-05"), "af");
        assert_eq!(accepted("finished>=1970-04-12"), "a");
        assert_eq!(accepted("finished<1970-04-12"), "b");
        assert_eq!(accepted("created:1970-04-01..1970-04-02"), "abcde");
    }

    #[test]
    fn conditions_are_those_among_all_items() {
        // Build's time in stage P85 is 10 days: c, there for 20, is stale. Nothing finished left
        // Ready, so its band is that of the stage before, 0 days, and d is past it.
        assert_eq!(accepted("condition:stale"), "c");
        assert_eq!(accepted("stale"), "c");
        assert_eq!(accepted("condition:ageing"), "d");
        assert_eq!(accepted("condition:fine"), "");
        assert_eq!(accepted("pace>=1"), "c");
        assert_eq!(accepted("blocked"), "");
    }
}
