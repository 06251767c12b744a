//! Batches into the tables.

use tokio_postgres::Transaction;
use tokio_postgres::types::{ToSql, Type};

use super::error::Broken;
use super::read::{self, ItemRow, key as told_key};
use super::text::{MaybeTexts, Texts, key, stored};
use super::{event, status};
use crate::history::merge::{Changes, Known, merge};
use crate::history::{Appended, MARKS, Mark, Owner, Position};
use crate::model::batch::{Batch, Cursor, ItemHistory};
use crate::model::id::SourceName;

/// A value and its type.
type Value<'a> = (&'a (dyn ToSql + Sync), Type);

/// The row of a source, held until the transaction ends: nobody else changes the source meanwhile.
#[derive(Clone, Copy, Debug)]
struct Held {
    source: i64,
    items: i64,
    statuses: i64,
}

/// Writes a batch. Commit afterwards.
pub(super) async fn append(
    transaction: &Transaction<'_>,
    batch: &Batch,
) -> Result<Appended, Broken> {
    let held = hold_or_add(transaction, &batch.source).await?;
    let known = known(transaction, held.source, &batch.items).await?;
    let changes = merge(&known, &batch.items, held.items);
    let names = status::names(transaction, (held.source, held.statuses), &batch.statuses).await?;
    let position = if changes.any() || names.changed {
        advance(transaction).await?
    } else {
        read::position(transaction).await?
    };
    put_items(transaction, held.source, &changes, position).await?;
    event::drop(transaction, held.source, &changes).await?;
    event::put(transaction, held.source, &changes).await?;
    status::put(transaction, held.source, &names).await?;
    let last = changes.added.last();
    let held = Held {
        items: last.map_or(held.items, |(number, _)| number + 1),
        statuses: names.next,
        ..held
    };
    put_source(transaction, held, batch.cursor.as_ref()).await?;
    Ok(Appended {
        new_events: changes.new_events,
        position,
    })
}

/// Forgets where a source stands.
pub(super) async fn forget_cursor(
    transaction: &Transaction<'_>,
    source: &SourceName,
) -> Result<(), Broken> {
    let name = source.as_str();
    transaction
        .execute_typed(
            "UPDATE weir.source SET cursor = NULL WHERE name = $1",
            &[(&name, Type::TEXT)],
        )
        .await?;
    Ok(())
}

/// Makes sure that an owner holds the lease of a source until the transaction ends. Asked last, so
/// that the lease can be renewed while a long batch is written.
pub(super) async fn fence(
    transaction: &Transaction<'_>,
    source: &SourceName,
    owner: &Owner,
) -> Result<(), Broken> {
    let (name, owner) = (source.as_str(), owner.to_text());
    let held = transaction
        .query_typed(
            "SELECT 1::bigint FROM weir.lease
             WHERE source = $1 AND owner = $2 AND expires > clock_timestamp() FOR UPDATE",
            &[(&name, Type::TEXT), (&owner, Type::TEXT)],
        )
        .await?;
    if held.is_empty() {
        return Err(Broken::LeaseLost(source.clone()));
    }
    Ok(())
}

/// Takes all events of those items that have not changed since they were looked at, and returns
/// how many items that were. Their rows stay, so that readers learn of it. Commit afterwards.
pub(super) async fn drop_items(
    transaction: &Transaction<'_>,
    items: &[ItemRow],
) -> Result<u64, Broken> {
    let mut sources: Vec<i64> = items.iter().map(|found| found.source).collect();
    sources.sort_unstable();
    sources.dedup();
    // Always in this order, so that no two wait for each other.
    for source in &sources {
        let hold = "SELECT source FROM weir.source WHERE source = $1 FOR UPDATE";
        let value: Value<'_> = (source, Type::INT8);
        transaction.query_typed(hold, &[value]).await?;
    }
    let mut unchanged = Vec::new();
    for source in sources {
        let looked = items.iter().filter(|found| found.source == source);
        let numbers = still(transaction, source, looked).await?;
        if !numbers.is_empty() {
            unchanged.push((source, numbers));
        }
    }
    if unchanged.is_empty() {
        return Ok(0);
    }
    let position = advance(transaction).await?;
    for (source, numbers) in &unchanged {
        mark(transaction, *source, numbers, position).await?;
        let empty = "DELETE FROM weir.event WHERE source = $1 AND item = ANY($2)";
        let values: [Value<'_>; 2] = [(source, Type::INT8), (numbers, Type::INT8_ARRAY)];
        transaction.execute_typed(empty, &values).await?;
    }
    Ok(unchanged
        .iter()
        .map(|(_, numbers)| numbers.len() as u64)
        .sum())
}

/// The numbers of those items of a source that are where they were.
async fn still<'a>(
    transaction: &Transaction<'_>,
    source: i64,
    looked: impl Iterator<Item = &'a ItemRow>,
) -> Result<Vec<i64>, Broken> {
    let (items, positions): (Vec<i64>, Vec<i64>) = looked
        .map(|found| (found.item, found.position.0.cast_signed()))
        .unzip();
    let rows = transaction
        .query_typed(
            "SELECT item.item FROM weir.item
             JOIN unnest($2::bigint[], $3::bigint[]) AS looked (item, position)
                 ON item.item = looked.item AND item.position = looked.position
             WHERE item.source = $1",
            &[
                (&source, Type::INT8),
                (&items, Type::INT8_ARRAY),
                (&positions, Type::INT8_ARRAY),
            ],
        )
        .await?;
    Ok(rows
        .iter()
        .map(|row| row.try_get(0))
        .collect::<Result<_, _>>()?)
}

async fn hold_or_add(transaction: &Transaction<'_>, source: &SourceName) -> Result<Held, Broken> {
    if let Some(held) = hold(transaction, source).await? {
        return Ok(held);
    }
    // Its number is the next one, so one at a time.
    let one = "SELECT one FROM weir.history WHERE one = 1 FOR UPDATE";
    transaction.query_typed(one, &[]).await?;
    let name = source.as_str();
    transaction
        .execute_typed(
            "INSERT INTO weir.source (source, name, items, statuses)
             SELECT coalesce(max(source) + 1, 0), $1, 0, 0 FROM weir.source
             ON CONFLICT (name) DO NOTHING",
            &[(&name, Type::TEXT)],
        )
        .await?;
    let held = hold(transaction, source).await?;
    held.ok_or_else(|| read::damaged("a source is gone"))
}

async fn hold(transaction: &Transaction<'_>, source: &SourceName) -> Result<Option<Held>, Broken> {
    let name = source.as_str();
    let rows = transaction
        .query_typed(
            "SELECT source, items, statuses FROM weir.source WHERE name = $1 FOR UPDATE",
            &[(&name, Type::TEXT)],
        )
        .await?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    Ok(Some(Held {
        source: row.try_get(0)?,
        items: row.try_get(1)?,
        statuses: row.try_get(2)?,
    }))
}

/// What is known of the items that are told.
async fn known(
    transaction: &Transaction<'_>,
    source: i64,
    told: &[ItemHistory],
) -> Result<Known, Broken> {
    let keys: Texts<'_> = told.iter().map(|history| key(&history.item).0).collect();
    let mut known = Known::default();
    if keys.is_empty() {
        return Ok(known);
    }
    let rows = transaction
        .query_typed(
            "SELECT id, long_id, item FROM weir.item WHERE source = $1 AND id = ANY($2)",
            &[(&source, Type::INT8), (&keys, Type::TEXT_ARRAY)],
        )
        .await?;
    for row in &rows {
        known.items.insert(told_key(row, 0)?, row.try_get(2)?);
    }
    let items: Vec<i64> = known.items.values().copied().collect();
    if items.is_empty() {
        return Ok(known);
    }
    let rows = transaction
        .query_typed(
            "SELECT id, long_id, at, seq, approximate, kind, what, old, new, item
             FROM weir.event WHERE source = $1 AND item = ANY($2)",
            &[(&source, Type::INT8), (&items, Type::INT8_ARRAY)],
        )
        .await?;
    for row in &rows {
        let of = known.events.entry(row.try_get(9)?).or_default();
        of.push(read::event(row)?);
    }
    Ok(known)
}

/// The next position. From here to the commit no other source moves on either.
async fn advance(transaction: &Transaction<'_>) -> Result<Position, Broken> {
    let next = "UPDATE weir.history SET position = position + 1 WHERE one = 1 RETURNING position";
    let row = transaction.query_typed_one(next, &[]).await?;
    let at = row.try_get::<_, i64>(0)?;
    give_mark(transaction, at).await?;
    Ok(Position(at.cast_unsigned()))
}

async fn give_mark(transaction: &Transaction<'_>, at: i64) -> Result<(), Broken> {
    let (mark, forgotten) = (Mark::random().0.cast_signed(), at - MARKS.cast_signed());
    let give = "WITH forgotten AS (DELETE FROM weir.mark WHERE position <= $3)
                INSERT INTO weir.mark (position, mark) VALUES ($1, $2)";
    let values: [Value<'_>; 3] = [
        (&at, Type::INT8),
        (&mark, Type::INT8),
        (&forgotten, Type::INT8),
    ];
    transaction.execute_typed(give, &values).await?;
    Ok(())
}

async fn mark(
    transaction: &Transaction<'_>,
    source: i64,
    items: &Vec<i64>,
    position: Position,
) -> Result<(), Broken> {
    let position = position.0.cast_signed();
    let mark = "UPDATE weir.item SET position = $3 WHERE source = $1 AND item = ANY($2)";
    let values: [Value<'_>; 3] = [
        (&source, Type::INT8),
        (items, Type::INT8_ARRAY),
        (&position, Type::INT8),
    ];
    transaction.execute_typed(mark, &values).await?;
    Ok(())
}

async fn put_items(
    transaction: &Transaction<'_>,
    source: i64,
    changes: &Changes<'_>,
    position: Position,
) -> Result<(), Broken> {
    if !changes.touched.is_empty() {
        mark(transaction, source, &changes.touched, position).await?;
    }
    if changes.added.is_empty() {
        return Ok(());
    }
    let items: Vec<i64> = changes.added.iter().map(|(item, _)| *item).collect();
    let (ids, long): (Texts<'_>, MaybeTexts<'_>) =
        changes.added.iter().map(|(_, id)| key(id)).unzip();
    let position = position.0.cast_signed();
    transaction
        .execute_typed(
            "INSERT INTO weir.item (source, item, id, long_id, position)
             SELECT $1, told.item, told.id, told.long_id, $5
             FROM unnest($2::bigint[], $3::text[], $4::text[]) AS told (item, id, long_id)",
            &[
                (&source, Type::INT8),
                (&items, Type::INT8_ARRAY),
                (&ids, Type::TEXT_ARRAY),
                (&long, Type::TEXT_ARRAY),
                (&position, Type::INT8),
            ],
        )
        .await?;
    Ok(())
}

/// Lets go of the row of a source. Without a cursor the one it has stays.
async fn put_source(
    transaction: &Transaction<'_>,
    held: Held,
    cursor: Option<&Cursor>,
) -> Result<(), Broken> {
    let cursor = cursor.map(|Cursor(text)| stored(text));
    transaction
        .execute_typed(
            "UPDATE weir.source SET items = $2, statuses = $3, cursor = coalesce($4, cursor)
             WHERE source = $1",
            &[
                (&held.source, Type::INT8),
                (&held.items, Type::INT8),
                (&held.statuses, Type::INT8),
                (&cursor, Type::TEXT),
            ],
        )
        .await?;
    Ok(())
}
