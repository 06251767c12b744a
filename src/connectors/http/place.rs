//! Addresses as people may see them.

use url::Url;

/// An address without user, password, query and fragment.
pub(crate) fn place(url: &Url) -> String {
    let mut shown = url.clone();
    shown.set_query(None);
    shown.set_fragment(None);
    // An address that can have no user has none to hide.
    let _ = shown.set_username("");
    let _ = shown.set_password(None);
    shown.to_string()
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn nothing_secret_is_shown() {
        let url = "https://ann:pa55@tracker.example:8443/a/issues.json?key=5ecret#top";
        assert_eq!(
            place(&url.parse().unwrap()),
            "https://tracker.example:8443/a/issues.json"
        );
    }
}
