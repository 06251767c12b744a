//! The dashboard: one task owns the state, selects what happens, draws when something changed.

mod config;
mod due;
mod effects;
mod liveliness;
mod log;
mod saving;

use std::future::poll_fn;
use std::io::IsTerminal;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use crossterm::event::{Event, EventStream};
use futures_util::StreamExt;
use tokio::sync::watch;
use tokio::time::Instant;

use super::Failure;
use super::desk::Desk;
use super::feed::Feed;
use super::files::Opened;
use super::health::HealthBoard;
use super::in_use::InUse;
use super::notices::{Asked, Word};
use super::opening::Opening;
use super::recall::{KnownBy, Recall};
use super::remembered::Remembered;
use super::save::SaveTo;
use super::signals::{Signal, Signals, end_anyway};
use super::walks::Walks;
use crate::app::{
    Effect, FilterError, Inference, Live, Msg, Notice, Seen, State, Terminal, update,
};
use crate::clock::Clock;
use crate::model::health::SourceHealth;
use crate::model::rule::Rule;
use crate::tui::terminal::Session;
use crate::tui::{Look, draw, input, links, title};
use config::By;
use due::{Due, at};
use liveliness::Liveliness;
use log::opened;

/// Everything a dashboard is made of.
pub(super) struct Dashboard {
    /// Where its data comes from.
    pub(super) feed: Feed,
    /// The state of the sources.
    pub(super) board: HealthBoard,
    /// Streams and measures.
    pub(super) desk: Desk,
    /// How it looks.
    pub(super) look: Look,
    /// Whether the mouse is taken.
    pub(super) mouse: bool,
    /// Whether keys of items are links.
    pub(super) linked: bool,
    /// What it tells the time by.
    pub(super) clock: Arc<dyn Clock>,
    /// What "now" means.
    pub(super) live: Live,
    /// How often the clock is looked at.
    pub(super) tick: Duration,
    /// How files were read.
    pub(super) inference: Vec<Inference>,
    /// What is asked first, where the command line says so.
    pub(super) first: Box<dyn FnOnce(&mut State) + Send>,
    /// Where changed streams are saved.
    pub(super) save_to: SaveTo,
    /// What outlasts it in the user's state folder.
    pub(super) kept: Kept,
    /// The config it runs on; `None`: there is none.
    pub(super) in_use: Option<Box<InUse>>,
}

/// What is kept of one config or of some files.
pub(super) struct Kept {
    /// When boards were last walked.
    pub(super) walks: Walks,
    /// By what the answers of the last time are known; `None`: they are not kept.
    pub(super) known_by: Option<KnownBy>,
}

/// Whether the loop goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    Go,
    Quit,
}

/// What happened.
enum Happened {
    Key(Option<std::io::Result<Event>>),
    Signal(Signal),
    Answered(Msg),
    Opened(Result<Opened, Failure>),
    Log,
    Broken,
    Health,
    Tick,
    Second,
    Config,
    Faded,
    Frame,
    Notice(Word),
    Settle,
}

/// The running dashboard.
struct Running {
    session: Session,
    state: State,
    look: Look,
    desk: Desk,
    feed: Feed,
    health: watch::Receiver<Vec<SourceHealth>>,
    clock: Arc<dyn Clock>,
    inference: Vec<Inference>,
    keeping: Keeping,
    in_use: Option<Box<InUse>>,
    due: Due,
    liveliness: Liveliness,
}

/// Where what the user did is kept.
struct Keeping {
    streams: SaveTo,
    walks: Walks,
    memory: Remembered,
    last: Option<Recall>,
}

/// Reads a filter for the screen.
pub(super) fn parse_filter(text: &str) -> Result<Rule, FilterError> {
    crate::query::parse(text).map_err(|error| FilterError {
        what: error.to_string(),
        span: error.span,
    })
}

/// Refuses where there is no terminal to draw on.
///
/// # Errors
/// [`Failure`] that says what to use instead.
pub(super) fn need_terminal() -> Result<(), Failure> {
    if std::io::stdout().is_terminal() && std::io::stdin().is_terminal() {
        return Ok(());
    }
    Err(Failure::usage(
        "the dashboard needs a terminal",
        "use `weir report` or `weir items` in scripts and pipes",
    ))
}

impl Dashboard {
    /// Takes the terminal and runs until the user or a signal ends it.
    ///
    /// # Errors
    /// [`Failure`] if the terminal cannot be taken or is gone.
    pub(super) async fn run(self) -> Result<(), Failure> {
        let mut signals = Signals::new()?;
        tokio::spawn(end_anyway());
        let session = Session::enter(self.mouse, self.linked)?;
        let mut running = self.start(session)?;
        let mut keys = EventStream::new();
        let ended = running.go_on(&mut keys, &mut signals).await;
        running.end().await;
        ended
    }

    fn start(self, session: Session) -> Result<Running, Failure> {
        let seen = Seen {
            now: self.clock.now(),
            live: self.live,
            past: None,
        };
        let terminal = Terminal {
            size: session.size()?,
            mouse: self.mouse,
            animation: self.look.animation,
            parse: parse_filter,
        };
        let mut state = State::new(seen, terminal);
        (self.first)(&mut state);
        state.sources.health = self.board.now();
        let remembered = Remembered::of_user();
        state.shelf.memory = remembered.read();
        if self.look.tour && !state.shelf.memory.toured {
            state.shelf.tour = Some(0);
            state.shelf.memory.toured = true;
            // One that cannot be remembered is seen again.
            let _ = remembered.keep(&state.shelf.memory);
        }
        state.sources.inference.clone_from(&self.inference);
        let last = self.kept.known_by.map(|by| Recall::of(by, &state));
        if state.travel.seen.past.is_none() {
            state.shelf.recalled = last.as_ref().and_then(Recall::read);
        }
        let mut running = Running {
            session,
            state,
            look: self.look,
            desk: self.desk,
            health: self.board.follow(),
            feed: self.feed,
            clock: self.clock,
            inference: self.inference,
            keeping: Keeping {
                streams: self.save_to,
                walks: self.kept.walks,
                memory: remembered,
                last,
            },
            in_use: self.in_use,
            due: Due::new(self.tick),
            liveliness: Liveliness::default(),
        };
        running.tell_themes();
        match running.feed.opening.as_mut().and_then(Opening::early) {
            Some(opened) => running.opened(opened)?,
            None => running.newest_log()?,
        }
        Ok(running)
    }
}

impl Running {
    /// Takes in what happens until the user or a signal ends it.
    async fn go_on(
        &mut self,
        keys: &mut EventStream,
        signals: &mut Signals,
    ) -> Result<(), Failure> {
        let mut next = self.draw()?;
        while next == Next::Go {
            let happened = self.wait(keys, signals).await;
            next = self.take(happened, keys)?;
            // What is typed or pasted at once is drawn once.
            while next == Next::Go {
                let Some(event) = at_hand(keys).await else {
                    break;
                };
                next = self.take(Happened::Key(event), keys)?;
            }
            if next == Next::Go {
                next = self.draw()?;
            }
            super::crash::planted("screen");
        }
        Ok(())
    }

    async fn wait(&mut self, keys: &mut EventStream, signals: &mut Signals) -> Happened {
        self.tell_animation();
        self.due.plan(&self.state);
        let due = &mut self.due;
        let (second, frame, settle) = (due.second, due.frame, due.settle);
        let (fades, looked) = (due.fades(), due.health);
        let health = async {
            at(Some(looked)).await;
            changed(&mut self.health).await;
        };
        tokio::select! {
            biased;
            signal = signals.next() => Happened::Signal(signal),
            event = keys.next() => Happened::Key(event),
            answered = self.desk.answered() => Happened::Answered(answered),
            opened = opened(&mut self.feed.opening) => Happened::Opened(opened),
            () = changed(&mut self.feed.logs) => Happened::Log,
            () = changed(&mut self.feed.broken) => Happened::Broken,
            () = health => Happened::Health,
            word = Asked::next(&mut self.feed.notices) => Happened::Notice(word),
            () = Self::config_changed(&mut self.in_use) => Happened::Config,
            _ = due.clock.tick() => Happened::Tick,
            () = at(second) => Happened::Second,
            () = at(fades) => Happened::Faded,
            () = at(frame) => Happened::Frame,
            () = at(settle) => Happened::Settle,
        }
    }

    fn take(&mut self, happened: Happened, keys: &mut EventStream) -> Result<Next, Failure> {
        match happened {
            // Whoever comes back, perhaps after the machine slept, sees the time that it is.
            Happened::Key(Some(Ok(Event::FocusGained))) => {
                self.liveliness.unfocused = false;
                self.tell(Msg::Now(self.clock.now()), keys)
            }
            Happened::Key(Some(Ok(Event::FocusLost))) => {
                self.liveliness.unfocused = true;
                Ok(Next::Go)
            }
            Happened::Key(Some(Ok(event))) => match input::message(&event, &self.state, &self.look)
            {
                Some(msg) => self.tell(msg, keys),
                None => Ok(Next::Go),
            },
            // Nobody types any more: the terminal is gone.
            Happened::Key(Some(Err(_)) | None) | Happened::Signal(Signal::End) => Ok(Next::Quit),
            Happened::Signal(Signal::Continue) => unless_gone(self.session.resume()),
            Happened::Answered(answer) => {
                let next = self.tell(answer, keys);
                if let Some(last) = &mut self.keeping.last {
                    last.see(&self.state);
                }
                next
            }
            Happened::Opened(opened) => {
                self.opened(opened?)?;
                Ok(Next::Go)
            }
            Happened::Log => {
                self.newest_log()?;
                Ok(Next::Go)
            }
            Happened::Broken => self.broken(keys),
            Happened::Health => {
                self.due.health_seen();
                let health = self.health.borrow_and_update().clone();
                self.tell(Msg::Health(health), keys)
            }
            Happened::Tick => self.tell(Msg::Now(self.clock.now()), keys),
            Happened::Faded => self.tell(Msg::Faded, keys),
            Happened::Config => {
                self.reload(By::Others)?;
                Ok(Next::Go)
            }
            Happened::Notice(Word::Sequence(sequence)) => unless_gone(self.session.send(&sequence)),
            Happened::Notice(Word::Failed(why)) => {
                self.tell(Msg::Notice(Notice::Failed(why)), keys)
            }
            Happened::Frame => {
                self.due.frame = None;
                self.tell(Msg::Frame, keys)
            }
            Happened::Settle => {
                let millis = self.due.settled();
                self.tell(Msg::Settle(millis), keys)
            }
            Happened::Second => {
                self.due.second_passed();
                self.tell(Msg::Second, keys)
            }
        }
    }

    fn broken(&mut self, keys: &mut EventStream) -> Result<Next, Failure> {
        let failure = self.feed.broken.borrow_and_update().clone();
        match failure {
            Some(failure) => {
                let hint = failure.hint.unwrap_or_default();
                let notice = Notice::Failed(format!("{}; {hint}", failure.what));
                self.tell(Msg::Notice(notice), keys)
            }
            None => Ok(Next::Go),
        }
    }

    fn tell(&mut self, msg: Msg, keys: &mut EventStream) -> Result<Next, Failure> {
        for effect in update(&mut self.state, msg) {
            match effect {
                Effect::Quit => return Ok(Next::Quit),
                Effect::Suspend => {
                    self.session.suspend()?;
                    *keys = EventStream::new();
                }
                other => self.perform(other)?,
            }
        }
        Ok(Next::Go)
    }

    fn say(&mut self, notice: Notice) {
        update(&mut self.state, Msg::Notice(notice));
    }

    fn draw(&mut self) -> Result<Next, Failure> {
        let (state, look) = (&self.state, &self.look);
        let begun = Instant::now();
        let drawn = self.session.draw(
            |area, buffer| draw(state, look, area, buffer),
            |buffer| links(state, buffer),
        );
        self.liveliness.wrote(begun.elapsed());
        unless_gone(drawn.and_then(|()| self.session.set_title(title(state))))
    }
}

/// What has already been typed, without waiting. Asked with the waker of the loop: the stream keeps
/// the first waker it meets until something is typed, and would wake nobody if that were another.
async fn at_hand(keys: &mut EventStream) -> Option<Option<std::io::Result<Event>>> {
    poll_fn(|context| match keys.poll_next_unpin(context) {
        Poll::Ready(event) => Poll::Ready(Some(event)),
        Poll::Pending => Poll::Ready(None),
    })
    .await
}

/// Waits for a change; for ever once nobody can make one.
async fn changed<T>(watched: &mut watch::Receiver<T>) {
    if watched.changed().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Ends the dashboard if the terminal has gone, as it does when its window is closed.
fn unless_gone(done: std::io::Result<()>) -> Result<Next, Failure> {
    /// What Unix says of a terminal that has hung up.
    const EIO: i32 = 5;
    match done {
        Err(error) if error.raw_os_error() == Some(EIO) => Ok(Next::Quit),
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(Next::Quit),
        done => Ok(done.map(|()| Next::Go)?),
    }
}
