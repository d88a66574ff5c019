//! Going on with an operation that is known by its name only.

use super::call::sealed::Sealed;
use crate::runtime::{Ending, Engine, Operation};

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
    engine
        .run(operation, |answer| operation.raw_reading(answer))
        .await
}
