//! From an address to a session with a server whose history is known to be ours.

use std::fmt;
use std::future::poll_fn;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Notify;
use tokio_postgres::config::SslMode;
use tokio_postgres::{AsyncMessage, Client, Config, Connection, NoTls, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::error::Broken;
use super::{schema, tls};
use crate::history::ServerFault;
use crate::history::settings::{ServerHost, ServerUrl, TlsMode};

/// How long to wait for a server before saying that it is not there.
const REACH: Duration = Duration::from_secs(10);
/// A connection that says nothing is asked so often whether it still stands.
const ALIVE: Duration = Duration::from_secs(30);
/// Nobody waits for ever: neither we for another session, nor another for one of us that hangs.
const MANNERS: &str = "SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '60s'";

/// Where the password of a server comes from. It is asked at every connection, so that one that
/// changes is taken up.
#[async_trait]
pub trait Password: fmt::Debug + Send + Sync {
    /// Fetches it.
    ///
    /// # Errors
    /// Why there is none; never what was found.
    async fn fetch(&self) -> Result<SecretString, String>;
}

/// How to reach a database.
#[derive(Clone, Debug)]
pub struct Server {
    /// Where it is.
    pub url: ServerUrl,
    /// The password, if it asks for one.
    pub password: Option<Arc<dyn Password>>,
    /// A certificate authority to trust beside the system's, PEM. With it the default protection
    /// is [`TlsMode::VerifyFull`], without it [`TlsMode::Prefer`].
    pub ca_file: Option<PathBuf>,
}

impl Server {
    fn mode(&self) -> TlsMode {
        match (&self.url.host, self.url.tls, &self.ca_file) {
            // A socket of this machine has nobody between.
            (ServerHost::Socket(_), ..) => TlsMode::Disable,
            (_, Some(mode), _) => mode,
            (_, None, Some(_)) => TlsMode::VerifyFull,
            (_, None, None) => TlsMode::Prefer,
        }
    }

    async fn config(&self) -> Result<Config, ServerFault> {
        let mut config = Config::new();
        match &self.url.host {
            ServerHost::Network(name) => config.host(name),
            ServerHost::Socket(folder) => config.host(folder.to_string_lossy()),
        };
        config
            .port(self.url.port)
            .application_name("weir")
            .connect_timeout(REACH)
            .tcp_user_timeout(ALIVE)
            .keepalives_idle(ALIVE)
            .ssl_mode(match self.mode() {
                TlsMode::Disable => SslMode::Disable,
                TlsMode::Prefer => SslMode::Prefer,
                TlsMode::Require | TlsMode::VerifyCa | TlsMode::VerifyFull => SslMode::Require,
            });
        if let Some(user) = &self.url.user {
            config.user(user);
        }
        if let Some(database) = &self.url.database {
            config.dbname(database);
        }
        if let Some(password) = &self.password {
            let password = password.fetch().await.map_err(ServerFault::NoPassword)?;
            config.password(password.expose_secret());
        }
        Ok(config)
    }

    /// Opens a session and brings the history up to date. Needs an engine, which carries the
    /// connection. `bell` is rung when the session hears of news and when it ends.
    pub(super) async fn connect(&self, bell: Option<&Arc<Notify>>) -> Result<Client, Broken> {
        let begun = tokio::time::timeout(2 * REACH, self.session(bell)).await;
        begun.unwrap_or(Err(Broken::Late))
    }

    async fn session(&self, bell: Option<&Arc<Notify>>) -> Result<Client, Broken> {
        let config = self.config().await?;
        let bell = bell.map(Arc::clone);
        let mut client = if self.mode() == TlsMode::Disable {
            let (client, connection) = config.connect(NoTls).await?;
            tokio::spawn(carry(connection, bell));
            client
        } else {
            let tls = tls::config(self.mode(), self.ca_file.as_deref())?;
            let (client, connection) = config.connect(MakeRustlsConnect::new(tls)).await?;
            tokio::spawn(carry(connection, bell));
            client
        };
        client.batch_execute(MANNERS).await?;
        schema::prepare(&mut client).await?;
        Ok(client)
    }
}

/// Carries what a session says and hears until either side ends it.
async fn carry<S>(mut connection: Connection<Socket, S>, bell: Option<Arc<Notify>>)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let ring = || bell.iter().for_each(|bell| bell.notify_one());
    loop {
        match poll_fn(|context| connection.poll_message(context)).await {
            Some(Ok(AsyncMessage::Notification(_))) => ring(),
            Some(Ok(_)) => {}
            Some(Err(_)) | None => return ring(),
        }
    }
}
