//! QR codes in a terminal.

use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};

/// The code in half blocks, two modules to a character, or `None` for more than a code can hold.
///
/// Light modules are drawn and dark ones left out, as fits the dark background of most terminals.
/// Errors need no correction on a screen, so the smallest code is made.
pub(crate) fn half_blocks(data: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(data, EcLevel::L).ok()?;
    Some(
        code.render::<Dense1x2>()
            .dark_color(Dense1x2::Light)
            .light_color(Dense1x2::Dark)
            .quiet_zone(true)
            .build(),
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test")]

    use super::*;

    /// What a camera reads in the drawing.
    fn scanned(drawing: &str) -> String {
        const PIXELS_PER_MODULE: usize = 4;
        let rows: Vec<[Vec<bool>; 2]> = drawing
            .lines()
            .map(|line| {
                let half = |light: [char; 2]| line.chars().map(|c| light.contains(&c)).collect();
                [half(['█', '▀']), half(['█', '▄'])]
            })
            .collect();
        let modules: Vec<&Vec<bool>> = rows.iter().flatten().collect();
        let side = modules[0].len();
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(
            side * PIXELS_PER_MODULE,
            modules.len() * PIXELS_PER_MODULE,
            |x, y| {
                if modules[y / PIXELS_PER_MODULE][x / PIXELS_PER_MODULE] {
                    255
                } else {
                    0
                }
            },
        );
        image.detect_grids()[0].decode().unwrap().1
    }

    #[test]
    fn the_drawing_can_be_scanned() {
        for data in ["A", "_R1-AT0_REG-01_ft65#IT42_demo", &"receipt ".repeat(60)] {
            assert_eq!(scanned(&half_blocks(data).unwrap()), data);
        }
    }

    #[test]
    fn more_than_a_code_can_hold_is_no_code() {
        assert_eq!(half_blocks(&"x".repeat(3000)), None);
    }
}
