//! `[[streams.links]]`: one item across trackers.

use toml::Spanned;

use super::super::problem::Problem;
use super::super::reader::Section;

/// Joins what happens in one source to the items of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The stream it is for.
    pub stream: String,
    /// The source whose texts (branch, title, body) hold the key.
    pub from: String,
    /// The source whose items have the key.
    pub to: String,
    /// A regular expression that finds the key.
    pub key: String,
}

pub(super) fn read_all(section: &mut Section<'_>, stream: &str, sources: &[&str]) -> Vec<Link> {
    let each = section.tables("links").into_iter();
    each.filter_map(|entry| read(entry, stream, sources))
        .collect()
}

fn read(mut entry: Section<'_>, stream: &str, sources: &[&str]) -> Option<Link> {
    let from = source(&mut entry, "from", sources);
    let to = source(&mut entry, "to", sources);
    let key = entry.required_text("key", "'[A-Z]+-\\d+'");
    let reader = entry.reader();
    entry.finish();
    let (from, to) = (from?, to?);
    if from.get_ref() == to.get_ref() {
        let what = "a link joins two sources, this one joins a source with itself";
        let problem = Problem::new(to.span(), what, "the same source");
        reader.report(problem.also(from.span(), "joined from here"));
    }
    Some(Link {
        stream: stream.to_owned(),
        from: from.into_inner(),
        to: to.into_inner(),
        key: key?.into_inner(),
    })
}

fn source(entry: &mut Section<'_>, key: &'static str, sources: &[&str]) -> Option<Spanned<String>> {
    let name = entry.required_text(key, "\"tracker\", the name of a source")?;
    let is_known = entry.reader().check_name(&name, "source", sources);
    is_known.then_some(name)
}
