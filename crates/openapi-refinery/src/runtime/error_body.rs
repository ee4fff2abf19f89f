//! Bodies of error responses.

use progenitor_client::{Error, ResponseValue};
use reqwest::Response;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::response::{ErrorContent, into_parts};
use super::tolerant::decode_body;

/// Access to the documented body of an error. `E` is the type of the body. If the operation has different error bodies by status, `E` has
/// the properties of all if each is an object with only named properties; otherwise, it is any JSON value. If there are JSON bodies and
/// text, `E` is the type of the JSON bodies.
pub trait ErrorBody<E>: Sized {
    /// Decodes as much as possible of the body of an error response.
    ///
    /// # Errors
    /// Returns the error itself if it has no response, if the document describes no body for its status, or if its body is not of this
    /// type: nothing of it can be decoded. The body can then still be read.
    fn into_body(self) -> impl ::std::future::Future<Output = Result<ResponseValue<E>, Self>> + Send;

    /// Decodes the body like [`into_body`](Self::into_body), as another type: that of the body for one status, or a `String` for text.
    ///
    /// # Errors
    /// Returns the error itself in the same cases as [`into_body`](Self::into_body), and for an `ErrorResponse`, which is decoded already.
    fn into_body_as<T: DeserializeOwned + Serialize + Send>(
        self,
    ) -> impl ::std::future::Future<Output = Result<ResponseValue<T>, Self>> + Send;
}

impl<E: DeserializeOwned + Serialize + Send> ErrorBody<E> for Error<E> {
    async fn into_body(self) -> Result<ResponseValue<E>, Self> {
        match self {
            Self::ErrorResponse(body) => Ok(body),
            other => other.into_body_as().await,
        }
    }

    async fn into_body_as<T: DeserializeOwned + Serialize + Send>(self) -> Result<ResponseValue<T>, Self> {
        match self {
            Self::UnexpectedResponse(response) => read(response).await,
            other => Err(other),
        }
    }
}

/// Decodes the body of a response, or returns the response with its body in memory.
async fn read<T: DeserializeOwned + Serialize, E>(response: Response) -> Result<ResponseValue<T>, Error<E>> {
    // Responses that the client did not receive have no documented content, such as those in tests.
    let content = response.extensions().get::<ErrorContent>().copied();
    if content == Some(ErrorContent::None) {
        return Err(Error::UnexpectedResponse(response));
    }
    let url = response.url().clone();
    let (head, body) = into_parts(response, url);
    let body = Response::from(http::Response::new(body)).bytes().await.map_err(Error::ResponseBodyError)?;
    match decode_body(&head.headers, &body, content == Some(ErrorContent::Json)) {
        Ok(value) if keeps_content(&value, &body) => Ok(ResponseValue::new(value, head.status, head.headers)),
        _ => Err(Error::UnexpectedResponse(http::Response::from_parts(head, body).into())),
    }
}

/// Returns whether a decoded value has any of the values in a body. Also true if the body is JSON without values, such as `{}`.
fn keeps_content(decoded: &impl Serialize, body: &[u8]) -> bool {
    let has_values = |value: serde_json::Result<Value>| value.map_or(true, |value| !is_blank(&value));
    has_values(serde_json::to_value(decoded)) || !has_values(serde_json::from_slice(body))
}

/// Returns whether a value is `null`, or a list or map of such values only.
fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.iter().all(is_blank),
        Value::Object(members) => members.values().all(is_blank),
        _ => false,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::HashMap;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use reqwest::ResponseBuilderExt;
    use serde_json::{Map, json};

    use super::*;

    const URL: &str = "https://api.example/v1";

    /// Returns the result of a future that is ready at once, because the body is in memory.
    fn await_now<F: Future>(future: F) -> F::Output {
        match pin!(future).as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(result) => result,
            Poll::Pending => panic!("the body is not ready"),
        }
    }

    fn respond<E>(content: ErrorContent, body: &'static str) -> Error<E> {
        let response = http::Response::builder().status(502).header("x-id", "3").url(URL.parse().unwrap());
        let response = response.header("content-type", "text/plain").extension(content).body(body).unwrap();
        Error::UnexpectedResponse(response.into())
    }

    #[allow(clippy::result_large_err)]
    fn decode<E: DeserializeOwned + Serialize + Send>(
        content: ErrorContent,
        body: &'static str,
    ) -> Result<ResponseValue<E>, Error<E>> {
        await_now(respond(content, body).into_body())
    }

    #[test]
    fn a_body_of_the_documented_type_is_decoded() {
        let body = decode::<Map<String, Value>>(ErrorContent::Json, r#"{"title":"Bad Gateway"}"#).unwrap();
        assert_eq!((body.status().as_u16(), &body.headers()["x-id"]), (502, &"3".parse().unwrap()));
        assert_eq!(body["title"], "Bad Gateway");
        assert!(decode::<Vec<Option<u8>>>(ErrorContent::Json, "[null]").is_ok());
        assert_eq!(decode::<Value>(ErrorContent::Text, "slow down").unwrap().into_inner(), json!("slow down"));
    }

    #[test]
    fn a_body_of_another_type_leaves_the_error_unchanged() {
        fn check<E: DeserializeOwned + Serialize + Send>(content: ErrorContent, body: &'static str) {
            let Err(Error::UnexpectedResponse(response)) = decode::<E>(content, body) else {
                panic!("the error changed")
            };
            assert_eq!(response.url().as_str(), URL);
            assert_eq!((response.status().as_u16(), &response.headers()["x-id"]), (502, &"3".parse().unwrap()));
            assert_eq!(await_now(response.text()).unwrap(), body);
        }
        check::<Map<String, Value>>(ErrorContent::Json, "<html>Bad Gateway</html>");
        check::<Map<String, Value>>(ErrorContent::Json, "");
        check::<()>(ErrorContent::Json, "not found");
        check::<Value>(ErrorContent::Json, "<html>Bad Gateway</html>");
        check::<Value>(ErrorContent::Json, "");
        // Nothing of the body is of this type.
        check::<HashMap<String, u8>>(ErrorContent::Json, r#"{"message": "upstream down"}"#);
        // The document describes no body for this status.
        check::<Map<String, Value>>(ErrorContent::None, r#"{"title":"Bad Gateway"}"#);
        // The document describes text.
        check::<Map<String, Value>>(ErrorContent::Text, "slow down");
    }

    #[test]
    fn a_body_is_decoded_as_another_type() {
        let error: Error<Map<String, Value>> = respond(ErrorContent::Text, "slow down");
        assert_eq!(await_now(error.into_body_as::<String>()).unwrap().into_inner(), "slow down");
        let error: Error<Value> = respond(ErrorContent::Json, "[7]");
        assert_eq!(await_now(error.into_body_as::<Vec<u8>>()).unwrap().into_inner(), [7]);
    }
}
