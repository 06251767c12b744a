//! Asking a terminal to show a notice on the desktop.

/// OSC 9: a text; iTerm2, kitty, `WezTerm`, Windows Terminal and others show it.
pub fn osc9(title: &str, text: &str) -> String {
    format!("\x1b]9;{}: {}\x07", plain(title), plain(text))
}

/// OSC 777: a title and a text; urxvt, foot, Ghostty, `WezTerm` and others show it.
pub fn osc777(title: &str, text: &str) -> String {
    let title = plain(title).replace(';', ",");
    format!("\x1b]777;notify;{title};{}\x07", plain(text))
}

/// Without what would end the sequence or begin another.
fn plain(text: &str) -> String {
    text.replace(char::is_control, " ")
}

#[cfg(test)]
mod tests {
    use super::{osc9, osc777};

    #[test]
    fn no_name_ends_the_sequence() {
        assert_eq!(
            osc9("pay", "a\x1b]52;c;x\x07b"),
            "\x1b]9;pay: a ]52;c;x b\x07"
        );
        assert_eq!(osc777("a;b\n", "c\u{9c}d"), "\x1b]777;notify;a,b ;c d\x07");
    }
}
