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
    Ahead(Ahead),
}

/// What the threads have read.
#[derive(Debug)]
struct Ahead {
    full: Receiver<(u64, io::Result<Piece>)>,
    empty: SyncSender<Piece>,
    /// Pieces that came before their turn.
    early: BTreeMap<u64, io::Result<Piece>>,
    next: u64,
}

/// What the threads share: whose turn it is to read.
struct Turn {
    file: Input,
    piece: usize,
    spare: Receiver<Piece>,
    next: u64,
    over: bool,
}

impl Pieces {
    /// Starts reading where `file` stands, `rest` bytes before its end.
    pub(super) fn start(file: Input, rest: u64, scanner: Option<&Scanner>, sizes: Sizes) -> Self {
        let rest = if rest < sizes.worth_threads {
            Rest::Short(file)
        } else {
            Rest::Ahead(Ahead::start(file, scanner, sizes.piece))
        };
        Self {
            rest,
            sizes,
            carried: Vec::new(),
        }
    }

    /// The piece after `done`, of which the bytes from `unread` on come first in it.
    pub(super) fn after(&mut self, mut done: Piece, unread: usize) -> io::Result<Piece> {
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
        let threads = if scanner.is_some() {
            cores.min(THREADS)
        } else {
            1
        };
        let (sender, full) = sync_channel(threads * AHEAD);
        let (empty, spare) = sync_channel(threads * AHEAD);
        for _ in 0..threads * AHEAD {
            let _ = empty.try_send(Piece::default());
        }
        let turn = Arc::new(Mutex::new(Turn {
            file,
            piece,
            spare,
            next: 0,
            over: false,
        }));
        for _ in 0..threads {
            let (turn, sender, scanner) = (Arc::clone(&turn), sender.clone(), scanner.cloned());
            spawn(move || read_ahead(&turn, scanner, &sender));
        }
        Self {
            full,
            empty,
            early: BTreeMap::new(),
            next: 0,
        }
    }

    fn after(&mut self, done: Piece) -> io::Result<Piece> {
        let _ = self.empty.try_send(done);
        let wanted = self.next;
        self.next += 1;
        loop {
            if let Some(piece) = self.early.remove(&wanted) {
                return piece;
            }
            let cut = |_| io::Error::other("reading ended early");
            let (at, piece) = self.full.recv().map_err(cut)?;
            self.early.insert(at, piece);
        }
    }
}

/// Reads and scans pieces until there are none left or nobody wants them any more.
fn read_ahead(
    turn: &Mutex<Turn>,
    mut scanner: Option<Scanner>,
    sender: &SyncSender<(u64, io::Result<Piece>)>,
) {
    while let Some((at, read)) = read_next(turn) {
        let scanned = read.map(|mut piece| {
            piece.is_scanned = false;
            if let Some(scanner) = &mut scanner {
                piece.scan(scanner);
            }
            piece
        });
        if sender.send((at, scanned)).is_err() {
            return;
        }
    }
}

fn read_next(turn: &Mutex<Turn>) -> Option<(u64, io::Result<Piece>)> {
    let mut turn = turn.lock().ok()?;
    if turn.over {
        return None;
    }
    let mut piece = turn.spare.recv().ok()?;
    let most = turn.piece;
    let filled = piece.fill(&mut turn.file, most);
    let at = turn.next;
    turn.next += 1;
    turn.over = filled.is_err() || piece.last;
    Some((at, filled.map(|()| piece)))
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
