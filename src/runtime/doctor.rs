//! `weir doctor`: every source checked, with what to do about what is wrong.

mod fix;

pub use fix::Mend;

use std::io::Write;
use std::sync::Arc;

use super::live::{engine, names};
use super::numbers::to_stdout;
use super::world::{Streams, setting};
use super::{Failure, FailureKind, Request, setup, sources};
use crate::clock::Clock;
use crate::config::Config;
use crate::connectors::{Check, Exchange, Fault};
use crate::history::Lease;
use crate::metrics::{AsOf, Measures, Question, measure};
use crate::model::link::LinkCount;
use crate::model::log::Log;
use crate::model::time::Millis;
use fix::Fix;

/// Where a finding about the history is.
const HISTORY: &str = "history";

/// Whether the requests that were sent are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requests {
    /// Each, with what came of it.
    Shown,
    /// None.
    Hidden,
}

/// One finding.
struct Finding {
    place: String,
    what: String,
    outcome: Result<String, (String, String)>,
    /// The requests behind it, if they are to be shown.
    requests: Vec<Exchange>,
    /// How it can be mended without anybody's help.
    fix: Option<Fix>,
}

/// Checks config, history and sources, and what the history says of the streams; mends what can be
/// mended safely, if that is wanted.
///
/// # Errors
/// [`Failure`] if the config cannot be used, and after the findings if any of them is bad and was not
/// mended.
pub fn doctor(
    request: &Request,
    clock: &Arc<dyn Clock>,
    (requests, wanted): (Requests, Mend),
) -> Result<(), Failure> {
    let config = setup::config(request)?;
    let mut findings = vec![good(
        "config",
        "read it",
        &config.origin.display().to_string(),
    )];
    findings.extend(fix::open_tokens(&config));
    if !request.offline {
        findings.extend(check_sources(&config, clock, requests)?);
    }
    let now = request.now.unwrap_or_else(|| clock.now());
    findings.extend(check_history(&config, now));
    findings.extend(check_leases(&config)?);
    to_stdout(|out| {
        for finding in &findings {
            finding.write(out)?;
        }
        Ok(())
    })?;
    let mended = fix::mend(&findings, &config, wanted)?;
    verdict(&findings, mended)
}

/// What the findings come to, those left out that were mended.
fn verdict(findings: &[Finding], mended: bool) -> Result<(), Failure> {
    let is_left = |finding: &&Finding| finding.fix.is_none() || !mended;
    let bad = findings.iter().filter(|finding| finding.outcome.is_err());
    let bad: Vec<&Finding> = bad.filter(is_left).collect();
    if bad.is_empty() {
        return Ok(());
    }
    let history = bad.iter().any(|finding| finding.place == HISTORY);
    Err(Failure {
        kind: if history {
            FailureKind::History
        } else {
            FailureKind::Source
        },
        what: format!("{} of {} checks fell short", bad.len(), findings.len()),
        hint: Some("mend what is marked ✗ and run `weir doctor` again".to_owned()),
    })
}

impl Finding {
    fn write(&self, out: &mut dyn Write) -> std::io::Result<()> {
        match &self.outcome {
            Ok(found) => writeln!(out, "✓ {}: {}: {found}", self.place, self.what)?,
            Err((wrong, hint)) => {
                writeln!(out, "✗ {}: {}: {wrong}\n    {hint}", self.place, self.what)?;
            }
        }
        for request in &self.requests {
            writeln!(out, "    {request}")?;
        }
        Ok(())
    }
}

fn good(place: &str, what: &str, found: &str) -> Finding {
    Finding {
        place: place.to_owned(),
        what: what.to_owned(),
        outcome: Ok(found.to_owned()),
        requests: Vec::new(),
        fix: None,
    }
}

fn bad(place: &str, what: &str, failure: &Failure) -> Finding {
    Finding {
        place: place.to_owned(),
        what: what.to_owned(),
        outcome: Err((
            failure.what.clone(),
            failure.hint.clone().unwrap_or_default(),
        )),
        requests: Vec::new(),
        fix: None,
    }
}

fn check_sources(
    config: &Config,
    clock: &Arc<dyn Clock>,
    requests: Requests,
) -> Result<Vec<Finding>, Failure> {
    let engine = engine()?;
    let mut findings = Vec::new();
    for source in &config.sources {
        let (checks, sent) = match sources::connect(source, clock) {
            Ok(connector) => {
                let checks = engine.block_on(connector.check());
                (checks, connector.exchanges())
            }
            Err(fault) => (vec![unusable(fault)], Vec::new()),
        };
        let place = format!("source {}", source.name);
        findings.extend(checks.into_iter().map(|check| finding(&place, check)));
        if let (Requests::Shown, Some(last)) = (requests, findings.last_mut()) {
            last.requests = sent;
        }
    }
    Ok(findings)
}

fn unusable(fault: Fault) -> Check {
    Check {
        what: "read its settings".to_owned(),
        outcome: Err(fault),
    }
}

fn finding(place: &str, check: Check) -> Finding {
    Finding {
        place: place.to_owned(),
        what: check.what,
        outcome: check
            .outcome
            .map_err(|fault| (fault.to_string(), fault.hint())),
        requests: Vec::new(),
        fix: None,
    }
}

fn check_history(config: &Config, now: Millis) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Ok(url) = sources::history_url(config) {
        findings.push(good(HISTORY, "find it", &url.to_string()));
    }
    let loaded = sources::open_history(config)
        .and_then(|mut history| super::keeper::load(history.as_mut(), &names(config), None));
    let loaded = match loaded {
        Ok(loaded) => loaded,
        Err(failure) => {
            findings.push(bad(HISTORY, "open it", &failure));
            return findings;
        }
    };
    let log = &loaded.log;
    findings.push(good(HISTORY, "read it", &amount(log)));
    findings.push(good(HISTORY, "start from", &kept_beside(config)));
    let streams = Streams::of(&config.streams, log, "stream");
    let snapshot = streams.snapshot(Arc::clone(log), setting(config, None), 1);
    for stream in 0..snapshot.streams().len() {
        let question = Question::about(&snapshot, stream, AsOf::At(now.floor_clamped()));
        let measures = measure(&snapshot, &question);
        findings.extend(
            measures
                .iter()
                .flat_map(|one| check_stream(config, log, one)),
        );
        findings.extend(measures.iter().flat_map(|one| check_links(log, one)));
    }
    findings
}

/// Who polls each source. What is wrong with the history itself was found before.
fn check_leases(config: &Config) -> Result<Vec<Finding>, Failure> {
    let Ok(leases) = sources::leases(config) else {
        return Ok(Vec::new());
    };
    let engine = engine()?;
    let mut findings = Vec::new();
    for source in &config.sources {
        let what = match engine.block_on(leases.look(&source.name)) {
            Ok(Lease::Theirs { owner, .. }) => format!("polled by {owner}"),
            Ok(Lease::Mine | Lease::Nobodys(_)) => "nobody polls it now".to_owned(),
            Err(_) => break,
        };
        findings.push(good(&format!("source {}", source.name), HISTORY, &what));
    }
    Ok(findings)
}

/// The file that spares reading the history at the next start.
fn kept_beside(config: &Config) -> String {
    let file = sources::snapshot_file(config);
    let there = file.and_then(|file| {
        let bytes = std::fs::metadata(file.path()).ok()?.len();
        Some(format!(
            "{}, {} kB",
            file.path().display(),
            bytes.div_ceil(1_000)
        ))
    });
    there.unwrap_or_else(|| "nothing is kept beside it yet: the next start does that".to_owned())
}

fn amount(log: &Log) -> String {
    match (log.item_count(), log.move_count()) {
        (0, _) => "nothing read yet: run `weir sync`".to_owned(),
        (items, moves) => format!("{items} items, {moves} moves"),
    }
}

/// Per link rule: how many artefacts it joined and how many not, each with an example. A rule that
/// joins nothing falls short.
fn check_links(log: &Log, measures: &Measures) -> Vec<Finding> {
    let place = format!("stream {}", measures.stream);
    let check = |link: &LinkCount| {
        let what = format!("join {} to {}", link.from, link.to);
        let found = links_found(log, link);
        if link.joined > 0 || link.artefacts == 0 {
            return good(&place, &what, &found);
        }
        let hint = "see what keys look like in `weir items --format json`, and mend key, facts or \
                    equals of the link";
        Finding {
            place: place.clone(),
            what,
            outcome: Err((found, hint.to_owned())),
            requests: Vec::new(),
            fix: None,
        }
    };
    measures.quality.links.iter().map(check).collect()
}

fn links_found(log: &Log, link: &LinkCount) -> String {
    let joined = link
        .joined_example
        .map_or_else(String::new, |(artefact, owner)| {
            format!(", {} to {}", log.key(artefact), log.key(owner))
        });
    let apart = link.apart_example.map_or_else(String::new, |apart| {
        format!("; {} not, such as {}", link.unlinked(), log.key(apart))
    });
    let (count, all) = (link.joined, link.artefacts);
    format!("{count} of {all} artefacts joined{joined}{apart}")
}

fn check_stream(config: &Config, log: &Log, measures: &Measures) -> Vec<Finding> {
    let place = format!("stream {}", measures.stream);
    let mut findings = vec![good(
        &place,
        "count its items",
        &measures.items.total.to_string(),
    )];
    // One change maps them all.
    let mapping = fix::mapping(config, log, measures);
    for (status, items) in &measures.quality.unmapped_statuses {
        findings.push(Finding {
            place: place.clone(),
            what: "map every status".to_owned(),
            outcome: Err((
                format!("no stage maps \"{status}\" ({items} items were in it)"),
                "add it to the statuses of a stage, to cancelled, or to a blocked rule; \
                 `weir doctor --fix` proposes where"
                    .to_owned(),
            )),
            requests: Vec::new(),
            fix: mapping.clone(),
        });
    }
    if !measures.stages.is_empty()
        && measures.flow.efficiency.is_none()
        && measures.flow.time.is_some()
    {
        findings.push(good(
            &place,
            "know what waits",
            "nothing is configured as waiting: no efficiency",
        ));
    }
    findings
}
