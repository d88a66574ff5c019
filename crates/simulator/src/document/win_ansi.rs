//! Texts in WinAnsiEncoding, the character set of a PDF's standard fonts.

use textwrap::core::display_width;

/// What stands at 0x80 to 0x9F; `\0` where nothing does.
const HIGH_CONTROLS: [char; 32] = [
    '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', //
    '\0', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
];

/// One byte for each column. What the set has not becomes `?`.
pub(super) fn encoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    for c in text.chars() {
        let columns = display_width(c.encode_utf8(&mut [0; 4]));
        bytes.extend(std::iter::repeat_n(byte(c).unwrap_or(b'?'), columns));
    }
    bytes
}

fn byte(c: char) -> Option<u8> {
    match c {
        ' '..='~' | '\u{a0}'..='\u{ff}' => u8::try_from(c).ok(),
        '\0' => None,
        _ => {
            let place = HIGH_CONTROLS.iter().position(|known| *known == c)?;
            u8::try_from(0x80 + place).ok()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_the_set_are_kept_and_others_are_question_marks() {
        assert_eq!(encoded("Caf\u{e9} 5 €"), b"Caf\xe9 5 \x80");
        assert_eq!(encoded("žŸ–"), b"\x9e\x9f\x96");
        assert_eq!(encoded("Łódź"), b"?\xf3d?");
    }

    #[test]
    fn columns_stay_where_they_are() {
        assert_eq!(encoded("茶|"), b"??|");
        assert_eq!(encoded("e\u{301}|"), b"e|");
    }
}
