use super::{fact, moves, read, role_of, sync, try_read, written};
use crate::connectors::{Fault, FileFormat};
use crate::model::event::fact::SEPARATOR;
use crate::model::id::ItemIx;
use crate::model::time::Sec;

/// One of everything that such logs hold.
const WHOLE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!-- made by hand -->
<!DOCTYPE log>
<xes:log xes.version="2.0" xmlns:xes="http://www.xes-standard.org/" xmlns:own="urn:own">
  <xes:extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <xes:global scope="event">
    <xes:string key="concept:name" value="INVALID"/>
    <xes:date key="time:timestamp" value="1970-01-01T00:00:00.000+00:00"/>
  </xes:global>
  <xes:classifier name="Activity" keys="concept:name lifecycle:transition"/>
  <xes:string key="concept:name" value="the log itself"/>
  <own:event><xes:string key="concept:name" value="foreign"/></own:event>
  <xes:trace>
    <xes:string key="concept:name" value="A &amp; B &#228;"/>
    <xes:string key="type" value="Bug"/>
    <xes:string key="org:group" value="cards"/>
    <xes:list key="tags"><xes:values>
      <xes:string key="tag" value="x"/><xes:string key="tag" value="y"/>
    </xes:values></xes:list>
    <xes:event>
      <xes:string key="concept:name" value="Build"/>
      <xes:string key="lifecycle:transition" value="start"/>
      <xes:date key="time:timestamp" value="2026-01-05T10:00:00.250+01:00"/>
      <xes:string key="org:resource" value="Ann"/>
      <own:note>passed over</own:note>
    </xes:event>
    <xes:event>
      <xes:string key="concept:name" value="Build"/>
      <xes:string key="lifecycle:transition" value="complete"/>
      <xes:date key="time:timestamp" value="2026-01-06T09:00:00.000Z"/>
      <xes:string key="org:resource" value="Ann"/>
    </xes:event>
    <xes:event>
      <xes:string key="concept:name"><![CDATA[Check <it>]]> &amp; go</xes:string>
      <xes:string key="lifecycle:transition" value="complete"/>
      <xes:date key="time:timestamp" value="2026-01-07T09:00:00-02:00"/>
      <xes:string key="org:group" value="reader"/>
      <xes:container key="cost"><xes:float key="total" value="1.5"/></xes:container>
      <xes:boolean key="late" value="true"><xes:string key="why" value="ill"/></xes:boolean>
    </xes:event>
  </xes:trace>
  <xes:trace>
    <xes:event>
      <xes:string key="concept:name" value="Build"/>
      <xes:string key="lifecycle:transition" value="complete"/>
      <xes:date key="time:timestamp" value="2026-01-08T09:00:00Z"/>
    </xes:event>
  </xes:trace>
</xes:log>
"#;

#[test]
fn a_log_with_one_of_everything_is_read_whole() {
    let (log, report) = read(WHOLE);
    assert_eq!(
        (report.rows, report.kept_out, report.items),
        (4, 0, 2),
        "{report:?}"
    );
    let item = "A & B ä";
    assert_eq!(
        moves(&log, item),
        [
            "2026-01-05T09:00:00Z Build",
            "2026-01-07T11:00:00Z Check <it> & go"
        ]
    );
    assert_eq!(moves(&log, "trace 2"), ["2026-01-08T09:00:00Z Build"]);
    assert_eq!(fact(&log, item, "type", Sec(0)), "Bug");
    assert_eq!(fact(&log, item, "team", Sec(0)), "cards");
    assert_eq!(fact(&log, item, "team", Sec::MAX), "reader");
    assert_eq!(fact(&log, item, "assignee", Sec(0)), "Ann");
    assert_eq!(
        fact(&log, item, "tags.tag", Sec(0)),
        format!("x{SEPARATOR}y")
    );
    assert_eq!(fact(&log, item, "cost.total", Sec::MAX), "1.5");
    assert_eq!(fact(&log, item, "late", Sec::MAX), "true");
    assert_eq!(fact(&log, item, "late.why", Sec::MAX), "ill");
    for (column, role) in [
        ("case:concept:name", "item"),
        ("concept:name", "status"),
        ("time:timestamp", "time"),
        ("lifecycle:transition", "lifecycle"),
    ] {
        assert_eq!(role_of(&report, column), role);
    }
    assert!(
        report
            .notes
            .iter()
            .any(|note| note.starts_with("1 rows end an activity"))
    );
    assert_eq!(report.found.format, FileFormat::Xes);
}

#[tokio::test]
async fn a_configured_log_is_told_event_by_event() {
    let file = written(WHOLE.as_bytes());
    let kept = sync(&file, None).await;
    assert!(kept.whole && kept.oddities.is_empty());
    let (there, here) = (kept.log(), read(WHOLE).0);
    assert_eq!(there.move_count(), here.move_count());
    assert_eq!(moves(&there, "A & B ä"), moves(&here, "A & B ä"));
}

fn event(status: &str, time: &str) -> String {
    format!(
        "<event><string key=\"concept:name\" value=\"{status}\"/>\n\
         <date key=\"time:timestamp\" value=\"{time}\"/></event>\n"
    )
}

fn log(traces: &str) -> String {
    format!("<log xmlns=\"http://www.xes-standard.org/\">\n{traces}</log>\n")
}

fn trace(name: &str, events: &str) -> String {
    format!("<trace>\n<string key=\"concept:name\" value=\"{name}\"/>\n{events}</trace>\n")
}

#[test]
fn broken_events_are_listed_by_line_and_the_rest_goes_on() {
    let good = event("a", "2026-01-01T00:00:00Z");
    let events = [
        good.as_str(),
        "<event><string key=\"concept:name\" value=\"&nothing;\"/></event>\n",
        "<event><string key=\"a\" key=\"b\" value=\"x\"/></event>\n",
        "<event><string key=\"concept:name\" value=\"a\"/></event>\n",
        "<event><string key=\"concept:name\" value=\"never closed\"/>\n",
        &event("b", "2026-01-02T00:00:00Z"),
        "</event></nothing>\n",
        &event("c", "yesterday"),
        &event("d", "2026-01-03T00:00:00Z"),
    ];
    let (read, report) = read(&log(&trace("1", &events.concat())));
    let told: Vec<String> = report
        .oddities
        .iter()
        .map(|odd| format!("{}: {}", odd.place, odd.what))
        .collect();
    assert_eq!(
        moves(&read, "1"),
        [
            "2026-01-01T00:00:00Z a",
            "2026-01-02T00:00:00Z b",
            "2026-01-03T00:00:00Z d"
        ]
    );
    let begins = [
        "line 6: an attribute cannot be read",
        "line 7: an element is broken",
        "line 8: the row has no time",
        "line 10: the event of line 9 is not closed",
        "line 13: \"yesterday\" is no time",
    ];
    assert_eq!(told.len(), begins.len(), "{told:?}");
    for (told, begin) in told.iter().zip(begins) {
        assert!(told.starts_with(begin), "{told}");
    }
}

#[test]
fn a_log_that_is_cut_off_keeps_what_is_whole() {
    let one = trace("1", &event("a", "2026-01-01T00:00:00Z"));
    let two = trace("2", &event("b", "2026-01-02T00:00:00Z"));
    let whole = log(&(one + &two));
    let cut = &whole[..whole.find("2026-01-02").unwrap()];
    let (log, report) = read(cut);
    assert_eq!((log.item_count(), report.kept_out), (1, 1));
    assert!(
        report.oddities[0].what.contains("rest of the file"),
        "{report:?}"
    );
    let end = &whole[..whole.len() - "</log>\n".len()];
    let (log, report) = read(end);
    assert_eq!((log.item_count(), report.kept_out), (2, 1));
    assert!(report.oddities[0].what.contains("cut off"), "{report:?}");
}

#[test]
fn nesting_and_elements_without_end_are_bounded() {
    let good = trace("1", &event("a", "2026-01-01T00:00:00Z"));
    let deep = "<string key=\"a\">".repeat(100_000);
    let (_, report) = read(&log(&format!("{good}<trace>{deep}")));
    assert_eq!((report.items, report.kept_out), (1, 1));
    assert!(report.oddities[0].what.contains("too deep"), "{report:?}");
    let long = "x".repeat(9 * 1024 * 1024);
    let (_, report) = read(&log(&format!(
        "{good}<trace><string key=\"a\" value=\"{long}\"/></trace>"
    )));
    assert_eq!((report.items, report.kept_out), (1, 1));
    assert!(report.oddities[0].what.contains("too long"), "{report:?}");
}

#[test]
fn what_is_no_log_is_said() {
    for text in [
        "<html><body/></html>",
        "<log/>",
        "<log>",
        "<?xml version=\"1.0\"?>",
    ] {
        let read = try_read(text.as_bytes(), |_| {});
        let Err(Fault::Unusable { what, hint }) = read else {
            panic!("{text}: {read:?}");
        };
        assert!(
            what.contains("holds no event") && !hint.is_empty(),
            "{what}"
        );
    }
}

#[test]
fn letters_of_windows_are_read() {
    let text = log(&trace("gr?sser", &event("a", "2026-01-01T00:00:00Z")));
    let bytes: Vec<u8> = text
        .bytes()
        .map(|byte| if byte == b'?' { 0xf6 } else { byte })
        .collect();
    let (log, report) = try_read(&bytes, |_| {}).unwrap();
    assert_eq!(log.id(ItemIx(0)), "grösser");
    assert!(
        report
            .notes
            .iter()
            .any(|note| note.starts_with("1 letters"))
    );
}

#[test]
fn attributes_after_events_hold_from_there_on_and_are_counted() {
    let events = event("a", "2026-01-01T00:00:00Z")
        + "<string key=\"team\" value=\"late\"/>"
        + &event("b", "2026-01-02T00:00:00Z");
    let (log, report) = read(&log(&trace("1", &events)));
    assert_eq!(fact(&log, "1", "team", Sec(0)), "");
    assert_eq!(fact(&log, "1", "team", Sec::MAX), "late");
    assert!(
        report
            .notes
            .iter()
            .any(|note| note.starts_with("1 attributes"))
    );
}
