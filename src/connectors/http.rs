//! Asking a tracker over HTTP, politely: few connections a host, patient with a server that fails
//! or asks to wait, never for ever, and never telling a key to another host.
//!
//! [`Http`] lives as long as its source; a [`Session`] is one poll: it holds the key's header, the
//! cancellation and the count of requests. All that can go wrong ends in a [`Fault`].

mod allowance;
mod backoff;
mod failure;
mod gate;
mod graphql;
mod line;
mod place;
mod redirect;
mod remembered;
mod reply;
mod session;
#[cfg(test)]
pub(crate) mod stand_in;
mod tempo;
#[cfg(test)]
mod tests;
mod trace;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Certificate;
use url::{Host, Url};

use super::{Exchange, Fault};
pub(crate) use backoff::{Step, next_step};
pub(crate) use failure::{Failure, Told};
pub(crate) use gate::CONNECTIONS;
use gate::Gate;
pub(crate) use graphql::Query;
pub(crate) use place::{base_of, place};
use remembered::Remembered;
pub(crate) use reply::{Answer, retry_after};
pub(crate) use session::{Key, Session};
pub(crate) use tempo::{Natural, Tempo};
use trace::Trace;

/// How long to wait for a server.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// For a connection.
    pub(crate) connect: Duration,
    /// For the next bytes of an answer.
    pub(crate) silence: Duration,
    /// For a whole answer.
    pub(crate) whole: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            silence: Duration::from_secs(30),
            whole: Duration::from_secs(120),
        }
    }
}

/// The most bytes one answer may have, unpacked.
pub(crate) const LARGEST_BODY: usize = 64 << 20;

/// How a source is asked.
pub(crate) struct HttpOptions {
    /// The source's address: its host is the only one that is ever asked.
    pub(crate) base: Url,
    /// A certificate authority to trust beside the system's, PEM.
    pub(crate) ca_file: Option<PathBuf>,
    /// How long to wait.
    pub(crate) patience: Patience,
    /// The most bytes of an answer.
    pub(crate) largest_body: usize,
    /// Waiting and chance.
    pub(crate) tempo: Arc<dyn Tempo>,
}

impl HttpOptions {
    /// The usual ways of asking `base`.
    pub(crate) fn of(base: Url) -> Self {
        Self {
            base,
            ca_file: None,
            patience: Patience::default(),
            largest_body: LARGEST_BODY,
            tempo: Arc::new(Natural::new()),
        }
    }
}

/// The connections to one host; a copy is the same connections.
#[derive(Clone)]
pub(crate) struct Http {
    client: reqwest::Client,
    gate: Arc<Gate>,
    tempo: Arc<dyn Tempo>,
    largest_body: usize,
    patience: Patience,
    remembered: Arc<Remembered>,
    trace: Arc<Trace>,
}

impl Http {
    /// Prepares to ask one host; nothing is sent yet.
    ///
    /// # Errors
    /// [`Fault::Unusable`] if the certificate file cannot be used or the system gives no TLS.
    pub(crate) fn new(options: &HttpOptions) -> Result<Self, Fault> {
        Ok(Self {
            client: client(options)?,
            gate: Gate::of(&options.base),
            tempo: Arc::clone(&options.tempo),
            largest_body: options.largest_body,
            patience: options.patience,
            remembered: Arc::default(),
            trace: Arc::default(),
        })
    }

    /// The last requests, oldest first, with nothing secret in them.
    pub(crate) fn exchanges(&self) -> Vec<Exchange> {
        self.trace.all()
    }
}

/// One that follows no redirect by itself.
pub(crate) fn client(options: &HttpOptions) -> Result<reqwest::Client, Fault> {
    ensure_tls_provider();
    let patience = options.patience;
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("weir/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(patience.connect)
        .read_timeout(patience.silence)
        .timeout(patience.whole)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never());
    if is_loopback(&options.base) {
        builder = builder.no_proxy();
    }
    if let Some(path) = &options.ca_file {
        builder = builder.tls_certs_merge(certificates(path)?);
    }
    builder.build().map_err(|error| Fault::Unusable {
        what: format!("no secure connection can be prepared: {error}"),
        hint: "check the system's certificates and `ca_file`".to_owned(),
    })
}

/// Whoever comes first installs it; a second one is refused, which is all right.
fn ensure_tls_provider() {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn certificates(path: &PathBuf) -> Result<Vec<Certificate>, Fault> {
    let unusable = |why: String| Fault::Unusable {
        what: format!(
            "the certificate file {} cannot be used: {why}",
            path.display()
        ),
        hint: "let `ca_file` name a PEM file with the certificate of your authority".to_owned(),
    };
    let pem = std::fs::read(path).map_err(|error| unusable(error.to_string()))?;
    match Certificate::from_pem_bundle(&pem) {
        Ok(found) if !found.is_empty() => Ok(found),
        Ok(_) => Err(unusable("it holds no certificate".to_owned())),
        Err(error) => Err(unusable(error.to_string())),
    }
}
