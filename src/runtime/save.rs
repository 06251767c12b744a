//! Writes streams that were inferred or changed into a config.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Failure;
use crate::config::{Draft, save as written};
use crate::connectors::SourceSettings;
use crate::model::stream::Stream;

/// Where changed streams go, and with which sources.
#[derive(Clone, Debug)]
pub(super) struct SaveTo {
    /// The config file.
    pub(super) path: PathBuf,
    /// Sources to write beside the streams: files that were opened.
    pub(super) sources: Vec<SourceSettings>,
}

/// Writes the streams, keeping everything else that the file says.
///
/// # Errors
/// [`Failure`] if the file cannot be read or written, or is no config.
pub(super) fn save(to: &SaveTo, streams: &[Arc<Stream>]) -> Result<PathBuf, Failure> {
    let path = std::path::absolute(&to.path)?;
    let mut text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(refused(&path, &error)),
    };
    for stream in streams {
        let draft = Draft {
            sources: &to.sources,
            stream: &drawn_from(stream, &to.sources),
        };
        text = written(&text, &draft, &path)?;
    }
    replace(&path, &text).map_err(|error| refused(&path, &error))?;
    Ok(path)
}

/// The stream, tied to the sources that are written beside it if it was tied to none: the config may
/// have others.
fn drawn_from(stream: &Stream, sources: &[SourceSettings]) -> Stream {
    let mut stream = stream.clone();
    if stream.sources.is_empty() {
        stream.sources = sources.iter().map(|source| source.name.clone()).collect();
    }
    stream
}

/// Writes beside the file first, so that a full disk leaves the old one whole.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let beside = path.with_extension("toml.new");
    std::fs::write(&beside, text)?;
    std::fs::rename(&beside, path)
}

fn refused(path: &Path, error: &std::io::Error) -> Failure {
    Failure::usage(
        format!("{} cannot be written: {error}", path.display()),
        "choose another file with --save FILE",
    )
}
