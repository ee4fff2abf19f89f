//! Bodies of error responses.

use progenitor_client::{Error, ResponseValue};
use serde::de::DeserializeOwned;

/// Access to the documented body of an error. `E` is its type. If bodies differ by status, it is one with the properties of all, or any
/// JSON value if not all of them are objects.
pub trait ErrorBody<E>: Sized {
    /// Decodes as much as possible of the body of an error response.
    ///
    /// # Errors
    /// Returns the error itself if it has no response, and a decoding error if the body is not of this type.
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
