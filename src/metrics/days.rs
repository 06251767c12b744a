//! The civil days of a window, for looking an instant's day up without asking the zone.

use crate::model::time::{DAY_SECS, Day, Sec, Window, Zone};

/// Days that a window touches, each with its end.
#[derive(Clone, Debug)]
pub(crate) struct Days {
    first: Day,
    /// Start of the first day and the end of every day.
    borders: Vec<Sec>,
}

impl Days {
    /// The days of `window` in `zone`. None if the window is empty.
    pub(crate) fn of(window: Window, zone: &Zone) -> Self {
        let first = zone.day_of(window.from);
        let mut borders = vec![zone.start_of(first)];
        let mut day = first;
        while window.seconds() > 0 && borders.last().is_some_and(|border| *border < window.to) {
            day = day.plus(1);
            borders.push(zone.start_of(day));
        }
        Self { first, borders }
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.borders.len() - 1
    }

    /// The `index`-th day.
    pub(crate) fn day(&self, index: usize) -> Day {
        self.first.plus(i32::try_from(index).unwrap_or(i32::MAX))
    }

    /// The index of the day an instant lies in; 0 for anything earlier, `count()` for anything later.
    pub(crate) fn index(&self, at: Sec) -> usize {
        let since = at.since(self.borders[0]);
        if since < 0 {
            return 0;
        }
        let mut guess = usize::try_from(since / DAY_SECS).unwrap_or(usize::MAX);
        guess = guess.min(self.count());
        while guess > 0 && self.borders[guess] > at {
            guess -= 1;
        }
        while guess < self.count() && self.borders[guess + 1] <= at {
            guess += 1;
        }
        guess
    }
}

#[cfg(test)]
mod tests {
    use super::{Days, Sec, Window, Zone};
    use crate::model::time::Millis;

    #[test]
    fn instants_find_their_day_across_changes_of_clock() {
        let at = |text: &str| Millis::parse(text).unwrap().floor().unwrap();
        let zone = Zone::named("Europe/Berlin").unwrap();
        let window = Window {
            from: at("2026-03-27T12:00:00Z"),
            to: at("2026-04-02T12:00:00Z"),
        };
        let days = Days::of(window, &zone);
        assert_eq!(days.count(), 7);
        for hour in 0..24 * 6 {
            let at = window.from.plus(hour * 3_600);
            assert_eq!(days.day(days.index(at)), zone.day_of(at));
        }
        assert_eq!(days.index(Sec(0)), 0);
        assert_eq!(days.index(Sec::MAX), 7);
    }
}
