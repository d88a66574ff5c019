//! Readers for what servers send in more shapes than the document says.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, Deserialize, Deserializer, Visitor};

/// A list, where `null` stands for an empty one.
pub(crate) fn null_as_empty<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// An integer, written as a number or quoted; an empty text or `null` is none.
pub(crate) fn integer_or_text<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: TryFrom<i128>,
{
    deserializer.deserialize_any(IntegerOrText(PhantomData))
}

struct IntegerOrText<T>(PhantomData<T>);

impl<T: TryFrom<i128>> IntegerOrText<T> {
    fn fit<E: de::Error>(value: i128) -> Result<Option<T>, E> {
        T::try_from(value)
            .map(Some)
            .map_err(|_| E::custom(format_args!("the integer {value} is out of range")))
    }
}

impl<'de, T: TryFrom<i128>> Visitor<'de> for IntegerOrText<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an integer")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Self::Value, D::Error> {
        inner.deserialize_any(self)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Self::Value, E> {
        Self::fit(value.into())
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Self::Value, E> {
        Self::fit(value.into())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Self::Value, E> {
        // `12.0` is how some serialisers write the integer 12.
        let text = value.to_string();
        text.parse::<i128>()
            .map_err(|_| E::invalid_value(de::Unexpected::Float(value), &self))
            .and_then(Self::fit)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        if text.is_empty() {
            return Ok(None);
        }
        text.parse::<i128>()
            .map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
            .and_then(Self::fit)
    }
}
