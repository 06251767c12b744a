//! Events into their table.

use tokio_postgres::Transaction;
use tokio_postgres::types::Type;

use super::error::Broken;
use super::text::{MaybeTexts, Texts, key, stored};
use crate::history::merge::Changes;
use crate::history::told::Told;
use crate::model::event::Event;

/// Takes the events that are not told any more.
pub(super) async fn drop(
    transaction: &Transaction<'_>,
    source: i64,
    changes: &Changes<'_>,
) -> Result<(), Broken> {
    if changes.dropped.is_empty() {
        return Ok(());
    }
    let items: Vec<i64> = changes.dropped.iter().map(|(item, _)| *item).collect();
    let ids: Texts<'_> = changes.dropped.iter().map(|(_, id)| key(id).0).collect();
    transaction
        .execute_typed(
            "DELETE FROM weir.event
             USING unnest($2::bigint[], $3::text[]) AS gone (item, id)
             WHERE event.source = $1 AND event.item = gone.item AND event.id = gone.id",
            &[
                (&source, Type::INT8),
                (&items, Type::INT8_ARRAY),
                (&ids, Type::TEXT_ARRAY),
            ],
        )
        .await?;
    Ok(())
}

/// Events, a column each.
#[derive(Default)]
struct Columns<'a> {
    items: Vec<i64>,
    ids: Texts<'a>,
    long: MaybeTexts<'a>,
    at: Vec<i64>,
    seq: Vec<i64>,
    approximate: Vec<bool>,
    kinds: Vec<i16>,
    what: MaybeTexts<'a>,
    old: MaybeTexts<'a>,
    new: MaybeTexts<'a>,
}

impl<'a> Columns<'a> {
    fn add(&mut self, item: i64, event: &'a Event) {
        let told = Told::of(&event.change);
        let (id, long) = key(&event.id);
        self.items.push(item);
        self.ids.push(id);
        self.long.push(long);
        self.at.push(event.at.0);
        self.seq.push(event.seq.cast_signed());
        self.approximate.push(event.approximate);
        self.kinds
            .push(i16::try_from(told.kind).unwrap_or_default());
        self.what.push(told.what.map(stored));
        self.old.push(told.old.map(stored));
        self.new.push(told.new.map(stored));
    }
}

/// Writes events, over those of the same id.
pub(super) async fn put(
    transaction: &Transaction<'_>,
    source: i64,
    changes: &Changes<'_>,
) -> Result<(), Broken> {
    if changes.put.is_empty() {
        return Ok(());
    }
    let mut columns = Columns::default();
    for (item, event) in &changes.put {
        columns.add(*item, event);
    }
    transaction
        .execute_typed(
            "INSERT INTO weir.event (source, item, id, long_id, at, seq, approximate, kind,
                 what, old, new)
             SELECT $1, told.* FROM unnest($2::bigint[], $3::text[], $4::text[], $5::bigint[],
                 $6::bigint[], $7::boolean[], $8::smallint[], $9::text[], $10::text[],
                 $11::text[]) AS told
             ON CONFLICT (source, item, id) DO UPDATE SET at = excluded.at, seq = excluded.seq,
                 approximate = excluded.approximate, kind = excluded.kind, what = excluded.what,
                 old = excluded.old, new = excluded.new",
            &[
                (&source, Type::INT8),
                (&columns.items, Type::INT8_ARRAY),
                (&columns.ids, Type::TEXT_ARRAY),
                (&columns.long, Type::TEXT_ARRAY),
                (&columns.at, Type::INT8_ARRAY),
                (&columns.seq, Type::INT8_ARRAY),
                (&columns.approximate, Type::BOOL_ARRAY),
                (&columns.kinds, Type::INT2_ARRAY),
                (&columns.what, Type::TEXT_ARRAY),
                (&columns.old, Type::TEXT_ARRAY),
                (&columns.new, Type::TEXT_ARRAY),
            ],
        )
        .await?;
    Ok(())
}
