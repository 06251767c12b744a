//! One stage as a tank: its liquid by age, its limit, what is blocked and overdue in it.

use ratatui::style::{Color, Modifier, Style};

use crate::app::Data;
use crate::charts::{self, Tank, oldness, strata, thickness};
use crate::metrics::StageMeasures;
use crate::model::stage::Class;
use crate::tui::paint::{Paint, RISING};
use crate::tui::text::width;
use crate::tui::theme::Role;

/// Items whose ages colour a tank: enough for any height, few enough for any queue. They come
/// oldest first, as the liquid settles.
const SAMPLE: usize = 512;

/// Where a tank stands.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    pub(super) x: u16,
    /// Columns of the tank and its pipe.
    pub(super) cell: u16,
    pub(super) top: u16,
    /// Rows of the liquid; the bottom stands one row below.
    pub(super) rows: u16,
    pub(super) selected: bool,
}

impl Frame {
    fn gap(self) -> u16 {
        match self.cell {
            ..8 => 1,
            8..10 => 2,
            10..16 => 3,
            _ => 4,
        }
    }

    /// Columns with both walls.
    pub(super) fn tank_width(self) -> u16 {
        self.cell - self.gap()
    }

    fn inner(self) -> u16 {
        self.tank_width().saturating_sub(2)
    }

    /// The row `up` rows above the bottom of the liquid.
    fn row(self, up: u16) -> Option<u16> {
        (up < self.rows).then(|| self.top + self.rows - 1 - up)
    }
}

/// What the walls are made of tells the class without colour: left, right, corners, bottom.
fn walls(class: Class) -> [&'static str; 5] {
    match class {
        Class::Backlog => ["┆", "┆", "└", "┘", "╌"],
        Class::Queue => ["┃", "┃", "┗", "┛", "━"],
        Class::Active => ["║", "║", "╚", "╝", "═"],
        Class::Done => ["│", "│", "╰", "╯", "─"],
    }
}

/// The role of fresh work of a class.
pub(in crate::tui) fn fresh(class: Class) -> Role {
    match class {
        Class::Backlog => Role::Backlog,
        Class::Queue => Role::Queue,
        Class::Active => Role::Active,
        Class::Done => Role::Done,
    }
}

/// Draws a stage.
pub(super) fn draw(data: &Data, at: usize, frame: Frame, paint: &mut Paint<'_>) {
    let stage = &data.measures.stages[at];
    let now = now_load(data, at);
    let loads = (stage.load, now.unwrap_or(stage.load));
    let (mut tank, level) = charts::tank_beside(loads, stage.limit, stage.usual_load, frame.rows);
    if let Some(on_its_way) = data.level_on_its_way(at).filter(|_| now.is_none()) {
        let (limit, usual) = (stage.limit, stage.usual_load);
        tank.level = charts::level_on_its_way(on_its_way, limit, usual, frame.rows);
    }
    draw_walls(stage, (tank, is_constraint(data, stage)), frame, paint);
    if stage.class == Class::Done {
        draw_done(data.finished_in(at), frame, paint);
        return;
    }
    draw_liquid(data, at, tank, frame, paint);
    draw_limit(stage, tank, frame, paint);
    draw_marks(stage, tank, frame, paint);
    match now {
        Some(now) => draw_now((stage, now), level, frame, paint),
        None => draw_count(stage, tank, frame, paint),
    }
}

/// The load of a stage now, where a past picture is held beside it.
fn now_load(data: &Data, at: usize) -> Option<u64> {
    let (compared, _) = data.compared()?;
    compared.now.stages.get(at).map(|stage| stage.load)
}

/// Where the level stands now, and how many that are, under the tank.
fn draw_now((stage, now): (&StageMeasures, u64), level: u16, frame: Frame, paint: &mut Paint<'_>) {
    let then = stage.load;
    let role = match now.cmp(&then) {
        std::cmp::Ordering::Greater => Role::Bad,
        std::cmp::Ordering::Less => Role::Good,
        std::cmp::Ordering::Equal => Role::Muted,
    };
    let style = paint.theme().style(role).add_modifier(Modifier::BOLD);
    if let Some(y) = frame.row(level.saturating_sub(1) / 8) {
        let (first, last) = (frame.x, frame.x + frame.inner() + 1);
        paint.symbol(first, y, "▸", style);
        paint.symbol(last, y, "◂", style);
    }
    let foot = frame.top + frame.rows;
    let text = format!("{then}→{now}");
    let short = format!("→{now}");
    let room = frame.tank_width();
    let text = if width(&text) <= room { text } else { short };
    let indent = room.saturating_sub(width(&text)) / 2;
    paint.put_styled(frame.x + indent, foot, &text, style);
}

fn is_constraint(data: &Data, stage: &StageMeasures) -> bool {
    data.measures.bottleneck.constraint == Some(stage.stage)
}

fn draw_walls(
    stage: &StageMeasures,
    (tank, constraint): (Tank, bool),
    frame: Frame,
    paint: &mut Paint<'_>,
) {
    let [left, right, left_foot, right_foot, bottom] = walls(stage.class);
    let role = match (tank.over, constraint, frame.selected, stage.class) {
        (true, ..) => Role::Bad,
        (_, true, ..) => Role::Constraint,
        (_, _, true, _) => Role::Accent,
        (.., Class::Backlog | Class::Done) => Role::Faint,
        _ => Role::Muted,
    };
    let style = paint.theme().style(role);
    let (first, last) = (frame.x, frame.x + frame.inner() + 1);
    for y in frame.top..frame.top + frame.rows {
        paint.symbol(first, y, left, style);
        paint.symbol(last, y, right, style);
    }
    let foot = frame.top + frame.rows;
    paint.symbol(first, foot, left_foot, style);
    paint.symbol(last, foot, right_foot, style);
    for x in first + 1..last {
        paint.symbol(x, foot, bottom, style);
    }
}

/// The load in the bottom of the tank, with the limit where there is room.
fn draw_count(stage: &StageMeasures, tank: Tank, frame: Frame, paint: &mut Paint<'_>) {
    let with_limit = stage.limit.map(|limit| format!("{}/{limit}", stage.load));
    let alone = if tank.over {
        format!("{}!", stage.load)
    } else {
        stage.load.to_string()
    };
    let fits = |text: &String| width(text) <= frame.inner();
    let text = with_limit.filter(fits).unwrap_or(alone);
    let pad = if width(&text) + 2 <= frame.inner() {
        " "
    } else {
        ""
    };
    let text = format!("{pad}{text}{pad}");
    let indent = frame.tank_width().saturating_sub(width(&text)) / 2;
    let role = if tank.over { Role::Bad } else { Role::Strong };
    let style = paint.theme().style(role).add_modifier(Modifier::BOLD);
    paint.put_styled(frame.x + indent, frame.top + frame.rows, &text, style);
}

/// What was finished in the window, in place of a level.
fn draw_done(finished: usize, frame: Frame, paint: &mut Paint<'_>) {
    let count = finished.to_string();
    let middle = frame.top + frame.rows.saturating_sub(1) / 2;
    let centre = |text: &str| frame.x + frame.tank_width().saturating_sub(width(text)) / 2;
    if frame.rows >= 2 {
        paint.put(centre("✓"), middle, "✓", Role::Good);
        paint.put(centre(&count), middle + 1, &count, Role::Strong);
    } else {
        paint.put(centre(&count), middle, &count, Role::Good);
    }
    if frame.rows >= 5 && frame.inner() >= 8 {
        paint.put(centre("finished"), middle + 2, "finished", Role::Muted);
    }
}

fn draw_liquid(data: &Data, at: usize, tank: Tank, frame: Frame, paint: &mut Paint<'_>) {
    let stage = &data.measures.stages[at];
    let items = data.open_in(at);
    let sample = items.iter().step_by(items.len().div_ceil(SAMPLE).max(1));
    let ages: Vec<f64> = sample.map(|item| oldness(item, stage)).collect();
    let (full, part) = (tank.level / 8, tank.level % 8);
    let layers = strata(&ages, full + u16::from(part > 0));
    for (up, age) in (0..frame.rows).zip(layers) {
        let Some(y) = frame.row(up) else { continue };
        let color = paint
            .theme()
            .between(fresh(stage.class), Role::Old, ageing(age));
        for x in frame.x + 1..=frame.x + frame.inner() {
            if up < full {
                paint.fill(x, y, color, shade(age));
            } else {
                let symbol = RISING[usize::from(part)];
                paint.symbol(x, y, symbol, surface(color, paint));
            }
        }
    }
}

/// The look of the topmost, partly filled row; dim without colours, as the patterns below it.
fn surface(color: Color, paint: &Paint<'_>) -> Style {
    if paint.theme().is_plain() {
        return Style::new().add_modifier(Modifier::DIM);
    }
    Style::new().fg(color)
}

/// Half of all items are past P50: colour turns where few are left.
pub(in crate::tui) fn ageing(oldness: f64) -> f64 {
    ((oldness - 0.4) / 0.55).clamp(0.0, 1.0)
}

/// The pattern of an age where there are no colours.
pub(in crate::tui) fn shade(oldness: f64) -> &'static str {
    match ageing(oldness) {
        age if age < 0.34 => "░",
        age if age < 0.8 => "▒",
        _ => "▓",
    }
}

/// The dashed line at the limit, its number beside it where there is room.
fn draw_limit(stage: &StageMeasures, tank: Tank, frame: Frame, paint: &mut Paint<'_>) {
    let (Some(level), Some(limit)) = (tank.limit, stage.limit) else {
        return;
    };
    let Some(y) = frame.row(level.saturating_sub(1) / 8) else {
        return;
    };
    let role = if tank.over { Role::Strong } else { Role::Muted };
    let covered = tank.over && paint.theme().is_plain();
    let style = if covered {
        paint.theme().ink()
    } else {
        paint.theme().style(role)
    };
    for x in frame.x + 1..=frame.x + frame.inner() {
        paint.symbol(x, y, "╌", style);
    }
    let label = format!("◂{limit}");
    if width(&label) <= frame.gap() {
        paint.put(frame.x + frame.tank_width(), y, &label, role);
    }
    draw_over(tank, frame, paint);
}

/// Says at the top of a tank that it is over its limit.
fn draw_over(tank: Tank, frame: Frame, paint: &mut Paint<'_>) {
    let words = match frame.inner() {
        10.. => "over limit",
        4.. => "over",
        _ => return,
    };
    if tank.over && frame.rows >= 5 {
        let columns = usize::from(frame.inner());
        let text = format!("{words:^columns$}");
        let style = paint.theme().on(Role::Bad);
        paint.put_styled(frame.x + 1, frame.top, &text, style);
    }
}

/// Blocked items in the bottom row, overdue ones above, a sign each or a sign and their number.
fn draw_marks(stage: &StageMeasures, tank: Tank, frame: Frame, paint: &mut Paint<'_>) {
    let marks = [
        ("■", stage.blocked, Role::Blocked),
        ("▲", stage.past_p85, Role::Overdue),
    ];
    let rows = (0..).zip(marks.into_iter().filter(|(_, count, _)| *count > 0));
    for (up, (sign, count, role)) in rows {
        let Some(y) = frame.row(up) else { return };
        let room = usize::from(frame.inner());
        let text = match usize::try_from(count) {
            Ok(count) if count <= room => sign.repeat(count),
            _ => format!("{sign}{count}"),
        };
        let indent = frame.inner().saturating_sub(width(&text)) / 2;
        let style = match (role, up < tank.level / 8) {
            (Role::Overdue, true) => paint.theme().ink(),
            (_, true) => paint.theme().on(role),
            (_, false) => paint.theme().style(role),
        };
        paint.put_styled(frame.x + 1 + indent, y, &text, style);
    }
}

/// The pipe to the next stage, as thick as what flows through it.
pub(super) fn draw_pipe(frame: Frame, (out, greatest): (f64, f64), paint: &mut Paint<'_>) {
    let Some(y) = frame.row(0) else { return };
    let symbol = RISING[usize::from(thickness(out, greatest))];
    let style = paint.theme().style(Role::Queue);
    for x in frame.x + frame.tank_width()..frame.x + frame.cell {
        paint.symbol(x, y, symbol, style);
    }
}
