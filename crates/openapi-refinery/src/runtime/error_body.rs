//! Bodies of error responses.

use progenitor_client::{Error, ResponseValue};
use reqwest::{Body, Response, ResponseBuilderExt};
use serde::de::DeserializeOwned;

use super::tolerant::decode_body;

/// Access to the documented body of an error. `E` is the type of the body. If the operation has different error bodies by status, `E` has
/// the properties of all, or is any JSON value if one of the bodies is not an object.
pub trait ErrorBody<E>: Sized {
    /// Decodes as much as possible of the body of an error response.
    ///
    /// # Errors
    /// Returns the error itself if it has no response, or if the body of its response is not of this type. The body can then still be read.
    fn into_body(self) -> impl ::std::future::Future<Output = Result<ResponseValue<E>, Self>> + Send;
}

impl<E: DeserializeOwned + Send> ErrorBody<E> for Error<E> {
    async fn into_body(self) -> Result<ResponseValue<E>, Self> {
        match self {
            Self::UnexpectedResponse(response) => read(response).await,
            Self::ErrorResponse(body) => Ok(body),
            other => Err(other),
        }
    }
}

/// Decodes the body of a response, or returns the response with its body in memory.
async fn read<E: DeserializeOwned>(response: Response) -> Result<ResponseValue<E>, Error<E>> {
    // An `http::Response` has no URL, except as an extension that only reqwest can create.
    let url = http::Response::builder().url(response.url().clone()).body(()).unwrap_or_default();
    let (mut head, body) = http::Response::<Body>::from(response).into_parts();
    head.extensions.extend(url.into_parts().0.extensions);
    let body = Response::from(http::Response::new(body)).bytes().await.map_err(Error::ResponseBodyError)?;
    match decode_body(&head.headers, &body) {
        Ok(value) => Ok(ResponseValue::new(value, head.status, head.headers)),
        Err(_) => Err(Error::UnexpectedResponse(http::Response::from_parts(head, body).into())),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use serde_json::{Map, Value};

    use super::*;

    const URL: &str = "https://api.example/v1";

    /// Returns the result of a future that is ready at once, because the body is in memory.
    fn await_now<F: Future>(future: F) -> F::Output {
        match pin!(future).as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(result) => result,
            Poll::Pending => panic!("the body is not ready"),
        }
    }

    #[allow(clippy::result_large_err)]
    fn decode<E: DeserializeOwned + Send>(body: &'static str) -> Result<ResponseValue<E>, Error<E>> {
        let response = http::Response::builder().status(502).header("x-id", "3").url(URL.parse().unwrap());
        let response = response.body(body).unwrap();
        await_now(Error::UnexpectedResponse(response.into()).into_body())
    }

    #[test]
    fn a_body_of_the_documented_type_is_decoded() {
        let body = decode::<Map<String, Value>>(r#"{"title":"Bad Gateway"}"#).unwrap();
        assert_eq!((body.status().as_u16(), &body.headers()["x-id"]), (502, &"3".parse().unwrap()));
        assert_eq!(body["title"], "Bad Gateway");
    }

    #[test]
    fn a_body_of_another_type_leaves_the_error_unchanged() {
        fn check<E: DeserializeOwned + Send>(body: &'static str) {
            let Err(Error::UnexpectedResponse(response)) = decode::<E>(body) else { panic!("the error changed") };
            assert_eq!(response.url().as_str(), URL);
            assert_eq!((response.status().as_u16(), &response.headers()["x-id"]), (502, &"3".parse().unwrap()));
            assert_eq!(await_now(response.text()).unwrap(), body);
        }
        check::<Map<String, Value>>("<html>Bad Gateway</html>");
        check::<Map<String, Value>>("");
        check::<()>("not found");
    }
}
