//! Digests of what rows say of their items.

use std::hash::{BuildHasher, RandomState};

use xxhash_rust::xxh3::xxh3_128_with_seed;

use super::super::records::Span;

/// Makes digests: of the same the same, and of others never the same in practice, for they have 128
/// bits, and by a seed of chance nobody can make a file whose digests collide.
#[derive(Clone, Debug)]
pub(super) struct Digester {
    seed: u64,
    /// What a row says, one field after the other.
    all: Vec<u8>,
}

impl Digester {
    pub(super) fn new() -> Self {
        Self {
            seed: RandomState::new().hash_one(0),
            all: Vec::new(),
        }
    }

    /// Of the bytes of the leading fields of a row, and of other fields in `bytes`.
    #[inline]
    pub(super) fn digest(
        &mut self,
        leading: &[u8],
        bytes: &[u8],
        fields: impl ExactSizeIterator<Item = Span>,
    ) -> u128 {
        if fields.len() == 0 {
            return xxh3_128_with_seed(leading, self.seed);
        }
        self.all.clear();
        self.all.extend_from_slice(leading);
        for field in fields {
            self.all.extend_from_slice(&field.place().1.to_le_bytes());
            self.all.push(u8::from(field.is_plain()));
            self.all.extend_from_slice(field.raw(bytes));
        }
        xxh3_128_with_seed(&self.all, self.seed)
    }
}

#[cfg(test)]
mod tests {
    use super::Digester;
    use crate::connectors::file::records::Span;

    #[test]
    fn a_digest_tells_where_fields_end_and_which_they_are() {
        let mut digester = Digester::new();
        let mut of = |leading: &str, fields: &[&str]| {
            let bytes = fields.concat();
            let mut from = 0;
            let spans = fields.iter().map(|field| {
                from += field.len();
                Span::plain(from - field.len(), from)
            });
            digester.digest(leading.as_bytes(), bytes.as_bytes(), spans)
        };
        let all = [
            of("A,", &["core", "web"]),
            of("A,", &["corew", "eb"]),
            of("A,", &["web", "core"]),
            of("A,", &["coreweb"]),
            of("A,core,web,", &[]),
        ];
        assert_eq!(of("A,", &["core", "web"]), all[0]);
        for (at, one) in all.iter().enumerate() {
            assert!(!all[..at].contains(one), "{at}");
        }
    }
}
