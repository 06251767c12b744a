//! `[[views]]`: saved views.

use toml::Spanned;

use super::plan::one_stream;
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
    top.named_tables(("views", "view"), |entry| read(entry, streams))
}

fn read(mut entry: Section<'_>, streams: &[&str]) -> Option<(Spanned<String>, View)> {
    let name = entry.required_text("name", "\"old and blocked\"");
    let filter = entry.filter("filter");
    let stream = one_stream(&mut entry, streams);
    let screen = screen(&mut entry);
    let window = entry.window();
    let clock = entry.get("clock").and_then(|clock| clock.clock_rule());
    entry.finish();
    let name = name?;
    let view = View {
        name: name.get_ref().clone(),
        filter,
        stream,
        screen,
        window,
        clock,
    };
    Some((name, view))
}

fn screen(entry: &mut Section<'_>) -> Option<String> {
    let name = entry.text("screen")?;
    let reader = entry.reader();
    reader.check_name_if_known(&name, "screen", reader.checks().screens);
    Some(name.into_inner())
}
