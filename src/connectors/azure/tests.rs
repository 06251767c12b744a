mod bulk;
mod contract;
mod official;
mod others;
mod recorded;
mod server;
mod trouble;

use std::io::Write;
use std::sync::Arc;

use serde_json::Value;
use tempfile::NamedTempFile;
use tokio_util::sync::CancellationToken;

use super::AzureDevops;
use crate::clock::FixedClock;
use crate::connectors::collected::Collected;
use crate::connectors::http::HttpOptions;
use crate::connectors::http::stand_in::{Asked, Hurried, Reply, StandIn};
use crate::connectors::sync::Reach;
use crate::connectors::{Connector, Fault, SecretSource, TrackerSettings};
use crate::model::batch::Cursor;
use crate::model::id::SourceName;
use crate::model::time::Millis;

/// The clock of the organization.
const NOON: &str = "2026-03-02T12:00:00Z";

/// A connector that asks a server which answers by path and parameters.
struct Reader {
    azure: AzureDevops,
    server: StandIn,
    _token: NamedTempFile,
}

impl Reader {
    fn new(query: &str, answer: impl Fn(&Asked) -> Reply + Send + 'static) -> Self {
        Self::with_token("a-token", query, answer)
    }

    fn with_token(
        token: &str,
        query: &str,
        answer: impl Fn(&Asked) -> Reply + Send + 'static,
    ) -> Self {
        let server =
            StandIn::new(move |asked| answer(asked).with("Date", "Mon, 02 Mar 2026 12:00:00 GMT"));
        let mut file = NamedTempFile::new().unwrap();
        writeln!(file, "{token}").unwrap();
        let settings = TrackerSettings {
            url: server.url("/acme"),
            user: None,
            token: SecretSource::File(file.path().to_owned()),
            query: query.to_owned(),
            fields: [].into(),
            ca_file: None,
        };
        let options = HttpOptions {
            tempo: Hurried::new(),
            ..HttpOptions::of(settings.url.clone())
        };
        let clock = Arc::new(FixedClock(Millis::parse(NOON).unwrap()));
        let azure =
            AzureDevops::with(Reach::with(SourceName::new("a"), settings, options, clock).unwrap())
                .unwrap();
        Self {
            azure,
            server,
            _token: file,
        }
    }

    async fn sync(&self, cursor: Option<Cursor>) -> (Collected, Result<(), Fault>) {
        let mut sink = Collected::default();
        let cancel = CancellationToken::new();
        let outcome = self.azure.sync(cursor, &mut sink, &cancel).await;
        (sink, outcome)
    }

    /// Reads what must be readable.
    async fn read(&self, cursor: Option<Cursor>) -> Collected {
        let (sink, outcome) = self.sync(cursor).await;
        assert_eq!(outcome, Ok(()));
        sink
    }
}

#[expect(clippy::needless_pass_by_value, reason = "rows are written in place")]
fn list(rows: Value) -> Reply {
    server::json(&serde_json::json!({ "value": rows }))
}
