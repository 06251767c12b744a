//! A process that is killed in the middle of a sync loses nothing it has acknowledged, doubles
//! nothing and leaves nothing half done.
//!
//! The child is this same program, started again for [`child`]. It appends batch after batch and
//! says on its standard output which one it has kept; the parent kills it at a random instant,
//! looks at what is left, and starts the next one on the same file.
//! `WEIR_CRASH_KILLS=500 cargo test --test crash` kills more often.

use std::collections::BTreeMap;
use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use weir::history::{History, Position, Sqlite};
use weir::model::batch::{Batch, Cursor, ItemHistory, StatusName};
use weir::model::event::{Change, Event, fact};
use weir::model::id::SourceName;
use weir::model::time::Millis;

const FILE: &str = "WEIR_CRASH_FILE";
const KILLS: &str = "WEIR_CRASH_KILLS";
/// Kills of a run that asks for no other number.
const USUAL_KILLS: u64 = 60;
/// Kills that one history has to live through.
const KILLS_OF_A_FILE: u64 = 30;
/// Batches that are acknowledged before a kill, at most.
const MOST_ACKNOWLEDGED: u64 = 25;
/// Begins a line in which the child acknowledges a batch; the test harness writes lines too.
const KEPT: &str = "kept ";

type Failure = Box<dyn std::error::Error>;
type Events = BTreeMap<String, Event>;

#[test]
fn a_kill_at_any_instant_loses_nothing_and_doubles_nothing() -> Result<(), Failure> {
    let kills = env::var(KILLS).map_or(Ok(USUAL_KILLS), |kills| kills.parse())?;
    for seed in 0..kills.div_ceil(KILLS_OF_A_FILE) {
        killed_again_and_again(seed)?;
    }
    Ok(())
}

fn killed_again_and_again(seed: u64) -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("weir.db");
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut kept = None;
    for _ in 0..KILLS_OF_A_FILE {
        let wanted = 1 + random.next_u64() % MOST_ACKNOWLEDGED;
        let then = Duration::from_micros(random.next_u64() % 4_000);
        let acknowledged = killed(&path, wanted, then)?;
        kept = left_whole(&path, acknowledged.max(kept))?;
    }
    let last = kept.ok_or("not one batch in the whole test")? + 50;
    assert_eq!(gone_on_to(&path, last)?, uninterrupted(last)?);
    Ok(())
}

#[test]
fn a_kill_while_the_history_is_made_leaves_one_that_opens() -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let mut random = ChaCha8Rng::seed_from_u64(2027);
    for round in 0..20 {
        let path = folder.path().join(format!("{round}/weir.db"));
        // About as long as the child takes to start and to append its first batch.
        let then = Duration::from_micros(random.next_u64() % 30_000);
        let acknowledged = killed(&path, 0, then)?;
        left_whole(&path, acknowledged)?;
    }
    Ok(())
}

#[test]
fn another_process_reads_whole_batches_meanwhile() -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("weir.db");
    let (mut child, mut lines) = started(&path)?;
    let mut read = acknowledged(&mut lines)?;
    let mut reader = Sqlite::open_read_only(&path)?;
    while read < Some(30) {
        let mut items = Vec::new();
        let Position(position) = reader.read(Position(0), &mut |_, item| items.push(item))?;
        // Every batch renames a status, so every batch is a change.
        read = position.checked_sub(1);
        assert_eq!(items, plain(read).items);
    }
    kill_after(&mut child, Duration::ZERO)?;
    drop(lines);
    Ok(())
}

/// Appends batches for ever, each after the one that the cursor names, and that one once more, as
/// a connector does that reads a page again.
#[test]
#[ignore = "the child of the tests above"]
fn child() -> Result<(), Failure> {
    let Some(path) = env::var_os(FILE) else {
        return Ok(());
    };
    let mut history = Sqlite::open(Path::new(&path))?;
    let mut out = std::io::stdout();
    for number in cursor(&mut history)?.unwrap_or(0).. {
        history.append(&batch(number))?;
        writeln!(out, "{KEPT}{number}")?;
        out.flush()?;
    }
    Ok(())
}

type Lines = std::io::Lines<BufReader<ChildStdout>>;

fn started(path: &Path) -> Result<(Child, Lines), Failure> {
    let mut child = Command::new(env::current_exe()?)
        .args(["--ignored", "--exact", "child", "--nocapture"])
        .env(FILE, path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let out = child.stdout.take().ok_or("no output")?;
    Ok((child, BufReader::new(out).lines()))
}

/// Starts a child, kills it some time after it has acknowledged `wanted` batches, and returns the
/// last one it acknowledged.
fn killed(path: &Path, wanted: u64, then: Duration) -> Result<Option<u64>, Failure> {
    let (mut child, mut lines) = started(path)?;
    let mut last = None;
    for _ in 0..wanted {
        last = acknowledged(&mut lines)?;
    }
    kill_after(&mut child, then)?;
    // What it managed to say before it died counts too.
    while let Some(number) = acknowledged(&mut lines)? {
        last = Some(number);
    }
    Ok(last)
}

/// The next acknowledgement; a line that was cut off by the kill is none.
fn acknowledged(lines: &mut Lines) -> Result<Option<u64>, Failure> {
    for line in lines {
        let line = line?;
        // The harness leaves the name of the test in front of the first line.
        if let Some((_, number)) = line.split_once(KEPT) {
            return Ok(Some(number.parse()?));
        }
    }
    Ok(None)
}

/// Waits without giving the processor away, as instants of less than a millisecond matter here.
fn kill_after(child: &mut Child, then: Duration) -> Result<(), Failure> {
    let start = Instant::now();
    while start.elapsed() < then {
        std::hint::spin_loop();
    }
    if let Some(ended) = child.try_wait()? {
        return Err(format!("the child ended by itself: {ended}").into());
    }
    child.kill()?;
    child.wait()?;
    Ok(())
}

/// Makes sure that the history is exactly that of all batches up to its cursor, which is at least
/// `acknowledged`. Returns the cursor.
fn left_whole(path: &Path, acknowledged: Option<u64>) -> Result<Option<u64>, Failure> {
    let mut history = Sqlite::open(path)?;
    history.check()?;
    let kept = cursor(&mut history)?;
    assert!(
        kept >= acknowledged,
        "{acknowledged:?} was lost, {kept:?} is left"
    );
    assert_eq!(everything(&mut history)?, plain(kept));
    Ok(kept)
}

fn gone_on_to(path: &Path, last: u64) -> Result<Whole, Failure> {
    let mut history = Sqlite::open(path)?;
    for number in cursor(&mut history)?.unwrap_or(0)..=last {
        history.append(&batch(number))?;
    }
    everything(&mut history)
}

fn uninterrupted(last: u64) -> Result<Whole, Failure> {
    let mut history = Sqlite::in_memory()?;
    for number in 0..=last {
        history.append(&batch(number))?;
    }
    everything(&mut history)
}

/// All that a history holds; items and statuses in its own order.
#[derive(Debug, PartialEq)]
struct Whole {
    items: Vec<ItemHistory>,
    statuses: Vec<StatusName>,
    cursor: Option<u64>,
}

fn everything(history: &mut Sqlite) -> Result<Whole, Failure> {
    let mut items = Vec::new();
    history.read(Position(0), &mut |_, item| items.push(item))?;
    Ok(Whole {
        items,
        statuses: history.statuses(&source())?,
        cursor: cursor(history)?,
    })
}

fn cursor(history: &mut Sqlite) -> Result<Option<u64>, Failure> {
    let cursor = history.cursor(&source())?;
    Ok(cursor.map(|Cursor(text)| text.parse()).transpose()?)
}

/// What the batches up to `last` come to, without a history.
fn plain(last: Option<u64>) -> Whole {
    let mut items: Vec<(String, Events)> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut statuses = Vec::new();
    for batch in (0..last.map_or(0, |last| last + 1)).map(batch) {
        statuses = batch.statuses;
        for told in batch.items {
            let at = *places.entry(told.item.clone()).or_insert(items.len());
            if at == items.len() {
                items.push((told.item, Events::new()));
            } else if told.replace {
                items[at].1.clear();
            }
            let events = told.events.into_iter();
            items[at]
                .1
                .extend(events.map(|event| (event.id.clone(), event)));
        }
    }
    Whole {
        items: items.into_iter().map(in_order).collect(),
        statuses,
        cursor: last,
    }
}

fn in_order((item, events): (String, Events)) -> ItemHistory {
    let mut events: Vec<Event> = events.into_values().collect();
    events.sort_by_key(|event| event.seq);
    ItemHistory {
        item,
        replace: true,
        events,
    }
}

fn source() -> SourceName {
    SourceName::new("tracker")
}

/// The batch of a number: twenty new items, more about older ones, one item told anew as a whole,
/// and the statuses, of which one has a new name each time. Always the same for the same number.
fn batch(number: u64) -> Batch {
    let new = (0..20).map(|at| item(number * 20 + at, number, 4));
    let older = (0..10).map(|at| item(number * at, number, 2));
    let again = ItemHistory {
        replace: true,
        ..item(number * 7, number, 3)
    };
    let status = |id: u64| StatusName {
        id: id.to_string(),
        name: format!("Status {id} of {number}"),
    };
    Batch {
        source: source(),
        statuses: (0..2).map(status).collect(),
        items: new.chain(older).chain([again]).collect(),
        cursor: Some(Cursor(number.to_string())),
    }
}

fn item(item: u64, number: u64, events: u64) -> ItemHistory {
    let event = |index: u64| {
        let seq = number * 10 + index;
        let change = if index == 0 {
            title(item, number)
        } else {
            Change::Moved {
                to: (index % 3).to_string(),
            }
        };
        Event {
            id: format!("{number}-{index}"),
            at: Millis(i64::try_from(seq).unwrap_or(i64::MAX)),
            seq,
            approximate: false,
            change,
        }
    };
    ItemHistory {
        item: item.to_string(),
        replace: false,
        events: (0..events).map(event).collect(),
    }
}

fn title(item: u64, number: u64) -> Change {
    Change::Set {
        fact: fact::TITLE.into(),
        old: None,
        new: Some(format!(
            "Item {item} {}",
            "as it is called now ".repeat((number % 40) as usize)
        )),
    }
}
