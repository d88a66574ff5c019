//! Stage 2: the OpenAPI Overlay 1.x actions that one document needs and no rule can know.

use serde::Deserialize;
use serde_json::Value;
use serde_json_path::JsonPath;

use crate::note::{Notes, Stage};
use crate::{Error, load};

/// An OpenAPI Overlay: an ordered list of changes, each with its reason.
#[derive(Debug, Deserialize)]
pub(crate) struct Overlay {
    overlay: String,
    actions: Vec<Action>,
    /// The file, for messages.
    #[serde(skip)]
    origin: String,
}

#[derive(Debug, Deserialize)]
struct Action {
    target: String,
    /// Merged into each target.
    update: Option<Value>,
    /// Where in the document the update is, since 1.1.
    copy: Option<String>,
    #[serde(default)]
    remove: bool,
}

impl Overlay {
    pub(crate) fn parse(text: &str, origin: &str) -> Result<Self, Error> {
        let table = |reason: String| Error::Table {
            origin: origin.to_owned(),
            reason,
        };
        let mut overlay: Self = serde_json::from_value(load::load_data(text, origin)?)
            .map_err(|error| table(error.to_string()))?;
        if !overlay.overlay.starts_with("1.") {
            return Err(table(format!(
                "overlay version {} is not 1.x",
                overlay.overlay
            )));
        }
        overlay.origin = origin.to_owned();
        Ok(overlay)
    }

    /// Applies every action in order and returns the targets that matched nothing.
    pub(crate) fn apply(
        &self,
        document: &mut Value,
        notes: &mut Notes,
    ) -> Result<Vec<String>, Error> {
        let mut unmatched = Vec::new();
        for (index, action) in self.actions.iter().enumerate() {
            let rule = action.apply(document).map_err(|reason| Error::Overlay {
                origin: self.origin.clone(),
                number: index + 1,
                target: action.target.clone(),
                reason,
            })?;
            if rule == UNMATCHED {
                notes.warn(Stage::Overlay, rule, &action.target);
                unmatched.push(action.target.clone());
            } else {
                notes.add(Stage::Overlay, rule, &action.target);
            }
        }
        Ok(unmatched)
    }
}

const UNMATCHED: &str = "target matches nothing";

impl Action {
    /// Returns what was done, in words.
    fn apply(&self, document: &mut Value) -> Result<&'static str, String> {
        let update = match (self.remove, &self.copy, &self.update) {
            (true, ..) => None,
            (false, Some(source), _) => Some(single(document, source)?),
            (false, None, Some(update)) => Some(update.clone()),
            (false, None, None) => return Err("it has neither `update` nor `remove`".into()),
        };
        let targets = locate(document, &self.target)?;
        if targets.is_empty() {
            return Ok(UNMATCHED);
        }
        let Some(update) = update else {
            // From the last to the first, so that removals in a list do not shift one another.
            for pointer in targets.iter().rev() {
                remove(document, pointer)?;
            }
            return Ok("removed");
        };
        for pointer in &targets {
            if let Some(target) = document.pointer_mut(pointer) {
                match target {
                    // One entry; a list of entries is taken for several.
                    Value::Array(list) if !update.is_array() => list.push(update.clone()),
                    _ => merge(target, &update)?,
                }
            }
        }
        Ok("updated")
    }
}

/// JSON pointers to what `path` selects, each once and in the order of the document.
fn locate(document: &Value, path: &str) -> Result<Vec<String>, String> {
    let path = JsonPath::parse(path).map_err(|error| format!("{path} is no JSONPath: {error}"))?;
    let nodes = path.query_located(document).dedup();
    Ok(nodes
        .locations()
        .map(|location| location.to_json_pointer())
        .collect())
}

fn single(document: &Value, path: &str) -> Result<Value, String> {
    match locate(document, path)?.as_slice() {
        [only] => document.pointer(only).cloned(),
        _ => None,
    }
    .ok_or_else(|| format!("`copy` has to select one node, {path} does not"))
}

/// Objects merge member by member, lists grow, and a plain value takes the place of another.
fn merge(target: &mut Value, update: &Value) -> Result<(), String> {
    match (target, update) {
        (Value::Object(target), Value::Object(update)) => {
            for (key, value) in update {
                match target.get_mut(key) {
                    Some(existing) => {
                        merge(existing, value).map_err(|reason| format!("{key}: {reason}"))?;
                    }
                    None => {
                        target.insert(key.clone(), value.clone());
                    }
                }
            }
        }
        (Value::Array(target), Value::Array(update)) => target.extend(update.iter().cloned()),
        (target, update) if is_plain(target) && is_plain(update) => *target = update.clone(),
        (target, update) => {
            return Err(format!(
                "{} cannot be merged into {}; remove that first",
                kind(update),
                kind(target)
            ));
        }
    }
    Ok(())
}

fn is_plain(value: &Value) -> bool {
    !value.is_object() && !value.is_array()
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Object(_) => "an object",
        Value::Array(_) => "a list",
        _ => "a plain value",
    }
}

fn remove(document: &mut Value, pointer: &str) -> Result<(), String> {
    let Some((parent, last)) = pointer.rsplit_once('/') else {
        return Err("the whole document cannot be removed".into());
    };
    match document.pointer_mut(parent) {
        Some(Value::Object(object)) => {
            object.remove(&last.replace("~1", "/").replace("~0", "~"));
        }
        Some(Value::Array(list)) => {
            if let Some(index) = last.parse().ok().filter(|index| *index < list.len()) {
                list.remove(index);
            }
        }
        _ => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn run(document: Value, actions: &str) -> (Value, Vec<String>) {
        let mut document = document;
        let text = format!("overlay: 1.0.0\ninfo: {{title: t, version: '1'}}\nactions:\n{actions}");
        let unmatched = Overlay::parse(&text, "o")
            .unwrap()
            .apply(&mut document, &mut Notes::default())
            .unwrap();
        (document, unmatched)
    }

    #[test]
    fn updates_merge_objects_and_extend_lists() {
        let (document, unmatched) = run(
            json!({"a": {"b": 1, "list": ["x"]}}),
            "  - target: $.a\n    update: {b: 2, c: 3, list: [y]}\n",
        );
        assert_eq!(document, json!({"a": {"b": 2, "c": 3, "list": ["x", "y"]}}));
        assert!(unmatched.is_empty());
    }

    #[test]
    fn removes_every_match_without_shifting_the_next() {
        let (document, _) = run(
            json!({"list": ["keep", "go", "go", "keep"]}),
            "  - target: $.list[?@ == 'go']\n    remove: true\n",
        );
        assert_eq!(document, json!({"list": ["keep", "keep"]}));
    }

    #[test]
    fn a_target_that_matches_nothing_is_reported() {
        let (_, unmatched) = run(
            json!({}),
            "  - target: $.paths['/gone']\n    remove: true\n",
        );
        assert_eq!(unmatched, ["$.paths['/gone']"]);
    }

    #[test]
    fn a_broken_path_names_the_action() {
        let text = "overlay: 1.0.0\nactions:\n  - {target: '$..[', remove: true}\n";
        let error = Overlay::parse(text, "o")
            .unwrap()
            .apply(&mut json!({}), &mut Notes::default())
            .unwrap_err();
        assert!(error.to_string().starts_with("o: action 1 ($..["));
    }

    fn refusal(document: Value, actions: &str) -> String {
        let text = format!("overlay: 1.1.0\nactions:\n{actions}");
        let mut document = document;
        Overlay::parse(&text, "o")
            .unwrap()
            .apply(&mut document, &mut Notes::default())
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn a_list_takes_one_entry_or_several() {
        let (document, _) = run(
            json!({"list": [1]}),
            "  - {target: $.list, update: 2}\n  - {target: $.list, update: {a: 3}}\n  - {target: $.list, update: [4, 5]}\n",
        );
        assert_eq!(document, json!({"list": [1, 2, {"a": 3}, 4, 5]}));
    }

    #[test]
    fn every_match_is_updated_in_order() {
        let (document, _) = run(
            json!({"paths": {"/a": {"get": {}}, "/b": {"get": {}}}}),
            "  - {target: '$.paths.*.get', update: {x: 1}}\n  - {target: \"$.paths['/b'].get\", update: {x: 2}}\n",
        );
        assert_eq!(
            document,
            json!({"paths": {"/a": {"get": {"x": 1}}, "/b": {"get": {"x": 2}}}})
        );
    }

    #[test]
    fn removal_wins_over_update() {
        let (document, _) = run(
            json!({"a": {"b": 1}}),
            "  - {target: $.a.b, update: 2, remove: true}\n",
        );
        assert_eq!(document, json!({"a": {}}));
    }

    #[test]
    fn removals_in_any_order_and_twice_hit_what_was_selected() {
        let (document, _) = run(
            json!({"list": ["a", "b", "c", "d"], "x": {"x": {"x": 1}}}),
            "  - {target: '$.list[2, 0, 2]', remove: true}\n  - {target: $..x, remove: true}\n",
        );
        assert_eq!(document, json!({"list": ["b", "d"]}));
    }

    #[test]
    fn keys_with_slashes_are_removed() {
        let (document, _) = run(
            json!({"paths": {"/a~b/c": {}, "/d": {}}}),
            "  - {target: \"$.paths['/a~b/c']\", remove: true}\n",
        );
        assert_eq!(document, json!({"paths": {"/d": {}}}));
    }

    #[test]
    fn a_part_can_be_copied() {
        let (document, _) = run(
            json!({"a": {"b": [1]}, "c": {}}),
            "  - {target: $.c, copy: $.a}\n",
        );
        assert_eq!(document["c"], json!({"b": [1]}));
        let message = refusal(json!({"c": {}}), "  - {target: $.c, copy: $.gone}\n");
        assert!(
            message.contains("`copy` has to select one node"),
            "{message}"
        );
    }

    #[test]
    fn what_does_not_fit_is_refused_with_its_place() {
        let message = refusal(
            json!({"a": {"b": {"c": [1]}}}),
            "  - {target: $.a, update: {b: {c: text}}}\n",
        );
        assert_eq!(
            message,
            "o: action 1 ($.a): b: c: a plain value cannot be merged into a list; remove that first"
        );
        let message = refusal(json!({}), "  - {target: $, remove: true}\n");
        assert!(message.contains("whole document"), "{message}");
        let message = refusal(json!({}), "  - {target: $.gone}\n");
        assert!(message.contains("neither"), "{message}");
    }

    #[test]
    fn what_is_no_overlay_is_refused_with_the_file() {
        for (text, expected) in [
            ("overlay: 2.0.0\nactions: []\n", "not 1.x"),
            ("overlay: 1.0.0\n", "missing field `actions`"),
            (
                "overlay: 1.0.0\nactions: [{remove: true}]\n",
                "missing field `target`",
            ),
            ("just text", "expected struct Overlay"),
        ] {
            let message = Overlay::parse(text, "o.yaml").unwrap_err().to_string();
            assert!(message.starts_with("o.yaml: "), "{message}");
            assert!(message.contains(expected), "{expected}: {message}");
        }
    }
}
