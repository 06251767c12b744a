//! The source's `query`: JQL as people write it, put together with what weir asks.

use super::super::Fault;

/// What of a Jira is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// All that the token may see.
    All,
    /// What a JQL says.
    Jql(String),
    /// The issues of a board, narrowed by a JQL.
    Board {
        /// Its number or its name.
        board: String,
        /// What else holds.
        and: Option<String>,
    },
}

/// Asked where nothing else bounds the list: Jira Cloud refuses questions without any condition.
const EVER: &str = "updated >= \"1971-01-01 00:00\"";

/// A piece of JQL: where it begins and ends, how deep in parentheses.
#[derive(Clone, Debug)]
struct Token<'a> {
    text: &'a str,
    from: usize,
    depth: usize,
}

impl Token<'_> {
    fn is(&self, word: &str) -> bool {
        self.text.eq_ignore_ascii_case(word)
    }

    fn end(&self) -> usize {
        self.from + self.text.len()
    }

    /// What it stands for, without quotes.
    fn value(&self) -> String {
        let quote = self.text.chars().next().filter(|first| is_quote(*first));
        let inner = quote.and_then(|quote| self.text.strip_prefix(quote)?.strip_suffix(quote));
        inner.map_or_else(|| self.text.to_owned(), |inner| inner.replace('\\', ""))
    }
}

impl Scope {
    /// Reads a `query`.
    ///
    /// # Errors
    /// [`Fault::Unusable`] if it would not hold together with what weir adds.
    pub(super) fn read(query: &str) -> Result<Self, Fault> {
        let query = query.trim();
        let tokens = tokens(query).map_err(unusable)?;
        let has_order = tokens.windows(2).any(|two| {
            let [order, by] = two else { return false };
            order.is("order") && by.is("by")
        });
        if has_order {
            return Err(unusable("it has an ORDER BY, and weir sorts by itself"));
        }
        match tokens.as_slice() {
            [] => Ok(Self::All),
            [word, sign, board, rest @ ..] if word.is("board") && sign.is("=") => {
                Self::of_board(query, board, rest)
            }
            _ => Ok(Self::Jql(query.to_owned())),
        }
    }

    fn of_board(query: &str, board: &Token<'_>, rest: &[Token<'_>]) -> Result<Self, Fault> {
        let and = match rest {
            [] => None,
            [and, more @ ..] if and.is("and") && !more.is_empty() => {
                if more.iter().any(|token| token.depth == 0 && token.is("or")) {
                    return Err(unusable(
                        "an OR beside `board = …` must stand in parentheses",
                    ));
                }
                query.get(and.end()..).map(|rest| rest.trim().to_owned())
            }
            _ => {
                return Err(unusable("after `board = …` only AND and a JQL can follow"));
            }
        };
        let board = board.value();
        Ok(Self::Board { board, and })
    }
}

/// The list of what `scope` says, those updated longest ago first, from the minute `since` on.
pub(super) fn list(scope: Option<&str>, since: Option<&str>) -> String {
    let since = since.map(|since| format!("updated >= \"{since}\""));
    let scope = scope.map(|scope| format!("({scope})"));
    let conditions = match (scope, since) {
        (Some(scope), Some(since)) => format!("{scope} AND {since}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => EVER.to_owned(),
    };
    format!("{conditions} ORDER BY updated ASC, key ASC")
}

/// What `scope` says, the issue created first at the start.
pub(super) fn oldest(scope: Option<&str>) -> String {
    let conditions = conditions(scope);
    format!("{conditions} ORDER BY created ASC, key ASC")
}

/// What `scope` says, in no order.
pub(super) fn conditions(scope: Option<&str>) -> String {
    scope.unwrap_or(EVER).to_owned()
}

/// The issues that have one of these ids, or one of these keys.
pub(super) fn among<'a>(field: &str, values: impl Iterator<Item = &'a String>) -> String {
    let quoted: Vec<String> = values.map(|value| quoted(value)).collect();
    format!("{field} in ({})", quoted.join(","))
}

/// A value in quotes.
pub(super) fn quoted(value: &str) -> String {
    let escaped = value.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}

/// What it means that a list with the source's own query is refused.
pub(super) fn refused(fault: Fault) -> Fault {
    match fault {
        Fault::BadAnswer { place, why } if why.starts_with("status 400") => Fault::Unusable {
            what: format!("{place} does not take the query of this source: {why}"),
            hint: "try `query` in Jira's own search, as the token's owner: each field, value and \
                   filter in it must be there for them"
                .to_owned(),
        },
        fault => fault,
    }
}

fn unusable(why: &str) -> Fault {
    Fault::Unusable {
        what: format!("the query of a Jira source cannot be used: {why}"),
        hint: "write it as JQL without ORDER BY, for example project = PAY AND type != Epic, or \
               name a board: board = \"Payments\" AND type != Epic"
            .to_owned(),
    }
}

fn is_quote(letter: char) -> bool {
    matches!(letter, '"' | '\'')
}

/// Splits JQL into words, texts in quotes, parentheses and signs.
fn tokens(query: &str) -> Result<Vec<Token<'_>>, &'static str> {
    let mut tokens = Vec::new();
    let (mut from, mut depth) = (0, 0_usize);
    while let Some(first) = query[from..].chars().next() {
        let length = length_of(&query[from..], first)?;
        let text = &query[from..from + length];
        if first == ')' {
            depth = depth
                .checked_sub(1)
                .ok_or("it closes a parenthesis that was not opened")?;
        }
        if !text.trim().is_empty() {
            tokens.push(Token { text, from, depth });
        }
        depth += usize::from(first == '(');
        from += length;
    }
    if depth > 0 {
        return Err("it opens a parenthesis that is not closed");
    }
    Ok(tokens)
}

fn length_of(rest: &str, first: char) -> Result<usize, &'static str> {
    if is_quote(first) {
        return end_of_quote(rest, first).ok_or("it opens a quote that is not closed");
    }
    let class = class_of(first);
    if class == Class::Bracket {
        return Ok(first.len_utf8());
    }
    let end = rest.find(|letter| class_of(letter) != class);
    Ok(end.unwrap_or(rest.len()))
}

fn end_of_quote(rest: &str, quote: char) -> Option<usize> {
    let mut is_escaped = false;
    let end = rest.char_indices().skip(1).find(|(_, letter)| {
        let ends = !is_escaped && *letter == quote;
        is_escaped = !is_escaped && *letter == '\\';
        ends
    });
    end.map(|(at, _)| at + 1)
}

#[derive(PartialEq, Eq)]
enum Class {
    Space,
    Bracket,
    Quote,
    Sign,
    Word,
}

fn class_of(letter: char) -> Class {
    match letter {
        '(' | ')' | ',' => Class::Bracket,
        letter if is_quote(letter) => Class::Quote,
        '=' | '!' | '<' | '>' | '~' => Class::Sign,
        letter if letter.is_whitespace() => Class::Space,
        _ => Class::Word,
    }
}

#[cfg(test)]
mod tests {
    use super::{Scope, among, list, oldest, quoted};

    fn jql(text: &str) -> Scope {
        Scope::Jql(text.to_owned())
    }

    fn board(board: &str, and: Option<&str>) -> Scope {
        Scope::Board {
            board: board.to_owned(),
            and: and.map(str::to_owned),
        }
    }

    #[test]
    fn a_query_is_jql_or_a_board() {
        for (query, scope) in [
            ("  ", Scope::All),
            ("project = PAY", jql("project = PAY")),
            (
                " a in (b, \"c) order by d\") ",
                jql("a in (b, \"c) order by d\")"),
            ),
            ("text ~ 'it\\'s ( fine'", jql("text ~ 'it\\'s ( fine'")),
            ("board = 12", board("12", None)),
            ("Board=\"Cards & more\"", board("Cards & more", None)),
            (
                "board = 7 and (a = 1 or b = 2)",
                board("7", Some("(a = 1 or b = 2)")),
            ),
            ("border = 3", jql("border = 3")),
        ] {
            assert_eq!(Scope::read(query), Ok(scope), "{query}");
        }
    }

    #[test]
    fn what_would_not_hold_together_is_refused() {
        for query in [
            "project = PAY ORDER BY rank",
            "order  by key",
            "a = 1) OR (b = 2",
            "(a = 1",
            "summary ~ \"open",
            "board = 7 or a = 1",
            "board = 7 and",
            "board = 7 and a = 1 or b = 2",
        ] {
            let refused = Scope::read(query).unwrap_err();
            assert!(refused.to_string().contains("Jira source"), "{query}");
            assert!(refused.hint().contains("JQL"));
        }
    }

    #[test]
    fn lists_are_bounded_and_in_order_of_update() {
        let order = "ORDER BY updated ASC, key ASC";
        assert_eq!(
            list(Some("a = 1 OR b = 2"), Some("2026-11-23 09:00")),
            format!("(a = 1 OR b = 2) AND updated >= \"2026-11-23 09:00\" {order}")
        );
        assert_eq!(list(Some("a = 1"), None), format!("(a = 1) {order}"));
        assert_eq!(
            list(None, None),
            format!("updated >= \"1971-01-01 00:00\" {order}")
        );
        assert_eq!(oldest(Some("a = 1")), "a = 1 ORDER BY created ASC, key ASC");
    }

    #[test]
    fn values_are_quoted() {
        assert_eq!(quoted("a\"b\\c"), "\"a\\\"b\\\\c\"");
        let ids = ["7".to_owned(), "12".to_owned()];
        assert_eq!(among("id", ids.iter()), "id in (\"7\",\"12\")");
    }
}
