//! The four variables that name a server and a cash box.

use uuid::Uuid;

use super::ClientBuilder;
use crate::error::{Error, ErrorKind, Result};

/// The cash box id.
const CASHBOX_ID: &str = "FISKALTRUST_CASHBOX_ID";
/// The access token of the cash box.
const ACCESS_TOKEN: &str = "FISKALTRUST_CASHBOX_ACCESS_TOKEN";
/// The base URL, with or without `/v2`.
const URL: &str = "FISKALTRUST_POS_SYSTEM_API_URL";
/// The id of the POS product.
const POS_SYSTEM_ID: &str = "FISKALTRUST_POS_SYSTEM_ID";

impl ClientBuilder {
    /// A builder set up from `FISKALTRUST_CASHBOX_ID`, `FISKALTRUST_CASHBOX_ACCESS_TOKEN`,
    /// `FISKALTRUST_POS_SYSTEM_API_URL` and `FISKALTRUST_POS_SYSTEM_ID`.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] names the variable that is missing, empty or malformed.
    pub fn from_env() -> Result<Self> {
        Self::from_variables(|name| std::env::var(name).ok())
    }

    /// The same from any table of variables.
    fn from_variables(get: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let text = |name: &str| {
            get(name).filter(|value| !value.is_empty()).ok_or_else(|| {
                Error::new(
                    ErrorKind::Configuration,
                    format!("The environment variable {name} is not set"),
                )
            })
        };
        let uuid = |name: &str| -> Result<Uuid> {
            text(name)?.trim().parse().map_err(|source: uuid::Error| {
                Error::new(
                    ErrorKind::Configuration,
                    format!("The environment variable {name} is not a UUID"),
                )
                .with_source(source)
            })
        };
        Ok(Self::default()
            .base_url(text(URL)?)
            .cashbox_id(uuid(CASHBOX_ID)?)
            .access_token(text(ACCESS_TOKEN)?)
            .pos_system_id(uuid(POS_SYSTEM_ID)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [(&str, &str); 4] = [
        (CASHBOX_ID, "6f1c2d5e-0000-4000-8000-0000000000c1"),
        (ACCESS_TOKEN, "canary"),
        (URL, "https://host.example/v2/"),
        (POS_SYSTEM_ID, "00000000-0000-0000-0000-000000000000"),
    ];

    fn build(variables: &[(&str, &str)]) -> Result<crate::Client> {
        ClientBuilder::from_variables(|name| {
            let (_, value) = variables.iter().find(|(key, _)| *key == name)?;
            Some((*value).to_owned())
        })?
        .build()
    }

    #[test]
    fn all_four_make_a_client() {
        assert_eq!(build(&ALL).unwrap().base_url(), "https://host.example/v2");
    }

    #[test]
    fn the_missing_or_malformed_one_is_named() {
        for index in 0..ALL.len() {
            let mut variables = ALL;
            variables[index].1 = "";
            let message = build(&variables).unwrap_err().to_string();
            assert!(message.contains(ALL[index].0), "{message}");
        }
        let mut variables = ALL;
        variables[0].1 = "canary";
        let error = build(&variables).unwrap_err();
        assert!(error.to_string().contains("is not a UUID"));
        assert!(!format!("{error:?}").contains("canary"));
    }
}
