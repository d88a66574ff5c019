//! The receipt as a PDF: pages as wide as the paper, in a standard font.

use pdf_writer::{Content, Name, Pdf, Rect, Ref, Str, TextStr};

use super::paper::Line;
use super::qr::Code;
use super::view::BANNER;
use super::win_ansi::encoded;

/// Characters to a line.
pub(super) const COLUMNS: usize = 48;

// All lengths in points, 1/72 inch.
/// 80 mm.
const PAGE_WIDTH: f32 = 226.77;
/// The height of A4, past which a further page begins.
const MOST_PAGE_HEIGHT: f32 = 841.89;
const FONT_SIZE: f32 = 7.0;
const LINE_HEIGHT: f32 = 9.0;
const TOP_AND_BOTTOM: f32 = 14.0;
/// All letters of Courier are 0.6 of its size wide.
const TEXT_WIDTH: f32 = COLUMNS as f32 * 0.6 * FONT_SIZE;
const LEFT: f32 = (PAGE_WIDTH - TEXT_WIDTH) / 2.0;
const MOST_MODULE_SIZE: f32 = 2.2;

const PLAIN: Name<'static> = Name(b"F1");
const STRONG: Name<'static> = Name(b"F2");

/// Draws the lines, which have at most [`COLUMNS`].
pub(super) fn pdf(lines: &[Line]) -> Vec<u8> {
    let mut next_id = Ref::new(1);
    let mut id = || next_id.bump();
    let (catalog, tree, info) = (id(), id(), id());
    let fonts = [(PLAIN, id(), "Courier"), (STRONG, id(), "Courier-Bold")];

    let mut pdf = Pdf::new();
    let mut page_ids = Vec::new();
    for lines in pages(lines) {
        let (page_id, content_id) = (id(), id());
        page_ids.push(page_id);
        let height = lines.iter().map(height).sum::<f32>() + 2.0 * TOP_AND_BOTTOM;
        pdf.stream(content_id, &drawn(lines, height));
        let mut page = pdf.page(page_id);
        page.parent(tree)
            .media_box(Rect::new(0.0, 0.0, PAGE_WIDTH, height))
            .contents(content_id);
        let mut resources = page.resources();
        let mut fonts_of_page = resources.fonts();
        for (name, font, _) in fonts {
            fonts_of_page.pair(name, font);
        }
    }
    for (_, font, base) in fonts {
        pdf.type1_font(font)
            .base_font(Name(base.as_bytes()))
            .encoding_predefined(Name(b"WinAnsiEncoding"));
    }
    pdf.catalog(catalog).pages(tree);
    let count = i32::try_from(page_ids.len()).unwrap_or(i32::MAX);
    pdf.pages(tree).kids(page_ids).count(count);
    pdf.document_info(info).title(TextStr(BANNER));
    pdf.finish()
}

/// The lines of each page.
fn pages(lines: &[Line]) -> Vec<&[Line]> {
    let mut pages = Vec::new();
    let (mut start, mut used) = (0, 2.0 * TOP_AND_BOTTOM);
    for (index, line) in lines.iter().enumerate() {
        let height = height(line);
        if used + height > MOST_PAGE_HEIGHT && index > start {
            pages.push(&lines[start..index]);
            (start, used) = (index, 2.0 * TOP_AND_BOTTOM);
        }
        used += height;
    }
    pages.push(&lines[start..]);
    pages
}

fn height(line: &Line) -> f32 {
    match line {
        Line::Plain(_) | Line::Strong(_) => LINE_HEIGHT,
        Line::Qr(code) => side(code),
    }
}

/// The side of a code with its quiet modules.
fn side(code: &Code) -> f32 {
    module_size(code) * code.whole_side() as f32
}

fn module_size(code: &Code) -> f32 {
    (TEXT_WIDTH / code.whole_side() as f32).min(MOST_MODULE_SIZE)
}

/// The commands of one page. Heights are counted from its bottom.
fn drawn(lines: &[Line], page_height: f32) -> Vec<u8> {
    let mut content = Content::new();
    let mut top = page_height - TOP_AND_BOTTOM;
    for line in lines {
        match line {
            Line::Plain(text) => written(&mut content, PLAIN, text, top),
            Line::Strong(text) => written(&mut content, STRONG, text, top),
            Line::Qr(code) => {
                let (size, left) = (module_size(code), (PAGE_WIDTH - side(code)) / 2.0);
                for run in code.runs() {
                    let x = left + run.x as f32 * size;
                    let y = top - (run.y + 1) as f32 * size;
                    content.rect(x, y, run.length as f32 * size, size);
                }
                content.fill_nonzero();
            }
        }
        top -= height(line);
    }
    content.finish().into_vec()
}

fn written(content: &mut Content, font: Name<'_>, text: &str, top: f32) {
    content
        .begin_text()
        .set_font(font, FONT_SIZE)
        .next_line(LEFT, top - FONT_SIZE)
        .show(Str(&encoded(text)))
        .end_text();
}
