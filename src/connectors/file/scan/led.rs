//! The quick way through rows of which each may be of another item than the row before, where items
//! were seen to return: a digest of their leading fields says which item it is, if it was read before.

use super::{Break, Scanned, Scanner, What};

impl Scanner {
    /// Scans such rows, as long as what stands behind their leading fields is as plain as most is;
    /// where the first that is not begins.
    #[inline(never)]
    pub(super) fn led(&mut self, bytes: &[u8], from: usize, scanned: &mut Scanned) -> usize {
        if !self.returning || !self.trailing.is_empty() {
            return from;
        }
        let (mut at, mut before) = (from, &bytes[from..from]);
        while let Some((end, breaks)) = self.records.leading(bytes, at) {
            let told = self.times.told();
            let with = (&mut self.times, &mut self.seen, &mut scanned.statuses);
            let Some(row) = self.tail.row(bytes, end, with) else {
                self.times.untell(told);
                break;
            };
            let leading = &bytes[at..end];
            if leading != before {
                let digest = self.digester.digest(leading, bytes, [].into_iter());
                scanned.digests.push(digest);
                scanned.breaks.push(Break {
                    before: scanned.entries.len(),
                    what: What::Led {
                        start: at,
                        lines: scanned.lines,
                    },
                });
                before = leading;
            }
            scanned.entries.push(row.at, row.status);
            scanned.lines += 1 + breaks;
            at = row.next;
        }
        if at > from {
            self.records.forget();
            self.fresh = true;
        }
        at
    }
}
