//! `clock` and `[[streams.clocks]]`.

use toml::Spanned;

use super::super::problem::Problem;
use super::super::reader::{Reader, Section};
use crate::model::id::StageIx;
use crate::model::stage::ClockRule;
use crate::model::stream::{NamedClock, Stage};

pub(super) fn read_rule(section: &mut Section<'_>) -> ClockRule {
    let rule = section.get("clock").and_then(|rule| rule.clock_rule());
    rule.unwrap_or_default()
}

pub(super) fn read_named(section: &mut Section<'_>, stages: &[Stage]) -> Vec<NamedClock> {
    let clocks = section.named_tables(("clocks", "clock"), |entry| read(entry, stages));
    clocks.into_iter().flatten().collect()
}

/// The clock's name, and the clock if its ends can be read.
fn read(mut entry: Section<'_>, stages: &[Stage]) -> Option<(Spanned<String>, Option<NamedClock>)> {
    let name = entry.required_text("name", "\"idea-to-value\"");
    let from = end(&mut entry, "from", stages);
    let to = end(&mut entry, "to", stages);
    let reader = entry.reader();
    entry.finish();
    let ends = from.zip(to);
    if let Some((from, to)) = &ends {
        check_order(reader, from, to);
    }
    let name = name?;
    check_name(reader, &name);
    let clock = ends.map(|(from, to)| NamedClock {
        name: name.get_ref().clone(),
        from: from.into_inner(),
        to: to.into_inner(),
    });
    Some((name, clock))
}

fn check_name(reader: &Reader<'_>, name: &Spanned<String>) {
    if ClockRule::ALL
        .iter()
        .any(|rule| rule.name() == name.get_ref())
    {
        let what = format!("\"{}\" is the name of a clock rule", name.get_ref());
        let problem = Problem::new(name.span(), what, "the name is taken");
        reader.report(problem.hint("give the clock a name of its own"));
    }
}

fn check_order(reader: &Reader<'_>, from: &Spanned<StageIx>, to: &Spanned<StageIx>) {
    if to.get_ref() <= from.get_ref() {
        let what = "the clock ends before it starts";
        let problem = Problem::new(to.span(), what, "not after the start")
            .also(from.span(), "starts here")
            .hint("\"from\" is a stage further left than \"to\"");
        reader.report(problem);
    }
}

fn end(entry: &mut Section<'_>, key: &'static str, stages: &[Stage]) -> Option<Spanned<StageIx>> {
    let text = entry.required_text(key, "\"Review\", the name of a stage")?;
    let known: Vec<&str> = stages.iter().map(|stage| stage.name.as_str()).collect();
    if !entry
        .reader()
        .check_name(&text, "stage of this stream", &known)
    {
        return None;
    }
    let at = known.iter().position(|name| *name == text.get_ref())?;
    let at = u8::try_from(at).ok()?;
    Some(Spanned::new(text.span(), StageIx(at)))
}
