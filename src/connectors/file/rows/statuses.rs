//! Statuses by their bytes.

use std::hash::BuildHasher;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use super::super::receive::Receiver;
use super::super::records::Records;
use super::super::text::Decoder;
use crate::connectors::Fault;

/// The statuses seen so far. The one that followed the last time is tried first.
#[derive(Default)]
pub(super) struct Statuses {
    known: Vec<Known>,
    lookup: HashTable<u32>,
    last: usize,
}

struct Known {
    bytes: Vec<u8>,
    status: u16,
    /// Which of `known` came after it when it came last.
    then: usize,
}

impl Statuses {
    /// The number of a status; `None` if the bytes are blank.
    #[inline]
    pub(super) fn find<R: Receiver>(
        &mut self,
        bytes: &[u8],
        decoder: &mut Decoder,
        receiver: &mut R,
    ) -> Result<Option<u16>, Fault> {
        let guess = self.known.get(self.last).map_or(0, |last| last.then);
        let at = match self.known.get(guess) {
            Some(known) if known.bytes == bytes => guess,
            _ => match self.other(bytes, decoder, receiver)? {
                Some(at) => at,
                None => return Ok(None),
            },
        };
        if let Some(last) = self.known.get_mut(self.last) {
            last.then = at;
        }
        self.last = at;
        Ok(Some(self.known[at].status))
    }

    fn other<R: Receiver>(
        &mut self,
        bytes: &[u8],
        decoder: &mut Decoder,
        receiver: &mut R,
    ) -> Result<Option<usize>, Fault> {
        let hash = FxBuildHasher.hash_one(bytes);
        let same = |at: &u32| self.known[*at as usize].bytes == bytes;
        if let Some(at) = self.lookup.find(hash, same) {
            return Ok(Some(*at as usize));
        }
        let name = decoder.text(bytes);
        if name.is_empty() {
            return Ok(None);
        }
        let at = self.known.len();
        self.known.push(Known {
            bytes: bytes.to_vec(),
            status: receiver.status(&name)?,
            then: 0,
        });
        let known = &self.known;
        let hash_of = |at: &u32| FxBuildHasher.hash_one(known[*at as usize].bytes.as_slice());
        let row = u32::try_from(at).unwrap_or(u32::MAX);
        self.lookup.insert_unique(hash, row, hash_of);
        Ok(Some(at))
    }
}

/// Joins the filled fields of several columns by `/`.
pub(super) fn join(buffer: &[u8], records: &Records, columns: &[usize], into: &mut Vec<u8>) {
    let mut scratch = Vec::new();
    into.clear();
    for column in columns {
        let bytes = records.field(buffer, *column, &mut scratch).trim_ascii();
        if bytes.is_empty() {
            continue;
        }
        if !into.is_empty() {
            into.push(b'/');
        }
        into.extend_from_slice(bytes);
    }
}
