//! Streams that are planted: items whose begin and finish are known, counted in days from a change.

use std::sync::Arc;

use weir::model::batch::ItemHistory;
use weir::model::event::{Change, Event, fact};
use weir::model::id::SourceName;
use weir::model::log::LogBuilder;
use weir::model::rule::Rule;
use weir::model::snapshot::DatedChange;
use weir::model::stage::{Class, ClockRule, Phase};
use weir::model::stream::{Stage, StatusPattern, Stream};
use weir::model::time::{Day, Millis};

/// Seconds of a day.
pub(crate) const DAY: i64 = 86_400;

/// Monday 2024-01-01, the day of the change.
pub(crate) const CHANGE: Day = Day(19_723);

/// An item in days from the change: begun, and finished.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) begun: f64,
    pub(crate) finished: f64,
    pub(crate) kind: &'static str,
}

/// The first instant of the change, seconds since 1970.
pub(crate) fn changed_at() -> i64 {
    i64::from(CHANGE.0) * DAY
}

/// A change of one stream.
pub(crate) fn change(stream: &str) -> DatedChange {
    DatedChange {
        date: CHANGE,
        name: "planted".to_owned(),
        streams: vec![stream.to_owned()],
    }
}

/// Whole seconds of a number of days.
#[expect(clippy::cast_possible_truncation, reason = "days of a few years")]
pub(crate) fn secs(days: f64) -> i64 {
    (days * 86_400.0).round() as i64
}

/// A stage whose only status is its name.
pub(crate) fn stage(name: &str, class: Class) -> Stage {
    Stage {
        name: name.to_owned(),
        phase: Phase::Create,
        class,
        statuses: vec![StatusPattern::any_source(name)],
        owner: None,
        limit: None,
        sle: None,
        stale_after: None,
    }
}

/// A stream that draws from the source of its own name.
pub(crate) fn stream(name: &str, stages: Vec<Stage>) -> Arc<Stream> {
    Arc::new(Stream {
        name: name.to_owned(),
        sources: vec![SourceName::new(name)],
        items: Rule::Always,
        membership: Rule::Always,
        clock: ClockRule::LastCrossing,
        clocks: vec![],
        cancelled: vec![],
        kinds: vec![],
        blocked: vec![],
        stages,
        links: vec![],
    })
}

fn event(seq: u64, at: f64, change: Change) -> Event {
    Event {
        id: seq.to_string(),
        at: Millis((changed_at() + secs(at)) * 1000),
        seq,
        approximate: false,
        change,
    }
}

/// Items that are done in one step, told to the source `name`; the stream they make up.
pub(crate) fn told(builder: &mut LogBuilder, name: &str, items: &[Item]) -> Arc<Stream> {
    let source = builder.source(&SourceName::new(name)).unwrap();
    let moved = |to: &str| Change::Moved { to: to.to_owned() };
    for (nth, item) in items.iter().enumerate() {
        let kind = Change::Set {
            fact: fact::TYPE.into(),
            old: None,
            new: Some(item.kind.to_owned()),
        };
        let history = ItemHistory {
            item: nth.to_string(),
            replace: false,
            events: vec![
                event(0, item.begun, moved("Doing")),
                event(1, item.begun, kind),
                event(2, item.finished, moved("Done")),
            ],
        };
        builder.history(source, history).unwrap();
    }
    let stages = vec![stage("Doing", Class::Active), stage("Done", Class::Done)];
    stream(name, stages)
}
