use std::collections::VecDeque;
use std::io::{Read, Write};
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::stand_in::{Asked, Hurried, Reply, StandIn};
use super::{Http, HttpOptions, Key, Patience, Query, Session};
use crate::connectors::Fault;
use crate::connectors::collected::Collected;

type Made = fn(String) -> Fault;

const SECRET: &str = "0123456789abcdef-the-key";

/// Answers in turn; the last one for ever.
fn in_turn(replies: impl IntoIterator<Item = Reply>) -> StandIn {
    let mut replies: VecDeque<Reply> = replies.into_iter().collect();
    StandIn::new(move |_: &Asked| match replies.len() {
        1 => replies[0].clone(),
        _ => replies.pop_front().unwrap(),
    })
}

/// So long nothing may be heard, where a test does not wait for just that.
const PATIENT: Duration = Duration::from_secs(20);
/// And so long where it does.
const IMPATIENT: Duration = Duration::from_millis(60);

fn http(server: &StandIn, tempo: &Arc<Hurried>) -> Http {
    http_with(server, tempo, PATIENT)
}

fn http_with(server: &StandIn, tempo: &Arc<Hurried>, silence: Duration) -> Http {
    let tempo: Arc<Hurried> = Arc::clone(tempo);
    let options = HttpOptions {
        tempo,
        patience: Patience {
            silence,
            ..Patience::default()
        },
        largest_body: 1_000,
        ..HttpOptions::of(server.url("/"))
    };
    Http::new(&options).unwrap()
}

fn key() -> Key {
    Key::in_header("x-redmine-api-key", SecretString::from(SECRET)).unwrap()
}

/// Asks once, and says what came of it, how often the server was asked and what was waited.
async fn ask(server: &StandIn) -> (Result<Value, Fault>, u64, Vec<u128>) {
    ask_with(server, PATIENT).await
}

async fn ask_with(server: &StandIn, silence: Duration) -> (Result<Value, Fault>, u64, Vec<u128>) {
    let tempo = Hurried::new();
    let http = http_with(server, &tempo, silence);
    let cancel = CancellationToken::new();
    let session: Session<'_> = http.session(key(), &cancel);
    let outcome = session.get(&server.url("/a.json?b=secret")).await;
    let mut sink = Collected::default();
    session.report(&mut sink);
    assert_eq!(sink.requests, server.asked().len() as u64);
    (
        outcome.map(|answer| answer.value),
        sink.requests,
        tempo.waits(),
    )
}

fn fine() -> Reply {
    Reply::json("{\"word\":\"fine\"}")
}

async fn assert_recovers(failure: Reply, waits: &[u128]) {
    let server = in_turn([failure, fine()]);
    let expected = (Ok(json!({"word": "fine"})), 2, waits.to_vec());
    assert_eq!(ask(&server).await, expected);
}

#[tokio::test]
async fn the_key_goes_along_in_its_header() {
    let server = in_turn([fine()]);
    assert_eq!(ask(&server).await, (Ok(json!({"word": "fine"})), 1, vec![]));
    let asked = &server.asked()[0];
    assert_eq!(asked.header("x-redmine-api-key"), Some(SECRET));
    assert_eq!(asked.header("accept"), Some("application/json"));
    assert!(asked.header("user-agent").unwrap().starts_with("weir/"));
}

#[tokio::test]
async fn a_server_that_asks_to_wait_is_left_alone_so_long() {
    assert_recovers(Reply::status(429).with("Retry-After", "7"), &[7_250]).await;
    assert_recovers(Reply::status(503).with("Retry-After", "3"), &[3_250]).await;
    let dated = Reply::status(429)
        .with("Date", "Mon, 23 Nov 2026 09:00:00 GMT")
        .with("Retry-After", "Mon, 23 Nov 2026 09:00:30 GMT");
    assert_recovers(dated, &[30_250]).await;
    assert_recovers(Reply::status(429), &[2_000]).await;
    assert_recovers(Reply::status(429).with("Retry-After", "soon"), &[2_000]).await;
}

#[tokio::test]
async fn a_server_that_asks_to_wait_for_long_is_left_to_the_next_poll() {
    let server = in_turn([Reply::status(429).with("Retry-After", "3600")]);
    let (outcome, requests, waits) = ask(&server).await;
    let fault = Fault::RateLimited {
        place: server.url("/a.json").to_string(),
        retry_after: Some(3_600),
    };
    assert_eq!((outcome, requests, waits), (Err(fault), 1, vec![]));
}

#[tokio::test]
async fn a_server_that_fails_is_asked_again_and_then_given_up() {
    assert_recovers(Reply::status(500), &[500]).await;
    let place = |server: &StandIn| server.url("/a.json").to_string();
    for (status, requests) in [(500, 3), (503, 5), (429, 6)] {
        let server = in_turn([Reply::status(status)]);
        let (outcome, asked, waits) = ask(&server).await;
        assert_eq!(asked, requests, "status {status}");
        assert_eq!(waits.len() as u64, requests - 1);
        let fault = match status {
            429 => Fault::RateLimited {
                place: place(&server),
                retry_after: None,
            },
            status => Fault::Server {
                place: place(&server),
                status,
            },
        };
        assert_eq!(outcome, Err(fault));
    }
}

#[tokio::test]
async fn what_asking_again_cannot_mend_is_asked_once() {
    let place = |server: &StandIn| server.url("/a.json").to_string();
    let table: [(u16, Made); 4] = [
        (401, |place| Fault::Unauthorized { place }),
        (403, |place| Fault::Forbidden { place }),
        (404, |place| Fault::NotFound { place }),
        (422, |place| Fault::BadAnswer {
            place,
            why: "status 422: \"[\"Filter is invalid\"]\"".to_owned(),
        }),
    ];
    for (status, fault) in table {
        let server = in_turn([Reply::status(status).body(b"[\"Filter is invalid\"]".to_vec())]);
        let expected = (Err(fault(place(&server))), 1, vec![]);
        assert_eq!(ask(&server).await, expected);
    }
}

#[tokio::test]
async fn a_cut_connection_is_tried_again_and_then_said() {
    assert_recovers(Reply::Cut, &[500]).await;
    let (outcome, requests, _) = ask(&in_turn([Reply::Cut])).await;
    assert_eq!(requests, 4);
    let said = outcome.unwrap_err().to_string();
    assert!(said.contains("the connection was cut"), "{said}");
}

#[tokio::test]
async fn a_silent_server_is_not_waited_for() {
    let (outcome, requests, _) = ask_with(&in_turn([Reply::Silence]), IMPATIENT).await;
    assert_eq!(requests, 3);
    let said = outcome.unwrap_err().to_string();
    assert!(said.contains("nothing came for 60ms"), "{said}");
}

#[tokio::test]
async fn a_closed_door_is_said() {
    let server = in_turn([fine()]);
    let tempo = Hurried::new();
    let http = http(&server, &tempo);
    // A port that nobody listens on: it was just given back.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", free.local_addr().unwrap())
        .parse()
        .unwrap();
    drop(free);
    let cancel = CancellationToken::new();
    let outcome = http.session(key(), &cancel).get::<Value>(&url).await;
    let said = outcome.unwrap_err().to_string();
    assert!(said.contains("refused"), "{said}");
    assert_eq!(tempo.waits(), [1_000, 2_000]);
}

#[tokio::test]
async fn a_page_instead_of_json_is_said_in_its_words() {
    let page = format!("<html><title>Sign in</title><p>{SECRET}</p></html>");
    let (outcome, requests, _) = ask(&in_turn([Reply::html(&page)])).await;
    let said = outcome.unwrap_err().to_string();
    assert!(
        said.ends_with("expected JSON, got text/html: \"Sign in …\""),
        "{said}"
    );
    assert_eq!(requests, 1);
}

#[tokio::test]
async fn half_a_letter_costs_that_letter_alone() {
    let cut = Reply::json("{\"word\": \"cut \\ud83d\"}".to_owned());
    let (outcome, _, _) = ask(&in_turn([cut])).await;
    assert_eq!(outcome, Ok(json!({"word": "cut \u{fffd}"})));
}

#[tokio::test]
async fn no_fault_tells_the_key_or_the_query() {
    let server = in_turn([Reply::json(format!("\"{SECRET}\""))]);
    let http = http(&server, &Hurried::new());
    let cancel = CancellationToken::new();
    let session = http.session(key(), &cancel);
    let outcome = session
        .get::<u64>(&server.url("/a.json?key=querysecret"))
        .await;
    let said = format!("{:?}", outcome.unwrap_err());
    assert!(said.contains("string \\\"…\\\", expected u64"), "{said}");
    assert!(!said.contains("querysecret"), "{said}");
}

#[tokio::test]
async fn a_redirect_on_the_same_host_is_followed_and_counted() {
    let there = Reply::status(302).with("Location", "/moved.json");
    let server = in_turn([there.clone(), fine()]);
    assert_eq!(ask(&server).await, (Ok(json!({"word": "fine"})), 2, vec![]));
    assert_eq!(server.paths(), ["/a.json", "/moved.json"]);
    let (outcome, requests, _) = ask(&in_turn([there])).await;
    let said = outcome.unwrap_err().to_string();
    assert!(said.ends_with("it redirects in circles"), "{said}");
    assert_eq!(requests, 6);
}

#[tokio::test]
async fn another_host_never_hears_of_the_key() {
    let other = in_turn([fine()]);
    let elsewhere = other.url("/steal?with=query").to_string();
    let server = in_turn([Reply::status(301).with("Location", &elsewhere)]);
    let (outcome, requests, _) = ask(&server).await;
    let said = outcome.unwrap_err().to_string();
    assert!(said.contains("where the key is not sent"), "{said}");
    assert!(!said.contains("query"), "{said}");
    assert_eq!((requests, other.asked().len()), (1, 0));
}

#[tokio::test]
async fn an_answer_is_bounded() {
    let long = format!("\"{}\"", "a".repeat(1_000));
    let (outcome, _, _) = ask(&in_turn([Reply::json(long)])).await;
    let said = outcome.unwrap_err().to_string();
    assert!(
        said.ends_with("more than 1000 bytes in one answer"),
        "{said}"
    );
}

#[tokio::test]
async fn a_packed_answer_is_unpacked() {
    // {"word":"packed"}
    let packed = vec![
        31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 171, 86, 42, 207, 47, 74, 81, 178, 82, 42, 72, 76, 206,
        78, 77, 81, 170, 5, 0, 220, 73, 179, 24, 17, 0, 0, 0,
    ];
    let reply = Reply::json("")
        .with("Content-Encoding", "gzip")
        .body(packed);
    let (outcome, _, _) = ask(&in_turn([reply])).await;
    assert_eq!(outcome, Ok(json!({"word": "packed"})));
}

#[tokio::test]
async fn an_answer_that_still_holds_is_not_sent_again() {
    let named = fine().with("ETag", "\"a1\"");
    let server = in_turn([named, Reply::status(304), Reply::status(304), fine()]);
    let http = http(&server, &Hurried::new());
    let cancel = CancellationToken::new();
    let session = http.session(key(), &cancel);
    for _ in 0..4 {
        let answer = session.get::<Value>(&server.url("/a.json")).await.unwrap();
        assert_eq!(answer.value, json!({"word": "fine"}));
    }
    let asked = server.asked();
    let names: Vec<_> = asked
        .iter()
        .map(|asked| asked.header("if-none-match"))
        .collect();
    assert_eq!(
        names,
        [None, Some("\"a1\""), Some("\"a1\""), Some("\"a1\"")]
    );
    // The last answer had no name, so the next is asked for in full.
    let _ = session.get::<Value>(&server.url("/a.json")).await;
    assert_eq!(server.asked()[4].header("if-none-match"), None);
}

#[tokio::test]
async fn a_question_is_posted_with_its_body() {
    let server = in_turn([Reply::status(503), fine()]);
    let http = http(&server, &Hurried::new());
    let cancel = CancellationToken::new();
    let session = http.session(key(), &cancel);
    let body = json!({"ids": [1, 2]});
    let answer = session.post::<Value>(&server.url("/bulk"), &body).await;
    assert_eq!(answer.unwrap().value, json!({"word": "fine"}));
    for asked in server.asked() {
        assert_eq!(
            (asked.method.as_str(), asked.json()),
            ("POST", body.clone())
        );
        assert_eq!(asked.header("content-type"), Some("application/json"));
    }
}

async fn ask_graphql(
    replies: impl IntoIterator<Item = Reply>,
) -> (Result<Value, Fault>, Vec<u128>) {
    let server = in_turn(replies);
    let tempo = Hurried::new();
    let http = http(&server, &tempo);
    let cancel = CancellationToken::new();
    let session = http.session(key(), &cancel);
    let query = Query {
        text: "query($n: Int) { a(first: $n) { b } }",
        variables: json!({"n": 3}),
    };
    let outcome = session.graphql(&server.url("/graphql"), &query).await;
    let asked = server.asked()[0].json();
    assert_eq!(asked, json!({"query": query.text, "variables": {"n": 3}}));
    (outcome.map(|answer| answer.value), tempo.waits())
}

fn complaint(name: &Value) -> Reply {
    let mut error = json!({"message": "no such thing"});
    error
        .as_object_mut()
        .unwrap()
        .extend(name.as_object().unwrap().clone());
    Reply::json(json!({"data": null, "errors": [error]}).to_string())
}

#[tokio::test]
async fn an_answer_in_graphql_is_its_data() {
    let data = json!({"data": {"a": 1}, "errors": [{"message": "b may not be seen"}]});
    let (outcome, _) = ask_graphql([Reply::json(data.to_string())]).await;
    assert_eq!(outcome, Ok(json!({"a": 1})));
    let (outcome, _) = ask_graphql([Reply::json("{}")]).await;
    assert!(outcome.unwrap_err().to_string().ends_with("holds no data"));
}

#[tokio::test]
async fn an_error_in_graphql_is_a_fault_of_its_kind() {
    let coded = |code: &str| json!({"extensions": {"code": code}});
    let cases = [
        (json!({"type": "NOT_FOUND"}), "is not there"),
        (
            json!({"type": "FORBIDDEN"}),
            "does not let this key read it",
        ),
        (
            json!({"type": "INSUFFICIENT_SCOPES"}),
            "does not let this key read it",
        ),
        (coded("AUTHENTICATION_ERROR"), "refuses the key"),
        (json!({}), "it refuses the question: \"no such thing\""),
    ];
    for (name, expected) in cases {
        let (outcome, _) = ask_graphql([complaint(&name)]).await;
        let said = outcome.unwrap_err().to_string();
        assert!(said.ends_with(expected), "{name}: {said}");
    }
}

#[tokio::test]
async fn a_limit_in_graphql_is_waited_for_whatever_its_status() {
    let data = Reply::json("{\"data\": 5}");
    let limited = complaint(&json!({"type": "RATE_LIMITED"})).with("Retry-After", "9");
    let (outcome, waits) = ask_graphql([limited, data.clone()]).await;
    assert_eq!((outcome, waits), (Ok(json!(5)), vec![9_250]));
    let error = json!({"errors": [{"extensions": {"code": "RATELIMITED"}}]});
    let limited = Reply::status(400).body(error.to_string().into_bytes());
    let (outcome, waits) = ask_graphql([limited, data]).await;
    assert_eq!((outcome, waits), (Ok(json!(5)), vec![2_000]));
}

const NINE: (&str, &str) = ("Date", "Mon, 23 Nov 2026 09:00:00 GMT");
/// A minute later, in seconds since 1970.
const NINE_ONE: &str = "1795424460";

#[tokio::test]
async fn what_is_left_is_spread_over_the_time_until_there_is_more() {
    let left = |left: &str| {
        fine()
            .with(NINE.0, NINE.1)
            .with("X-RateLimit-Remaining", left)
            .with("X-RateLimit-Limit", "5000")
            .with("X-RateLimit-Reset", NINE_ONE)
    };
    let server = in_turn([left("4000"), left("59"), left("58"), left("5000")]);
    let tempo = Hurried::new();
    let http = http(&server, &tempo);
    let cancel = CancellationToken::new();
    let session = http.session(key(), &cancel);
    for _ in 0..6 {
        session.get::<Value>(&server.url("/a")).await.unwrap();
    }
    // The third goes at once, the fourth a second after it, those after there is more as they like.
    assert_eq!(tempo.waits(), [1_000]);
}

#[tokio::test]
async fn a_refusal_with_nothing_left_is_a_limit_and_not_a_lack_of_rights() {
    let refusal = Reply::status(403)
        .with(NINE.0, NINE.1)
        .with("X-RateLimit-Remaining", "0")
        .with("X-RateLimit-Reset", NINE_ONE);
    let server = in_turn([refusal, fine()]);
    let (outcome, requests, waits) = ask(&server).await;
    assert_eq!((outcome, requests), (Ok(json!({"word": "fine"})), 2));
    assert_eq!(waits[0], 60_250);
    let secondary = Reply::status(403).with("Retry-After", "5");
    assert_recovers(secondary, &[5_250]).await;
}

#[tokio::test]
async fn the_next_page_is_followed_only_on_the_same_host() {
    let page = |link: &str| fine().with("Link", &format!("<{link}>; rel=\"next\""));
    let server = in_turn([page("/b?page=2"), page("https://other.example/b?page=2")]);
    let http = http(&server, &Hurried::new());
    let cancel = CancellationToken::new();
    let session = http.session(key(), &cancel);
    let first = session.get::<Value>(&server.url("/a")).await.unwrap();
    assert_eq!(first.next, Some(server.url("/b?page=2")));
    let second = session.get::<Value>(&server.url("/b")).await;
    let said = second.unwrap_err().to_string();
    assert!(
        said.contains("https://other.example/b, another host"),
        "{said}"
    );
}

#[tokio::test]
async fn a_user_and_a_token_go_along_as_the_tracker_wants_them() {
    let server = in_turn([fine()]);
    let http = http(&server, &Hurried::new());
    let cancel = CancellationToken::new();
    let secret = || SecretString::from("pa55");
    for key in [
        Key::bearer(secret()).unwrap(),
        Key::basic("ann@a.example", secret())
            .unwrap()
            .and("accept", "application/x"),
    ] {
        let session = http.session(key, &cancel);
        session.get::<Value>(&server.url("/a")).await.unwrap();
    }
    let asked = server.asked();
    let sent = |at: usize, name| asked[at].header(name).unwrap().to_owned();
    assert_eq!(sent(0, "authorization"), "Bearer pa55");
    assert_eq!(sent(0, "accept"), "application/json");
    assert_eq!(sent(1, "authorization"), "Basic YW5uQGEuZXhhbXBsZTpwYTU1");
    assert_eq!(sent(1, "accept"), "application/x");
}

#[tokio::test]
async fn a_cancelled_request_stops_at_once() {
    let server = Arc::new(in_turn([Reply::Silence]));
    let http = Http::new(&HttpOptions::of(server.url("/"))).unwrap();
    let cancel = CancellationToken::new();
    let session = http.session(key(), &cancel);
    let url = server.url("/");
    let asked = {
        let (server, cancel) = (Arc::clone(&server), cancel.clone());
        tokio::task::spawn_blocking(move || {
            server.wait_for(1);
            cancel.cancel();
        })
    };
    let outcome = session.get::<Value>(&url).await;
    assert_eq!(outcome.map(|answer| answer.value), Err(Fault::Stopped));
    asked.await.unwrap();
}

#[tokio::test]
async fn at_most_four_are_under_way_to_a_host() {
    let server = StandIn::crowded(4, |_: &Asked| fine());
    let tempo = Hurried::new();
    let sources = [http(&server, &tempo), http(&server, &tempo)];
    let cancel = CancellationToken::new();
    let sessions = sources.each_ref().map(|http| http.session(key(), &cancel));
    let url = server.url("/");
    let all = (0..40).map(|at| sessions[at % 2].get::<Value>(&url));
    for outcome in futures_util::future::join_all(all).await {
        assert!(outcome.is_ok());
    }
    assert_eq!(server.most_at_once(), 4);
}

#[test]
fn a_certificate_file_that_is_none_is_said() {
    let mut options = HttpOptions::of("https://a.example/".parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("missing", None),
        ("empty", Some("")),
        ("odd", Some("no PEM")),
    ] {
        let path = folder.path().join(name);
        if let Some(text) = text {
            std::fs::write(&path, text).unwrap();
        }
        options.ca_file = Some(path);
        let said = Http::new(&options).err().unwrap().to_string();
        assert!(said.contains("cannot be used"), "{name}: {said}");
    }
}

#[test]
fn a_key_that_no_header_can_carry_is_refused_unsaid() {
    let refused = Key::in_header("x-redmine-api-key", SecretString::from("a\nb")).err();
    let said = format!("{:?}", refused.unwrap());
    assert!(
        said.contains("characters") && !said.contains("a\\nb"),
        "{said}"
    );
}

#[tokio::test]
async fn a_server_without_tls_is_said_to_have_none() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let base: url::Url = format!("https://{}/", listener.local_addr().unwrap())
        .parse()
        .unwrap();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 2_048]).unwrap();
        stream
            .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            .unwrap();
    });
    let http = Http::new(&HttpOptions::of(base.clone())).unwrap();
    let cancel = CancellationToken::new();
    let outcome = http.session(key(), &cancel).get::<Value>(&base).await;
    server.join().unwrap();
    let said = outcome.unwrap_err().to_string();
    assert!(
        said.ends_with("the server speaks no TLS; did you mean http://?"),
        "{said}"
    );
}
