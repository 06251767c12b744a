//! Answers of bounded size: what is too much is cut, and the answer says so.

use serde_json::{Map, Value, json};

/// An answer has at most so many bytes as JSON.
pub const MOST_BYTES: usize = 32 * 1024;

/// A text in an answer has at most so many characters.
const MOST_CHARS: usize = 1_500;

/// Lists of which the newest is told last: their ends are kept.
const NEWEST_LAST: [&str; 4] = ["cfd", "throughput", "visits", "blocks"];

/// How to get at what was cut.
const ASK: &str = "too long for one answer; ask for less: one stream, a narrower filter, a shorter window, fewer sections, \
                   or a smaller limit with offset";

/// The answer, with the longest lists cut until it fits `most` bytes. What was cut is listed under
/// `cut`: where, how much is there and how much there is.
pub(super) fn fitted(mut answer: Value, most: usize) -> Value {
    shorten_texts(&mut answer);
    let mut cuts: Vec<(String, usize)> = Vec::new();
    while size(&answer) > most {
        let Some((at, _)) = longest(&answer, "") else {
            break;
        };
        let Some(was) = halve(&mut answer, &at) else {
            break;
        };
        if !cuts.iter().any(|(known, _)| *known == at) {
            cuts.push((at, was));
        }
        drop_notes_of_the_missing(&mut answer);
        tell(&mut answer, &cuts);
    }
    answer
}

fn size(value: &Value) -> usize {
    value.to_string().len()
}

fn shorten_texts(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Some((end, _)) = text.char_indices().nth(MOST_CHARS) {
                text.truncate(end);
                text.push('…');
            }
        }
        Value::Array(all) => all.iter_mut().for_each(shorten_texts),
        Value::Object(all) => all.values_mut().for_each(shorten_texts),
        _ => {}
    }
}

/// The pointer to the list that takes most room and can be cut, and its size.
fn longest(value: &Value, at: &str) -> Option<(String, usize)> {
    let below = |(name, value): (String, &Value)| longest(value, &format!("{at}/{name}"));
    match value {
        Value::Object(all) => {
            let told = all.iter().filter(|(name, _)| *name != "cut");
            let named = told.map(|(name, value)| (escaped(name), value));
            named.filter_map(below).max_by_key(|(_, size)| *size)
        }
        // A list of streams is not cut itself: each says something.
        Value::Array(all) if at == "/streams" => {
            let numbered = all.iter().enumerate();
            let named = numbered.map(|(number, value)| (number.to_string(), value));
            named.filter_map(below).max_by_key(|(_, size)| *size)
        }
        Value::Array(all) if all.len() > 1 => Some((at.to_owned(), size(value))),
        _ => None,
    }
}

/// A name as part of a JSON pointer.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Leaves half of a list; gives how long it was.
fn halve(answer: &mut Value, at: &str) -> Option<usize> {
    let list = answer.pointer_mut(at)?.as_array_mut()?;
    let was = list.len();
    let newest_last = NEWEST_LAST
        .iter()
        .any(|name| at.rsplit('/').next() == Some(name));
    if newest_last {
        list.drain(..was.div_ceil(2));
    } else {
        list.truncate(was / 2);
    }
    Some(was)
}

/// Notes of why a value is null, of values that are no longer there.
fn drop_notes_of_the_missing(answer: &mut Value) {
    let streams = match answer.get_mut("streams").and_then(Value::as_array_mut) {
        Some(streams) => streams.iter_mut().collect(),
        None => vec![answer],
    };
    for stream in streams {
        let Some(Value::Object(mut notes)) = stream.get_mut("notes").map(Value::take) else {
            continue;
        };
        notes.retain(|pointer, _| stream.pointer(pointer).is_some_and(Value::is_null));
        stream["notes"] = Value::Object(notes);
    }
}

fn tell(answer: &mut Value, cuts: &[(String, usize)]) {
    let one = |(at, of): &(String, usize)| {
        let shown = answer.pointer(at).and_then(Value::as_array).map(Vec::len);
        json!({ "at": at, "shown": shown, "of": of })
    };
    let mut told = Map::new();
    told.insert("lists".to_owned(), cuts.iter().map(one).collect());
    told.insert("ask".to_owned(), ASK.into());
    answer["cut"] = Value::Object(told);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_left_as_it_is() {
        let answer = json!({ "cfd": [1, 2, 3], "notes": { "/x": "why" } });
        assert_eq!(fitted(answer.clone(), 1_000), answer);
    }

    #[test]
    fn the_longest_list_is_cut_and_the_answer_says_so() {
        let ageing: Vec<Value> = (0..400)
            .map(|n| json!({ "item": format!("A-{n}"), "pace": null }))
            .collect();
        let days: Vec<Value> = (0..50).map(|n| json!({ "date": n })).collect();
        let notes = json!({ "/ageing/1/pace": "few", "/ageing/399/pace": "few" });
        let answer = json!({ "schema": 1, "ageing": ageing, "cfd": days, "notes": notes });
        let cut = fitted(answer, 3_000);
        assert!(size(&cut) <= 3_000);
        let shown = cut["ageing"].as_array().unwrap().len();
        assert!((20..=100).contains(&shown), "{shown}");
        assert_eq!(cut["ageing"][0]["item"], "A-0", "the oldest stay");
        assert_eq!(cut["cut"]["lists"][0]["at"], "/ageing");
        assert_eq!(cut["cut"]["lists"][0]["of"], 400);
        assert_eq!(cut["cut"]["lists"][0]["shown"], shown);
        assert_eq!(cut["notes"], json!({ "/ageing/1/pace": "few" }));
    }

    #[test]
    fn of_what_goes_with_time_the_newest_stay() {
        let days: Vec<Value> = (0..100).map(|n| json!({ "date": n })).collect();
        let cut = fitted(json!({ "streams": [{ "cfd": days }] }), 600);
        let left = cut["streams"][0]["cfd"].as_array().unwrap();
        assert_eq!(left.last().unwrap()["date"], 99);
        assert!(left.len() < 50);
        assert_eq!(cut["cut"]["lists"][0]["at"], "/streams/0/cfd");
    }

    #[test]
    fn an_endless_text_is_cut_between_characters() {
        let cut = fitted(json!({ "title": "ü".repeat(5_000) }), MOST_BYTES);
        let title = cut["title"].as_str().unwrap();
        assert_eq!(title.chars().count(), MOST_CHARS + 1);
        assert!(title.ends_with('…'));
    }
}
