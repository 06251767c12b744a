//! Requests of one poll as they are sent, and sent again where that can help.

use std::sync::atomic::{AtomicU64, Ordering};

use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap, IF_NONE_MATCH, LOCATION};
use secrecy::ExposeSecret;
use url::Url;

use super::super::Fault;
use super::backoff::{Class, Step, next_step};
use super::failure::Failure;
use super::reply::{self, Bounds, Head, Reply};
use super::session::Key;
use super::{Http, redirect};

/// One request.
pub(super) struct Ask {
    pub(super) url: Url,
    /// JSON to be posted; without it the address is read.
    pub(super) body: Option<Vec<u8>>,
    /// Whether an answer with a good status may be used.
    pub(super) judge: fn(&Url, &Reply) -> Result<(), Failure>,
}

impl Ask {
    fn method(&self) -> &'static str {
        if self.body.is_some() { "POST" } else { "GET" }
    }
}

/// The connections to a host with a key.
pub(super) struct Line {
    http: Http,
    key: Key,
    sent: AtomicU64,
}

impl Line {
    pub(super) fn new(http: Http, key: Key) -> Self {
        Self {
            http,
            key,
            sent: AtomicU64::new(0),
        }
    }

    /// How many requests were sent since the last call.
    pub(super) fn sent(&self) -> u64 {
        self.sent.swap(0, Ordering::Relaxed)
    }

    /// Asks, again where that can help.
    ///
    /// # Errors
    /// A [`Fault`] once nothing helps.
    pub(super) async fn persist(&self, ask: &Ask) -> Result<Reply, Fault> {
        let mut attempt = 1;
        loop {
            let failure = match self.attempt(ask).await {
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
        let Http { gate, tempo, .. } = &self.http;
        if failure.class == Class::Throttled || failure.retry_after.is_some() {
            gate.close(tempo.now(), span);
        } else {
            tempo.rest(span).await;
        }
    }

    async fn attempt(&self, ask: &Ask) -> Result<Reply, Failure> {
        let permit = self.http.gate.pass(self.http.tempo.as_ref()).await;
        let begun = self.http.tempo.now();
        let outcome = self.follow(ask).await;
        drop(permit);
        let outcome = outcome.and_then(|reply| (ask.judge)(&ask.url, &reply).map(|()| reply));
        let said = match &outcome {
            Ok(reply) => format!("fine, {} bytes", reply.body.len()),
            Err(failure) => self.scrubbed(failure.fault.clone()).to_string(),
        };
        let took = self.http.tempo.now().saturating_duration_since(begun);
        self.http.trace.note(ask.method(), &ask.url, said, took);
        outcome
    }

    async fn follow(&self, ask: &Ask) -> Result<Reply, Failure> {
        let mut url = ask.url.clone();
        for _ in 0..=redirect::MOST_HOPS {
            let response = self.send(ask, &url).await?;
            self.heed(response.headers());
            if response.status() == StatusCode::NOT_MODIFIED {
                return self.remembered(&url);
            }
            if !response.status().is_redirection() {
                return self.read(ask, url, response).await;
            }
            url = onward(&url, &response)?;
        }
        let why = "it redirects in circles".to_owned();
        Err(Failure::bad_answer(&url, why))
    }

    async fn read(
        &self,
        ask: &Ask,
        url: Url,
        response: reqwest::Response,
    ) -> Result<Reply, Failure> {
        let bounds = Bounds {
            largest: self.http.largest_body,
            patience: self.http.patience,
        };
        let reply = reply::read(url, response, bounds).await?;
        if ask.body.is_none() {
            let name = reply.head.name.as_deref();
            self.http.remembered.keep(&reply.url, name, &reply);
        }
        Ok(reply)
    }

    /// What the tracker still allows is shared by all who ask it.
    fn heed(&self, headers: &HeaderMap) {
        if let Some(allowance) = Head::read(headers).allowance {
            self.http.gate.pace(allowance.pause());
        }
    }

    fn remembered(&self, url: &Url) -> Result<Reply, Failure> {
        self.http.remembered.answer(url).ok_or_else(|| {
            let why = "it says that nothing changed to one who knew nothing".to_owned();
            Failure::bad_answer(url, why)
        })
    }

    async fn send(&self, ask: &Ask, url: &Url) -> Result<reqwest::Response, Failure> {
        self.sent.fetch_add(1, Ordering::Relaxed);
        let request = match &ask.body {
            None => self.reading(url),
            Some(body) => {
                let posting = self.http.client.post(url.clone()).body(body.clone());
                posting.header(CONTENT_TYPE, "application/json")
            }
        };
        let sent = request.headers(self.key.headers.clone()).send().await;
        sent.map_err(|error| Failure::from_transport(url, &error, self.http.patience))
    }

    fn reading(&self, url: &Url) -> reqwest::RequestBuilder {
        let request = self.http.client.get(url.clone());
        match self.http.remembered.name(url) {
            Some(name) => request.header(IF_NONE_MATCH, name),
            None => request,
        }
    }

    /// An answer may repeat what it was asked with; the key is not passed on.
    pub(super) fn scrubbed(&self, fault: Fault) -> Fault {
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
