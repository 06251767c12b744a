//! The past beside now on the screens of charts: the title's row says what is different now.

use super::axis;
use super::stream::Picture;
use crate::app::{Data, Screen, State, TimesBy};
use crate::metrics::{Compared, Fate, Measures};
use crate::tui::format::{span, span_in};
use crate::tui::paint::{Paint, Run};
use crate::tui::pieces::{Piece, fit, put};
use crate::tui::text::{cut, width};
use crate::tui::theme::Role;

/// The title of a chart; where the past is held beside now, what is different now in place of what
/// the chart shows.
pub(super) fn draw_title(picture: Picture<'_>, name: &str, shows: &str, paint: &mut Paint<'_>) {
    let (state, data) = picture;
    let Some((compared, _)) = data.compared() else {
        return axis::draw_title(1, name, shows, paint);
    };
    axis::draw_title(1, name, "", paint);
    let x = width(name) + 4;
    let long = span(compared.now.header.as_of.since(data.as_of()));
    let mut pieces = vec![piece(0, vec![(format!("⇄ {long} on:  "), Role::Accent)])];
    pieces.extend((1..).zip(differences(state, data, compared)).map(told));
    let room = paint.width().saturating_sub(x + 2);
    put(paint, x, 1, &fit(pieces, room, 0));
}

/// A number then and now, or one of now alone.
struct Difference {
    what: String,
    then: Option<String>,
    now: String,
}

fn told((rank, one): (u8, Difference)) -> Piece<()> {
    let differs = one.then.as_ref() != Some(&one.now);
    let then = one.then.filter(|_| differs);
    let then = then.map_or_else(String::new, |then| format!("{then} → "));
    let role = if differs { Role::Strong } else { Role::Muted };
    let runs = vec![
        (format!("{} ", one.what), Role::Muted),
        (then, Role::Muted),
        (format!("{}  ", one.now), role),
    ];
    piece(rank, runs)
}

fn piece(rank: u8, runs: Vec<Run>) -> Piece<()> {
    Piece {
        runs,
        rank,
        means: (),
    }
}

/// What was asked then and now.
struct Both<'a> {
    then: &'a Measures,
    now: &'a Measures,
}

impl Both<'_> {
    fn of(&self, what: &str, told: impl Fn(&Measures) -> String) -> Difference {
        Difference {
            what: what.to_owned(),
            then: Some(told(self.then)),
            now: told(self.now),
        }
    }
}

fn since(what: &str, count: u64) -> Difference {
    Difference {
        what: what.to_owned(),
        then: None,
        now: count.to_string(),
    }
}

/// What is different on the screen in view, the most telling first.
fn differences(state: &State, data: &Data, compared: &Compared) -> Vec<Difference> {
    let both = Both {
        then: &data.measures,
        now: &compared.now,
    };
    let became = compared.became;
    let load = || both.of("load", |of| of.flow.load.to_string());
    let finished = since("finished since", became.finished);
    match state.screen {
        Screen::Ageing => vec![
            since("finished", became.finished_of_load),
            since("further on", became.moved_on),
            since("still there", became.stood),
            since("back", became.moved_back),
            load(),
        ],
        Screen::Times if state.cursor.times == TimesBy::Stage => stays(state, &both),
        Screen::Times => times(&both),
        Screen::Throughput => vec![both.of("a week", a_week), finished],
        Screen::Bottleneck => {
            let at = state.cursor.selected.stage;
            let score = |of: &Measures| score(of, at);
            vec![both.of("score", score), both.of("held back by", constraint)]
        }
        Screen::Forecast => vec![finished],
        _ => vec![load(), finished, since("started since", became.started)],
    }
}

fn spent(of: &Measures, values: Option<[i64; 4]>, at: usize) -> String {
    let value = values.map(|values| span_in(of.header.time, values[at]));
    value.unwrap_or_else(|| "none".to_owned())
}

fn times(both: &Both<'_>) -> Vec<Difference> {
    let told = |what: &str, at| {
        both.of(what, |of| {
            let time = of.flow.time.as_ref();
            spent(of, time.map(|time| time.percentiles.values), at)
        })
    };
    vec![told("P85", 2), told("P50", 0), told("P95", 3)]
}

/// The time in the selected stage.
fn stays(state: &State, both: &Both<'_>) -> Vec<Difference> {
    let at = state.cursor.selected.stage;
    let name = both.then.stages.get(at);
    let name = name.map_or("", |stage| stage.name.as_str());
    let told = |what: &str, p| {
        both.of(what, |of| {
            let time = of.stages.get(at).and_then(|stage| stage.time);
            spent(of, time.map(|time| time.values), p)
        })
    };
    vec![told(&format!("{} P50", cut(name, 16)), 0), told("P85", 2)]
}

fn a_week(of: &Measures) -> String {
    let rate = of.flow.velocity.per_week;
    rate.map_or_else(|| "none".to_owned(), |rate| format!("{rate:.1}"))
}

fn constraint(of: &Measures) -> String {
    let at = of.bottleneck.constraint;
    let stage = at.and_then(|at| of.stages.get(at.index()));
    stage.map_or_else(|| "no stage".to_owned(), |stage| stage.name.clone())
}

fn score(of: &Measures, stage: usize) -> String {
    let mut ranking = of.bottleneck.ranking.iter();
    let here = ranking.find(|one| one.stage.index() == stage);
    here.map_or_else(|| "none".to_owned(), |one| format!("{:.2}", one.score))
}

/// The mark of what became of an item.
pub(super) fn mark(fate: Fate) -> (&'static str, Role) {
    match fate {
        Fate::Finished => ("✓", Role::Good),
        Fate::On(_) => ("→", Role::Text),
        Fate::Back(_) => ("←", Role::Warn),
        Fate::Stood => ("=", Role::Overdue),
        Fate::Left => ("×", Role::Muted),
    }
}
