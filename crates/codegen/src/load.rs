//! Stage 1: text to a document, or a clear refusal.

use serde_json::Value;

use crate::Error;

/// Levels of nesting; published documents have about 20. The stages walk a document by recursion.
const MOST_LEVELS: usize = 64;

/// Reads YAML 1.2 or JSON, whatever it says. Byte order mark, CRLF, anchors and hexadecimal integers
/// are fine; duplicate keys and more than 64 levels of nesting are not. `origin` names the text in
/// messages.
///
/// # Errors
/// [`Error::Syntax`] with line and column.
pub fn load_data(text: &str, origin: &str) -> Result<Value, Error> {
    let refuse = |message: String| Error::Syntax {
        origin: origin.to_owned(),
        message,
    };
    let mut options = serde_saphyr::Options::default();
    // YAML 1.2: `NO` is a currency prefix and a country, not a boolean.
    options.strict_booleans = true;
    let data = serde_saphyr::from_str_with_options(text, options)
        .map_err(|error| refuse(error.to_string()))?;
    // The reader counts levels as they are written; aliases nest without being written.
    if is_deeper_than(&data, MOST_LEVELS) {
        return Err(refuse(format!(
            "it is nested deeper than {MOST_LEVELS} levels"
        )));
    }
    Ok(data)
}

fn is_deeper_than(value: &Value, levels: usize) -> bool {
    let is_deeper = |inner: &Value| levels == 0 || is_deeper_than(inner, levels - 1);
    match value {
        Value::Object(object) => object.values().any(is_deeper),
        Value::Array(list) => list.iter().any(is_deeper),
        _ => false,
    }
}

/// Reads an OpenAPI 3.0.x document, as it was published. `origin` names it in messages.
///
/// # Errors
/// [`Error::Syntax`] for text that is no YAML or JSON, [`Error::NotOpenApi`] for anything else
/// than an OpenAPI 3.0.x document.
pub fn load(text: &str, origin: &str) -> Result<Value, Error> {
    let refuse = |reason: &str| Error::NotOpenApi {
        origin: origin.to_owned(),
        reason: reason.to_owned(),
    };
    let document = load_data(text, origin)?;
    let Some(root) = document.as_object() else {
        return Err(refuse(
            "it holds no mapping; was an error page saved in its place? Fetch it again",
        ));
    };
    if root.contains_key("swagger") {
        return Err(refuse("it is Swagger 2; convert it to OpenAPI 3.0 first"));
    }
    match root.get("openapi") {
        None => return Err(refuse("the member `openapi` is missing")),
        // An unquoted `3.0` is read as a number.
        Some(Value::Number(number)) if number.as_f64() == Some(3.0) => {}
        Some(Value::String(version)) if version == "3.0" || version.starts_with("3.0.") => {}
        Some(other) => {
            return Err(refuse(&format!(
                "its version is {other}; only 3.0.x is supported, convert it to 3.0 first"
            )));
        }
    }
    if !root.get("paths").is_some_and(Value::is_object) {
        return Err(refuse(
            "the member `paths` is missing; is the file cut short?",
        ));
    }
    Ok(document)
}

/// As [`load`], with the head that the generator wants.
pub(crate) fn document(text: &str, origin: &str) -> Result<Value, Error> {
    let mut document = load(text, origin)?;
    if let Some(root) = document.as_object_mut() {
        let info = info(root.get("info"));
        root.insert("info".into(), info);
        let version = root.get("openapi").and_then(Value::as_str);
        if !version.is_some_and(|version| version.starts_with("3.0.")) {
            root.insert("openapi".into(), "3.0.0".into());
        }
    }
    Ok(document)
}

/// Title and version as texts, whatever was there before.
///
/// The client sends the version as a header, where only visible ASCII can stand.
fn info(published: Option<&Value>) -> Value {
    let text = |member: &str| match published.and_then(|info| info.get(member)) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::from("unknown"),
    };
    let version = text("version").replace(|c: char| !c.is_ascii_graphic(), "-");
    let mut info = serde_json::json!({ "title": text("title"), "version": version });
    if let Some(Value::String(description)) = published.and_then(|info| info.get("description")) {
        info["description"] = description.clone().into();
    }
    info
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINIMAL: &str = "openapi: 3.0.1\ninfo: {title: t, version: 2.1}\npaths: {}\n";

    #[test]
    fn yaml_1_2_scalars_keep_their_meaning() {
        let text = "a: NO\nb: off\nc: 0x4154200000000001\nd: 18446744073709551615\n200: ok\n";
        let value = load_data(text, "t").unwrap();
        assert_eq!(value["a"], "NO");
        assert_eq!(value["b"], "off");
        assert_eq!(value["c"], 4_707_422_694_881_099_777_u64);
        assert_eq!(value["d"], u64::MAX);
        assert_eq!(value["200"], "ok");
    }

    #[test]
    fn byte_order_mark_crlf_and_json_are_read_alike() {
        let plain = document(MINIMAL, "t").unwrap();
        let windows = format!("\u{feff}{}", MINIMAL.replace('\n', "\r\n"));
        assert_eq!(document(&windows, "t").unwrap(), plain);
        assert_eq!(document(&plain.to_string(), "t").unwrap(), plain);
        assert_eq!(plain["info"]["version"], "2.1");
    }

    #[test]
    fn what_is_no_openapi_3_0_is_refused_with_the_file_and_the_reason() {
        let cases = [
            ("<!DOCTYPE html>\n<html></html>\n", "error page"),
            ("swagger: '2.0'\npaths: {}\n", "Swagger 2"),
            ("openapi: 3.1.0\npaths: {}\n", "only 3.0.x"),
            ("openapi: 3.0.1\ninfo: {}\n", "`paths` is missing"),
            ("info: {}\npaths: {}\n", "`openapi` is missing"),
            ("openapi: 3.0.1\nopenapi: 3.0.1\n", "line 2"),
            ("openapi: [3.0.1\n", "line 1"),
            ("openapi: 3.01\npaths: {}\n", "only 3.0.x"),
            ("openapi: 3.0.1\npaths:\n", "`paths` is missing"),
            ("[]", "no mapping"),
            ("", "no mapping"),
        ];
        for (text, expected) in cases {
            let message = document(text, "spec.yaml").unwrap_err().to_string();
            assert!(message.contains("spec.yaml"), "{message}");
            assert!(message.contains(expected), "{expected}: {message}");
        }
    }

    #[test]
    fn a_version_without_patch_is_completed() {
        for version in ["3.0", "'3.0'"] {
            let text = format!("openapi: {version}\npaths: {{}}\n");
            assert_eq!(document(&text, "t").unwrap()["openapi"], "3.0.0");
        }
    }

    #[test]
    fn title_and_version_become_texts_that_fit_a_header() {
        for (info, version) in [
            ("5", "unknown"),
            ("{version: [1]}", "unknown"),
            ("{version: '2.1 für\nalle'}", "2.1-f-r-alle"),
        ] {
            let text = format!("openapi: 3.0.1\ninfo: {info}\npaths: {{}}\n");
            let document = document(&text, "t").unwrap();
            assert_eq!(document["info"]["version"], version, "{info}");
            assert_eq!(document["info"]["title"], "unknown");
        }
    }

    #[test]
    fn nesting_without_end_is_refused() {
        for levels in [100, 100_000] {
            for text in [
                format!("{}{}", "[".repeat(levels), "]".repeat(levels)),
                format!("{}a", "- ".repeat(levels)),
            ] {
                assert!(matches!(load_data(&text, "t"), Err(Error::Syntax { .. })));
            }
        }
        assert!(load_data(&format!("{}{}", "[".repeat(40), "]".repeat(40)), "t").is_ok());
    }

    #[test]
    fn aliases_that_nest_are_refused() {
        let mut text = String::from("a0: &a0 [x]\n");
        for level in 1..80 {
            text.push_str(&format!("a{level}: &a{level} [*a{}]\n", level - 1));
        }
        let message = load_data(&text, "t").unwrap_err().to_string();
        assert!(message.contains("t is not readable"), "{message}");
    }

    #[test]
    fn aliases_that_multiply_are_refused() {
        let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..7 {
            let before = format!("*a{}, ", level - 1).repeat(10);
            text.push_str(&format!("a{level}: &a{level} [{before}]\n"));
        }
        assert!(matches!(load_data(&text, "t"), Err(Error::Syntax { .. })));
    }
}
