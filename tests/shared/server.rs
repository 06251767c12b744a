//! Databases of the server at `WEIR_POSTGRES`, and a gate before it that can be shut.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use weir::history::settings::{HistoryUrl, ServerHost, ServerUrl};
use weir::history::{History, HistoryError, Position, Postgres, Server};
use weir::model::event::Change;

use crate::tracker::Moves;

fn server() -> tokio_postgres::Config {
    let address = std::env::var("WEIR_POSTGRES").expect("WEIR_POSTGRES, a PostgreSQL server");
    address.parse().expect("an address")
}

fn execute(statement: &str) {
    let engine = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("an engine");
    engine.block_on(async {
        let connected = server().connect(tokio_postgres::NoTls).await;
        let (client, connection) = connected.expect("the server");
        tokio::spawn(connection);
        client.batch_execute(statement).await.expect(statement);
    });
}

/// An empty database, dropped with it.
#[derive(Debug)]
pub(crate) struct Database {
    name: String,
}

impl Database {
    pub(crate) fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("weir_shared_{}_{number}", std::process::id());
        execute(&format!("CREATE DATABASE {name}"));
        Self { name }
    }

    /// Its address, by a port of this machine.
    pub(crate) fn url(&self, port: u16) -> String {
        format!("postgres://weir@127.0.0.1:{port}/{}", self.name)
    }

    /// The port of the server itself.
    pub(crate) fn port() -> u16 {
        server().get_ports().first().copied().unwrap_or(5432)
    }

    /// Looks into the history, past any gate.
    pub(crate) fn history(&self) -> Postgres {
        let url = HistoryUrl::parse(&self.url(Self::port()), Path::new("/")).expect("an address");
        let HistoryUrl::Postgres(url) = url else {
            panic!("the address of a server");
        };
        Postgres::new(Server {
            url: ServerUrl {
                host: ServerHost::Network("127.0.0.1".to_owned()),
                ..url
            },
            password: None,
            ca_file: None,
        })
    }

    /// What the history tells of moves; every event of one that is there twice is there twice.
    pub(crate) fn moves(&self) -> Result<Moves, HistoryError> {
        let mut found = BTreeMap::new();
        self.history().read(Position(0), &mut |_, item| {
            let moves = item.events.iter().filter_map(|event| match &event.change {
                Change::Created { status } => Some((event.at.0, status.clone()?)),
                Change::Moved { to } => Some((event.at.0, to.clone())),
                _ => None,
            });
            found.insert(item.item.clone(), moves.collect());
        })?;
        Ok(found)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        execute(&format!(
            "DROP DATABASE IF EXISTS {} WITH (FORCE)",
            self.name
        ));
    }
}

/// A gate before the server: a server that is down, as far as those behind it can tell.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gate(Arc<Mutex<Passing>>);

#[derive(Debug, Default)]
struct Passing {
    port: u16,
    open: bool,
    through: Vec<TcpStream>,
}

impl Gate {
    /// A gate that is shut.
    pub(crate) fn shut() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let gate = Self::default();
        gate.passing(|passing| passing.port = listener.local_addr().expect("a port").port());
        let own = gate.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                own.let_through(stream);
            }
        });
        gate
    }

    pub(crate) fn port(&self) -> u16 {
        self.passing(|passing| passing.port)
    }

    /// Opens or shuts it; shutting cuts all that went through.
    pub(crate) fn set(&self, open: bool) {
        self.passing(|passing| {
            passing.open = open;
            if !open {
                for stream in passing.through.drain(..) {
                    let _ = stream.shutdown(Shutdown::Both);
                }
            }
        });
    }

    fn passing<T>(&self, look: impl FnOnce(&mut Passing) -> T) -> T {
        look(&mut self.0.lock().expect("no thread panicked"))
    }

    fn let_through(&self, inner: TcpStream) {
        self.passing(|passing| {
            if !passing.open {
                return;
            }
            let outer = TcpStream::connect(("127.0.0.1", Database::port())).expect("the server");
            let copies = |stream: &TcpStream| stream.try_clone().expect("a copy");
            passing.through.extend([copies(&inner), copies(&outer)]);
            pass(copies(&inner), copies(&outer));
            pass(outer, inner);
        });
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream) {
    thread::spawn(move || {
        let mut bytes = [0; 16 * 1024];
        while let Ok(count @ 1..) = from.read(&mut bytes) {
            if to.write_all(&bytes[..count]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Both);
    });
}
