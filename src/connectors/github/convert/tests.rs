//! Histories written by hand, in GitHub's shapes.

use serde_json::{Value, json};

use super::super::super::facts::FactMap;
use super::super::super::story::Story;
use super::{Brought, Found, Reader, Run};
use crate::model::event::{Change, Event};
use crate::model::time::Millis;

const DAY: &str = "2026-11-02T";

/// An instant of the day, from hours and minutes.
fn at(time: &str) -> String {
    format!("{DAY}{time}:00Z")
}

/// An event of a timeline.
fn event(what: &str, time: &str, more: impl Into<Value>) -> Value {
    let mut event =
        json!({"__typename": what, "id": format!("{what}-{time}"), "createdAt": at(time)});
    event
        .as_object_mut()
        .unwrap()
        .extend(more.into().as_object().unwrap().clone());
    event
}

fn thing(what: &str, more: impl Into<Value>, events: &[Value]) -> Value {
    let mut thing = json!({
        "__typename": what, "id": "N", "number": 12, "title": "Round up", "createdAt": at("08:00"),
        "updatedAt": at("20:00"), "url": "https://github.com/acme/pay/issues/12",
        "author": {"login": "ann"}, "repository": {"databaseId": 9, "nameWithOwner": "acme/pay"},
        "labels": {"nodes": []}, "assignees": {"nodes": []},
        "timelineItems": {"nodes": events},
    });
    thing
        .as_object_mut()
        .unwrap()
        .extend(more.into().as_object().unwrap().clone());
    thing
}

fn issue(state: &str, events: &[Value]) -> Value {
    thing("Issue", json!({"issueState": state}), events)
}

fn pull(state: &str, more: impl Into<Value>, events: &[Value]) -> Value {
    let mut pull = thing(
        "PullRequest",
        json!({"pullState": state, "isDraft": false}),
        events,
    );
    pull.as_object_mut()
        .unwrap()
        .extend(more.into().as_object().unwrap().clone());
    pull
}

struct Setting {
    facts: FactMap,
    incidents: Vec<String>,
    board: Option<&'static str>,
}

impl Setting {
    fn plain() -> Self {
        Self::with(&[])
    }

    fn with(fields: &[(&str, &str)]) -> Self {
        let fields = fields
            .iter()
            .map(|(field, fact)| ((*field).to_owned(), (*fact).to_owned()));
        Self {
            facts: FactMap::new(&fields.collect()),
            incidents: vec!["incident".to_owned()],
            board: None,
        }
    }

    fn on_board() -> Self {
        Self {
            board: Some("P"),
            ..Self::plain()
        }
    }

    fn reader(&self) -> Reader<'_> {
        Reader {
            facts: &self.facts,
            lone: Some("acme/pay"),
            incidents: &self.incidents,
            board: self.board,
        }
    }

    fn story(&self, node: Value, item: Option<Value>) -> Story {
        let found = Found {
            node,
            kind: None,
            item,
            read: None,
        };
        let story = self.reader().story("9#12", &found);
        assert_unique(&story);
        story
    }
}

/// No event may hide another.
fn assert_unique(story: &Story) {
    let mut ids: Vec<&str> = events(story)
        .iter()
        .map(|event| event.id.as_str())
        .collect();
    ids.sort_unstable();
    let count = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), count, "{ids:?}");
}

fn events(story: &Story) -> Vec<&Event> {
    let mut events: Vec<&Event> = story.history.as_ref().unwrap().events.iter().collect();
    events.sort_by_key(|event| (event.at, event.seq));
    events
}

fn time(at: Millis) -> String {
    let text = at.rfc3339();
    text[11..16].to_owned()
}

/// "08:00 open, 09:00 ~Doing": approximate ones with a tilde.
fn statuses(story: &Story) -> String {
    let told = events(story).into_iter().filter_map(|event| {
        let status = match &event.change {
            Change::Created { status } => status.as_ref()?,
            Change::Moved { to } => to,
            _ => return None,
        };
        let about = if event.approximate { "~" } else { "" };
        Some(format!("{} {about}{status}", time(event.at)))
    });
    told.collect::<Vec<_>>().join(", ")
}

/// "08:00 x, 09:00 -": the values of a fact.
fn values(story: &Story, name: &str) -> String {
    let told = events(story)
        .into_iter()
        .filter_map(|event| match &event.change {
            Change::Set { fact, new, .. } if fact == name => {
                let value = new.as_deref().unwrap_or("-").replace('\u{1f}', "+");
                let about = if event.approximate { "~" } else { "" };
                Some(format!("{} {about}{value}", time(event.at)))
            }
            _ => None,
        });
    told.collect::<Vec<_>>().join(", ")
}

fn links(story: &Story) -> String {
    let told = events(story)
        .into_iter()
        .filter_map(|event| match &event.change {
            Change::Linked { kind, to } => Some(format!("{} {kind} {to}", time(event.at))),
            Change::Unlinked { kind, to } => Some(format!("{} not {kind} {to}", time(event.at))),
            _ => None,
        });
    told.collect::<Vec<_>>().join(", ")
}

#[test]
fn an_issue_is_open_and_closed_for_a_reason() {
    let node = issue(
        "CLOSED",
        &[
            event(
                "ClosedEvent",
                "10:00",
                json!({"stateReason": "NOT_PLANNED"}),
            ),
            event("ReopenedEvent", "11:00", json!({})),
            event("ClosedEvent", "12:00", json!({"stateReason": "COMPLETED"})),
        ],
    );
    let story = Setting::plain().story(node, None);
    assert_eq!(
        statuses(&story),
        "08:00 open, 10:00 closed, 11:00 open, 12:00 closed"
    );
    assert_eq!(
        values(&story, "resolution"),
        "10:00 not planned, 11:00 -, 12:00 completed"
    );
    assert_eq!(values(&story, "type"), "08:00 issue");
    assert_eq!(values(&story, "key"), "08:00 #12");
    assert_eq!(values(&story, "project"), "08:00 acme/pay");
    assert_eq!(story.oddities, []);
}

#[test]
fn what_was_closed_without_a_trace_was_closed_when_it_says() {
    let mut node = issue("CLOSED", &[]);
    node["closedAt"] = json!(at("15:00"));
    let story = Setting::plain().story(node, None);
    assert_eq!(statuses(&story), "08:00 open, 15:00 closed");
}

#[test]
fn labels_come_and_go_and_may_mean_facts() {
    let label = |name: &str| json!({"label": {"name": name}});
    let mut node = issue(
        "OPEN",
        &[
            event("LabeledEvent", "09:00", label("priority/high")),
            event("LabeledEvent", "10:00", label("Blocked")),
            event("UnlabeledEvent", "11:00", label("Blocked")),
            event("UnlabeledEvent", "12:00", label("priority/high")),
            event("LabeledEvent", "12:00", label("priority/low")),
        ],
    );
    // An event of the same instant needs an id of its own.
    node["timelineItems"]["nodes"][4]["id"] = json!("other");
    node["labels"] = json!({"nodes": [{"name": "api"}, {"name": "priority/low"}]});
    let story = Setting::with(&[("label:priority/", "priority")]).story(node, None);
    assert_eq!(
        values(&story, "label"),
        "08:00 api, 09:00 api+priority/high, 10:00 Blocked+api+priority/high, \
         11:00 api+priority/high, 12:00 api, 12:00 api+priority/low"
    );
    assert_eq!(values(&story, "priority"), "09:00 high, 12:00 -, 12:00 low");
    assert_eq!(values(&story, "flagged"), "10:00 true, 11:00 -");
}

#[test]
fn people_milestones_titles_parents_and_repositories_have_histories() {
    let whom = |login: &str| json!({"assignee": {"login": login}});
    let parent =
        |number: u64| json!({"parent": {"number": number, "repository": {"databaseId": 9}}});
    let mut node = issue(
        "OPEN",
        &[
            event("AssignedEvent", "09:00", whom("eve")),
            event("UnassignedEvent", "10:00", whom("ann")),
            event("MilestonedEvent", "10:10", json!({"milestoneTitle": "1.0"})),
            event(
                "DemilestonedEvent",
                "10:20",
                json!({"milestoneTitle": "1.0"}),
            ),
            event("MilestonedEvent", "10:30", json!({"milestoneTitle": "2.0"})),
            event(
                "RenamedTitleEvent",
                "10:40",
                json!({"previousTitle": "Round", "currentTitle": "Round up"}),
            ),
            event("ParentIssueAddedEvent", "10:50", parent(3)),
            event("ParentIssueRemovedEvent", "10:55", parent(3)),
            event("ParentIssueAddedEvent", "10:56", parent(4)),
            event(
                "TransferredEvent",
                "11:00",
                json!({"fromRepository": {"nameWithOwner": "acme/old"}}),
            ),
        ],
    );
    node["assignees"] = json!({"nodes": [{"login": "eve"}]});
    node["milestone"] = json!({"title": "2.0", "dueOn": "2026-12-24T00:00:00Z"});
    node["parent"] = json!({"number": 4, "repository": {"databaseId": 9}});
    let story = Setting::plain().story(node, None);
    assert_eq!(
        values(&story, "assignee"),
        "08:00 ann, 09:00 ann+eve, 10:00 eve"
    );
    assert_eq!(values(&story, "milestone"), "10:10 1.0, 10:20 -, 10:30 2.0");
    assert_eq!(values(&story, "due"), "10:30 ~2026-12-24");
    assert_eq!(values(&story, "title"), "08:00 Round, 10:40 Round up");
    assert_eq!(values(&story, "parent"), "10:50 9#3, 10:55 -, 10:56 9#4");
    assert_eq!(values(&story, "project"), "08:00 acme/old, 11:00 acme/pay");
    assert_eq!(values(&story, "author"), "08:00 ann");
}

#[test]
fn ties_are_told_once_and_by_their_kind() {
    let from = |number: u64| json!({"__typename": "PullRequest", "number": number, "repository": {"databaseId": 9}});
    let own = json!({"__typename": "Issue", "number": 12, "repository": {"databaseId": 9}});
    let node = issue(
        "OPEN",
        &[
            event(
                "CrossReferencedEvent",
                "09:00",
                json!({"willCloseTarget": true, "source": from(20)}),
            ),
            event(
                "CrossReferencedEvent",
                "09:30",
                json!({"willCloseTarget": true, "source": from(20)}),
            ),
            event(
                "CrossReferencedEvent",
                "10:00",
                json!({"willCloseTarget": false, "source": from(21)}),
            ),
            event(
                "CrossReferencedEvent",
                "10:10",
                json!({"willCloseTarget": false, "source": null}),
            ),
            event(
                "ConnectedEvent",
                "11:00",
                json!({"source": own, "subject": from(22)}),
            ),
            event(
                "DisconnectedEvent",
                "12:00",
                json!({"source": from(22), "subject": own}),
            ),
            event("MarkedAsDuplicateEvent", "13:00", json!({"canonical": own})),
            event(
                "MarkedAsDuplicateEvent",
                "14:00",
                json!({"canonical": from(5)}),
            ),
        ],
    );
    let story = Setting::plain().story(node, None);
    assert_eq!(
        links(&story),
        "09:00 closed by 9#20, 10:00 mentioned by 9#21, 11:00 connected 9#22, \
         12:00 not connected 9#22, 14:00 duplicates 9#5"
    );
}

#[test]
fn an_issue_with_the_label_is_an_incident_from_first_to_last() {
    let node = issue(
        "CLOSED",
        &[
            event(
                "LabeledEvent",
                "08:10",
                json!({"label": {"name": "Incident"}}),
            ),
            event("ClosedEvent", "10:00", json!({"stateReason": null})),
            event(
                "UnlabeledEvent",
                "10:30",
                json!({"label": {"name": "Incident"}}),
            ),
            event("ReopenedEvent", "11:00", json!({})),
            event("ClosedEvent", "12:00", json!({"stateReason": null})),
        ],
    );
    let story = Setting::plain().story(node, None);
    let told: Vec<String> = events(&story)
        .into_iter()
        .filter_map(|event| match event.change {
            Change::IncidentOpened => Some(format!("{} opened", time(event.at))),
            Change::IncidentResolved => Some(format!("{} resolved", time(event.at))),
            _ => None,
        })
        .collect();
    assert_eq!(
        told,
        [
            "08:00 opened",
            "10:00 resolved",
            "11:00 opened",
            "12:00 resolved"
        ]
    );
    assert_eq!(values(&story, "type"), "08:00 incident");
}

fn review(who: &str, time: &str, state: &str, id: &str) -> Value {
    json!({"__typename": "PullRequestReview", "id": id, "submittedAt": at(time),
           "author": {"login": who}, "reviewState": state})
}

fn asked(what: &str, time: &str, who: &str) -> Value {
    event(what, time, json!({"requestedReviewer": {"login": who}}))
}

#[test]
fn a_pull_request_goes_from_draft_to_merged() {
    let node = pull(
        "MERGED",
        json!({"mergedAt": at("17:00"), "mergeCommit": {"oid": "abc"}}),
        &[
            event("ReadyForReviewEvent", "09:00", json!({})),
            asked("ReviewRequestedEvent", "09:30", "bob"),
            review("ann", "09:40", "COMMENTED", "r0"),
            review("bob", "10:00", "CHANGES_REQUESTED", "r1"),
            asked("ReviewRequestedEvent", "12:00", "bob"),
            review("bob", "13:00", "APPROVED", "r2"),
            event("ClosedEvent", "16:59", json!({})),
            event("MergedEvent", "17:00", json!({})),
        ],
    );
    let story = Setting::plain().story(node, None);
    assert_eq!(
        statuses(&story),
        "08:00 draft, 09:00 open, 09:30 review, 10:00 changes requested, 12:00 review, \
         13:00 approved, 17:00 merged"
    );
    assert_eq!(values(&story, "type"), "08:00 pull request");
    assert_eq!(values(&story, "sha"), "17:00 abc");
    assert_eq!(story.oddities, []);
}

#[test]
fn one_who_wants_changes_outweighs_one_who_approves_until_dismissed() {
    let node = pull(
        "OPEN",
        json!({}),
        &[
            review("bob", "09:00", "APPROVED", "r1"),
            // Dismissed since: only the dismissal says what it had been.
            review("eve", "10:00", "DISMISSED", "r2"),
            event(
                "ReviewDismissedEvent",
                "11:00",
                json!({"previousReviewState": "CHANGES_REQUESTED", "review": {"id": "r2"}}),
            ),
            // A comment is no verdict and takes none back.
            review("bob", "12:00", "COMMENTED", "r3"),
            event("ConvertToDraftEvent", "13:00", json!({})),
            event("ReadyForReviewEvent", "14:00", json!({})),
        ],
    );
    let story = Setting::plain().story(node, None);
    assert_eq!(
        statuses(&story),
        "08:00 open, 09:00 approved, 10:00 changes requested, 11:00 approved, 13:00 draft, \
         14:00 approved"
    );
}

#[test]
fn a_request_that_is_withdrawn_and_a_review_not_submitted_change_nothing_for_good() {
    let mut pending = review("eve", "09:50", "PENDING", "r1");
    pending["submittedAt"] = Value::Null;
    let node = pull(
        "CLOSED",
        json!({"closedAt": at("18:00")}),
        &[
            asked("ReviewRequestedEvent", "09:00", "bob"),
            asked("ReviewRequestRemovedEvent", "09:30", "bob"),
            pending,
            event("ClosedEvent", "18:00", json!({})),
        ],
    );
    let story = Setting::plain().story(node, None);
    assert_eq!(
        statuses(&story),
        "08:00 open, 09:00 review, 09:30 open, 18:00 closed"
    );
    assert_eq!(story.oddities, []);
}

#[test]
fn a_pull_request_says_where_it_comes_from_and_what_it_closes() {
    let node = pull(
        "OPEN",
        json!({
            "isDraft": true, "headRefName": "PAY-7-round-up", "baseRefName": "main",
            "title": "Round up (#3)",
            "body": "Fixes #34, see acme/app#5, https://github.com/acme/web/issues/6 and OPS-2. \
                     utf-8, not-1a, #x, a#b#1, v1.2-3, #34",
            "closingIssuesReferences": {"nodes": [{"number": 34, "repository": {"databaseId": 9}}]},
        }),
        &[],
    );
    let story = Setting::plain().story(node, None);
    assert_eq!(statuses(&story), "08:00 draft");
    assert_eq!(values(&story, "branch"), "08:00 PAY-7-round-up");
    assert_eq!(values(&story, "base"), "08:00 main");
    assert_eq!(
        values(&story, "mentions"),
        "08:00 #3+#34+OPS-2+PAY-7+acme/app#5+acme/web#6"
    );
    assert_eq!(links(&story), "08:00 closes 9#34");
}

fn moved(time: &str, project: &str, from: &str, to: &str) -> Value {
    event(
        "ProjectV2ItemStatusChangedEvent",
        time,
        json!({"previousStatus": from, "status": to, "project": {"id": project}}),
    )
}

fn value(field: &str, set: impl Into<Value>, created: &str, updated: &str) -> Value {
    let mut value = json!({"__typename": "any", "field": {"name": field},
                           "createdAt": at(created), "updatedAt": at(updated)});
    value
        .as_object_mut()
        .unwrap()
        .extend(set.into().as_object().unwrap().clone());
    value
}

fn item(values: &[Value]) -> Value {
    json!({"updatedAt": at("19:00"), "createdAt": at("08:30"), "fieldValues": {"nodes": values}})
}

#[test]
fn the_boards_own_moves_count_and_no_other_boards() {
    let node = issue(
        "CLOSED",
        &[
            event(
                "AddedToProjectV2Event",
                "08:30",
                json!({"project": {"id": "P"}}),
            ),
            moved("09:00", "P", "", "Todo"),
            moved("09:30", "Q", "", "Elsewhere"),
            moved("10:00", "P", "Todo", "Doing"),
            event("ClosedEvent", "16:00", json!({"stateReason": "COMPLETED"})),
            moved("16:01", "P", "Doing", "Done"),
        ],
    );
    let status = value("Status", json!({"option": "Done"}), "09:00", "16:01");
    let story = Setting::on_board().story(node, Some(item(&[status])));
    assert_eq!(
        statuses(&story),
        "08:00 open, 09:00 Todo, 10:00 Doing, 16:01 Done"
    );
    assert_eq!(values(&story, "resolution"), "16:00 completed");
}

#[test]
fn off_the_board_an_issue_is_open_or_closed_again() {
    let node = issue(
        "CLOSED",
        &[
            moved("09:00", "P", "", "Todo"),
            event("ClosedEvent", "10:00", json!({})),
            event(
                "RemovedFromProjectV2Event",
                "11:00",
                json!({"project": {"id": "P"}}),
            ),
        ],
    );
    let story = Setting::on_board().story(node, None);
    assert_eq!(statuses(&story), "08:00 open, 09:00 Todo, 11:00 closed");
}

#[test]
fn before_github_kept_moves_a_status_is_approximate() {
    let added = event(
        "AddedToProjectV2Event",
        "08:30",
        json!({"project": {"id": "P"}}),
    );
    let node = issue("OPEN", &[added, moved("10:00", "P", "Todo", "Doing")]);
    let story = Setting::on_board().story(node, None);
    assert_eq!(statuses(&story), "08:00 open, 08:30 ~Todo, 10:00 Doing");
    let status = value("Status", json!({"option": "Doing"}), "08:30", "11:00");
    let story = Setting::on_board().story(issue("OPEN", &[]), Some(item(&[status])));
    assert_eq!(statuses(&story), "08:00 open, 11:00 ~Doing");
    let once = value("Status", json!({"option": "Todo"}), "08:30", "08:30");
    let story = Setting::on_board().story(issue("OPEN", &[]), Some(item(&[once])));
    assert_eq!(statuses(&story), "08:00 open, 08:30 Todo");
}

#[test]
fn the_boards_fields_are_facts_since_they_were_set_last() {
    let values_of = [
        value("Priority", json!({"option": "High"}), "09:00", "09:00"),
        value("Estimate", json!({"number": 2.5}), "09:00", "12:00"),
        value("Sprint", json!({"iteration": "Sprint 3"}), "09:10", "09:10"),
        value("Cost centre", json!({"text": "K7"}), "09:20", "09:20"),
        value(
            "Target date",
            json!({"date": "2026-12-24"}),
            "09:30",
            "09:30",
        ),
        value("Other", json!({"text": "x"}), "09:20", "09:20"),
    ];
    let setting = Setting {
        board: Some("P"),
        ..Setting::with(&[("cost centre", "outcome")])
    };
    let story = setting.story(issue("OPEN", &[]), Some(item(&values_of)));
    assert_eq!(values(&story, "priority"), "09:00 High");
    assert_eq!(values(&story, "estimate"), "12:00 ~2.5");
    assert_eq!(values(&story, "iteration"), "09:10 Sprint 3");
    assert_eq!(values(&story, "outcome"), "09:20 K7");
    assert_eq!(values(&story, "due"), "09:30 2026-12-24");
    assert_eq!(values(&story, "Other"), "");
    assert_eq!(story.updated, Millis::parse(&at("20:00")));
}

#[test]
fn a_draft_is_where_it_is() {
    let status = value("Status", json!({"option": "Todo"}), "09:00", "11:00");
    let mut item = item(&[status]);
    item["content"] = json!({"__typename": "DraftIssue", "title": "Idea", "createdAt": at("08:00"),
                             "updatedAt": at("08:00"), "assignees": {"nodes": [{"login": "ann"}]}});
    let setting = Setting::on_board();
    let story = setting.reader().draft("draft.3", &item, None);
    assert_eq!(statuses(&story), "08:00 open, 11:00 ~Todo");
    assert_eq!(values(&story, "type"), "08:00 draft issue");
    assert_eq!(values(&story, "title"), "08:00 Idea");
    assert_eq!(values(&story, "assignee"), "08:00 ann");
}

fn brought(value: Value) -> Brought {
    Brought {
        value,
        repository: "acme/pay".to_owned(),
        pulls: vec!["9#4".to_owned()],
        read: None,
    }
}

#[test]
fn a_deployment_has_statuses_and_brings_pull_requests() {
    let status = |state: &str, time: &str| json!({"id": format!("s{time}"), "state": state, "createdAt": at(time)});
    let value = json!({
        "databaseId": 3, "createdAt": at("09:00"), "updatedAt": at("09:20"),
        "environment": "production", "commitOid": "0123456789", "ref": {"name": "main"},
        // Told in any order.
        "statuses": {"nodes": [status("SUCCESS", "09:20"), status("IN_PROGRESS", "09:05"), null]},
    });
    let story = Setting::plain()
        .reader()
        .deployment("deployment.3", &brought(value));
    assert_unique(&story);
    assert_eq!(
        statuses(&story),
        "09:00 pending, 09:05 in progress, 09:20 success"
    );
    assert_eq!(values(&story, "environment"), "09:00 production");
    assert_eq!(values(&story, "sha"), "09:00 0123456789");
    assert_eq!(values(&story, "title"), "09:00 production 0123456");
    assert_eq!(links(&story), "09:00 deploys 9#4");
    let deployed = events(&story)
        .into_iter()
        .find_map(|event| match &event.change {
            Change::Deployed { environment } => Some((time(event.at), environment.clone())),
            _ => None,
        });
    assert_eq!(
        deployed,
        Some(("09:20".to_owned(), "production".to_owned()))
    );
}

#[test]
fn a_run_is_a_deployment_or_an_incident() {
    let value = json!({
        "id": 5, "name": "Smoke", "run_number": 8, "created_at": at("09:00"), "head_sha": "abc",
        "run_started_at": at("09:01"), "updated_at": at("09:10"), "conclusion": "timed_out",
        "status": "completed", "head_branch": "main", "display_title": "Round up",
    });
    let setting = Setting::plain();
    let run = |value: &Value, run: Run| {
        let story = setting.reader().run("run.5", &brought(value.clone()), &run);
        assert_unique(&story);
        story
    };
    let failed = run(&value, Run::Deployment);
    assert_eq!(
        statuses(&failed),
        "09:00 queued, 09:01 in progress, 09:10 timed out"
    );
    let over = Millis::parse(&at("11:00"));
    let incident = run(&value, Run::Incident { over });
    assert_eq!(statuses(&incident), "09:10 open, 11:00 closed");
    assert_eq!(values(&incident, "type"), "09:10 incident");
    assert_eq!(values(&incident, "key"), "09:10 Smoke 8");
    assert_eq!(incident.updated, over);
    let lasting = run(&value, Run::Incident { over: None });
    assert_eq!(statuses(&lasting), "09:10 open");
}

#[test]
fn what_is_odd_spoils_nothing_else() {
    let odd = [
        json!(null),
        json!(5),
        json!({"__typename": "ClosedEvent"}),
        json!({"createdAt": at("09:00")}),
        json!({"__typename": "LabeledEvent", "createdAt": at("09:10"), "label": 5}),
        json!({"__typename": "Unheard", "createdAt": at("09:20")}),
        event("ClosedEvent", "10:00", json!({"stateReason": 7})),
    ];
    let mut node = issue("CLOSED", &odd);
    node["labels"] = json!([1, 2]);
    node["milestone"] = json!("x");
    node["author"] = Value::Null;
    let story = Setting::plain().story(node.clone(), None);
    assert_eq!(statuses(&story), "08:00 open, 10:00 closed");
    assert_eq!(story.oddities.len(), 3, "{:?}", story.oddities);
    node["createdAt"] = json!("soon");
    let found = Found {
        node,
        kind: None,
        item: None,
        read: None,
    };
    let untold = Setting::plain().reader().story("9#12", &found);
    assert!(untold.history.is_none());
    assert_eq!(untold.oddities.len(), 1);
}
