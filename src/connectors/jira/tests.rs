mod boards;
mod contract;
mod paging;
mod prism;
mod recorded;
pub(super) mod site;
mod trouble;

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, Mutex, MutexGuard};

use tempfile::NamedTempFile;
use tokio_util::sync::CancellationToken;

use super::Jira;
use super::address::Deployment;
use crate::clock::FixedClock;
use crate::connectors::collected::Collected;
use crate::connectors::http::HttpOptions;
use crate::connectors::http::stand_in::{Asked, Hurried, Reply, StandIn};
use crate::connectors::sync::Reach;
use crate::connectors::{Connector, Fault, SecretSource, TrackerSettings};
use crate::model::batch::Cursor;
use crate::model::id::SourceName;
use crate::model::time::Millis;
use site::Site;

const TOKEN: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f000112233";

/// A Jira on loopback, and the connector that reads it.
pub(super) struct Reader {
    server: StandIn,
    site: Arc<Mutex<Site>>,
    jira: Jira,
    _token: NamedTempFile,
}

impl Reader {
    fn new(site: Site) -> Self {
        Self::asking(site, "", &[])
    }

    pub(super) fn asking(site: Site, query: &str, fields: &[(&str, &str)]) -> Self {
        Self::instead(site, query, fields, |_| None)
    }

    /// With answers that come instead of the site's.
    fn instead(
        site: Site,
        query: &str,
        fields: &[(&str, &str)],
        mut instead: impl FnMut(&Asked) -> Option<Reply> + Send + 'static,
    ) -> Self {
        let site = Arc::new(Mutex::new(site));
        let shared = Arc::clone(&site);
        let server = StandIn::new(move |asked: &Asked| {
            instead(asked).unwrap_or_else(|| shared.lock().unwrap().answer(asked))
        });
        let mut token = NamedTempFile::new().unwrap();
        writeln!(token, "{TOKEN}").unwrap();
        let pair = |(field, fact): &(&str, &str)| ((*field).to_owned(), (*fact).to_owned());
        let settings = TrackerSettings {
            url: server.url("/"),
            user: Some("ann@example.org".to_owned()),
            token: SecretSource::File(token.path().to_owned()),
            query: query.to_owned(),
            fields: fields.iter().map(pair).collect::<BTreeMap<_, _>>(),
            ca_file: None,
        };
        let options = HttpOptions {
            tempo: Hurried::new(),
            ..HttpOptions::of(settings.url.clone())
        };
        let clock = Arc::new(FixedClock(Millis(0)));
        Self {
            jira: Jira::with(Reach::with(SourceName::new("j"), settings, options, clock).unwrap())
                .unwrap(),
            server,
            site,
            _token: token,
        }
    }

    fn site(&self) -> MutexGuard<'_, Site> {
        self.site.lock().unwrap()
    }

    async fn sync(&self, cursor: Option<Cursor>) -> (Collected, Result<(), Fault>) {
        let mut sink = Collected::default();
        let cancel = CancellationToken::new();
        let outcome = self.jira.sync(cursor, &mut sink, &cancel).await;
        (sink, outcome)
    }

    /// Reads what must be readable.
    pub(super) async fn read(&self, cursor: Option<Cursor>) -> Collected {
        let (sink, outcome) = self.sync(cursor).await;
        assert_eq!(outcome, Ok(()));
        sink
    }

    /// An address on the server.
    pub(super) fn place(&self, path: &str) -> String {
        self.server.url(path).to_string()
    }

    /// The JQL of every list that was asked for.
    fn lists(&self) -> Vec<String> {
        let asked = self.server.asked();
        let lists = asked.iter().filter(|asked| site::is_list(asked));
        lists.filter_map(|asked| asked.parameter("jql")).collect()
    }
}
