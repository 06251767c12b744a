//! `[[streams.stages]]`.

use toml::Spanned;

use super::super::problem::Problem;
use super::super::reader::Section;
use super::status;
use crate::model::stage::{Class, Phase};
use crate::model::stream::{Sle, Stage, StatusPattern};
use crate::model::time::DAY_SECS;

/// More stages than any stream has, and as many as a [`crate::model::id::StageIx`] can name.
const MAX_STAGES: usize = 255;

/// The stages in order, and the statuses that they map.
pub(super) fn read_all(
    section: &mut Section<'_>,
    sources: &[&str],
) -> (Vec<Stage>, Vec<Spanned<StatusPattern>>) {
    let mut names = Vec::new();
    let mut mapped = Vec::new();
    let mut stages = Vec::new();
    for entry in section.tables("stages") {
        let Some((name, statuses, stage)) = read(entry, sources) else {
            continue;
        };
        names.push(name);
        mapped.extend(statuses);
        stages.push(stage);
    }
    section.reader().check_unique("stage", &names);
    if let Some(first_too_many) = names.get(MAX_STAGES) {
        let what = format!("a stream has at most {MAX_STAGES} stages");
        let problem = Problem::new(first_too_many.span(), what, "one too many");
        section.reader().report(problem);
    }
    (stages, mapped)
}

type Read = (Spanned<String>, Vec<Spanned<StatusPattern>>, Stage);

fn read(mut entry: Section<'_>, sources: &[&str]) -> Option<Read> {
    let name = entry
        .required("name", "\"Review\"")
        .and_then(|name| name.text());
    let phases = Phase::ALL.map(|phase| (phase.name(), phase));
    let phase = entry
        .required("phase", "\"create\"")
        .and_then(|phase| phase.word("phase", &phases));
    let classes = Class::ALL.map(|class| (class.name(), class));
    let class = entry
        .required("class", "\"queue\"")
        .and_then(|class| class.word("class", &classes));
    let given = entry.get("statuses").map(|list| list.texts());
    let promise = Promise::read(&mut entry);
    entry.finish();
    let name = name?;
    let statuses = status::patterns(given.unwrap_or_else(|| vec![name.clone()]), sources);
    let stage = Stage {
        name: name.get_ref().clone(),
        // A stage with a problem is kept, so that what refers to it is not reported as well.
        phase: phase.unwrap_or(Phase::Create),
        class: class.unwrap_or(Class::Active),
        statuses: statuses.iter().map(|one| one.get_ref().clone()).collect(),
        owner: promise.owner,
        limit: promise.limit,
        sle: promise.sle,
        stale_after: promise.stale_after,
    };
    Some((name, statuses, stage))
}

/// Who owns a stage and what is expected of it.
struct Promise {
    owner: Option<String>,
    limit: Option<u32>,
    sle: Option<Sle>,
    stale_after: Option<i64>,
}

impl Promise {
    fn read(entry: &mut Section<'_>) -> Self {
        let owner = entry.get("owner").and_then(|owner| owner.text());
        let limit = entry
            .get("limit")
            .and_then(|limit| limit.whole(1..=1_000_000));
        Self {
            owner: owner.map(Spanned::into_inner),
            limit: limit.and_then(|limit| u32::try_from(limit).ok()),
            sle: entry.table("sle").and_then(read_sle),
            stale_after: entry.get("stale_after").and_then(|after| after.span_secs()),
        }
    }
}

fn read_sle(mut section: Section<'_>) -> Option<Sle> {
    let percent = section
        .required("percent", "85")
        .and_then(|percent| percent.whole(1..=99));
    let days = section
        .required("days", "5")
        .and_then(|days| days.number(0.001..=36_500.0));
    section.finish();
    Some(Sle {
        percent: u8::try_from(percent?).ok()?,
        seconds: seconds_of(days?),
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "at most a hundred years of seconds"
)]
fn seconds_of(days: f64) -> i64 {
    (days * DAY_SECS as f64).round() as i64
}
