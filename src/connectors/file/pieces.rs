//! Reads a file piece by piece, ahead of whoever takes them; where its rows allow it several
//! threads scan pieces at once.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::{available_parallelism, spawn};

use super::input::Input;
use super::scan::{Scanned, Scanner};

/// Room before each read for the record that the last one cut.
const ROOM: usize = 64 * 1024;
/// More threads than this wait for the one that takes the rows.
const THREADS: usize = 4;
/// Pieces on the way for each thread.
const AHEAD: usize = 2;

/// How a file is cut.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes {
    /// Bytes from which on threads are worth their start.
    pub(super) worth_threads: u64,
    /// Bytes of one piece. Larger ones fall out of the processor's cache.
    pub(super) piece: usize,
}

impl Default for Sizes {
    fn default() -> Self {
        Self {
            worth_threads: 1024 * 1024,
            piece: 256 * 1024,
        }
    }
}

/// A piece of a file.
#[derive(Debug, Default)]
pub(super) struct Piece {
    bytes: Vec<u8>,
    start: usize,
    /// Where its own bytes begin.
    own: usize,
    end: usize,
    /// Whether the file ends with it.
    pub(super) last: bool,
    scanned: Scanned,
    is_scanned: bool,
    /// Whether items were seen to return before it.
    returning: bool,
}

impl Piece {
    /// These bytes.
    pub(super) fn whole(bytes: Vec<u8>, last: bool) -> Self {
        Self {
            end: bytes.len(),
            bytes,
            last,
            ..Self::default()
        }
    }

    /// What was carried over, then its own bytes.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }

    /// Its own bytes.
    pub(super) fn own(&self) -> &[u8] {
        &self.bytes[self.own..self.end]
    }

    /// How many bytes were carried over.
    pub(super) fn carried(&self) -> usize {
        self.own - self.start
    }

    /// The scan of its own bytes, if there was one.
    pub(super) fn scanned(&self) -> Option<&Scanned> {
        self.is_scanned.then_some(&self.scanned)
    }

    /// Puts bytes before its own.
    fn prepend(&mut self, carried: &[u8]) {
        if carried.len() <= self.own {
            self.start = self.own - carried.len();
            self.bytes[self.start..self.own].copy_from_slice(carried);
        } else {
            self.bytes = [carried, self.own()].concat();
            (self.start, self.own, self.end) = (0, carried.len(), self.bytes.len());
        }
    }

    /// Reads its own bytes anew.
    fn fill(&mut self, file: &mut Input, most: usize) -> io::Result<()> {
        self.bytes.resize(ROOM + most, 0);
        let read = read_full(file, &mut self.bytes[ROOM..])?;
        (self.start, self.own, self.end) = (ROOM, ROOM, ROOM + read);
        self.last = read < most;
        Ok(())
    }

    fn scan(&mut self, scanner: &mut Scanner) {
        let own = &self.bytes[self.own..self.end];
        scanner.expect_returning(self.returning);
        self.is_scanned = scanner.scan(own, self.last, &mut self.scanned);
    }
}

/// The rest of a file in pieces, in order.
#[derive(Debug)]
pub(super) struct Pieces {
    rest: Rest,
    sizes: Sizes,
    carried: Vec<u8>,
}

#[derive(Debug)]
enum Rest {
    /// Not worth a thread.
    Short(Input),
    Ahead(Box<Ahead>),
}

/// What the threads have read. Whoever takes the pieces scans too where the next is not there yet.
#[derive(Debug)]
struct Ahead {
    turn: Arc<Mutex<Turn>>,
    scanner: Option<Scanner>,
    full: Receiver<Numbered>,
    empty: SyncSender<Piece>,
    spare: Spare,
    /// Pieces that came before their turn.
    early: BTreeMap<u64, io::Result<Piece>>,
    next: u64,
}

/// A piece with its place among all.
type Numbered = (u64, io::Result<Piece>);

/// Pieces to be read into.
type Spare = Arc<Mutex<Receiver<Piece>>>;

/// Whose turn it is to read. Nobody waits for anything else meanwhile.
#[derive(Debug)]
struct Turn {
    file: Input,
    piece: usize,
    next: u64,
    over: bool,
}

impl Pieces {
    /// Starts reading where `file` stands, `rest` bytes before its end.
    pub(super) fn start(file: Input, rest: u64, scanner: Option<&Scanner>, sizes: Sizes) -> Self {
        let rest = if rest < sizes.worth_threads {
            Rest::Short(file)
        } else {
            Rest::Ahead(Box::new(Ahead::start(file, scanner, sizes.piece)))
        };
        Self {
            rest,
            sizes,
            carried: Vec::new(),
        }
    }

    /// The piece after `done`, of which the bytes from `unread` on come first in it. `returning`
    /// says whether items were seen to return.
    pub(super) fn after(
        &mut self,
        mut done: Piece,
        unread: usize,
        returning: bool,
    ) -> io::Result<Piece> {
        done.returning = returning;
        self.carried.clear();
        self.carried.extend_from_slice(&done.bytes()[unread..]);
        let mut next = match &mut self.rest {
            Rest::Short(file) => {
                done.fill(file, self.sizes.piece)?;
                done
            }
            Rest::Ahead(ahead) => ahead.after(done)?,
        };
        next.prepend(&self.carried);
        Ok(next)
    }
}

impl Ahead {
    fn start(file: Input, scanner: Option<&Scanner>, piece: usize) -> Self {
        let cores = available_parallelism().map_or(1, usize::from);
        // The one that takes the pieces scans with them.
        let others = cores.min(THREADS) - 1;
        let threads = scanner.map_or(1, |_| others.max(1));
        let ahead = (threads + 1) * AHEAD;
        let (sender, full) = sync_channel(ahead);
        let (empty, spare) = sync_channel(ahead);
        for _ in 0..ahead {
            let _ = empty.try_send(Piece::default());
        }
        let turn = Arc::new(Mutex::new(Turn {
            file,
            piece,
            next: 0,
            over: false,
        }));
        let spare = Arc::new(Mutex::new(spare));
        for _ in 0..threads {
            let (turn, spare) = (Arc::clone(&turn), Arc::clone(&spare));
            let (sender, scanner) = (sender.clone(), scanner.cloned());
            spawn(move || read_ahead((&turn, &spare), scanner, &sender));
        }
        Self {
            turn,
            scanner: scanner.cloned(),
            full,
            empty,
            spare,
            early: BTreeMap::new(),
            next: 0,
        }
    }

    fn after(&mut self, done: Piece) -> io::Result<Piece> {
        let _ = self.empty.try_send(done);
        let wanted = self.next;
        self.next += 1;
        loop {
            self.early.extend(self.full.try_iter());
            if let Some(piece) = self.early.remove(&wanted) {
                return piece;
            }
            let cut = |_| io::Error::other("reading ended early");
            let own = self.help().map(Ok);
            let (at, piece) = own.unwrap_or_else(|| self.full.recv()).map_err(cut)?;
            self.early.insert(at, piece);
        }
    }

    /// Scans a piece itself, if there is one left and room for it.
    fn help(&mut self) -> Option<Numbered> {
        let scanner = self.scanner.as_mut()?;
        let spare = self.spare.try_lock().ok()?.try_recv().ok()?;
        let read = read(&self.turn, spare)?;
        Some(scanned(read, Some(scanner)))
    }
}

/// Reads and scans pieces until there are none left or nobody wants them any more.
fn read_ahead(
    (turn, spare): (&Mutex<Turn>, &Mutex<Receiver<Piece>>),
    mut scanner: Option<Scanner>,
    sender: &SyncSender<Numbered>,
) {
    let next_spare = || spare.lock().ok()?.recv().ok();
    while let Some(read) = next_spare().and_then(|spare| read(turn, spare)) {
        if sender.send(scanned(read, scanner.as_mut())).is_err() {
            return;
        }
    }
}

/// Reads the next piece, if there is one left.
fn read(turn: &Mutex<Turn>, mut piece: Piece) -> Option<Numbered> {
    let mut turn = turn.lock().ok()?;
    if turn.over {
        return None;
    }
    let size = turn.piece;
    let filled = piece.fill(&mut turn.file, size);
    let at = turn.next;
    turn.next += 1;
    turn.over = filled.is_err() || piece.last;
    Some((at, filled.map(|()| piece)))
}

fn scanned((at, read): Numbered, scanner: Option<&mut Scanner>) -> Numbered {
    let scanned = read.map(|mut piece| {
        piece.is_scanned = false;
        if let Some(scanner) = scanner {
            piece.scan(scanner);
        }
        piece
    });
    (at, scanned)
}

/// Fills the buffer as far as the file goes.
pub(super) fn read_full(file: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
