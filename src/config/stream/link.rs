//! `[[streams.links]]`: one item across trackers.

use toml::Spanned;

use super::super::problem::Problem;
use super::super::reader::{Section, Setting};
use crate::model::event::FactName;
use crate::model::id::SourceName;
use crate::model::link::{KeyPattern, LinkRule};

/// The links of a stream that reads the sources `own`; `known` are all sources there are.
pub(super) fn read_all(
    section: &mut Section<'_>,
    known: &[&str],
    own: &[SourceName],
) -> Vec<LinkRule> {
    let each = section.tables("links").into_iter();
    each.filter_map(|entry| read(entry, known, own)).collect()
}

fn read(mut entry: Section<'_>, known: &[&str], own: &[SourceName]) -> Option<LinkRule> {
    let from = source(&mut entry, "from", (known, own));
    let to = source(&mut entry, "to", (known, own));
    let key = entry.get("key");
    let key = key.and_then(|setting| setting.parsed(KeyPattern::new));
    let facts = names(entry.get("facts").as_ref());
    let equals = entry.plain_text("equals");
    let kinds = names(entry.get("kinds").as_ref());
    let parents = entry.get("parents").and_then(|setting| setting.flag());
    entry.finish();
    let usual = LinkRule::told(&from?, &to?);
    Some(LinkRule {
        key,
        facts: facts.map_or(usual.facts, |all| {
            all.into_iter().map(FactName::from).collect()
        }),
        equals: equals.map_or(usual.equals, FactName::from),
        kinds: kinds.unwrap_or_default(),
        parents: parents.unwrap_or_default(),
        ..usual
    })
}

fn names(setting: Option<&Setting<'_>>) -> Option<Vec<String>> {
    let texts = setting?.texts().into_iter();
    Some(texts.map(Spanned::into_inner).collect())
}

/// A source that there is and that the stream reads.
fn source(
    entry: &mut Section<'_>,
    key: &'static str,
    (known, own): (&[&str], &[SourceName]),
) -> Option<SourceName> {
    let name = entry.required_text(key, "\"tracker\", the name of a source")?;
    let reader = entry.reader();
    if !reader.check_name(&name, "source", known) {
        return None;
    }
    let found = own.iter().find(|one| one.as_str() == name.get_ref());
    if found.is_none() {
        let what = format!("the stream does not read the source \"{}\"", name.get_ref());
        let problem = Problem::new(name.span(), what, "a link to another source");
        reader.report(problem.hint("add the source to the sources of the stream"));
    }
    found.cloned()
}
