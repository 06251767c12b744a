//! What reaches a set-up, and what it asks for.

use secrecy::SecretString;

use super::{KeepOffer, PlaceOffer, Trouble};
use crate::app::{Edit, State};
use crate::model::health::Progress;
use crate::model::infer::Reason;
use crate::model::stream::Stream;

/// Something that happened.
pub enum SetupMsg {
    /// Something was typed.
    Type(Edit),
    /// One row up.
    Up,
    /// One row down.
    Down,
    /// The selected row is chosen together with others, or no more.
    Mark,
    /// The answer is right as it stands.
    Enter,
    /// A step back.
    Back,
    /// A key of the list of stages.
    Stage(StageKey),
    /// A key of the last step.
    Then(SetupEffect),
    /// Where the token may be.
    Keeps(Vec<KeepOffer>),
    /// What was typed is no address.
    NoAddress(Trouble),
    /// The tracker let us in.
    LetIn {
        /// What is said of it.
        said: Vec<String>,
        /// Where work is kept.
        places: Vec<PlaceOffer>,
    },
    /// Reading has come so far.
    Progress(Progress),
    /// The places were read.
    Read {
        /// What is proposed.
        stream: Box<Stream>,
        /// Why.
        reasons: Vec<Reason>,
        /// Items that were looked at.
        items: usize,
    },
    /// The home screen was worked out.
    Drawn(Box<State>),
    /// The config was written.
    Written,
    /// What was asked for failed.
    Failed(Trouble),
}

/// What can be done with a line of the stages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StageKey {
    /// The next class.
    Class,
    /// The next phase.
    Phase,
    /// One place to the left.
    Earlier,
    /// One place to the right.
    Later,
    /// A stage of its own.
    Split,
}

/// What is asked of whoever runs the set-up.
pub enum SetupEffect {
    /// Say where the token of this kind at this address may be, and answer with
    /// [`SetupMsg::Keeps`].
    Keeps,
    /// Keep the token if one was typed, ask the tracker, answer with [`SetupMsg::LetIn`].
    Knock {
        /// What was typed: a token, the name of a variable, a command.
        typed: Option<SecretString>,
    },
    /// Read the places or the file, answer with [`SetupMsg::Read`].
    Read,
    /// Work the home screen out, answer with [`SetupMsg::Drawn`].
    Draw(Box<Stream>),
    /// Write the config, answer with [`SetupMsg::Written`].
    Write(Box<Stream>),
    /// Nothing that was asked for before is wanted any more.
    Stop,
    /// End, and open the dashboard.
    Open,
    /// End, and show the simulated company.
    Demo,
    /// End, and check what was written.
    Check,
    /// End.
    Quit,
}
