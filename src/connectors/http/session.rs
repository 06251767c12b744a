//! One poll's conversation with a host.

use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reqwest::header::{ACCEPT, HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;
use url::Url;

use super::super::{Fault, Sink};
use super::Http;
use super::graphql::{self, Query};
use super::line::{Ask, Line};
use super::reply::{self, Answer};

/// The header that carries a key.
pub(crate) struct Key {
    pub(super) headers: HeaderMap,
    pub(super) secret: SecretString,
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

/// Asks on behalf of one poll. Every request can be cancelled and is counted.
pub(crate) struct Session<'a> {
    line: Arc<Line>,
    cancel: &'a CancellationToken,
}

impl Http {
    /// Begins a poll.
    pub(crate) fn session<'a>(&self, key: Key, cancel: &'a CancellationToken) -> Session<'a> {
        Session {
            line: Arc::new(Line::new(self.clone(), key)),
            cancel,
        }
    }
}

impl Session<'_> {
    /// Asks for JSON, again where that can help.
    ///
    /// # Errors
    /// A [`Fault`]; [`Fault::Stopped`] at once when the poll is cancelled.
    pub(crate) async fn get<T: DeserializeOwned + Send + 'static>(
        &self,
        url: &Url,
    ) -> Result<Answer<T>, Fault> {
        let ask = Ask {
            url: url.clone(),
            body: None,
            judge: |_, _| Ok(()),
        };
        self.answer(ask).await
    }

    /// Posts JSON and reads the JSON that comes back, as [`Session::get`]. Only for questions: it is
    /// sent again where that can help.
    ///
    /// # Errors
    /// As [`Session::get`].
    pub(crate) async fn post<T: DeserializeOwned + Send + 'static>(
        &self,
        url: &Url,
        body: &Value,
    ) -> Result<Answer<T>, Fault> {
        let ask = Ask {
            url: url.clone(),
            body: Some(body.to_string().into_bytes()),
            judge: |_, _| Ok(()),
        };
        self.answer(ask).await
    }

    /// Asks in GraphQL, as [`Session::get`]. An answer with data is taken even if it has errors
    /// beside: what it lacks is null.
    ///
    /// # Errors
    /// As [`Session::get`].
    pub(crate) async fn graphql<T: DeserializeOwned + Send + 'static>(
        &self,
        url: &Url,
        query: &Query,
    ) -> Result<Answer<T>, Fault> {
        let ask = Ask {
            url: url.clone(),
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
        } = self.answer(ask).await?;
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

    /// Each request is a task of its own: while one answer is understood, the others come in.
    async fn answer<T>(&self, ask: Ask) -> Result<Answer<T>, Fault>
    where
        T: DeserializeOwned + Send + 'static,
    {
        let line = Arc::clone(&self.line);
        let asking = tokio::spawn(async move {
            let reply = line.persist(&ask).await;
            let answer = reply.and_then(|reply| reply::decode(&reply));
            answer.map_err(|fault| line.scrubbed(fault))
        });
        let asking = AbortOnDropHandle::new(asking);
        match self.cancel.run_until_cancelled(asking).await {
            Some(Ok(answer)) => answer,
            Some(Err(ended)) => match ended.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => Err(Fault::Stopped),
            },
            None => Err(Fault::Stopped),
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
        for _ in 0..self.line.sent() {
            sink.request();
        }
    }
}
