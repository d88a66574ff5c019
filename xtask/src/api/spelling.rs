//! Tokens as a person writes them.

use quote::ToTokens;

/// Paths that add nothing.
const PRELUDE: [&str; 9] = [
    "::std::option::",
    "::std::string::",
    "::std::result::",
    "::std::vec::",
    "::std::boxed::",
    "::std::convert::",
    "::std::fmt::",
    "::std::str::",
    "::std::default::",
];

/// The text of some tokens, without the spaces between all of them and without paths to what the
/// prelude has.
pub(super) fn spelled(tokens: &impl ToTokens) -> String {
    let mut text = tokens.to_token_stream().to_string();
    for (loose, tight) in [
        ("\n", " "),
        (" :: ", "::"),
        (":: ", "::"),
        (" ::", "::"),
        (" < ", "<"),
        ("< ", "<"),
        (" <", "<"),
        (" >", ">"),
        (" ,", ","),
        (" :", ":"),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        ("[ ", "["),
        (" ]", "]"),
        ("& ", "&"),
        (",>", ">"),
        (",)", ")"),
    ] {
        while text.contains(loose) {
            text = text.replace(loose, tight);
        }
    }
    for path in PRELUDE {
        text = text.replace(path, "");
        // The generator writes some of them without the leading colons.
        text = text.replace(path.trim_start_matches("::"), "");
    }
    // A path from the root of all crates reads as well without its first colons.
    for start in ["<::", "(::", " ::", "&::", ",::"] {
        text = text.replace(start, &start[..1]);
    }
    let text = text.replace(',', ", ").replace(",  ", ", ");
    text.trim_start_matches("::")
        .trim_end_matches(", ")
        .to_owned()
}
