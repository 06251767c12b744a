//! `clock` and `[[streams.clocks]]`.

use toml::Spanned;

use super::super::problem::Problem;
use super::super::reader::Section;
use crate::model::id::StageIx;
use crate::model::stage::ClockRule;
use crate::model::stream::{NamedClock, Stage};

pub(super) fn read_rule(section: &mut Section<'_>) -> ClockRule {
    let rules = ClockRule::ALL.map(|rule| (rule.name(), rule));
    let rule = section
        .get("clock")
        .and_then(|rule| rule.word("clock rule", &rules));
    rule.unwrap_or_default()
}

pub(super) fn read_named(section: &mut Section<'_>, stages: &[Stage]) -> Vec<NamedClock> {
    let mut names = Vec::new();
    let mut clocks = Vec::new();
    for entry in section.tables("clocks") {
        let (name, clock) = read(entry, stages);
        names.extend(name);
        clocks.extend(clock);
    }
    section.reader().check_unique("clock", &names);
    for name in &names {
        if ClockRule::ALL
            .iter()
            .any(|rule| rule.name() == name.get_ref())
        {
            let what = format!("\"{}\" is the name of a clock rule", name.get_ref());
            let problem = Problem::new(name.span(), what, "the name is taken");
            section
                .reader()
                .report(problem.hint("give the clock a name of its own"));
        }
    }
    clocks
}

fn read(mut entry: Section<'_>, stages: &[Stage]) -> (Option<Spanned<String>>, Option<NamedClock>) {
    let name = entry
        .required("name", "\"idea-to-value\"")
        .and_then(|name| name.text());
    let from = end(&mut entry, "from", stages);
    let to = end(&mut entry, "to", stages);
    let reader = entry.reader();
    entry.finish();
    let (Some(from), Some(to)) = (from, to) else {
        return (name, None);
    };
    if to.get_ref() <= from.get_ref() {
        reader.report(
            Problem::new(
                to.span(),
                "the clock ends before it starts",
                "not after the start",
            )
            .also(from.span(), "starts here")
            .hint("\"from\" is a stage further left than \"to\""),
        );
    }
    let clock = name.as_ref().map(|name| NamedClock {
        name: name.get_ref().clone(),
        from: from.into_inner(),
        to: to.into_inner(),
    });
    (name, clock)
}

fn end(entry: &mut Section<'_>, key: &'static str, stages: &[Stage]) -> Option<Spanned<StageIx>> {
    let text = entry
        .required(key, "\"Review\", the name of a stage")?
        .text()?;
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
