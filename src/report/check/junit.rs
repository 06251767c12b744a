//! The verdicts as pipelines read them: a suite a stream, a case a policy.

use std::fmt::Write;

use super::{Finding, Verdict};
use crate::model::policy::Severity;

/// `JUnit` XML: a broken policy fails its case, one that only warns or cannot be known is skipped
/// with the reason.
pub fn check_junit(verdicts: &[Verdict<'_>]) -> String {
    let mut xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    let _ = writeln!(xml, "<testsuites name=\"weir check\"{}>", counts(verdicts));
    let mut rest = verdicts.to_vec();
    rest.sort_by(|one, other| one.stream.cmp(&other.stream));
    for suite in rest.chunk_by(|one, other| one.stream == other.stream) {
        let name = suite.first().map_or("", |one| one.stream.as_str());
        let _ = writeln!(
            xml,
            "  <testsuite name=\"{}\"{}>",
            escaped(name),
            counts(suite)
        );
        for one in suite {
            case(&mut xml, one);
        }
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn counts(verdicts: &[Verdict<'_>]) -> String {
    let failed = verdicts.iter().filter(|one| one.fails()).count();
    let kept = |one: &&Verdict<'_>| matches!(one.finding, Finding::Kept(_));
    let skipped = verdicts.len() - failed - verdicts.iter().filter(kept).count();
    let total = verdicts.len();
    format!(" tests=\"{total}\" failures=\"{failed}\" errors=\"0\" skipped=\"{skipped}\"")
}

fn case(xml: &mut String, one: &Verdict<'_>) {
    let (name, stream) = (escaped(&one.policy.name), escaped(&one.stream));
    let _ = write!(
        xml,
        "    <testcase name=\"{name}\" classname=\"weir.{stream}\""
    );
    let sentence = escaped(&one.sentence());
    let tag = match (&one.finding, one.policy.severity) {
        (Finding::Kept(_), _) => {
            xml.push_str("/>\n");
            return;
        }
        (Finding::Broken(_), Severity::Error) => "failure",
        (Finding::Broken(_), Severity::Warning) | (Finding::Unknown(_), _) => "skipped",
    };
    let items = escaped(&one.named().unwrap_or_default());
    let _ = writeln!(
        xml,
        ">\n      <{tag} message=\"{sentence}\">{items}</{tag}>\n    </testcase>"
    );
}

/// A text as it may stand in XML, in an attribute too; characters that XML cannot hold are spaces.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for one in text.chars() {
        match one {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => escaped.push(' '),
            one if one.is_control() => escaped.push(' '),
            one => escaped.push(one),
        }
    }
    escaped
}
