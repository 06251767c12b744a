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
    let mut mapped = Vec::new();
    let stages = section.named_tables(("stages", "stage"), |entry| {
        let place = entry.span();
        let (name, statuses, stage) = read(entry, sources)?;
        mapped.extend(statuses);
        Some((name, (place, stage)))
    });
    if let Some((place, _)) = stages.get(MAX_STAGES) {
        let what = format!("a stream has at most {MAX_STAGES} stages");
        let problem = Problem::new(place.clone(), what, "one too many");
        section.reader().report(problem);
    }
    (stages.into_iter().map(|(_, stage)| stage).collect(), mapped)
}

type Read = (Spanned<String>, Vec<Spanned<StatusPattern>>, Stage);

fn read(mut entry: Section<'_>, sources: &[&str]) -> Option<Read> {
    let name = entry.required_text("name", "\"Review\"");
    let phase = phase(&mut entry);
    let class = class(&mut entry);
    let given = entry.get("statuses").map(|list| list.texts());
    let limit = limit(&mut entry);
    let mut stage = Stage {
        name: String::new(),
        phase,
        class,
        statuses: Vec::new(),
        owner: entry.plain_text("owner"),
        limit,
        sle: entry.table("sle").and_then(read_sle),
        stale_after: entry.get("stale_after").and_then(|after| after.span_secs()),
    };
    entry.finish();
    let name = name?;
    let statuses = status::patterns(given.unwrap_or_else(|| vec![name.clone()]), sources);
    stage.name.clone_from(name.get_ref());
    stage.statuses = statuses.iter().map(|one| one.get_ref().clone()).collect();
    Some((name, statuses, stage))
}

/// A stage with a wrong phase is kept all the same, so that what refers to it is not reported too;
/// so is one with a wrong class.
fn phase(entry: &mut Section<'_>) -> Phase {
    let phases = Phase::ALL.map(|phase| (phase.name(), phase));
    let phase = entry.required("phase", "\"create\"");
    let phase = phase.and_then(|phase| phase.word("phase", &phases));
    phase.unwrap_or(Phase::Create)
}

fn class(entry: &mut Section<'_>) -> Class {
    let classes = Class::ALL.map(|class| (class.name(), class));
    let class = entry.required("class", "\"queue\"");
    let class = class.and_then(|class| class.word("class", &classes));
    class.unwrap_or(Class::Active)
}

fn limit(entry: &mut Section<'_>) -> Option<u32> {
    let limit = entry.get("limit")?.whole(1..=1_000_000)?;
    u32::try_from(limit).ok()
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
