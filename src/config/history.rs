//! `[history]`: where events are kept.

use std::path::{Path, PathBuf};

use super::problem::Problem;
use super::reader::{Section, Setting};
use super::source::read_secret;
use crate::connectors::SecretSource;
use crate::history::settings::{HistorySettings, HistoryUrl, HistoryUrlError, Retain};

/// Where events are kept and for how long, as far as the config says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistorySection {
    /// Where. `None`: the config's own place in the user's data folder.
    pub url: Option<HistoryUrl>,
    /// The password of a server, if the address names one.
    pub password: Option<SecretSource>,
    /// A certificate authority of the server to trust beside the system's, PEM.
    pub ca_file: Option<PathBuf>,
    /// When finished items are dropped; `None`: never.
    pub retain: Option<Retain>,
}

impl HistorySection {
    /// What the history of the config at the absolute path `config` is opened with.
    ///
    /// # Errors
    /// [`HistoryUrlError::NoHome`] if the config names no place and the user has no home.
    pub fn settings(&self, config: &Path) -> Result<HistorySettings, HistoryUrlError> {
        let own = || HistoryUrl::usual(config);
        let url = self.url.clone().map_or_else(own, Ok)?;
        Ok(HistorySettings {
            url,
            retain: self.retain,
        })
    }
}

pub(super) fn read(top: &mut Section<'_>) -> HistorySection {
    let Some(mut section) = top.table("history") else {
        return HistorySection::default();
    };
    let settings = HistorySection {
        url: section.get("url").and_then(|setting| url(&setting)),
        password: section
            .get("password")
            .and_then(|setting| read_secret(&setting)),
        ca_file: section.get("ca_file").and_then(|setting| setting.path()),
        retain: section.get("retain").and_then(|setting| retain(&setting)),
    };
    section.finish();
    settings
}

/// A duration, or "forever".
fn retain(setting: &Setting<'_>) -> Option<Retain> {
    let text = setting.text()?.into_inner();
    if text == "forever" {
        return None;
    }
    let retain = Retain::parse(&text);
    if retain.is_none() {
        let expected = "expected a duration such as \"3y\" or \"180d\", or \"forever\"";
        setting.problem(format!("\"{text}\" is no duration"), expected);
    }
    retain
}

fn url(setting: &Setting<'_>) -> Option<HistoryUrl> {
    let reader = setting.reader();
    let text = setting.text()?;
    let error = match HistoryUrl::parse(text.get_ref(), reader.folder()) {
        Ok(url) => return Some(url),
        Err(error) => error.to_string(),
    };
    let (what, hint) = error.split_once("; ").unwrap_or((&error, ""));
    let expected = "expected sqlite: and a path, or postgres: and an address";
    let mut problem = Problem::new(setting.span(), what, expected);
    problem.hint = Some(hint.to_owned()).filter(|hint| !hint.is_empty());
    reader.report(problem);
    None
}
