//! Two collectors that are killed again and again while three dashboards look on.

use std::collections::HashSet;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::program::{Desk, WEIR};
use crate::server::Database;
use crate::terminal::{ENTER, Terminal};
use crate::tracker::Tracker;

const KILLS: u32 = 20;
/// Another takes over within this.
const SECONDS: Duration = Duration::from_secs(12);

/// A collector that does not outlive its test, known to the tracker by its own key.
struct Collector {
    child: Child,
    key: String,
}

impl Collector {
    fn start(desk: &Desk, number: u32) -> Self {
        let key = format!("collector-{number}");
        let mut command = desk.command(&["collect"]);
        command.env("REDMINE_KEY", &key).stderr(Stdio::null());
        Self {
            child: command.spawn().expect("it starts"),
            key,
        }
    }

    fn kill(&mut self) {
        let ended = self.child.try_wait().expect("it can be asked");
        assert!(ended.is_none(), "{} ended by itself: {ended:?}", self.key);
        self.child.kill().expect("killed");
        self.child.wait().expect("dead");
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn desk(tracker: &Tracker, history: &str) -> Desk {
    let desk = Desk::new();
    let config = format!(
        "[history]\nurl = \"{history}\"\n\n[[sources]]\nname = \"tracker\"\nkind = \"redmine\"\n\
         url = \"{}\"\ntoken = {{ env = \"REDMINE_KEY\" }}\npoll = \"5s\"\n",
        tracker.url()
    );
    desk.write("weir.toml", config);
    desk
}

/// Waits until something holds.
pub(crate) fn until(what: &str, within: Duration, mut holds: impl FnMut() -> bool) -> Duration {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < within, "not within {within:?}: {what}");
        thread::sleep(Duration::from_millis(20));
    }
    begun.elapsed()
}

fn dashboard(desk: &Desk, number: u32) -> Terminal {
    let key = format!("dashboard-{number}");
    let mut terminal = Terminal::start(desk, (120, 40), &[WEIR], &[("REDMINE_KEY", &key)]);
    terminal.shows("? help");
    terminal
}

#[test]
#[ignore = "needs a PostgreSQL server: WEIR_POSTGRES"]
fn collectors_that_are_killed_lose_nothing_double_nothing_and_never_poll_together() {
    let database = Database::new();
    let tracker = Tracker::new(200);
    let desk = desk(&tracker, &database.url(Database::port()));
    let mut random = ChaCha8Rng::seed_from_u64(6);
    let mut collectors = [Collector::start(&desk, 0), Collector::start(&desk, 1)];
    until("somebody polls", SECONDS, || tracker.last().is_some());
    let mut dashboards: Vec<Terminal> = (0..3).map(|at| dashboard(&desk, at)).collect();
    let mut longest = Duration::ZERO;
    let mut holders_killed = 0;

    for kill in 0..KILLS {
        tracker.add(5);
        tracker.shift(7);
        thread::sleep(Duration::from_millis(random.next_u64() % 5_500));
        let victim = &mut collectors[(random.next_u32() % 2) as usize];
        let held = tracker.last().as_ref() == Some(&victim.key);
        victim.kill();
        let dead = std::mem::replace(victim, Collector::start(&desk, kill + 2))
            .key
            .clone();
        if held {
            holders_killed += 1;
            let taken = until("another takes over", SECONDS, || {
                tracker.last().is_some_and(|last| last != dead)
            });
            longest = longest.max(taken);
        }
    }
    assert!(holders_killed >= 5, "only {holders_killed} held a lease");
    println!("{holders_killed} of {KILLS} held the lease; taken over within {longest:?}");

    tracker.add(1);
    let last = format!("ticket {}", tracker.truth().len());
    until("all is kept", Duration::from_secs(60), || {
        database.moves().expect("a history") == tracker.truth()
    });
    for dashboard in &mut dashboards {
        // Of the newest ticket it can only know by following.
        dashboard.keys(&format!("/\"{last}\""));
        dashboard.shows("1 items pass");
        dashboard.keys(ENTER);
        dashboard.shows("? help");
        dashboard.keys("s");
        dashboard.shows("polled by");
    }
    let turns = tracker.turns();
    let asked: HashSet<&String> = turns.iter().map(|(who, ..)| who).collect();
    assert_eq!(asked.len(), turns.len(), "two polled in turns: {turns:#?}");
    assert!(
        asked.iter().all(|who| who.starts_with("collector-")),
        "{asked:?}"
    );
}
