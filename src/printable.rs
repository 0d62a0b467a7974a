//! Characters that do something instead of showing something: which they are, and what is printed in their place.
//!
//! They drive a terminal (controls), turn the direction of the text around them, or cannot be seen at all, so that two
//! names look alike. XML has no place for some of them. What stands in an input, a kubeconfig or a server's answer may
//! hold any of them.

/// Whether a character does something to what shows it, or cannot be seen. Line breaks and tabs count, too.
pub fn is_hidden(character: char) -> bool {
    matches!(character,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{fdd0}'..='\u{fdef}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
        || u32::from(character) & 0xfffe == 0xfffe
}

/// One character, made visible if it would not be; tabs become one space so that columns hold.
pub fn visible_char(character: char) -> char {
    match character {
        '\t' => ' ',
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + u32::from(character)).unwrap_or('\u{fffd}'),
        other if is_hidden(other) => '\u{fffd}',
        other => other,
    }
}

/// A text in which every character shows, line breaks as well.
pub fn visible(text: &str) -> String {
    text.chars().map(visible_char).collect()
}

/// A text fit for one line of a message: controls are gaps, what else does something or cannot be seen is made visible.
pub fn one_line(text: &str) -> String {
    let fit = |character: char| {
        if character.is_control() {
            ' '
        } else {
            visible_char(character)
        }
    };
    text.chars().map(fit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_turns_or_hides_text_shows_and_what_people_write_stays() {
        for character in [
            '\u{1b}',
            '\u{85}',
            '\u{61c}',
            '\u{200b}',
            '\u{202e}',
            '\u{2069}',
            '\u{feff}',
            '\u{fffe}',
            '\u{1ffff}',
            '\u{e0041}',
        ] {
            assert_ne!(visible_char(character), character, "{character:?}");
            assert!(!is_hidden(visible_char(character)));
        }
        let words = "hippo-1 Größe 集群 кластер قاعدة 🦛 …\u{fffd}";
        assert_eq!(visible(words), words);
    }

    #[test]
    fn a_line_stays_one_line() {
        assert_eq!(one_line("a\r\nb\u{2028}c\td"), "a  b\u{fffd}c d");
    }
}
