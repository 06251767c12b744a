//! Reading an answer: bounded, and said in a few harmless words where it is not what it should be.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, DATE, ETAG, HeaderMap, HeaderName, LINK, RETRY_AFTER};
use reqwest::{Response, StatusCode};
use serde::de::DeserializeOwned;
use url::Url;

use super::super::{Fault, halves};
use super::allowance::Allowance;
use super::failure::{Failure, Told};
use super::{Patience, place, redirect};
use crate::model::time::Millis;

/// Where Azure DevOps says how to go on.
const CONTINUATION: HeaderName = HeaderName::from_static("x-ms-continuationtoken");
/// Where GitLab says how many rows there are.
const TOTAL: HeaderName = HeaderName::from_static("x-total");

/// As much of a body as is looked at to say what it is.
const LOOKED_AT: usize = 4 << 10;

/// As many characters of it as are shown.
const SHOWN: usize = 80;

/// Longer words are not shown.
const LONGEST_WORD: usize = 20;

/// What came, whole.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) url: Url,
    pub(crate) head: Head,
    pub(crate) body: Vec<u8>,
}

/// What an answer says of itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Head {
    content_type: String,
    /// The server's own clock, if it tells.
    pub(crate) date: Option<Millis>,
    /// The server's name for the answer.
    pub(crate) name: Option<String>,
    /// Where the next page is, as the server has it.
    next: Option<String>,
    /// What to send along for the next page.
    continuation: Option<String>,
    /// How many rows all pages have together, if the server says so.
    total: Option<u64>,
    /// What the server asks to wait.
    wait: Option<Duration>,
    /// What it still allows.
    pub(crate) allowance: Option<Allowance>,
}

impl Head {
    /// Reads the headers.
    pub(crate) fn read(headers: &HeaderMap) -> Self {
        let date = text(headers, &DATE).and_then(|date| Millis::parse_http(&date));
        Self {
            content_type: text(headers, &CONTENT_TYPE).unwrap_or_default(),
            name: text(headers, &ETAG),
            next: headers
                .get_all(LINK)
                .iter()
                .find_map(|link| next_of(link.to_str().ok()?)),
            continuation: text(headers, &CONTINUATION),
            total: text(headers, &TOTAL).and_then(|total| total.parse().ok()),
            wait: text(headers, &RETRY_AFTER).and_then(|asked| retry_after(&asked, date)),
            allowance: date.and_then(|date| Allowance::read(headers, date)),
            date,
        }
    }

    /// How long to leave the server alone: as it asks, or until it allows anything again.
    pub(crate) fn pause(&self) -> Option<Duration> {
        let used_up = self.allowance.filter(|allowance| allowance.left == 0);
        self.wait.or(used_up.map(|allowance| allowance.anew))
    }
}

/// What came, understood.
#[derive(Debug)]
pub(crate) struct Answer<T> {
    /// The answer.
    pub(crate) value: T,
    /// The server's own clock, if it tells.
    pub(crate) date: Option<Millis>,
    /// Where it came from, fit to be shown.
    pub(crate) place: String,
    /// Where the next page is, on the same host.
    pub(crate) next: Option<Url>,
    /// What to send along for the next page, where the server says it in a header.
    pub(crate) continuation: Option<String>,
    /// How many rows all pages have together, if the server says so.
    pub(crate) total: Option<u64>,
}

/// The bounds that a body is read within.
#[derive(Clone, Copy)]
pub(crate) struct Bounds {
    pub(crate) largest: usize,
    pub(crate) patience: Patience,
}

/// Reads an answer that is no redirect.
pub(crate) async fn read(
    url: Url,
    mut response: Response,
    bounds: Bounds,
) -> Result<Reply, Failure> {
    let status = response.status();
    let head = Head::read(response.headers());
    if !status.is_success() || status == StatusCode::NON_AUTHORITATIVE_INFORMATION {
        let told = Told {
            status,
            wait: head.pause(),
            body: beginning(&mut response).await,
        };
        return Err(Failure::from_status(&url, &told));
    }
    let body = whole(&url, &mut response, bounds).await?;
    Ok(Reply { url, head, body })
}

async fn whole(url: &Url, response: &mut Response, bounds: Bounds) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    let cut = |error| Failure::from_transport(url, &error, bounds.patience);
    while let Some(chunk) = response.chunk().await.map_err(cut)? {
        if body.len() + chunk.len() > bounds.largest {
            let why = format!("more than {} bytes in one answer", bounds.largest);
            return Err(Failure::bad_answer(url, why));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// The status says what is wrong; its body only adds to it, so one that is cut is no matter.
async fn beginning(response: &mut Response) -> Vec<u8> {
    let mut body = Vec::new();
    while body.len() < LOOKED_AT
        && let Ok(Some(chunk)) = response.chunk().await
    {
        body.extend_from_slice(&chunk);
    }
    body
}

/// Understands an answer as JSON.
pub(crate) fn decode<T: DeserializeOwned>(reply: &Reply) -> Result<Answer<T>, Fault> {
    let read = serde_json::from_slice(&reply.body).or_else(|error| {
        let mut body = reply.body.clone();
        if halves::mend(&mut body) {
            serde_json::from_slice(&body)
        } else {
            Err(error)
        }
    });
    let why = match read {
        Ok(value) => return answer(reply, value),
        Err(error) if error.is_data() => format!("the JSON has another shape: {error}"),
        Err(_) => format!("expected JSON, got {}{}", kind_of(reply), said(&reply.body)),
    };
    Err(Fault::BadAnswer {
        place: place(&reply.url),
        why,
    })
}

fn answer<T>(reply: &Reply, value: T) -> Result<Answer<T>, Fault> {
    let place = place(&reply.url);
    let next = reply.head.next.as_deref();
    let next = next.map(|next| redirect::target(&reply.url, next));
    match next.transpose() {
        Ok(next) => Ok(Answer {
            value,
            date: reply.head.date,
            place,
            next,
            continuation: reply.head.continuation.clone(),
            total: reply.head.total,
        }),
        Err(why) => Err(Fault::BadAnswer {
            place,
            why: format!("of its next page: {why}"),
        }),
    }
}

/// The address of the next page in a `Link` header.
fn next_of(link: &str) -> Option<String> {
    link.split(',').find_map(|one| {
        let (address, rest) = one.trim().strip_prefix('<')?.split_once('>')?;
        let is_next = rest
            .split(';')
            .any(|part| matches!(part.trim(), "rel=\"next\"" | "rel=next"));
        is_next.then(|| address.to_owned())
    })
}

fn kind_of(reply: &Reply) -> &str {
    match reply.head.content_type.split(';').next() {
        Some(kind) if !kind.is_empty() => kind,
        _ => "an answer without a type",
    }
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// Reads `Retry-After`: seconds, or a date, which only the server's own clock makes a span.
pub(crate) fn retry_after(text: &str, now: Option<Millis>) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let millis = Millis::parse_http(text)?.0.saturating_sub(now?.0);
    Some(Duration::from_millis(millis.max(0).unsigned_abs()))
}

/// The first words of a body in quotes after a colon, without markup; nothing if it has none.
pub(crate) fn said(body: &[u8]) -> String {
    let message = message_of(body);
    let words = first_words(message.as_deref().map_or(body, str::as_bytes));
    if words.is_empty() {
        String::new()
    } else {
        format!(": \"{words}\"")
    }
}

/// Most trackers put what is wrong into a field of JSON; Jira into a list of messages.
fn message_of(body: &[u8]) -> Option<String> {
    let told: serde_json::Value = serde_json::from_slice(body).ok()?;
    let first = told
        .get("errorMessages")
        .and_then(|messages| messages.get(0));
    told.get("message").or(first)?.as_str().map(str::to_owned)
}

fn first_words(body: &[u8]) -> String {
    let looked_at = String::from_utf8_lossy(&body[..body.len().min(LOOKED_AT)]);
    let mut inside_tag = false;
    let mut plain = String::new();
    for letter in looked_at.chars() {
        match letter {
            '<' => {
                inside_tag = true;
                plain.push(' ');
            }
            '>' if inside_tag => inside_tag = false,
            _ if inside_tag => {}
            _ if letter.is_control() || letter == '\u{fffd}' => plain.push(' '),
            _ => plain.push(letter),
        }
    }
    let words: Vec<&str> = plain.split_whitespace().map(harmless).collect();
    words.join(" ").chars().take(SHOWN).collect()
}

/// Whatever is as long as a key may be one.
fn harmless(word: &str) -> &str {
    if word.len() < LONGEST_WORD {
        word
    } else {
        "…"
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Head, Reply, decode, first_words, next_of, retry_after};
    use crate::model::time::Millis;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = Millis::parse("2026-11-23T09:00:00Z");
        let seconds = |text, now| retry_after(text, now).map(|wait| wait.as_secs());
        assert_eq!(seconds("7", None), Some(7));
        assert_eq!(seconds(" 0 ", now), Some(0));
        assert_eq!(seconds("Mon, 23 Nov 2026 09:00:30 GMT", now), Some(30));
        assert_eq!(seconds("Mon, 23 Nov 2026 08:00:00 GMT", now), Some(0));
        assert_eq!(seconds("Mon, 23 Nov 2026 09:00:30 GMT", None), None);
        assert_eq!(seconds("-3", now), None);
        assert_eq!(seconds("soon", now), None);
        assert_eq!(retry_after("1.5", now), None::<Duration>);
    }

    #[test]
    fn a_page_is_told_by_its_words() {
        let page = b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>\x1b[31m\xff<b>Hello</b>";
        assert_eq!(first_words(page), "Sign in [31m Hello");
        assert_eq!(first_words(b""), "");
        assert_eq!(first_words("ä ".repeat(500).as_bytes()).chars().count(), 80);
        let echo = b"no key 0123456789abcdef0123456789abcdef01234567 here";
        assert_eq!(first_words(echo), "no key \u{2026} here");
    }

    #[test]
    fn a_message_in_json_is_told_without_the_json() {
        assert_eq!(
            super::said(br#"{"errorMessages":["Field 'foo' does not exist."],"errors":{}}"#),
            ": \"Field 'foo' does not exist.\""
        );
        assert_eq!(
            super::said(br#"{"a":1,"message":"no field"}"#),
            ": \"no field\""
        );
        assert_eq!(super::said(br#"{"a": "b"}"#), ": \"{\"a\": \"b\"}\"");
    }

    fn why(content_type: &str, body: &str) -> String {
        let reply = Reply {
            url: "http://a.example/x?y=1".parse().unwrap(),
            head: Head {
                content_type: content_type.to_owned(),
                ..Head::default()
            },
            body: body.as_bytes().to_vec(),
        };
        decode::<Vec<u8>>(&reply).unwrap_err().to_string()
    }

    #[test]
    fn the_next_page_is_found_among_links() {
        let link = "<https://a.example/x?page=1>; rel=\"prev\", <https://a.example/x?page=3>; rel=\"next\"";
        assert_eq!(next_of(link).as_deref(), Some("https://a.example/x?page=3"));
        assert_eq!(
            next_of("</x?a=b>; title=t; rel=next").as_deref(),
            Some("/x?a=b")
        );
        assert_eq!(next_of("<https://a.example/x>; rel=\"last\""), None);
        assert_eq!(next_of("x; rel=next"), None);
    }

    #[test]
    fn what_is_not_json_is_said() {
        assert_eq!(
            why("text/html; charset=utf-8", "<h1>Sign in</h1>"),
            "http://a.example/x answers something else than expected: \
             expected JSON, got text/html: \"Sign in\""
        );
        assert!(why("", "").ends_with("expected JSON, got an answer without a type"));
        assert!(why("application/json", "[1, 2").contains("expected JSON, got application/json"));
        assert!(why("application/json", "{}").contains("the JSON has another shape: invalid type"));
    }
}
