//! The item that is spoken of.

use ratatui::layout::Rect;

use super::sign;
use crate::app::{Said, Walk};
use crate::metrics::{Called, Concern, Story};
use crate::model::event::fact;
use crate::model::time::TimeRule;
use crate::tui::format::{moment, percent, span_in};
use crate::tui::paint::Paint;
use crate::tui::screen::item::{Line, draw_lines, place, ribbon};
use crate::tui::text::wrap;
use crate::tui::theme::Role;

/// Draws the item: why it is called, its life as a bar of time, how it stands, what was said.
pub(super) fn draw(walk: &Walk, paint: &mut Paint<'_>) {
    let (Some(called), Some(story)) = (walk.called(), walk.story()) else {
        return;
    };
    let log = walk.data.snapshot.log();
    let x = paint.put(1, 0, log.key(called.open.item), Role::Accent);
    paint.put(x + 2, 0, log.title(called.open.item), Role::Strong);
    paint.put_all(1, 1, &why(walk, called));
    let (columns, rows) = (paint.width(), paint.height());
    let ribbon_rows = if rows >= 13 { 4 } else { 2 };
    let area = Rect::new(0, 2, columns, ribbon_rows.min(rows.saturating_sub(2)));
    ribbon::draw(&walk.data, story, &mut paint.part(area));
    let below = Rect::new(
        0,
        area.bottom(),
        columns,
        rows.saturating_sub(area.bottom()),
    );
    let mut lines = facts(walk, (called, story), columns);
    lines.extend(walk.said_here().map(said).unwrap_or_default());
    draw_lines(&lines, 0, &mut paint.part(below));
}

fn time(walk: &Walk) -> TimeRule {
    walk.data.question.time
}

/// Why it is called, in words.
fn why(walk: &Walk, called: &Called) -> Line {
    let (sign, role) = sign(called.concern);
    let told = match called.concern {
        Concern::Blocked => blocked(walk, called),
        Concern::OverPace => {
            let band = walk.data.measures.pace.p85(called.open.stage);
            let band = band.map_or_else(String::new, |band| span_in(time(walk), band));
            let age = span_in(time(walk), called.open.age.unwrap_or(0));
            format!("Over its pace band: {age} old, 85 % left this stage younger than {band}")
        }
        Concern::Stale => {
            format!(
                "Stale: here for {}",
                span_in(time(walk), called.open.in_stage)
            )
        }
        Concern::Expedite => format!(
            "Expedite: priority {}",
            fact_of(walk, called, fact::PRIORITY)
        ),
        Concern::Fine => "Nothing calls for a word".to_owned(),
    };
    vec![(format!("{sign} {told}"), role)]
}

fn blocked(walk: &Walk, called: &Called) -> String {
    let Some(block) = &called.open.block else {
        return "Blocked".to_owned();
    };
    let ruler = &walk.data.measures.ruler;
    let long = span_in(time(walk), ruler.between(block.since, walk.data.as_of()));
    let reason = match block.reason.as_str() {
        "" => "no reason given",
        reason => reason,
    };
    format!("Blocked for {long}: {reason}")
}

fn fact_of<'a>(walk: &'a Walk, called: &Called, name: &str) -> &'a str {
    let log = walk.data.snapshot.log();
    let at = walk.data.as_of().plus(-1);
    log.fact(name).map_or("", |column| {
        log.text(log.fact_at(column, called.open.item, at))
    })
}

fn facts(walk: &Walk, (called, story): (&Called, &Story), columns: u16) -> Vec<Line> {
    let mut lines = vec![last_move(walk, story)];
    let age = called
        .open
        .age
        .map_or_else(String::new, |age| span_in(time(walk), age));
    let pace = called.open.pace.map_or_else(String::new, |pace| {
        format!(
            ", older than {} were when they left this stage",
            percent(pace)
        )
    });
    lines.push(term("age", format!("{age}{pace}")));
    let left = wrap(&left(walk, called), columns.saturating_sub(10));
    let names = std::iter::once("left").chain(std::iter::repeat(""));
    lines.extend(names.zip(left).map(|(name, text)| term(name, text)));
    let with = fact_of(walk, called, fact::ASSIGNEE);
    let side = side(walk, called);
    let with = [with, side].into_iter().filter(|one| !one.is_empty());
    let with: Vec<&str> = with.collect();
    lines.push(term(
        "with",
        match with.as_slice() {
            [] => "nobody".to_owned(),
            some => some.join(", side of "),
        },
    ));
    lines
}

/// What it may have left.
fn left(walk: &Walk, called: &Called) -> String {
    let (left, n) = (called.left, called.left.n);
    let span = |seconds| span_in(time(walk), seconds);
    match (left.p50.map(span), left.p85.map(span)) {
        (Some(half), Some(most)) => {
            format!("{half} in half of the cases, at most {most} in 85 % (n {n})")
        }
        (Some(half), None) => format!("{half} in half of the cases (n {n})"),
        (None, _) => format!("not known: {} (n {n})", left.reason()),
    }
}

/// The role that owns the stage it stands in.
fn side<'a>(walk: &'a Walk, called: &Called) -> &'a str {
    let bound = walk.data.snapshot.streams().get(walk.data.question.stream);
    let owner = bound.and_then(|bound| bound.stream().stage(called.open.stage).owner.as_deref());
    owner.unwrap_or("")
}

/// How it came to where it stands.
fn last_move(walk: &Walk, story: &Story) -> Line {
    let Some((last, before)) = story.visits.split_last() else {
        return Line::new();
    };
    let at = moment(last.from, walk.data.as_of(), walk.data.snapshot.zone());
    let long = span_in(time(walk), last.length);
    let from = before.last().map(|one| place(&walk.data, one.position));
    let back = if last.backward { " back" } else { "" };
    let from = from.map_or_else(String::new, |from| format!(",{back} from {from}"));
    let here = place(&walk.data, last.position);
    term("stands", format!("in {here} for {long}, since {at}{from}"))
}

fn term(name: &str, text: String) -> Line {
    vec![(format!("{name:<8}"), Role::Muted), (text, Role::Text)]
}

/// What was said of it in the walk.
fn said(said: &Said) -> Vec<Line> {
    let terms = [
        ("owner", &said.owner),
        ("next", &said.step),
        ("note", &said.note),
    ];
    let told = terms.into_iter().filter(|(_, text)| !text.is_empty());
    let told: Vec<Line> = told
        .map(|(name, text)| {
            vec![
                (format!("{name:<8}"), Role::Muted),
                (text.clone(), Role::Good),
            ]
        })
        .collect();
    told
}
