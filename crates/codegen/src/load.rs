//! Stage 1: text to a document, or a clear refusal.

use serde_json::Value;

use crate::Error;

/// Reads YAML 1.2 or JSON. Byte order mark, CRLF, anchors and hexadecimal integers are fine;
/// duplicate keys are not.
pub(crate) fn yaml(text: &str, origin: &str) -> Result<Value, Error> {
    let mut options = serde_saphyr::Options::default();
    // YAML 1.2: `NO` is a currency prefix and a country, not a boolean.
    options.strict_booleans = true;
    serde_saphyr::from_str_with_options(text, options).map_err(|error| Error::Syntax {
        origin: origin.to_owned(),
        message: error.to_string(),
    })
}

/// Reads an OpenAPI 3.0.x document.
///
/// # Errors
/// [`Error::Syntax`] for text that is no YAML or JSON, [`Error::NotOpenApi`] for anything else
/// than an OpenAPI 3.0.x document.
pub(crate) fn document(text: &str, origin: &str) -> Result<Value, Error> {
    let refuse = |reason: &str| Error::NotOpenApi {
        origin: origin.to_owned(),
        reason: reason.to_owned(),
    };
    let mut document = yaml(text, origin)?;
    let Some(root) = document.as_object_mut() else {
        return Err(refuse(
            "it holds no mapping; was an error page saved in its place? Fetch it again",
        ));
    };
    if root.contains_key("swagger") {
        return Err(refuse("it is Swagger 2; convert it to OpenAPI 3.0 first"));
    }
    match root.get("openapi") {
        None => return Err(refuse("the member `openapi` is missing")),
        // An unquoted `3.0` is read as a number; the generator wants the text of a full version.
        Some(Value::Number(number)) if number.as_f64() == Some(3.0) => {
            root.insert("openapi".into(), "3.0.0".into());
        }
        Some(Value::String(version)) if version.starts_with("3.0") => {}
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
    let info = root
        .entry("info")
        .or_insert_with(|| Value::Object(Default::default()));
    if let Some(info) = info.as_object_mut() {
        for member in ["title", "version"] {
            let text = match info.get(member) {
                Some(Value::String(text)) => text.clone(),
                Some(Value::Number(number)) => number.to_string(),
                _ => String::from("unknown"),
            };
            info.insert(member.into(), text.into());
        }
    }
    Ok(document)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINIMAL: &str = "openapi: 3.0.1\ninfo: {title: t, version: 2.1}\npaths: {}\n";

    #[test]
    fn yaml_1_2_scalars_keep_their_meaning() {
        let text = "a: NO\nb: off\nc: 0x4154200000000001\nd: 18446744073709551615\n200: ok\n";
        let value = yaml(text, "t").unwrap();
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
        ];
        for (text, expected) in cases {
            let message = document(text, "spec.yaml").unwrap_err().to_string();
            assert!(message.contains("spec.yaml"), "{message}");
            assert!(message.contains(expected), "{expected}: {message}");
        }
    }
}
