//! The document itself as the headers ask for it, and its address as a QR code.

use hyper::HeaderMap;
use hyper::header::{ACCEPT, HeaderName};

use super::issues::document_url;
use crate::document::{Choice, PRINT_WIDTH, Receipt, RenderError, Rendered, render, render_qr};
use crate::engine::Arrival;
use crate::item_id::ItemId;
use crate::queue::SignedReceipt;
use crate::wire::problem::Failure;
use crate::wire::reply::Reply;

/// `GET /issue/{queue}/{item}`: in the form the headers ask for. It is no delivery.
pub(crate) fn document(signed: &SignedReceipt, arrival: &Arrival) -> Result<Reply, Failure> {
    let accept = joined(&arrival.headers, &ACCEPT);
    let width = joined(&arrival.headers, &PRINT_WIDTH);
    // The published document knows no 406 here.
    let choice = Choice::of_headers(accept.as_deref(), width.as_deref()).ok_or_else(|| {
        Failure::bad_request(
            "Nothing that Accept names can be made. There are application/json, \
             application/pdf, image/png and text/vnd.esc-pos.",
        )
    })?;
    rendered(signed, choice).map(Rendered::into_reply)
}

/// `GET /issue/{queue}/{item}/link/qrcode`.
pub(crate) fn qr_code(item: ItemId, public_url: &str) -> Result<Reply, Failure> {
    let code = render_qr(&document_url(public_url, item));
    let code = code.ok_or_else(|| Failure::new(500, ERROR, "The address is too long."))?;
    code.map(Rendered::into_reply)
        .map_err(|error| not_rendered(&error))
}

const ERROR: &str = "Internal Server Error";

pub(super) fn rendered(signed: &SignedReceipt, choice: Choice) -> Result<Rendered, Failure> {
    let receipt = Receipt {
        request: &signed.request,
        response: &signed.response,
        is_copy: false,
    };
    render(receipt, choice).map_err(|error| not_rendered(&error))
}

fn not_rendered(error: &RenderError) -> Failure {
    Failure::new(500, ERROR, error.to_string())
}

/// All values of a header as one list.
fn joined(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let values = headers.get_all(name).iter();
    let values: Vec<_> = values
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .collect();
    (!values.is_empty()).then(|| values.join(","))
}
