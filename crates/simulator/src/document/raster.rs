//! The receipt as a picture in black and white, eight dots to a millimetre.

use std::convert::Infallible;

use embedded_graphics::Drawable;
use embedded_graphics::Pixel;
use embedded_graphics::draw_target::DrawTarget;
use embedded_graphics::geometry::{OriginDimensions, Point, Size};
use embedded_graphics::mono_font::{
    MonoFont, MonoTextStyle, iso_8859_2, iso_8859_5, iso_8859_7, iso_8859_9, iso_8859_13,
    iso_8859_15,
};
use embedded_graphics::pixelcolor::BinaryColor;
use embedded_graphics::text::{Baseline, Text};
use textwrap::core::display_width;

use super::paper::Line;
use super::qr::Code;
use super::width::PrintWidth;

const DOTS_PER_MM: usize = 8;
const LINE_DOTS: usize = 24;
const MARGIN_DOTS: usize = 24;

/// A module of a receipt's code is not drawn larger than this.
const MOST_DOTS_PER_MODULE: usize = 6;
const DOTS_PER_LONE_MODULE: usize = 8;

/// Western, Central European, Greek, Turkish, Baltic and Cyrillic letters, all 10 by 20 dots.
const FONTS: [&MonoFont<'static>; 6] = [
    &iso_8859_15::FONT_10X20,
    &iso_8859_2::FONT_10X20,
    &iso_8859_7::FONT_10X20,
    &iso_8859_9::FONT_10X20,
    &iso_8859_13::FONT_10X20,
    &iso_8859_5::FONT_10X20,
];

/// Draws the lines, which have at most the columns of `width`.
pub(super) fn png(lines: &[Line], width: PrintWidth) -> Result<Vec<u8>, png::EncodingError> {
    let width_dots = width.millimetres() * DOTS_PER_MM;
    let column_dots = width_dots / width.columns();
    let left = (width_dots - column_dots * width.columns()) / 2;
    let module_dots = |code: &Code| (width_dots / code.whole_side()).clamp(1, MOST_DOTS_PER_MODULE);
    let line_height = |line: &Line| match line {
        Line::Plain(_) | Line::Strong(_) => LINE_DOTS,
        Line::Qr(code) => code.whole_side() * module_dots(code),
    };

    let height_dots = lines.iter().map(line_height).sum::<usize>() + 2 * MARGIN_DOTS;
    let mut raster = Raster::new(width_dots, height_dots);
    let mut top = MARGIN_DOTS;
    for line in lines {
        match line {
            Line::Plain(text) => raster.text(text, left, top, column_dots),
            Line::Strong(text) => {
                raster.text(text, left, top, column_dots);
                // Struck twice, as printers do.
                raster.text(text, left + 1, top, column_dots);
            }
            Line::Qr(code) => {
                let dots = module_dots(code);
                let x = width_dots.saturating_sub(code.whole_side() * dots) / 2;
                raster.qr(code, x, top, dots);
            }
        }
        top += line_height(line);
    }
    raster.to_png()
}

/// Draws a code that stands alone.
pub(super) fn qr_png(code: &Code) -> Result<Vec<u8>, png::EncodingError> {
    let side_dots = code.whole_side() * DOTS_PER_LONE_MODULE;
    let mut raster = Raster::new(side_dots, side_dots);
    raster.qr(code, 0, 0, DOTS_PER_LONE_MODULE);
    raster.to_png()
}

/// A picture with one bit to a dot, white at first.
struct Raster {
    width: usize,
    height: usize,
    bytes_per_row: usize,
    /// Rows from the top, a set bit is white.
    bits: Vec<u8>,
}

impl Raster {
    /// A white picture of this size in dots.
    fn new(width: usize, height: usize) -> Self {
        let bytes_per_row = width.div_ceil(8);
        Self {
            width,
            height,
            bytes_per_row,
            bits: vec![0xFF; bytes_per_row * height],
        }
    }

    /// A code with its quiet modules, the upper left corner at this dot.
    fn qr(&mut self, code: &Code, left: usize, top: usize, dots_per_module: usize) {
        for run in code.runs() {
            for y in 0..dots_per_module {
                for x in 0..run.length * dots_per_module {
                    self.blacken(
                        left + run.x * dots_per_module + x,
                        top + run.y * dots_per_module + y,
                    );
                }
            }
        }
    }

    /// A text in columns of this width. What no font has becomes `?`.
    fn text(&mut self, text: &str, left: usize, top: usize, column_dots: usize) {
        let mut column = 0;
        for c in text.chars() {
            let mut buffer = [0; 4];
            let c: &str = c.encode_utf8(&mut buffer);
            let columns = display_width(c);
            // Marks that combine with the letter before have no column of their own.
            if columns > 0 && c != " " {
                self.glyph(c, left + column * column_dots, top);
            }
            column += columns;
        }
    }

    fn glyph(&mut self, c: &str, left: usize, top: usize) {
        let (Ok(left), Ok(top)) = (i32::try_from(left), i32::try_from(top)) else {
            return;
        };
        let style = MonoTextStyle::new(font_of(c), BinaryColor::On);
        let drawn = Text::with_baseline(c, Point::new(left, top), style, Baseline::Top).draw(self);
        match drawn {
            Ok(_) => {}
            Err(impossible) => match impossible {},
        }
    }

    /// Dots outside the picture are passed over.
    fn blacken(&mut self, x: usize, y: usize) {
        if x < self.width
            && let Some(byte) = self.bits.get_mut(y * self.bytes_per_row + x / 8)
        {
            *byte &= !(0x80 >> (x % 8));
        }
    }

    fn to_png(&self) -> Result<Vec<u8>, png::EncodingError> {
        let mut bytes = Vec::new();
        let size = |dots: usize| u32::try_from(dots).unwrap_or(u32::MAX);
        let mut encoder = png::Encoder::new(&mut bytes, size(self.width), size(self.height));
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::One);
        let dots_per_metre = size(DOTS_PER_MM * 1000);
        encoder.set_pixel_dims(Some(png::PixelDimensions {
            xppu: dots_per_metre,
            yppu: dots_per_metre,
            unit: png::Unit::Meter,
        }));
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.bits)?;
        writer.finish()?;
        Ok(bytes)
    }
}

impl OriginDimensions for Raster {
    fn size(&self) -> Size {
        let dots = |dots: usize| u32::try_from(dots).unwrap_or(u32::MAX);
        Size::new(dots(self.width), dots(self.height))
    }
}

impl DrawTarget for Raster {
    type Color = BinaryColor;
    type Error = Infallible;

    fn draw_iter<I>(&mut self, pixels: I) -> Result<(), Self::Error>
    where
        I: IntoIterator<Item = Pixel<Self::Color>>,
    {
        for Pixel(point, color) in pixels {
            if color.is_on()
                && let (Ok(x), Ok(y)) = (usize::try_from(point.x), usize::try_from(point.y))
            {
                self.blacken(x, y);
            }
        }
        Ok(())
    }
}

/// The first font with the letter, or the first of all, which draws `?` in its place.
fn font_of(c: &str) -> &'static MonoFont<'static> {
    let has_letter = |font: &&MonoFont<'static>| {
        let place = |c: char| font.glyph_mapping.index(c);
        c == "?" || c.chars().all(|c| place(c) != place('?'))
    };
    FONTS
        .into_iter()
        .find(has_letter)
        .unwrap_or(&iso_8859_15::FONT_10X20)
}
