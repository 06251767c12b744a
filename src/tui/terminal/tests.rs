//! A session in a real terminal: this test program starts itself in a pty.

use std::io::{Read, Write};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use ratatui::style::Style;

use super::{Session, install_panic_hook, theme_of, write_report};
use crate::tui::theme::ThemeName;

const CHILD: &str = "WEIR_TEST_CRASH_FOLDER";

/// What runs in the pty: draws, and does what keys say.
#[test]
#[ignore = "runs only inside a pty, started by the other tests"]
fn child() {
    let Ok(folder) = std::env::var(CHILD) else {
        return;
    };
    install_panic_hook(folder.into());
    let mut session = Session::enter(true).unwrap();
    let mut said = "ready";
    loop {
        session
            .draw(|area, buffer| {
                buffer.set_stringn(area.x, area.y, said, area.width.into(), Style::new());
                buffer.set_stringn(area.x, area.y + 1, "below", area.width.into(), Style::new());
            })
            .unwrap();
        match crossterm::event::read().unwrap() {
            crossterm::event::Event::Key(key) => match key.code {
                crossterm::event::KeyCode::Char('q') => return,
                crossterm::event::KeyCode::Char('p') => panic!("as asked"),
                crossterm::event::KeyCode::Char('z') => {
                    session.suspend().unwrap();
                    said = "again";
                }
                _ => {}
            },
            crossterm::event::Event::Resize(..) => said = "resized",
            _ => {}
        }
    }
}

/// The child in a pty, and the screen it draws.
struct Pty {
    master: Box<dyn portable_pty::MasterPty + Send>,
    reader: Box<dyn Read + Send>,
    writer: Box<dyn Write + Send>,
    child: Box<dyn portable_pty::Child + Send + Sync>,
    screen: vt100::Parser,
}

impl Pty {
    fn start(folder: &std::path::Path) -> Self {
        let size = PtySize {
            rows: 24,
            cols: 80,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
        let name = "tui::terminal::tests::child";
        command.args([
            "--exact",
            name,
            "--ignored",
            "--nocapture",
            "--test-threads=1",
        ]);
        command.env(CHILD, folder);
        command.env("TERM", "xterm-256color");
        let child = pair.slave.spawn_command(command).unwrap();
        Self {
            reader: pair.master.try_clone_reader().unwrap(),
            writer: pair.master.take_writer().unwrap(),
            master: pair.master,
            child,
            screen: vt100::Parser::new(nonzero(24), nonzero(80), 0),
        }
    }

    fn read(&mut self) -> bool {
        let mut bytes = [0; 4096];
        match self.reader.read(&mut bytes) {
            Ok(0) | Err(_) => false,
            Ok(count) => {
                self.screen.process(&bytes[..count]);
                true
            }
        }
    }

    /// Reads until a text stands in the first row of the alternate screen.
    fn until(&mut self, wanted: &str) {
        let shows = |pty: &Self| {
            let screen = pty.screen.screen();
            screen.alternate_screen() && screen.contents().starts_with(wanted)
        };
        while !shows(self) {
            assert!(
                self.read(),
                "ended before {wanted}: {}",
                self.screen.screen().contents()
            );
        }
    }

    fn press(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    /// Reads to the end and sees that the terminal is as it was.
    fn end(mut self) -> String {
        let status = self.child.wait().unwrap();
        drop(self.master);
        drop(self.writer);
        let mut bytes = [0; 4096];
        while let Ok(count @ 1..) = self.reader.read(&mut bytes) {
            self.screen.process(&bytes[..count]);
        }
        let screen = self.screen.screen();
        assert!(
            !screen.alternate_screen(),
            "still on the alternate screen: {status:?}"
        );
        assert!(!screen.hide_cursor(), "the cursor is still hidden");
        assert!(!screen.bracketed_paste());
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
        screen.contents()
    }
}

#[test]
fn quitting_gives_the_terminal_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut pty = Pty::start(folder.path());
    pty.until("ready");
    assert!(pty.screen.screen().hide_cursor());
    let size = PtySize {
        rows: 30,
        cols: 100,
        pixel_width: 0,
        pixel_height: 0,
    };
    pty.master.resize(size).unwrap();
    pty.until("resized");
    pty.press("q");
    pty.end();
}

#[test]
fn a_panic_gives_the_terminal_back_and_leaves_a_report() {
    let folder = tempfile::tempdir().unwrap();
    let mut pty = Pty::start(folder.path());
    pty.until("ready");
    pty.press("p");
    let said = pty.end();
    assert!(said.contains("because of a bug"), "{said}");
    let mut reports = std::fs::read_dir(folder.path()).unwrap();
    let report = std::fs::read_to_string(reports.next().unwrap().unwrap().path()).unwrap();
    assert!(report.contains("as asked"), "{report}");
}

#[test]
fn after_a_stop_the_whole_frame_is_drawn_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut pty = Pty::start(folder.path());
    pty.until("ready");
    pty.press("z");
    pty.until("again\nbelow");
    pty.press("q");
    pty.end();
}

#[test]
fn a_crash_is_written_where_it_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = write_report(&folder.path().join("state"), "what happened").unwrap();
    assert_eq!(std::fs::read_to_string(path).unwrap(), "what happened");
}

#[test]
fn a_named_theme_asks_nobody() {
    assert_eq!(theme_of("light"), Ok(ThemeName::Light));
    assert!(theme_of("pink").unwrap_err().contains("auto, dark, light"));
}

fn nonzero(number: u16) -> std::num::NonZero<u16> {
    std::num::NonZero::new(number).unwrap()
}
