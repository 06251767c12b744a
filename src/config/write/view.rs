//! One view.

use toml_edit::Table;

use super::super::view::View;
use super::toml_text::set;
use crate::model::rule::Rule;
use crate::model::stage::ClockRule;
use crate::query::to_text;

pub(super) fn write(table: &mut Table, view: &View) {
    let filter = (view.filter != Rule::Always).then(|| to_text(&view.filter));
    set(table, "filter", filter);
    set(table, "stream", view.stream.as_deref());
    set(table, "screen", view.screen.as_deref());
    set(
        table,
        "window",
        view.window.map(|window| window.to_string()),
    );
    set(table, "clock", view.clock.map(ClockRule::name));
}
