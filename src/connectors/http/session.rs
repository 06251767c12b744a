//! One poll's conversation with a host.

use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reqwest::StatusCode;
use reqwest::header::{
    ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, IF_NONE_MATCH, LOCATION,
};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::super::{Fault, Sink};
use super::backoff::{Class, Step, next_step};
use super::failure::Failure;
use super::graphql::{self, Query};
use super::reply::{self, Answer, Bounds, Head, Reply};
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
        let value = secret.expose_secret().to_owned();
        Self::with(name, &value, secret)
    }

    /// A token as most trackers take it.
    ///
    /// # Errors
    /// As [`Key::in_header`].
    pub(crate) fn bearer(secret: SecretString) -> Result<Self, Fault> {
        let value = format!("Bearer {}", secret.expose_secret());
        Self::with("authorization", &value, secret)
    }

    /// A user and their token or password.
    ///
    /// # Errors
    /// As [`Key::in_header`].
    pub(crate) fn basic(user: &str, secret: SecretString) -> Result<Self, Fault> {
        let pair = format!("{user}:{}", secret.expose_secret());
        let value = format!("Basic {}", BASE64_STANDARD.encode(pair));
        Self::with("authorization", &value, secret)
    }

    /// Sends `value` along in the header `name`, in place of what stands there.
    pub(crate) fn and(mut self, name: &'static str, value: &'static str) -> Self {
        let name = HeaderName::from_static(name);
        self.headers.insert(name, HeaderValue::from_static(value));
        self
    }

    fn with(name: &'static str, value: &str, secret: SecretString) -> Result<Self, Fault> {
        let mut value = HeaderValue::from_str(value).map_err(|_| Fault::Unusable {
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

/// One request.
struct Ask<'a> {
    url: &'a Url,
    /// JSON to be posted; without it the address is read.
    body: Option<Vec<u8>>,
    /// Whether an answer with a good status may be used.
    judge: fn(&Url, &Reply) -> Result<(), Failure>,
}

impl Ask<'_> {
    fn method(&self) -> &'static str {
        if self.body.is_some() { "POST" } else { "GET" }
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
        let ask = Ask {
            url,
            body: None,
            judge: |_, _| Ok(()),
        };
        self.answer(&ask).await
    }

    /// Posts JSON and reads the JSON that comes back, as [`Session::get`]. Only for questions: it is
    /// sent again where that can help.
    ///
    /// # Errors
    /// As [`Session::get`].
    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        url: &Url,
        body: &Value,
    ) -> Result<Answer<T>, Fault> {
        let ask = Ask {
            url,
            body: Some(body.to_string().into_bytes()),
            judge: |_, _| Ok(()),
        };
        self.answer(&ask).await
    }

    /// Asks in GraphQL, as [`Session::get`]. An answer with data is taken even if it has errors
    /// beside: what it lacks is null.
    ///
    /// # Errors
    /// As [`Session::get`].
    pub(crate) async fn graphql<T: DeserializeOwned>(
        &self,
        url: &Url,
        query: &Query,
    ) -> Result<Answer<T>, Fault> {
        let ask = Ask {
            url,
            body: Some(query.body()),
            judge: graphql::judge,
        };
        let Answer {
            value: graphql::Said { data },
            date,
            place,
            next,
            continuation,
            total,
        } = self.answer(&ask).await?;
        let no_data = || Fault::BadAnswer {
            place: place.clone(),
            why: "the answer holds no data".to_owned(),
        };
        let value = data.ok_or_else(no_data)?;
        Ok(Answer {
            value,
            date,
            place,
            next,
            continuation,
            total,
        })
    }

    async fn answer<T: DeserializeOwned>(&self, ask: &Ask<'_>) -> Result<Answer<T>, Fault> {
        let reply = self.cancel.run_until_cancelled(self.persist(ask)).await;
        match reply {
            None => Err(Fault::Stopped),
            Some(reply) => reply
                .and_then(|reply| reply::decode(&reply))
                .map_err(|fault| self.scrubbed(fault)),
        }
    }

    /// Whether the poll still goes on.
    ///
    /// # Errors
    /// [`Fault::Stopped`] once it is cancelled.
    pub(crate) fn goes_on(&self) -> Result<(), Fault> {
        if self.cancel.is_cancelled() {
            return Err(Fault::Stopped);
        }
        Ok(())
    }

    /// Tells the sink of the requests sent since the last call.
    pub(crate) fn report(&self, sink: &mut dyn Sink) {
        for _ in 0..self.sent.swap(0, Ordering::Relaxed) {
            sink.request();
        }
    }

    async fn persist(&self, ask: &Ask<'_>) -> Result<Reply, Fault> {
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
        let Http { gate, tempo, .. } = self.http;
        if failure.class == Class::Throttled || failure.retry_after.is_some() {
            gate.close(tempo.now(), span);
        } else {
            tempo.rest(span).await;
        }
    }

    async fn attempt(&self, ask: &Ask<'_>) -> Result<Reply, Failure> {
        let _permit = self.http.gate.pass(self.http.tempo.as_ref()).await;
        let begun = self.http.tempo.now();
        let outcome = self.follow(ask).await;
        let said = match &outcome {
            Ok(reply) => format!("fine, {} bytes", reply.body.len()),
            Err(failure) => self.scrubbed(failure.fault.clone()).to_string(),
        };
        let took = self.http.tempo.now().saturating_duration_since(begun);
        self.http.trace.note(ask.method(), ask.url, said, took);
        outcome
    }

    async fn follow(&self, ask: &Ask<'_>) -> Result<Reply, Failure> {
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
        ask: &Ask<'_>,
        url: Url,
        response: reqwest::Response,
    ) -> Result<Reply, Failure> {
        let bounds = Bounds {
            largest: self.http.largest_body,
            patience: self.http.patience,
        };
        let reply = reply::read(url, response, bounds).await?;
        (ask.judge)(ask.url, &reply)?;
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

    async fn send(&self, ask: &Ask<'_>, url: &Url) -> Result<reqwest::Response, Failure> {
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
