//! What is wrong with the members of a body, collected: the checks that endpoints share.

use rust_decimal::Decimal;
use serde_json::value::RawValue;

use crate::members::{Members, text};
use crate::number::decimal;
use crate::wire::problem::{Failure, FieldError};

/// Longest text the API takes, in characters.
pub(crate) const TEXT_LIMIT: usize = 1023;

/// The members of a body.
pub(crate) fn members_of(body: &[u8]) -> Result<Members<'_>, Failure> {
    Members::of_body(body).ok_or_else(|| Failure::bad_request("The body is not a JSON object."))
}

/// Collects everything that is wrong. `prefix` is the path of the object that holds the member, as
/// errors show it: empty for the body itself, otherwise with its dot at the end.
///
/// Endpoints add checks of their own in further `impl` blocks.
#[derive(Debug, Default)]
pub(crate) struct BodyCheck {
    errors: Vec<FieldError>,
}

impl BodyCheck {
    /// What was read, if nothing was found wrong; `None` only when something was.
    pub(crate) fn finish<T>(self, read: Option<T>) -> Result<T, Vec<FieldError>> {
        match read {
            Some(read) if self.errors.is_empty() => Ok(read),
            _ => Err(self.errors),
        }
    }

    pub(crate) fn error(&mut self, prefix: &str, name: &str, message: &str) {
        self.errors
            .push(FieldError::new(format!("{prefix}{name}"), message));
    }

    pub(crate) fn required<'a>(
        &mut self,
        members: &Members<'a>,
        prefix: &str,
        name: &str,
    ) -> Option<&'a RawValue> {
        let value = members.get(name);
        if value.is_none() {
            self.error(prefix, name, "must be given and not be null");
        }
        value
    }

    /// A required text, which may be empty.
    pub(crate) fn text(
        &mut self,
        members: &Members<'_>,
        prefix: &str,
        name: &str,
    ) -> Option<String> {
        let value = self.required(members, prefix, name)?;
        match text(value) {
            None => self.error(prefix, name, "must be a text"),
            Some(text) if text.chars().count() > TEXT_LIMIT => {
                self.error(prefix, name, "must have at most 1023 characters");
            }
            Some(text) => return Some(text),
        }
        None
    }

    pub(crate) fn non_empty_text(
        &mut self,
        members: &Members<'_>,
        prefix: &str,
        name: &str,
    ) -> Option<String> {
        let text = self.text(members, prefix, name)?;
        if text.is_empty() {
            self.error(prefix, name, "must not be empty");
            return None;
        }
        Some(text)
    }

    /// The terminal of the body or of the header; an empty one in the body names none.
    pub(crate) fn terminal(&mut self, body: &Members<'_>, header: Option<&str>) -> Option<String> {
        let name = "cbTerminalID";
        let own = match body.get(name).map(text) {
            None => None,
            Some(None) => {
                self.error("", name, "must be a text");
                None
            }
            Some(Some(own)) => Some(own).filter(|own| !own.is_empty()),
        };
        if let (Some(own), Some(header)) = (&own, header)
            && own != header
        {
            self.error("", name, "must be the same as in the header");
        }
        own.or(header.map(str::to_owned))
    }

    /// By how much the numbers of an object are scaled up, when it says so.
    pub(crate) fn multiplier(&mut self, members: &Members<'_>, prefix: &str) -> Option<Decimal> {
        let name = "DecimalPrecisionMultiplier";
        match members.get(name)?.get() {
            json @ ("1" | "100" | "10000" | "1000000" | "100000000") => decimal(json),
            _ => {
                self.error(prefix, name, "must be 1, 100, 10000, 1000000 or 100000000");
                None
            }
        }
    }

    /// A required number in units, from a number that may be scaled up by `multiplier`.
    pub(crate) fn amount(
        &mut self,
        members: &Members<'_>,
        prefix: &str,
        name: &str,
        multiplier: Decimal,
    ) -> Option<Decimal> {
        let value = self.required(members, prefix, name)?;
        let message = match decimal(value.get()) {
            None => "must be a number of at most 28 digits",
            Some(number) if multiplier == Decimal::ONE => return Some(number),
            Some(number) if number.is_integer() => return number.checked_div(multiplier),
            Some(_) => "must be an integer when a multiplier is given",
        };
        self.error(prefix, name, message);
        None
    }
}
