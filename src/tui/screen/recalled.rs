//! The figures of the last time, while those of now are worked out.

use super::super::format::{instant, place};
use super::super::paint::Paint;
use super::super::text::{cut, width, wrap};
use super::super::theme::Role;
use super::figures::figures;
use super::stream::window_told;
use crate::app::{Data, Recalled};
use crate::model::stage::Class;

/// Columns of the longest bar.
const BAR: u16 = 40;
/// Columns of a name, at most.
const NAME: u16 = 28;

/// What is to be told of a picture the next time.
pub(in crate::tui) fn recalled(data: &Data) -> Recalled {
    let measures = &data.measures;
    let zone = data.snapshot.zone();
    let told = figures(&measures.flow, (&measures.before, measures.load_before));
    let open = |class| !matches!(class, Class::Backlog | Class::Done);
    let stages = measures.stages.iter().filter(|stage| open(stage.class));
    Recalled {
        stream: measures.stream.clone(),
        of: format!(
            "{} {}, {}, {}",
            instant(data.as_of(), zone),
            place(zone),
            window_told(data.question.window),
            data.question.clock.name()
        ),
        figures: told.map(|one| (one.name.to_owned(), one.value)).to_vec(),
        stages: stages.map(|one| (one.name.clone(), one.load)).collect(),
        why: measures.bottleneck.why.clone(),
    }
}

/// Draws them from a row on.
pub(super) fn draw(recalled: &Recalled, paint: &mut Paint<'_>, row: u16) {
    let x = paint.put(1, row, &recalled.stream, Role::Strong);
    let of = format!(" as of {}", recalled.of);
    paint.put(x, row, &of, Role::Text);
    paint.put(
        1,
        row + 1,
        "That was when weir last looked; what is true now comes by itself.",
        Role::Warn,
    );
    let row = draw_figures(recalled, paint, row + 3);
    let row = draw_stages(recalled, paint, row + 1) + 1;
    let why = wrap(&recalled.why, paint.width().saturating_sub(2));
    for (row, line) in (row..).zip(why) {
        paint.put(1, row, &line, Role::Text);
    }
}

/// Side by side, as many as fit.
fn draw_figures(recalled: &Recalled, paint: &mut Paint<'_>, row: u16) -> u16 {
    let mut x = 1;
    for (name, value) in &recalled.figures {
        let columns = width(name).max(width(value));
        if x + columns < paint.width() {
            paint.put(x, row, name, Role::Muted);
            paint.put(x, row + 1, value, Role::Text);
        }
        x += columns + 4;
    }
    row + 2
}

fn draw_stages(recalled: &Recalled, paint: &mut Paint<'_>, row: u16) -> u16 {
    let names = recalled.stages.iter().map(|(name, _)| width(name));
    let name_columns = names.max().unwrap_or(0).min(NAME);
    let most = recalled.stages.iter().map(|(_, load)| *load).max();
    let most = most.unwrap_or(0).max(1);
    let mut row = row;
    for (name, load) in &recalled.stages {
        paint.put(1, row, &cut(name, name_columns), Role::Muted);
        let x = paint.put(name_columns + 3, row, &format!("{load:>6}"), Role::Text);
        let length = u128::from(*load) * u128::from(BAR) / u128::from(most);
        let length = u16::try_from(length).unwrap_or(BAR);
        let bar = "▬".repeat(length.min(paint.width().saturating_sub(x + 3)).into());
        paint.put(x + 2, row, &bar, Role::Faint);
        row += 1;
    }
    row
}
