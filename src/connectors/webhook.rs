//! Telling a web address of one's own: JSON is posted to it, again where that can help.

use std::sync::Arc;
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use secrecy::ExposeSecret;
use serde_json::Value;
use url::Url;

use super::http::{
    Failure, HttpOptions, Natural, Patience, Step, Tempo, Told, client, next_step, place,
    retry_after,
};
use super::{Fault, SecretSource};

/// A notice is tried for so long.
const LONGEST: Duration = Duration::from_secs(60);

/// Where notices are posted to. The address is a secret: such addresses let whoever knows them post.
pub struct Webhook {
    address: SecretSource,
    patience: Patience,
    tempo: Arc<dyn Tempo>,
}

impl Webhook {
    /// The one whose address is found at `address`. It is looked up each time.
    pub fn new(address: SecretSource) -> Self {
        Self {
            address,
            patience: Patience {
                connect: Duration::from_secs(5),
                silence: Duration::from_secs(10),
                whole: Duration::from_secs(15),
            },
            tempo: Arc::new(Natural::new()),
        }
    }

    /// Posts `notice`; what comes back is not read.
    ///
    /// # Errors
    /// A [`Fault`] once nothing helps. It names the host alone, never the address.
    pub async fn tell(&self, notice: &Value) -> Result<(), Fault> {
        let url = self.url().await?;
        match tokio::time::timeout(LONGEST, self.persist(&url, notice)).await {
            Ok(told) => told,
            Err(_) => Err(Fault::Unreachable {
                place: place(&host_alone(&url)),
                why: format!("it took no notice within {LONGEST:?}"),
            }),
        }
    }

    async fn persist(&self, url: &Url, notice: &Value) -> Result<(), Fault> {
        let client = client(&HttpOptions {
            patience: self.patience,
            ..HttpOptions::of(url.clone())
        })?;
        let mut attempt = 1;
        loop {
            let Err(failure) = self.post(&client, url, notice).await else {
                return Ok(());
            };
            let chance = self.tempo.draw();
            match next_step(attempt, failure.class, failure.retry_after, chance) {
                Step::GiveUp => return Err(failure.fault),
                Step::Wait(span) => self.tempo.rest(span).await,
            }
            attempt += 1;
        }
    }

    async fn url(&self) -> Result<Url, Fault> {
        let secret = self
            .address
            .fetch()
            .await
            .map_err(|error| Fault::Unusable {
                what: error.to_string(),
                hint: "check `webhook` in [notices]".to_owned(),
            })?;
        let url = Url::parse(secret.expose_secret()).ok();
        let web = |url: &Url| matches!(url.scheme(), "http" | "https") && url.has_host();
        url.filter(web).ok_or_else(|| Fault::Unusable {
            what: "what `webhook` in [notices] yields is no address of the web".to_owned(),
            hint: "it must be the address alone, with https://, on one line".to_owned(),
        })
    }

    async fn post(
        &self,
        client: &reqwest::Client,
        url: &Url,
        notice: &Value,
    ) -> Result<(), Failure> {
        let host = host_alone(url);
        let request = client.post(url.clone()).body(notice.to_string());
        let request = request.header(CONTENT_TYPE, "application/json");
        let sent = request.send().await.map_err(reqwest::Error::without_url);
        let response =
            sent.map_err(|error| Failure::from_transport(&host, &error, self.patience))?;
        let status = response.status();
        if status.is_success() {
            return Ok(());
        }
        if status.is_redirection() {
            return Err(moved(&host, status));
        }
        let refusal = Told {
            status,
            wait: wait_of(response.headers()),
            body: Vec::new(),
        };
        Err(Failure::from_status(&host, &refusal))
    }
}

/// The address without what makes it a secret.
fn host_alone(url: &Url) -> Url {
    let mut host = url.clone();
    host.set_path("/");
    host.set_query(None);
    host.set_fragment(None);
    // An address with a host takes both.
    let _ = host.set_username("");
    let _ = host.set_password(None);
    host
}

fn wait_of(headers: &HeaderMap) -> Option<Duration> {
    let asked = headers.get(RETRY_AFTER)?.to_str().ok()?;
    retry_after(asked, None)
}

fn moved(host: &Url, status: StatusCode) -> Failure {
    let why = format!("it redirects (status {status}), which a notice does not follow");
    Failure::bad_answer(host, why)
}

#[cfg(test)]
mod tests;
