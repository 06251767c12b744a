//! The quick way through rows: all that is said of an item stands in leading columns, so that one
//! comparison says whether a row is of the same item as the row before; and what stands behind them
//! is as plain as most is.

use std::ops::Range;

use super::{Break, Scanned, Scanner, What};

/// Where this many rows in turn were not such, the rest of a piece is not tried.
pub(super) const HOPE: u32 = 64;

impl Scanner {
    /// Scans such rows; where the first that is not such begins.
    #[inline(never)]
    pub(super) fn quick(&mut self, bytes: &[u8], from: usize, scanned: &mut Scanned) -> usize {
        if !self.trailing.is_empty() || self.hope == 0 {
            return from;
        }
        let (mut at, mut breaks) = (from, 0);
        let mut before: &[u8] = &[];
        loop {
            let repeats = !before.is_empty() && bytes[at..].starts_with(before);
            let end = if repeats {
                Some(at + before.len())
            } else {
                self.records.leading(bytes, at)
            };
            let told = self.times.told();
            let with = (&mut self.times, &mut self.seen, &mut scanned.statuses);
            let row = end.and_then(|end| Some((end, self.tail.row(bytes, end, with)?)));
            let Some((end, row)) = row else {
                self.times.untell(told);
                break;
            };
            if !repeats {
                if self.lead(bytes, at..end, scanned).is_none() {
                    self.times.untell(told);
                    break;
                }
                before = &bytes[at..end];
                breaks = self.records.breaks();
            }
            scanned.entries.push(row.at, row.status);
            scanned.lines += 1 + breaks;
            at = row.next;
        }
        self.end_quick(at > from);
        at
    }

    fn end_quick(&mut self, won: bool) {
        if won {
            self.forget();
            self.hope = HOPE;
        } else {
            self.hope -= 1;
        }
    }

    /// Adds what the leading fields of the next row say, or a digest of them where items return;
    /// `None` if that cannot be told.
    #[inline]
    fn lead(&mut self, bytes: &[u8], leading: Range<usize>, scanned: &mut Scanned) -> Option<()> {
        if !self.returning {
            self.look_at_all(bytes)?;
            return self.say(bytes, scanned);
        }
        let start = leading.start;
        let digest = self.digester.digest(&bytes[leading], bytes, [].into_iter());
        scanned.digests.push(digest);
        scanned.breaks.push(Break {
            before: scanned.entries.len(),
            what: What::Led {
                start,
                lines: scanned.lines,
            },
        });
        Some(())
    }
}
