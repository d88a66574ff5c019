//! `operation`: what the server has recorded about an operation.

use crate::arguments::Operation;
use crate::exit::{Exit, Stop};
use crate::json_line::say_line;

pub(crate) async fn run(options: Operation) -> Result<Exit, Stop> {
    let client = options.connection.client()?;
    let Some(mut item) = client.operation(options.id).await? else {
        return Err(Stop::new(
            Exit::Refused,
            format!(
                "The server knows no operation {}; its request may still be on its way",
                options.id
            ),
        ));
    };
    let path = item.path.as_deref().unwrap_or_default();
    let last = path.trim_end_matches('/').rsplit('/').next();
    if last.is_some_and(|last| last.eq_ignore_ascii_case("pair")) {
        // They hold a PIN and an access token.
        item.request = None;
        item.response = None;
    }
    say_line(&item)?;
    Ok(Exit::Good)
}
