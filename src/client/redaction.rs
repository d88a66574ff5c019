//! What a server says, without the access token it may say back.

/// The shortest token that is taken out of texts, in characters: a few letters stand in every text, and no
/// server gives out tokens like that.
const SHORTEST_TOKEN: usize = 6;

/// What stands where the access token stood.
const REDACTED: &[u8] = b"[access token]";

/// No escape of a character is longer, in bytes.
const LONGEST_ESCAPE: usize = 8;

/// No more backslashes than these stand before a character that is escaped: those of JSON in a text of JSON,
/// four times over. A page of nothing else takes no longer than another.
const MOST_BACKSLASHES: usize = 15;

/// `text` without the token, and without its beginning where the text ends: it may have been cut there.
/// The token is found with its characters escaped as JSON, HTML and URLs do. `None` if it is not there.
pub(super) fn redacted(text: &[u8], token: &[u8]) -> Option<Vec<u8>> {
    if token.len() < SHORTEST_TOKEN {
        return None;
    }
    let mut clean = Vec::new();
    let (mut at, mut taken) = (0, 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        match length_of_token(rest, token) {
            Some(length) => {
                clean.extend_from_slice(&text[taken..at]);
                clean.extend_from_slice(REDACTED);
                at += length;
                taken = at;
            }
            None => at += 1,
        }
    }
    if taken == 0 {
        return None;
    }
    clean.extend_from_slice(&text[taken..]);
    Some(clean)
}

/// How many bytes of a text are the token it begins with.
fn length_of_token(text: &[u8], token: &[u8]) -> Option<usize> {
    let mut rest = text;
    for (found, character) in token.iter().enumerate() {
        match length_of(*character, rest) {
            Some(length) => rest = &rest[length..],
            None if found >= SHORTEST_TOKEN && is_cut(rest) => return Some(text.len()),
            None => return None,
        }
    }
    Some(text.len() - rest.len())
}

/// Whether nothing follows but what may be the beginning of an escape.
fn is_cut(rest: &[u8]) -> bool {
    match rest.first() {
        None => true,
        Some(first) => b"\\%&".contains(first) && rest.len() < LONGEST_ESCAPE,
    }
}

/// How many bytes of a text are the character it begins with, escaped or not.
fn length_of(character: u8, text: &[u8]) -> Option<usize> {
    let (first, rest) = text.split_first()?;
    if *first == character {
        return Some(1);
    }
    match first {
        b'\\' => {
            let more = rest.iter().take(MOST_BACKSLASHES - 1);
            let more = more.take_while(|byte| **byte == b'\\').count();
            let rest = &rest[more..];
            match rest.split_first()? {
                (plain, _) if *plain == character => Some(more + 2),
                (b'u', digits) => is_code(character, digits.get(..4)?, 16).then_some(more + 6),
                _ => None,
            }
        }
        b'%' => is_code(character, rest.get(..2)?, 16).then_some(3),
        b'&' => {
            let end = rest
                .iter()
                .take(LONGEST_ESCAPE)
                .position(|byte| *byte == b';')?;
            let is_it = match rest[..end] {
                [b'#', b'x' | b'X', ref digits @ ..] => is_code(character, digits, 16),
                [b'#', ref digits @ ..] => is_code(character, digits, 10),
                _ => false,
            };
            is_it.then_some(end + 2)
        }
        _ => None,
    }
}

/// Whether these digits are the code of a character.
fn is_code(character: u8, digits: &[u8], radix: u32) -> bool {
    std::str::from_utf8(digits)
        .ok()
        .and_then(|digits| u32::from_str_radix(digits, radix).ok())
        == Some(character.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn clean(text: &str, token: &str) -> String {
        match redacted(text.as_bytes(), token.as_bytes()) {
            Some(text) => String::from_utf8(text).unwrap(),
            None => text.to_owned(),
        }
    }

    #[test]
    fn a_token_is_taken_out_wherever_it_stands() {
        for (text, expected) in [
            ("", ""),
            ("none in here: canar y", "none in here: canar y"),
            ("canary", "[access token]"),
            (
                "<canary> and canary.",
                "<[access token]> and [access token].",
            ),
            ("ccanarycanaryy", "c[access token][access token]y"),
            ("é canary é", "é [access token] é"),
        ] {
            assert_eq!(clean(text, "canary"), expected, "{text}");
        }
        // As short as this, it would be taken out of words.
        assert_eq!(clean("canary", "canar"), "canary");
    }

    #[test]
    fn a_token_is_taken_out_however_it_is_escaped() {
        for text in [
            r"a+b/c=d",
            r"a\u002Bb\/c\u003dd",
            r"a\\u002bb\\\/c=d",
            "a%2Bb%2fc%3Dd",
            "a&#43;b&#x2F;c&#x0003D;d",
            r"\u0061+b/c=d",
        ] {
            assert_eq!(clean(&format!("<{text}>"), "a+b/c=d"), "<[access token]>");
        }
        for text in [r"a\u002Cb/c=d", "a%2", "a&#4;b/c=d", "a&amp;b/c=d", r"a\"] {
            assert_eq!(clean(text, "a+b/c=d"), text);
        }
        // An escape that is no part of the token: what is left is JSON all the same.
        assert_eq!(clean(r#""\nabcdef""#, "nabcdef"), r#""[access token]""#);
    }

    #[test]
    fn the_beginning_of_a_token_is_taken_out_where_a_text_was_cut() {
        for text in [
            "x=canary-to",
            r"x=canary-to\u00",
            "x=canary-to&#x",
            "x=canary",
        ] {
            assert_eq!(clean(text, "canary-token"), "x=[access token]", "{text}");
        }
        for text in ["x=canar", "x=canary-to.", r"x=canary-to\u0000and more"] {
            assert_eq!(clean(text, "canary-token"), text);
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[a-c\\\\u%&#;0-9é]{0,40}", token in "[a-c]{6,8}") {
            let clean = clean(&text, &token);
            prop_assert!(!clean.contains(&token));
        }
    }
}
