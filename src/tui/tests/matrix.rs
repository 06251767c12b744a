//! Every screen in every state it can be in, in little room: one page a screen.

use super::*;

/// What little room a page is drawn in.
const SMALL: (u16, u16) = (64, 16);

/// The states: their names, the state of the dashboard before the screen is gone to, the look.
fn states() -> [(&'static str, State, Look); 7] {
    let ascii = Look {
        marks: Marks::Ascii,
        ..look(Depth::None)
    };
    [
        ("normal", world(SMALL), look(Depth::True)),
        ("empty", empty(SMALL), look(Depth::True)),
        ("loading", blank(SMALL), look(Depth::True)),
        ("source down", down(SMALL), look(Depth::True)),
        ("narrow", world((40, 12)), look(Depth::True)),
        ("no colour", world(SMALL), look(Depth::None)),
        ("ascii", world(SMALL), ascii),
    ]
}

#[test]
fn every_screen_in_every_state() {
    for (name, actions) in scenes::ALL {
        if shown(SMALL, actions).overlay.is_some() {
            continue;
        }
        let mut page = String::new();
        for (title, mut state, look) in states() {
            act(&mut state, actions);
            writeln!(page, "── {title}\n{}", text(&frame(&state, &look))).unwrap();
        }
        insta::assert_snapshot!(format!("matrix_{name}"), page);
    }
}
