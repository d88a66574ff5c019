//! Going on with an operation that is known by its name only.

use super::call::sealed::Sealed;
use crate::runtime::{Answer, Ending, Engine, Operation};

/// Sends an operation of an earlier call as that call would have.
pub(crate) async fn replay(engine: &Engine, operation: &Operation) -> Ending<()> {
    macro_rules! by_name {
        ($($(#[$cfg:meta])* $answer:ty),* $(,)?) => {
            $(
                $(#[$cfg])*
                if operation.name() == <$answer>::OPERATION {
                    let mut operation = operation.clone();
                    operation.options.attempt_timeout = <$answer>::ATTEMPT_TIMEOUT;
                    let ending = <$answer>::run(engine, &operation, true).await;
                    return ending.without_value();
                }
            )*
        };
    }
    by_name!(
        #[cfg(operation = "sign")]
        super::Signed,
        #[cfg(all(operation = "pay", operation = "sign"))]
        super::Paid,
        #[cfg(all(operation = "issue", operation = "sign"))]
        super::Issued,
        #[cfg(operation = "update_issue")]
        super::Updated,
    );
    untyped(engine, operation, true).await
}

/// Sends an operation whose answer is not read as a type. A payment is asked for once it may have reached the
/// server, as everywhere.
pub(crate) async fn untyped(
    engine: &Engine,
    operation: &Operation,
    is_resumed: bool,
) -> Ending<()> {
    let read = |answer: &Answer| operation.raw_reading(answer);
    #[cfg(all(operation = "pay", operation = "pay_response"))]
    if operation.name() == crate::raw::operations::PAY.id {
        // Rarely: kept out of the future of every call.
        return Box::pin(super::pay::settle(engine, operation, is_resumed, read)).await;
    }
    let _ = is_resumed;
    engine.run(operation, read).await
}
