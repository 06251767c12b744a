//! `[[streams]]`: what the statuses of the sources mean.

mod clock;
mod link;
mod stage;
mod status;

use toml::Spanned;

use super::reader::Section;
use crate::model::id::SourceName;
use crate::model::rule::Rule;
use crate::model::stream::{BlockedRule, KindRule, Stream};

/// All streams. `sources` are the names of the sources there are.
pub(super) fn read_all(top: &mut Section<'_>, sources: &[Spanned<String>]) -> Vec<Stream> {
    let sources: Vec<&str> = sources.iter().map(|name| name.get_ref().as_str()).collect();
    let mut names = Vec::new();
    let mut streams = Vec::new();
    for mut section in top.tables("streams") {
        let name = section.required_text("name", "\"payments\"");
        let title = name.as_ref().map_or("", |name| name.get_ref());
        streams.push(read(section, title, &sources));
        names.extend(name);
    }
    top.reader().check_unique("stream", &names);
    streams
}

fn read(mut section: Section<'_>, name: &str, known: &[&str]) -> Stream {
    let sources = own_sources(&mut section, known);
    let clock = clock::read_rule(&mut section);
    let cancelled = section
        .get("cancelled")
        .map_or_else(Vec::new, |list| list.texts());
    let (stages, mapped) = stage::read_all(&mut section, known);
    let cancelled = status::patterns(cancelled, known);
    let named = || mapped.iter().chain(&cancelled);
    status::check_unique(section.reader(), named());
    status::check_sources(section.reader(), named(), &sources);
    let clocks = clock::read_named(&mut section, &stages);
    let stream = Stream {
        name: name.to_owned(),
        links: link::read_all(&mut section, known, &sources),
        sources,
        items: rule(&mut section, "items"),
        membership: rule(&mut section, "where"),
        clock,
        clocks,
        cancelled: cancelled.into_iter().map(Spanned::into_inner).collect(),
        kinds: kinds(&mut section),
        blocked: blocked(&mut section),
        stages,
    };
    section.finish();
    stream
}

/// The sources named; all that there are if none is.
fn own_sources(section: &mut Section<'_>, known: &[&str]) -> Vec<SourceName> {
    let Some(setting) = section.get("sources") else {
        return known.iter().copied().map(SourceName::new).collect();
    };
    let named = setting.texts();
    section.reader().check_names(&named, "source", known);
    named
        .iter()
        .map(|name| SourceName::new(name.get_ref()))
        .collect()
}

fn rule(section: &mut Section<'_>, key: &'static str) -> Rule {
    let given = section.get(key).and_then(|setting| setting.recorded_rule());
    given.unwrap_or(Rule::Always)
}

fn when(section: &mut Section<'_>) -> Option<Rule> {
    section.required("when", "\"type = Bug\"")?.recorded_rule()
}

fn kinds(section: &mut Section<'_>) -> Vec<KindRule> {
    let each = section.tables("kinds").into_iter().filter_map(|mut entry| {
        let kind = entry.required_text("kind", "\"defect\"");
        let when = when(&mut entry);
        entry.finish();
        Some(KindRule {
            kind: kind?.into_inner(),
            when: when?,
        })
    });
    each.collect()
}

fn blocked(section: &mut Section<'_>) -> Vec<BlockedRule> {
    let each = section
        .tables("blocked")
        .into_iter()
        .filter_map(|mut entry| {
            let when = when(&mut entry);
            let reason = entry.plain_text("reason");
            entry.finish();
            Some(BlockedRule {
                when: when?,
                reason,
            })
        });
    each.collect()
}
