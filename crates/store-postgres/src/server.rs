//! Whether a server keeps what it says it keeps.

use pos_system_api::store::{StoreError, StoreErrorKind};
use tokio_postgres::Client;

/// The settings of a server that decide what a commit is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ServerSettings {
    pub(crate) fsync: String,
    pub(crate) full_page_writes: String,
    pub(crate) encoding: String,
    pub(crate) synchronous_commit: String,
}

impl ServerSettings {
    pub(crate) async fn read(client: &Client) -> Result<Self, tokio_postgres::Error> {
        let text = "SELECT current_setting('fsync'), current_setting('full_page_writes'), \
             current_setting('server_encoding'), current_setting('synchronous_commit')";
        let columns = client.query_one(text, &[]).await?;
        Ok(Self {
            fsync: columns.try_get(0)?,
            full_page_writes: columns.try_get(1)?,
            encoding: columns.try_get(2)?,
            synchronous_commit: columns.try_get(3)?,
        })
    }

    /// Refuses a server that loses what it said is stored.
    pub(crate) fn check(&self, unsafe_server_allowed: bool) -> Result<(), StoreError> {
        let unfit = |message: String| Err(StoreError::new(StoreErrorKind::Unavailable, message));
        for (name, value) in [
            ("fsync", &self.fsync),
            ("full_page_writes", &self.full_page_writes),
        ] {
            if value == "off" && !unsafe_server_allowed {
                return unfit(format!(
                    "The database runs with {name} = off: it loses operations with the power"
                ));
            }
        }
        if self.encoding != "UTF8" {
            return unfit(format!(
                "The database is encoded in {}; it has to be UTF8",
                self.encoding
            ));
        }
        Ok(())
    }

    /// What a commit that has to last waits for: the disk of the server and of its synchronous standbys, or
    /// more if the server is set to more.
    pub(crate) fn synced(&self) -> &'static str {
        if self.synchronous_commit == "remote_apply" {
            "remote_apply"
        } else {
            "on"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn safe() -> ServerSettings {
        ServerSettings {
            fsync: "on".to_owned(),
            full_page_writes: "on".to_owned(),
            encoding: "UTF8".to_owned(),
            synchronous_commit: "on".to_owned(),
        }
    }

    #[test]
    fn a_server_that_does_not_sync_is_refused_by_the_name_of_its_setting() {
        assert!(safe().check(false).is_ok());
        let unsafe_servers = [
            (
                "fsync",
                ServerSettings {
                    fsync: "off".to_owned(),
                    ..safe()
                },
            ),
            (
                "full_page_writes",
                ServerSettings {
                    full_page_writes: "off".to_owned(),
                    ..safe()
                },
            ),
        ];
        for (name, server) in unsafe_servers {
            let error = server.check(false).expect_err(name);
            assert!(error.to_string().contains(name), "{error}");
            assert!(server.check(true).is_ok(), "{name}");
        }
    }

    #[test]
    fn an_encoding_that_lacks_characters_is_refused() {
        for encoding in ["SQL_ASCII", "LATIN1"] {
            let server = ServerSettings {
                encoding: encoding.to_owned(),
                ..safe()
            };
            assert!(server.check(true).is_err(), "{encoding}");
        }
    }

    #[test]
    fn a_server_set_to_less_is_raised_and_one_set_to_more_is_left() {
        for (set, synced) in [
            ("off", "on"),
            ("local", "on"),
            ("remote_write", "on"),
            ("on", "on"),
            ("remote_apply", "remote_apply"),
        ] {
            let server = ServerSettings {
                synchronous_commit: set.to_owned(),
                ..safe()
            };
            assert_eq!(server.synced(), synced, "{set}");
        }
    }
}
