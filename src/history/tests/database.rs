//! A database of its own for each test, on the server at `WEIR_POSTGRES`.

use std::sync::atomic::{AtomicU32, Ordering};

use tokio_postgres::{NoTls, SimpleQueryMessage};

use super::Place;
use crate::history::settings::{HistoryUrl, ServerUrl};
use crate::history::{History, Leases, Owner, Postgres, PostgresLeases, Server};

/// An empty database, dropped with it.
#[derive(Debug)]
pub(in crate::history) struct Database {
    name: String,
}

/// The address of the server, with rights to make databases.
fn server() -> String {
    let address = std::env::var("WEIR_POSTGRES");
    address.expect("WEIR_POSTGRES, the address of a PostgreSQL server")
}

/// Runs statements in a database of the server.
pub(in crate::history) fn execute(database: &str, statements: &[&str]) {
    let mut config: tokio_postgres::Config = server().parse().expect("an address");
    config.dbname(database);
    let engine = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("an engine");
    engine.block_on(async {
        let (client, connection) = config.connect(NoTls).await.expect("the server");
        tokio::spawn(connection);
        for statement in statements {
            client.batch_execute(statement).await.expect(statement);
        }
    });
}

/// The only value of a query, as text.
pub(in crate::history) fn answer(database: &str, query: &str) -> String {
    let mut config: tokio_postgres::Config = server().parse().expect("an address");
    config.dbname(database);
    let engine = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("an engine");
    let rows = engine.block_on(async {
        let (client, connection) = config.connect(NoTls).await.expect("the server");
        tokio::spawn(connection);
        client.simple_query(query).await.expect(query)
    });
    let value = rows.iter().find_map(|row| match row {
        SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    });
    value.unwrap_or_default()
}

impl Database {
    pub(in crate::history) fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("weir_test_{}_{number}", std::process::id());
        execute("postgres", &[&format!("CREATE DATABASE {name}")]);
        Self { name }
    }

    pub(in crate::history) fn name(&self) -> &str {
        &self.name
    }

    /// How to reach it.
    pub(in crate::history) fn server(&self) -> Server {
        let url = HistoryUrl::parse(&server(), std::path::Path::new("/")).expect("an address");
        let HistoryUrl::Postgres(url) = url else {
            panic!("the address of a server");
        };
        Server {
            url: ServerUrl {
                database: Some(self.name.clone()),
                ..url
            },
            password: None,
            ca_file: None,
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        execute("postgres", &[&drop]);
    }
}

impl Place for Database {
    fn open(&self) -> Box<dyn History> {
        Box::new(Postgres::new(self.server()))
    }

    fn leases(&self, owner: &Owner) -> Box<dyn Leases> {
        Box::new(PostgresLeases::new(self.server(), owner.clone()))
    }

    fn run_out(&self) {
        let past = "UPDATE weir.lease SET expires = now() - interval '1 second'";
        execute(&self.name, &[past]);
    }

    fn anew(&self) -> Box<dyn History> {
        execute(&self.name, &["DROP SCHEMA IF EXISTS weir CASCADE"]);
        self.open()
    }

    fn worlds(&self) -> u32 {
        16
    }
}
