//! Servers that go away, and collectors that are asked to end.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::kills::{desk, until};
use crate::program::{Desk, WEIR};
use crate::server::{Database, Gate};
use crate::terminal::Terminal;
use crate::tracker::Tracker;

const SOON: Duration = Duration::from_secs(30);
const KEY: &[(&str, &str)] = &[("REDMINE_KEY", "correct-horse-battery-staple")];

/// A collector, and what it says.
struct Collector {
    child: Child,
    said: Arc<Mutex<Vec<String>>>,
}

impl Collector {
    fn start(desk: &Desk) -> Self {
        let mut command = desk.command(&["collect"]);
        command.envs(KEY.iter().copied()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        let said: Arc<Mutex<Vec<String>>> = Arc::default();
        let (heard, out) = (Arc::clone(&said), child.stderr.take().expect("its voice"));
        thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                heard.lock().expect("no thread panicked").push(line);
            }
        });
        Self { child, said }
    }

    fn says(&self, text: &str) {
        until(text, SOON, || self.has_said(text));
    }

    fn has_said(&self, text: &str) -> bool {
        let said = self.said.lock().expect("no thread panicked");
        said.iter().any(|line| line.contains(text))
    }

    fn forget(&self) {
        self.said.lock().expect("no thread panicked").clear();
    }

    /// Asks it to end, and says with which code it did.
    fn end(mut self, signal: Signal) -> Option<i32> {
        let process = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        kill_process(process.expect("a process"), signal).expect("asked");
        until("it ends", SOON, || {
            self.child.try_wait().expect("it can be asked").is_some()
        });
        self.child.wait().expect("it ended").code()
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
#[ignore = "needs a PostgreSQL server: WEIR_POSTGRES"]
fn a_server_that_is_down_at_first_or_in_between_is_waited_for() {
    let (database, gate, tracker) = (Database::new(), Gate::shut(), Tracker::new(20));
    let desk = desk(&tracker, &database.url(gate.port()));
    let collector = Collector::start(&desk);
    collector.says("cannot be reached");
    let mut dashboard = Terminal::start(&desk, (120, 40), &[WEIR, "--offline"], KEY);
    dashboard.shows("cannot be reached");
    assert_eq!(tracker.last(), None, "nobody polls what cannot be kept");

    gate.set(true);
    collector.says("polls it now");
    until("all is kept", SOON, || {
        database.moves().expect("a history") == tracker.truth()
    });
    dashboard.keys("s");
    dashboard.shows("polled by");

    gate.set(false);
    collector.forget();
    collector.says("cannot be reached");
    tracker.add(3);
    gate.set(true);
    until("all is kept", SOON, || {
        database.moves().expect("a history") == tracker.truth()
    });
    dashboard.shows("polled by");
    assert_eq!(collector.end(Signal::TERM), Some(0));
    dashboard.shows("nobody polls it");
}

#[test]
#[ignore = "needs a PostgreSQL server: WEIR_POSTGRES"]
fn a_collector_that_ends_leaves_its_sources_to_the_next_at_once() {
    let (database, tracker) = (Database::new(), Tracker::new(20));
    let desk = desk(&tracker, &database.url(Database::port()));
    for signal in [Signal::TERM, Signal::INT] {
        let first = Collector::start(&desk);
        first.says("polls it now");
        let second = Collector::start(&desk);
        second.says("standing by");
        let said = desk.run_with(&["sync"], KEY);
        assert_eq!(said.code, Some(0), "{said:?}");
        assert!(
            said.err.contains("polls it and keeps it up to date"),
            "{said:?}"
        );
        let said = desk.run_with(&["sync", "--full"], KEY).failed(3);
        assert!(said.contains("Stop that one first"), "{said}");
        assert_eq!(first.end(signal), Some(0));
        let taken = until("the next polls", SOON, || second.has_said("polls it now"));
        assert!(taken < Duration::from_secs(4), "{taken:?}");
        assert_eq!(second.end(signal), Some(0));
    }
}

#[test]
#[ignore = "needs a PostgreSQL server: WEIR_POSTGRES"]
fn a_dashboard_polls_where_nobody_does_and_a_file_can_be_collected_too() {
    let (database, tracker) = (Database::new(), Tracker::new(20));
    for history in [database.url(Database::port()), "sqlite:weir.db".to_owned()] {
        let desk = desk(&tracker, &history);
        let mut dashboard = Terminal::start(&desk, (120, 40), &[WEIR], KEY);
        dashboard.shows("? help");
        dashboard.keys("s");
        dashboard.shows("last read");
        let collector = Collector::start(&desk);
        collector.says("standing by");
        dashboard.keys("q");
        assert_eq!(dashboard.ends(), 0);
        collector.says("polls it now");
        assert_eq!(collector.end(Signal::INT), Some(0));
    }
}

#[test]
#[ignore = "needs a PostgreSQL server: WEIR_POSTGRES"]
fn doctor_says_who_polls_and_what_is_wrong() {
    let (database, tracker) = (Database::new(), Tracker::new(20));
    let desk = desk(&tracker, &database.url(Database::port()));
    let collector = Collector::start(&desk);
    collector.says("read 20 items");
    let said = desk.run_with(&["doctor"], KEY);
    assert!(said.out.contains("history: polled by"), "{said:?}");
    collector.says("read 20 items");
    assert_eq!(collector.end(Signal::INT), Some(0));
    let said = desk.run_with(&["doctor"], KEY);
    assert!(said.out.contains("nobody polls it"), "{said:?}");

    let config = desk.read("weir.toml").replace("weir@127", "nobody@127");
    desk.write("weir.toml", config);
    let said = desk.run_with(&["doctor"], KEY);
    assert_eq!(said.code, Some(4), "{said:?}");
    assert!(said.out.contains("does not let weir in"), "{said:?}");
    let refused = desk.run_with(&["collect"], KEY).failed(4);
    assert!(refused.contains("does not let weir in"), "{refused}");
}
