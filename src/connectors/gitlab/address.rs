//! Where things are on a GitLab server.

use url::Url;

use super::super::sync::Question;
use super::super::{Fault, http};
use super::ident::Ident;
use super::part::Part;
use super::query::{Place, Query, Sort};
use crate::model::time::Millis;

/// The most rows GitLab puts on a page.
pub(super) const PAGE: u64 = 100;

/// The API's address, and what is asked of it.
pub(super) struct Address {
    base: Url,
}

impl Address {
    /// Checks the address of a GitLab's start page.
    ///
    /// # Errors
    /// [`Fault::Unusable`] that says what to change.
    pub(super) fn new(url: &Url) -> Result<Self, Fault> {
        let mut base = http::base_of(url)?;
        let path = base.path().trim_end_matches('/');
        let path = path.trim_end_matches("/api/v4");
        base.set_path(&format!("{path}/api/v4/"));
        Ok(Self { base })
    }

    /// The address as people may see it.
    pub(super) fn shown(&self) -> String {
        http::place(&self.base)
    }

    /// What lies below the API's address, its steps one by one.
    fn at(&self, steps: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(steps);
        }
        url
    }

    /// Who the token belongs to.
    pub(super) fn user(&self) -> Url {
        self.at(&["user"])
    }

    /// The projects that the token's owner is a member of, those with news first.
    pub(super) fn own_projects(&self) -> Url {
        let mut url = self.at(&["projects"]);
        url.query_pairs_mut().extend_pairs([
            ("membership", "true"),
            ("simple", "true"),
            ("order_by", "last_activity_at"),
            ("per_page", "100"),
        ]);
        url
    }

    /// The boards of a project or a group.
    pub(super) fn boards(&self, place: &Place) -> Url {
        let (owner, path) = place.segments();
        self.at(&[owner, path, "boards"])
    }

    /// A project alone.
    pub(super) fn project(&self, path: &str) -> Url {
        self.at(&["projects", path])
    }

    /// The projects of a group and of those below it.
    pub(super) fn projects(&self, group: &str) -> Url {
        let mut url = self.at(&["groups", group, "projects"]);
        url.query_pairs_mut()
            .append_pair("include_subgroups", "true")
            .append_pair("simple", "true")
            .append_pair("order_by", "id")
            .append_pair("sort", "asc")
            .append_pair("per_page", &PAGE.to_string());
        url
    }

    /// The labels that issues of a project or a group may have.
    pub(super) fn labels(&self, place: &Place, prefix: &str) -> Url {
        let (owner, path) = place.segments();
        let mut url = self.at(&[owner, path, "labels"]);
        let mut pairs = url.query_pairs_mut();
        pairs.append_pair("search", prefix);
        pairs.append_pair("per_page", &PAGE.to_string());
        if owner == "groups" {
            pairs.append_pair("include_descendant_groups", "true");
            pairs.append_pair("only_group_labels", "false");
        }
        drop(pairs);
        url
    }

    /// The name of a list: its address below the API's.
    pub(super) fn list_name(&self, place: &Place, sort: Sort, environment: Option<&str>) -> String {
        let (owner, path) = place.segments();
        let mut url = self.at(&[owner, path, sort.segment()]);
        if let Some(environment) = environment {
            url.query_pairs_mut()
                .append_pair("environment", environment);
        }
        let name = url.as_str().strip_prefix(self.base.as_str());
        name.unwrap_or_default().to_owned()
    }

    /// A page of a list, those updated longest ago first.
    ///
    /// # Errors
    /// [`Fault::BadAnswer`] if what the page before gave as its next is no address.
    pub(super) fn list(
        &self,
        name: &str,
        sort: Sort,
        query: &Query,
        question: &Question,
    ) -> Result<Url, Fault> {
        let named = question.next.as_deref().unwrap_or(name);
        let mut url = self.base.join(named).map_err(|_| Fault::BadAnswer {
            place: self.shown(),
            why: "the next page has no address".to_owned(),
        })?;
        if question.next.is_some() {
            return Ok(url);
        }
        let mut pairs = url.query_pairs_mut();
        if sort != Sort::Deployment {
            pairs.append_pair("with_labels_details", "true");
            pairs.extend_pairs(&query.filters);
        }
        if matches!(sort, Sort::Issue | Sort::MergeRequest) {
            pairs.append_pair("scope", "all");
        }
        if let (Sort::Issue, Some(issue_type)) = (sort, &query.issue_type) {
            pairs.append_pair("issue_type", issue_type);
        }
        pairs.append_pair("order_by", "updated_at");
        pairs.append_pair("sort", "asc");
        pairs.append_pair("per_page", &PAGE.to_string());
        // Deployments are only sorted by update where they are filtered by it.
        let earliest = (sort == Sort::Deployment).then_some(Millis(0));
        if let Some(since) = question.since.or(earliest) {
            pairs.append_pair("updated_after", &since.rfc3339());
        }
        drop(pairs);
        Ok(url)
    }

    /// An artefact alone, in a list where labels have their ids.
    pub(super) fn alone(&self, ident: Ident) -> Url {
        let Ident {
            sort,
            place,
            number,
        } = ident;
        let (place, number) = (place.to_string(), number.to_string());
        match sort {
            Sort::Issue | Sort::MergeRequest => {
                let mut url = self.at(&["projects", &place, sort.segment()]);
                url.query_pairs_mut()
                    .append_pair("iids[]", &number)
                    .append_pair("scope", "all")
                    .append_pair("with_labels_details", "true");
                url
            }
            Sort::Deployment => self.at(&["projects", &place, sort.segment(), &number]),
            Sort::Epic => self.at(&["groups", &place, sort.segment(), &number]),
        }
    }

    /// A part of an artefact's history. An epic's is by the epic's own id.
    pub(super) fn part(&self, ident: Ident, id: u64, part: Part) -> Url {
        let (owner, number) = match ident.sort {
            Sort::Epic => ("groups", id),
            _ => ("projects", ident.number),
        };
        let mut url = self.at(&[
            owner,
            &ident.place.to_string(),
            ident.sort.segment(),
            &number.to_string(),
            part.segment(),
        ]);
        let mut pairs = url.query_pairs_mut();
        pairs.append_pair("per_page", &PAGE.to_string());
        if part == Part::Notes {
            pairs.append_pair("activity_filter", "only_activity");
            pairs.append_pair("order_by", "created_at");
            pairs.append_pair("sort", "asc");
        }
        drop(pairs);
        url
    }
}

#[cfg(test)]
mod tests {
    use super::{Address, Ident, Millis, Part, Place, Query, Question, Sort};

    fn address(url: &str) -> Address {
        Address::new(&url.parse().unwrap()).unwrap()
    }

    #[test]
    fn the_api_is_below_the_start_page() {
        for url in [
            "https://a.example/git",
            "https://a.example/git/",
            "https://a.example/git/api/v4/",
        ] {
            assert_eq!(address(url).shown(), "https://a.example/git/api/v4/");
        }
        assert!(Address::new(&"ftp://a.example".parse().unwrap()).is_err());
    }

    #[test]
    fn a_list_is_asked_in_order_of_update() {
        let address = address("https://a.example");
        let query = Query::read("project:acme/app labels:\"to do\" issue-type:incident").unwrap();
        let place = Place::Project("acme/app".to_owned());
        let name = address.list_name(&place, Sort::Issue, None);
        assert_eq!(name, "projects/acme%2Fapp/issues");
        let since = Question {
            since: Some(Millis(1_700_000_000_900)),
            ..Question::default()
        };
        let url = address.list(&name, Sort::Issue, &query, &since).unwrap();
        assert_eq!(
            url.as_str(),
            "https://a.example/api/v4/projects/acme%2Fapp/issues?with_labels_details=true\
             &labels=to+do&scope=all&issue_type=incident&order_by=updated_at&sort=asc\
             &per_page=100&updated_after=2023-11-14T22%3A13%3A20.900Z"
        );
        let place = Place::Project("7".to_owned());
        let name = address.list_name(&place, Sort::Deployment, Some("eu west"));
        let url = address.list(&name, Sort::Deployment, &query, &Question::default());
        assert_eq!(
            url.unwrap().as_str(),
            "https://a.example/api/v4/projects/7/deployments?environment=eu+west\
             &order_by=updated_at&sort=asc&per_page=100&updated_after=1970-01-01T00%3A00%3A00Z"
        );
    }

    #[test]
    fn histories_are_below_the_artefact() {
        let address = address("https://a.example");
        let ident = |text| Ident::parse(text).unwrap();
        let part = |text, part| address.part(ident(text), 900, part).path().to_owned();
        assert_eq!(
            part("issue/7/4", Part::Labels),
            "/api/v4/projects/7/issues/4/resource_label_events"
        );
        assert_eq!(
            part("epic/3/4", Part::States),
            "/api/v4/groups/3/epics/900/resource_state_events"
        );
        assert_eq!(
            part("deployment/7/12", Part::Brought),
            "/api/v4/projects/7/deployments/12/merge_requests"
        );
        assert_eq!(
            address.alone(ident("merge-request/7/4")).as_str(),
            "https://a.example/api/v4/projects/7/merge_requests?iids%5B%5D=4&scope=all\
             &with_labels_details=true"
        );
    }
}
