//! Where things are on github.com or an Enterprise host.

use url::Url;

use super::super::http;
use super::super::{Fault, http::base_of};
use crate::model::time::Millis;

/// Rows on a page; GitHub gives no more.
pub(super) const PAGE: usize = 100;

/// Where REST and GraphQL are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Places {
    /// With a slash at its end.
    pub(super) rest: Url,
    pub(super) graphql: Url,
}

impl Places {
    /// Finds both from what the config says: the host that people visit, or its API.
    ///
    /// # Errors
    /// [`Fault::Unusable`] if it is no address of the web.
    pub(super) fn of(url: &Url) -> Result<Self, Fault> {
        let mut rest = base_of(url)?;
        let host = rest.host_str().unwrap_or_default().to_owned();
        if let Some(api) = api_host(&host) {
            rest.set_path("/");
            // A host made of a host and a word is one.
            let _ = rest.set_host(Some(&api));
        } else if rest.path() == "/" {
            rest.set_path("/api/v3/");
        }
        let graphql = match rest.path().strip_suffix("v3/") {
            Some(api) => format!("{api}graphql"),
            None => format!("{}graphql", rest.path()),
        };
        let mut place = rest.clone();
        place.set_path(&graphql);
        Ok(Self {
            rest,
            graphql: place,
        })
    }

    /// As people may see it.
    pub(super) fn shown(&self) -> String {
        http::place(&self.rest)
    }

    /// A page of a repository's issues and pull requests, those updated longest ago first.
    pub(super) fn issues(&self, repository: &str, labels: &[String], page: Turned) -> Url {
        let mut url = self.at(&format!("repos/{repository}/issues"));
        let mut query = url.query_pairs_mut();
        query.extend_pairs([("state", "all"), ("sort", "updated"), ("direction", "asc")]);
        query.append_pair("per_page", &PAGE.to_string());
        if !labels.is_empty() {
            query.append_pair("labels", &labels.join(","));
        }
        if let Some(since) = page.since {
            query.append_pair("since", &since.floor_clamped().rfc3339());
        }
        if page.number > 1 {
            query.append_pair("page", &page.number.to_string());
        }
        drop(query);
        url
    }

    /// The repositories that the token's owner works in, those pushed to last first.
    pub(super) fn own_repositories(&self) -> Url {
        let mut url = self.at("user/repos");
        url.query_pairs_mut()
            .extend_pairs([("sort", "pushed"), ("per_page", "100")]);
        url
    }

    /// One issue or pull request.
    pub(super) fn issue(&self, repository: &str, number: &str) -> Url {
        self.at(&format!("repos/{repository}/issues/{number}"))
    }

    /// The same by the repository's number.
    pub(super) fn issue_by_id(&self, repository: u64, number: &str) -> Url {
        self.at(&format!("repositories/{repository}/issues/{number}"))
    }

    /// A page of a repository's workflow runs, the newest first.
    pub(super) fn runs(&self, repository: &str, page: u64) -> Url {
        let mut url = self.at(&format!("repos/{repository}/actions/runs"));
        let mut query = url.query_pairs_mut();
        query.append_pair("per_page", &PAGE.to_string());
        query.append_pair("exclude_pull_requests", "true");
        if page > 1 {
            query.append_pair("page", &page.to_string());
        }
        drop(query);
        url
    }

    fn at(&self, path: &str) -> Url {
        let mut url = self.rest.clone();
        url.set_path(&format!("{}{path}", self.rest.path()));
        url
    }
}

/// Which page of a list of issues: of those updated at `since` or later, page `number` (from 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Turned {
    pub(super) since: Option<Millis>,
    pub(super) number: u64,
}

impl Turned {
    /// As the poll carries it from page to page.
    pub(super) fn token(self) -> String {
        let since = self
            .since
            .map_or(String::new(), |since| since.0.to_string());
        format!("{since}.{}", self.number)
    }

    /// Reads what [`Turned::token`] wrote.
    pub(super) fn read(token: &str) -> Option<Self> {
        let (since, number) = token.split_once('.')?;
        Some(Self {
            since: since.parse().ok().map(Millis),
            number: number.parse().ok()?,
        })
    }

    /// The page after one whose last row was updated at `last`. It begins where this one ends *in
    /// time*, for rows that are updated meanwhile leave their places and those behind move up; only
    /// among rows of one instant pages are counted.
    pub(super) fn after(self, last: Option<Millis>) -> Self {
        match last {
            Some(last) if self.since.is_none_or(|since| since < last) => Self {
                since: Some(last),
                number: 1,
            },
            _ => Self {
                number: self.number + 1,
                ..self
            },
        }
    }
}

/// The host of the API of a host that has its own for it.
fn api_host(host: &str) -> Option<String> {
    match host {
        "github.com" | "www.github.com" | "api.github.com" => Some("api.github.com".to_owned()),
        _ if !host.ends_with(".ghe.com") => None,
        _ if host.starts_with("api.") => Some(host.to_owned()),
        _ => Some(format!("api.{host}")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Places, Turned};
    use crate::model::time::Millis;

    #[test]
    fn the_api_is_found_from_the_address_of_the_host() {
        let com = ["https://api.github.com/", "https://api.github.com/graphql"];
        let enterprise = [
            "https://git.example.org/api/v3/",
            "https://git.example.org/api/graphql",
        ];
        let resident = [
            "https://api.acme.ghe.com/",
            "https://api.acme.ghe.com/graphql",
        ];
        for (given, expected) in [
            ("https://github.com", com),
            ("https://api.github.com/", com),
            ("https://github.com/acme", com),
            ("https://git.example.org", enterprise),
            ("https://git.example.org/api/v3", enterprise),
            ("https://acme.ghe.com", resident),
            ("https://api.acme.ghe.com", resident),
            (
                "https://proxy.example.org/github",
                [
                    "https://proxy.example.org/github/",
                    "https://proxy.example.org/github/graphql",
                ],
            ),
        ] {
            let places = Places::of(&given.parse().unwrap()).unwrap();
            let found = [places.rest.as_str(), places.graphql.as_str()];
            assert_eq!(found, expected, "{given}");
        }
    }

    #[test]
    fn a_list_is_asked_for_in_order_of_update() {
        let places = Places::of(&"https://github.com".parse().unwrap()).unwrap();
        let labels = ["good first issue".to_owned(), "x".to_owned()];
        let page = Turned {
            since: Some(Millis(1_700_000_000_900)),
            number: 2,
        };
        assert_eq!(
            places.issues("acme/pay", &labels, page).as_str(),
            "https://api.github.com/repos/acme/pay/issues?state=all&sort=updated&direction=asc\
             &per_page=100&labels=good+first+issue%2Cx&since=2023-11-14T22%3A13%3A20Z&page=2"
        );
    }

    #[test]
    fn pages_go_on_in_time_and_are_counted_within_an_instant() {
        let start = Turned {
            since: None,
            number: 1,
        };
        let then = start.after(Some(Millis(5)));
        assert_eq!((then.since, then.number), (Some(Millis(5)), 1));
        let again = then.after(Some(Millis(5)));
        assert_eq!((again.since, again.number), (Some(Millis(5)), 2));
        assert_eq!(start.after(None).number, 2);
        for page in [start, then, again] {
            assert_eq!(Turned::read(&page.token()), Some(page));
        }
        assert_eq!(Turned::read("x"), None);
    }
}
