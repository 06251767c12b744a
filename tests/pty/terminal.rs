//! A terminal in memory with the program on it.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};
use vt100::{MouseProtocolMode, Parser};

use crate::program::{Desk, WEIR};

/// Less than the minute after which the dashboard looks at the clock: a key that is only noticed
/// then is a defect.
const DEADLINE: Duration = Duration::from_secs(40);

/// Keys as terminals send them.
pub(crate) const ENTER: &str = "\r";
pub(crate) const TAB: &str = "\t";
pub(crate) const ESC: &str = "\u{1b}";
pub(crate) const UP: &str = "\u{1b}[A";
pub(crate) const DOWN: &str = "\u{1b}[B";
pub(crate) const RIGHT: &str = "\u{1b}[C";
pub(crate) const LEFT: &str = "\u{1b}[D";
pub(crate) const CTRL_C: &str = "\u{3}";
pub(crate) const CTRL_S: &str = "\u{13}";
pub(crate) const CTRL_U: &str = "\u{15}";
pub(crate) const CTRL_Z: &str = "\u{1a}";

/// A process that does not outlive its test.
struct Started(Box<dyn Child + Send + Sync>);

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The end of the terminal that a person sits at.
pub(crate) struct Terminal {
    master: Box<dyn MasterPty + Send>,
    keyboard: Box<dyn Write + Send>,
    child: Started,
    output: Receiver<Vec<u8>>,
    /// Tells the thread that reads to let go of the terminal.
    gone: Arc<AtomicBool>,
    parser: Parser,
    /// All that was written so far.
    pub(crate) raw: Vec<u8>,
    /// How much of it has been looked through for questions.
    answered: usize,
}

fn size((columns, rows): (u16, u16)) -> PtySize {
    PtySize {
        rows,
        cols: columns,
        pixel_width: 0,
        pixel_height: 0,
    }
}

fn at_least_one(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).expect("a terminal has a size")
}

impl Terminal {
    /// Starts weir on a terminal of so many columns and rows.
    pub(crate) fn weir(desk: &Desk, columns_rows: (u16, u16), words: &[&str]) -> Self {
        Self::start(desk, columns_rows, &[&[WEIR], words].concat(), &[])
    }

    /// Starts a program with more in its environment.
    pub(crate) fn start(
        desk: &Desk,
        columns_rows: (u16, u16),
        words: &[&str],
        more: &[(&str, &str)],
    ) -> Self {
        let pair = native_pty_system()
            .openpty(size(columns_rows))
            .expect("a terminal");
        let mut command = CommandBuilder::new(words[0]);
        command.args(&words[1..]);
        command.cwd(desk.folder());
        command.env_clear();
        for (name, value) in desk.environment() {
            command.env(name, value);
        }
        for (name, value) in more {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).expect("it starts");
        let reader = pair.master.try_clone_reader().expect("a reader");
        let gone = Arc::new(AtomicBool::new(false));
        Self {
            keyboard: pair.master.take_writer().expect("a writer"),
            master: pair.master,
            child: Started(child),
            output: read_along(reader, Arc::clone(&gone)),
            gone,
            parser: Parser::new(
                at_least_one(columns_rows.1),
                at_least_one(columns_rows.0),
                0,
            ),
            raw: Vec::new(),
            answered: 0,
        }
    }

    /// Types.
    pub(crate) fn keys(&mut self, keys: &str) {
        self.keyboard
            .write_all(keys.as_bytes())
            .expect("somebody listens");
        self.keyboard.flush().expect("somebody listens");
    }

    /// Makes the window larger or smaller.
    pub(crate) fn resize(&mut self, columns_rows: (u16, u16)) {
        // First the picture: what is drawn after the size has changed is drawn for the new one.
        self.take_in(Duration::ZERO);
        let (columns, rows) = columns_rows;
        self.parser
            .set_size(at_least_one(rows), at_least_one(columns));
        self.master
            .resize(size(columns_rows))
            .expect("it can be resized");
    }

    /// Takes in what is written within a time; whether the program still can write.
    fn take_in(&mut self, within: Duration) -> bool {
        match self.output.recv_timeout(within) {
            Ok(bytes) => {
                self.parser.process(&bytes);
                self.raw.extend(bytes);
                self.answer();
                true
            }
            Err(RecvTimeoutError::Timeout) => true,
            Err(RecvTimeoutError::Disconnected) => false,
        }
    }

    /// Answers as terminals do when they are asked for the colour of their ground and their kind.
    fn answer(&mut self) {
        let questions = [
            (&b"\x1b]11;?"[..], "\u{1b}]11;rgb:0000/0000/0000\u{1b}\\"),
            (b"\x1b[c", "\u{1b}[?62;22c"),
        ];
        while self.answered < self.raw.len() {
            let rest = &self.raw[self.answered..];
            let asked = questions
                .iter()
                .find(|(question, _)| rest.starts_with(question));
            if let Some((_, answer)) = asked {
                self.keys(answer);
            } else if rest.len() < 6 && questions.iter().any(|(all, _)| all.starts_with(rest)) {
                return;
            }
            self.answered += 1;
        }
    }

    /// The screen as lines.
    pub(crate) fn lines(&self) -> Vec<String> {
        let screen = self.parser.screen();
        screen.rows(0, screen.size().1.get()).collect()
    }

    /// The screen.
    pub(crate) fn text(&self) -> String {
        self.lines().join("\n")
    }

    /// Waits until the screen is as wanted.
    #[track_caller]
    pub(crate) fn until(&mut self, what: &str, mut wanted: impl FnMut(&Self) -> bool) {
        let deadline = Instant::now() + DEADLINE;
        while !(self.is_whole() && wanted(self)) {
            let goes_on = self.take_in(Duration::from_millis(50));
            let late = Instant::now() > deadline;
            assert!(
                goes_on && !late || wanted(self),
                "never {what}:\n{}",
                self.text()
            );
        }
    }

    /// Whether the picture is not in the middle of being drawn.
    fn is_whole(&self) -> bool {
        let last = |mode: &[u8]| {
            self.raw
                .windows(mode.len())
                .rposition(|bytes| bytes == mode)
        };
        last(b"\x1b[?2026l") >= last(b"\x1b[?2026h")
    }

    /// Waits until a text is on the screen.
    #[track_caller]
    pub(crate) fn shows(&mut self, text: &str) {
        self.until(&format!("showed \"{text}\""), |terminal| terminal.has(text));
    }

    /// Whether a text is on the screen.
    pub(crate) fn has(&self, text: &str) -> bool {
        self.lines().iter().any(|line| line.contains(text))
    }

    /// Where a text is: column and row from 0.
    #[track_caller]
    pub(crate) fn place(&self, text: &str) -> (u16, u16) {
        let screen = self.parser.screen();
        let (rows, columns) = screen.size();
        for row in 0..rows.get() {
            let mut line = String::new();
            let mut starts = Vec::new();
            for column in 0..columns.get() {
                let cell = screen.cell(row, column).map_or("", |cell| cell.contents());
                starts.push(line.len());
                line.push_str(if cell.is_empty() { " " } else { cell });
            }
            if let Some(at) = line.find(text) {
                let column = starts.iter().rposition(|start| *start <= at);
                return (
                    column
                        .and_then(|column| column.try_into().ok())
                        .expect("a column"),
                    row,
                );
            }
        }
        panic!("\"{text}\" is not on the screen:\n{}", self.text());
    }

    /// Presses and lets go of the left button.
    pub(crate) fn click(&mut self, (column, row): (u16, u16)) {
        let (column, row) = (column + 1, row + 1);
        self.keys(&format!(
            "\u{1b}[<0;{column};{row}M\u{1b}[<0;{column};{row}m"
        ));
    }

    /// Waits until nothing has been written for a second.
    #[track_caller]
    pub(crate) fn quiet(&mut self) {
        let deadline = Instant::now() + DEADLINE;
        loop {
            let (before, since) = (self.raw.len(), Instant::now());
            while since.elapsed() < Duration::from_secs(1) && self.raw.len() == before {
                self.take_in(Duration::from_millis(50));
            }
            if self.raw.len() == before {
                return;
            }
            assert!(Instant::now() < deadline, "never quiet:\n{}", self.text());
        }
    }

    /// Bytes written within a time.
    pub(crate) fn bytes_within(&mut self, time: Duration) -> usize {
        let (before, since) = (self.raw.len(), Instant::now());
        while since.elapsed() < time {
            self.take_in(Duration::from_millis(50));
        }
        self.raw.len() - before
    }

    /// Sends a signal to the program.
    pub(crate) fn signal(&self, signal: Signal) {
        let id = self
            .child
            .0
            .process_id()
            .and_then(|id| i32::try_from(id).ok());
        let process = id.and_then(Pid::from_raw).expect("it runs");
        kill_process(process, signal).expect("it is there");
    }

    /// Waits for the end; gives the exit code.
    #[track_caller]
    pub(crate) fn ends(&mut self) -> u32 {
        let deadline = Instant::now() + DEADLINE;
        loop {
            self.take_in(Duration::from_millis(20));
            if let Some(status) = self.child.0.try_wait().expect("it can be asked") {
                while !self.gone.load(Ordering::SeqCst) && self.take_in(Duration::from_millis(200))
                {
                }
                assert_eq!(status.signal(), None, "{}", self.text());
                return status.exit_code();
            }
            assert!(
                Instant::now() < deadline,
                "it never ended:\n{}",
                self.text()
            );
        }
    }

    /// Pulls the plug: the terminal is gone, the program is told nothing but that. Gives the exit
    /// code.
    #[track_caller]
    pub(crate) fn pull_the_plug(self) -> Option<u32> {
        let Self {
            master,
            mut keyboard,
            mut child,
            output,
            gone,
            ..
        } = self;
        gone.store(true, Ordering::SeqCst);
        // Whatever is drawn for this key lets the thread that reads see that it is to go.
        keyboard.write_all(b"w").expect("somebody listens");
        let deadline = Instant::now() + DEADLINE;
        while !matches!(
            output.recv_timeout(DEADLINE),
            Err(RecvTimeoutError::Disconnected)
        ) {
            assert!(Instant::now() < deadline, "the reader never went");
        }
        drop((master, keyboard));
        loop {
            if let Some(status) = child.0.try_wait().expect("it can be asked") {
                return status.signal().is_none().then(|| status.exit_code());
            }
            assert!(Instant::now() < deadline, "it never ended");
            std::thread::yield_now();
        }
    }

    /// How the line discipline treats what is typed: compared before and after.
    pub(crate) fn modes(&self) -> impl PartialEq + std::fmt::Debug + use<> {
        let modes = self.master.get_termios().expect("a terminal has modes");
        (modes.input_flags, modes.output_flags, modes.local_flags)
    }

    /// Whether the terminal is as programs have to leave it.
    #[track_caller]
    pub(crate) fn is_given_back(&self) {
        let screen = self.parser.screen();
        let raw = String::from_utf8_lossy(&self.raw);
        let last = |sequence: &str| raw.rfind(sequence);
        for mode in ["1049", "1000", "1002", "1003", "1006", "2004", "1004"] {
            let (on, off) = (format!("\u{1b}[?{mode}h"), format!("\u{1b}[?{mode}l"));
            assert!(last(&off) > last(&on), "mode {mode} is still on");
        }
        assert!(
            last("\u{1b}[?25h") > last("\u{1b}[?25l"),
            "the cursor is still hidden"
        );
        assert!(
            last("\u{1b}[?2026l") > last("\u{1b}[?2026h"),
            "the update is still open"
        );
        assert!(!screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste());
        assert_eq!(screen.mouse_protocol_mode(), MouseProtocolMode::None);
    }

    /// Whether the program has the terminal.
    pub(crate) fn is_taken(&self) -> bool {
        let screen = self.parser.screen();
        screen.alternate_screen() && screen.mouse_protocol_mode() != MouseProtocolMode::None
    }
}

fn read_along(mut reader: Box<dyn Read + Send>, gone: Arc<AtomicBool>) -> Receiver<Vec<u8>> {
    let (sender, output) = channel();
    std::thread::spawn(move || {
        let mut bytes = [0; 8_192];
        while let Ok(count @ 1..) = reader.read(&mut bytes) {
            if sender.send(bytes[..count].to_vec()).is_err() || gone.load(Ordering::SeqCst) {
                return;
            }
        }
    });
    output
}
