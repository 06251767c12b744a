//! Reads a file through a few reused buffers, one step ahead of whoever splits it.

use std::fs::File;
use std::io::{self, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Bytes of one read. Larger buffers fall out of the processor's cache.
const CHUNK: usize = 512 * 1024;
/// Room before each read for the record that the last one cut.
const ROOM: usize = 64 * 1024;
/// Buffers on the way at once.
const BUFFERS: usize = 3;

/// A piece of a file.
#[derive(Debug)]
pub(super) struct Chunk {
    bytes: Vec<u8>,
    start: usize,
    end: usize,
    /// Whether the file ends with it.
    pub(super) last: bool,
}

impl Chunk {
    /// All there is of a file.
    pub(super) fn whole(bytes: Vec<u8>, last: bool) -> Self {
        Self {
            start: 0,
            end: bytes.len(),
            bytes,
            last,
        }
    }

    /// Its bytes.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }

    /// Puts bytes before its own.
    fn prepend(&mut self, carried: &[u8]) {
        if carried.len() <= self.start {
            self.start -= carried.len();
            self.bytes[self.start..self.start + carried.len()].copy_from_slice(carried);
        } else {
            self.bytes = [carried, self.bytes()].concat();
            (self.start, self.end) = (0, self.bytes.len());
        }
    }
}

/// The rest of a file in chunks, read by a thread of its own.
#[derive(Debug)]
pub(super) struct Chunks {
    full: Receiver<io::Result<Chunk>>,
    empty: SyncSender<Vec<u8>>,
    carried: Vec<u8>,
}

impl Chunks {
    /// Starts reading where `file` stands.
    pub(super) fn ahead(file: File) -> Self {
        let (sender, full) = sync_channel(BUFFERS);
        let (empty, spare) = sync_channel::<Vec<u8>>(BUFFERS);
        for _ in 0..BUFFERS {
            let _ = empty.try_send(Vec::new());
        }
        std::thread::spawn(move || read_all(file, &spare, &sender));
        Self {
            full,
            empty,
            carried: Vec::new(),
        }
    }

    /// The chunk after `done`, of which the bytes from `unread` on come first in it.
    pub(super) fn after(&mut self, done: Chunk, unread: usize) -> io::Result<Chunk> {
        self.carried.clear();
        self.carried.extend_from_slice(&done.bytes()[unread..]);
        let _ = self.empty.try_send(done.bytes);
        let cut = || Err(io::Error::other("reading ended early"));
        let mut next = self.full.recv().unwrap_or_else(|_| cut())?;
        next.prepend(&self.carried);
        Ok(next)
    }
}

fn read_all(mut file: File, spare: &Receiver<Vec<u8>>, sender: &SyncSender<io::Result<Chunk>>) {
    while let Ok(mut bytes) = spare.recv() {
        bytes.resize(ROOM + CHUNK, 0);
        let chunk = read_full(&mut file, &mut bytes[ROOM..]).map(|read| Chunk {
            bytes,
            start: ROOM,
            end: ROOM + read,
            last: read < CHUNK,
        });
        let over = chunk.as_ref().map_or(true, |chunk| chunk.last);
        if sender.send(chunk).is_err() || over {
            return;
        }
    }
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
