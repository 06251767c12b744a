//! What only a history on a server has to bear. The server is at `WEIR_POSTGRES`; its authority
//! stands in the file `WEIR_POSTGRES_CA`.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use secrecy::SecretString;

use super::{Password, Postgres, PostgresLeases, Server};
use crate::history::settings::{ServerHost, ServerUrl, TlsMode};
use crate::history::tests::database::{Database, answer, execute};
use crate::history::tests::{Place, append, page, read, source, status, whole};
use crate::history::{
    Appended, History, HistoryError, Lease, Leases, Owner, Position, Report, ServerFault,
};

/// A password as it stands in a test.
#[derive(Debug)]
struct Known(Result<&'static str, &'static str>);

#[async_trait]
impl Password for Known {
    async fn fetch(&self) -> Result<SecretString, String> {
        self.0.map(SecretString::from).map_err(str::to_owned)
    }
}

const SECRET: &str = "correct-horse-battery-staple";

/// A user of the server, gone with it.
struct User<'a> {
    database: &'a Database,
    name: String,
}

impl<'a> User<'a> {
    fn new(database: &'a Database) -> Self {
        let name = format!("{}_guest", database.name());
        let made = format!("CREATE ROLE {name} LOGIN PASSWORD '{SECRET}'");
        execute("postgres", &[&made]);
        Self { database, name }
    }

    fn server(&self, password: Result<&'static str, &'static str>) -> Server {
        let server = self.database.server();
        Server {
            url: ServerUrl {
                user: Some(self.name.clone()),
                ..server.url
            },
            password: Some(Arc::new(Known(password))),
            ca_file: None,
        }
    }
}

impl Drop for User<'_> {
    fn drop(&mut self) {
        let (name, database) = (&self.name, self.database.name());
        execute(database, &[&format!("DROP OWNED BY {name} CASCADE")]);
        execute("postgres", &[&format!("DROP ROLE {name}")]);
    }
}

fn fault<T: std::fmt::Debug>(done: Result<T, HistoryError>) -> ServerFault {
    match done {
        Err(HistoryError::Server { fault, .. }) => fault,
        other => panic!("no fault of the server: {other:?}"),
    }
}

fn within<T>(work: impl Future<Output = T>) -> T {
    let engine = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    engine.expect("an engine").block_on(work)
}

#[test]
#[ignore = "needs a PostgreSQL server: WEIR_POSTGRES"]
fn a_batch_that_fails_half_way_leaves_nothing() {
    let database = Database::new();
    let mut history = database.open();
    append(&mut *history, &page(1, 2));
    let before = read(&mut *history, Position(0));
    execute(
        database.name(),
        &[
            "CREATE FUNCTION pull() RETURNS trigger LANGUAGE plpgsql AS
                 $$ BEGIN RAISE EXCEPTION 'pulled the plug'; END $$",
            "CREATE TRIGGER half BEFORE INSERT ON weir.event FOR EACH ROW
                 WHEN (NEW.id = '2-1-1') EXECUTE FUNCTION pull()",
        ],
    );
    let mut told = page(2, 2);
    told.statuses = vec![status("7", "Review")];
    told.items.insert(0, whole("1-0", vec![]));
    let failed = fault(history.append(&told));
    assert_eq!(failed, ServerFault::Failed("pulled the plug".to_owned()));
    assert_eq!(read(&mut *history, Position(0)), before);
    assert_eq!(history.statuses(&told.source), Ok(vec![]));
    assert_eq!(history.cursor(&told.source), Ok(page(1, 2).cursor));

    execute(database.name(), &["DROP TRIGGER half ON weir.event"]);
    let kept = Appended {
        new_events: 6,
        position: Position(2),
    };
    assert_eq!(history.append(&told), Ok(kept));
}

#[test]
#[ignore = "needs a PostgreSQL server: WEIR_POSTGRES"]
fn what_the_server_takes_back_is_done_again() {
    let database = Database::new();
    let mut history = database.open();
    append(&mut *history, &page(1, 1));
    // What a sequence counted stays counted, even if the transaction is taken back.
    execute(
        database.name(),
        &[
            "CREATE SEQUENCE tries MINVALUE -1000 START 1",
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                 IF nextval('tries') < 4 THEN
                     RAISE EXCEPTION 'later' USING ERRCODE = '40001';
                 END IF;
                 RETURN NEW; END $$",
            "CREATE TRIGGER half BEFORE INSERT ON weir.event FOR EACH ROW
                 WHEN (NEW.id = '2-0-1') EXECUTE FUNCTION refuse()",
        ],
    );
    assert_eq!(append(&mut *history, &page(2, 1)), Position(2));
    assert_eq!(answer(database.name(), "SELECT last_value FROM tries"), "4");
    assert_eq!(read(&mut *history, Position(0)).len(), 2);
    execute(database.name(), &["ALTER SEQUENCE tries RESTART WITH -100"]);
    let mut again = page(2, 1);
    again.items[0].replace = true;
    again.items[0].events.clear();
    append(&mut *history, &again);
    assert_eq!(fault(history.append(&page(2, 1))), ServerFault::Busy);
}

#[test]
#[ignore = "needs a PostgreSQL server: WEIR_POSTGRES"]
fn newer_and_foreign_schemas_are_refused_and_left_alone() {
    let database = Database::new();
    append(&mut *database.open(), &page(1, 2));
    execute(database.name(), &["UPDATE weir.history SET schema = 999"]);
    let newer = ServerFault::Newer {
        found: 999,
        known: 2,
    };
    assert_eq!(fault(database.open().append(&page(2, 1))), newer);
    let count = "SELECT count(*) || ' of ' || max(schema) FROM weir.event, weir.history";
    assert_eq!(answer(database.name(), count), "6 of 999");
    execute(database.name(), &["UPDATE weir.history SET schema = 2"]);
    append(&mut *database.open(), &page(2, 1));

    let others = [
        "CREATE TABLE weir.item (a int)",
        "CREATE TABLE weir.history (a int)",
    ];
    for other in others {
        let foreign = Database::new();
        execute(foreign.name(), &["CREATE SCHEMA weir", other]);
        assert_eq!(fault(foreign.open().position()), ServerFault::Foreign);
        let tables = "SELECT count(*) FROM pg_class WHERE relnamespace = 'weir'::regnamespace";
        assert_eq!(answer(foreign.name(), tables), "1");
    }
}

#[test]
#[ignore = "needs a PostgreSQL server: WEIR_POSTGRES"]
fn a_database_of_the_first_schema_is_brought_up_to_date() {
    let database = Database::new();
    append(&mut *database.open(), &page(1, 2));
    let back = ["DROP TABLE weir.mark", "UPDATE weir.history SET schema = 1"];
    execute(database.name(), &back);
    let mut history = database.open();
    let mark = history.mark(Position(1)).unwrap();
    assert!(mark.is_some());
    append(&mut *history, &page(2, 1));
    assert_eq!(history.mark(Position(1)), Ok(mark));
    assert_eq!(read(&mut *history, Position(0)).len(), 3);
}

#[test]
#[ignore = "needs a PostgreSQL server: WEIR_POSTGRES"]
fn a_wrong_password_is_said_and_never_repeated() {
    let database = Database::new();
    append(&mut *database.open(), &page(1, 1));
    let user = User::new(&database);
    let granted = format!(
        "GRANT USAGE ON SCHEMA weir TO {0}; GRANT SELECT ON ALL TABLES IN SCHEMA weir TO {0}",
        user.name
    );
    execute(database.name(), &[&granted]);
    let ask = |password| Postgres::new(user.server(password)).position();
    assert_eq!(ask(Ok(SECRET)), Ok(Position(1)));
    let wrong = ask(Ok("hunter2")).unwrap_err();
    assert!(!format!("{wrong} {wrong:?} {}", wrong.hint()).contains("hunter2"));
    assert!(wrong.to_string().contains(&user.name), "{wrong}");
    assert!(!wrong.is_passing());
    assert!(matches!(fault(ask(Ok("hunter2"))), ServerFault::Login(_)));
    let none = fault(ask(Err("the environment variable X is not set")));
    assert!(matches!(none, ServerFault::NoPassword(why) if why.contains('X')));
    let mut silent = user.server(Ok(""));
    silent.password = None;
    let silent = fault(Postgres::new(silent).position());
    assert!(matches!(silent, ServerFault::Login(_)), "{silent:?}");
    let mut nowhere = database.server();
    nowhere.url.database = Some("no_such_database".to_owned());
    let nowhere = fault(Postgres::new(nowhere).position());
    assert!(matches!(nowhere, ServerFault::Login(_)), "{nowhere:?}");
}

#[test]
#[ignore = "needs a PostgreSQL server: WEIR_POSTGRES"]
fn one_who_may_only_read_reads_and_sees_who_polls() {
    let database = Database::new();
    let user = User::new(&database);
    let early = fault(Postgres::new(user.server(Ok(SECRET))).position());
    assert_eq!(early, ServerFault::Older { found: 0, known: 2 });
    append(&mut *database.open(), &page(1, 2));
    let closed = fault(Postgres::new(user.server(Ok(SECRET))).position());
    assert!(matches!(closed, ServerFault::NotAllowed(_)), "{closed:?}");

    let granted = format!(
        "GRANT USAGE ON SCHEMA weir TO {0}; GRANT SELECT ON ALL TABLES IN SCHEMA weir TO {0}",
        user.name
    );
    execute(database.name(), &[&granted]);
    let mut reader = Postgres::new(user.server(Ok(SECRET)));
    assert_eq!(read(&mut reader, Position(0)).len(), 2);
    let refused = fault(reader.append(&page(2, 1)));
    assert!(matches!(refused, ServerFault::NotAllowed(_)), "{refused:?}");

    within(async {
        let (tracker, nothing) = (source("tracker"), Report::default());
        let own = PostgresLeases::new(user.server(Ok(SECRET)), Owner::new("reader", 1, 1));
        let free = own.take(&tracker, Duration::ZERO, &nothing).await;
        assert_eq!(free, Ok(Lease::Nobodys(Report::default())));
        let collector = Owner::new("collector", 1, 1);
        let held = database.leases(&collector);
        let held = held.take(&tracker, Duration::ZERO, &nothing).await;
        assert_eq!(held, Ok(Lease::Mine));
        let seen = own.take(&tracker, Duration::ZERO, &nothing).await;
        assert!(matches!(seen, Ok(Lease::Theirs { owner, .. }) if owner == collector));
    });
}

/// Whether the sessions of a database are protected.
fn is_protected(database: &Database) -> String {
    let ask = format!(
        "SELECT string_agg(DISTINCT ssl::text, ' ') FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
         WHERE datname = '{}' AND application_name = 'weir'",
        database.name()
    );
    answer("postgres", &ask)
}

#[test]
#[ignore = "needs a PostgreSQL server: WEIR_POSTGRES"]
fn a_connection_is_protected_as_it_is_asked_for() {
    let authority = std::env::var_os("WEIR_POSTGRES_CA").map(PathBuf::from);
    let authority = authority.expect("WEIR_POSTGRES_CA, the server's authority");
    let database = Database::new();
    let open = |host: &str, tls, ca_file: Option<&PathBuf>| {
        let server = database.server();
        let mut history = Postgres::new(Server {
            url: ServerUrl {
                host: ServerHost::Network(host.to_owned()),
                tls,
                ..server.url
            },
            password: None,
            ca_file: ca_file.cloned(),
        });
        history.position().map(|_| {
            let protected = is_protected(&database);
            drop(history);
            protected
        })
    };
    let (here, named) = ("127.0.0.1", "localhost");
    let (yes, no) = (Ok("true".to_owned()), Ok("false".to_owned()));
    let ca = Some(&authority);
    assert_eq!(open(here, None, None), yes, "as the server offers it");
    assert_eq!(open(here, Some(TlsMode::Disable), None), no);
    assert_eq!(open(here, Some(TlsMode::Prefer), None), yes);
    assert_eq!(open(here, Some(TlsMode::Require), None), yes);
    assert_eq!(open(here, Some(TlsMode::Require), ca), yes);
    assert_eq!(open(here, Some(TlsMode::VerifyCa), ca), yes);
    assert_eq!(open(named, Some(TlsMode::VerifyFull), ca), yes);
    assert_eq!(open(named, None, ca), yes);
    let other = tempfile::NamedTempFile::new().expect("a file");
    let empty = other.path().to_owned();
    let unsafe_ones = [
        open(here, None, ca),
        open(here, Some(TlsMode::VerifyFull), ca),
        open(named, Some(TlsMode::VerifyFull), None),
        open(named, Some(TlsMode::VerifyCa), None),
        open(named, None, Some(&empty)),
        open(named, None, Some(&PathBuf::from("/no/such/file.pem"))),
    ];
    for refused in unsafe_ones {
        let fault = fault(refused);
        assert!(matches!(fault, ServerFault::Tls(_)), "{fault:?}");
    }
}

#[test]
#[ignore = "needs a PostgreSQL server: WEIR_POSTGRES"]
fn a_session_that_was_cut_is_opened_again() {
    let database = Database::new();
    let mut history = database.open();
    append(&mut *history, &page(1, 1));
    let cut = format!(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
         WHERE datname = '{}' AND application_name = 'weir'",
        database.name()
    );
    for round in 2..12 {
        assert_eq!(answer("postgres", &cut), "1");
        let kept = history.append(&page(round, 1));
        // It may have been noticed only by asking; then it is said, and goes on.
        if let Err(error) = kept {
            assert!(error.is_passing(), "{error}");
            append(&mut *history, &page(round, 1));
        }
    }
    assert_eq!(read(&mut *history, Position(0)).len(), 11);
}

#[test]
#[ignore = "needs a PostgreSQL server: WEIR_POSTGRES"]
fn a_server_that_is_not_there_is_a_state_that_passes() {
    let database = Database::new();
    let mut server = database.server();
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    server.url.port = free.local_addr().expect("a port").port();
    drop(free);
    let error = Postgres::new(server).position().unwrap_err();
    assert!(error.is_passing(), "{error:?}");
    assert!(matches!(
        fault::<()>(Err(error)),
        ServerFault::Unreachable(_)
    ));
}

#[test]
#[ignore = "needs a PostgreSQL server: WEIR_POSTGRES"]
fn whoever_listens_hears_of_a_change_at_once() {
    let database = Database::new();
    let mut history = database.open();
    let one = history.append(&page(1, 1)).expect("an append");
    assert_eq!(one.position, Position(1));
    let (tell, told) = std::sync::mpsc::channel();
    let leases = database.leases(&Owner::new("listener", 1, 1));
    let listener = std::thread::spawn(move || {
        within(async {
            // The first word is that it listens now.
            leases.news().await;
            tell.send(()).expect("somebody waits");
            let begun = std::time::Instant::now();
            leases.news().await;
            begun.elapsed()
        })
    });
    told.recv().expect("it listens");
    append(&mut *history, &page(2, 1));
    let waited = listener.join().expect("it heard");
    assert!(
        waited < Duration::from_secs(4),
        "{waited:?}: only the fallback"
    );
}
