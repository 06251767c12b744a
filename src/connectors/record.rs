//! Reading JSON as trackers send it. Nothing is taken for granted: a field that is missing, null or
//! of another kind reads as "no value".

use serde_json::Value;

use crate::model::time::Millis;

/// Fields of a record, by their path: `milestone.title`.
pub(crate) trait Record {
    /// Whatever stands there; null if nothing does.
    fn at(&self, path: &str) -> &Value;

    /// One value as text; the empty text is no value.
    fn text(&self, path: &str) -> Option<String>;

    /// An id, sent as a number or as text.
    fn number(&self, path: &str) -> Option<u64>;

    /// An instant.
    fn instant(&self, path: &str) -> Option<Millis>;

    /// Yes or no; no if it is neither.
    fn is(&self, path: &str) -> bool;

    /// A list; empty if it is none.
    fn list(&self, path: &str) -> &[Value];
}

impl Record for Value {
    fn at(&self, path: &str) -> &Value {
        const NOTHING: &Value = &Value::Null;
        let mut steps = path.split('.').filter(|step| !step.is_empty());
        steps
            .try_fold(self, |value, step| value.get(step))
            .unwrap_or(NOTHING)
    }

    fn text(&self, path: &str) -> Option<String> {
        scalar(self.at(path))
    }

    fn number(&self, path: &str) -> Option<u64> {
        let value = self.at(path);
        let written = || value.as_str().and_then(|text| text.trim().parse().ok());
        value.as_u64().or_else(written)
    }

    fn instant(&self, path: &str) -> Option<Millis> {
        self.at(path).as_str().and_then(Millis::parse)
    }

    fn is(&self, path: &str) -> bool {
        self.at(path).as_bool().unwrap_or_default()
    }

    fn list(&self, path: &str) -> &[Value] {
        self.at(path).as_array().map_or(&[], Vec::as_slice)
    }
}

/// One value as text; the empty text is no value, and whole numbers are written without a point.
pub(crate) fn scalar(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number
            .as_f64()
            .map_or_else(|| number.to_string(), |float| float.to_string()),
        Value::Bool(yes) => yes.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Record;
    use crate::model::time::Millis;

    #[test]
    fn what_is_of_another_kind_is_no_value() {
        let sent = json!({
            "a": {"b": " text "}, "n": 7, "written": "8", "half": 2.5, "whole": 3.0, "yes": true,
            "no": null, "empty": "  ", "list": [1], "at": "1970-01-01T00:00:01.5Z",
        });
        let texts = [
            "a.b", "n", "half", "whole", "yes", "no", "empty", "a", "x.y",
        ];
        let read = texts.map(|path| sent.text(path).unwrap_or_default());
        assert_eq!(read, ["text", "7", "2.5", "3", "true", "", "", "", ""]);
        assert_eq!(
            (sent.number("n"), sent.number("written")),
            (Some(7), Some(8))
        );
        assert_eq!((sent.number("half"), sent.number("at")), (None, None));
        assert_eq!(sent.instant("at"), Some(Millis(1_500)));
        assert_eq!(sent.instant("n"), None);
        assert!(sent.is("yes") && !sent.is("n"));
        assert_eq!((sent.list("list").len(), sent.list("a").len()), (1, 0));
    }
}
