//! `[[views]]`: saved views.

use toml::Spanned;

use super::reader::Section;
use crate::model::rule::Rule;
use crate::model::stage::ClockRule;
use crate::model::time::WindowSpec;

/// A filter and what to look at with it, under a name.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// Unique among the views.
    pub name: String,
    /// Which items.
    pub filter: Rule,
    /// Which stream; `None`: the one that is shown.
    pub stream: Option<String>,
    /// Which screen, by name; `None`: the one that is shown.
    pub screen: Option<String>,
    /// Which window; `None`: the one that is set.
    pub window: Option<WindowSpec>,
    /// Which clock rule; `None`: the stream's.
    pub clock: Option<ClockRule>,
}

pub(super) fn read_all(top: &mut Section<'_>, streams: &[&str]) -> Vec<View> {
    let mut names = Vec::new();
    let mut views = Vec::new();
    for entry in top.tables("views") {
        if let Some((name, view)) = read(entry, streams) {
            names.push(name);
            views.push(view);
        }
    }
    top.reader().check_unique("view", &names);
    views
}

fn read(mut entry: Section<'_>, streams: &[&str]) -> Option<(Spanned<String>, View)> {
    let rules = ClockRule::ALL.map(|rule| (rule.name(), rule));
    let name = entry
        .required("name", "\"old and blocked\"")
        .and_then(|name| name.text());
    let filter = entry.get("filter").and_then(|filter| filter.filter());
    let stream = super::plan::one_stream(&mut entry, streams);
    let screen = entry.get("screen").and_then(|screen| screen.text());
    if let Some(screen) = &screen {
        let reader = entry.reader();
        reader.check_name_if_known(screen, "screen", reader.checks().screens);
    }
    let window = entry
        .get("window")
        .and_then(|window| window.parsed(WindowSpec::parse));
    let clock = entry
        .get("clock")
        .and_then(|clock| clock.word("clock rule", &rules));
    entry.finish();
    let name = name?;
    let view = View {
        name: name.get_ref().clone(),
        filter: filter.unwrap_or(Rule::Always),
        stream,
        screen: screen.map(Spanned::into_inner),
        window,
        clock,
    };
    Some((name, view))
}
