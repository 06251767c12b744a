//! The guided set-up on a terminal: draws it, reads keys, carries out what it asks for.

mod offers;
mod picture;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crossterm::event::{Event, EventStream};
use futures_util::StreamExt;
use secrecy::SecretString;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::Desk;
use super::flags::{InitWords, address};
use super::proposal::Proposal;
use super::steps::{Door, Read, read_file};
use super::token::{self, Kept};
use crate::app::{Msg, PlaceOffer, Setup, SetupEffect, SetupMsg, Step, Trouble, Way, update};
use crate::connectors::file::file_stem;
use crate::connectors::{FileFormat, SecretSource, TrackerKind};
use crate::model::health::Progress;
use crate::model::stream::Stream;
use crate::runtime::signals::{Signal, Signals, end_anyway};
use crate::runtime::{Failure, live};
use crate::tui::terminal::Session;
use crate::tui::{Look, draw_setup, preview_rows, setup_message};
use offers::Candidate;

/// How a guided set-up ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// Nothing more is wanted.
    Quit,
    /// The simulated company.
    Demo,
    /// The dashboard on what was written.
    Open,
    /// A check of what was written.
    Check,
}

/// Asks step by step until the user ends it.
///
/// # Errors
/// [`Failure`] if the terminal cannot be taken or is gone.
pub(super) fn run(desk: Desk, words: InitWords, look: Look) -> Result<Ended, Failure> {
    live::engine()?.block_on(async {
        let mut signals = Signals::new()?;
        tokio::spawn(end_anyway());
        let setup = offers::start(&desk, &words);
        let mut guide = Guide {
            desk: Arc::new(desk),
            words,
            setup,
            session: Session::enter(false, false)?,
            look,
            work: JoinSet::new(),
            progress: watch::channel(Progress::default()).0,
            candidates: Vec::new(),
            door: None,
            kept: Vec::new(),
            proposal: None,
            read: None,
        };
        let ended = guide.go_on(&mut signals).await;
        guide.tidy(&ended).await;
        ended
    })
}

/// What some work came to.
enum Done {
    /// With the token that was kept, whether it is right or not.
    Knocked(Option<Kept>, Result<LetIn, Trouble>),
    Read(Result<Read, Trouble>),
    Drawn(SetupMsg),
}

/// What a tracker said at the door.
struct LetIn {
    door: Door,
    whose: String,
    places: Vec<crate::connectors::Place>,
}

struct Guide {
    desk: Arc<Desk>,
    words: InitWords,
    setup: Setup,
    session: Session,
    look: Look,
    work: JoinSet<Done>,
    progress: watch::Sender<Progress>,
    candidates: Vec<Candidate>,
    door: Option<Door>,
    /// Tokens that were typed and kept.
    kept: Vec<Kept>,
    read: Option<Read>,
    proposal: Option<Proposal>,
}

impl Guide {
    async fn go_on(&mut self, signals: &mut Signals) -> Result<Ended, Failure> {
        let mut keys = EventStream::new();
        let mut progress = self.progress.subscribe();
        loop {
            self.draw()?;
            let msg = tokio::select! {
                signal = signals.next() => match signal {
                    Signal::End => return Ok(Ended::Quit),
                    Signal::Continue => {
                        self.session.resume()?;
                        None
                    }
                },
                event = keys.next() => match event {
                    Some(Ok(event)) => self.event(&event),
                    // Nobody types any more: the terminal is gone.
                    Some(Err(_)) | None => return Ok(Ended::Quit),
                },
                Some(done) = self.work.join_next() => done.ok().map(|done| self.done(done)),
                Ok(()) = progress.changed() => Some(SetupMsg::Progress(*progress.borrow_and_update())),
            };
            if let Some(ended) = msg.and_then(|msg| self.tell(msg)) {
                return Ok(ended);
            }
        }
    }

    fn draw(&mut self) -> Result<(), Failure> {
        let (setup, look) = (&self.setup, &self.look);
        let frame = |area, buffer: &mut _| draw_setup(setup, look, area, buffer);
        Ok(self.session.draw(frame, |_| Vec::new())?)
    }

    fn event(&mut self, event: &Event) -> Option<SetupMsg> {
        if let (Event::Resize(columns, rows), Some(preview)) =
            (event, &mut self.setup.outcome.preview)
        {
            update(preview, Msg::Resized(*columns, preview_rows(*rows)));
        }
        setup_message(event, &self.setup)
    }

    /// Tells the set-up what happened and does what it asks for, until it asks for nothing.
    fn tell(&mut self, msg: SetupMsg) -> Option<Ended> {
        let mut next = Some(msg);
        while let Some(msg) = next.take() {
            match self.setup.take(msg)? {
                SetupEffect::Quit => return Some(Ended::Quit),
                SetupEffect::Demo => return Some(Ended::Demo),
                SetupEffect::Open => return Some(Ended::Open),
                SetupEffect::Check => return Some(Ended::Check),
                SetupEffect::Keeps => next = Some(self.keeps()),
                SetupEffect::Knock { typed } => next = self.knock(typed),
                SetupEffect::Read => self.start_reading(),
                SetupEffect::Draw(stream) => next = self.start_drawing(*stream),
                SetupEffect::Write(stream) => next = self.write(*stream),
                SetupEffect::Stop => self.work.abort_all(),
            }
        }
        None
    }

    fn kind(&self) -> Option<TrackerKind> {
        let name = self.setup.kind()?.name;
        TrackerKind::ALL
            .into_iter()
            .find(|kind| kind.name() == name)
    }

    fn keeps(&mut self) -> SetupMsg {
        let url = address(&self.setup.answers.address);
        match self.kind().zip(url.as_ref().ok()) {
            Some((kind, url)) => {
                self.candidates = offers::candidates(&self.desk, (kind, url), &self.words);
                let offers = self.candidates.iter();
                SetupMsg::Keeps(offers.map(|candidate| candidate.offer.clone()).collect())
            }
            None => SetupMsg::NoAddress(trouble(url.err().unwrap_or_else(no_tracker))),
        }
    }

    /// Goes to the tracker's door with the token that was chosen or typed.
    fn knock(&mut self, typed: Option<SecretString>) -> Option<SetupMsg> {
        let url = match address(&self.setup.answers.address) {
            Ok(url) => url,
            Err(failure) => return Some(failed(failure)),
        };
        let candidate = self.candidates.get(self.setup.keep)?.clone();
        let user = Some(self.setup.answers.user.clone()).filter(|user| !user.is_empty());
        let kind = self.kind()?;
        let known = self.desk.known((kind, &url), self.words.name.as_deref());
        let known = known.and_then(|known| known.ca_file.clone());
        let ca_file = self.words.ca_file.clone().or(known);
        let (desk, name) = (Arc::clone(&self.desk), self.token_name(kind));
        self.work.spawn(async move {
            let kept = match keep(&candidate, typed, (&name, &desk.folder())).await {
                Ok(kept) => kept,
                Err(failure) => return Done::Knocked(None, Err(trouble(failure))),
            };
            let door = Door {
                kind,
                url,
                user,
                token: kept.source.clone(),
                ca_file,
            };
            let knocked = door.knock().await;
            let let_in = knocked.map(|(whose, places)| LetIn {
                door,
                whose,
                places,
            });
            let kept = candidate.offer.way.is_kept().then_some(kept);
            Done::Knocked(kept, let_in.map_err(|fault| trouble(fault.into())))
        });
        None
    }

    /// What a token is called: not as that of any source.
    fn token_name(&self, kind: TrackerKind) -> String {
        let sources = &self.desk.config.sources;
        let taken = |name: &String| sources.iter().any(|source| source.name.as_str() == name);
        let wanted = self
            .words
            .name
            .clone()
            .unwrap_or_else(|| kind.name().to_owned());
        let numbered = (2..).map(|number| format!("{wanted}-{number}"));
        let mut names = std::iter::once(wanted.clone()).chain(numbered);
        names.find(|name| !taken(name)).unwrap_or(wanted)
    }

    fn start_reading(&mut self) {
        let (desk, sender) = (Arc::clone(&self.desk), self.progress.clone());
        let name = self.words.name.clone();
        if self.setup.is_file() {
            let path = at_home(&self.setup.answers.path);
            self.work.spawn_blocking(move || {
                let mut told = |progress| {
                    sender.send_replace(progress);
                };
                let read = read_file(&desk, (name.as_deref(), &path), FileFormat::Auto, &mut told);
                Done::Read(read.map_err(trouble))
            });
            return;
        }
        let places = self.setup.answers.places.iter();
        let queries: Vec<String> = places.map(|place| place.query.clone()).collect();
        let Some(door) = self.door.clone() else {
            return;
        };
        self.work.spawn(async move {
            let mut told = |progress| {
                sender.send_replace(progress);
            };
            let read = door
                .read(&desk, (name.as_deref(), &queries), &mut told)
                .await;
            Done::Read(read.map_err(|fault| trouble(fault.into())))
        });
    }

    fn start_drawing(&mut self, stream: Stream) -> Option<SetupMsg> {
        let log = Arc::clone(&self.read.as_ref()?.log);
        let (columns, rows) = self.session.size().ok()?;
        let now = self.desk.clock.now();
        self.work.spawn_blocking(move || {
            let state = picture::of(log, stream, now, (columns, preview_rows(rows)));
            Done::Drawn(SetupMsg::Drawn(Box::new(state)))
        });
        None
    }

    fn write(&mut self, stream: Stream) -> Option<SetupMsg> {
        let proposal = self.proposal.as_mut()?;
        proposal.stream = stream;
        Some(match proposal.write(&self.desk) {
            Ok(()) => SetupMsg::Written,
            Err(failure) => failed(failure),
        })
    }

    fn done(&mut self, done: Done) -> SetupMsg {
        match done {
            Done::Knocked(kept, outcome) => {
                self.kept.extend(kept.clone());
                match outcome {
                    Ok(let_in) => self.let_in(let_in, kept.as_ref()),
                    Err(trouble) => SetupMsg::Failed(trouble),
                }
            }
            Done::Read(Ok(read)) => self.proposed(read),
            Done::Read(Err(trouble)) => SetupMsg::Failed(trouble),
            Done::Drawn(msg) => msg,
        }
    }

    fn let_in(&mut self, let_in: LetIn, kept: Option<&Kept>) -> SetupMsg {
        let host = let_in.door.url.host_str().unwrap_or("the tracker");
        let mut said = vec![format!("{host} lets {} in", let_in.whose)];
        said.extend(kept.map(|kept| kept.told.clone()));
        let places = let_in.places.into_iter().map(|place| PlaceOffer {
            name: place.name,
            what: place.what,
            query: place.query,
            marked: false,
        });
        self.door = Some(let_in.door);
        SetupMsg::LetIn {
            said,
            places: places.collect(),
        }
    }

    fn proposed(&mut self, read: Read) -> SetupMsg {
        let answers = &self.setup.answers;
        let places = if self.setup.is_file() {
            vec![file_stem(Path::new(&answers.path))]
        } else {
            answers.places.iter().map(|it| it.name.clone()).collect()
        };
        let proposal = read.proposal(&self.desk, &places);
        let msg = SetupMsg::Read {
            stream: Box::new(proposal.stream.clone()),
            reasons: proposal.reasons.clone(),
            items: read.log.item_count(),
        };
        self.read = Some(read);
        self.proposal = Some(proposal);
        msg
    }

    /// Tokens that were kept for nothing are taken away again.
    async fn tidy(&self, ended: &Result<Ended, Failure>) {
        let is_written = self.setup.step == Step::Written && ended.is_ok();
        let used = self
            .door
            .as_ref()
            .filter(|_| is_written)
            .map(|door| &door.token);
        for kept in self.kept.iter().filter(|kept| Some(&kept.source) != used) {
            token::forget(kept).await;
        }
    }
}

async fn keep(
    candidate: &Candidate,
    typed: Option<SecretString>,
    (name, folder): (&str, &Path),
) -> Result<Kept, Failure> {
    let there = |source| {
        Ok(Kept {
            source,
            told: String::new(),
        })
    };
    let typed = typed.unwrap_or_default();
    let text = || secrecy::ExposeSecret::expose_secret(&typed).to_owned();
    match (&candidate.offer.way, &candidate.source) {
        (Way::Known | Way::Tool, Some(source)) => there(source.clone()),
        (Way::Variable, _) => there(SecretSource::Env(text())),
        (Way::Keyring, _) => token::keep(name, &typed, folder).await,
        (Way::File, _) => token::keep_in_file(name, &typed, folder),
        (Way::Command | Way::Known | Way::Tool, _) => there(SecretSource::Command(text())),
    }
}

/// A path as it is typed, with `~` for the home.
fn at_home(path: &str) -> PathBuf {
    let rest = path.strip_prefix("~/").zip(std::env::var_os("HOME"));
    rest.map_or_else(
        || path.into(),
        |(rest, home)| PathBuf::from(home).join(rest),
    )
}

fn no_tracker() -> Failure {
    Failure::usage("no tracker is chosen", "choose one")
}

fn trouble(failure: Failure) -> Trouble {
    Trouble {
        what: failure.what,
        hint: failure.hint.unwrap_or_default(),
    }
}

fn failed(failure: Failure) -> SetupMsg {
    SetupMsg::Failed(trouble(failure))
}
