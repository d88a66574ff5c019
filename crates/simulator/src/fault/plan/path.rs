//! Which paths a rule is for.

/// Whether `path` fits `pattern`, in which `*` stands for any text. Case and a leading `/v2` play
/// no part, as in the paths of the API.
pub(super) fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, path) = (plain(pattern), plain(path));
    let mut parts = pattern.split('*');
    // There always is a first part.
    let Some(mut rest) = path.strip_prefix(parts.next().unwrap_or_default()) else {
        return false;
    };
    let Some(last) = parts.next_back() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}

fn plain(path: &str) -> String {
    let path = path.to_ascii_lowercase();
    match path.strip_prefix("/v2") {
        Some(rest) if rest.starts_with('/') => rest.to_owned(),
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn stars_stand_for_any_text() {
        for (pattern, path, expected) in [
            ("/sign", "/v2/Sign", true),
            ("/v2/sign", "/sign", true),
            ("/sign", "/sign/", false),
            ("/sign", "/v2sign", false),
            ("*", "/anything", true),
            ("/issue/*", "/v2/issue/1/2", true),
            ("/issue/*", "/v2/issue", false),
            ("/issue/*/delivered", "/issue/1/2/delivered", true),
            ("/issue/*/delivered", "/issue/1/2/delivered/", false),
            ("*/*/delivered", "/a/b/delivered", true),
            ("*/1/*2*", "/a/1/2", true),
            ("/ab*ba", "/aba", false),
            ("", "/", false),
        ] {
            assert_eq!(fits(pattern, path), expected, "{pattern} {path}");
        }
    }
}
