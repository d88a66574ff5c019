//! Any text is code or an error, never a panic, never a hang.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pos_system_api_codegen::{Error, Pipeline};

fuzz_target!(|text: &str| {
    let outcome = Pipeline::new(text, "document.yaml").generate();
    // A panic of the generator underneath that was caught is a document to be refused earlier.
    if let Err(Error::Generator { message, .. }) = outcome {
        panic!("the generator failed: {message}");
    }
});
