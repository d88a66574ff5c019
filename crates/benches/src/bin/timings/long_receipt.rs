//! A receipt of a thousand lines as text and back, without a network.

use std::hint::black_box;
use std::time::Instant;

use pos_system_api::types::ReceiptRequest;
use pos_system_api_benches::Result;
use pos_system_api_benches::effort::Effort;
use pos_system_api_benches::receipts::long;
use pos_system_api_benches::statistics::{median, microseconds};
use pos_system_api_benches::table::{Section, grouped};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

const LINES: u32 = 1000;

/// The members that the receipt has, read without care: amounts as binary floats.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Line {
    quantity: f64,
    position: f64,
    description: String,
    amount: f64,
    #[serde(rename = "VATRate")]
    vat_rate: f64,
    #[serde(rename = "ftChargeItemCase")]
    case: u64,
    product_number: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Payment {
    description: String,
    amount: f64,
    #[serde(rename = "ftPayItemCase")]
    case: u64,
}

#[derive(Serialize, Deserialize)]
struct Plain {
    #[serde(rename = "cbTerminalID")]
    terminal: String,
    #[serde(rename = "cbReceiptReference")]
    reference: String,
    #[serde(rename = "cbReceiptMoment")]
    moment: String,
    #[serde(rename = "ftReceiptCase")]
    case: u64,
    #[serde(rename = "cbChargeItems")]
    lines: Vec<Line>,
    #[serde(rename = "cbPayItems")]
    payments: Vec<Payment>,
}

/// What it took to write and to parse the same receipt, in microseconds.
#[derive(Default)]
struct Times {
    write: Vec<f64>,
    parse: Vec<f64>,
}

impl Times {
    fn take<T: Serialize + DeserializeOwned>(&mut self, text: &[u8], value: &T) -> Result<()> {
        let begin = Instant::now();
        black_box(serde_json::to_vec(black_box(value))?);
        self.write.push(microseconds(begin.elapsed()));
        let begin = Instant::now();
        let parsed: T = serde_json::from_slice(black_box(text))?;
        self.parse.push(microseconds(begin.elapsed()));
        drop(black_box(parsed));
        Ok(())
    }
}

pub(crate) fn measure(effort: Effort) -> Result<Section> {
    let receipt = long(LINES);
    let typed: ReceiptRequest = receipt.clone().build()?;
    let text = serde_json::to_vec(&typed)?;
    let value: Value = serde_json::from_slice(&text)?;
    let plain: Plain = serde_json::from_slice(&text)?;
    let mut times: [Times; 3] = Default::default();
    let mut building = Vec::new();
    for _ in 0..effort.long_receipts() {
        let [ours, values, plains] = &mut times;
        ours.take(&text, &typed)?;
        values.take(&text, &value)?;
        plains.take(&text, &plain)?;
        let receipt = receipt.clone();
        let begin = Instant::now();
        let built = receipt.build()?;
        building.push(microseconds(begin.elapsed()));
        drop(black_box(built));
    }
    let names = [
        "ours, exact decimals",
        "`serde_json::Value`, binary floats",
        "plain structs, binary floats",
    ];
    let rows = names.into_iter().zip(&times).map(|(name, times)| {
        [
            name.to_owned(),
            format!("{:.0}", median(&times.write)),
            format!("{:.0}", median(&times.parse)),
        ]
    });
    let done = format!(
        "A receipt of {} lines, {} bytes of JSON, from its type to text and back, {} times in turn. \
         Medians in microseconds. The plain structs know the members of this very receipt and nothing \
         else. Building and checking the receipt with `Receipt::build` took {:.0} us.",
        grouped(LINES.into()),
        grouped(text.len() as u64),
        effort.long_receipts(),
        median(&building),
    );
    Ok(Section::new("A receipt of 1,000 lines", &done).table(["", "write", "parse"], rows))
}
