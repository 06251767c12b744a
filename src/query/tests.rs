use proptest::prelude::*;

use super::{Wanted, complete, parse, parse_recorded, to_text};
use crate::model::event::fact;
use crate::model::rule::{Field, Op, Rule, Test, Value};
use crate::model::time::Day;

fn test(field: Field, op: Op, values: Vec<Value>) -> Rule {
    Rule::Test(Test { field, op, values })
}

fn is(field: Field, value: &str) -> Rule {
    test(field, Op::Is, vec![text(value)])
}

fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}

fn custom(name: &str) -> Field {
    Field::Fact(name.to_owned().into())
}

fn search(value: &str) -> Rule {
    test(Field::Text, Op::Contains, vec![text(value)])
}

fn not(rule: Rule) -> Rule {
    Rule::Not(Box::new(rule))
}

fn flag(field: Field) -> Rule {
    test(field, Op::Is, vec![])
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// Every line holds a query and what it is written as once read.
#[test]
fn queries_mean_what_people_expect() {
    let table = [
        ("", ""),
        ("  ", ""),
        (
            "stage:review age>10d kind:defect -team:infra blocked \"text\"",
            "stage:review age>10d kind:defect -team:infra blocked text",
        ),
        ("type in (Story, Bug)", "type:Story,Bug"),
        (
            "type not in (Story, \"Sub task\")",
            "-type:Story,\"Sub task\"",
        ),
        ("team = cards", "team:cards"),
        ("label ~ debt", "label~debt"),
        ("label !~ debt", "-label~debt"),
        ("team != cards", "-team:cards"),
        ("STAGE:Review", "stage:Review"),
        ("a b or c d", "a b or c d"),
        ("a and (b or c) AND not d", "a (b or c) -d"),
        ("not (a b)", "-(a b)"),
        ("!blocked !age>=36h", "-blocked -age>=36h"),
        ("PAY-12 in-progress", "PAY-12 in-progress"),
        ("status:in-progress", "status:in-progress"),
        ("status:export:Check*", "status:\"export:Check*\""),
        ("due<2026-03-01", "due<2026-03-01"),
        ("created:2026-01..2026-03", "created:2026-01-01..2026-03-31"),
        ("done:2026-W10", "finished:2026-03-02..2026-03-08"),
        ("started:2024-02", "started:2024-02-01..2024-02-29"),
        ("finished:2026", "finished:2026-01-01..2026-12-31"),
        ("pace>85%", "pace>0.85"),
        ("assignees>1", "assignees>1"),
        ("\"Story Points\" >= 8", "\"Story Points\">=8"),
        ("severity:1", "severity:1"),
        ("\"stage\":x", "\"stage\":x"),
        ("has:team no:assignee", "has:team -has:assignee"),
        (
            "is:done is:in-progress is:stale",
            "state:done state:in_progress stale",
        ),
        ("has:assignees", "has:assignee"),
        ("is:ageing", "condition:ageing"),
        ("ageing", "condition:ageing"),
        ("blocked:no stale:yes", "-blocked stale"),
        ("state:In-Progress", "state:in_progress"),
        ("key:PAY-12", "text:PAY-12"),
        ("title~refund", "refund"),
        ("\"a \\\"b\\\" \\\\ c\"", "\"a \\\"b\\\" \\\\ c\""),
        ("Won't wow!", "\"Won't\" \"wow!\""),
        ("url~https://x.test/a?b=c", "url~\"https://x.test/a?b=c\""),
        ("or:1", "\"or\":1"),
        ("version:2026-03", "version:2026-03"),
        ("release:2026-01..2026-02", "release:2026-01-01..2026-02-28"),
    ];
    for (given, wanted) in table {
        let rule = parse(given).unwrap_or_else(|error| panic!("{given}: {error}"));
        assert_eq!(to_text(&rule), wanted, "{given}");
        assert_eq!(parse(wanted), Ok(rule), "{wanted}");
    }
}

#[test]
fn rules_are_built_from_terms() {
    assert_eq!(parse(""), Ok(Rule::Always));
    assert_eq!(
        parse("stage:review -team:infra \"card reader\" flagged"),
        Ok(Rule::All(vec![
            is(Field::Stage, "review"),
            not(is(custom(fact::TEAM), "infra")),
            search("card reader"),
            flag(custom(fact::FLAGGED)),
        ]))
    );
    assert_eq!(
        parse("age>10d or Estimate >= 3"),
        Ok(Rule::Any(vec![
            test(Field::Age, Op::More, vec![Value::Span(864_000)]),
            test(custom("Estimate"), Op::AtLeast, vec![Value::Number(3.0)]),
        ]))
    );
    assert_eq!(
        parse("created:2026-12"),
        Ok(test(
            Field::Created,
            Op::Is,
            vec![Value::Days(day("2026-12-01"), day("2026-12-31"))]
        ))
    );
}

#[test]
fn errors_point_at_the_word_at_fault() {
    let table = [
        ("age>10", "10", "say the unit: 10d"),
        ("flow<soon", "soon", "whole number with a unit"),
        ("a phase:creat", "creat", "ideate, create, release, operate"),
        ("class=wait", "wait", "backlog, queue, active, done"),
        ("state:open", "open", "in_progress"),
        ("condition:bad", "bad", "blocked, stale, ageing, fine"),
        ("is:open", "open", "known are"),
        ("created:soon", "soon", "2026-03-01"),
        ("created:2026-02-30", "2026-02-30", "2026-03-01"),
        (
            "created:2026-03..2026-01",
            "2026-03..2026-01",
            "ends before",
        ),
        ("pace>high", "high", "number"),
        ("stage>review", "stage>", "use : or ~"),
        ("age~5d", "age~", "use :, <"),
        ("blocked>3", "blocked>", "yes or no"),
        ("blocked:maybe", "maybe", "yes or no"),
        ("team:", "", "value is missing"),
        ("team in (a b)", "", "values with spaces stand in quotes"),
        ("(a or b", "(", "not closed"),
        ("a)", ")", "no bracket is open"),
        ("a, b", ",", "commas stand between values"),
        ("\"open", "\"open", "not closed"),
        ("a or", "", "condition is missing"),
        ("a and or b", "or", "in quotes"),
        ("not", "", "condition is missing"),
        ("()", ")", "no place"),
        (">5", ">", "field's name is missing"),
        ("status:Done(old)", "Done", "quotes"),
    ];
    for (given, at, says) in table {
        let error = parse(given).expect_err(given);
        assert_eq!(&given[error.span.clone()], at, "{given}: {error}");
        assert!(error.to_string().contains(says), "{given}: {error}");
    }
}

#[test]
fn errors_are_marked_below_the_query() {
    let query = "ä age>10 team:pay";
    let marked = parse(query).unwrap_err().marked(query);
    let wanted = "ä age>10 team:pay\n      ^^ \"10\" is no duration; say the unit: \
                  10d for days, 10h for hours";
    assert_eq!(marked, wanted);
    let marked = parse("team:").unwrap_err().marked("team:");
    assert!(
        marked.starts_with("team:\n     ^ a value is missing here"),
        "{marked}"
    );
}

#[test]
fn rules_of_a_stream_look_only_at_what_is_recorded() {
    assert!(parse_recorded("type = Bug and label~debt and flagged and status:X").is_ok());
    for (given, at) in [
        ("type:Bug stage:Review", "stage"),
        ("blocked", "blocked"),
        ("is:done", "done"),
        ("-(a age>5d)", "age"),
        ("has:phase", "phase"),
    ] {
        let error = parse_recorded(given).expect_err(given);
        assert_eq!(&given[error.span], at);
    }
}

#[test]
fn deep_nesting_is_refused() {
    let deep = format!("{}a{}", "(".repeat(5_000), ")".repeat(5_000));
    assert!(parse(&deep).is_err());
    assert!(parse(&"-".repeat(5_000)).is_err());
    assert!(parse(&format!("{}a", "not ".repeat(5_000))).is_err());
}

#[test]
fn completions_follow_the_cursor() {
    let names = |query: &str| match complete(query, query.len()).wanted {
        Wanted::Name(names) => names,
        Wanted::Value { field, .. } => panic!("{query} wants a value of {field:?}"),
    };
    assert_eq!(
        names("sta"),
        ["stage", "stale", "started", "state", "status"]
    );
    assert!(names("team:a ").contains(&"stage"));
    assert_eq!(names("a (-ph"), ["phase"]);
    let values = |query: &str| match complete(query, query.len()).wanted {
        Wanted::Value { field, known } => (field, known),
        Wanted::Name(names) => panic!("{query} wants a name of {names:?}"),
    };
    assert_eq!(values("phase:cr"), (Field::Phase, vec!["create"]));
    assert_eq!(values("a team:").0, custom(fact::TEAM));
    assert_eq!(values("type in (Story, B").0, custom(fact::TYPE));
    assert_eq!(complete("a team:\"in", 10).replace, 7..10);
    assert_eq!(complete("ä", 1).replace, 0..0);
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z][a-zA-Z0-9_-]{0,8}",
        "\\PC{0,10}",
        Just("and".to_owned()),
        Just("blocked".to_owned()),
        Just("2026-01..2026-02".to_owned()),
        Just("5".to_owned()),
    ]
}

fn any_op() -> impl Strategy<Value = Op> {
    prop::sample::select(vec![Op::Is, Op::Less, Op::AtMost, Op::More, Op::AtLeast])
}

fn any_day() -> impl Strategy<Value = Day> {
    (0..70_000_i32).prop_map(Day)
}

fn any_days() -> impl Strategy<Value = Value> {
    prop_oneof![
        any_day().prop_map(Value::Day),
        (any_day(), 0..900_i32).prop_map(|(first, length)| Value::Days(first, first.plus(length))),
    ]
}

fn any_number() -> impl Strategy<Value = Value> {
    prop_oneof![
        (-1000.0..1000.0).prop_map(Value::Number),
        (0..100_i32).prop_map(|number| Value::Number(f64::from(number))),
    ]
}

fn tests_of(
    fields: Vec<Field>,
    op: impl Strategy<Value = Op>,
    value: impl Strategy<Value = Value>,
) -> impl Strategy<Value = Rule> {
    let values = prop::collection::vec(value, 1..4);
    (prop::sample::select(fields), op, values)
        .prop_map(|(field, op, values)| test(field, op, values))
}

fn any_test() -> impl Strategy<Value = Rule> {
    let textual = || prop::sample::select(vec![Op::Is, Op::Contains]);
    let facts = prop_oneof![
        any_text(),
        Just("team".to_owned()),
        Just("Stage".to_owned())
    ]
    .prop_filter("a fact that weir reads as days", |name| name != fact::DUE);
    let texts = vec![
        Field::Status,
        Field::Source,
        Field::Text,
        Field::Stage,
        Field::Kind,
    ];
    let days = vec![
        Field::Created,
        Field::Started,
        Field::Finished,
        custom(fact::DUE),
    ];
    let states = prop::sample::select(super::field::STATES.to_vec()).prop_map(text);
    prop_oneof![
        tests_of(texts, textual(), any_text().prop_map(Value::Text)),
        tests_of(vec![Field::State], Just(Op::Is), states),
        tests_of(
            vec![Field::Phase],
            Just(Op::Contains),
            any_text().prop_map(Value::Text)
        ),
        tests_of(days, any_op(), any_days()),
        tests_of(
            vec![Field::Age, Field::Flow],
            any_op(),
            (0..i64::from(u32::MAX)).prop_map(Value::Span)
        ),
        tests_of(
            vec![Field::Pace, Field::AssigneeCount],
            any_op(),
            any_number()
        ),
        (facts.clone(), textual(), any_text()).prop_map(|(name, op, value)| test(
            custom(&name),
            op,
            vec![text(&value)]
        )),
        (
            facts.clone(),
            any_op().prop_filter("ordered", |op| *op != Op::Is),
            any_text()
        )
            .prop_map(|(name, op, value)| test(custom(&name), op, vec![text(&value)])),
        (facts.clone(), any_number()).prop_map(|(name, n)| test(custom(&name), Op::More, vec![n])),
        (facts.clone(), any_days()).prop_map(|(name, n)| test(custom(&name), Op::Less, vec![n])),
        facts.prop_map(|name| flag(custom(&name))),
        prop::sample::select(vec![Field::Blocked, Field::Stale, Field::Stage, Field::Age])
            .prop_map(flag),
    ]
}

fn any_rule() -> impl Strategy<Value = Rule> {
    any_test().prop_recursive(4, 24, 4, |inner| {
        let parts = prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            inner.prop_map(not),
            parts.clone().prop_map(Rule::All),
            parts.prop_map(Rule::Any),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(rule in any_rule()) {
        let written = to_text(&rule);
        prop_assert_eq!(parse(&written), Ok(rule), "{}", written);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,40}", cursor in 0..60_usize) {
        match parse(&text) {
            Ok(rule) => prop_assert_eq!(parse(&to_text(&rule)), Ok(rule)),
            Err(error) => prop_assert!(text.get(error.span).is_some()),
        }
        prop_assert!(text.get(complete(&text, cursor).replace).is_some());
    }

    #[test]
    fn any_run_of_tokens_is_read_or_refused(
        tokens in prop::collection::vec(
            prop::sample::select(vec![
                "a", "age", "team", "and", "or", "not", "in", "is", "has", ":", "=", "!", "!=", "~",
                "<", ">=", "(", ")", ",", "\"", "\"x y\"", "-", " ", " ", "5d", "2026-01", "..",
                "blocked", "\\", "ä",
            ]),
            0..14,
        ),
    ) {
        let text = tokens.concat();
        match parse(&text) {
            Ok(rule) => prop_assert_eq!(parse(&to_text(&rule)), Ok(rule)),
            Err(error) => prop_assert!(text.get(error.span).is_some(), "{}", text),
        }
        let completions = complete(&text, text.len());
        prop_assert!(text.get(completions.replace).is_some());
    }
}

/// The page on filters speaks of every field and flag, and all that it shows can be read.
#[test]
fn the_page_on_filters_is_whole_and_right() {
    let page = include_str!("../../docs/filters.md");
    for name in super::field::names() {
        assert!(page.contains(&format!("`{name}`")), "{name}");
    }
    let shown = page.split("```").nth(1).unwrap();
    for query in shown.lines().skip(1).filter(|line| !line.is_empty()) {
        assert!(parse(query).is_ok(), "{query}");
    }
    let terms = page.split("## Fields").next().unwrap();
    for row in terms.lines().filter(|line| line.starts_with("| `")) {
        let written = row.split('|').nth(1).unwrap();
        let queries = written.split('`').skip(1).step_by(2);
        for query in queries.filter(|query| !query.ends_with('=') && *query != "<") {
            assert!(parse(query).is_ok(), "{query}");
        }
    }
}
