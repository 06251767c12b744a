//! Draws a problem over an excerpt of the config.

use std::path::Path;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::problem::{Colour, Label, Problem};

/// A problem with file, line, excerpt, expectation and hint, without a line break at the end.
pub(super) fn problem(problem: &Problem, path: &Path, text: &str, colour: Colour) -> String {
    let renderer = match colour {
        Colour::Coloured => Renderer::styled(),
        Colour::Plain => Renderer::plain(),
    };
    let path = path.display().to_string();
    let title = Level::ERROR.primary_title(problem.what.as_str());
    let hint = problem
        .hint
        .as_deref()
        .map(|hint| Level::HELP.message(hint));
    let group = match excerpt(problem, &path, text) {
        Some(excerpt) => title.element(excerpt).elements(hint),
        None => title.elements(hint),
    };
    renderer.render(&[group])
}

fn excerpt<'a>(
    problem: &'a Problem,
    path: &'a str,
    text: &'a str,
) -> Option<Snippet<'a, annotate_snippets::Annotation<'a>>> {
    let place = problem.place.as_ref()?;
    let draw = |kind: AnnotationKind, label: &'a Label| {
        let drawn = kind.span(label.span.clone());
        if label.text.is_empty() {
            drawn
        } else {
            drawn.label(label.text.as_str())
        }
    };
    let also = problem
        .also
        .as_ref()
        .map(|label| draw(AnnotationKind::Context, label));
    let snippet = Snippet::source(text)
        .path(path)
        .annotation(draw(AnnotationKind::Primary, place))
        .annotations(also);
    Some(snippet)
}
