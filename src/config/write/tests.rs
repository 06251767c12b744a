use std::path::Path;

use proptest::prelude::*;

use super::{Draft, save, save_view};
use crate::config::{Checks, Config, View};
use crate::connectors::{
    Columns, DemoSettings, FileFormat, FileSettings, SecretSource, SourceKind, SourceSettings,
    TrackerKind, TrackerSettings,
};
use crate::model::id::{SourceName, StageIx};
use crate::model::rule::Rule;
use crate::model::stage::{Class, ClockRule, Phase};
use crate::model::stream::{BlockedRule, KindRule, NamedClock, Sle, Stage, StatusPattern, Stream};
use crate::model::time::Zone;
use crate::query::parse_recorded;

const PATH: &str = "folder/weir.toml";

fn read(text: &str) -> Config {
    Config::parse(text, Path::new(PATH), &Checks::default())
        .unwrap_or_else(|problems| panic!("{problems}\n{text}"))
}

fn write(existing: &str, sources: &[SourceSettings], stream: &Stream) -> String {
    let draft = Draft {
        sources,
        stream,
        reasons: &[],
    };
    save(existing, &draft, Path::new(PATH)).unwrap()
}

fn view(name: &str, filter: &str) -> View {
    View {
        name: name.to_owned(),
        filter: crate::query::parse(filter).unwrap(),
        stream: None,
        screen: Some("ageing".to_owned()),
        window: Some(crate::model::time::WindowSpec::LastDays(30)),
        clock: Some(ClockRule::FirstStart),
    }
}

#[test]
fn a_view_is_written_and_read_again_and_comments_stay() {
    let existing = "# mine\n[display]\ntheme = \"dark\" # at night\n\n# old ones\n[[views]]\nname = \"old\"\nfilter = \"age>10d\" # days\nclock = \"first-start\"\n";
    let old = view("old", "blocked age>20d");
    let text = save_view(existing, &old, Path::new(PATH)).unwrap();
    let new = view("new \"one\"", "");
    let text = save_view(&text, &new, Path::new(PATH)).unwrap();
    for kept in ["# mine", "# at night", "# old ones", "# days"] {
        assert!(text.contains(kept), "{kept}:\n{text}");
    }
    assert_eq!(read(&text).views, [old, new]);
    assert!(save_view("a = [", &view("x", ""), Path::new(PATH)).is_err());
    assert!(save_view("views = 7", &view("x", ""), Path::new(PATH)).is_err());
}

fn source(name: &str, kind: SourceKind) -> SourceSettings {
    SourceSettings {
        name: SourceName::new(name),
        poll_secs: 90,
        kind,
    }
}

fn file(path: &str) -> SourceKind {
    SourceKind::File(FileSettings {
        path: Path::new("folder").join(path),
        format: FileFormat::Csv,
        ..FileSettings::default()
    })
}

fn stage(name: &str, class: Class) -> Stage {
    Stage {
        name: name.to_owned(),
        phase: Phase::Create,
        class,
        statuses: vec![StatusPattern::any_source(name)],
        owner: None,
        limit: None,
        sle: None,
        stale_after: None,
    }
}

fn stream(name: &str, stages: Vec<Stage>) -> Stream {
    Stream {
        name: name.to_owned(),
        sources: vec![SourceName::new("log")],
        items: Rule::Always,
        membership: Rule::Always,
        clock: ClockRule::default(),
        clocks: Vec::new(),
        cancelled: Vec::new(),
        kinds: Vec::new(),
        blocked: Vec::new(),
        stages,
        links: vec![],
    }
}

fn rule(text: &str) -> Rule {
    parse_recorded(text).unwrap()
}

#[test]
fn a_new_config_reads_well() {
    let mut wanted = stream(
        "orders",
        vec![stage("Doing", Class::Active), stage("Done", Class::Done)],
    );
    wanted.kinds = vec![KindRule {
        kind: "defect".to_owned(),
        when: rule("type = Bug"),
    }];
    wanted.stages[0].limit = Some(3);
    let text = write("", &[source("log", file("orders.csv"))], &wanted);
    insta::assert_snapshot!(text);
    let config = read(&text);
    assert_eq!(config.streams, [wanted]);
}

#[test]
fn every_kind_of_source_is_written_and_read_back() {
    let sources = [
        source("log", file("a/b.csv")),
        source(
            "other log",
            SourceKind::File(FileSettings {
                path: "/elsewhere/c.xes".into(),
                format: FileFormat::Xes,
                columns: Columns {
                    item: Some("case".to_owned()),
                    status: vec!["state".to_owned(), "sub state".to_owned()],
                    url: Some("link \"x\"".to_owned()),
                    ..Columns::default()
                },
                time_format: Some("%d.%m.%Y".to_owned()),
                time_zone: Some(Zone::named("Europe/Berlin").unwrap()),
                fields: [("Cost centre".to_owned(), "team".to_owned())].into(),
            }),
        ),
        source(
            "tracker",
            SourceKind::Tracker(
                TrackerKind::Redmine,
                TrackerSettings {
                    url: "https://redmine.test/sub/".parse().unwrap(),
                    user: None,
                    token: SecretSource::Command("pass show key".to_owned()),
                    query: "project_id=a&x=1".to_owned(),
                    fields: [("7".to_owned(), "team".to_owned())].into(),
                    ca_file: Some("folder/ca.pem".into()),
                },
            ),
        ),
        source(
            "company",
            SourceKind::Demo(DemoSettings { seed: 7, items: 50 }),
        ),
    ];
    let text = write("", &sources, &stream("all", Vec::new()));
    assert_eq!(read(&text).sources, sources, "{text}");
}

#[test]
fn what_the_user_wrote_stays() {
    let existing = r#"# ours
[display]
theme = "dark" # not light

[[sources]]
# the nightly export
name = "log"
kind = "csv"
path = "old.csv" # moved soon
poll = "90s"

[[streams]]
name = "orders"
# the others are in another stream
where = "team = cards" # only cards
# as agreed with support
kinds = [{ kind = "defect", when = "type = Bug" }]
[[streams.stages]]
name = "Done"
phase = "create"
class = "done"
# agreed in March
[[streams.stages]]
name = "Doing"
phase = "create"
class = "queue" # for now

[[streams]]
name = "other"

[calendar]
workdays = ["mon"] # short week
"#;
    let mut wanted = stream(
        "orders",
        vec![
            stage("New", Class::Backlog),
            stage("Doing", Class::Active),
            stage("Done", Class::Done),
        ],
    );
    wanted.membership = rule("team = cards");
    wanted.kinds = vec![KindRule {
        kind: "defect".to_owned(),
        when: rule("type in (Bug, Incident)"),
    }];
    let text = write(existing, &[source("log", file("new.csv"))], &wanted);
    insta::assert_snapshot!(text);
    let config = read(&text);
    assert_eq!(config.streams[0], wanted);
    assert_eq!(config.streams[1].name, "other");
    assert_eq!(config.calendar.workdays[..2], [true, false]);
}

#[test]
fn inline_lists_of_sources_are_extended() {
    let existing = "sources = [{ name = \"x\", kind = \"demo\" }]\n";
    let text = write(
        existing,
        &[source("log", file("a.csv"))],
        &stream("s", Vec::new()),
    );
    let names: Vec<_> = read(&text).sources.into_iter().map(|it| it.name).collect();
    assert_eq!(names, [SourceName::new("x"), SourceName::new("log")]);
}

#[test]
fn what_is_no_config_is_refused() {
    let wanted = stream("s", Vec::new());
    let sources = [source("log", file("a.csv"))];
    let draft = Draft {
        sources: &sources,
        stream: &wanted,
        reasons: &[],
    };
    for (existing, says) in [("a = [", "not TOML"), ("sources = 1", "[[sources]]")] {
        let problems = save(existing, &draft, Path::new(PATH)).unwrap_err();
        assert!(problems.to_string().contains(says), "{problems}");
    }
}

fn any_name() -> impl Strategy<Value = String> {
    "[a-zA-Z\"\\\\'#äß€\\]\\[=. ]{0,6}[a-z]"
}

fn any_rule() -> impl Strategy<Value = Rule> {
    prop_oneof![
        Just(Rule::Always),
        any_name().prop_map(|name| parse_recorded(&format!("'{name}")).unwrap_or(Rule::Always)),
        Just(rule(
            "type in (Bug, \"A \\\"b\\\" c\") -label~x or has:team"
        )),
    ]
}

fn any_stage() -> impl Strategy<Value = Stage> {
    (
        (any_name(), prop::sample::select(Class::ALL.to_vec())),
        prop::sample::select(Phase::ALL.to_vec()),
        prop::collection::vec(any_name(), 0..3),
        prop::option::of(any_name()),
        prop::option::of((1..=99_u8, 100..10_000_000_i64)),
        prop::option::of(1..10_000_000_i64),
    )
        .prop_map(
            |((name, class), phase, statuses, owner, sle, stale_after)| Stage {
                phase,
                statuses: statuses
                    .iter()
                    .map(|name| StatusPattern::any_source(name))
                    .collect(),
                owner,
                limit: stale_after.and_then(|limit| u32::try_from(limit % 9 + 1).ok()),
                sle: sle.map(|(percent, seconds)| Sle { percent, seconds }),
                stale_after,
                ..stage(&name, class)
            },
        )
}

/// Names that have to differ get a number.
fn numbered(mut stages: Vec<Stage>) -> Vec<Stage> {
    for (at, stage) in stages.iter_mut().enumerate() {
        stage.name = format!("{}{at}", stage.name);
        for (nth, status) in stage.statuses.iter_mut().enumerate() {
            status.name = format!("{}{at}.{nth}", status.name);
            status.source = (nth == 1).then(|| "log".to_owned());
        }
    }
    stages
}

fn any_stream() -> impl Strategy<Value = Stream> {
    (
        prop::collection::vec(any_stage(), 0..5),
        (any_rule(), any_rule()),
        prop::sample::select(ClockRule::ALL.to_vec()),
        prop::option::of(any_name()),
        any_name(),
    )
        .prop_map(|(stages, (one, other), clock, reason, name)| {
            let stages = numbered(stages);
            let clocks = (stages.len() > 2).then(|| NamedClock {
                name: format!("my {name}"),
                from: StageIx(0),
                to: StageIx(2),
            });
            Stream {
                items: one.clone(),
                membership: other.clone(),
                clock,
                clocks: clocks.into_iter().collect(),
                cancelled: vec![StatusPattern::any_source("No thanks*")],
                kinds: vec![KindRule {
                    kind: name.clone(),
                    when: one,
                }],
                blocked: vec![BlockedRule {
                    when: other,
                    reason,
                }],
                ..stream(&name, stages)
            }
        })
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(first in any_stream(), second in any_stream()) {
        let sources = [source("log", file("a.csv"))];
        let text = write("", &sources, &first);
        let config = read(&text);
        prop_assert_eq!(&config.streams[0], &first, "{}", text);
        prop_assert_eq!(&config.sources[..], &sources[..]);
        // Writing the same again changes nothing; another of the same name replaces it.
        prop_assert_eq!(write(&text, &sources, &first), text.clone());
        let second = Stream { name: first.name.clone(), ..second };
        let replaced = write(&text, &sources, &second);
        prop_assert_eq!(&read(&replaced).streams[0], &second, "{}", replaced);
    }
}
