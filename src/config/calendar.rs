//! `[calendar]`: which time is working time.

use super::reader::{Section, Setting};
use crate::model::time::Calendar;

pub(super) fn read(top: &mut Section<'_>) -> Calendar {
    let mut calendar = Calendar::default();
    let Some(mut section) = top.table("calendar") else {
        return calendar;
    };
    if let Some(days) = section.get("workdays") {
        calendar.workdays = workdays(&days);
    }
    if let Some(hours) = section
        .get("hours")
        .and_then(|hours| hours.parsed(Calendar::parse_hours))
    {
        calendar.hours = hours;
    }
    if let Some(holidays) = section.get("holidays") {
        calendar.holidays = holidays.list().iter().filter_map(Setting::day).collect();
        calendar.holidays.sort_unstable();
    }
    section.finish();
    calendar
}

fn workdays(setting: &Setting<'_>) -> [bool; 7] {
    let mut workdays = [false; 7];
    let list = setting.list();
    if list.is_empty() {
        setting.problem(
            "there are no working days",
            "expected at least one of mon, tue, wed, thu, fri, sat, sun",
        );
    }
    for day in list {
        if let Some(day) = day.parsed(Calendar::parse_weekday) {
            workdays[day.num_days_from_monday() as usize] = true;
        }
    }
    workdays
}
