//! The state of a simulator as a page that needs nothing else.

use std::fmt::{Display, Write};

use uuid::Uuid;

use crate::control::overview::Overview;
use crate::document::escape;
use crate::ledger::Ledger;

/// How many records of a kind are shown, the last ones.
const SHOWN: usize = 50;

/// How much of a body is shown, in bytes: the ledger has all of it.
const SHOWN_BYTES: usize = 8 * 1024;

const STYLE: &str = ":root{color-scheme:light dark}\
    body{font:15px/1.4 system-ui,sans-serif;margin:1rem auto;max-width:75rem;padding:0 1rem}\
    .simulated{background:#b45309;color:#fff;padding:.2rem .6rem;border-radius:.3rem}\
    dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem}\
    dt{opacity:.7}dd{margin:0}dd,td{overflow-wrap:anywhere}\
    table{border-collapse:collapse;width:100%}\
    th,td{border-bottom:1px solid #8886;padding:.2rem .5rem;text-align:left;vertical-align:top}\
    pre{font-size:12px;margin:.2rem 0;white-space:pre-wrap;overflow-wrap:anywhere}\
    .several{background:#b91c1c;color:#fff}";

/// A page under construction. Everything that is not a literal goes through [`escape`].
struct Page(String);

impl Page {
    fn literal(&mut self, html: &str) {
        self.0.push_str(html);
    }

    fn text(&mut self, text: impl Display) {
        escape(&mut self.0, &text.to_string());
    }

    fn figure(&mut self, name: &str, value: impl Display) {
        self.literal("<dt>");
        self.text(name);
        self.literal("</dt><dd>");
        self.text(value);
        self.literal("</dd>\n");
    }

    fn cell(&mut self, value: impl Display) {
        self.literal("<td>");
        self.text(value);
        self.literal("</td>");
    }

    /// A body behind a click.
    fn body(&mut self, body: &[u8]) {
        if body.is_empty() {
            return self.literal("<td></td>");
        }
        // Writing to a text cannot fail.
        let _ = write!(
            self.0,
            "<td><details><summary>{} bytes</summary><pre>",
            body.len()
        );
        let shown = &body[..body.len().min(SHOWN_BYTES)];
        for line in String::from_utf8_lossy(shown).lines() {
            self.text(line);
            self.literal("\n");
        }
        if shown.len() < body.len() {
            self.literal("…\n");
        }
        self.literal("</pre></details></td>");
    }

    /// The last records of a kind, the latest first.
    fn table<R>(
        &mut self,
        title: &str,
        columns: &[&str],
        records: &[R],
        row: impl Fn(&mut Self, &R),
    ) {
        self.literal("<h2>");
        self.text(title);
        self.literal("</h2>\n");
        if records.is_empty() {
            return self.literal("<p>None.</p>\n");
        }
        if records.len() > SHOWN {
            self.literal("<p>The last ");
            self.text(SHOWN);
            self.literal(" of ");
            self.text(records.len());
            self.literal(".</p>\n");
        }
        self.literal("<table>\n<tr>");
        for column in columns {
            self.literal("<th>");
            self.text(column);
            self.literal("</th>");
        }
        self.literal("</tr>\n");
        for record in records.iter().rev().take(SHOWN) {
            self.literal("<tr>");
            row(self, record);
            self.literal("</tr>\n");
        }
        self.literal("</table>\n");
    }

    /// An operation, marked when it left several records of a kind.
    fn operation(&mut self, id: Uuid, several: bool) {
        self.literal(match several {
            true => "<td class=\"several\">several: ",
            false => "<td>",
        });
        self.text(id);
        self.literal("</td>");
    }

    fn document(&mut self, queue_id: Uuid, queue_item_id: Uuid) {
        // Writing to a text cannot fail.
        let _ = write!(
            self.0,
            "<td><a href=\"/_sim/receipts/{queue_id}/{queue_item_id}\">{queue_item_id}</a></td>"
        );
    }
}

/// The page of `GET /_sim`.
pub(super) fn html(overview: &Overview, ledger: &Ledger) -> String {
    let mut page = Page(String::new());
    page.literal(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<title>POS System API simulator</title>\n\
         <style>",
    );
    page.literal(STYLE);
    page.literal(
        "</style>\n</head>\n<body>\n<h1>POS System API <span class=\"simulated\">SIMULATED</span>\
         </h1>\n<p><a href=\"/_sim\">Refresh</a> · <a href=\"/_sim/ledger\">ledger</a> · \
         <a href=\"/_sim/summary\">summary</a></p>\n<dl>\n",
    );
    figures(&mut page, overview);
    page.literal("</dl>\n");
    tables(&mut page, overview.queue_id, ledger);
    page.literal("</body>\n</html>\n");
    page.0
}

fn figures(page: &mut Page, overview: &Overview) {
    let yes = |yes: bool| if yes { "yes" } else { "no" };
    let queue = &overview.queue;
    let operations = &overview.operations;
    page.figure("Server", &overview.base_url);
    page.figure("Profile", &overview.profile);
    page.figure("Market", &overview.market);
    page.figure("Seed", overview.seed);
    page.figure("Cash box", overview.cash_box_id);
    page.figure("Queue", overview.queue_id);
    page.figure("Queue is", queue.activity);
    page.figure(
        "Queue rows, receipts",
        format!("{}, {}", queue.rows, queue.receipts),
    );
    page.figure(
        "Signing unit in service",
        yes(queue.signing_unit_in_service),
    );
    page.figure("Late signing", yes(queue.late_signing));
    page.figure("Messages waiting", queue.messages_waiting);
    page.figure(
        "Operations",
        format!(
            "{} in progress, {} done, {} failed",
            operations.processing, operations.done, operations.failed
        ),
    );
    page.figure("Faults left", overview.faults_remaining);
    if let Some(seed) = overview.fault_seed {
        page.figure("Seed of the fault plan", seed);
    }
    page.figure("Time", overview.now.to_rfc3339());
    page.figure("Virtual time", yes(overview.virtual_time));
    page.figure("Store", yes(overview.store));
}

fn tables(page: &mut Page, queue_id: Uuid, ledger: &Ledger) {
    if ledger.dropped_requests() > 0 {
        page.literal("<p>Requests that are no longer kept: ");
        page.text(ledger.dropped_requests());
        page.literal(".</p>\n");
    }
    page.table(
        "Requests",
        &["Method", "Path", "Operation", "Status", "Executed", "Body"],
        ledger.requests(),
        |page, request| {
            page.cell(&request.method);
            page.cell(&request.path);
            page.cell(
                request
                    .operation_id
                    .map(|id| id.to_string())
                    .unwrap_or_default(),
            );
            page.cell(
                request
                    .status
                    .map_or("none".to_owned(), |status| status.to_string()),
            );
            page.cell(if request.executed { "yes" } else { "" });
            page.body(&request.body);
        },
    );
    let several = ledger.receipts().operations_with_several();
    page.table(
        "Receipts",
        &[
            "Number",
            "Reference",
            "Operation",
            "Document",
            "Request",
            "Response",
        ],
        &ledger.receipts(),
        |page, receipt| {
            page.cell(receipt.receipt_number);
            page.cell(receipt.reference());
            page.operation(
                receipt.operation_id,
                several.contains(&receipt.operation_id),
            );
            page.document(queue_id, receipt.queue_item_id);
            page.body(&receipt.request);
            page.body(&receipt.response);
        },
    );
    let several = ledger.payments().operations_with_several();
    page.table(
        "Payments",
        &["Action", "Amount", "Operation", "Request", "Response"],
        &ledger.payments(),
        |page, payment| {
            page.cell(payment.action);
            page.cell(payment.amount);
            page.operation(
                payment.operation_id,
                several.contains(&payment.operation_id),
            );
            page.body(&payment.request);
            page.body(&payment.response);
        },
    );
    let several = ledger.issues().operations_with_several();
    page.table(
        "Issues",
        &[
            "Operation",
            "Document",
            "Request as signed",
            "Response as signed",
        ],
        &ledger.issues(),
        |page, issue| {
            page.operation(issue.operation_id, several.contains(&issue.operation_id));
            page.document(queue_id, issue.queue_item_id);
            page.cell(issue.request_matches);
            page.cell(issue.response_matches);
        },
    );
}
