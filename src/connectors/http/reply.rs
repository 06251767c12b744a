//! Reading an answer: bounded, and said in a few harmless words where it is not what it should be.

use std::time::Duration;

use reqwest::Response;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, HeaderName, RETRY_AFTER};
use serde::de::DeserializeOwned;
use url::Url;

use super::super::Fault;
use super::failure::Failure;
use super::{Patience, place};
use crate::model::time::Millis;

/// As much of a body as is looked at to say what it is.
const LOOKED_AT: usize = 4 << 10;

/// As many characters of it as are shown.
const SHOWN: usize = 80;

/// Longer words are not shown.
const LONGEST_WORD: usize = 20;

/// What came, whole.
pub(crate) struct Reply {
    pub(crate) url: Url,
    pub(crate) content_type: String,
    /// The server's own clock, if it tells.
    pub(crate) date: Option<Millis>,
    pub(crate) body: Vec<u8>,
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
    let headers = response.headers();
    let date = text(headers, &DATE).and_then(|date| Millis::parse_http(&date));
    let content_type = text(headers, &CONTENT_TYPE).unwrap_or_default();
    if !status.is_success() {
        let wait = text(headers, &RETRY_AFTER).and_then(|asked| retry_after(&asked, date));
        let words = said(&beginning(&mut response).await);
        return Err(Failure::from_status(&url, status, wait, &words));
    }
    let body = whole(&url, &mut response, bounds).await?;
    Ok(Reply {
        url,
        content_type,
        date,
        body,
    })
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
    let why = match serde_json::from_slice(&reply.body) {
        Ok(value) => {
            return Ok(Answer {
                value,
                date: reply.date,
                place: place(&reply.url),
            });
        }
        Err(error) if error.is_data() => format!("the JSON has another shape: {error}"),
        Err(_) => format!("expected JSON, got {}{}", kind_of(reply), said(&reply.body)),
    };
    Err(Fault::BadAnswer {
        place: place(&reply.url),
        why,
    })
}

fn kind_of(reply: &Reply) -> &str {
    match reply.content_type.split(';').next() {
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
fn said(body: &[u8]) -> String {
    let words = first_words(body);
    if words.is_empty() {
        String::new()
    } else {
        format!(": \"{words}\"")
    }
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

    use super::{Reply, decode, first_words, retry_after};
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

    fn why(content_type: &str, body: &str) -> String {
        let reply = Reply {
            url: "http://a.example/x?y=1".parse().unwrap(),
            content_type: content_type.to_owned(),
            date: None,
            body: body.as_bytes().to_vec(),
        };
        decode::<Vec<u8>>(&reply).unwrap_err().to_string()
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
