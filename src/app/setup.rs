//! The guided set-up without a terminal: a [`Setup`], what reaches it and the effects it asks for.
//! [`Setup::take`] is pure, like [`super::update`].

mod msg;
mod offer;
mod told;

pub use msg::{SetupEffect, SetupMsg, StageKey};
pub use offer::{KeepOffer, KindOffer, PlaceOffer, Sort, Way};

use secrecy::SecretString;

use super::{Input, StageEditor, State};
use crate::model::health::Progress;
use crate::model::infer::Reason;
use crate::model::stream::Stream;

/// A step of the set-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Which tracker, or a file.
    Kind,
    /// Where the event log is.
    Path,
    /// Where the tracker is.
    Address,
    /// Whose token it is.
    User,
    /// Where the token is kept.
    Keep,
    /// The token, or where it is.
    Token,
    /// Which projects, boards, repositories or teams.
    Place,
    /// What the statuses mean.
    Stages,
    /// The home screen as it will be.
    Preview,
    /// Written; what next.
    Written,
}

/// What was asked, and what is in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What failed, one sentence, no secret in it.
    pub what: String,
    /// What to do.
    pub hint: String,
}

/// What is being waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Busy {
    /// What is done.
    pub what: String,
    /// How far it is, where something is counted.
    pub progress: Option<Progress>,
}

/// What is proposed for the place that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposed {
    /// The stages, being changed.
    pub editor: StageEditor,
    /// Why each status and rule is as it is.
    pub reasons: Vec<Reason>,
    /// Items that were looked at.
    pub items: usize,
}

/// A set-up under way. What is typed for a token is in it, so it is never printed.
pub struct Setup {
    /// Where it stands.
    pub step: Step,
    /// What can be set up.
    pub kinds: Vec<KindOffer>,
    /// Which of them.
    pub kind: usize,
    /// Where the token may be.
    pub keeps: Vec<KeepOffer>,
    /// Which of them.
    pub keep: usize,
    /// What is typed at this step.
    pub line: Input,
    /// What was answered.
    pub answers: Answers,
    /// Where work is kept.
    pub places: Vec<PlaceOffer>,
    /// The row of the list that is selected, among those that fit what is typed.
    pub row: usize,
    /// Where it stands with the tracker.
    pub state: Standing,
    /// What came of it.
    pub outcome: Outcome,
}

/// Answers in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// The event log.
    pub path: String,
    /// The tracker's address.
    pub address: String,
    /// Whose token it is.
    pub user: String,
    /// The places that were chosen.
    pub places: Vec<PlaceOffer>,
}

/// What is going on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// What is being waited for.
    pub busy: Option<Busy>,
    /// What went wrong last.
    pub trouble: Option<Trouble>,
    /// What was found out so far, a sentence each.
    pub said: Vec<String>,
}

/// What came out.
#[derive(Default)]
pub struct Outcome {
    /// What is proposed.
    pub proposed: Option<Proposed>,
    /// The home screen as it would be.
    pub preview: Option<Box<State>>,
    /// The config that is or was written.
    pub config: String,
}

impl Setup {
    /// A set-up at its start. `config` is where it will be written.
    pub fn new(kinds: Vec<KindOffer>, answers: Answers, config: String) -> Self {
        Self {
            step: Step::Kind,
            kind: 0,
            kinds,
            keeps: Vec::new(),
            keep: 0,
            line: Input::default(),
            answers,
            places: Vec::new(),
            row: 0,
            state: Standing::default(),
            outcome: Outcome {
                config,
                ..Outcome::default()
            },
        }
    }

    /// The kind that is chosen.
    pub fn kind(&self) -> Option<&KindOffer> {
        self.kinds.get(self.kind)
    }

    /// Whether an event log is set up.
    pub fn is_file(&self) -> bool {
        self.kind().is_some_and(|kind| kind.sort == Sort::File)
    }

    /// Where the token is to be.
    pub fn keep(&self) -> Option<&KeepOffer> {
        self.keeps.get(self.keep)
    }

    /// The places that fit what is typed.
    pub fn fitting(&self) -> Vec<&PlaceOffer> {
        let typed = self.line.text().to_lowercase();
        let fits = |place: &&PlaceOffer| place.name.to_lowercase().contains(typed.trim());
        self.places.iter().filter(fits).collect()
    }

    /// Whether what is typed is a secret.
    pub fn is_secret(&self) -> bool {
        let way = self.keep().map(|keep| &keep.way);
        self.step == Step::Token && matches!(way, Some(Way::Keyring | Way::File))
    }

    /// Takes in what happened; gives what is to be done.
    pub fn take(&mut self, msg: SetupMsg) -> Option<SetupEffect> {
        match msg {
            SetupMsg::Back => return self.back(),
            SetupMsg::Progress(progress) => {
                if let Some(busy) = &mut self.state.busy {
                    busy.progress = Some(progress);
                }
            }
            SetupMsg::Then(effect) => return Some(effect),
            SetupMsg::Keeps(keeps) => (self.keep, self.keeps) = (0, keeps),
            SetupMsg::NoAddress(trouble) => {
                self.go(Step::Address);
                self.state.trouble = Some(trouble);
            }
            // What was given up may still be answered.
            answer @ (SetupMsg::LetIn { .. }
            | SetupMsg::Read { .. }
            | SetupMsg::Drawn(_)
            | SetupMsg::Written
            | SetupMsg::Failed(_)) => {
                if self.state.busy.take().is_some() {
                    self.answered(answer);
                }
            }
            _ if self.state.busy.is_some() => {}
            SetupMsg::Enter => return self.enter(),
            other => self.key(other),
        }
        None
    }

    fn key(&mut self, msg: SetupMsg) {
        match msg {
            SetupMsg::Type(edit) => {
                self.state.trouble = None;
                self.line.edit(&edit);
                self.row = 0;
            }
            SetupMsg::Up => self.select(-1),
            SetupMsg::Down => self.select(1),
            SetupMsg::Mark => self.mark(),
            SetupMsg::Stage(key) => self.stage(key),
            _ => {}
        }
    }

    fn select(&mut self, by: isize) {
        let moved =
            |at: usize, count: usize| at.saturating_add_signed(by).min(count.saturating_sub(1));
        match self.step {
            Step::Kind => self.kind = moved(self.kind, self.kinds.len()),
            Step::Keep => self.keep = moved(self.keep, self.keeps.len()),
            Step::Place => self.row = moved(self.row, self.fitting().len()),
            Step::Stages => {
                if let Some(proposed) = &mut self.outcome.proposed {
                    let editor = &mut proposed.editor;
                    editor.line = moved(editor.line, editor.lines().len());
                }
            }
            _ => {}
        }
    }

    /// Marks the selected place, or takes its mark away, and goes on to the next.
    fn mark(&mut self) {
        let Some(query) = self.fitting().get(self.row).map(|it| it.query.clone()) else {
            return;
        };
        for place in &mut self.places {
            place.marked ^= place.query == query;
        }
        self.state.trouble = None;
        self.select(1);
    }

    fn stage(&mut self, key: StageKey) {
        let Some(proposed) = &mut self.outcome.proposed else {
            return;
        };
        match key {
            StageKey::Class => proposed.editor.cycle_class(),
            StageKey::Phase => proposed.editor.cycle_phase(),
            StageKey::Earlier => proposed.editor.shift(false),
            StageKey::Later => proposed.editor.shift(true),
            StageKey::Split => proposed.editor.split(),
        }
    }

    fn answered(&mut self, answer: SetupMsg) {
        match answer {
            SetupMsg::LetIn { said, places } => {
                self.state.said = said;
                self.places = places;
                self.go(Step::Place);
            }
            SetupMsg::Read {
                stream,
                reasons,
                items,
            } => {
                self.outcome.proposed = Some(Proposed {
                    editor: StageEditor::new(0, &stream, Vec::new()),
                    reasons,
                    items,
                });
                self.go(Step::Stages);
            }
            SetupMsg::Drawn(state) => {
                self.outcome.preview = Some(state);
                self.go(Step::Preview);
            }
            SetupMsg::Written => self.go(Step::Written),
            SetupMsg::Failed(trouble) => self.state.trouble = Some(trouble),
            _ => {}
        }
    }

    /// Goes to a step, with what was answered there before.
    fn go(&mut self, step: Step) {
        self.step = step;
        self.row = 0;
        self.state.trouble = None;
        let variable = || {
            let variable = self.keep().map(|keep| keep.usual.clone());
            variable.unwrap_or_default()
        };
        let text = match step {
            Step::Path => self.answers.path.clone(),
            Step::Address => self.answers.address.clone(),
            Step::User => self.answers.user.clone(),
            Step::Token => variable(),
            _ => String::new(),
        };
        self.line = Input::new(&text);
    }

    fn wait(&mut self, what: &str) {
        self.state.trouble = None;
        self.state.busy = Some(Busy {
            what: what.to_owned(),
            progress: None,
        });
    }

    fn lacks(&mut self, what: &str, hint: &str) -> Option<SetupEffect> {
        self.state.trouble = Some(Trouble {
            what: what.to_owned(),
            hint: hint.to_owned(),
        });
        None
    }

    fn enter(&mut self) -> Option<SetupEffect> {
        let typed = self.line.text().trim().to_owned();
        match self.step {
            Step::Kind => self.chosen_kind(),
            Step::Path if typed.is_empty() => self.lacks("no file is named", "type its path"),
            Step::Path => {
                self.answers.path = typed;
                self.wait("reading the file");
                Some(SetupEffect::Read)
            }
            Step::Address if typed.is_empty() => {
                self.lacks("no address is given", "copy it from the browser")
            }
            Step::Address => {
                self.answers.address = typed;
                let asks_user = self.kind().is_some_and(|kind| kind.takes_user);
                self.go(if asks_user { Step::User } else { Step::Keep });
                Some(SetupEffect::Keeps)
            }
            Step::User => {
                self.answers.user = typed;
                self.go(Step::Keep);
                Some(SetupEffect::Keeps)
            }
            Step::Keep => self.chosen_keep(),
            Step::Token if typed.is_empty() => self.lacks("nothing is typed", "type or paste it"),
            Step::Token => Some(self.knock(Some(typed))),
            Step::Place => self.chosen_place(),
            Step::Stages => self.with_stream("working the picture out", SetupEffect::Draw),
            Step::Preview => self.with_stream("writing the config", SetupEffect::Write),
            Step::Written => Some(SetupEffect::Open),
        }
    }

    fn chosen_kind(&mut self) -> Option<SetupEffect> {
        let kind = self.kind()?;
        match kind.sort {
            Sort::Demo => return Some(SetupEffect::Demo),
            Sort::File => {
                self.go(Step::Path);
                return None;
            }
            Sort::Tracker => {}
        }
        let usual = kind.usual_url.clone().unwrap_or_default();
        let known = &self.kinds;
        let is_others = known
            .iter()
            .any(|one| one.usual_url.as_ref() == Some(&self.answers.address));
        if self.answers.address.is_empty() || is_others {
            self.answers.address = usual;
        }
        self.go(Step::Address);
        None
    }

    fn chosen_keep(&mut self) -> Option<SetupEffect> {
        let keep = self.keep()?;
        if keep.way.is_typed() {
            self.go(Step::Token);
            return None;
        }
        Some(self.knock(None))
    }

    fn knock(&mut self, typed: Option<String>) -> SetupEffect {
        self.wait("asking the tracker");
        let typed = typed.map(SecretString::from);
        SetupEffect::Knock { typed }
    }

    fn chosen_place(&mut self) -> Option<SetupEffect> {
        let marked = self.places.iter().filter(|place| place.marked).cloned();
        let mut places: Vec<PlaceOffer> = marked.collect();
        if places.is_empty() {
            places.extend(self.fitting().get(self.row).copied().cloned());
        }
        if self.places.is_empty() {
            let hint = "check what its owner may read, or take another token: esc goes back";
            return self.lacks("the token's owner sees no project there", hint);
        }
        if places.is_empty() {
            return self.lacks("no project is called so", "take back what is typed");
        }
        self.answers.places = places;
        self.wait("reading the last 90 days");
        Some(SetupEffect::Read)
    }

    fn with_stream(
        &mut self,
        what: &str,
        effect: fn(Box<Stream>) -> SetupEffect,
    ) -> Option<SetupEffect> {
        let stream = self.outcome.proposed.as_ref()?.editor.stream();
        self.wait(what);
        Some(effect(Box::new(stream)))
    }

    /// A step back; from something that is waited for, to the step that asked for it.
    fn back(&mut self) -> Option<SetupEffect> {
        self.state.trouble = None;
        if self.state.busy.take().is_some() {
            return Some(SetupEffect::Stop);
        }
        let is_file = self.is_file();
        let asks_user = self.kind().is_some_and(|kind| kind.takes_user);
        let before = match self.step {
            Step::Kind | Step::Written => return None,
            Step::Path | Step::Address => Step::Kind,
            Step::Keep if asks_user => Step::User,
            Step::User | Step::Keep => Step::Address,
            Step::Token | Step::Place => Step::Keep,
            Step::Stages if is_file => Step::Path,
            Step::Stages => Step::Place,
            Step::Preview => Step::Stages,
        };
        self.go(before);
        None
    }
}

#[cfg(test)]
mod tests;
