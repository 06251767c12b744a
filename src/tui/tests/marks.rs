//! Every screen with 7-bit characters alone.

use std::collections::HashSet;

use super::*;

fn ascii(depth: Depth) -> Look {
    Look {
        marks: Marks::Ascii,
        ..look(depth)
    }
}

/// The characters of what users wrote: titles, keys, names of stages.
fn of_users(state: &State) -> HashSet<char> {
    let Some(data) = &state.data else {
        return HashSet::new();
    };
    let log = data.snapshot.log();
    let texts = log
        .items()
        .flat_map(|item| [log.title(item), log.key(item)]);
    let stages = data.measures.stages.iter().map(|stage| stage.name.as_str());
    let said = texts.chain(stages).flat_map(str::chars);
    said.filter(|letter| !letter.is_ascii()).collect()
}

fn is_seven_bit(state: &State, look: &Look, name: &str) {
    let own = of_users(state);
    let buffer = frame(state, look);
    for cell in buffer.content() {
        let mut foreign = cell.symbol().chars().filter(|letter| !letter.is_ascii());
        let foreign = foreign.find(|letter| !own.contains(letter));
        let size = state.terminal.size;
        assert_eq!(foreign, None, "{name} {size:?}\n{}", text(&buffer));
    }
}

#[test]
fn no_screen_has_a_mark_beyond_ascii() {
    for look in [ascii(Depth::True), ascii(Depth::None)] {
        for (name, actions) in scenes::ALL {
            for size in [TERMINAL, (120, 40), (200, 60), (40, 10)] {
                is_seven_bit(&shown(size, actions), &look, name);
            }
            let others = [
                empty(TERMINAL),
                joined((120, 40)),
                down((120, 40)),
                blank(TERMINAL),
            ];
            for mut state in others {
                act(&mut state, actions);
                is_seven_bit(&state, &look, name);
            }
        }
    }
    let mut notice = world(TERMINAL);
    update(&mut notice, Msg::Notice(Notice::Done("saved".to_owned())));
    is_seven_bit(&notice, &ascii(Depth::True), "notice");
}

#[test]
fn what_is_written_in_ascii_says_the_same() {
    let state = shown((200, 60), &[Action::Ageing]);
    let said = |look: Look| -> HashSet<String> {
        let text = text(&frame(&state, &look));
        let words = text.split(|letter: char| !letter.is_ascii_alphanumeric());
        words
            .filter(|word| word.len() > 2)
            .map(str::to_owned)
            .collect()
    };
    let (blocks, ascii) = (said(look(Depth::None)), said(ascii(Depth::None)));
    let missing: Vec<_> = blocks.difference(&ascii).collect();
    assert!(
        missing.len() <= 2,
        "hints may give way, not more: {missing:?}"
    );
}
