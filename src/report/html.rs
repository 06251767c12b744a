//! A report as one HTML page that needs nothing else: tables, charts as SVG, light and dark, and fit
//! to be printed on A4.

mod ageing;
mod area;
mod bars;
mod dots;
mod fan;
mod svg;

use super::document::{Block, Document, Part};
use super::table::harmless;
use super::{Answer, Section, told};
use svg::escaped;

const STYLE: &str = include_str!("html/style.css");

/// The page of some streams, one after the other.
pub fn streams_html(answers: &[Answer<'_>], sections: &[Section]) -> String {
    let names: Vec<&str> = answers
        .iter()
        .map(|one| one.measures.stream.as_str())
        .collect();
    let title = escaped(&format!("{} · flow", names.join(", ")));
    let streams: String = answers.iter().map(|one| stream(*one, sections)).collect();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <meta name=\"color-scheme\" content=\"light dark\"/>\n<title>{title}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n{}{streams}</body>\n</html>\n",
        svg::PATTERNS
    )
}

fn stream(answer: Answer<'_>, sections: &[Section]) -> String {
    let document = told::document(answer, sections);
    let Document {
        stream,
        asked,
        parts,
    } = document;
    let asked: Vec<String> = asked.iter().map(|one| escaped(one)).collect();
    let parts = parts.iter().zip(sections);
    let parts: String = parts
        .map(|(part, section)| told_part(part, *section, answer))
        .collect();
    format!(
        "<main>\n<header>\n<h1>{}</h1>\n<p class=\"asked\">{}</p>\n</header>\n{}{parts}{}</main>\n",
        escaped(&stream),
        asked.join(" · "),
        tiles(answer),
        origin(answer),
    )
}

/// The five flow measures at a glance.
fn tiles(answer: Answer<'_>) -> String {
    let flow = &answer.measures.flow;
    let p85 = flow
        .time
        .as_ref()
        .map(|time| told::day(Some(time.percentiles.p85())));
    let ratio = flow.efficiency.and_then(|one| one.ratio());
    let per_week = flow.velocity.per_week;
    let kinds = answer.measures.distribution.finished.iter().take(2);
    let kinds: Vec<String> = kinds
        .map(|one| format!("{} {}", one.count, one.kind.as_deref().unwrap_or("unknown")))
        .collect();
    let unknown = || "–".to_owned();
    let tiles = [
        (
            "Flow time, 85 %",
            p85.map_or_else(unknown, |days| format!("{days} d")),
        ),
        (
            "Velocity",
            per_week.map_or_else(unknown, |rate| format!("{rate:.1} / week")),
        ),
        ("Load", flow.load.to_string()),
        (
            "Efficiency",
            ratio.map_or_else(unknown, |ratio| format!("{:.0} %", ratio * 100.0)),
        ),
        (
            "Finished",
            if kinds.is_empty() {
                unknown()
            } else {
                kinds.join(", ")
            },
        ),
    ];
    let tile = |(name, value): &(&str, String)| {
        format!(
            "<div><span>{name}</span><strong>{}</strong></div>\n",
            escaped(value)
        )
    };
    format!(
        "<div class=\"tiles\">\n{}</div>\n",
        tiles.iter().map(tile).collect::<String>()
    )
}

fn told_part(part: &Part, section: Section, answer: Answer<'_>) -> String {
    let blocks: String = part.blocks.iter().map(block).collect();
    let figure = figure(section, answer);
    let body = match section {
        // The chart tells it; the rows behind it are there for whoever wants them.
        Section::Cfd | Section::Throughput if figure.is_some() => {
            format!("<details><summary>The numbers</summary>\n{blocks}</details>\n")
        }
        _ => blocks,
    };
    format!(
        "<section>\n<h2>{}</h2>\n{}{body}</section>\n",
        part.heading,
        figure.unwrap_or_default()
    )
}

/// The chart of a section, if it has one and there is something to draw.
fn figure(section: Section, answer: Answer<'_>) -> Option<String> {
    let measures = answer.measures;
    match section {
        Section::Flow => dots::flow_times(answer),
        Section::Phases => bars::phases(measures),
        Section::Stages => bars::stages(measures),
        Section::Bottleneck => bars::evidence(measures),
        Section::Throughput => bars::weeks(measures),
        Section::Cfd => area::cumulative_flow(measures),
        Section::Ageing => ageing::board(answer),
        Section::Forecast => fan::ahead(answer),
        _ => None,
    }
}

fn block(block: &Block) -> String {
    match block {
        Block::Line(text) => format!("<p>{}</p>\n", escaped(text)),
        Block::List(texts) => {
            let item = |text: &String| format!("<li>{}</li>\n", escaped(text));
            format!(
                "<ul>\n{}</ul>\n",
                texts.iter().map(item).collect::<String>()
            )
        }
        Block::Terms(terms) => {
            let term = |(name, text): &(&str, String)| {
                format!("<dt>{}</dt><dd>{}</dd>\n", escaped(name), escaped(text))
            };
            format!(
                "<dl>\n{}</dl>\n",
                terms.iter().map(term).collect::<String>()
            )
        }
        Block::Table(table) => {
            let reasons = table.reasons();
            let reasons = reasons.map(|text| format!("<p class=\"note\">{}</p>\n", escaped(&text)));
            let table = table.html(|cell| escaped(&harmless(cell)));
            format!(
                "<div class=\"wide\">\n{table}</div>\n{}",
                reasons.unwrap_or_default()
            )
        }
    }
}

/// What the numbers are made of.
fn origin(answer: Answer<'_>) -> String {
    let log = answer.snapshot.log();
    let sources: Vec<String> = log
        .sources()
        .iter()
        .map(|one| escaped(&one.to_string()))
        .collect();
    let items = &answer.measures.items;
    format!(
        "<footer><p>From {}: {} items of this stream, {} moves in all. Every number is defined, with its \
         odd cases, in the documents of weir {}; a value that cannot be known is –.</p></footer>\n",
        sources.join(", "),
        items.total,
        log.move_count(),
        env!("CARGO_PKG_VERSION"),
    )
}
