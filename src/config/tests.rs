use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::reader::{Reader, Section};
use super::{Checks, Colour, Config, Problems, ThemeChoice};
use crate::connectors::{SecretSource, SourceKind, TrackerKind};
use crate::history::settings::HistoryUrl;
use crate::model::id::{SourceName, StageIx};
use crate::model::policy::Bound;
use crate::model::rule::Rule;
use crate::model::stage::{Class, ClockRule, Phase};
use crate::model::time::{Calendar, Day};
use crate::query::parse_recorded;

pub(super) const EXAMPLE: &str = include_str!("../../config.example.toml");

fn parse(text: &str) -> Result<Config, Problems> {
    Config::parse(text, Path::new("folder/weir.toml"), &Checks::default())
}

/// The example with every setting that may be left out put in.
pub(super) fn whole_example() -> String {
    let line = |line: &str| match line.strip_prefix('#') {
        Some(setting) if !setting.starts_with([' ', '#']) && !setting.is_empty() => {
            format!("{setting}\n")
        }
        _ => format!("{line}\n"),
    };
    EXAMPLE.lines().map(line).collect()
}

#[test]
fn the_example_is_the_built_in_defaults() {
    let config = parse(EXAMPLE).unwrap();
    let wanted = Config {
        origin: PathBuf::from("folder/weir.toml"),
        ..Config::default()
    };
    assert_eq!(config, wanted);
    assert_eq!(config.calendar, Calendar::default());
}

#[test]
fn the_example_names_every_key() {
    let text = whole_example();
    let checks = Checks::default();
    let reader = Reader::new(&text, Path::new(""), &checks);
    Config::read_with(&reader, Path::new("")).unwrap();
    // A secret is found in one place; the others stand in a comment.
    let (secrets, missing): (Vec<_>, Vec<_>) = reader
        .never_found()
        .into_iter()
        .partition(|key| matches!(key.rsplit_once('.'), Some((_, "file" | "command"))));
    assert_eq!(missing, Vec::<String>::new());
    assert_eq!(secrets.len(), 6);
    assert!(EXAMPLE.contains("env, file (first line) or command (first line it prints)"));
    let (_, problems) = reader.finish();
    assert_eq!(problems, []);
}

#[test]
fn the_defaults_named_in_comments_of_the_example_are_true() {
    let whole = parse(&whole_example()).unwrap();
    let without = |start: &str| {
        let text = whole_example();
        let lines = text.lines().filter(|line| !line.starts_with(start));
        parse(&lines.collect::<Vec<_>>().join("\n")).unwrap()
    };
    for key in ["poll", "query", "seed", "items = 1200", "time_format"] {
        assert_eq!(without(key).sources, whole.sources, "{key}");
    }
    assert_eq!(without("clock =").streams, whole.streams);
    assert_eq!(without("sources =").streams, {
        let mut streams = whole.streams.clone();
        for name in ["company", "board"] {
            streams[0].sources.push(SourceName::new(name));
        }
        streams
    });
    assert_eq!(without("severity").policies, whole.policies);
}

#[test]
fn every_section_is_read() {
    let config = parse(&whole_example()).unwrap();
    assert_eq!(config.display.theme, ThemeChoice::Auto);
    assert_eq!(config.display.time_zone.name(), "Europe/Berlin");
    assert_eq!(config.display.keys.len(), 2);
    assert_eq!(config.display.keys[1].context.as_deref(), Some("stream"));
    assert_eq!(config.display.colours["accent"], "#0072b2");
    let history = config.history.settings(&config.origin).unwrap();
    assert_eq!(history.url, HistoryUrl::Sqlite("folder/weir.db".into()));
    assert_eq!(config.folder(), Path::new("folder"));
    let SourceKind::Tracker(TrackerKind::Redmine, redmine) = &config.sources[0].kind else {
        panic!("{:?}", config.sources[0]);
    };
    assert_eq!(redmine.token, SecretSource::Env("REDMINE_KEY".into()));
    assert_eq!(redmine.fields["Cost centre"], "team");
    assert_eq!(
        redmine.ca_file.as_deref(),
        Some(Path::new("folder/company-ca.pem"))
    );
    let SourceKind::Tracker(TrackerKind::Jira, jira) = &config.sources[3].kind else {
        panic!("{:?}", config.sources[3]);
    };
    assert_eq!(jira.user.as_deref(), Some("me@example.org"));
    let SourceKind::File(file) = &config.sources[1].kind else {
        panic!("{:?}", config.sources[1]);
    };
    assert_eq!(file.path, Path::new("folder/history.csv"));
    assert_eq!(file.columns.status, ["activity"]);
    let stream = &config.streams[0];
    assert_eq!(
        stream.items,
        parse_recorded("type in (Story, Bug)").unwrap()
    );
    assert_eq!(stream.kinds[1].kind, "debt");
    assert_eq!(stream.blocked[1].reason.as_deref(), Some("impeded"));
    let review = &stream.stages[1];
    assert_eq!((review.phase, review.class), (Phase::Create, Class::Queue));
    assert_eq!(review.statuses[1].source.as_deref(), Some("export"));
    assert_eq!(review.sle.unwrap().seconds, 5 * 86_400);
    assert_eq!(review.stale_after, Some(5 * 86_400));
    assert_eq!(stream.stages[0].statuses[0].name, "Ideas");
    assert_eq!(stream.clocks[0].to, StageIx(1));
    let link = &stream.links[0];
    assert_eq!(link.key.as_ref().unwrap().as_str(), r"[A-Z]+-\d+");
    assert_eq!(config.changes[0].day, Day::parse("2026-06-01").unwrap());
    assert_eq!(config.views[0].clock, Some(ClockRule::LastCrossing));
    assert_eq!(config.policies[1].bound, Bound::AtLeast(5.0));
    assert_eq!(config.outcomes[0].actual, Some(35.0));
}

#[test]
fn an_empty_config_is_the_defaults() {
    let config = parse("").unwrap();
    assert!(config.sources.is_empty() && config.streams.is_empty());
}

#[test]
fn a_stream_without_stages_or_sources_is_allowed() {
    let config = parse("[[streams]]\nname = \"all\"\n").unwrap();
    assert!(config.streams[0].stages.is_empty());
    assert_eq!(config.streams[0].items, Rule::Always);
}

#[test]
fn names_are_checked_against_what_the_dashboard_knows() {
    let checks = Checks {
        actions: &["quit", "open"],
        contexts: &["stream"],
        roles: &["accent"],
        screens: &["ageing"],
        measures: &["flow.load"],
        key: |key| match key {
            "q" | "o" => Ok(()),
            other => Err(format!("\"{other}\" is no key")),
        },
        colour: |_| Err("no colour".to_owned()),
    };
    let text =
        "[keys]\nquti = \"q\"\nopen = \"oo\"\n[keys.strem]\nopen = \"o\"\n[theme]\nacent = \"x\"
[[views]]\nname = \"v\"\nscreen = \"aging\"
[[policies]]\nname = \"p\"\nmeasure = \"flow\"\nat_most = 1";
    let problems = Config::parse(text, Path::new("weir.toml"), &checks).unwrap_err();
    let lines: Vec<_> = problems
        .list()
        .iter()
        .map(|problem| problems.line(problem).unwrap())
        .collect();
    assert_eq!(lines, [2, 3, 4, 7, 7, 10, 13], "{problems}");
    assert_eq!(
        problems.list()[0].hint.as_deref(),
        Some("did you mean \"quit\"?")
    );
}

#[test]
fn problems_come_with_and_without_colour() {
    let problems = parse("[display]\nthme = \"dark\"").unwrap_err();
    assert_eq!(problems.count(), 1);
    assert!(problems.render(Colour::Coloured).contains("\u{1b}["));
    assert!(!problems.render(Colour::Plain).contains('\u{1b}'));
}

#[test]
fn a_missing_file_is_said() {
    let missing = Path::new("no/such/weir.toml");
    let problems = Config::read(missing, &Checks::default()).unwrap_err();
    assert!(problems.to_string().contains("the config cannot be read"));
    assert_eq!(problems.path(), missing);
}

/// Every spelling in which a secret could end up in a message.
#[test]
fn no_message_shows_a_secret() {
    let source = "[[sources]]\nname = \"a\"\nkind = \"redmine\"\n";
    for line in [
        "url = \"https://h\"\ntoken = \"hunter2\"",
        "url = \"https://h\"\ntokn = \"hunter2\"",
        "url = \"https://h\"\ntoken = { value = \"hunter2\" }",
        "url = \"https://h\"\ntoken = { env = [\"hunter2\"] }",
        "url = \"https://h\"\ntoken = [\"hunter2\"]",
        "url = \"https://h\"\ntoken = \"\"\"\nhunter2\"\"\"",
        "url = \"https://u:hunter2@h\"\ntoken = { env = \"T\" }",
        "url = \"https://hunter2@h\"\ntoken = { env = \"T\" }",
        "url = \"ftp://u:hunter2@h\"\ntoken = { env = \"T\" }",
        "token = \"hunter2",
        "token = hunter2",
        "poll = \"soon\", token = \"hunter2\"",
    ] {
        let problems = parse(&format!("{source}{line}")).unwrap_err();
        assert!(!problems.to_string().contains("hunter2"), "{problems}");
        assert!(!format!("{problems:?}").contains("hunter2"), "{problems:?}");
    }
    for text in [
        "sources = [{ nme = \"a\", kind = \"csv\", token = \"hunter2\" }]",
        "[history]\nurl = \"postgres://u:hunter2@h/db\"",
        "[history]\npasword = \"hunter2\"",
    ] {
        let problems = parse(text).unwrap_err();
        assert!(
            !format!("{problems}{problems:?}").contains("hunter2"),
            "{problems}"
        );
    }
}

fn check(text: &str) {
    if let Err(problems) = parse(text) {
        assert!(problems.count() > 0);
        assert!(!problems.render(Colour::Plain).is_empty());
    }
}

#[test]
fn deep_nesting_and_foreign_line_ends_do_no_harm() {
    for open in ["[", "{a=", "[{a="] {
        check(&format!("a = {}", open.repeat(20_000)));
    }
    let text = whole_example().replace('\n', "\r\n");
    assert_eq!(parse(&text), parse(&whole_example()));
    check("[display]\r\ntheme = \"\"\"\r\n\r\ndrak\"\"\"\r\n");
    check("\u{feff}[display]\ntheme = \"drak\"");
    check("[[views]]\nname = \"x\"\nfilter = \"\"\"\r\nä age>ü\"\"\"");
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,60}") {
        check(&text);
    }

    #[test]
    fn a_damaged_example_is_read_or_refused(
        cuts in prop::collection::vec((0..4_000_usize, 0..30_usize), 1..4),
        put in prop::sample::select(vec!["", "\"", "[", "]]", "= 1", "= []", "{", "ä", "\n", "''"]),
    ) {
        let mut text = whole_example();
        for (at, length) in cuts {
            let border = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
            let (start, end) = (border(at).unwrap(), border(at + length).unwrap());
            text.replace_range(start..end, put);
        }
        check(&text);
    }

    #[test]
    fn any_value_under_any_key_is_read_or_refused(
        line in 0..200_usize,
        put in prop::sample::select(vec![
            "1", "-1", "1.5", "nan", "true", "\"\"", "\"x\"", "[]", "[1]", "[[\"a\"]]", "{}",
            "{ a = 1 }", "2026-01-01", "12:00:00", "99999999999999999999", "0x10", "\"a (\"",
            "\"\\\"a\\\" \\u00e4 (\"", "'''\nage>'''", "\"1999999999999y\"",
        ]),
    ) {
        let text = whole_example();
        let settings = text.lines().filter(|line| line.contains(" = ")).count();
        let mut seen = 0;
        let changed = text.lines().map(|text| {
            let (Some((key, _)), false) = (text.split_once(" = "), text.starts_with('#')) else {
                return format!("{text}\n");
            };
            seen += 1;
            if seen - 1 == line % settings { format!("{key} = {put}\n") } else { format!("{text}\n") }
        });
        check(&changed.collect::<String>());
    }
}

#[test]
fn the_top_of_a_document_is_a_section() {
    let checks = Checks::default();
    let reader = Reader::new("a = 1", Path::new(""), &checks);
    let document = reader.parse().unwrap();
    let mut top = Section::top(&reader, &document);
    assert_eq!(top.get("a").unwrap().whole(0..=5), Some(1));
    top.finish();
    assert!(reader.finish().1.is_empty());
}
