//! Where an answer may send the reader on to. The key goes along, so: nowhere but the same host.

use url::Url;

/// More hops than this are a circle.
pub(crate) const MOST_HOPS: usize = 5;

/// The address that `location`, sent by `from`, leads to.
///
/// # Errors
/// A sentence part that says why it is not followed.
pub(crate) fn target(from: &Url, location: &str) -> Result<Url, String> {
    let to = from
        .join(location)
        .map_err(|_| "it leads to something that is no address".to_owned())?;
    if from.host_str() != to.host_str() {
        return Err(refused(&to, "another host"));
    }
    if from.scheme() == "https" && to.scheme() != "https" {
        return Err(refused(&to, "an open connection"));
    }
    let moved_to_https = from.scheme() == "http" && to.scheme() == "https";
    if from.port_or_known_default() != to.port_or_known_default() && !moved_to_https {
        return Err(refused(&to, "another port"));
    }
    Ok(to)
}

fn refused(to: &Url, what: &str) -> String {
    let place = super::place(to);
    format!(
        "it leads to {place}, {what}, where the key is not sent; if that is right, set `url` to it"
    )
}

#[cfg(test)]
mod tests {
    use super::target;

    #[test]
    fn only_the_same_host_is_followed() {
        let follows = |from: &str, location: &str| {
            target(&from.parse().unwrap(), location).map(|url| url.to_string())
        };
        let from = "https://a.example/x/issues.json?k=1";
        for (location, expected) in [
            ("/login", "https://a.example/login"),
            ("other.json?b=2", "https://a.example/x/other.json?b=2"),
            ("https://a.example:443/y", "https://a.example/y"),
        ] {
            assert_eq!(follows(from, location).as_deref(), Ok(expected));
        }
        for location in [
            "https://b.example/x",
            "//b.example/x",
            "http://a.example/x",
            "https://a.example:8443/x",
            "https://a.example.b.example/x",
            "data:text/plain,x",
            "http://",
        ] {
            assert!(follows(from, location).is_err(), "{location}");
        }
        assert!(follows("http://a.example/x", "https://a.example/x").is_ok());
        assert!(follows("http://a.example:81/x", "http://a.example:82/x").is_err());
        let why = follows(from, "https://u:p@b.example/x?token=1").unwrap_err();
        assert!(why.contains("https://b.example/x, another host"), "{why}");
    }
}
