//! What holds the stream back: the evidence stage by stage, and what goes on at one of them.

mod evidence;
mod weeks;

use ratatui::layout::Rect;

use super::axis;
use super::beside;
use super::first_row;
use super::rows::{self, Columns};
use super::stream::{Picture, draw_header, draw_why};
use crate::app::{Action, Click, Data};
use crate::metrics::{Gain, OpenItem, StageMeasures};
use crate::model::stage::Class;
use crate::model::time::days;
use crate::tui::format::count;
use crate::tui::paint::Paint;
use crate::tui::pieces::{Piece, fit, put};
use crate::tui::text::{cut, wrap};
use crate::tui::theme::Role;

/// What stands where.
struct Plan {
    why: Rect,
    /// The evidence with its head.
    evidence: Rect,
    said: Rect,
    weeks: Option<Rect>,
    waiting: Option<Rect>,
}

/// Fewer rows than this for what goes on at a stage show nothing.
const WORTH: u16 = 5;

impl Plan {
    fn new(data: &Data, area: Rect) -> Self {
        let lines = wrap(&data.measures.bottleneck.why, area.width.saturating_sub(4)).len();
        let most = if area.height >= 16 { 3 } else { 1 };
        let why = Rect::new(
            0,
            2,
            area.width,
            u16::try_from(lines).unwrap_or(most).min(most),
        );
        let stages = u16::try_from(data.measures.bottleneck.ranking.len()).unwrap_or(u16::MAX);
        let free = area.height.saturating_sub(why.bottom() + 3);
        let lower = if free >= WORTH + 5 {
            (free * 2 / 5).max(WORTH)
        } else {
            0
        };
        let shown = stages.min(free.saturating_sub(lower));
        let evidence = Rect::new(0, why.bottom() + 1, area.width, shown + 1);
        let said = Rect::new(0, evidence.bottom(), area.width, 1);
        let rows = area.height.saturating_sub(said.bottom());
        let left = if area.width >= 70 {
            area.width * 9 / 20
        } else {
            0
        };
        let part = |x, width| (lower > 0).then(|| Rect::new(x, said.bottom(), width, rows));
        Self {
            why,
            evidence,
            said,
            weeks: part(0, left).filter(|area| area.width > 0),
            waiting: part(left, area.width - left),
        }
    }
}

/// Draws the screen.
pub(super) fn draw(picture: Picture<'_>, paint: &mut Paint<'_>) {
    let (state, data) = picture;
    draw_header(picture, &mut paint.part(Rect::new(0, 0, paint.width(), 1)));
    let ranking = &data.measures.bottleneck.ranking;
    let name = format!("Bottleneck, n {} stages", ranking.len());
    let shows = "score = waiting · pressure · (0.7 + 0.1 · (growth + ageing + starving))";
    beside::draw_title(picture, &name, shows, paint);
    let plan = Plan::new(data, Rect::new(0, 0, paint.width(), paint.height()));
    draw_why(data, &mut paint.part(plan.why));
    evidence::draw(picture, &mut paint.part(plan.evidence));
    let Some(stage) = data.measures.stages.get(state.cursor.selected.stage) else {
        return;
    };
    if data.ranked().contains(&state.cursor.selected.stage) {
        let room = plan.said.width.saturating_sub(2);
        put(
            &mut paint.part(plan.said),
            1,
            0,
            &fit(said(data, stage), room, 2),
        );
    }
    if let Some(area) = plan.weeks {
        weeks::draw(picture, stage, &mut paint.part(area));
    }
    if let Some(area) = plan.waiting {
        draw_waiting(data, stage, &mut paint.part(area));
    }
}

/// What lies at a cell: the constraint in the sentence, a stage of the evidence, the weeks of the selected one, an item that waits.
pub(super) fn hit((state, data): Picture<'_>, area: Rect, at: (u16, u16)) -> Option<Click> {
    let plan = Plan::new(data, area);
    if plan.why.contains(at.into()) {
        let constraint = data.measures.bottleneck.constraint?;
        return Some(Click::Stage(constraint.index()));
    }
    if plan.evidence.contains(at.into()) {
        let row = (at.1 - plan.evidence.y).checked_sub(1)?;
        let stage = evidence::stage_at((state, data), plan.evidence.height, row)?;
        let again = stage == state.cursor.selected.stage;
        return Some(if again {
            Click::Action(Action::Open)
        } else {
            Click::Stage(stage)
        });
    }
    if plan.weeks.is_some_and(|weeks| weeks.contains(at.into())) {
        return Some(Click::Action(Action::Open));
    }
    let waiting = plan.waiting.filter(|area| area.contains(at.into()))?;
    let row = usize::from((at.1 - waiting.y).checked_sub(1)?);
    let items = data.waiting_at(state.cursor.selected.stage).len();
    (row < items).then_some(Click::Waiting(row))
}

/// What speeding the stage up would bring.
fn said(data: &Data, stage: &StageMeasures) -> Vec<Piece<()>> {
    let bottleneck = &data.measures.bottleneck;
    let name = |at: crate::model::id::StageIx| {
        let stage = data.measures.stages.get(at.index());
        stage.map_or("", |stage| stage.name.as_str())
    };
    let told = match bottleneck.gain(stage.stage) {
        Gain::All => "the constraint: what it gains, the whole stream gains".to_owned(),
        Gain::Drained(constraint) => {
            format!("what waits here waits for {}", name(constraint))
        }
        Gain::Nothing(constraint) => format!(
            "speeding this up gains nothing: {} holds the stream back",
            name(constraint)
        ),
        Gain::Unknown => "no stage stands out as the one to speed up".to_owned(),
    };
    let piece = |rank, text, role| Piece {
        runs: vec![(text, role)],
        rank,
        means: (),
    };
    let mut pieces = vec![
        piece(0, cut(&stage.name, 24).into_owned(), Role::Strong),
        piece(0, told, Role::Text),
    ];
    pieces.extend(idle(data, stage).map(|idle| piece(1, idle, Role::Muted)));
    pieces
}

/// How long work was idle in the stage within the window, and what that is for each finished item:
/// so much at most could be gained there.
fn idle(data: &Data, stage: &StageMeasures) -> Option<String> {
    let finished = data.measures.flow.velocity.finished;
    let idle = days(stage.waiting);
    let each = u32::try_from(finished).ok().filter(|count| *count > 0)?;
    let each = idle / f64::from(each);
    (stage.waiting > 0)
        .then(|| format!("{idle:.0} idle days here, {each:.1} for each finished item"))
}

/// The items that wait now, oldest first.
fn draw_waiting(data: &Data, stage: &StageMeasures, paint: &mut Paint<'_>) {
    let waiting = data.waiting_at(stage.stage.index());
    let place = if stage.class == Class::Queue {
        "in"
    } else {
        "for"
    };
    let name = format!("Waiting {place} {}", cut(&stage.name, 24));
    let number = count(waiting.len() as u64, "item", "items");
    axis::draw_title(0, &name, &format!("{number}, oldest first"), paint);
    if waiting.is_empty() {
        paint.put(3, 1, "Nothing waits for it now.", Role::Muted);
        return;
    }
    let room = usize::from(paint.height().saturating_sub(1));
    let shown: Vec<&OpenItem> = waiting.into_iter().take(room).collect();
    let columns = Columns::of_some(data, &shown, paint.width().saturating_sub(1));
    for (y, item) in (1..).zip(shown) {
        if let Some(stage) = data.measures.stages.get(item.stage.index()) {
            rows::draw_open(data, (stage, item), &columns, paint, y);
        }
    }
}

/// The first stage of the ranking in view, with room for so many rows.
fn first_of((state, data): Picture<'_>, room: usize) -> usize {
    let ranked = data.ranked();
    let here = ranked
        .iter()
        .position(|at| *at == state.cursor.selected.stage);
    first_row(here.unwrap_or(0), ranked.len(), room)
}
