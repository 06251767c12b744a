//! What a set-up says at each step.

use super::{Setup, Step, Way};

impl Setup {
    /// The steps on the way, left to right, as a trail.
    pub fn trail(&self) -> Vec<(&'static str, bool)> {
        let file = self.is_file() && self.step != Step::Kind;
        let steps: &[(&str, &[Step])] = if file {
            &[
                ("tracker", &[Step::Kind]),
                ("file", &[Step::Path]),
                ("stages", &[Step::Stages]),
                ("preview", &[Step::Preview]),
                ("done", &[Step::Written]),
            ]
        } else {
            &[
                ("tracker", &[Step::Kind]),
                ("address", &[Step::Address, Step::User]),
                ("token", &[Step::Keep, Step::Token]),
                ("project", &[Step::Place]),
                ("stages", &[Step::Stages]),
                ("preview", &[Step::Preview]),
                ("done", &[Step::Written]),
            ]
        };
        let here = |own: &[Step]| own.contains(&self.step);
        steps.iter().map(|(name, own)| (*name, here(own))).collect()
    }

    /// The question of the step.
    pub fn question(&self) -> String {
        let title = self.kind().map_or("", |kind| kind.title);
        match self.step {
            Step::Kind => "Where is your work kept?".to_owned(),
            Step::Path => "Which file?".to_owned(),
            Step::Address => format!("Where is your {title}?"),
            Step::User => "Whose token is it?".to_owned(),
            Step::Keep => "Where is your token to be kept?".to_owned(),
            Step::Token => match self.keep().map(|keep| &keep.way) {
                Some(Way::Variable) => "Which environment variable holds it?".to_owned(),
                Some(Way::Command) => "Which command prints it?".to_owned(),
                _ => format!("Your token of {title}"),
            },
            Step::Place => "What do you want to see?".to_owned(),
            Step::Stages => "What do the statuses mean?".to_owned(),
            Step::Preview => String::new(),
            Step::Written => "It is written.".to_owned(),
        }
    }

    /// What helps to answer.
    pub fn advice(&self) -> Vec<String> {
        let text = match self.step {
            Step::Kind => {
                "weir only reads. Nothing leaves this machine but the questions to your tracker."
            }
            Step::Path => {
                "A CSV, JSONL or XES export with one row for each move; columns are found out."
            }
            Step::Address => "As in the browser's address line, without what belongs to a page.",
            Step::User => {
                "On Jira Cloud the mail address of whoever made the token. On your own server with a \
                 personal access token: leave it empty."
            }
            Step::Keep => "The config only says where it is found. It is never shown again.",
            Step::Token => self.kind().map_or("", |kind| kind.tokens),
            Step::Place => "Type to narrow the list. Tab marks several: they make one stream.",
            Step::Stages => return self.looked_at(),
            Step::Preview => "",
            Step::Written => return self.next(),
        };
        vec![text.to_owned()]
    }

    fn looked_at(&self) -> Vec<String> {
        let items = self.outcome.proposed.as_ref().map_or(0, |it| it.items);
        vec![format!(
            "As far as names, the tracker and what {items} items did tell. Below: why the selected \
             one is what it is."
        )]
    }

    fn next(&self) -> Vec<String> {
        vec![
            format!("The config is {}.", self.outcome.config),
            "Enter opens the dashboard; the first read of the whole history goes on beside it."
                .to_owned(),
            "d checks every step with weir doctor. q ends; `weir` opens it any time.".to_owned(),
        ]
    }

    /// Keys of the step with what they do.
    pub fn keys(&self) -> Vec<(&'static str, &'static str)> {
        if self.state.busy.is_some() {
            return vec![("esc", "stop"), ("ctrl-c", "quit")];
        }
        let mut keys = match self.step {
            Step::Stages => vec![
                ("enter", "preview"),
                ("↑↓", "choose"),
                ("c", "class"),
                ("p", "phase"),
                ("J K", "move"),
                ("n", "own stage"),
            ],
            Step::Preview => vec![("enter", "write the config")],
            Step::Written => vec![("enter", "open weir"), ("d", "check it"), ("q", "quit")],
            Step::Kind | Step::Keep => vec![("enter", "take it"), ("↑↓", "choose")],
            Step::Place => vec![("enter", "take it"), ("↑↓", "choose"), ("tab", "mark")],
            _ => vec![("enter", "go on")],
        };
        if !matches!(self.step, Step::Kind | Step::Written) {
            keys.push(("esc", "back"));
        }
        if self.step != Step::Written {
            keys.push(("ctrl-c", "quit"));
        }
        keys
    }

    /// Why the selected status, or the statuses of the selected stage, are what they are.
    pub fn why(&self) -> Vec<String> {
        let Some(proposed) = &self.outcome.proposed else {
            return Vec::new();
        };
        let editor = &proposed.editor;
        let Some((group, status)) = editor.lines().get(editor.line).copied() else {
            return Vec::new();
        };
        let Some(group) = editor.groups.get(group) else {
            return Vec::new();
        };
        let statuses = group.stage.statuses.iter().enumerate();
        let meant = statuses.filter(|(at, _)| status.is_none_or(|status| status == *at));
        let names: Vec<&str> = meant.map(|(_, status)| status.name.as_str()).collect();
        let reasons = proposed.reasons.iter();
        let own = reasons.filter(|reason| names.contains(&reason.status.as_str()));
        own.map(|reason| format!("{} is {}: {}", reason.status, reason.place, reason.why))
            .collect()
    }

    /// What is proposed beside stages: kinds, blocks, what is left out.
    pub fn rules(&self) -> Vec<String> {
        let Some(proposed) = &self.outcome.proposed else {
            return Vec::new();
        };
        let groups = proposed.editor.groups.iter();
        let statuses: Vec<&str> = groups
            .flat_map(|group| &group.stage.statuses)
            .map(|status| status.name.as_str())
            .collect();
        let reasons = proposed.reasons.iter();
        let others = reasons.filter(|reason| !statuses.contains(&reason.status.as_str()));
        others
            .map(|reason| format!("{} is {}: {}", reason.status, reason.place, reason.why))
            .collect()
    }
}
