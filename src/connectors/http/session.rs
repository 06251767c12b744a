//! One poll's conversation with a host.

use std::sync::atomic::{AtomicU64, Ordering};

use reqwest::header::{ACCEPT, HeaderMap, HeaderName, HeaderValue, LOCATION};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::super::{Fault, Sink};
use super::backoff::{Class, Step, next_step};
use super::failure::Failure;
use super::reply::{self, Answer, Bounds, Reply};
use super::{Http, redirect};

/// The header that carries a key.
pub(crate) struct Key {
    headers: HeaderMap,
    secret: SecretString,
}

impl Key {
    /// Puts a key into the header `name`.
    ///
    /// # Errors
    /// [`Fault::Unusable`] if the key has characters that no header can carry.
    pub(crate) fn in_header(name: &'static str, secret: SecretString) -> Result<Self, Fault> {
        let mut value =
            HeaderValue::from_str(secret.expose_secret()).map_err(|_| Fault::Unusable {
                what: "the key has characters that no key can have".to_owned(),
                hint: "check what `token` yields: it must be the key alone, on one line".to_owned(),
            })?;
        value.set_sensitive(true);
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(HeaderName::from_static(name), value);
        Ok(Self { headers, secret })
    }
}

/// Asks on behalf of one poll. Every request can be cancelled and is counted.
pub(crate) struct Session<'a> {
    http: &'a Http,
    key: Key,
    cancel: &'a CancellationToken,
    sent: AtomicU64,
}

impl Http {
    /// Begins a poll.
    pub(crate) fn session<'a>(&'a self, key: Key, cancel: &'a CancellationToken) -> Session<'a> {
        Session {
            http: self,
            key,
            cancel,
            sent: AtomicU64::new(0),
        }
    }
}

impl Session<'_> {
    /// Asks for JSON, again where that can help.
    ///
    /// # Errors
    /// A [`Fault`]; [`Fault::Stopped`] at once when the poll is cancelled.
    pub(crate) async fn get<T: DeserializeOwned>(&self, url: &Url) -> Result<Answer<T>, Fault> {
        let reply = self.cancel.run_until_cancelled(self.persist(url)).await;
        match reply {
            None => Err(Fault::Stopped),
            Some(reply) => reply
                .and_then(|reply| reply::decode(&reply))
                .map_err(|fault| self.scrubbed(fault)),
        }
    }

    /// Tells the sink of the requests sent since the last call.
    pub(crate) fn report(&self, sink: &mut dyn Sink) {
        for _ in 0..self.sent.swap(0, Ordering::Relaxed) {
            sink.request();
        }
    }

    async fn persist(&self, url: &Url) -> Result<Reply, Fault> {
        let mut attempt = 1;
        loop {
            let failure = match self.attempt(url).await {
                Ok(reply) => return Ok(reply),
                Err(failure) => failure,
            };
            let chance = self.http.tempo.draw();
            match next_step(attempt, failure.class, failure.retry_after, chance) {
                Step::GiveUp => return Err(failure.fault),
                Step::Wait(span) => self.wait(&failure, span).await,
            }
            attempt += 1;
        }
    }

    /// A host that asks to wait is left alone by everyone, not only by the one it told.
    async fn wait(&self, failure: &Failure, span: std::time::Duration) {
        let Http { gate, tempo, .. } = self.http;
        if failure.class == Class::Throttled || failure.retry_after.is_some() {
            gate.close(tempo.now(), span);
        } else {
            tempo.rest(span).await;
        }
    }

    async fn attempt(&self, url: &Url) -> Result<Reply, Failure> {
        let _permit = self.http.gate.pass(self.http.tempo.as_ref()).await;
        let mut url = url.clone();
        for _ in 0..=redirect::MOST_HOPS {
            let response = self.send(&url).await?;
            if !response.status().is_redirection() {
                let bounds = Bounds {
                    largest: self.http.largest_body,
                    patience: self.http.patience,
                };
                return reply::read(url, response, bounds).await;
            }
            url = onward(&url, &response)?;
        }
        Err(Failure::bad_answer(
            &url,
            "it redirects in circles".to_owned(),
        ))
    }

    async fn send(&self, url: &Url) -> Result<reqwest::Response, Failure> {
        self.sent.fetch_add(1, Ordering::Relaxed);
        let request = self
            .http
            .client
            .get(url.clone())
            .headers(self.key.headers.clone());
        request
            .send()
            .await
            .map_err(|error| Failure::from_transport(url, &error, self.http.patience))
    }

    /// An answer may repeat what it was asked with; the key is not passed on.
    fn scrubbed(&self, fault: Fault) -> Fault {
        let secret = self.key.secret.expose_secret();
        match fault {
            Fault::BadAnswer { place, why } if why.contains(secret) => Fault::BadAnswer {
                place,
                why: why.replace(secret, "…"),
            },
            other => other,
        }
    }
}

fn onward(url: &Url, response: &reqwest::Response) -> Result<Url, Failure> {
    let location = response.headers().get(LOCATION);
    let location = location.and_then(|value| value.to_str().ok());
    location
        .ok_or_else(|| "it redirects to nowhere".to_owned())
        .and_then(|location| redirect::target(url, location))
        .map_err(|why| Failure::bad_answer(url, why))
}
