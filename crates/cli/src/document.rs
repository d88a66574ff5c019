//! `document`: the document of an issued receipt.

use std::io::{self, IsTerminal};

use pos_system_api::client::DocumentFormat;
use serde::Serialize;
use tokio::io::AsyncWriteExt;

use crate::arguments::{Document, Form};
use crate::exit::{Exit, Stop};
use crate::json_line::say_line;
use crate::part_file::PartFile;

/// Where no width is asked for.
const WIDTH_MM: u16 = 80;

/// The line after a document that went into a file.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    file: String,
    bytes: usize,
    content_type: Option<String>,
    width_mm: Option<u16>,
}

pub(crate) async fn run(options: Document) -> Result<Exit, Stop> {
    let format = format(options.format, options.width)?;
    let is_text = options.format == Form::Json;
    if options.output.is_none() && !is_text && io::stdout().is_terminal() {
        return Err(Stop::usage(
            "A document in this form is nothing for a screen: give --output FILE",
        ));
    }
    let client = options.connection.client()?;
    let mut file = match &options.output {
        Some(path) => Some(PartFile::begun(path).await?),
        None => None,
    };
    let call = client.document((options.queue_id, options.queue_item_id), format);
    let document = match call.await {
        Ok(document) => document,
        Err(error) => {
            if let Some(file) = file {
                file.discard().await;
            }
            return Err(error.into());
        }
    };
    let written = match &mut file {
        Some(part) => part.file.write_all(&document.body).await,
        None => {
            let mut stdout = tokio::io::stdout();
            match stdout.write_all(&document.body).await {
                Ok(()) => stdout.flush().await,
                failed => failed,
            }
        }
    };
    written.map_err(|error| {
        Stop::new(
            Exit::Refused,
            format!("The document cannot be written: {error}"),
        )
    })?;
    if let (Some(file), Some(path)) = (file, &options.output) {
        file.finish().await?;
        say_line(&Written {
            file: path.display().to_string(),
            bytes: document.body.len(),
            content_type: document.content_type,
            width_mm: document.width_mm,
        })?;
    }
    Ok(Exit::Good)
}

fn format(form: Form, width_mm: Option<u16>) -> Result<DocumentFormat, Stop> {
    let width = width_mm.unwrap_or(WIDTH_MM);
    Ok(match form {
        Form::Png => DocumentFormat::png(width),
        Form::EscPos => DocumentFormat::esc_pos(width),
        Form::Pdf | Form::Json if width_mm.is_some() => {
            return Err(Stop::usage(
                "--width is for png and esc-pos; the other forms have no paper",
            ));
        }
        Form::Pdf => DocumentFormat::pdf(),
        Form::Json => DocumentFormat::json(),
    })
}
