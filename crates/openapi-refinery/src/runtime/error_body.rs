//! Bodies of error responses.

use progenitor_client::{Error, ResponseValue};
use serde::de::DeserializeOwned;

/// The body that an operation documents for its errors: `E` is its type, or any JSON value if statuses differ in it.
pub trait ErrorBody<E>: Sized {
    /// Reads the body of a response that is not a success, as far as it can be decoded.
    ///
    /// # Errors
    /// Returns the error if there is no response, and why the body cannot be decoded, if it is not of this type at all.
    fn into_body(self) -> impl ::std::future::Future<Output = Result<ResponseValue<E>, Self>> + Send;
}

impl<E: DeserializeOwned + Send> ErrorBody<E> for Error<E> {
    async fn into_body(self) -> Result<ResponseValue<E>, Self> {
        match self {
            Self::UnexpectedResponse(response) => super::body(response).await,
            Self::ErrorResponse(body) => Ok(body),
            other => Err(other),
        }
    }
}
