//! The demo company tells a story that a newcomer can find: where its time goes, what holds it back.

#![expect(
    clippy::unwrap_used,
    reason = "a test that finds no file or no number has failed"
)]

use std::sync::Arc;

use weir::metrics::{AsOf, Measures, Question, measure};
use weir::model::id::SourceName;
use weir::model::log::LogBuilder;
use weir::model::snapshot::{Setting, Snapshot};
use weir::model::stage::Phase;
use weir::model::time::Millis;
use weir::simulate::demo::Company;

fn measures(seed: u64) -> Measures {
    let now = Millis::parse("2026-11-23T09:00:00Z").unwrap();
    let mut company = Company::new(seed, 1_200, now);
    let name = SourceName::new("demo");
    let stream = Arc::new(company.stream(&name));
    let statuses = company.statuses();
    let mut builder = LogBuilder::new();
    let source = builder.source(&name).unwrap();
    builder.statuses(source, &statuses).unwrap();
    for item in company.history().flatten() {
        builder.history(source, item).unwrap();
    }
    let log = Arc::new(builder.finish());
    let snapshot = Snapshot::new(log, &[stream], Setting::default(), 1);
    let question = Question::about(&snapshot, 0, AsOf::At(now.floor().unwrap()));
    measure(&snapshot, &question).unwrap()
}

#[test]
fn the_release_board_holds_the_company_back() {
    for seed in 1..=8 {
        let measures = measures(seed);
        let constraint = measures
            .bottleneck
            .constraint
            .map(weir::model::id::StageIx::index);
        let name = constraint.map(|stage| measures.stages[stage].name.as_str());
        assert_eq!(
            name,
            Some("Approval"),
            "seed {seed}: {}",
            measures.bottleneck.why
        );
    }
}

#[test]
fn most_delay_lies_outside_coding() {
    for seed in 1..=8 {
        let measures = measures(seed);
        let share = |phase| {
            let of = measures.phases.iter().find(|one| one.phase == phase);
            of.and_then(|one| one.share).unwrap_or(0.0)
        };
        for (phase, usual) in [
            (Phase::Ideate, 0.48),
            (Phase::Create, 0.08),
            (Phase::Release, 0.44),
        ] {
            let found = share(phase);
            let about = (found - usual).abs() <= 0.08;
            assert!(about, "seed {seed}: {} takes {found:.2}", phase.name());
        }
    }
}
