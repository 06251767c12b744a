//! Titles of the demo company's items.

use super::plan;

/// Makes a title for the item numbered `nth`. Titles of one kind do not repeat before all
/// combinations are used up.
pub(super) fn title(arrivals: usize, nth: u64) -> String {
    match arrivals {
        plan::FEATURE => combine(nth, &[FEATURES, PLACES]),
        plan::DEBT => combine(nth, &[CHORES, SYSTEMS]),
        plan::RISK => combine(nth, &[SAFEGUARDS, SYSTEMS]),
        _ => combine(nth, &[THINGS, FAULTS, OCCASIONS]),
    }
}

/// Walks through all combinations in leaps, so that neighbours differ in every part. The leap is a
/// prime that divides no number of combinations here.
fn combine(nth: u64, parts: &[&[&str]]) -> String {
    const LEAP: u64 = 389;
    let total: u64 = parts.iter().map(|part| part.len() as u64).product();
    let mut chosen = nth.wrapping_mul(LEAP) % total.max(1);
    let mut words = Vec::with_capacity(parts.len());
    for part in parts {
        let count = part.len() as u64;
        words.push(part[usize::try_from(chosen % count).unwrap_or(0)]);
        chosen /= count;
    }
    words.join(" ")
}

const FEATURES: &[&str] = &[
    "Refund to another card",
    "Split payment",
    "One-tap payment",
    "Saved cards",
    "Partial capture",
    "Instant payout",
    "Recurring invoices",
    "Gift card balance",
    "Pay by bank transfer",
    "Pay in three parts",
    "Prices in local currency",
    "Tips",
    "Receipt by message",
    "Payment status page",
    "Retry of failed payments",
    "Network tokens",
    "Spending limits",
    "Payout schedule",
    "Upload of dispute evidence",
    "Fee breakdown",
    "QR code payments",
    "Donation of the change",
    "Loyalty points",
    "Virtual cards",
    "Address lookup",
    "Deposit and release",
    "Group orders",
    "Cash-back",
    "Price alerts",
    "Account updater",
    "Trial periods",
    "Vouchers",
    "Delivery on account",
    "Pause a subscription",
    "Daily closing report",
    "Export for accountants",
    "Two-person approval",
    "Offline mode",
    "Dark mode",
    "Guided set-up",
];

const PLACES: &[&str] = &[
    "for guests",
    "for business accounts",
    "in the mobile app",
    "in the merchant portal",
    "for marketplaces",
    "in Poland",
    "in Switzerland",
    "in the Nordics",
    "at the till",
    "on the payment page",
    "for subscriptions",
    "for travel merchants",
    "in the partner API",
    "for charities",
    "at self-service desks",
    "on card readers",
    "for restaurants",
    "in web shops",
    "for public offices",
    "for franchises",
    "at petrol stations",
    "for event tickets",
    "at parking meters",
];

const THINGS: &[&str] = &[
    "Refund receipt",
    "Card form",
    "Security prompt",
    "Payout file",
    "Currency converter",
    "Webhook",
    "Settlement report",
    "Reader display",
    "Saved card list",
    "Invoice",
    "Ledger search",
    "Fraud rule editor",
    "Tax line",
    "Balance page",
    "Confirmation mail",
    "Dispute form",
    "Merchant sign-up",
    "Voucher code",
];

const FAULTS: &[&str] = &[
    "is empty",
    "shows the wrong currency",
    "times out",
    "is sent twice",
    "rounds up a cent",
    "ignores the time zone",
    "cannot be closed",
    "loses the last digit",
    "freezes",
    "returns an old value",
    "is cut off",
    "cannot be read aloud",
];

const OCCASIONS: &[&str] = &[
    "after a partial refund",
    "on slow networks",
    "for long names",
    "at month end",
    "after a retry",
    "with two tabs open",
    "on older phones",
    "when the session ends",
    "for split payments",
    "after the update",
];

const SAFEGUARDS: &[&str] = &[
    "Rotate the keys of",
    "Prove deletion of data in",
    "Penetration test of",
    "Second supplier for",
    "Access review of",
    "Failover drill for",
    "Audit trail for",
    "Card-data scope of",
    "Sanctions screening in",
    "Restore test of",
    "Four-eyes rule in",
];

const CHORES: &[&str] = &[
    "Retire the old half of",
    "Split the schema of",
    "Upgrade the runtime of",
    "Remove stale flags from",
    "Speed up the tests of",
    "Replace the scheduler of",
    "Document the interfaces of",
    "Untangle the start-up of",
    "Delete dead code in",
    "Trace requests through",
    "Stabilise the build of",
];

const SYSTEMS: &[&str] = &[
    "the card vault",
    "the ledger",
    "the payout engine",
    "the reader fleet",
    "the merchant portal",
    "the partner API",
    "the fraud service",
    "the data warehouse",
    "the key store",
    "the message bus",
    "the notification service",
    "the identity service",
    "the pricing engine",
    "the invoice renderer",
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{FAULTS, FEATURES, OCCASIONS, PLACES, THINGS, title};
    use crate::simulate::demo::plan;

    #[test]
    fn titles_do_not_repeat_before_all_are_used() {
        let all = (FEATURES.len() * PLACES.len()) as u64;
        let titles: BTreeSet<String> = (0..all).map(|nth| title(plan::FEATURE, nth)).collect();
        assert_eq!(titles.len() as u64, all);
        let all = (THINGS.len() * FAULTS.len() * OCCASIONS.len()) as u64;
        let titles: BTreeSet<String> = (0..all).map(|nth| title(plan::RISK + 1, nth)).collect();
        assert_eq!(titles.len() as u64, all);
    }
}
