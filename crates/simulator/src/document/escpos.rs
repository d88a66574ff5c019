//! The receipt as a stream of ESC/POS commands in UTF-8.

use super::paper::Line;
use super::qr::Code;
use super::width::PrintWidth;

const INITIALISE: &[u8] = b"\x1b@";
/// `FS ( C`: what follows is UTF-8, no code page.
const UTF_8: &[u8] = b"\x1c(C\x02\x00\x30\x02";
const ALIGN_LEFT: &[u8] = b"\x1ba\x00";
const ALIGN_CENTRE: &[u8] = b"\x1ba\x01";
const EMPHASIS_ON: &[u8] = b"\x1bE\x01";
const EMPHASIS_OFF: &[u8] = b"\x1bE\x00";
const DOUBLE_HEIGHT: &[u8] = b"\x1d!\x01";
const USUAL_HEIGHT: &[u8] = b"\x1d!\x00";
/// Feeds to the knife and cuts all but one point.
const CUT: &[u8] = b"\x1dVB\x00";

/// A character in dots; a line has as many of them as the paper has columns.
const CHARACTER_DOTS: usize = 12;
const MOST_DOTS_PER_MODULE: usize = 6;

/// Writes the lines, which have at most the columns of `width`.
pub(super) fn stream(lines: &[Line], width: PrintWidth) -> Vec<u8> {
    let mut stream = [INITIALISE, UTF_8].concat();
    for line in lines {
        match line {
            Line::Plain(text) => {
                stream.extend_from_slice(text.as_bytes());
                stream.push(b'\n');
            }
            Line::Strong(text) => {
                stream.extend_from_slice(EMPHASIS_ON);
                stream.extend_from_slice(DOUBLE_HEIGHT);
                stream.extend_from_slice(text.as_bytes());
                stream.push(b'\n');
                stream.extend_from_slice(USUAL_HEIGHT);
                stream.extend_from_slice(EMPHASIS_OFF);
            }
            Line::Qr(code) => {
                stream.extend_from_slice(ALIGN_CENTRE);
                qr(&mut stream, code, width.columns() * CHARACTER_DOTS);
                stream.extend_from_slice(ALIGN_LEFT);
            }
        }
    }
    stream.extend_from_slice(CUT);
    stream
}

/// The printer makes the code from its data.
fn qr(stream: &mut Vec<u8>, code: &Code, width_dots: usize) {
    let dots = (width_dots / code.whole_side()).clamp(1, MOST_DOTS_PER_MODULE);
    let model_2: &[u8] = b"A2\x00";
    symbol(stream, model_2);
    symbol(stream, &[b'C', u8::try_from(dots).unwrap_or(1)]);
    symbol(stream, &[b'E', code.escpos_level]);
    symbol(stream, &[b"P0", code.data.as_bytes()].concat());
    symbol(stream, b"Q0");
}

/// `GS ( k` for a QR code: the length in two bytes, then the function and its parameters.
fn symbol(stream: &mut Vec<u8>, function: &[u8]) {
    // The most a code holds is 7089 digits.
    let length = u16::try_from(function.len() + 1).unwrap_or(u16::MAX);
    stream.extend_from_slice(b"\x1d(k");
    stream.extend_from_slice(&length.to_le_bytes());
    stream.push(b'1');
    stream.extend_from_slice(function);
}
