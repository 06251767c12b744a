//! A GitLab source's `query`: where to read, what, and which of it.

use std::collections::BTreeSet;

use super::super::Fault;
use super::super::words::{self, Word, unusable};
use super::part::Part;

/// All words.
const KNOWN: [&str; 14] = [
    "project",
    "group",
    "issues",
    "merge-requests",
    "deployments",
    "epics",
    "labels",
    "not-labels",
    "milestone",
    "author",
    "assignee",
    "issue-type",
    "status-label",
    "without",
];

/// Words of GitLab's lists that would hide what weir must see, or break its paging.
const UNFIT: [&str; 9] = [
    "state",
    "scope",
    "sort",
    "order-by",
    "page",
    "per-page",
    "updated-after",
    "updated-before",
    "search",
];

/// A project or a group, by its path or its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Project(String),
    Group(String),
}

impl Place {
    /// What it is called in the API, and its path.
    pub(super) fn segments(&self) -> (&'static str, &str) {
        match self {
            Self::Project(path) => ("projects", path),
            Self::Group(path) => ("groups", path),
        }
    }
}

/// What is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sort {
    Issue,
    MergeRequest,
    Deployment,
    Epic,
}

impl Sort {
    pub(super) const ALL: [Self; 4] = [
        Self::Issue,
        Self::MergeRequest,
        Self::Deployment,
        Self::Epic,
    ];

    /// What one is called.
    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Issue => "issue",
            Self::MergeRequest => "merge request",
            Self::Deployment => "deployment",
            Self::Epic => "epic",
        }
    }

    /// What the list is called in the API.
    pub(super) fn segment(self) -> &'static str {
        match self {
            Self::Issue => "issues",
            Self::MergeRequest => "merge_requests",
            Self::Deployment => "deployments",
            Self::Epic => "epics",
        }
    }
}

/// A query, understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Query {
    pub(super) places: Vec<Place>,
    pub(super) sorts: BTreeSet<Sort>,
    /// Environments whose deployments are read; none: all.
    pub(super) environments: Vec<String>,
    /// Parameters of lists of issues, merge requests and epics.
    pub(super) filters: Vec<(&'static str, String)>,
    /// Which type of issue.
    pub(super) issue_type: Option<String>,
    /// What the names of labels begin with that are statuses.
    pub(super) status_label: Option<String>,
    /// Histories that are not asked for.
    pub(super) without: BTreeSet<Part>,
}

impl Query {
    /// Reads a query.
    ///
    /// # Errors
    /// [`Fault::Unusable`] that says what to change.
    pub(super) fn read(text: &str) -> Result<Self, Fault> {
        let mut query = Self::default();
        for mut word in words::read(text)? {
            word.name = word.name.replace('_', "-");
            query.take(&word)?;
        }
        query.complete()
    }

    fn take(&mut self, word: &Word) -> Result<(), Fault> {
        match word.name.as_str() {
            "project" | "group" => self.places.push(place(word)?),
            "issues" | "merge-requests" | "deployments" | "epics" => self.take_sort(word)?,
            "issue-type" => self.issue_type = Some(word.needed("incident")?),
            "status-label" => self.status_label = Some(word.needed("\"workflow::\"")?),
            "without" => self.take_without(word)?,
            name => {
                let filter = parameter(name).ok_or_else(|| refused(word))?;
                self.filters.push((filter, word.needed("NAME")?));
            }
        }
        Ok(())
    }

    fn take_sort(&mut self, word: &Word) -> Result<(), Fault> {
        let sort = Sort::ALL
            .into_iter()
            .find(|sort| sort.segment().replace('_', "-") == word.name);
        self.sorts.extend(sort);
        match &word.value {
            None => Ok(()),
            Some(_) if sort == Some(Sort::Deployment) => {
                self.environments.push(word.needed("production")?);
                Ok(())
            }
            Some(value) => Err(unusable(
                format!(
                    "\"{}:{value}\" in the query of this source says too much",
                    word.name
                ),
                format!("write {} alone; filters are words of their own", word.name),
            )),
        }
    }

    fn take_without(&mut self, word: &Word) -> Result<(), Fault> {
        for name in word.needed("links,weights")?.split(',') {
            let part = Part::OPTIONAL
                .into_iter()
                .find(|part| part.name() == name.trim());
            let names = Part::OPTIONAL.map(Part::name).join(", ");
            let part = part.ok_or_else(|| {
                unusable(
                    format!("\"{name}\" is nothing that a GitLab source can leave out"),
                    format!("behind without: {names}"),
                )
            })?;
            self.without.insert(part);
        }
        Ok(())
    }

    fn complete(mut self) -> Result<Self, Fault> {
        if self.places.is_empty() {
            return Err(unusable(
                "the query of this source names no project and no group",
                "write project:group/app or group:acme as it is in the address of its page",
            ));
        }
        if self.sorts.is_empty() {
            self.sorts.insert(Sort::Issue);
        }
        let has_group = self
            .places
            .iter()
            .any(|place| matches!(place, Place::Group(_)));
        if self.sorts.contains(&Sort::Epic) && !has_group {
            return Err(unusable(
                "the query of this source asks for epics and names no group",
                "epics belong to groups: add group:acme",
            ));
        }
        Ok(self)
    }

    /// Whether all it reads is of one project, so that `#12` means one issue.
    pub(super) fn is_of_one_project(&self) -> bool {
        matches!(self.places.as_slice(), [Place::Project(_)])
    }
}

fn place(word: &Word) -> Result<Place, Fault> {
    let path = word.needed("acme/app")?;
    let path = path.trim_matches('/').to_owned();
    Ok(if word.name == "group" {
        Place::Group(path)
    } else {
        Place::Project(path)
    })
}

fn parameter(name: &str) -> Option<&'static str> {
    Some(match name {
        "labels" => "labels",
        "not-labels" => "not[labels]",
        "milestone" => "milestone",
        "author" => "author_username",
        "assignee" => "assignee_username",
        _ => return None,
    })
}

fn refused(word: &Word) -> Fault {
    if UNFIT.contains(&word.name.as_str()) {
        return unusable(
            format!("the query of a GitLab source cannot set \"{}\"", word.name),
            "take it out: weir reads all states and pages by itself; a stream's `where` chooses \
             items without losing their history",
        );
    }
    word.unknown("a GitLab source", &KNOWN)
}

#[cfg(test)]
mod tests {
    use super::{Part, Place, Query, Sort};

    #[test]
    fn every_word_is_understood() {
        let query = Query::read(
            "project:acme/app group:/acme/ issues merge_requests deployments:production \
             deployments:eu labels:\"to do,x\" not-labels:y milestone:19 author:ann \
             issue-type:incident status-label:workflow:: without:links,weights",
        )
        .unwrap();
        let path = |path: &str| path.to_owned();
        assert_eq!(
            query.places,
            [Place::Project(path("acme/app")), Place::Group(path("acme"))]
        );
        assert_eq!(
            query.sorts,
            [Sort::Issue, Sort::MergeRequest, Sort::Deployment].into()
        );
        assert_eq!(query.environments, ["production", "eu"]);
        assert_eq!(
            query.filters,
            [
                ("labels", path("to do,x")),
                ("not[labels]", path("y")),
                ("milestone", path("19")),
                ("author_username", path("ann")),
            ]
        );
        assert_eq!(query.issue_type.as_deref(), Some("incident"));
        assert_eq!(query.status_label.as_deref(), Some("workflow::"));
        assert_eq!(query.without, [Part::Links, Part::Weights].into());
        assert!(!query.is_of_one_project());
    }

    #[test]
    fn issues_are_read_where_nothing_is_said() {
        let query = Query::read("project:a/b").unwrap();
        assert_eq!(query.sorts, [Sort::Issue].into());
        assert!(query.is_of_one_project());
    }

    #[test]
    fn what_cannot_be_meant_is_refused_with_a_hint() {
        for (text, what, hint) in [
            ("", "no project", "group:acme"),
            ("projct:a", "\"projct\"", "did you mean \"project\"?"),
            ("project:a state:opened", "cannot set", "all states"),
            ("project:a sort:asc", "cannot set", "take it out"),
            ("project:", "says of nothing", "project:acme/app"),
            ("project:a issues:mine", "says too much", "issues alone"),
            ("project:a without:titles", "\"titles\"", "milestones"),
            ("project:a epics", "no group", "group:acme"),
            ("project:a labels:\"x", "not closed", "close it"),
        ] {
            let fault = Query::read(text).unwrap_err();
            assert!(fault.to_string().contains(what), "{text}: {fault}");
            assert!(fault.hint().contains(hint), "{text}: {}", fault.hint());
        }
    }
}
