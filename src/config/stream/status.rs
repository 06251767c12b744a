//! Statuses as a stage names them.

use toml::Spanned;

use super::super::problem::Problem;
use super::super::reader::Reader;
use crate::model::id::SourceName;
use crate::model::stream::StatusPattern;

/// Reads `In Review`, `Check*` or `export:Check*`. What stands before a colon is a source only if
/// there is one of that name.
pub(super) fn patterns(
    texts: Vec<Spanned<String>>,
    sources: &[&str],
) -> Vec<Spanned<StatusPattern>> {
    let pattern = |text: Spanned<String>| {
        let parts = text.get_ref().split_once(':');
        let scoped = parts.filter(|(source, name)| sources.contains(source) && !name.is_empty());
        let pattern = match scoped {
            Some((source, name)) => StatusPattern {
                source: Some(source.to_owned()),
                name: name.to_owned(),
            },
            None => StatusPattern::any_source(text.get_ref()),
        };
        Spanned::new(text.span(), pattern)
    };
    texts.into_iter().map(pattern).collect()
}

/// Reports statuses of sources that the stream does not read.
pub(super) fn check_sources<'p>(
    reader: &Reader<'_>,
    patterns: impl Iterator<Item = &'p Spanned<StatusPattern>>,
    own: &[SourceName],
) {
    for pattern in patterns {
        let Some(source) = &pattern.get_ref().source else {
            continue;
        };
        if !own.iter().any(|name| name.as_str() == source) {
            let what = format!("the stream does not read the source \"{source}\"");
            let problem = Problem::new(pattern.span(), what, "a status of another source");
            reader.report(problem.hint("add the source to the sources of the stream"));
        }
    }
}

/// Reports statuses that two places claim.
pub(super) fn check_unique<'p>(
    reader: &Reader<'_>,
    patterns: impl Iterator<Item = &'p Spanned<StatusPattern>>,
) {
    let mut seen: Vec<&Spanned<StatusPattern>> = Vec::new();
    for pattern in patterns {
        match seen
            .iter()
            .find(|first| clash(first.get_ref(), pattern.get_ref()))
        {
            Some(first) => reader.report(
                Problem::new(
                    pattern.span(),
                    format!("the status \"{}\" is mapped twice", pattern.get_ref().name),
                    "mapped again here",
                )
                .also(first.span(), "mapped here")
                .hint("a status means one stage; take one of them away"),
            ),
            None => seen.push(pattern),
        }
    }
}

/// Whether one status can be meant by both.
fn clash(one: &StatusPattern, other: &StatusPattern) -> bool {
    let same_source = match (&one.source, &other.source) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    };
    same_source && one.name.to_lowercase() == other.name.to_lowercase()
}
