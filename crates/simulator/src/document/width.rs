//! The printable width of a document.

use std::fmt;

/// A width that documents are made in. Others are rounded down to one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum PrintWidth {
    Mm48,
    Mm58,
    Mm72,
    #[default]
    Mm80,
}

impl PrintWidth {
    /// The width of an image for what was asked, in mm; 80 mm for nothing.
    pub(super) fn of_image(asked_mm: Option<u16>) -> Self {
        match asked_mm {
            None | Some(80..) => Self::Mm80,
            Some(72..80) => Self::Mm72,
            Some(58..72) => Self::Mm58,
            Some(..58) => Self::Mm48,
        }
    }

    /// The width of an ESC/POS stream for what was asked, in mm. Its printers know three.
    pub(super) fn of_escpos(asked_mm: Option<u16>) -> Self {
        match Self::of_image(asked_mm) {
            Self::Mm58 => Self::Mm48,
            width => width,
        }
    }

    pub(super) fn millimetres(self) -> usize {
        match self {
            Self::Mm48 => 48,
            Self::Mm58 => 58,
            Self::Mm72 => 72,
            Self::Mm80 => 80,
        }
    }

    /// Characters to a line.
    pub(super) fn columns(self) -> usize {
        match self {
            Self::Mm48 | Self::Mm58 => 32,
            Self::Mm72 => 42,
            Self::Mm80 => 48,
        }
    }
}

/// As in `x-print-width`: `80mm`.
impl fmt::Display for PrintWidth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}mm", self.millimetres())
    }
}

/// The millimetres of a text such as `48mm`, `None` for every other form.
pub(super) fn asked_mm(text: &str) -> Option<u16> {
    let digits = text.strip_suffix("mm")?;
    let has_form = matches!(digits.len(), 2 | 3) && digits.bytes().all(|b| b.is_ascii_digit());
    has_form.then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_or_three_digits_and_mm_are_a_width() {
        assert_eq!(asked_mm("48mm"), Some(48));
        assert_eq!(asked_mm("112mm"), Some(112));
        for malformed in [
            "", "mm", "8mm", "1000mm", "80", "80 mm", "80MM", "+8mm", "8.0mm", "٨٠mm",
        ] {
            assert_eq!(asked_mm(malformed), None, "{malformed}");
        }
    }

    #[test]
    fn widths_are_rounded_down_to_the_table() {
        let image = |mm| PrintWidth::of_image(Some(mm)).to_string();
        assert_eq!(
            [999, 80, 79, 74, 72, 71, 58, 57, 48, 10].map(image),
            [
                "80mm", "80mm", "72mm", "72mm", "72mm", "58mm", "58mm", "48mm", "48mm", "48mm"
            ]
        );
        let columns = |mm| PrintWidth::of_escpos(Some(mm)).columns();
        assert_eq!(
            [112, 80, 79, 72, 71, 58, 48, 10].map(columns),
            [48, 48, 42, 42, 32, 32, 32, 32]
        );
        assert_eq!(PrintWidth::of_image(None), PrintWidth::Mm80);
        assert_eq!(PrintWidth::of_escpos(Some(58)), PrintWidth::Mm48);
    }
}
