//! Who the receipt is for.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::ReceiptError;
use super::members::{self, text_fault};
use crate::types::Json;

/// A customer, `cbCustomer` (API facts, section 4.18).
///
/// `Debug` names the members that are there and leaves out what they say.
///
/// ```
/// use pos_system_api::receipt::Customer;
///
/// let customer = Customer::new("Sample Bakery Club")
///     .street("Main street 1")
///     .zip("1010")
///     .city("Vienna")
///     .country("AT")
///     .vat_id("ATU00000000");
/// assert_eq!(customer.to_json()?.value()["CustomerVATId"], "ATU00000000");
/// # Ok::<(), pos_system_api::receipt::ReceiptError>(())
/// ```
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
#[must_use]
pub struct Customer {
    /// The name, of a person or a business.
    #[serde(rename = "CustomerName", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The till's own number of the customer.
    #[serde(rename = "CustomerId", skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Sort of customer; known to older servers only.
    #[serde(rename = "CustomerType", skip_serializing_if = "Option::is_none")]
    pub customer_type: Option<String>,
    /// Street and number.
    #[serde(rename = "CustomerStreet", skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    /// Postal code.
    #[serde(rename = "CustomerZip", skip_serializing_if = "Option::is_none")]
    pub zip: Option<String>,
    /// Town.
    #[serde(rename = "CustomerCity", skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// Country, two capital letters (ISO 3166-1).
    #[serde(rename = "CustomerCountry", skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Province or state. Italian e-invoices.
    #[serde(
        rename = "CustomerCountrySubentity",
        skip_serializing_if = "Option::is_none"
    )]
    pub country_subentity: Option<String>,
    /// VAT identification number.
    #[serde(rename = "CustomerVATId", skip_serializing_if = "Option::is_none")]
    pub vat_id: Option<String>,
    /// Another tax number.
    #[serde(rename = "CustomerTaxId", skip_serializing_if = "Option::is_none")]
    pub tax_id: Option<String>,
    /// Where e-invoices go: `0205:<codice>` or `0202:<pec>`. Italy.
    #[serde(rename = "CustomerEndpointId", skip_serializing_if = "Option::is_none")]
    pub endpoint_id: Option<String>,
    /// Where documents are sent.
    #[serde(rename = "CustomerEmail", skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Further members, as the market knows them.
    #[serde(flatten)]
    pub extra: BTreeMap<String, serde_json::Value>,
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        pub fn $name(mut self, $name: impl Into<String>) -> Self {
            self.$name = Some($name.into());
            self
        }
    )*};
}

impl Customer {
    /// A customer of this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: Some(name.into()),
            ..Self::default()
        }
    }

    texts! {
        /// The till's own number of the customer. Default: none.
        id;
        /// Sort of customer; known to older servers only. Default: none.
        customer_type;
        /// Street and number. Default: none.
        street;
        /// Postal code. Default: none.
        zip;
        /// Town. Default: none.
        city;
        /// Country, two capital letters (ISO 3166-1). Default: none.
        country;
        /// Province or state; for Italian e-invoices. Default: none.
        country_subentity;
        /// VAT identification number. Default: none.
        vat_id;
        /// Another tax number. Default: none.
        tax_id;
        /// Where Italian e-invoices go: `0205:<codice>` or `0202:<pec>`. Default: none.
        endpoint_id;
        /// Where documents are sent. Default: none.
        email;
    }

    /// Another member, by its name on the wire.
    pub fn with_extra(
        mut self,
        member: impl Into<String>,
        value: impl Into<serde_json::Value>,
    ) -> Self {
        self.extra.insert(member.into(), value.into());
        self
    }

    /// The free JSON that a receipt carries.
    ///
    /// # Errors
    /// If nothing is said of the customer, a text is empty or too long, or the country is no two
    /// capital letters.
    pub fn to_json(&self) -> Result<Json, ReceiptError> {
        let json = Json::of(self);
        let json = json.map_err(|error| {
            ReceiptError::new("cbCustomer", format!("cannot be written: {error}"))
        })?;
        if let Some(members) = json.value().as_object() {
            if members.is_empty() {
                return Err(ReceiptError::new("cbCustomer", "names nobody"));
            }
            for (name, value) in members {
                if let Some(reason) = value.as_str().and_then(text_fault) {
                    return Err(ReceiptError::new(format!("cbCustomer.{name}"), reason));
                }
            }
        }
        let is_country = |code: &String| {
            code.len() == 2 && code.bytes().all(|letter| letter.is_ascii_uppercase())
        };
        if self.country.as_ref().is_some_and(|code| !is_country(code)) {
            return Err(ReceiptError::new(
                "cbCustomer.CustomerCountry",
                "must be two capital letters, such as AT",
            ));
        }
        Ok(json)
    }
}

impl fmt::Debug for Customer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let members = members::of(self).unwrap_or_default();
        f.write_str("Customer ")?;
        f.debug_set().entries(members.keys()).finish()
    }
}
