//! The server and the cash box to talk to: options first, environment second.

use std::time::Duration;

use clap::Args;
use pos_system_api::Client;
use pos_system_api::client::{AccessToken, Answered, ClientBuilder, OperationCall};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use crate::exit::Stop;
use crate::message::with_causes;

/// The variable that names the server.
pub(crate) const URL: &str = "FISKALTRUST_POS_SYSTEM_API_URL";
pub(crate) const CASHBOX_ID: &str = "FISKALTRUST_CASHBOX_ID";
pub(crate) const ACCESS_TOKEN: &str = "FISKALTRUST_CASHBOX_ACCESS_TOKEN";
pub(crate) const POS_SYSTEM_ID: &str = "FISKALTRUST_POS_SYSTEM_ID";

/// How long to try where nothing else is asked for.
const DEADLINE: Duration = Duration::from_secs(30);

/// Beyond this a wait is a mistake, such as milliseconds given as seconds.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

/// The server and the credentials. The options are texts where the environment's are: neither is
/// shown when it is malformed, because it may be a token in the wrong place.
#[derive(Debug, Clone, Args)]
pub(crate) struct Server {
    /// The server, instead of FISKALTRUST_POS_SYSTEM_API_URL
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// The cash box, instead of FISKALTRUST_CASHBOX_ID
    #[arg(long, value_name = "UUID")]
    cashbox_id: Option<String>,
    /// The access token, instead of FISKALTRUST_CASHBOX_ACCESS_TOKEN; arguments are visible in
    /// process lists, so prefer the variable
    #[arg(long, value_name = "TOKEN")]
    access_token: Option<SecretString>,
    /// The POS product, instead of FISKALTRUST_POS_SYSTEM_ID
    #[arg(long, value_name = "UUID")]
    pos_system_id: Option<String>,
    /// Allows plain http to a host other than this one: the access token travels in the clear
    #[arg(long)]
    insecure_http: bool,
}

/// How calls are sent to a server.
#[derive(Debug, Clone, Args)]
pub(crate) struct Connection {
    #[command(flatten)]
    server: Server,
    #[command(flatten)]
    pub(crate) times: Times,
}

/// How long calls may take.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Times {
    /// How long to try before a call is reported as pending [default: 30; 900 for a payment that may have
    /// reached the server, 600 for an export to begin]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) deadline: Option<Duration>,
    /// How long one attempt may take [default: 20; 90 for payments, 300 for an export to begin]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) attempt_timeout: Option<Duration>,
}

/// A server before there are credentials for it.
#[derive(Debug, Clone, Args)]
pub(crate) struct Unpaired {
    /// The server, instead of FISKALTRUST_POS_SYSTEM_API_URL
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// The POS product, instead of FISKALTRUST_POS_SYSTEM_ID
    #[arg(long, value_name = "UUID")]
    pos_system_id: Option<String>,
    /// Allows plain http to a host other than this one: the access token travels in the clear
    #[arg(long)]
    insecure_http: bool,
    #[command(flatten)]
    times: Times,
}

/// What a pairing begins with.
#[derive(Debug)]
pub(crate) struct Unconfigured {
    pub(crate) base_url: String,
    pub(crate) pos_system_id: Uuid,
    pub(crate) builder: ClientBuilder,
}

/// A server with everything it takes to call it.
#[derive(Debug)]
pub(crate) struct Configured {
    pub(crate) base_url: String,
    pub(crate) cashbox_id: Uuid,
    pub(crate) access_token: SecretString,
    pub(crate) pos_system_id: Uuid,
    insecure_http: bool,
}

impl Connection {
    /// The client they name together.
    pub(crate) fn client(self) -> Result<Client, Stop> {
        self.builder()?
            .build()
            .map_err(|error| Stop::usage(with_causes(&error)))
    }

    /// The same, once the library's rules for addresses and tokens hold for it, to be completed.
    pub(crate) fn builder(self) -> Result<ClientBuilder, Stop> {
        let server = self.server.configured()?.checked()?;
        Ok(self.times.of_client(server.builder()))
    }
}

impl Times {
    fn of_client(self, builder: ClientBuilder) -> ClientBuilder {
        let builder = builder.with_deadline(self.deadline.unwrap_or(DEADLINE));
        match self.attempt_timeout {
            Some(timeout) => builder.with_attempt_timeout(timeout),
            None => builder,
        }
    }

    /// The same for a call whose own times stand above those of the client.
    pub(crate) fn of_call<T: Answered>(self, mut call: OperationCall<T>) -> OperationCall<T> {
        if let Some(deadline) = self.deadline {
            call = call.with_deadline(deadline);
        }
        if let Some(timeout) = self.attempt_timeout {
            call = call.with_attempt_timeout(timeout);
        }
        call
    }
}

impl Unpaired {
    /// Options first, environment second.
    pub(crate) fn configured(self) -> Result<Unconfigured, Stop> {
        let base_url = self.base_url.or_else(|| variable(URL));
        let pos_system_id = self.pos_system_id.or_else(|| variable(POS_SYSTEM_ID));
        let (Some(base_url), Some(pos_system_id)) = (base_url, pos_system_id) else {
            return Err(Stop::usage(
                "No server is configured: set FISKALTRUST_POS_SYSTEM_API_URL (or --base-url) and \
                 FISKALTRUST_POS_SYSTEM_ID (or --pos-system-id)",
            ));
        };
        let pos_system_id = uuid(
            &pos_system_id,
            "FISKALTRUST_POS_SYSTEM_ID or --pos-system-id",
        )?;
        let builder = Client::builder()
            .base_url(base_url.as_str())
            .pos_system_id(pos_system_id)
            .with_insecure_http(self.insecure_http);
        Ok(Unconfigured {
            base_url,
            pos_system_id,
            builder: self.times.of_client(builder),
        })
    }
}

impl Server {
    /// Options first, environment second.
    pub(crate) fn configured(self) -> Result<Configured, Stop> {
        let base_url = self.base_url.or_else(|| variable(URL));
        let cashbox_id = self.cashbox_id.or_else(|| variable(CASHBOX_ID));
        let access_token = self
            .access_token
            .or_else(|| variable(ACCESS_TOKEN).map(SecretString::from));
        let pos_system_id = self.pos_system_id.or_else(|| variable(POS_SYSTEM_ID));

        let missing: Vec<&str> = [
            (
                base_url.is_none(),
                "FISKALTRUST_POS_SYSTEM_API_URL (or --base-url)",
            ),
            (
                cashbox_id.is_none(),
                "FISKALTRUST_CASHBOX_ID (or --cashbox-id)",
            ),
            (access_token.is_none(), ACCESS_TOKEN),
            (
                pos_system_id.is_none(),
                "FISKALTRUST_POS_SYSTEM_ID (or --pos-system-id)",
            ),
        ]
        .into_iter()
        .filter_map(|(missing, name)| missing.then_some(name))
        .collect();
        let (Some(base_url), Some(cashbox_id), Some(access_token), Some(pos_system_id)) =
            (base_url, cashbox_id, access_token, pos_system_id)
        else {
            return Err(Stop::usage(format!(
                "No server is configured: set {}. Without a server, try: pos-system-api demo",
                missing.join(", ")
            )));
        };
        Ok(Configured {
            base_url,
            cashbox_id: uuid(&cashbox_id, "FISKALTRUST_CASHBOX_ID or --cashbox-id")?,
            access_token,
            pos_system_id: uuid(
                &pos_system_id,
                "FISKALTRUST_POS_SYSTEM_ID or --pos-system-id",
            )?,
            insecure_http: self.insecure_http,
        })
    }
}

impl Configured {
    /// A client for this server.
    fn builder(self) -> ClientBuilder {
        Client::builder()
            .base_url(self.base_url)
            .cashbox_id(self.cashbox_id)
            .access_token(AccessToken::from(
                self.access_token.expose_secret().to_owned(),
            ))
            .pos_system_id(self.pos_system_id)
            .with_insecure_http(self.insecure_http)
    }

    /// The same server, once the library's rules for addresses and tokens hold for it.
    pub(crate) fn checked(self) -> Result<Self, Stop> {
        let server = Self {
            base_url: self.base_url.clone(),
            access_token: self.access_token.clone(),
            ..self
        };
        match self.builder().build() {
            Ok(_) => Ok(server),
            Err(error) => Err(Stop::usage(with_causes(&error))),
        }
    }
}

/// A variable that is set to something.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn uuid(text: &str, name: &str) -> Result<Uuid, Stop> {
    text.trim()
        .parse()
        .map_err(|_| Stop::usage(format!("{name} is not a UUID")))
}

fn seconds(text: &str) -> Result<Duration, String> {
    text.parse()
        .ok()
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .filter(|duration| !duration.is_zero() && *duration <= LONGEST_WAIT)
        .ok_or_else(|| "a number of seconds above 0, at most a day, is needed".to_owned())
}
