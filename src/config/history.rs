//! `[history]`: where events are kept.

use toml::Spanned;

use super::problem::Problem;
use super::reader::{Section, Setting};
use super::source::read_secret;
use crate::connectors::SecretSource;
use crate::model::time::parse_span;

/// Where events are kept and for how long.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistorySettings {
    /// `sqlite:` and a path as written, which starts at [`Config::folder`] if it is relative.
    /// `None`: the default place in the user's data folder.
    ///
    /// [`Config::folder`]: super::Config::folder
    pub url: Option<String>,
    /// The password of a server, if the address names one.
    pub password: Option<SecretSource>,
    /// Seconds after which finished items are dropped; `None`: never.
    pub retain_secs: Option<i64>,
}

pub(super) fn read(top: &mut Section<'_>) -> HistorySettings {
    let Some(mut section) = top.table("history") else {
        return HistorySettings::default();
    };
    let settings = HistorySettings {
        url: section.get("url").and_then(|setting| url(&setting)),
        password: section
            .get("password")
            .and_then(|setting| read_secret(&setting)),
        retain_secs: section.get("retain").and_then(|setting| retain(&setting)),
    };
    section.finish();
    settings
}

/// A duration, or "forever".
fn retain(setting: &Setting<'_>) -> Option<i64> {
    let text = setting.text()?.into_inner();
    if text == "forever" {
        return None;
    }
    let seconds = parse_span(&text).filter(|seconds| *seconds > 0);
    if seconds.is_none() {
        let expected = "expected a duration such as \"3y\" or \"180d\", or \"forever\"";
        setting.problem(format!("\"{text}\" is no duration"), expected);
    }
    seconds
}

fn url(setting: &Setting<'_>) -> Option<String> {
    let text = setting.text()?;
    let reader = setting.reader();
    match text.get_ref().split_once(':') {
        Some(("sqlite", path)) if !path.is_empty() => Some(text.into_inner()),
        Some(("postgres" | "postgresql", _)) => {
            reader.report(not_yet(&text));
            None
        }
        _ => {
            let what = "this is no address of a history";
            reader.report(
                Problem::new(text.span(), what, "expected sqlite: and a path")
                    .hint("for example url = \"sqlite:weir.db\""),
            );
            None
        }
    }
}

fn not_yet(text: &Spanned<String>) -> Problem {
    let what = "a history in PostgreSQL is not kept by this version yet";
    Problem::new(text.span(), what, "known now: sqlite:").hint("use url = \"sqlite:weir.db\"")
}
