//! QR codes as modules, drawn by each form in its own way.

use qrcode::{Color, EcLevel, QrCode};

/// Modules that stay white around a code.
const QUIET_MODULES: usize = 4;

/// A code and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Code {
    pub(super) data: String,
    /// Modules to a side, without the quiet ones.
    pub(super) side: usize,
    /// How errors are corrected, as ESC/POS numbers it.
    pub(super) escpos_level: u8,
    modules: Vec<Color>,
}

/// Dark modules side by side; `x` and `y` are counted from the upper left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) x: usize,
    pub(super) y: usize,
    pub(super) length: usize,
}

impl Code {
    /// `None` for nothing, and for more than a code can hold.
    pub(super) fn of(data: &str) -> Option<Self> {
        if data.is_empty() {
            return None;
        }
        // Paper gets creased, so errors are corrected where there is room for that.
        let (code, escpos_level) = [(EcLevel::M, b'1'), (EcLevel::L, b'0')]
            .into_iter()
            .find_map(|(level, number)| {
                let code = QrCode::with_error_correction_level(data, level).ok()?;
                Some((code, number))
            })?;
        Some(Self {
            data: data.to_owned(),
            side: code.width(),
            escpos_level,
            modules: code.into_colors(),
        })
    }

    /// Modules to a side, with the quiet ones.
    pub(super) fn whole_side(&self) -> usize {
        self.side + 2 * QUIET_MODULES
    }

    /// The dark modules, row by row. Quiet ones are counted by `x` and `y`.
    pub(super) fn runs(&self) -> Vec<Run> {
        let mut runs = Vec::new();
        for (row, modules) in self.modules.chunks(self.side).enumerate() {
            let mut x = QUIET_MODULES;
            for same in modules.chunk_by(|left, right| left == right) {
                if same.first() == Some(&Color::Dark) {
                    runs.push(Run {
                        x,
                        y: row + QUIET_MODULES,
                        length: same.len(),
                    });
                }
                x += same.len();
            }
        }
        runs
    }
}
