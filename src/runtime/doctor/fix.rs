//! What `weir doctor --fix` can mend by itself: nothing is lost by it, and it is shown before.

use std::collections::BTreeSet;
use std::io::{BufRead, IsTerminal};
use std::path::{Path, PathBuf};

use super::Finding;
use crate::config::{Config, Draft, save};
use crate::connectors::{SecretSource, SourceKind};
use crate::metrics::Measures;
use crate::model::infer::{Reason, amend, infer};
use crate::model::log::Log;
use crate::model::stream::Stream;
use crate::runtime::Failure;
use crate::runtime::numbers::{note, to_stdout};
use crate::runtime::save::replace;

/// Whether what can be mended is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mend {
    /// It is only said.
    No,
    /// It is shown; somebody at the terminal decides.
    Ask,
    /// It is shown and done.
    Yes,
}

/// Something that can be mended.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Fix {
    /// Others can read a file that holds a token.
    Private(PathBuf),
    /// Statuses of a stream are mapped where they are proposed to be.
    Map {
        stream: Box<Stream>,
        reasons: Vec<Reason>,
    },
}

impl Fix {
    /// What would be done, a line each.
    fn told(&self) -> Vec<String> {
        match self {
            Self::Private(path) => vec![format!("let only you read {}", path.display())],
            Self::Map { stream, reasons } => {
                let told = reasons.iter().map(|reason| {
                    let Reason { status, place, why } = reason;
                    format!("stream {}: map \"{status}\" as {place}: {why}", stream.name)
                });
                told.collect()
            }
        }
    }

    fn apply(&self, config: &Path) -> Result<(), Failure> {
        match self {
            Self::Private(path) => Ok(make_private(path)?),
            Self::Map { stream, reasons } => {
                let told = reasons.iter().map(|reason| {
                    let Reason { status, place, why } = reason;
                    (status.clone(), format!("{status} is {place}: {why}"))
                });
                let reasons: Vec<(String, String)> = told.collect();
                let draft = Draft {
                    sources: &[],
                    stream,
                    reasons: &reasons,
                };
                let text = save(&std::fs::read_to_string(config)?, &draft, config)?;
                Ok(replace(config, &text)?)
            }
        }
    }
}

/// The statuses of a configured stream that no stage maps, where they would be proposed to be.
pub(super) fn mapping(config: &Config, log: &Log, measures: &Measures) -> Option<Fix> {
    let unmapped = &measures.quality.unmapped_statuses;
    let unmapped: BTreeSet<&str> = unmapped.keys().map(String::as_str).collect();
    let mut streams = config.streams.iter();
    let stream = streams.find(|one| one.name == measures.stream && !one.stages.is_empty())?;
    let mut proposed = infer(log, &stream.name);
    proposed.retain(|status| unmapped.contains(status));
    proposed.stream.sources.clone_from(&stream.sources);
    let (amended, reasons) = amend(stream, &proposed);
    (!reasons.is_empty()).then(|| Fix::Map {
        stream: Box::new(amended),
        reasons,
    })
}

/// Files with tokens that others on this machine can read.
pub(super) fn open_tokens(config: &Config) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in &config.sources {
        let SourceKind::Tracker(_, settings) = &source.kind else {
            continue;
        };
        if let SecretSource::File(path) = &settings.token
            && is_open(path)
        {
            findings.push(Finding {
                place: format!("source {}", source.name),
                what: "keep the token to yourself".to_owned(),
                outcome: Err((
                    format!("others on this machine can read {}", path.display()),
                    format!("chmod 600 {}, or `weir doctor --fix`", path.display()),
                )),
                requests: Vec::new(),
                fix: Some(Fix::Private(path.clone())),
            });
        }
    }
    findings
}

#[cfg(unix)]
fn is_open(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(path).map(|told| told.permissions().mode());
    mode.is_ok_and(|mode| mode & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_open(_: &Path) -> bool {
    false
}

#[cfg(unix)]
fn make_private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
fn make_private(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// Shows what can be mended, and mends it if that is wanted. Whether it was.
///
/// # Errors
/// [`Failure`] if something could not be mended; what was before it is.
pub(super) fn mend(findings: &[Finding], config: &Config, wanted: Mend) -> Result<bool, Failure> {
    let mut fixes: Vec<&Fix> = findings.iter().filter_map(|one| one.fix.as_ref()).collect();
    fixes.dedup();
    if wanted == Mend::No {
        return Ok(false);
    }
    if fixes.is_empty() {
        to_stdout(|out| writeln!(out, "Nothing here can be mended by itself."))?;
        return Ok(false);
    }
    to_stdout(|out| {
        writeln!(out, "This can be mended by itself:")?;
        let mut lines = fixes.iter().flat_map(|fix| fix.told());
        lines.try_for_each(|line| writeln!(out, "  {line}"))
    })?;
    if wanted == Mend::Ask && !agreed()? {
        return Ok(false);
    }
    for fix in &fixes {
        fix.apply(&config.origin)?;
    }
    to_stdout(|out| writeln!(out, "It is mended."))?;
    Ok(true)
}

/// Whether somebody at the terminal says yes.
fn agreed() -> Result<bool, Failure> {
    if !std::io::stdin().is_terminal() {
        note("nothing is changed: there is no terminal to ask on; --yes mends it");
        return Ok(false);
    }
    note("mend it? y or n");
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
