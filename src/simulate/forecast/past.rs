//! What was finished on each working day.

use crate::metrics::Days;
use crate::model::time::{Calendar, Day, Sec, Weekday, Window, Zone};

/// So many days of one name without a finish are no accident.
const HABIT: usize = 4;

/// Items finished on each working day of a stretch of time, zeros included. What was finished on a
/// day off counts on the next working day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Past {
    days: Vec<Day>,
    counts: Vec<u32>,
}

impl Past {
    /// Counts the instants of `finished` that lie on the days from that of `stretch.from` to the
    /// last one that is over at `stretch.to`. The first day counts whole.
    pub fn of(
        finished: impl IntoIterator<Item = Sec>,
        stretch: Window,
        calendar: &Calendar,
        zone: &Zone,
    ) -> Self {
        let whole = Window {
            from: zone.start_of(zone.day_of(stretch.from)),
            to: zone.start_of(zone.day_of(stretch.to)),
        };
        let days = Days::of(whole, zone);
        let mut past = Self::default();
        let mut counted_on = Vec::with_capacity(days.count());
        for day in (0..days.count()).map(|at| days.day(at)) {
            counted_on.push(past.days.len());
            if calendar.is_workday(day) {
                past.days.push(day);
            }
        }
        past.counts = vec![0; past.days.len()];
        for at in finished.into_iter().filter(|at| whole.contains(*at)) {
            let on = counted_on[days.index(at)];
            if let Some(count) = past.counts.get_mut(on) {
                *count = count.saturating_add(1);
            }
        }
        past
    }

    /// The working days, rising.
    pub fn days(&self) -> &[Day] {
        &self.days
    }

    /// Items finished on each of the days.
    pub fn counts(&self) -> &[u32] {
        &self.counts
    }

    /// The working days of the week, Monday first, on which nothing was ever finished though there
    /// were four or more: days off that the calendar does not know.
    pub fn idle_weekdays(&self) -> Vec<Weekday> {
        let mut seen = [(Weekday::Mon, 0, 0_u64); 7];
        for (day, count) in self.days.iter().zip(&self.counts) {
            let name = day.weekday();
            let (kept, days, finished) = &mut seen[name.num_days_from_monday() as usize];
            *kept = name;
            *days += 1;
            *finished += u64::from(*count);
        }
        let idle = seen.into_iter();
        idle.filter(|(_, days, finished)| *days >= HABIT && *finished == 0)
            .map(|(name, ..)| name)
            .collect()
    }

    /// The days from `from` up to, but not including, `to`.
    #[must_use]
    pub fn between(&self, from: Day, to: Day) -> Self {
        let at = |border| self.days.partition_point(|day| *day < border);
        let kept = at(from)..at(to).max(at(from));
        Self {
            days: self.days[kept.clone()].to_vec(),
            counts: self.counts[kept].to_vec(),
        }
    }
}
