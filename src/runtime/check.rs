//! `weir check`: the policies of the config, for cron and pipelines.

use std::path::PathBuf;
use std::sync::Arc;

use super::live::engine;
use super::notices::{Notices, found};
use super::numbers::{Subject, subject, to_stdout};
use super::{Failure, FailureKind, Request, setup};
use crate::clock::Clock;
use crate::metrics::measure;
use crate::model::policy::Policy;
use crate::model::rule::Rule;
use crate::model::snapshot::Snapshot;
use crate::query::unknown_name;
use crate::report::{Answer, Verdict, check_json, check_junit, check_text, verdict};

/// How to write what came of the policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// For pipelines.
    Junit,
}

/// Holds the streams to the policies of the config and writes what came of each.
///
/// # Errors
/// [`Failure`] if there is no policy, if one asks for what there is not, if the data cannot be
/// read, and after the verdicts if a policy whose severity is error is broken.
pub fn check(
    request: &Request,
    paths: &[PathBuf],
    format: CheckFormat,
    clock: &Arc<dyn Clock>,
) -> Result<(), Failure> {
    let config = setup::config(request)?;
    if config.policies.is_empty() {
        return Err(Failure::usage(
            format!("{} has no [[policies]]", config.origin.display()),
            "add one: name = \"flow time\", measure = \"flow.time.p85_days\", at_most = 30",
        ));
    }
    let subject = subject(request, paths, clock)?;
    let verdicts = verdicts(request, &subject, &config.policies)?;
    to_stdout(|out| match format {
        CheckFormat::Text => write!(out, "{}", check_text(&verdicts)),
        CheckFormat::Json => writeln!(out, "{:#}", check_json(&verdicts)),
        CheckFormat::Junit => write!(out, "{}", check_junit(&verdicts)),
    })?;
    if config.notices.are_wanted() {
        let notices = Notices::by_command(&config, clock);
        let found = found(request, &subject, (&config, &verdicts))?;
        engine()?.block_on(notices.tell(found));
    }
    let failed = verdicts.iter().filter(|one| one.fails()).count();
    if failed == 0 {
        return Ok(());
    }
    Err(Failure {
        kind: FailureKind::Check,
        what: format!("{failed} of {} policies are broken", verdicts.len()),
        hint: None,
    })
}

/// Every policy over each stream that it is for and that is asked for.
///
/// # Errors
/// [`Failure`] if one asks for what there is not.
pub(super) fn verdicts<'a>(
    request: &Request,
    subject: &Subject,
    policies: &'a [Policy],
) -> Result<Vec<Verdict<'a>>, Failure> {
    request.check_window(&subject.snapshot, subject.usual)?;
    let mut verdicts = Vec::new();
    for policy in policies {
        verdicts.extend(held(request, subject, policy)?);
    }
    Ok(verdicts)
}

/// A policy over each stream that it is for and that is asked for.
fn held<'a>(
    request: &Request,
    subject: &Subject,
    policy: &'a Policy,
) -> Result<Vec<Verdict<'a>>, Failure> {
    let snapshot = &subject.snapshot;
    check_filter(policy, snapshot)?;
    let is_for = |stream: &usize| {
        let named = snapshot.streams().get(*stream);
        let named = named.map(|one| one.stream().name.as_str());
        policy.stream.is_none() || policy.stream.as_deref() == named
    };
    let mut verdicts = Vec::new();
    for stream in request.streams(snapshot)?.into_iter().filter(is_for) {
        let mut question = request.question(snapshot, stream, subject.usual);
        question.window = policy.window.unwrap_or(question.window);
        question.filter = Rule::All(vec![question.filter, policy.filter.clone()]);
        let Some(measures) = measure(snapshot, &question) else {
            continue;
        };
        let answer = Answer {
            snapshot,
            stream,
            measures: &measures,
            promises: None,
        };
        let found = verdict(policy, answer).map_err(|wrong| {
            Failure::usage(
                format!("policy \"{}\": {wrong}", policy.name),
                "measures are named as in `weir report --section all --format json`",
            )
        })?;
        verdicts.push(found);
    }
    Ok(verdicts)
}

/// Whether the filter of a policy asks only about what there is.
fn check_filter(policy: &Policy, snapshot: &Snapshot) -> Result<(), Failure> {
    let text = &policy.filter_text;
    match unknown_name(&policy.filter, text, snapshot) {
        None => Ok(()),
        Some(error) => Err(Failure::usage(
            format!(
                "policy \"{}\": its filter finds nothing:\n{}",
                policy.name,
                error.marked(text)
            ),
            "a word alone looks into keys and titles",
        )),
    }
}
