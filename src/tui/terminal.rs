//! Taking the terminal and giving it back, whatever happens.

mod pen;

use std::backtrace::Backtrace;
use std::fmt::Write as _;
use std::io::{self, BufWriter, Stdout, Write};
use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

use crossterm::clipboard::CopyToClipboard;
use crossterm::cursor::{Hide, Show};
use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste,
    EnableFocusChange, EnableMouseCapture,
};
use crossterm::style::Print;
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    SetTitle, disable_raw_mode, enable_raw_mode,
};
use crossterm::{execute, queue, style};
use ratatui::backend::{Backend as _, ClearType, CrosstermBackend};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use terminal_colorsaurus::{QueryOptions, ThemeMode, theme_mode};

use super::Link;
use super::theme::ThemeName;

/// A whole frame fits, so that the terminal gets it in one write. Smaller pieces would spare nothing:
/// the system hands a terminal some kilobytes at a time whatever it is given, and one that knows no
/// synchronised output may show what it has after any piece.
const FRAME_BYTES: usize = 512 * 1024;

/// Whether the terminal is ours and has to be given back.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// Held while something is written, so that what a thread is about to draw never follows what
/// another one writes to give the terminal back.
static WRITING: Mutex<()> = Mutex::new(());

/// Milliseconds that giving back waits for a writer, at most: the terminal may read no more, or the
/// writer itself may be what fails.
const PATIENCE: u32 = 500;

/// The terminal while it is ours; dropping it gives it back.
#[derive(Debug)]
pub struct Session {
    backend: CrosstermBackend<BufWriter<Stdout>>,
    /// What is on the terminal.
    shown: Buffer,
    /// What is to be on it.
    next: Buffer,
    mouse: bool,
    /// Whether keys of items are links.
    linked: bool,
    /// The window's title as it was last set.
    title: String,
}

impl Session {
    /// Takes the terminal: raw mode, the alternate screen, paste in one piece, focus, the mouse and
    /// links if wanted.
    ///
    /// # Errors
    /// Where the terminal refuses; it is then as it was.
    pub fn enter(mouse: bool, linked: bool) -> io::Result<Self> {
        style::force_color_output(true);
        take(mouse)?;
        let output = BufWriter::with_capacity(FRAME_BYTES, io::stdout());
        Ok(Self {
            backend: CrosstermBackend::new(output),
            shown: Buffer::default(),
            next: Buffer::default(),
            mouse,
            linked,
            title: String::new(),
        })
    }

    /// Draws one frame: only what changed is written, in one piece, and nothing if nothing did.
    /// Nothing is drawn either once the terminal has been given back. What `links` finds in it becomes
    /// links.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn draw(
        &mut self,
        frame: impl FnOnce(Rect, &mut Buffer),
        links: impl FnOnce(&Buffer) -> Vec<Link>,
    ) -> io::Result<()> {
        let (columns, rows) = self.size()?;
        let area = Rect::new(0, 0, columns, rows);
        if area != self.shown.area {
            self.forget(area)?;
        }
        self.next.reset();
        frame(area, &mut self.next);
        pen::plain(&mut self.next);
        if self.shown.diff_iter(&self.next).next().is_none() {
            return Ok(());
        }
        let Some(_writing) = writing() else {
            return Ok(());
        };
        let links = if self.linked {
            links(&self.next)
        } else {
            Vec::new()
        };
        queue!(self.backend, BeginSynchronizedUpdate)?;
        pen::draw(&mut self.backend, (&mut self.shown, &self.next), &links)?;
        queue!(self.backend, EndSynchronizedUpdate)?;
        std::mem::swap(&mut self.shown, &mut self.next);
        Write::flush(&mut self.backend)
    }

    /// Names the terminal's window; its own name comes back with the terminal.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn set_title(&mut self, title: String) -> io::Result<()> {
        if self.title == title {
            return Ok(());
        }
        let Some(_writing) = writing() else {
            return Ok(());
        };
        self.title = title;
        execute!(self.backend, SetTitle(&self.title))
    }

    /// Clears the terminal, so that the next frame is drawn whole.
    fn forget(&mut self, area: Rect) -> io::Result<()> {
        self.shown = Buffer::empty(area);
        self.next = Buffer::empty(area);
        let Some(_writing) = writing() else {
            return Ok(());
        };
        self.backend.clear_region(ClearType::All)
    }

    /// Columns and rows.
    ///
    /// # Errors
    /// Where the terminal does not say.
    pub fn size(&self) -> io::Result<(u16, u16)> {
        let size = self.backend.size()?;
        Ok((size.width, size.height))
    }

    /// Takes mouse events, or leaves them to the terminal.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn set_mouse(&mut self, mouse: bool) -> io::Result<()> {
        self.mouse = mouse;
        let Some(_writing) = writing() else {
            return Ok(());
        };
        if mouse {
            execute!(self.backend, EnableMouseCapture)
        } else {
            execute!(self.backend, DisableMouseCapture)
        }
    }

    /// Puts a text on the clipboard of the machine one sits at, also over SSH (OSC 52).
    ///
    /// # Errors
    /// Where the terminal is gone. One that does not know the sequence ignores it.
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        let Some(_writing) = writing() else {
            return Ok(());
        };
        execute!(self.backend, CopyToClipboard::to_clipboard_from(text))
    }

    /// Sends a sequence that draws nothing, such as a notice to the desktop.
    ///
    /// # Errors
    /// Where the terminal is gone. One that does not know the sequence ignores it.
    pub fn send(&mut self, sequence: &str) -> io::Result<()> {
        let Some(_writing) = writing() else {
            return Ok(());
        };
        execute!(self.backend, Print(sequence))
    }

    /// Gives the terminal back, stops the program until it is continued, takes the terminal again
    /// and forgets what was on it, so that the next frame is drawn whole. Call it from the main
    /// thread: only there the stop takes hold before this goes on.
    ///
    /// # Errors
    /// Where the terminal refuses or the program cannot be stopped.
    pub fn suspend(&mut self) -> io::Result<()> {
        restore();
        stop()?;
        self.resume()
    }

    /// Takes the terminal again after a stop that came from outside.
    ///
    /// # Errors
    /// Where the terminal refuses.
    pub fn resume(&mut self) -> io::Result<()> {
        take(self.mouse)?;
        self.title.clear();
        self.forget(self.shown.area)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        restore();
    }
}

fn take(mouse: bool) -> io::Result<()> {
    TAKEN.store(true, Ordering::SeqCst);
    let taken = enable_raw_mode().and_then(|()| {
        let mut output = io::stdout();
        execute!(
            output,
            EnterAlternateScreen,
            Print(KEEP_TITLE),
            Hide,
            EnableBracketedPaste,
            EnableFocusChange
        )?;
        if mouse {
            execute!(output, EnableMouseCapture)
        } else {
            Ok(())
        }
    });
    taken.inspect_err(|_| restore())
}

/// Puts the window's title aside, and takes it back: terminals that keep no titles ignore it.
const KEEP_TITLE: &str = "\u{1b}[22;2t";
const TITLE_BACK: &str = "\u{1b}[23;2t";

/// The right to write to the terminal, while it is ours.
fn writing() -> Option<MutexGuard<'static, ()>> {
    let held = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    TAKEN.load(Ordering::SeqCst).then_some(held)
}

/// The right to write to the terminal; `None` if whoever has it does not come to an end.
fn patiently() -> Option<MutexGuard<'static, ()>> {
    for _ in 0..PATIENCE {
        match WRITING.try_lock() {
            Ok(held) => return Some(held),
            Err(TryLockError::Poisoned(held)) => return Some(held.into_inner()),
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(1)),
        }
    }
    None
}

/// Gives the terminal back if it is ours. Safe to call at any time, from any thread, twice.
pub fn restore() {
    let _writing = patiently();
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let _ = execute!(
        io::stdout(),
        EndSynchronizedUpdate,
        DisableMouseCapture,
        DisableFocusChange,
        DisableBracketedPaste,
        Print(TITLE_BACK),
        LeaveAlternateScreen,
        Show
    );
    let _ = disable_raw_mode();
}

#[cfg(unix)]
fn stop() -> io::Result<()> {
    use rustix::process::{Signal, getpid, kill_process};
    Ok(kill_process(getpid(), Signal::TSTP)?)
}

#[cfg(not(unix))]
fn stop() -> io::Result<()> {
    Ok(())
}

/// From now on a panic on any thread gives the terminal back first, writes what happened into a
/// file in `folder`, says where it lies and ends the program with exit code `code`: no other thread
/// may go on and draw over a terminal that is no longer weir's.
pub fn install_panic_hook(folder: PathBuf, code: u8) {
    std::panic::set_hook(Box::new(move |info| {
        restore();
        let report = report(info, &Backtrace::force_capture());
        let said = match write_report(&folder, &report) {
            Ok(path) => format!(
                "weir stopped because of a bug in it. What happened is written in {}; please \
                 report it with that file.",
                path.display()
            ),
            Err(error) => format!(
                "weir stopped because of a bug in it, and {} could not be written ({error}):\n\
                 {report}",
                folder.display()
            ),
        };
        let _ = writeln!(io::stderr(), "{said}");
        std::process::exit(code.into());
    }));
}

fn report(info: &PanicHookInfo<'_>, trace: &Backtrace) -> String {
    let mut report = format!("weir {}\n", env!("CARGO_PKG_VERSION"));
    let thread = std::thread::current();
    let _ = writeln!(report, "thread: {}", thread.name().unwrap_or("unnamed"));
    let _ = writeln!(report, "{info}\n\n{trace}");
    report
}

fn write_report(folder: &Path, report: &str) -> io::Result<PathBuf> {
    std::fs::create_dir_all(folder)?;
    let path = folder.join(format!("crash-{}.txt", std::process::id()));
    std::fs::write(&path, report)?;
    Ok(path)
}

/// The theme for the terminal's ground; `None` if it does not say. Asks for a second at most, so
/// call it before [`Session::enter`] and only with a terminal.
pub fn theme_of_ground() -> Option<ThemeName> {
    let mut options = QueryOptions::default();
    options.timeout = Duration::from_secs(1);
    match theme_mode(options) {
        Ok(ThemeMode::Light) => Some(ThemeName::Light),
        Ok(ThemeMode::Dark) => Some(ThemeName::Dark),
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests;
