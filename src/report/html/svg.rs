//! A drawing as SVG, made of few kinds of marks. Colours are named by class; the style of the page
//! knows them.

use std::fmt::Write;

use super::super::table::harmless;

/// Patterns that tell bands apart without colour.
pub(super) const PATTERNS: &str = "<svg width=\"0\" height=\"0\" style=\"position:absolute\" aria-hidden=\"true\"><defs>\
<pattern id=\"waits\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"7\"/></pattern>\
<pattern id=\"is-over\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\"><line x1=\"0\" y1=\"0\" x2=\"7\" y2=\"0\"/></pattern>\
<pattern id=\"rests\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\"><circle cx=\"3\" cy=\"3\" r=\"1.1\"/></pattern>\
</defs></svg>\n";

/// Width of every drawing, in its own units; the page stretches it.
pub(super) const WIDTH: f64 = 860.0;

/// Where a text stands, seen from its place.
#[derive(Clone, Copy, Debug)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Middle => "middle",
            Self::End => "end",
        }
    }
}

/// A drawing that is being made.
pub(super) struct Svg {
    height: f64,
    body: String,
}

impl Svg {
    pub(super) fn new(height: f64) -> Self {
        Self {
            height,
            body: String::new(),
        }
    }

    /// A box: left, top, width, height.
    pub(super) fn rect(&mut self, class: &str, [x, y, width, height]: [f64; 4]) {
        let (width, height) = (width.max(0.0), height.max(0.0));
        let _ = writeln!(
            self.body,
            "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"/>"
        );
    }

    /// A line from one point to another.
    pub(super) fn line(&mut self, class: &str, [x1, y1, x2, y2]: [f64; 4]) {
        let _ = writeln!(
            self.body,
            "<line class=\"{class}\" x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\"/>"
        );
    }

    /// A surface within some points.
    pub(super) fn surface(&mut self, class: &str, points: &[(f64, f64)]) {
        let points = pairs(points);
        let _ = writeln!(
            self.body,
            "<polygon class=\"{class}\" points=\"{points}\"/>"
        );
    }

    /// A line through some points.
    pub(super) fn trace(&mut self, class: &str, points: &[(f64, f64)]) {
        let points = pairs(points);
        let _ = writeln!(
            self.body,
            "<polyline class=\"{class}\" points=\"{points}\"/>"
        );
    }

    /// A dot of this radius that tells `title` when it is pointed at.
    pub(super) fn dot(&mut self, class: &str, (x, y, radius): (f64, f64, f64), title: &str) {
        let title = escaped(title);
        let _ = writeln!(
            self.body,
            "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\"><title>{title}</title></circle>"
        );
    }

    /// A text with its baseline at a point.
    pub(super) fn text(&mut self, class: &str, (x, y): (f64, f64), anchor: Anchor, text: &str) {
        let (anchor, text) = (anchor.name(), escaped(text));
        let _ = writeln!(
            self.body,
            "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{text}</text>"
        );
    }

    /// The drawing under a caption, with a name for whoever cannot see it.
    pub(super) fn figure(self, label: &str, caption: &str) -> String {
        let (label, caption, height) = (escaped(label), escaped(caption), self.height);
        format!(
            "<figure>\n<svg viewBox=\"0 0 {WIDTH:.0} {height:.0}\" role=\"img\" aria-label=\"{label}\">\n{}</svg>\n\
             <figcaption>{caption}</figcaption>\n</figure>\n",
            self.body
        )
    }
}

fn pairs(points: &[(f64, f64)]) -> String {
    let told: Vec<String> = points
        .iter()
        .map(|(x, y)| format!("{x:.1},{y:.1}"))
        .collect();
    told.join(" ")
}

/// A text that means nothing in HTML, in an attribute neither.
pub(super) fn escaped(text: &str) -> String {
    let text = harmless(text);
    let mut out = String::with_capacity(text.len());
    for one in text.chars() {
        match one {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            one => out.push(one),
        }
    }
    out
}

/// A text of at most so many letters.
pub(super) fn short(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    kept + "…"
}

/// A count as a length.
#[expect(
    clippy::cast_precision_loss,
    reason = "no drawing has 2^52 of anything"
)]
pub(super) fn real(count: u64) -> f64 {
    count as f64
}

/// A position as a length.
pub(super) fn place(at: usize) -> f64 {
    real(at as u64)
}
