//! The bytes of a file, unpacked where it is packed with gzip.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use super::pieces::read_full;

/// What a file packed with gzip begins with.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// An opened file, told by its content: endings lie.
#[derive(Debug)]
pub(super) enum Input {
    /// As it stands.
    Plain(File),
    /// Packed, in one part or several.
    Gzip(Box<MultiGzDecoder<File>>),
}

impl Input {
    /// Opens a file; with it about how many bytes will come.
    pub(super) fn open(path: &Path) -> io::Result<(Self, u64)> {
        let mut file = File::open(path)?;
        let size = file.metadata()?.len();
        let mut first = [0; 2];
        let is_gzip = read_full(&mut file, &mut first)? == 2 && first == GZIP;
        let unpacked = if is_gzip {
            unpacked(&mut file, size)?
        } else {
            size
        };
        file.rewind()?;
        let input = if is_gzip {
            Self::Gzip(Box::new(MultiGzDecoder::new(file)))
        } else {
            Self::Plain(file)
        };
        Ok((input, unpacked))
    }
}

/// What the end of a packed file says of its size, which is right for one part below 4 GB.
fn unpacked(file: &mut File, packed: u64) -> io::Result<u64> {
    let mut last = [0; 4];
    file.seek(SeekFrom::Start(packed.saturating_sub(4)))?;
    read_full(file, &mut last)?;
    Ok(packed.max(u64::from(u32::from_le_bytes(last))))
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(file) => file.read(buffer),
            Self::Gzip(packed) => packed.read(buffer),
        }
    }
}

/// Whether an error says that a packed file is damaged or cut off.
pub(super) fn is_damage(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::InvalidInput | ErrorKind::InvalidData | ErrorKind::UnexpectedEof
    )
}
