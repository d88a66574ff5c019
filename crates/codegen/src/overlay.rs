//! Stage 2: the OpenAPI Overlay 1.0 actions that one document needs and no rule can know.

use serde::Deserialize;
use serde_json::Value;
use serde_json_path::JsonPath;

use crate::note::{Notes, Stage};
use crate::{Error, load};

/// An OpenAPI Overlay: an ordered list of changes, each with its reason.
#[derive(Debug, Deserialize)]
pub(crate) struct Overlay {
    overlay: String,
    #[serde(default)]
    actions: Vec<Action>,
}

#[derive(Debug, Deserialize)]
struct Action {
    target: String,
    #[serde(default)]
    update: Option<Value>,
    #[serde(default)]
    remove: bool,
}

impl Overlay {
    pub(crate) fn parse(text: &str, origin: &str) -> Result<Self, Error> {
        let table = |reason: String| Error::Table {
            origin: origin.to_owned(),
            reason,
        };
        let overlay: Self = serde_json::from_value(load::yaml(text, origin)?)
            .map_err(|error| table(error.to_string()))?;
        if !overlay.overlay.starts_with("1.") {
            return Err(table(format!(
                "overlay version {} is not 1.x",
                overlay.overlay
            )));
        }
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
            let refuse = |reason: String| Error::Overlay {
                number: index + 1,
                target: action.target.clone(),
                reason,
            };
            let path =
                JsonPath::parse(&action.target).map_err(|error| refuse(error.to_string()))?;
            let mut pointers: Vec<String> = path
                .query_located(document)
                .locations()
                .map(|location| location.to_json_pointer())
                .collect();
            if pointers.is_empty() {
                notes.add(Stage::Overlay, "target matches nothing", &action.target);
                unmatched.push(action.target.clone());
                continue;
            }
            if action.remove {
                // From the last to the first, so that removals in a list do not shift one another.
                pointers.reverse();
                for pointer in &pointers {
                    remove(document, pointer);
                }
                notes.add(Stage::Overlay, "removed", &action.target);
            } else if let Some(update) = &action.update {
                for pointer in &pointers {
                    if let Some(target) = document.pointer_mut(pointer) {
                        merge(target, update);
                    }
                }
                notes.add(Stage::Overlay, "updated", &action.target);
            } else {
                return Err(refuse("it has neither `update` nor `remove`".into()));
            }
        }
        Ok(unmatched)
    }
}

/// Objects merge member by member, lists grow, everything else is replaced (Overlay 1.0, 4.4.3).
fn merge(target: &mut Value, update: &Value) {
    match (target, update) {
        (Value::Object(target), Value::Object(update)) => {
            for (key, value) in update {
                match target.get_mut(key) {
                    Some(existing) => merge(existing, value),
                    None => {
                        target.insert(key.clone(), value.clone());
                    }
                }
            }
        }
        (Value::Array(target), Value::Array(update)) => target.extend(update.iter().cloned()),
        (Value::Array(target), update) => target.push(update.clone()),
        (target, update) => *target = update.clone(),
    }
}

fn remove(document: &mut Value, pointer: &str) {
    let Some((parent, last)) = pointer.rsplit_once('/') else {
        return;
    };
    let key = last.replace("~1", "/").replace("~0", "~");
    match document.pointer_mut(parent) {
        Some(Value::Object(object)) => {
            object.remove(&key);
        }
        Some(Value::Array(list)) => {
            if let Ok(index) = key.parse::<usize>() {
                if index < list.len() {
                    list.remove(index);
                }
            }
        }
        _ => {}
    }
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
        assert!(error.to_string().starts_with("overlay action 1 ($..["));
    }
}
