//! Lists of items, and one item's history.

use std::cmp::Reverse;
use std::collections::HashSet;

use serde_json::{Value, json};

use super::super::asked::{ItemAsked, ItemsAsked};
use super::super::{Ground, MOST_BYTES, Measured};
use super::{answers, head, joined};
use crate::metrics::{Row, Standup};
use crate::model::id::ItemIx;
use crate::report::{Answer, items_sheet, story_json};

/// Items of an answer where no number is asked for, and the most there may be.
const USUAL: u64 = 25;
const MOST: u64 = 200;

/// What a page leaves to what is said beside it.
const ROOM: usize = MOST_BYTES - 2 * 1024;

/// So many items are proposed where none has the key.
const PROPOSED: usize = 5;

/// The items of each stream, those first for which another day costs most.
pub(super) fn list(ground: &dyn Ground, asked: &ItemsAsked) -> Result<Value, String> {
    let limit = asked.limit.unwrap_or(USUAL);
    if !(1..=MOST).contains(&limit) {
        return Err(format!("limit is {limit}; it has to be 1 to {MOST}"));
    }
    let measured = ground.measure(&asked.scope)?;
    let answers = answers(&measured, None);
    let ordered: Vec<Vec<ItemIx>> = answers.iter().map(|one| in_order(*one)).collect();
    let pages = |limit| {
        let streams = answers.iter().zip(&ordered);
        let told = streams.map(|(answer, all)| page(*answer, all, (asked.offset, limit)));
        joined(told.collect())
    };
    Ok(fitting(limit, pages))
}

/// The pages with as many items, of those that may be, as an answer has room for: the next one
/// begins where this ends.
fn fitting(limit: u64, pages: impl Fn(u64) -> Value) -> Value {
    let found = pages(limit);
    if limit > 1 && found.to_string().len() > ROOM {
        return fitting(limit / 2, pages);
    }
    found
}

fn page(answer: Answer<'_>, all: &[ItemIx], (offset, limit): (u64, u64)) -> Value {
    let count = |number| usize::try_from(number).unwrap_or(usize::MAX);
    let (first, most) = (count(offset), count(limit));
    let shown: Vec<ItemIx> = all.iter().skip(first).take(most).copied().collect();
    let next = offset.saturating_add(shown.len() as u64);
    let more = (next < all.len() as u64).then_some(next);
    let mut page = head(answer);
    page["matching"] = json!(all.len());
    page["offset"] = json!(offset);
    page["next_offset"] = json!(more);
    page["items"] = items_sheet(answer, &shown).json();
    page
}

/// In progress as in the stand-up, then the finished, the newest first, then the rest.
fn in_order(answer: Answer<'_>) -> Vec<ItemIx> {
    let standup = Standup::of(answer.snapshot, answer.stream, answer.measures, None);
    let mut all: Vec<ItemIx> = standup.items.iter().map(|one| one.open.item).collect();
    let first: HashSet<ItemIx> = all.iter().copied().collect();
    let rows = answer.measures.table.rows();
    let mut rest: Vec<&Row> = rows.filter(|row| !first.contains(&row.item)).collect();
    rest.sort_by_key(|row| (Reverse(row.finished.get()), row.item));
    all.extend(rest.iter().map(|row| row.item));
    all
}

/// One item in every stream that it is in.
pub(super) fn one(ground: &dyn Ground, asked: &ItemAsked) -> Result<Value, String> {
    let measured = ground.measure(&asked.scope)?;
    let told = answers(&measured, None).into_iter();
    let told: Vec<Value> = told
        .flat_map(|answer| {
            let items = called(answer, &asked.item);
            items
                .into_iter()
                .filter_map(move |item| whole(answer, item))
        })
        .collect();
    if told.is_empty() {
        return Err(no_such(&measured, &asked.item));
    }
    Ok(joined(told))
}

fn called(answer: Answer<'_>, key: &str) -> Vec<ItemIx> {
    let log = answer.snapshot.log();
    let items = answer.measures.table.rows().map(|row| row.item);
    items
        .filter(|item| log.key(*item).eq_ignore_ascii_case(key))
        .collect()
}

fn whole(answer: Answer<'_>, item: ItemIx) -> Option<Value> {
    let mut told = head(answer);
    told["item"] = items_sheet(answer, &[item]).json().get(0)?.clone();
    told["history"] = story_json(answer, item)?;
    Some(told)
}

fn no_such(measured: &Measured, key: &str) -> String {
    let log = measured.snapshot.log();
    let wanted = key.to_lowercase();
    let rows = measured
        .streams
        .iter()
        .flat_map(|(_, one)| one.table.rows());
    let near = rows.filter_map(|row| {
        let (known, title) = (log.key(row.item), log.title(row.item));
        let told = format!("{known} {title}").to_lowercase();
        told.contains(&wanted).then(|| format!("{known} ({title})"))
    });
    let near: Vec<String> = near.take(PROPOSED).collect();
    match near.as_slice() {
        [] => format!(
            "no item \"{key}\" is known here at that time; look for it with items, filter '\"words of its title\"'"
        ),
        near => format!(
            "no item has the key \"{key}\"; there are {}",
            near.join(", ")
        ),
    }
}
