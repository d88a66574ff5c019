//! The values that stand for `${name}`.

use std::collections::BTreeMap;

/// Names and their values.
#[derive(Debug, Clone, Default)]
pub(crate) struct Variables {
    values: BTreeMap<String, String>,
}

impl Variables {
    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) {
        self.values.insert(name.to_owned(), value.into());
    }

    /// The text with all values in place.
    ///
    /// # Errors
    /// The name that has no value.
    pub(crate) fn fill(&self, text: &str) -> Result<String, String> {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let Some((name, after)) = after.split_once('}') else {
                break;
            };
            filled.push_str(before);
            filled.push_str(self.values.get(name).ok_or(name)?);
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_braces_are_replaced_and_nothing_else() {
        let mut variables = Variables::default();
        variables.set("item", "7");
        assert_eq!(variables.fill("/a/${item}/${item}").unwrap(), "/a/7/7");
        assert_eq!(
            variables.fill("{$item} $ ${open").unwrap(),
            "{$item} $ ${open"
        );
        assert_eq!(variables.fill("${other}").unwrap_err(), "other");
    }
}
