use super::{Part, Query, StatusBy};

fn read(text: &str) -> Query {
    Query::read(text).unwrap()
}

#[test]
fn words_become_conditions() {
    let query = read(
        r#"project:Pay area:"Pay\\Cards" area:"Pay\It's" type in (Bug, "User Story") tag = new"#,
    );
    assert_eq!(
        query.conditions(),
        [
            "[System.TeamProject] IN ('Pay')",
            "[System.WorkItemType] IN ('Bug', 'User Story')",
            r"([System.AreaPath] UNDER 'Pay\Cards' OR [System.AreaPath] UNDER 'Pay\It''s')",
            "([System.Tags] CONTAINS 'new')",
        ]
    );
    assert_eq!(query.project(), Some("Pay"));
}

#[test]
fn a_clause_of_wiql_stands_alone_or_behind_where() {
    for text in [
        "[System.Id] > 5 OR [System.Id] = 2",
        "([System.Id] > 5)",
        "NOT [System.Id] = 7",
    ] {
        assert_eq!(read(text).conditions(), [format!("({text})")]);
    }
    let query = read("project in (A, B) WHERE [System.Title] CONTAINS 'order by me)'");
    assert_eq!(
        query.conditions(),
        [
            "[System.TeamProject] IN ('A', 'B')",
            "([System.Title] CONTAINS 'order by me)')"
        ]
    );
    assert_eq!(query.project(), None);
}

#[test]
fn nothing_said_is_all_work_items() {
    let query = read("  ");
    assert!(query.conditions().is_empty());
    assert!(query.reads(Part::Items) && !query.reads(Part::Pulls));
    let query = read("read in (pull-requests, Builds)");
    assert!(!query.reads(Part::Items) && query.reads(Part::Pulls) && query.reads(Part::Builds));
}

#[test]
fn the_status_may_be_a_column() {
    assert_eq!(read("status:state").status, StatusBy::State);
    let column = |name: &str| StatusBy::Column(name.to_owned());
    assert_eq!(
        read("status:board-column").status,
        column("System.BoardColumn")
    );
    let field = "WEF_1F2E_Kanban.Column";
    assert_eq!(read(&format!("status:{field}")).status, column(field));
}

#[test]
fn what_cannot_be_meant_is_refused_with_a_hint() {
    for (text, hint) in [
        ("projct:Pay", "did you mean \"project\"?"),
        ("state:New", "filter the stream"),
        ("colour:red", "the words are project"),
        ("read:commits", "what can be read: items"),
        ("Pay", "words are written pay:value"),
        ("type in (Bug", "type in (Bug"),
        ("area:\"Pay", "close it"),
        ("project:", "words are written project:value"),
        ("SELECT [System.Id] FROM WorkItems", "behind WHERE"),
        ("where [System.Id] > 5 ORDER BY [System.Id]", "ORDER BY"),
        ("[System.Id] > 5) OR ([System.Id] < 3", "parenthes"),
        ("[System.Title] = 'a", "quote"),
        ("[System.Id] > 5 ASOF '2020-01-01'", "ASOF"),
    ] {
        let fault = Query::read(text).unwrap_err();
        assert!(
            fault.hint().contains(hint) || fault.to_string().contains(hint),
            "{text}: {fault} {}",
            fault.hint()
        );
    }
}
