//! Content negotiation: from the header `Accept` to the form of a document.
//!
//! The most preferred concrete range wins, even over a wildcard with a higher weight. Without
//! one, `image/*` and then the other wildcards count; a missing header is `*/*`, and `*/*` is
//! JSON, what every other endpoint speaks. Structured invoices (`application/xml`) are not made.
//!
//! A width is never an error, whatever it is: parsers of media types refuse the whole entry for
//! one malformed parameter, so entries are taken apart here.

use super::Choice;
use super::width::{PrintWidth, asked_mm};

/// What stands behind a wildcard, the usual one first.
const DEFAULTS: [Kind; 4] = [Kind::Json, Kind::Pdf, Kind::Png, Kind::EscPos];

/// See [`Choice::of_headers`].
pub(super) fn negotiate(accept: Option<&str>, x_print_width: Option<&str>) -> Option<Choice> {
    let accept = accept.filter(|accept| !accept.trim().is_empty());
    let ranges: Vec<Range> = split_unquoted(accept.unwrap_or("*/*"), ',')
        .filter_map(|entry| Range::read(&Entry::of(entry)))
        .collect();
    let refused: Vec<Kind> = ranges
        .iter()
        .filter(|range| range.weight == 0)
        .filter_map(|range| range.what.concrete())
        .collect();

    let mut best: Option<&Range> = None;
    for range in ranges.iter().filter(|range| range.weight > 0) {
        let answerable = range.kind(&refused).is_some();
        // The first of equals stays.
        if answerable && best.is_none_or(|best| range.preference() > best.preference()) {
            best = Some(range);
        }
    }
    let best = best?;
    Some(best.choice(best.kind(&refused)?, x_print_width))
}

/// One entry of the header as text.
struct Entry<'a> {
    /// The media range, such as `image/png`.
    name: &'a str,
    /// What stands between semicolons.
    parameters: Vec<&'a str>,
}

impl<'a> Entry<'a> {
    fn of(entry: &'a str) -> Self {
        let mut parts = split_unquoted(entry, ';').map(str::trim);
        Self {
            name: parts.next().unwrap_or_default(),
            parameters: parts.collect(),
        }
    }

    /// The first value of a parameter, without quotes.
    fn parameter(&self, wanted: &str) -> Option<&'a str> {
        self.parameters.iter().find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            let value = value.trim();
            let quoted = value.strip_prefix('"').and_then(|v| v.strip_suffix('"'));
            (name.trim_end().eq_ignore_ascii_case(wanted)).then_some(quoted.unwrap_or(value))
        })
    }
}

/// The parts between separators that do not stand in a quoted text.
fn split_unquoted(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    text.split(move |c| {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            _ => return c == separator && !is_quoted,
        }
        false
    })
}

/// The forms that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Json,
    Pdf,
    Png,
    EscPos,
}

/// What a range names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Concrete(Kind),
    /// A deprecated name of ESC/POS that holds its width in mm.
    NarrowEscPos(u16),
    /// `image/*`, `application/*` or `text/*`: these kinds, the usual one first.
    Family(&'static [Kind]),
    Any,
}

impl What {
    fn read(entry: &Entry<'_>) -> Option<Self> {
        let name = entry.name.to_ascii_lowercase();
        Some(match name.as_str() {
            "application/json" => Self::Concrete(Kind::Json),
            "application/pdf" => Self::Concrete(Kind::Pdf),
            "image/png" => Self::Concrete(Kind::Png),
            "text/vnd.esc-pos" if is_utf8(entry) => Self::Concrete(Kind::EscPos),
            "application/esc-pos-80mm" => Self::NarrowEscPos(80),
            "application/esc-pos-72mm" => Self::NarrowEscPos(72),
            "application/esc-pos-48mm" => Self::NarrowEscPos(48),
            "image/*" => Self::Family(&[Kind::Png]),
            "application/*" => Self::Family(&[Kind::Json, Kind::Pdf]),
            "text/*" => Self::Family(&[Kind::EscPos]),
            "*/*" => Self::Any,
            _ => return None,
        })
    }

    fn concrete(self) -> Option<Kind> {
        match self {
            Self::Concrete(kind) => Some(kind),
            Self::NarrowEscPos(_) | Self::Family(_) | Self::Any => None,
        }
    }

    fn specificity(self) -> u8 {
        match self {
            Self::Concrete(_) | Self::NarrowEscPos(_) => 2,
            // Images are the one family that is asked for in place of a member.
            Self::Family([Kind::Png]) => 1,
            Self::Family(_) | Self::Any => 0,
        }
    }
}

/// One entry of the header.
#[derive(Debug, Clone, Copy)]
struct Range {
    what: What,
    /// In thousandths.
    weight: u16,
    /// The parameter `width`.
    asked_mm: Option<u16>,
}

impl Range {
    fn read(entry: &Entry<'_>) -> Option<Self> {
        let weight = match entry.parameter("q") {
            None => 1000,
            Some(q) => thousandths(q)?,
        };
        Some(Self {
            what: What::read(entry)?,
            weight,
            asked_mm: entry.parameter("width").and_then(asked_mm),
        })
    }

    fn preference(&self) -> (u8, u16) {
        (self.what.specificity(), self.weight)
    }

    fn kind(&self, refused: &[Kind]) -> Option<Kind> {
        let candidates = match self.what {
            What::Concrete(kind) => return Some(kind),
            What::NarrowEscPos(_) => return Some(Kind::EscPos),
            What::Family(kinds) => kinds,
            What::Any => &DEFAULTS,
        };
        candidates
            .iter()
            .find(|kind| !refused.contains(kind))
            .copied()
    }

    fn choice(&self, kind: Kind, x_print_width: Option<&str>) -> Choice {
        let header_mm = || x_print_width.and_then(|width| asked_mm(width.trim()));
        match kind {
            Kind::Json => Choice::Json,
            Kind::Pdf => Choice::Pdf,
            Kind::Png => Choice::Png(PrintWidth::of_image(self.asked_mm.or_else(header_mm))),
            Kind::EscPos => {
                let asked = match self.what {
                    What::NarrowEscPos(mm) => Some(mm),
                    _ => self.asked_mm,
                };
                Choice::EscPos(PrintWidth::of_escpos(asked))
            }
        }
    }
}

/// ESC/POS streams are written in UTF-8 alone.
fn is_utf8(entry: &Entry<'_>) -> bool {
    let charset = entry.parameter("charset");
    charset.is_none_or(|charset| charset.eq_ignore_ascii_case("utf-8"))
}

/// A weight: `0` to `1` with at most three fraction digits.
fn thousandths(q: &str) -> Option<u16> {
    let (whole, fraction) = q.split_once('.').unwrap_or((q, ""));
    if !fraction.bytes().all(|b| b.is_ascii_digit()) || fraction.len() > 3 {
        return None;
    }
    let fraction: u16 = format!("{fraction:0<3}").parse().ok()?;
    match whole {
        "0" => Some(fraction),
        "1" if fraction == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn accepted(accept: &str) -> Option<Choice> {
        Choice::of_headers(Some(accept), None)
    }

    const PNG: Option<Choice> = Some(Choice::Png(PrintWidth::Mm80));

    #[test]
    fn every_kind_has_its_name() {
        assert_eq!(accepted("image/png"), PNG);
        assert_eq!(accepted("IMAGE/PNG"), PNG);
        assert_eq!(accepted("application/pdf"), Some(Choice::Pdf));
        assert_eq!(accepted("application/json"), Some(Choice::Json));
        for (name, width) in [
            ("text/vnd.esc-pos", PrintWidth::Mm80),
            ("text/vnd.esc-pos; charset=UTF-8", PrintWidth::Mm80),
            (
                "text/vnd.esc-pos;charset=utf-8;width=58mm",
                PrintWidth::Mm48,
            ),
            (
                "text/vnd.esc-pos;charset=utf-8; width=\"74mm\"",
                PrintWidth::Mm72,
            ),
            ("application/esc-pos-80mm", PrintWidth::Mm80),
            ("application/esc-pos-72mm;width=48mm", PrintWidth::Mm72),
            ("application/esc-pos-48mm", PrintWidth::Mm48),
        ] {
            assert_eq!(accepted(name), Some(Choice::EscPos(width)), "{name}");
        }
    }

    #[test]
    fn what_cannot_be_made_is_not_acceptable() {
        for name in [
            "application/xml",
            "text/html",
            "image/jpeg",
            "application/pdf;q=0",
            "application/vnd.receipt+json",
            "text/vnd.esc-pos;charset=iso-8859-15",
            "image/png;q=2",
            "image/png;q=much",
            "nonsense",
            ",,",
        ] {
            assert_eq!(accepted(name), None, "{name}");
        }
    }

    #[test]
    fn no_wish_is_json() {
        assert_eq!(Choice::of_headers(None, None), Some(Choice::Json));
        assert_eq!(accepted(" "), Some(Choice::Json));
        assert_eq!(accepted("*/*"), Some(Choice::Json));
        assert_eq!(accepted("application/*"), Some(Choice::Json));
        assert_eq!(accepted("image/*"), PNG);
    }

    #[test]
    fn the_highest_weight_wins_and_then_the_first() {
        assert_eq!(
            accepted("image/png;q=0.5, application/pdf;q=0.501"),
            Some(Choice::Pdf)
        );
        assert_eq!(accepted("image/png , application/pdf"), PNG);
        assert_eq!(
            accepted("image/jpeg, application/xml;q=0.9, image/png;q=0.1"),
            PNG
        );
    }

    #[test]
    fn a_concrete_range_wins_over_a_wildcard() {
        assert_eq!(
            accepted("image/png;width=48mm, */*;q=0.1"),
            Some(Choice::Png(PrintWidth::Mm48))
        );
        assert_eq!(accepted("*/*, image/png;q=0.2"), PNG);
        assert_eq!(accepted("*/*, image/*;q=0.2"), PNG);
        assert_eq!(
            accepted("image/*, application/pdf;q=0.2"),
            Some(Choice::Pdf)
        );
    }

    #[test]
    fn a_wildcard_does_not_bring_back_what_was_refused() {
        assert_eq!(accepted("*/*, application/json;q=0.0"), Some(Choice::Pdf));
        assert_eq!(accepted("image/*, image/png;q=0"), None);
    }

    #[test]
    fn the_parameter_wins_over_the_header() {
        let png = |accept, header| match Choice::of_headers(Some(accept), Some(header)) {
            Some(Choice::Png(width)) => width.to_string(),
            other => format!("{other:?}"),
        };
        assert_eq!(png("image/png", "48mm"), "48mm");
        assert_eq!(png("image/*", "74mm"), "72mm");
        assert_eq!(png("image/png;width=58mm", "48mm"), "58mm");
        assert_eq!(png("image/png; WIDTH=\"58mm\"", "48mm"), "58mm");
        assert_eq!(png("image/png;width=wide", "48mm"), "48mm");
        assert_eq!(png("image/png", "wide"), "80mm");
    }

    #[test]
    fn a_malformed_width_is_no_error() {
        for parameter in [
            "width",
            "width=",
            "width=48 mm",
            "width=@",
            "width=\"4",
            "width=ü",
        ] {
            let range = format!("image/png;{parameter}");
            assert_eq!(accepted(&range), PNG, "{range}");
        }
    }

    #[test]
    fn separators_in_quotes_separate_nothing() {
        assert_eq!(
            accepted("image/png;note=\"a, application/pdf;q=0.1, \\\", b;width=48mm\";q=0.5"),
            PNG
        );
    }

    #[test]
    fn the_header_counts_for_images_alone() {
        assert_eq!(
            Choice::of_headers(Some("text/vnd.esc-pos"), Some("48mm")),
            Some(Choice::EscPos(PrintWidth::Mm80))
        );
    }

    proptest! {
        #[test]
        fn no_header_is_too_strange(accept in any::<String>(), width in any::<String>()) {
            let _ = Choice::of_headers(Some(&accept), Some(&width));
        }

        #[test]
        fn entries_in_any_order_and_form_are_read(
            entries in proptest::collection::vec(
                ("(image|text|application|\\*)", "(png|\\*|pdf|vnd.esc-pos|json|xml)",
                 "(;q=[01]?\\.?[0-9]{0,4})?(; ?width=\"?[0-9]{0,4}m{0,3}\"?)?"),
                0..6,
            ),
            width in "[0-9]{0,4}m{0,3}",
        ) {
            let accept: Vec<String> = entries
                .iter()
                .map(|(family, member, parameters)| format!("{family}/{member}{parameters}"))
                .collect();
            let choice = Choice::of_headers(Some(&accept.join(",")), Some(&width));
            match choice {
                Some(Choice::Png(width)) => {
                    prop_assert!([48, 58, 72, 80].contains(&width.millimetres()));
                }
                Some(Choice::EscPos(width)) => {
                    prop_assert!([48, 72, 80].contains(&width.millimetres()));
                }
                Some(choice @ (Choice::Html | Choice::Invoice)) => {
                    prop_assert!(false, "{choice:?} is never negotiated");
                }
                Some(Choice::Json | Choice::Pdf) | None => {}
            }
        }
    }
}
