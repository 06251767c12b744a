//! Which format a file has: as the settings say, else by its ending, else by its content.

use std::path::Path;

use crate::connectors::jira::is_answer;
use crate::connectors::settings::FileFormat;

/// The format of a file that begins with `head`.
pub(super) fn format_of(path: &Path, given: FileFormat, head: &[u8]) -> FileFormat {
    if given != FileFormat::Auto {
        return given;
    }
    by_ending(path).unwrap_or_else(|| by_content(head))
}

/// What a file is called without its ending, that of packing left out too.
pub fn file_stem(path: &Path) -> String {
    let packed = path.extension().is_some_and(|ending| ending == "gz");
    let unpacked = if packed {
        path.with_extension("")
    } else {
        path.to_owned()
    };
    let stem = unpacked
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned());
    stem.unwrap_or_else(|| "log".to_owned())
}

/// What the ending says, that of packing left out.
fn by_ending(path: &Path) -> Option<FileFormat> {
    let name = path.file_name()?.to_str()?.to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    let (_, ending) = name.rsplit_once('.')?;
    match ending {
        "csv" | "tsv" => Some(FileFormat::Csv),
        "jsonl" | "ndjson" => Some(FileFormat::Jsonl),
        "xes" => Some(FileFormat::Xes),
        _ => None,
    }
}

fn by_content(head: &[u8]) -> FileFormat {
    let head = head.trim_ascii_start();
    let is_object = |text: &[u8]| text.trim_ascii_start().starts_with(b"{");
    match head {
        [b'{' | b'[', ..] if is_answer(&String::from_utf8_lossy(head)) => FileFormat::JiraJson,
        [b'{', ..] => FileFormat::Jsonl,
        [b'[', list @ ..] if is_object(list) => FileFormat::Jsonl,
        [b'<', ..] => FileFormat::Xes,
        _ => FileFormat::Csv,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{file_stem, format_of};
    use crate::connectors::settings::FileFormat::{Auto, Csv, JiraJson, Jsonl, Xes};

    #[test]
    fn packing_is_no_part_of_a_name() {
        for (path, stem) in [
            ("a/log.csv.gz", "log"),
            ("log.v2.xes", "log.v2"),
            ("log", "log"),
        ] {
            assert_eq!(file_stem(Path::new(path)), stem);
        }
    }

    #[test]
    fn the_settings_then_the_ending_then_the_content_say_what_a_file_is() {
        for (given, path, head, want) in [
            (Auto, "a.csv", "<log>", Csv),
            (Auto, "a.JSONL", "x", Jsonl),
            (Auto, "a.ndjson.gz", "x", Jsonl),
            (Auto, "a.xes.gz", "x", Xes),
            (Auto, "export.gz", "\n {\"id\": 1}", Jsonl),
            (Auto, "export.xml", "<?xml version=\"1.0\"?>", Xes),
            (Auto, "export.json", "{\"id\": 1}", Jsonl),
            (Auto, "export.json", "[{\"id\": 1, \"fields\": {", JiraJson),
            (Auto, "export.json", "[ {\"id\": 1}]", Jsonl),
            (Auto, "export.txt", "[id];[status]\n", Csv),
            (Auto, "a.jsonl", "[{\"id\": 1, \"fields\": {", Jsonl),
            (Auto, "export.txt", "id;status\n", Csv),
            (Csv, "a.jsonl", "{}", Csv),
        ] {
            let found = format_of(Path::new(path), given, head.as_bytes());
            assert_eq!(found, want, "{path} {head}");
        }
    }
}
