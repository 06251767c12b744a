//! What became of the work between a past day and now, in words.

use crate::app::Data;
use crate::metrics::{Became, Compared, Fate};
use crate::model::id::StageIx;
use crate::tui::format::span;
use crate::tui::paint::{Paint, Run};
use crate::tui::pieces::{Piece, fit, put};
use crate::tui::theme::Role;

/// Draws the words in as many rows as there are.
pub(super) fn draw(data: &Data, paint: &mut Paint<'_>) {
    let Some((compared, fresh)) = data.compared() else {
        return;
    };
    let room = paint.width().saturating_sub(2);
    let (all, load) = pieces(data, compared, fresh);
    if paint.height() < 2 {
        let one = all.into_iter().chain(load).collect();
        put(paint, 1, 0, &fit(one, room, 2));
        return;
    }
    put(paint, 1, 0, &fit(all, room, 2));
    put(paint, 1, 1, &fit(load, room, 2));
}

type Pieces = Vec<Piece<()>>;

/// What was finished and started since, and what became of what was in progress then.
fn pieces(data: &Data, compared: &Compared, fresh: bool) -> (Pieces, Pieces) {
    let since = compared.became;
    let long = span(compared.now.header.as_of.since(data.as_of()));
    let role = if fresh { Role::Strong } else { Role::Muted };
    let number = |count: u64, what: &str, rank| {
        piece(
            rank,
            vec![(count.to_string(), role), (format!(" {what}"), Role::Muted)],
        )
    };
    let begin = vec![
        ("⇄ ".to_owned(), Role::Accent),
        (format!("{long} on:"), Role::Text),
    ];
    let all = vec![
        piece(0, begin),
        number(since.finished, "finished", 1),
        number(since.started, "started", 2),
    ];
    let was = format!("of {} in progress then:", data.measures.flow.load);
    let mut load = vec![piece(3, vec![(was, Role::Text)])];
    load.extend(fates(&since).map(|(count, what, rank)| number(count, what, rank)));
    (all, load)
}

fn fates(since: &Became) -> impl Iterator<Item = (u64, &'static str, u8)> {
    [
        (since.finished_of_load, "finished", 4),
        (since.moved_on, "further on", 5),
        (since.moved_back, "back", 7),
        (since.stood, "still there", 3),
        (since.left, "ended or shelved", 8),
    ]
    .into_iter()
}

fn piece(rank: u8, runs: Vec<Run>) -> Piece<()> {
    Piece {
        runs,
        rank,
        means: (),
    }
}

/// What became of an item, in a few words.
pub(in crate::tui::screen) fn fate_told(data: &Data, fate: Fate) -> Run {
    let name = |stage: StageIx| {
        let stage = data.measures.stages.get(stage.index());
        stage.map_or("", |stage| stage.name.as_str())
    };
    match fate {
        Fate::Finished => ("✓ finished".to_owned(), Role::Good),
        Fate::On(stage) => (format!("→ {}", name(stage)), Role::Text),
        Fate::Back(stage) => (format!("← {}", name(stage)), Role::Warn),
        Fate::Stood => ("= still here".to_owned(), Role::Overdue),
        Fate::Left => ("× ended".to_owned(), Role::Muted),
    }
}
