//! Files that did not exist before: nothing of the user's is overwritten.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::Failure;

/// So many files of one name.
const MOST: usize = 99;

/// A text as part of a file's name: letters and digits stay, all else becomes `-`.
pub(super) fn named(text: &str) -> String {
    let plain = |one: char| if one.is_alphanumeric() { one } else { '-' };
    text.chars().map(plain).collect()
}

/// Writes `name.ending` into a folder, or `name-2.ending` and so on where that is taken; gives the
/// whole path.
///
/// # Errors
/// [`Failure`] if it cannot be written.
pub(super) fn write_new(
    folder: &Path,
    (name, ending): (&str, &str),
    content: &[u8],
) -> Result<PathBuf, Failure> {
    for number in 1..=MOST {
        let path = match number {
            1 => folder.join(format!("{name}.{ending}")),
            more => folder.join(format!("{name}-{more}.{ending}")),
        };
        let created = std::fs::File::create_new(&path);
        match created.and_then(|mut file| file.write_all(content)) {
            Ok(()) => return Ok(std::path::absolute(&path)?),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(refused(&path, &error)),
        }
    }
    let what = format!("{MOST} files named {name}.{ending} are there already");
    Err(Failure::usage(what, "move some of them away"))
}

fn refused(path: &Path, error: &std::io::Error) -> Failure {
    Failure::usage(
        format!("{} cannot be written: {error}", path.display()),
        "run weir in a folder that can be written",
    )
}

#[cfg(test)]
mod tests {
    use super::{named, write_new};

    #[test]
    fn what_is_there_stays() {
        let folder = tempfile::tempdir().unwrap();
        let write = |content: &[u8]| write_new(folder.path(), ("a", "csv"), content).unwrap();
        let paths = [write(b"1"), write(b"2"), write(b"3")];
        let names = paths.map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read(path).unwrap())
        });
        let expected = [("a.csv", b"1"), ("a-2.csv", b"2"), ("a-3.csv", b"3")];
        assert_eq!(
            names,
            expected.map(|(name, content)| (name.to_owned(), content.to_vec()))
        );
        let gone = folder.path().join("gone");
        assert!(write_new(&gone, ("a", "csv"), b"").is_err());
        assert_eq!(named("Pay & go/../x"), "Pay---go----x");
    }
}
