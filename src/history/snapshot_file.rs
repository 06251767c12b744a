//! The log of a history in one file beside it, for a fast start.
//!
//! The history is the truth, the file only spares reading it: it counts for nothing unless it is
//! whole, of this weir's layout, of the same sources, and of a moment that the history itself
//! remembers. Whoever deletes it loses nothing.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use xxhash_rust::xxh3::{Xxh3Default, xxh3_64};

use super::{Mark, Position};
use crate::model::id::SourceName;
use crate::model::log::{LAYOUT, Log};

/// How the file begins.
const MAGIC: &[u8; 8] = b"weirsnap";
/// Beginning, layout, program, sources, position and mark, eight bytes each.
const HEADER: usize = 48;
/// The digest of all before it.
const TRAILER: u64 = 8;

/// The ending of snapshots that lie in a folder of their own, not beside their history.
const ALONE: &str = "snapshot";
/// What a writer has not finished for so long it never will.
const LEFT: Duration = Duration::from_secs(60 * 60);
/// What nobody has written anew for so long nobody looks at.
const FORGOTTEN: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Where the log of a history is kept beside it.
#[derive(Clone, Debug)]
pub struct SnapshotFile {
    path: PathBuf,
}

/// A moment of a history, by which it is known again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// How far it was.
    pub position: Position,
    /// The mark that it gave this position.
    pub mark: Mark,
}

impl SnapshotFile {
    /// The file at a path.
    pub fn at(path: PathBuf) -> Self {
        Self { path }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The log of these sources at the moment that is kept, if `is_ours` says that it is one of the
    /// history's. `None`: there is no such file, or it is cut, changed, of another layout or of other
    /// sources.
    pub fn read(
        &self,
        sources: &[SourceName],
        is_ours: impl FnOnce(Moment) -> bool,
    ) -> Option<(Log, Moment)> {
        let file = File::open(&self.path).ok()?;
        let room = file.metadata().ok()?.len();
        let mut file = Summed::new(file);
        let mut header = [0; HEADER];
        file.read_exact(&mut header).ok()?;
        let moment = moment(&header, sources).filter(|moment| is_ours(*moment))?;
        let log = Log::unpack(&mut file, room).ok()?;
        let digest = file.digest.digest();
        let mut trailer = Vec::new();
        file.inner
            .take(TRAILER + 1)
            .read_to_end(&mut trailer)
            .ok()?;
        let is_whole = trailer == digest.to_le_bytes() && log.sources() == sources;
        is_whole.then_some((log, moment))
    }

    /// Keeps a log in place of the one that was there, readable by the user alone. Whoever reads
    /// meanwhile has the one before, and of two who write one is the last.
    ///
    /// # Errors
    /// Where the file cannot be written; the one before stays then.
    pub fn write(&self, log: &Log, moment: Moment) -> io::Result<()> {
        self.path.parent().map_or(Ok(()), make_folder)?;
        let beside = self.beside(&std::process::id().to_string());
        let written = write_to(&beside, log, moment);
        let kept = written.and_then(|()| fs::rename(&beside, &self.path));
        if kept.is_err() {
            let _ = fs::remove_file(&beside);
        }
        kept?;
        // What cannot be taken away stays.
        let _ = self.clear_up();
        Ok(())
    }

    /// Takes it away.
    ///
    /// # Errors
    /// Where it cannot be.
    pub fn remove(&self) -> io::Result<()> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }

    /// Takes away what lies there for long since the file in place was written: what writers left that
    /// were killed, and, in a folder of snapshots, those of sources that no config names any more.
    fn clear_up(&self) -> io::Result<()> {
        let now = fs::metadata(&self.path)?.modified()?;
        let folder = self.path.parent().map(fs::read_dir).transpose()?;
        for entry in folder.into_iter().flatten().flatten() {
            let written = entry.metadata()?.modified()?;
            let (path, age) = (entry.path(), now.duration_since(written));
            let is_older = |than| age.as_ref().is_ok_and(|age| *age > than);
            let is_snapshot = path.extension() == Some(ALONE.as_ref());
            if is_older(LEFT) && self.is_left(&path) || is_older(FORGOTTEN) && is_snapshot {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    /// Whether a writer of this file wrote there.
    fn is_left(&self, path: &Path) -> bool {
        path.extension() == Some("new".as_ref())
            && path.file_stem().map(Path::new).and_then(Path::file_stem) == self.path.file_name()
    }

    /// Where the process `who` writes before its file takes the place of the one before.
    fn beside(&self, who: &str) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(format!(".{who}.new"));
        name.into()
    }
}

fn write_to(path: &Path, log: &Log, moment: Moment) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).write(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = Summed::new(options.open(path)?);
    file.write_all(&header(log.sources(), moment))?;
    log.pack(&mut file)?;
    let digest = file.digest.digest();
    // Without a flush to the disk: what a power cut leaves is seen to be cut.
    file.inner.write_all(&digest.to_le_bytes())
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder)
}

fn header(sources: &[SourceName], moment: Moment) -> [u8; HEADER] {
    let numbers = [
        u64::from_le_bytes(*MAGIC),
        u64::from(LAYOUT),
        xxh3_64(env!("CARGO_PKG_VERSION").as_bytes()),
        digest_of(sources),
        moment.position.0,
        moment.mark.0,
    ];
    let mut header = [0; HEADER];
    for (place, number) in header.as_chunks_mut::<8>().0.iter_mut().zip(numbers) {
        *place = number.to_le_bytes();
    }
    header
}

/// The moment that a header speaks of, if it is one of a file that this weir reads.
fn moment(found: &[u8; HEADER], sources: &[SourceName]) -> Option<Moment> {
    let (numbers, _) = found.as_chunks::<8>();
    let [.., position, mark] = numbers else {
        return None;
    };
    let moment = Moment {
        position: Position(u64::from_le_bytes(*position)),
        mark: Mark(u64::from_le_bytes(*mark)),
    };
    (header(sources, moment) == *found).then_some(moment)
}

/// The sources in their order: another order is another log.
pub(super) fn digest_of(sources: &[SourceName]) -> u64 {
    let mut digest = Xxh3Default::new();
    for source in sources {
        digest.update(&(source.as_str().len() as u64).to_le_bytes());
        digest.update(source.as_str().as_bytes());
    }
    digest.digest()
}

/// A file, and the digest of what was read or written so far.
struct Summed {
    inner: File,
    digest: Xxh3Default,
}

impl Summed {
    fn new(inner: File) -> Self {
        let digest = Xxh3Default::new();
        Self { inner, digest }
    }
}

impl Read for Summed {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(bytes)?;
        self.digest.update(&bytes[..read]);
        Ok(read)
    }
}

impl Write for Summed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.digest.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests;
