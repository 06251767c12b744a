use std::sync::Arc;

use serde_json::json;

use super::super::http::stand_in::{Asked, Hurried, Reply, StandIn};
use super::{Fault, SecretSource, Webhook};

const PATH: &str = "/services/T0/the-secret?key=hidden";

/// A webhook at a server's secret address, which stands in a file.
fn webhook(address: &str, tempo: &Arc<Hurried>) -> (tempfile::TempDir, Webhook) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("address");
    std::fs::write(&file, format!("{address}\n")).unwrap();
    let tempo: Arc<Hurried> = Arc::clone(tempo);
    let webhook = Webhook {
        tempo,
        ..Webhook::new(SecretSource::File(file))
    };
    (folder, webhook)
}

async fn told(server: &StandIn) -> Result<(), Fault> {
    let tempo = Hurried::new();
    let (_folder, webhook) = webhook(server.url(PATH).as_str(), &tempo);
    webhook.tell(&json!({ "text": "Ready is full" })).await
}

#[tokio::test]
async fn a_notice_is_posted_as_json() {
    let server = StandIn::new(|_: &Asked| Reply::status(204));
    told(&server).await.unwrap();
    let asked = server.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!(
        (asked[0].method.as_str(), asked[0].path()),
        ("POST", "/services/T0/the-secret")
    );
    assert_eq!(asked[0].header("content-type"), Some("application/json"));
    assert_eq!(asked[0].json(), json!({ "text": "Ready is full" }));
}

#[tokio::test]
async fn a_busy_server_is_told_again_and_others_are_not() {
    let mut busy = 2;
    let server = StandIn::new(move |_: &Asked| {
        busy -= 1;
        Reply::status(if busy >= 0 { 503 } else { 200 })
    });
    told(&server).await.unwrap();
    assert_eq!(server.asked().len(), 3);
    let gone = StandIn::new(|_: &Asked| Reply::status(404));
    assert!(matches!(told(&gone).await, Err(Fault::NotFound { .. })));
    assert_eq!(gone.asked().len(), 1);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let other = StandIn::new(|_: &Asked| Reply::status(200));
    let to = other.url("/elsewhere").to_string();
    let server = StandIn::new(move |_: &Asked| Reply::status(307).with("Location", &to));
    let fault = told(&server).await.unwrap_err();
    assert!(fault.to_string().contains("does not follow"), "{fault}");
    assert!(other.asked().is_empty());
}

#[tokio::test]
async fn no_fault_names_the_address() {
    let cases = [
        StandIn::new(|_: &Asked| Reply::status(401)),
        StandIn::new(|_: &Asked| Reply::status(404)),
        StandIn::new(|_: &Asked| Reply::status(418)),
        StandIn::new(|_: &Asked| Reply::status(500)),
        StandIn::new(|_: &Asked| Reply::Cut),
    ];
    for server in &cases[..4] {
        let fault = told(server).await.unwrap_err();
        let said = format!("{fault} {} {fault:?}", fault.hint());
        assert!(
            !said.contains("secret") && !said.contains("hidden"),
            "{said}"
        );
    }
    // Nobody listens there any more.
    let address = cases[4].url(PATH).to_string();
    drop(cases);
    let (_folder, webhook) = webhook(&address, &Hurried::new());
    let said = format!("{:?}", webhook.tell(&json!({})).await.unwrap_err());
    assert!(
        !said.contains("secret") && !said.contains("hidden"),
        "{said}"
    );
}

#[tokio::test]
async fn an_address_that_is_none_is_not_quoted() {
    let (_folder, webhook) = webhook("my secret, not an address", &Hurried::new());
    let fault = webhook.tell(&json!({})).await.unwrap_err();
    let said = format!("{fault} {}", fault.hint());
    assert!(
        said.contains("[notices]") && !said.contains("my secret"),
        "{said}"
    );
}
