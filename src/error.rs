//! Says why the program ended, and with which exit code.

use std::io::Write;
use std::process::ExitCode;

use weir::runtime::Failure;

/// Writes a failure to standard error; gives the exit code of its kind.
pub(crate) fn told(failure: &Failure) -> ExitCode {
    let mut out = std::io::stderr().lock();
    // Nobody is there to be told if standard error is gone.
    let _ = writeln!(out, "weir: {}", failure.what);
    if let Some(hint) = failure.hint.as_ref().filter(|hint| !hint.is_empty()) {
        let _ = writeln!(out, "  {hint}");
    }
    ExitCode::from(failure.kind.code())
}
