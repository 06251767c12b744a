//! The artefacts an item is made of, with why each belongs to it.

use super::{Line, heading};
use crate::app::{Data, ItemView};
use crate::metrics::StoryArtefact;
use crate::model::id::ItemIx;
use crate::tui::text::{cut, harmless, width};
use crate::tui::theme::Role;

/// Cells for what an artefact belongs to, at least.
const TIES: u16 = 22;

/// One line an artefact; none if the item is one by itself.
pub(super) fn lines(data: &Data, view: &ItemView, columns: u16) -> Vec<Line> {
    let artefacts = &view.story.artefacts;
    if artefacts.is_empty() {
        return Vec::new();
    }
    let each = artefacts.iter().enumerate();
    let each = each.map(|(at, one)| line((data, view), one, (at == view.artefact, columns)));
    [Vec::new(), heading("Made of")]
        .into_iter()
        .chain(each)
        .collect()
}

fn line(
    (data, view): (&Data, &ItemView),
    artefact: &StoryArtefact,
    (chosen, columns): (bool, u16),
) -> Line {
    let log = data.snapshot.log();
    let status = artefact.status.map(|at| &*log.statuses()[at.index()].name);
    let (sign, role) = if chosen {
        ("▶ ", Role::Strong)
    } else {
        ("  ", Role::Text)
    };
    let mut line = vec![
        (sign.to_owned(), Role::Accent),
        (padded(source(data, artefact.item), 10), Role::Muted),
        (padded(log.key(artefact.item), 12), role),
        (padded(status.unwrap_or("–"), 12), Role::Text),
    ];
    let ties = ties(data, view, artefact);
    let taken: u16 = line.iter().map(|(text, _)| width(text)).sum();
    let ties = cut(&harmless(&ties), columns.saturating_sub(taken + 2)).into_owned();
    let gap = TIES.max(width(&ties) + 1);
    let room = columns.saturating_sub(taken + gap + 2);
    if room < 12 {
        line.push((ties, Role::Muted));
        return line;
    }
    let title = cut(&harmless(log.title(artefact.item)), room).into_owned();
    line.push((padded(&ties, gap), Role::Muted));
    line.push((title, Role::Faint));
    line
}

/// What an artefact belongs to within the item, and by what; then how many others it belongs to.
fn ties(data: &Data, view: &ItemView, artefact: &StoryArtefact) -> String {
    let log = data.snapshot.log();
    let own = |owner| view.story.artefacts.iter().any(|one| one.item == owner);
    let (own, others): (Vec<_>, Vec<_>) = artefact.ties.iter().partition(|tie| own(tie.owner));
    let told = own.chunk_by(|one, other| one.by == other.by).map(|same| {
        let owners: Vec<&str> = same.iter().map(|tie| log.key(tie.owner)).collect();
        format!("{} → {}", same[0].by, owners.join(" "))
    });
    let mut told: Vec<String> = told.collect();
    if !others.is_empty() {
        told.push(format!("+{}", others.len()));
    }
    told.join(" ")
}

/// The source and key of the artefact that a visit came from, in so many cells.
pub(super) fn origin(data: &Data, item: ItemIx, columns: u16) -> String {
    let key = data.snapshot.log().key(item);
    padded(&format!("{} {key}", source(data, item)), columns)
}

fn source(data: &Data, item: ItemIx) -> &str {
    let log = data.snapshot.log();
    let name = log.sources().get(log.source_of(item).index());
    name.map_or("", |name| name.as_str())
}

/// Text cut to one cell less than `columns`, and blanks up to it.
fn padded(text: &str, columns: u16) -> String {
    let text = cut(&harmless(text), columns.saturating_sub(1)).into_owned();
    let blanks = columns.saturating_sub(width(&text));
    text + &" ".repeat(blanks.into())
}
