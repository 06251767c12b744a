//! Writes streams that were inferred or changed into a config.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Failure, views};
use crate::app::View;
use crate::config::{Draft, save as written, save_view as with_view};
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
    let mut text = read_or_new(&path)?;
    for stream in streams {
        let draft = Draft {
            sources: &to.sources,
            stream: &drawn_from(stream, &to.sources),
            reasons: &[],
        };
        text = written(&text, &draft, &path)?;
    }
    replace(&path, &text).map_err(|error| refused(&path, &error))?;
    Ok(path)
}

/// The text of a config; nothing if there is none yet.
///
/// # Errors
/// [`Failure`] if it is there and cannot be read.
pub(super) fn read_or_new(path: &Path) -> Result<String, Failure> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(refused(path, &error)),
    }
}

/// Writes a view into a config, keeping everything else that the file says.
///
/// # Errors
/// [`Failure`] if there is no config, or it cannot be read or written.
pub(super) fn save_view(config: Option<&Path>, view: &View) -> Result<PathBuf, Failure> {
    let Some(path) = config else {
        return Err(Failure::usage(
            "views are kept in a config, and there is none here",
            "save the stream first (edit stages, then save): that writes weir.toml; \
             then start weir with it",
        ));
    };
    let text = std::fs::read_to_string(path).map_err(|error| refused(path, &error))?;
    let written = with_view(&text, &views::written(view), path)?;
    replace(path, &written).map_err(|error| refused(path, &error))?;
    Ok(path.to_owned())
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

/// Writes beside the file first, so that a full disk leaves the old one whole. Links to it stay, and
/// who may read it.
pub(super) fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let path = linked(path);
    let beside = path.with_extension("toml.new");
    let mut file = std::fs::File::create(&beside)?;
    if let Ok(old) = std::fs::metadata(&path) {
        file.set_permissions(old.permissions())?;
    }
    file.write_all(text.as_bytes())?;
    std::fs::rename(&beside, &path)
}

/// Where links lead to, also to a file that is not there yet.
fn linked(path: &Path) -> PathBuf {
    let whole = path.canonicalize();
    let led = || Ok(path.with_file_name("").join(path.read_link()?));
    let found: std::io::Result<PathBuf> = whole.or_else(|_| led());
    found.unwrap_or_else(|_| path.to_owned())
}

fn refused(path: &Path, error: &std::io::Error) -> Failure {
    Failure::usage(
        format!("{} cannot be written: {error}", path.display()),
        "see that the file may be written, or choose another with --save FILE",
    )
}
