//! The hooks of a generated client: its calls run on the runtime.

use syn::{ItemImpl, parse_quote};

use crate::Targets;

/// Hands every request of the client to the value it carries, with the table of operations.
pub(super) fn implementation(targets: &Targets) -> ItemImpl {
    let call = &targets.call;
    parse_quote! {
        /// Credentials, operation ids, retries and limits live in these hooks.
        impl ClientHooks<#call> for Client {
            async fn pre<E>(
                &self,
                request: &mut reqwest::Request,
                info: &OperationInfo,
            ) -> ::std::result::Result<(), Error<E>> {
                self.inner.pre(request, info, operations::ALL)
            }

            async fn exec(
                &self,
                request: reqwest::Request,
                info: &OperationInfo,
            ) -> reqwest::Result<reqwest::Response> {
                self.inner.exec(request, info, operations::ALL).await
            }
        }
    }
}
