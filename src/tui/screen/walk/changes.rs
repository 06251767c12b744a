//! What changed since the last walk.

use super::since;
use crate::app::Walk;
use crate::metrics::{Changed, News};
use crate::model::timeline::Position;
use crate::tui::format::{count, moment};
use crate::tui::paint::Paint;
use crate::tui::screen::item::{Line, draw_lines, heading, place};
use crate::tui::text::{cut, harmless, width};
use crate::tui::theme::Role;

/// Draws the changes.
pub(super) fn draw(walk: &Walk, paint: &mut Paint<'_>) {
    let changes = &walk.standup.changes;
    let number = count(changes.len() as u64, "item", "items");
    let told = match changes.len() {
        0 => format!("Nothing changed {}", since(walk)),
        _ => format!("{number} changed {}", since(walk)),
    };
    let mut lines = vec![heading(&told)];
    if walk.standup.items.is_empty() {
        let nothing = "Nothing is in progress: there is nothing to walk.".to_owned();
        lines.push(vec![(nothing, Role::Muted)]);
    }
    let log = walk.data.snapshot.log();
    let widest = |texts: Vec<u16>, most: u16| texts.into_iter().max().unwrap_or(0).min(most);
    let keys = changes
        .iter()
        .map(|one| width(&harmless(log.key(one.item))));
    let ways = changes.iter().map(|one| width(&harmless(&way(walk, one))));
    let room = (paint.width() / 3).max(10);
    let columns = (widest(keys.collect(), 14), widest(ways.collect(), room));
    let mut before = None;
    for one in changes {
        if before != Some(one.news) {
            lines.push(Vec::new());
            before = Some(one.news);
        }
        lines.push(line(walk, one, columns));
    }
    draw_lines(&lines, walk.scroll, paint);
}

fn line(walk: &Walk, one: &Changed, (key, place): (u16, u16)) -> Line {
    let (sign, role) = sign(one.news);
    let log = walk.data.snapshot.log();
    let at = moment(one.at, walk.data.as_of(), walk.data.snapshot.zone());
    vec![
        (format!("{sign} {:<10}", one.news.name()), role),
        (padded(log.key(one.item), key + 2), Role::Accent),
        (padded(&way(walk, one), place + 2), Role::Text),
        (format!("{at:>13}  "), Role::Muted),
        (log.title(one.item).to_owned(), Role::Muted),
    ]
}

/// The text in exactly so many cells.
fn padded(text: &str, columns: u16) -> String {
    let text = harmless(text).into_owned();
    let short = cut(&text, columns.saturating_sub(2)).into_owned();
    let pad = columns.saturating_sub(width(&short));
    short + &" ".repeat(pad.into())
}

/// From where to where it went.
fn way(walk: &Walk, one: &Changed) -> String {
    let place = |position: Position| place(&walk.data, position);
    match one.from {
        Some(from) if from != one.to => format!("{} → {}", place(from), place(one.to)),
        Some(_) if one.news == News::Moved => format!("away and back in {}", place(one.to)),
        None | Some(_) => place(one.to),
    }
}

fn sign(news: News) -> (&'static str, Role) {
    match news {
        News::Finished => ("✓", Role::Good),
        News::Blocked => ("■", Role::Blocked),
        News::Unblocked => ("□", Role::Good),
        News::Moved => ("→", Role::Text),
        News::New => ("+", Role::Text),
        News::Left => ("×", Role::Muted),
    }
}
