//! The numbers of lines.

use std::collections::HashMap;

use super::line::Line;
use crate::receipt::ReceiptError;
use crate::types::Amount;

/// A position is the number of one line. What belongs to a line, as a discount or as its void, may say so
/// by having the same.
pub(super) fn distinct(lines: &[Line]) -> Result<(), ReceiptError> {
    let mut holders = HashMap::new();
    for line in lines.iter().filter(|line| line.position != Amount::ZERO) {
        let belongs = line.changes_price || line.is_void;
        let Some(holder) = holders.get(&line.position.decimal()) else {
            holders.insert(line.position.decimal(), line);
            continue;
        };
        if !belongs || holder.changes_price || holder.is_void {
            let place = holder.place();
            return Err(line.wrong(
                "Position",
                format!(
                    "is {}, as that of {place}: each line has its own",
                    line.position
                ),
            ));
        }
    }
    Ok(())
}
