//! Points in time as the API writes them.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use chrono::{DateTime, SecondsFormat, Timelike, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The API's clock tick in nanoseconds: seven fraction digits.
const TICK_NANOSECONDS: u32 = 100;

/// A point in time: ISO 8601 in UTC with `Z`, up to seven fraction digits (API facts, section 4).
///
/// Read from the wire it keeps its text, also when that text names no point in time (no offset, an
/// abbreviated example): such a value has no [`utc`](Self::utc) and is written back as it came.
///
/// ```
/// use pos_system_api::types::Moment;
///
/// let moment: Moment = "2026-06-01T10:15:30.1234567Z".parse()?;
/// assert_eq!(moment.to_string(), "2026-06-01T10:15:30.1234567Z");
/// # Ok::<(), pos_system_api::types::ParseMomentError>(())
/// ```
#[derive(Clone)]
pub struct Moment {
    text: Box<str>,
    utc: Option<DateTime<Utc>>,
}

/// Why a text is not a [`Moment`]: it is no ISO 8601 date and time with an offset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseMomentError {
    text: String,
}

impl fmt::Display for ParseMomentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is not a date and time with an offset, such as 2026-06-01T10:15:30Z",
            self.text
        )
    }
}

impl std::error::Error for ParseMomentError {}

impl Moment {
    /// The system clock's present.
    #[cfg(feature = "client")]
    #[must_use]
    pub fn now() -> Self {
        Self::from(Utc::now())
    }

    /// The point in time, or `None` for a text from the wire that names none.
    #[must_use]
    pub fn utc(&self) -> Option<DateTime<Utc>> {
        self.utc
    }

    /// The text as it stands on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The same moment as the API writes it, where it is written in another way: with another offset,
    /// with more digits than the API has, with a space or a small letter. What names no point in time
    /// stays as it is.
    pub(crate) fn in_utc(self) -> Self {
        match self.utc {
            Some(utc) if !self.is_canonical() => Self::from(utc),
            _ => self,
        }
    }

    /// Whether the text is in UTC with `T` and `Z`, and has at most seven fraction digits.
    fn is_canonical(&self) -> bool {
        let Some(text) = self.text.strip_suffix('Z') else {
            return false;
        };
        // The date before it has ten characters.
        text.as_bytes().get(10) == Some(&b'T')
            && text
                .split_once('.')
                .is_none_or(|(_, fraction)| fraction.len() <= 7)
    }

    /// A text from the wire, point in time or not.
    fn from_wire(text: &str) -> Self {
        Self {
            text: text.into(),
            utc: DateTime::parse_from_rfc3339(text)
                .ok()
                .map(|moment| moment.with_timezone(&Utc)),
        }
    }
}

impl From<DateTime<Utc>> for Moment {
    /// Cuts to the API's 100 nanoseconds.
    fn from(moment: DateTime<Utc>) -> Self {
        let nanoseconds = moment.nanosecond() / TICK_NANOSECONDS * TICK_NANOSECONDS;
        let moment = moment.with_nanosecond(nanoseconds).unwrap_or(moment);
        let mut text = moment.to_rfc3339_opts(SecondsFormat::Nanos, true);
        if let Some((seconds, fraction)) = text.trim_end_matches('Z').split_once('.') {
            let fraction = fraction.trim_end_matches('0');
            text = if fraction.is_empty() {
                format!("{seconds}Z")
            } else {
                format!("{seconds}.{fraction}Z")
            };
        }
        Self {
            text: text.into(),
            utc: Some(moment),
        }
    }
}

impl FromStr for Moment {
    type Err = ParseMomentError;

    fn from_str(text: &str) -> Result<Self, ParseMomentError> {
        let moment = Self::from_wire(text);
        if moment.utc.is_some() {
            Ok(moment)
        } else {
            Err(ParseMomentError {
                text: text.to_owned(),
            })
        }
    }
}

impl PartialEq for Moment {
    /// Equal in time, whatever the spelling; texts that name no time compare as texts.
    fn eq(&self, other: &Self) -> bool {
        match (self.utc, other.utc) {
            (Some(one), Some(two)) => one == two,
            (None, None) => self.text == other.text,
            _ => false,
        }
    }
}

impl Eq for Moment {}

impl Hash for Moment {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self.utc {
            Some(utc) => utc.hash(state),
            None => self.text.hash(state),
        }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Moment({})", self.text)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Ok(Self::from_wire(&text))
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Moment {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Moment".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date-time" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Moment {
        serde_json::from_value(serde_json::json!(text)).unwrap()
    }

    #[test]
    fn the_text_survives_with_any_number_of_fraction_digits() {
        for text in [
            "2026-06-01T10:15:30Z",
            "2026-06-01T10:15:30.7Z",
            "2026-06-01T10:15:30.250Z",
            "2026-06-01T10:15:30.1234567Z",
            "2026-06-01T12:15:30+02:00",
            "2026-06-01T10:15:30",
            "soon",
        ] {
            let moment = read(text);
            assert_eq!(serde_json::to_value(&moment).unwrap(), text);
        }
        assert_eq!(
            read("2026-06-01T12:15:30+02:00"),
            read("2026-06-01T10:15:30.0Z")
        );
        assert_eq!(read("2026-06-01T10:15:30").utc(), None);
    }

    #[test]
    fn a_point_in_time_is_written_in_utc_with_the_digits_it_needs() {
        let at = |seconds, nanoseconds| {
            Moment::from(DateTime::from_timestamp(seconds, nanoseconds).unwrap()).to_string()
        };
        assert_eq!(at(0, 0), "1970-01-01T00:00:00Z");
        assert_eq!(at(0, 250_000_000), "1970-01-01T00:00:00.25Z");
        assert_eq!(at(0, 123_456_789), "1970-01-01T00:00:00.1234567Z");
    }

    #[test]
    fn in_utc_only_the_spelling_of_the_api_stays() {
        for (text, expected) in [
            ("2026-06-01T10:15:30Z", "2026-06-01T10:15:30Z"),
            (
                "2026-06-01T10:15:30.1200000Z",
                "2026-06-01T10:15:30.1200000Z",
            ),
            (
                "2026-06-01T10:15:30.12345678Z",
                "2026-06-01T10:15:30.1234567Z",
            ),
            ("2026-06-01T12:15:30+02:00", "2026-06-01T10:15:30Z"),
            ("2026-06-01 10:15:30Z", "2026-06-01T10:15:30Z"),
            ("2026-06-01t10:15:30Z", "2026-06-01T10:15:30Z"),
            ("2026-06-01T10:15:30z", "2026-06-01T10:15:30Z"),
            // Nobody knows when that is.
            ("2026-06-01 10:15:30", "2026-06-01 10:15:30"),
            ("Z", "Z"),
        ] {
            assert_eq!(read(text).in_utc().as_str(), expected);
        }
    }

    #[test]
    fn parsing_on_purpose_is_strict() {
        assert!("2026-06-01T10:15:30".parse::<Moment>().is_err());
        assert!("2026-06-01T10:15:30Z".parse::<Moment>().is_ok());
    }
}
