//! The forecast of a question that is answered.

use super::{
    Ask, Backtest, Chance, Futures, ITEMS, Past, Source, TooLittle, WEEKS, backtest, backtest_when,
};
use crate::metrics::Measures;
use crate::model::snapshot::{Forecasting, Snapshot};
use crate::model::time::{Calendar, Day, Sec, Window};

/// What can be expected of the days ahead.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    /// The working days drawn from and what was finished on each.
    pub past: Past,
    /// The first day of the items' record. Days drawn from that lie before it hold no finish.
    pub record_from: Day,
    /// The first working day ahead. What is left of a day that has begun is not counted on.
    pub from: Day,
    /// Items in progress.
    pub load: u32,
    /// Items finished by some dates.
    pub how_many: Vec<HowMany>,
    /// Dates by which some items are finished.
    pub when: Vec<When>,
    /// How such forecasts did before; `None` if the record is no longer than the window.
    pub backtest: Option<Backtest>,
    /// The same of forecasts when as many are finished as usually are in the horizon.
    pub backtest_when: Option<Backtest>,
}

/// Items finished by the end of a day.
#[derive(Clone, Debug, PartialEq)]
pub struct HowMany {
    /// The last day that counts.
    pub day: Day,
    /// So many or more, with a confidence of 50, 70, 85 and 95 %.
    pub items: [u32; 4],
    /// How likely each of these is: the share of the futures in which so many are finished.
    pub likely: [f64; 4],
    /// How likely as many are finished as are in progress now; `None` if none are.
    pub load: Option<Chance>,
}

/// The day by whose end a number of items is finished.
#[derive(Clone, Debug, PartialEq)]
pub struct When {
    /// How many.
    pub items: u32,
    /// With a confidence of 50, 70, 85 and 95 %; `None` if it is too far to tell.
    pub days: [Option<Day>; 4],
    /// How likely each of these is: the share of the futures that are there by then.
    pub likely: [f64; 4],
}

/// Forecasts from what `measures` counts: the items of its filter, finished by its clock, on the
/// working days of its window or of the forecast's own.
///
/// # Errors
/// [`TooLittle`] under five days with completions.
pub fn forecast(snapshot: &Snapshot, measures: &Measures) -> Result<Forecast, TooLittle> {
    let basis = Basis::of(snapshot, measures);
    let source = basis.source()?;
    let open = basis.load.saturating_add(whole(measures.items.backlog));
    let asked = basis.ahead.ask(basis.today, [basis.load, open]);
    let futures = Futures::draw(source, &asked);
    let tested = basis.tested();
    Ok(Forecast {
        how_many: basis.ahead.how_many(&futures, basis.today, basis.load),
        when: basis.ahead.when(&futures),
        backtest: tested.how_many,
        backtest_when: tested.when,
        from: basis.ahead.first(),
        record_from: basis.record_from,
        load: basis.load,
        past: basis.past,
    })
}

/// How forecasts like one did before; `None` where the record is no longer than the window.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tested {
    /// How many by a date.
    pub how_many: Option<Backtest>,
    /// When as many are finished as usually are in the horizon.
    pub when: Option<Backtest>,
}

/// What a question's forecasts are drawn from.
pub(super) struct Basis<'a> {
    /// The days drawn from.
    pub(super) past: Past,
    /// All days that are known.
    known: Past,
    record_from: Day,
    /// The working days to come.
    pub(super) ahead: Ahead<'a>,
    /// The day of the instant it is seen from.
    pub(super) today: Day,
    /// Items in progress.
    pub(super) load: u32,
    /// How to draw.
    pub(super) plan: &'a Forecasting,
}

impl<'a> Basis<'a> {
    pub(super) fn of(snapshot: &'a Snapshot, measures: &Measures) -> Self {
        Self::by(snapshot, measures, &snapshot.settings().forecast)
    }

    /// As [`Basis::of`], drawn by another plan than the configured one.
    pub(super) fn by(snapshot: &'a Snapshot, measures: &Measures, plan: &'a Forecasting) -> Self {
        let zone = snapshot.zone();
        let as_of = measures.header.as_of;
        let own = plan.window.map(|window| window.resolve(as_of, zone));
        let window = own.unwrap_or(measures.header.window);
        let begin = record_begin(measures);
        let record = record(snapshot, measures, window.from.min(begin));
        let record_from = zone.day_of(begin);
        Self {
            past: record.between(zone.day_of(window.from), zone.day_of(window.to)),
            known: record.between(record_from, zone.day_of(as_of)),
            record_from,
            ahead: Ahead::new(&snapshot.settings().calendar, next_day(snapshot, as_of)),
            today: zone.day_of(as_of),
            load: whole(measures.items.in_progress),
            plan,
        }
    }

    pub(super) fn source(&self) -> Result<Source<'_>, TooLittle> {
        Source::new(self.past.counts(), self.plan)
    }

    pub(super) fn tested(&self) -> Tested {
        let (counts, days) = (self.known.counts(), self.past.counts().len());
        Tested {
            how_many: backtest(counts, days, self.plan),
            when: backtest_when(counts, days, self.plan),
        }
    }
}

fn whole(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The first event of the items asked about.
fn record_begin(measures: &Measures) -> Sec {
    let rows = measures.table.rows();
    let first = rows.map(|row| row.created).min();
    first.unwrap_or(measures.header.as_of)
}

fn record(snapshot: &Snapshot, measures: &Measures, from: Sec) -> Past {
    let rows = measures.table.rows();
    let stretch = Window {
        from,
        to: measures.header.as_of,
    };
    let calendar = &snapshot.settings().calendar;
    let finished = rows.filter_map(|row| row.finished.get());
    Past::of(finished, stretch, calendar, snapshot.zone())
}

/// The first day that has not begun.
pub(super) fn next_day(snapshot: &Snapshot, as_of: Sec) -> Day {
    let zone = snapshot.zone();
    let today = zone.day_of(as_of);
    if zone.start_of(today) == as_of {
        today
    } else {
        today.plus(1)
    }
}

/// The working days from some day on.
pub(super) struct Ahead<'a> {
    /// Which days are worked on.
    pub(super) calendar: &'a Calendar,
    /// The first day that may be.
    pub(super) from: Day,
}

impl<'a> Ahead<'a> {
    fn new(calendar: &'a Calendar, from: Day) -> Self {
        Self { calendar, from }
    }

    fn days(&self) -> impl Iterator<Item = Day> {
        let days = (0..).map(|more| self.from.plus(more));
        days.filter(|day| self.calendar.is_workday(*day))
    }

    fn first(&self) -> Day {
        self.days().next().unwrap_or(self.from)
    }

    /// How many working days there are up to a day and with it.
    fn until(&self, last: Day) -> u32 {
        let days = self.days().take_while(|day| *day <= last);
        u32::try_from(days.count()).unwrap_or(u32::MAX)
    }

    fn ask(&self, today: Day, open: [u32; 2]) -> Ask {
        let days = WEEKS.map(|weeks| self.until(today.plus(7 * weeks)));
        let items = ITEMS.into_iter().chain(open).filter(|items| *items > 0);
        Ask::new(days.to_vec(), items.collect())
    }

    fn how_many(&self, futures: &Futures, today: Day, load: u32) -> Vec<HowMany> {
        let days = WEEKS.map(|weeks| today.plus(7 * weeks));
        let told = days.into_iter().filter_map(|day| {
            let asked = futures.ask().days();
            let at = asked.binary_search(&self.until(day)).ok()?;
            let items = futures.how_many(at);
            Some(HowMany {
                day,
                items,
                likely: items.map(|items| futures.share_with(at, items)),
                load: (load > 0).then(|| futures.chance(at, load)),
            })
        });
        told.collect()
    }

    pub(super) fn when(&self, futures: &Futures) -> Vec<When> {
        let asked = futures.ask().items().iter().enumerate();
        let told: Vec<(usize, u32, [Option<u32>; 4])> = asked
            .map(|(at, items)| (at, *items, futures.when(at)))
            .collect();
        let farthest = told.iter().flat_map(|(.., days)| days).flatten().max();
        let farthest = usize::try_from(farthest.copied().unwrap_or(0)).unwrap_or(0);
        let dates: Vec<Day> = self.days().take(farthest).collect();
        let date = |day: u32| {
            let at = usize::try_from(day).ok()?.checked_sub(1)?;
            dates.get(at).copied()
        };
        told.into_iter()
            .map(|(at, items, days)| When {
                items,
                likely: days.map(|day| day.map_or(0.0, |day| futures.share_by(at, day))),
                days: days.map(|day| day.and_then(date)),
            })
            .collect()
    }
}
