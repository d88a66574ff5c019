//! Additions to a JSON text that leave every other byte of it as it is.

/// The members of answers that take one of a list of words.
const WORDS: [&str; 6] = [
    "Protocol",
    "Action",
    "LastState",
    "State",
    "Currency",
    "Scheme",
];

const UNKNOWN_MEMBER: &str = r#""simulatedUnknown":{"list":[1,"two",null,{"three":3.0}]}"#;

/// Format and type are in no list.
const UNKNOWN_SIGNATURE: &str = r#"{"ftSignatureItemId":"00000000-5151-8000-8000-000000000000","ftSignatureFormat":32767,"ftSignatureType":4707422694881103871,"Caption":"SIMULATED","Data":"a signature of an unknown format"}"#;

/// A part of a JSON text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    /// With its quotes, as it is written.
    Text(&'a str),
    /// Numbers, literals, punctuation and space, one character each.
    Other(char),
}

/// The parts of a text that is known to be JSON.
fn tokens(mut rest: &str) -> impl Iterator<Item = Token<'_>> {
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let length = match first {
            '"' => length_of_text(rest),
            _ => first.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        rest = after;
        Some(match first {
            '"' => Token::Text(token),
            other => Token::Other(other),
        })
    })
}

fn length_of_text(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn is_space(token: &Token<'_>) -> bool {
    matches!(token, Token::Other(' ' | '\t' | '\n' | '\r'))
}

fn push(edited: &mut String, token: Token<'_>) {
    match token {
        Token::Text(text) => edited.push_str(text),
        Token::Other(other) => edited.push(other),
    }
}

/// Puts `addition` behind each place that `opens`, and a comma where something follows.
fn with_additions(
    text: &str,
    addition: &str,
    close: char,
    mut opens: impl FnMut(Token<'_>) -> bool,
) -> String {
    let tokens: Vec<Token<'_>> = tokens(text).collect();
    let mut edited = String::with_capacity(text.len() * 2);
    for (at, token) in tokens.iter().enumerate() {
        push(&mut edited, *token);
        if opens(*token) {
            edited.push_str(addition);
            let next = tokens[at + 1..].iter().find(|token| !is_space(token));
            if next != Some(&Token::Other(close)) {
                edited.push(',');
            }
        }
    }
    edited
}

/// One more member in every object.
pub(super) fn with_unknown_members(text: &str) -> String {
    with_additions(text, UNKNOWN_MEMBER, '}', |token| {
        token == Token::Other('{')
    })
}

/// One more item in every list of signatures.
pub(super) fn with_unknown_signature(text: &str) -> String {
    let mut after_name = false;
    with_additions(text, UNKNOWN_SIGNATURE, ']', |token| {
        match token {
            Token::Text(name) => after_name = name == "\"ftSignatures\"",
            Token::Other('[') if after_name => {
                after_name = false;
                return true;
            }
            Token::Other(':') => {}
            other if is_space(&other) => {}
            Token::Other(_) => after_name = false,
        }
        false
    })
}

/// Another word for every member that takes one of a list of words.
pub(super) fn with_unknown_words(text: &str) -> String {
    let mut edited = String::with_capacity(text.len());
    // The name before a colon; a text that follows it is the value.
    let mut name = None;
    let mut after_colon = false;
    for token in tokens(text) {
        match token {
            Token::Text(value) if after_colon => {
                match name.take() {
                    Some(name) if WORDS.contains(&name) => edited.push_str("\"simulatedUnknown\""),
                    _ => edited.push_str(value),
                }
                after_colon = false;
                continue;
            }
            Token::Text(text) => name = Some(text.trim_matches('"')),
            Token::Other(':') => after_colon = true,
            other if is_space(&other) => {}
            Token::Other(_) => after_colon = false,
        }
        push(&mut edited, token);
    }
    edited
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const ANSWER: &str = r#"{ "ftState":4707387510509010944,"a\"{":"{\"}[", "ftSignatures" : [
        {"Data":"}","Amount":1.10}], "empty":{ }, "Protocol":"x","list":["Protocol","y"],
        "pays":[{"Protocol" : "z","LastState":null}],"ä":"ö"}"#;

    fn value(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
    }

    /// Without the additions.
    fn cleaned(mut value: Value) -> Value {
        match &mut value {
            Value::Object(members) => {
                assert!(members.remove("simulatedUnknown").is_some());
                for member in members.values_mut() {
                    *member = cleaned(member.take());
                }
            }
            Value::Array(items) => {
                for item in items {
                    *item = cleaned(item.take());
                }
            }
            _ => {}
        }
        value
    }

    #[test]
    fn every_object_gets_one_member_and_nothing_else_changes() {
        let edited = with_unknown_members(ANSWER);
        assert_eq!(cleaned(value(&edited)), value(ANSWER));
        let without = edited.replace(&format!("{UNKNOWN_MEMBER},"), "");
        assert_eq!(without.replace(UNKNOWN_MEMBER, ""), ANSWER);
    }

    #[test]
    fn every_list_of_signatures_gets_one_item() {
        let edited = value(&with_unknown_signature(ANSWER));
        let mut expected = value(ANSWER);
        let signatures = expected["ftSignatures"].as_array_mut().unwrap();
        signatures.insert(0, value(UNKNOWN_SIGNATURE));
        assert_eq!(edited, expected);
        assert_eq!(
            value(&with_unknown_signature(r#"{"ftSignatures":[ ],"x":[]}"#)),
            json!({"ftSignatures": [value(UNKNOWN_SIGNATURE)], "x": []})
        );
        for other in [r#"["ftSignatures",[1]]"#, r#"{"ftSignatures":{"x":[1]}}"#] {
            assert_eq!(with_unknown_signature(other), other);
        }
    }

    #[test]
    fn words_become_unknown_only_as_values() {
        let edited = value(&with_unknown_words(ANSWER));
        let mut expected = value(ANSWER);
        expected["Protocol"] = json!("simulatedUnknown");
        expected["pays"][0]["Protocol"] = json!("simulatedUnknown");
        assert_eq!(edited, expected);
    }
}
