//! What a server, or what stands between, does wrong; each fault by name, on a real connection.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[allow(dead_code)]
mod server;

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use sendcloud_integrations::types::IntegrationModel;
use sendcloud_integrations::{Client, ClientBuilder, Error};
use server::{Answer, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Longer than any answer takes, shorter than a person waits.
const SHORT: Duration = Duration::from_millis(200);

fn builder(base_url: &str) -> ClientBuilder {
    Client::builder().credentials("public", "secret").base_url(base_url).max_retries(0)
}

fn change() -> IntegrationModel {
    IntegrationModel::builder().shop_name("x").build().unwrap()
}

/// What becomes of a call to a server that does this with each connection.
async fn meeting<F>(fault: impl Fn(TcpStream) -> F + Send + 'static) -> Error
where
    F: Future<Output = ()> + Send,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            fault(stream).await;
        }
    });
    let client = builder(&base_url).timeout(SHORT).build().unwrap();
    let error = client.update(1, change()).await.unwrap_err();
    serving.abort();
    error
}

/// Reads a request to the end of its JSON.
async fn read_request(stream: &mut TcpStream) {
    let mut request = Vec::new();
    while !request.ends_with(b"}") {
        stream.read_buf(&mut request).await.unwrap();
    }
}

/// What is unread when a connection is closed makes it a reset.
async fn reset(mut stream: TcpStream) {
    let _ = stream.read_u8().await;
}

async fn answer_and_hold(mut stream: TcpStream, bytes: &[u8]) {
    read_request(&mut stream).await;
    stream.write_all(bytes).await.unwrap();
    // Until the client goes away.
    let _ = stream.read_u8().await;
}

#[tokio::test]
async fn reset_before_the_head() {
    let error = meeting(reset).await;
    assert!(error.status().is_none() && error.is_retryable(), "{error:?}");
    assert!(error.to_string().starts_with("the API could not be reached: "), "{error}");
}

#[tokio::test]
async fn reset_after_the_head() {
    let error = meeting(|mut stream| async move {
        read_request(&mut stream).await;
        stream.write_all(b"HTTP/1.1 500 Broken\r\ncontent-length: 100\r\n\r\n{\"err").await.unwrap();
        stream.set_zero_linger().unwrap();
    });
    assert_eq!(error.await.status().unwrap(), 500);
}

#[tokio::test]
async fn closed_without_an_answer() {
    let error = meeting(|mut stream| async move { read_request(&mut stream).await }).await;
    assert!(error.status().is_none() && error.is_retryable(), "{error:?}");
}

#[tokio::test]
async fn silence() {
    let error = meeting(|stream| async move { answer_and_hold(stream, b"").await }).await;
    assert!(error.to_string().starts_with("the API did not answer in time: ") && error.is_retryable(), "{error}");
}

#[tokio::test]
async fn slow_head() {
    let error = meeting(|stream| async move { answer_and_hold(stream, b"HTTP/1.1 204 No").await }).await;
    assert!(error.status().is_none() && error.is_retryable(), "{error:?}");
}

/// The status was there: a body that never ends takes nothing away from it.
#[tokio::test]
async fn slow_body() {
    let bytes = b"HTTP/1.1 404 Not Found\r\ncontent-length: 100\r\n\r\n{\"errors\": [{\"code\": \"not_found\"}]";
    let error = meeting(move |stream| async move { answer_and_hold(stream, bytes).await }).await;
    assert_eq!(error.status().unwrap(), 404);
    assert!(error.to_string().contains("not_found"), "{error}");
}

#[tokio::test]
async fn malformed_head() {
    let error = meeting(|stream| async move { answer_and_hold(stream, b"GARBAGE\r\n\r\n").await }).await;
    assert!(error.status().is_none(), "{error:?}");
}

/// A page for people, with a status for success.
#[tokio::test]
async fn a_portal_in_between() {
    for status in [200, 203, 206] {
        let server =
            Server::start(move |_| Answer::status(status).with("content-type", "text/html").body("<html>Sign in"))
                .await
                .unwrap();
        let error = builder(&server.base_url()).build().unwrap().update(1, change()).await.unwrap_err();
        assert_eq!(error.status().unwrap(), status);
        assert!(error.to_string().ends_with("<html>Sign in"), "{error}");
    }
}

#[tokio::test]
async fn a_proxy_that_asks_for_its_own_keys() {
    let answer = || Answer::status(407).with("proxy-authenticate", "Basic").body("who are you?");
    let server = Server::start(move |_| answer()).await.unwrap();
    let error = builder(&server.base_url()).build().unwrap().update(1, change()).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 407);
    assert!(!error.is_retryable() && server.received().len() == 1);
}

#[tokio::test]
async fn every_status_that_may_pass_is_tried_again_and_no_other() {
    for (status, tries) in [
        (400, 1),
        (401, 1),
        (403, 1),
        (404, 1),
        (408, 2),
        (409, 1),
        (422, 1),
        (429, 2),
        (500, 1),
        (501, 1),
        (502, 2),
        (503, 2),
        (504, 2),
    ] {
        let server = Server::start(move |_| Answer::status(status).with("retry-after", "0")).await.unwrap();
        let client = builder(&server.base_url()).max_retries(1).build().unwrap();
        let error = client.update(1, change()).await.unwrap_err();
        assert_eq!((error.status().unwrap().as_u16(), server.received().len()), (status, tries));
        assert_eq!(error.is_retryable(), tries == 2);
    }
}

/// However long the API asks to wait: what would end after the deadline is not begun.
#[tokio::test]
async fn no_call_outlasts_its_deadline() {
    let server = Server::start(|_| Answer::status(503).with("retry-after", "60")).await.unwrap();
    let client = builder(&server.base_url()).max_retries(9).deadline(Duration::from_secs(30)).build().unwrap();
    let error = client.update(1, change()).await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), server.received().len()), (503, 1));

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let client = builder(&base_url).max_retries(9).deadline(SHORT).build().unwrap();
    let error = tokio::time::timeout(Duration::from_secs(20), client.update(1, change())).await.unwrap().unwrap_err();
    assert!(error.to_string().starts_with("the API did not answer in time: "), "{error}");
}

/// Polls a future so often, and leaves it where it is.
async fn begun<F: Future>(future: F, polls: usize) {
    let mut future = pin!(future);
    for _ in 0..polls {
        let is_done = poll_fn(|context| Poll::Ready(future.as_mut().poll(context).is_ready())).await;
        if is_done {
            return;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_call_may_be_dropped_wherever_it_waits() {
    let server = Server::start(|_| Answer::status(503).with("retry-after", "0")).await.unwrap();
    let client = builder(&server.base_url()).max_retries(3).build().unwrap();
    let tasks = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
    client.update(1, change()).await.unwrap_err();
    for polls in 0..60 {
        begun(client.update(1, change()), polls).await;
    }
    let error = client.update(1, change()).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 503);
    // Of client and connections, nothing is left behind; one task is the server's.
    drop(client);
    let gone = async {
        while tasks() > 1 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), gone).await.expect("no task behind");
}
