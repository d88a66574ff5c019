//! The ways to sign a receipt and to export a journal.

use std::path::Path;
use std::pin::pin;

use futures_util::{Stream, TryStreamExt};
use pos_system_api::client::ClientBuilder;
use pos_system_api::codes::JournalType;
use pos_system_api::types::{JournalRequest, ReceiptRequest, ReceiptResponse};
use pos_system_api::{Client, Outcome};
use pos_system_api_store_sqlite::SqliteStore;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

use crate::generated::{self, BareHooks};
use crate::receipts::{ACCESS_TOKEN, CASHBOX_ID, POS_SYSTEM_ID};
use crate::{Error, Result};

/// One way, with a connection of its own.
#[derive(Debug)]
pub enum Candidate {
    /// The facade.
    Ours(Client),
    /// The facade with an operation log.
    Durable(Client),
    /// `reqwest` and `serde_json` by hand.
    Bare(Bare),
    /// The generated client alone.
    Generated(Generated),
}

/// `reqwest` and the headers of each call.
#[derive(Debug)]
pub struct Bare {
    http: reqwest::Client,
    sign: String,
    journal: String,
    headers: HeaderMap,
}

/// The generator's client behind hooks that only add headers.
#[derive(Debug)]
pub struct Generated(generated::Client);

impl Candidate {
    /// The three that keep nothing, each for the server at `base_url`. The facade comes first, then what it
    /// is held against.
    ///
    /// # Errors
    /// If a client cannot be set up.
    pub fn all(base_url: &str) -> Result<[Self; 3]> {
        let facade = facade(base_url).build()?;
        let http = reqwest::Client::builder()
            .user_agent("pos-system-api-benches")
            .build()?;
        let credentials = credentials()?;
        let mut headers = credentials.clone();
        let json = HeaderValue::from_static("application/json");
        headers.insert(ACCEPT, json.clone());
        headers.insert(CONTENT_TYPE, json);
        let bare = Bare {
            http: http.clone(),
            sign: format!("{base_url}/sign"),
            journal: format!("{base_url}/journal"),
            headers,
        };
        let http = reqwest::Client::builder()
            .user_agent("pos-system-api-benches")
            .build()?;
        let hooks = BareHooks {
            http: http.clone(),
            credentials,
        };
        let generated = generated::Client::new_with_client(base_url, http, hooks);
        Ok([
            Self::Ours(facade),
            Self::Bare(bare),
            Self::Generated(Generated(generated)),
        ])
    }

    /// The facade that keeps each operation in a SQLite file in this directory, synced before it is sent and
    /// before its answer is given.
    ///
    /// # Errors
    /// If the store cannot be opened, or the client not be set up.
    pub fn durable(base_url: &str, directory: &Path) -> Result<Self> {
        let store = SqliteStore::open(directory.join("till.db"))?;
        Ok(Self::Durable(facade(base_url).durable(store).build()?))
    }

    /// Its name in tables.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Ours(_) => "ours",
            Self::Durable(_) => "ours, durable",
            Self::Bare(_) => "bare reqwest",
            Self::Generated(_) => "generated alone",
        }
    }

    /// Signs a receipt: the typed request is written, sent once, and the answer parsed.
    ///
    /// # Errors
    /// Whatever keeps it from an answer.
    pub async fn sign(&self, receipt: ReceiptRequest) -> Result<ReceiptResponse> {
        match self {
            Self::Ours(client) | Self::Durable(client) => match client.sign(receipt).await? {
                Outcome::Done(signed) => Ok(signed.response),
                Outcome::Pending(handle) | Outcome::Parked(handle) => {
                    Err(format!("not signed: {handle}").into())
                }
            },
            Self::Bare(bare) => {
                let body = serde_json::to_vec(&receipt)?;
                let answer = bare.post(&bare.sign, body).send().await?;
                let body = answer.error_for_status()?.bytes().await?;
                Ok(serde_json::from_slice(&body)?)
            }
            Self::Generated(Generated(client)) => {
                let answer = client.sign().body(receipt).send().await;
                Ok(answer.map_err(|error| error.to_string())?.into_inner())
            }
        }
    }

    /// Exports a journal, and drops what comes as it comes. How many bytes came.
    ///
    /// # Errors
    /// Whatever keeps it from the journal's end.
    pub async fn export_journal(&self) -> Result<u64> {
        // A whole journal in the form the cash box has it.
        let kind = JournalType::default();
        let journal = || JournalRequest::builder().ft_journal_type(kind);
        match self {
            Self::Ours(client) | Self::Durable(client) => {
                let mut export = client.journal(kind).await?;
                Ok(export.copy_to(&mut tokio::io::sink()).await?.bytes)
            }
            Self::Bare(bare) => {
                let body = serde_json::to_vec(&JournalRequest::try_from(journal())?)?;
                let answer = bare.post(&bare.journal, body).send().await?;
                drained(answer.error_for_status()?.bytes_stream()).await
            }
            Self::Generated(Generated(client)) => {
                let answer = client.journal().body(journal()).send().await;
                let answer = answer.map_err(|error| error.to_string())?;
                drained(answer.into_inner().into_inner()).await
            }
        }
    }
}

impl Bare {
    fn post(&self, url: &str, body: Vec<u8>) -> reqwest::RequestBuilder {
        self.http
            .post(url)
            .headers(self.headers.clone())
            .header("x-operation-id", Uuid::new_v4().to_string())
            .body(body)
    }
}

fn facade(base_url: &str) -> ClientBuilder {
    Client::builder()
        .base_url(base_url)
        .cashbox_id(CASHBOX_ID)
        .access_token(ACCESS_TOKEN)
        .pos_system_id(POS_SYSTEM_ID)
}

/// The length of a stream, which is not kept.
async fn drained<E: Into<Error>>(
    stream: impl Stream<Item = std::result::Result<pos_system_api::bytes::Bytes, E>>,
) -> Result<u64> {
    let mut stream = pin!(stream.map_err(Into::into));
    let mut length = 0;
    while let Some(bytes) = stream.try_next().await? {
        length += bytes.len() as u64;
    }
    Ok(length)
}

fn credentials() -> Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("x-cashbox-id", CASHBOX_ID.to_string()),
        ("x-cashbox-accesstoken", ACCESS_TOKEN.to_owned()),
        ("x-possystem-id", POS_SYSTEM_ID.to_string()),
    ] {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_str(&value)?,
        );
    }
    Ok(headers)
}
