//! Where a PostgreSQL server is, from `postgres://user@host:port/database?sslmode=…`.

use std::fmt;
use std::path::PathBuf;

use url::{Host, Url};

use super::HistoryUrlError;

/// PostgreSQL's own port.
const PORT: u16 = 5432;

/// The address of a database, without a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerUrl {
    /// Where the server listens.
    pub host: ServerHost,
    /// Its port.
    pub port: u16,
    /// Who connects; `None`: the user of the operating system.
    pub user: Option<String>,
    /// Which database; `None`: the one named like the user.
    pub database: Option<String>,
    /// How the connection is protected, where the address says so.
    pub tls: Option<TlsMode>,
}

/// Where a server listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServerHost {
    /// A name or an IP address.
    Network(String),
    /// The folder of a Unix socket.
    Socket(PathBuf),
}

/// How a connection is protected; the names and meanings of PostgreSQL's `sslmode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsMode {
    /// No TLS.
    Disable,
    /// TLS where the server offers it; its certificate is not looked at.
    Prefer,
    /// TLS or nothing. The certificate is looked at only where a `ca_file` is given.
    Require,
    /// TLS, and the certificate is of a trusted authority.
    VerifyCa,
    /// TLS, and the certificate is of a trusted authority and names the host.
    VerifyFull,
}

impl TlsMode {
    const NAMES: [(&'static str, Self); 5] = [
        ("disable", Self::Disable),
        ("prefer", Self::Prefer),
        ("require", Self::Require),
        ("verify-ca", Self::VerifyCa),
        ("verify-full", Self::VerifyFull),
    ];

    fn parse(text: &str) -> Option<Self> {
        let found = Self::NAMES.iter().find(|(name, _)| *name == text);
        found.map(|(_, mode)| *mode)
    }

    fn name(self) -> &'static str {
        let found = Self::NAMES.iter().find(|(_, mode)| *mode == self);
        found.map_or("", |(name, _)| name)
    }
}

impl ServerUrl {
    /// Reads an address.
    ///
    /// # Errors
    /// [`HistoryUrlError`]; it never repeats the address, which may hold a password.
    pub(super) fn parse(text: &str) -> Result<Self, HistoryUrlError> {
        let url = Url::parse(text).map_err(|_| HistoryUrlError::Server)?;
        if url.password().is_some() {
            return Err(HistoryUrlError::Password);
        }
        let mut server = Self {
            host: ServerHost::Network(host(&url)),
            port: url.port().unwrap_or(PORT),
            user: decoded(url.username())?,
            database: decoded(url.path().trim_start_matches('/'))?,
            tls: None,
        };
        for (key, value) in url.query_pairs() {
            server.set(&key, &value)?;
        }
        Ok(server)
    }

    fn set(&mut self, key: &str, value: &str) -> Result<(), HistoryUrlError> {
        match key {
            "sslmode" => {
                self.tls = Some(TlsMode::parse(value).ok_or(HistoryUrlError::TlsMode)?);
            }
            "host" if value.starts_with('/') => self.host = ServerHost::Socket(value.into()),
            "password" => return Err(HistoryUrlError::Password),
            _ => return Err(HistoryUrlError::Parameter(key.to_owned())),
        }
        Ok(())
    }
}

fn host(url: &Url) -> String {
    match url.host() {
        None | Some(Host::Domain("")) => "localhost".to_owned(),
        Some(Host::Domain(name)) => name.to_owned(),
        Some(Host::Ipv4(address)) => address.to_string(),
        Some(Host::Ipv6(address)) => address.to_string(),
    }
}

/// A part of an address in plain letters; `None` if it is empty.
fn decoded(part: &str) -> Result<Option<String>, HistoryUrlError> {
    // What stands before `=` of a query is decoded as here, but for `+`.
    let escaped = part.replace('+', "%2B");
    let pairs = url::form_urlencoded::parse(escaped.as_bytes());
    let text: String = pairs.map(|(key, _)| key.into_owned()).collect();
    if text.contains('\u{fffd}') || part.contains(['=', '&']) {
        return Err(HistoryUrlError::Server);
    }
    Ok(Some(text).filter(|text| !text.is_empty()))
}

impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgres://")?;
        if let Some(user) = &self.user {
            write!(f, "{user}@")?;
        }
        match &self.host {
            ServerHost::Network(host) if host.contains(':') => write!(f, "[{host}]")?,
            ServerHost::Network(host) => f.write_str(host)?,
            ServerHost::Socket(_) => {}
        }
        if self.port != PORT {
            write!(f, ":{}", self.port)?;
        }
        write!(f, "/{}", self.database.as_deref().unwrap_or_default())?;
        let mut between = '?';
        if let ServerHost::Socket(folder) = &self.host {
            write!(f, "?host={}", folder.display())?;
            between = '&';
        }
        match self.tls {
            Some(mode) => write!(f, "{between}sslmode={}", mode.name()),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ServerHost, ServerUrl, TlsMode};
    use crate::history::settings::HistoryUrlError;

    fn parse(text: &str) -> Result<ServerUrl, HistoryUrlError> {
        ServerUrl::parse(text)
    }

    #[test]
    fn every_part_of_an_address_is_read_and_written_back() {
        let read = parse("postgres://weir@db.example.org:6432/flow?sslmode=verify-full").unwrap();
        let want = ServerUrl {
            host: ServerHost::Network("db.example.org".to_owned()),
            port: 6432,
            user: Some("weir".to_owned()),
            database: Some("flow".to_owned()),
            tls: Some(TlsMode::VerifyFull),
        };
        assert_eq!(read, want);
        for text in [
            "postgres://weir@db.example.org:6432/flow?sslmode=verify-full",
            "postgres://db/flow",
            "postgres://[::1]/flow",
            "postgres:///flow?host=/run/postgresql",
            "postgres:///flow?host=/run/postgresql&sslmode=disable",
        ] {
            let read = parse(text).unwrap().to_string();
            assert_eq!(read.replace("//localhost/", "///"), text);
        }
    }

    #[test]
    fn what_is_not_said_is_as_with_other_programs() {
        let read = parse("postgresql://").unwrap();
        assert_eq!(read.host, ServerHost::Network("localhost".to_owned()));
        assert_eq!((read.port, read.tls), (5432, None));
        assert_eq!((read.user, read.database), (None, None));
        let odd = parse("postgres://a%40b+c@h/d%20e").unwrap();
        assert_eq!(odd.user.as_deref(), Some("a@b+c"));
        assert_eq!(odd.database.as_deref(), Some("d e"));
    }

    #[test]
    fn what_cannot_be_used_is_said_without_repeating_a_secret() {
        let secret = [
            "postgres://u:hunter2@h/d",
            "postgres://u@h/d?password=hunter2",
        ];
        for text in secret {
            let error = parse(text).unwrap_err();
            assert_eq!(error, HistoryUrlError::Password);
            assert!(!error.to_string().contains("hunter2"));
        }
        let mode = parse("postgres://h/d?sslmode=allow").unwrap_err();
        assert_eq!(mode, HistoryUrlError::TlsMode);
        let key = parse("postgres://h/d?pool=9").unwrap_err();
        assert_eq!(key, HistoryUrlError::Parameter("pool".to_owned()));
        for text in [
            "postgres://h:port/d",
            "postgres://u@h:99999/d",
            "postgres://%ff@h/d",
        ] {
            assert_eq!(parse(text), Err(HistoryUrlError::Server), "{text}");
        }
    }
}
