//! What happened in a simulation, and how a tracker would tell it.

use std::sync::Arc;

use super::model::StreamModel;
use crate::model::event::{Change, Event, FactName, fact};
use crate::model::time::Millis;

/// One thing that happened to one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happening {
    /// Which item: 0 for the first that came.
    pub item: u64,
    /// When.
    pub at: Millis,
    /// Counts the item's happenings from 0.
    pub seq: u32,
    /// What happened.
    pub what: What,
}

/// What can happen to an item. Positions are those of the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// It came.
    Created {
        /// Among which arrivals.
        arrivals: usize,
        /// Which planted item it is, if it is one.
        special: Option<usize>,
        /// Whose it is.
        team: usize,
        /// Where it starts.
        stage: usize,
    },
    /// It moved to a stage.
    Entered {
        /// Which.
        stage: usize,
    },
    /// It was dropped: it is over, without value.
    Dropped,
    /// Someone took it.
    Assigned {
        /// Who had it before.
        from: Option<Arc<str>>,
        /// Who has it now.
        to: Arc<str>,
    },
    /// It was stopped.
    Blocked {
        /// Why.
        reason: Arc<str>,
    },
    /// It can go on.
    Unblocked,
}

impl Happening {
    /// The events a tracker would keep of it: one, or for a new item its creation and its facts.
    pub fn tell(&self, model: &StreamModel, each: &mut dyn FnMut(Event)) {
        each(self.event(self.seq.to_string(), self.change(model)));
        if let What::Created {
            arrivals,
            special,
            team,
            ..
        } = self.what
        {
            let own = special.map_or(&[][..], |nth| &model.specials[nth].facts);
            for (name, value) in model.arrivals[arrivals].facts.iter().chain(own) {
                each(self.first_value(name.clone(), value.clone()));
            }
            if let Some(team) = model.teams.get(team) {
                each(self.first_value(fact::TEAM.into(), team.name.to_string()));
            }
        }
    }

    /// The event that gives a fact its first value, at the instant of this happening.
    pub(in crate::simulate) fn first_value(&self, fact: FactName, value: String) -> Event {
        let id = format!("{}.{fact}", self.seq);
        let new = Some(value);
        self.event(
            id,
            Change::Set {
                fact,
                old: None,
                new,
            },
        )
    }

    fn event(&self, id: String, change: Change) -> Event {
        Event {
            id,
            at: self.at,
            seq: u64::from(self.seq),
            approximate: false,
            change,
        }
    }

    fn change(&self, model: &StreamModel) -> Change {
        match &self.what {
            What::Created { stage, .. } => Change::Created {
                status: Some(model.stages[*stage].status.clone()),
            },
            What::Entered { stage } => Change::Moved {
                to: model.stages[*stage].status.clone(),
            },
            What::Dropped => Change::Moved {
                to: model.dropped.clone(),
            },
            What::Assigned { from, to } => Change::Set {
                fact: fact::ASSIGNEE.into(),
                old: from.as_deref().map(str::to_owned),
                new: Some(to.to_string()),
            },
            What::Blocked { reason } => Change::Blocked {
                reason: Some(reason.to_string()),
            },
            What::Unblocked => Change::Unblocked,
        }
    }
}
