//! Measured, not judged: how busy a connector keeps the connections that it may have.

use std::time::Duration;

use super::{Imitation, Kind, Stage, World};
use crate::connectors::http::stand_in::{Served, StandIn};

/// For how much of the time the connections were waited on, of what the cap allows. Answers take 20
/// milliseconds, or `WEIR_ANSWERS_TAKE`: the longer, the less it matters what else a machine does.
/// `WEIR_TIMELINE` shows what was asked when.
pub(crate) async fn connections_have_something_to_do<I: Imitation>() {
    // No page that a connector asks for is longer.
    let stage = Stage::<I>::new(World::of_ten_thousand(2_000));
    let millis = std::env::var("WEIR_ANSWERS_TAKE").map_or(20, |text| text.parse().unwrap());
    stage.server.takes(Duration::from_millis(millis));
    let (begun, used) = (stage.server.now(), processors());
    let sink = stage.read(None).await;
    let (ended, used) = (stage.server.now(), processors() - used);
    if std::env::var_os("WEIR_TIMELINE").is_some() {
        timeline::<I>(&stage.server);
    }
    let opened = first_page::<I>(&stage.server);
    println!(
        "{}: {} requests, {:.2} s, connections busy {:.1} %, after the first page {:.1} %, \
         processors {used:.1} s, peak {}",
        std::any::type_name::<I>(),
        stage.server.asked().len(),
        ended.saturating_sub(begun).as_secs_f64(),
        100.0 * busy(&stage.server, begun, ended),
        100.0 * busy(&stage.server, opened, ended),
        peak()
    );
    assert_eq!(sink.kept().len(), 10_000);
}

/// The share of the connections that the cap allows on which an answer was waited for.
fn busy(server: &StandIn, from: Duration, until: Duration) -> f64 {
    let within = |one: &Served| one.until.min(until).saturating_sub(one.from.max(from));
    let busy: Duration = server.served().iter().map(within).sum();
    busy.as_secs_f64() / until.saturating_sub(from).as_secs_f64() / 4.0
}

/// When the first answer to a question for a list went: before it nobody knows what else to ask.
fn first_page<I: Imitation>(server: &StandIn) -> Duration {
    let (asked, served) = (server.asked(), server.served());
    let pages = served
        .iter()
        .filter(|one| I::kind(&asked[one.place]) == Kind::List);
    pages.map(|one| one.until).min().unwrap_or_default()
}

/// Seconds of processors that this process used, tracker included.
fn processors() -> f64 {
    let told = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = told.rsplit(')').next().unwrap_or_default();
    let ticks = fields.split_whitespace().skip(11).take(2);
    ticks
        .filter_map(|ticks| ticks.parse::<f64>().ok())
        .sum::<f64>()
        / 100.0
}

/// For each twentieth of a second: how many connections were busy, what was asked for.
fn timeline<I: Imitation>(server: &StandIn) {
    const STEP: Duration = Duration::from_millis(50);
    let (asked, served) = (server.asked(), server.served());
    let mut at = Duration::ZERO;
    while served.iter().any(|one| one.until > at) {
        let begun = served
            .iter()
            .filter(|one| one.from >= at && one.from < at + STEP);
        let kinds: String = begun
            .map(|one| match I::kind(&asked[one.place]) {
                Kind::List => 'L',
                Kind::Detail => 'd',
                Kind::Other => 'o',
            })
            .collect();
        let busy = 4.0 * busy(server, at, at + STEP);
        println!("{:6.2} {busy:4.2} {kinds}", at.as_secs_f64());
        at += STEP;
    }
}

/// The most memory that this process had at once, tracker included.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.unwrap_or("unknown").trim().to_owned()
}
