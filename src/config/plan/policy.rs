//! `[[policies]]`: what `weir check` holds a stream to.

use toml::Spanned;

use super::super::problem::Problem;
use super::super::reader::Section;
use super::one_stream;
use crate::model::policy::{Bound, Policy, Severity};

pub(in crate::config) const SEVERITIES: [(&str, Severity); 2] =
    [("error", Severity::Error), ("warning", Severity::Warning)];

pub(in crate::config) fn read_all(top: &mut Section<'_>, streams: &[&str]) -> Vec<Policy> {
    top.named_tables(("policies", "policy"), |entry| read(entry, streams))
}

fn read(mut entry: Section<'_>, streams: &[&str]) -> Option<(Spanned<String>, Policy)> {
    let name = entry.required_text("name", "\"flow time\"");
    let measure = measure(&mut entry);
    let stream = one_stream(&mut entry, streams);
    let filter = entry.filter("filter");
    let filter_text = entry.plain_text("filter").unwrap_or_default();
    let window = entry.window();
    let severity = entry
        .get("severity")
        .and_then(|severity| severity.word("severity", &SEVERITIES));
    let bound = bound(&mut entry);
    entry.finish();
    let name = name?;
    let policy = Policy {
        name: name.get_ref().clone(),
        stream,
        measure: measure?,
        filter,
        filter_text,
        window,
        bound: bound?,
        severity: severity.unwrap_or_default(),
    };
    Some((name, policy))
}

fn measure(entry: &mut Section<'_>) -> Option<String> {
    let name = entry.required_text("measure", "\"flow.time.p85_days\"")?;
    let reader = entry.reader();
    reader.check_name_if_known(&name, "measure", reader.checks().measures);
    Some(name.into_inner())
}

fn bound(entry: &mut Section<'_>) -> Option<Bound> {
    let (most, least) = (entry.get("at_most"), entry.get("at_least"));
    match (most, least) {
        (Some(most), None) => most.number(f64::MIN..=f64::MAX).map(Bound::AtMost),
        (None, Some(least)) => least.number(f64::MIN..=f64::MAX).map(Bound::AtLeast),
        (Some(most), Some(least)) => {
            let what = "a policy has one bound";
            let problem = Problem::new(least.span(), what, "a second bound");
            let hint = "write two policies";
            entry
                .reader()
                .report(problem.also(most.span(), "the first").hint(hint));
            None
        }
        (None, None) => {
            let problem = Problem::new(entry.span(), "the policy has no bound", "needs a bound");
            let hint = "add at_most = 30 or at_least = 5";
            entry.reader().report(problem.hint(hint));
            None
        }
    }
}
