//! What a source reads, in words that GitHub's own search uses, and a few for what it has no word
//! for. docs/trackers/github.md lists them.

use super::super::Fault;

/// All that a `query` may say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    /// Repositories, as `owner/name`.
    pub(super) repositories: Vec<String>,
    /// Owners all of whose repositories are read.
    pub(super) owners: Vec<String>,
    /// Repositories left out of those.
    pub(super) without: Vec<String>,
    /// The project whose statuses count.
    pub(super) project: Option<Project>,
    /// Which of issues and pull requests.
    pub(super) only: Only,
    /// Labels that all of them have.
    pub(super) labels: Vec<String>,
    /// What counts as a deployment.
    pub(super) deployments: Vec<Runs>,
    /// What counts as an incident.
    pub(super) incidents: Vec<Runs>,
}

/// A project (version 2), by its owner and its number there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Project {
    pub(super) owner: String,
    pub(super) number: u64,
}

/// Which of issues and pull requests are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Only {
    #[default]
    Both,
    Issues,
    PullRequests,
}

/// Where deployments or incidents are found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Runs {
    /// GitHub's own deployments to an environment; `*` is any.
    Environment(String),
    /// Issues with this label.
    Label(String),
    /// Runs of the workflow in this file.
    Workflow(String),
}

/// Words that may begin a term.
const WORDS: &str = "repo:, -repo:, org:, project:, is:, label:, deployments:, incidents:";

const EXAMPLE: &str = "for example repo:acme/pay deployments:production incidents:label:incident";

impl Wanted {
    /// Reads a `query`.
    ///
    /// # Errors
    /// [`Fault::Unusable`] that names the word and says what to write.
    pub(super) fn read(query: &str) -> Result<Self, Fault> {
        let mut wanted = Self::default();
        for term in terms(query)? {
            wanted.take(&term)?;
        }
        if wanted.repositories.is_empty() && wanted.owners.is_empty() && wanted.project.is_none() {
            return refused(
                "the query of a GitHub source names no repository, organisation or project"
                    .to_owned(),
                format!("set `query`, {EXAMPLE}"),
            );
        }
        wanted.has_a_place_for_its_runs()?;
        Ok(wanted)
    }

    /// Deployments belong to repositories, also where issues come from a project.
    fn has_a_place_for_its_runs(&self) -> Result<(), Fault> {
        let nowhere = self.repositories.is_empty() && self.owners.is_empty();
        let of_repositories = |runs: &Runs| !matches!(runs, Runs::Label(_));
        let mut runs = self.deployments.iter().chain(&self.incidents);
        if nowhere && runs.any(of_repositories) {
            return refused(
                "the query of a GitHub source asks for deployments or workflows of no repository"
                    .to_owned(),
                "add repo:owner/name for each repository that has them".to_owned(),
            );
        }
        Ok(())
    }

    /// Whether keys must name the repository to tell items apart.
    pub(super) fn has_one_repository(&self) -> bool {
        self.repositories.len() == 1 && self.owners.is_empty() && self.project.is_none()
    }

    fn take(&mut self, term: &str) -> Result<(), Fault> {
        let Some((word, value)) = term.split_once(':').filter(|(_, value)| !value.is_empty())
        else {
            return unknown(term);
        };
        match word {
            "repo" => self.repositories.push(repository(value)?),
            "-repo" => self.without.push(repository(value)?),
            "org" | "user" => self.owners.push(owner(value)?),
            "project" => self.take_project(value)?,
            "is" => self.only = self.narrowed(value)?,
            "label" => self.labels.push(value.to_owned()),
            "deployments" => self.deployments.push(deployments(value)?),
            "incidents" => self.incidents.push(incidents(value)?),
            _ => return unknown(term),
        }
        Ok(())
    }

    fn take_project(&mut self, value: &str) -> Result<(), Fault> {
        let project = value.split_once('/').and_then(|(owner, number)| {
            Some(Project {
                owner: is_name(owner).then(|| owner.to_owned())?,
                number: number.parse().ok()?,
            })
        });
        if self.project.is_some() {
            return refused(
                "the query of a GitHub source names two projects".to_owned(),
                "an item can be in a different status in each: make a source for each project"
                    .to_owned(),
            );
        }
        if project.is_none() {
            return refused(
                format!("\"project:{value}\" names no project"),
                "write project:owner/number, for example project:acme/7, as in the address \
                 github.com/orgs/acme/projects/7"
                    .to_owned(),
            );
        }
        self.project = project;
        Ok(())
    }

    fn narrowed(&self, value: &str) -> Result<Only, Fault> {
        let only = match value {
            "issue" => Only::Issues,
            "pr" | "pull-request" => Only::PullRequests,
            _ => {
                return refused(
                    format!("\"is:{value}\" is not understood"),
                    "write is:issue or is:pr, or neither for both; open and closed ones are always \
                     both read, for without the closed ones there is no history"
                        .to_owned(),
                );
            }
        };
        match self.only {
            Only::Both => Ok(only),
            same if same == only => Ok(only),
            _ => refused(
                "the query of a GitHub source says both is:issue and is:pr".to_owned(),
                "leave both out to read both".to_owned(),
            ),
        }
    }
}

/// Splits at blanks outside of quotes; the quotes go.
fn terms(query: &str) -> Result<Vec<String>, Fault> {
    let mut terms = vec![String::new()];
    let mut is_quoted = false;
    for letter in query.chars() {
        match letter {
            '"' => is_quoted = !is_quoted,
            _ if letter.is_whitespace() && !is_quoted => terms.push(String::new()),
            _ => terms.last_mut().unwrap_or(&mut String::new()).push(letter),
        }
    }
    if is_quoted {
        return refused(
            "a quote in the query of a GitHub source is not closed".to_owned(),
            "write label:\"good first issue\"".to_owned(),
        );
    }
    terms.retain(|term| !term.is_empty());
    Ok(terms)
}

/// A repository's name, `owner/name`.
pub(super) fn repository(value: &str) -> Result<String, Fault> {
    let parts = value.split_once('/');
    if parts.is_some_and(|(owner, name)| is_name(owner) && is_name(name)) {
        return Ok(value.to_owned());
    }
    refused(
        format!("\"repo:{value}\" names no repository"),
        "write repo:owner/name, for example repo:acme/pay".to_owned(),
    )
}

fn owner(value: &str) -> Result<String, Fault> {
    if is_name(value) {
        return Ok(value.to_owned());
    }
    refused(
        format!("\"org:{value}\" names no organisation"),
        "write org:name, for example org:acme".to_owned(),
    )
}

/// Nothing that would lead elsewhere in an address.
fn is_name(text: &str) -> bool {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    !text.is_empty() && text.chars().all(is_plain) && !matches!(text, "." | "..")
}

fn deployments(value: &str) -> Result<Runs, Fault> {
    match value.split_once(':') {
        None => Ok(Runs::Environment(value.to_owned())),
        Some(("workflow", file)) if !file.is_empty() => Ok(Runs::Workflow(file.to_owned())),
        Some(("environment", name)) if !name.is_empty() => Ok(Runs::Environment(name.to_owned())),
        Some(_) => refused(
            format!("\"deployments:{value}\" is not understood"),
            "write deployments:production with the name of an environment, deployments:* for all, \
             or deployments:workflow:deploy.yml with the file of a workflow"
                .to_owned(),
        ),
    }
}

fn incidents(value: &str) -> Result<Runs, Fault> {
    match value.split_once(':') {
        Some(("label", name)) if !name.is_empty() => Ok(Runs::Label(name.to_owned())),
        Some(("workflow", file)) if !file.is_empty() => Ok(Runs::Workflow(file.to_owned())),
        _ => refused(
            format!("\"incidents:{value}\" is not understood"),
            "write incidents:label:incident with the label that incidents have, or \
             incidents:workflow:smoke.yml with the file of a workflow whose failures are incidents"
                .to_owned(),
        ),
    }
}

/// The word that is meant by another of GitHub's or of people's.
fn meant_by(word: &str) -> Option<&'static str> {
    Some(match word {
        "repository" | "repos" => "repo:",
        "organization" | "organisation" | "owner" => "org:",
        "projects" | "board" => "project:",
        "type" => "is:issue or is:pr",
        "labels" | "tag" => "label:",
        "deployment" | "deploy" | "environment" => "deployments:",
        "incident" => "incidents:label:",
        _ => return None,
    })
}

fn unknown<T>(term: &str) -> Result<T, Fault> {
    let word = term.split(':').next().unwrap_or(term);
    let hint = match (meant_by(word), word) {
        (Some(meant), _) => format!("did you mean {meant}?"),
        (None, "state" | "updated" | "created" | "sort" | "closed") => {
            "take it out: weir reads all states and times, for history needs them".to_owned()
        }
        (None, _) => format!("the words are {WORDS}; {EXAMPLE}"),
    };
    refused(
        format!("the query of a GitHub source cannot say \"{term}\""),
        hint,
    )
}

fn refused<T>(what: String, hint: String) -> Result<T, Fault> {
    Err(Fault::Unusable { what, hint })
}

#[cfg(test)]
mod tests {
    use super::{Only, Project, Runs, Wanted};

    #[test]
    fn all_words_are_understood() {
        let query = "repo:acme/pay  repo:acme/app.js org:tools -repo:tools/old project:acme/7 \
                     is:issue label:\"good first issue\" label:x deployments:production \
                     deployments:workflow:deploy.yml incidents:label:incident \
                     incidents:workflow:smoke.yml";
        let text = str::to_owned;
        let expected = Wanted {
            repositories: vec![text("acme/pay"), text("acme/app.js")],
            owners: vec![text("tools")],
            without: vec![text("tools/old")],
            project: Some(Project {
                owner: text("acme"),
                number: 7,
            }),
            only: Only::Issues,
            labels: vec![text("good first issue"), text("x")],
            deployments: vec![
                Runs::Environment(text("production")),
                Runs::Workflow(text("deploy.yml")),
            ],
            incidents: vec![
                Runs::Label(text("incident")),
                Runs::Workflow(text("smoke.yml")),
            ],
        };
        assert_eq!(Wanted::read(query), Ok(expected));
    }

    #[test]
    fn what_is_not_understood_is_refused_with_a_hint() {
        for (query, hint) in [
            ("", "repo:acme/pay"),
            ("acme/pay", "the words are repo:"),
            ("repo:", "the words are"),
            ("repo:acme", "owner/name"),
            ("repo:acme/pay/x", "owner/name"),
            ("repo:../..", "owner/name"),
            ("repo:a/b?x=1", "owner/name"),
            ("org:a/b", "org:name"),
            ("project:acme/seven", "project:owner/number"),
            ("project:acme/7 project:acme/8", "a source for each"),
            ("repo:a/b is:open", "always both"),
            ("repo:a/b is:issue is:pr", "leave both out"),
            ("repo:a/b state:open", "take it out"),
            ("repo:a/b repository:c/d", "did you mean repo:?"),
            ("repo:a/b label:\"x", "label:\"good"),
            ("repo:a/b incidents:p1", "incidents:label:incident"),
            ("repo:a/b deployments:job:x", "deployments:workflow:"),
            ("project:a/1 deployments:production", "repo:owner/name"),
        ] {
            let refused = Wanted::read(query).unwrap_err();
            assert!(refused.hint().contains(hint), "{query}: {}", refused.hint());
        }
    }

    #[test]
    fn a_project_needs_no_repository_and_a_label_no_more() {
        assert!(Wanted::read("project:acme/7 incidents:label:p1").is_ok());
        assert!(Wanted::read("repo:a/b").unwrap().has_one_repository());
        assert!(
            !Wanted::read("repo:a/b repo:a/c")
                .unwrap()
                .has_one_repository()
        );
    }
}
