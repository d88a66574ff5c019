//! The receipt as a page that needs nothing else.

use std::fmt::Write as _;

use super::paper::Line;
use super::qr::Code;
use super::view::BANNER;

/// Characters to a line.
pub(super) const COLUMNS: usize = 48;

const STYLE: &str = "body{background:#ddd;margin:0}\
    main{background:#fff;color:#000;margin:1rem auto;padding:1rem;width:max-content}\
    pre{font:14px/1.3 monospace;margin:0}\
    svg{display:block;margin:0 auto;width:16rem}";

pub(super) fn page(lines: &[Line]) -> Vec<u8> {
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta name=\"robots\" content=\"noindex\">\n\
         <title>{BANNER}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
    );
    for run in lines.chunk_by(|left, right| is_text(left) && is_text(right)) {
        if let [Line::Qr(code)] = run {
            svg(&mut page, code);
            continue;
        }
        page.push_str("<pre>");
        for line in run {
            match line {
                Line::Plain(text) => escape(&mut page, text),
                Line::Strong(text) => {
                    page.push_str("<strong>");
                    escape(&mut page, text);
                    page.push_str("</strong>");
                }
                Line::Qr(_) => {}
            }
            page.push('\n');
        }
        page.push_str("</pre>\n");
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page.into_bytes()
}

fn is_text(line: &Line) -> bool {
    !matches!(line, Line::Qr(_))
}

fn svg(page: &mut String, code: &Code) {
    let side = code.whole_side();
    // Writing to a text cannot fail.
    let _ = write!(
        page,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 {side} {side}\" \
         shape-rendering=\"crispEdges\"><title>"
    );
    escape(page, &code.data);
    page.push_str("</title><path d=\"");
    for run in code.runs() {
        let _ = write!(page, "M{} {}h{l}v1h-{l}z", run.x, run.y, l = run.length);
    }
    page.push_str("\"/></svg>\n");
}

/// Text for the inside of an element or a quoted attribute.
pub(crate) fn escape(page: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => page.push_str("&amp;"),
            '<' => page.push_str("&lt;"),
            '>' => page.push_str("&gt;"),
            '"' => page.push_str("&quot;"),
            '\'' => page.push_str("&#39;"),
            c if c.is_control() => page.push('\u{fffd}'),
            c => page.push(c),
        }
    }
}
