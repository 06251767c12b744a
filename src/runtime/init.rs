//! `weir init`: from an address and a token to a config with a stream, asked step by step or told by
//! flags.

mod flags;
mod guide;
mod look;
mod proposal;
mod steps;
mod token;
mod written;

pub use flags::{InitWords, Keep};

use std::path::PathBuf;
use std::sync::Arc;

use url::Url;

use super::dashboard::need_terminal;
use super::doctor::{Mend, Requests, doctor};
use super::look::{Appearance, Ground, look};
use super::screen::{dashboard, demo};
use super::{Failure, Request, setup};
use crate::clock::Clock;
use crate::config::{Config, FILE_NAME, user_folder};
use crate::connectors::{DemoSettings, SourceKind, TrackerKind, TrackerSettings};
use crate::model::id::SourceName;
use guide::Ended;

/// Sets up a source and a stream in a new config, or in the one that is there: step by step on a
/// terminal, by flags alone elsewhere or where they say to ask nothing.
///
/// # Errors
/// [`Failure`] if something that must be said is not and nobody can be asked, if the tracker cannot
/// be read, or if the config cannot be written.
pub fn init(
    request: &Request,
    words: InitWords,
    appearance: Appearance,
    clock: &Arc<dyn Clock>,
) -> Result<(), Failure> {
    let desk = Desk::of(request, clock)?;
    if words.yes || words.dry_run || need_terminal().is_err() {
        return flags::run(&desk, &words);
    }
    let mut request = request.clone();
    request.config = Some(desk.path.clone());
    let look = look(&desk.config, appearance, &mut Ground::default())?;
    match guide::run(desk, words, look)? {
        Ended::Quit => Ok(()),
        Ended::Demo => {
            request.config = None;
            demo(&request, DemoSettings::default(), appearance)
        }
        Ended::Open => dashboard(&request, appearance, clock),
        Ended::Check => doctor(&request, clock, (Requests::Hidden, Mend::No)),
    }
}

/// Where a set-up takes place.
pub(super) struct Desk {
    /// The config to write.
    path: PathBuf,
    /// What it says so far.
    config: Config,
    /// What the stream shall be called, if that was said.
    stream: Option<String>,
    clock: Arc<dyn Clock>,
}

impl Desk {
    /// # Errors
    /// [`Failure`] with what is wrong with the config that is there.
    fn of(request: &Request, clock: &Arc<dyn Clock>) -> Result<Self, Failure> {
        let found = setup::config_path(request);
        let usual = || user_folder().map_or_else(|| FILE_NAME.into(), |it| it.join(FILE_NAME));
        let path = std::path::absolute(found.unwrap_or_else(usual))?;
        let config = if path.exists() {
            setup::read(&path)?
        } else {
            Config::default()
        };
        Ok(Self {
            path,
            config,
            stream: request.stream.clone(),
            clock: Arc::clone(clock),
        })
    }

    /// The source of that name, if it reads the tracker at this address.
    fn named(&self, at: (TrackerKind, &Url), name: Option<&str>) -> Option<&TrackerSettings> {
        let mut there = self.at(at);
        let named = there.find(|(own, _)| Some(own.as_str()) == name);
        named.map(|(_, settings)| settings)
    }

    /// How the tracker at an address is entered: as the source of that name says, else as all sources
    /// there do.
    fn known(&self, at: (TrackerKind, &Url), name: Option<&str>) -> Option<&TrackerSettings> {
        let access = |one: &TrackerSettings| {
            let TrackerSettings {
                user,
                token,
                ca_file,
                ..
            } = one.clone();
            (user, token, ca_file)
        };
        let agreed = || {
            let (_, first) = self.at(at).next()?;
            let mut all = self.at(at);
            all.all(|(_, one)| access(one) == access(first))
                .then_some(first)
        };
        self.named(at, name).or_else(agreed)
    }

    /// The sources that read the tracker at an address.
    fn at(
        &self,
        (kind, url): (TrackerKind, &Url),
    ) -> impl Iterator<Item = (&SourceName, &TrackerSettings)> {
        let sources = self.config.sources.iter();
        sources.filter_map(move |source| match &source.kind {
            SourceKind::Tracker(other, settings) if (*other, &settings.url) == (kind, url) => {
                Some((&source.name, settings))
            }
            _ => None,
        })
    }

    /// The folder of the config.
    fn folder(&self) -> PathBuf {
        self.path.parent().map(PathBuf::from).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::Desk;
    use crate::clock::WallClock;
    use crate::config::Config;
    use crate::connectors::{
        SecretSource, SourceKind, SourceSettings, TrackerKind, TrackerSettings,
    };
    use crate::model::id::SourceName;

    fn desk(sources: &[(&str, &str)]) -> Desk {
        let source = |(name, user): &(&str, &str)| SourceSettings {
            name: SourceName::new(name),
            poll_secs: 60,
            kind: SourceKind::Tracker(
                TrackerKind::Jira,
                TrackerSettings {
                    url: "https://jira.test".parse().unwrap(),
                    user: Some((*user).to_owned()),
                    token: SecretSource::Env(format!("{user}_KEY")),
                    query: String::new(),
                    fields: std::collections::BTreeMap::new(),
                    ca_file: None,
                },
            ),
        };
        Desk {
            path: "weir.toml".into(),
            config: Config {
                sources: sources.iter().map(source).collect(),
                ..Config::default()
            },
            stream: None,
            clock: Arc::new(WallClock),
        }
    }

    #[test]
    fn a_tracker_is_entered_as_the_config_says() {
        let at = |url: &str| url.parse::<url::Url>().unwrap();
        let user = |desk: &Desk, url: &str, name| {
            let known = desk.known((TrackerKind::Jira, &at(url)), name);
            known.and_then(|known| known.user.clone())
        };
        let ours = "https://jira.test";
        let one = desk(&[("a", "ann"), ("b", "ann")]);
        assert_eq!(user(&one, ours, None).as_deref(), Some("ann"));
        // A token goes to no other server.
        assert_eq!(user(&one, "https://other.test", Some("a")), None);
        let several = desk(&[("a", "ann"), ("b", "bob")]);
        assert_eq!(user(&several, ours, None), None);
        assert_eq!(user(&several, ours, Some("b")).as_deref(), Some("bob"));
    }
}
