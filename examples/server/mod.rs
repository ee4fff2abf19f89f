// An HTTP server on loopback that records the requests it receives. Not an inner comment: other files include this one.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{HeaderMap, HeaderValue};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Received {
    pub method: String,
    pub path: String,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Received {
    /// The body as JSON; `null` if it is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// An answer to give.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn status(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    pub fn json(status: u16, body: &serde_json::Value) -> Self {
        Self::status(status).with("content-type", "application/json").body(body.to_string())
    }

    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }
}

/// The server; it stops when it is dropped.
pub struct Server {
    address: std::net::SocketAddr,
    exchanges: Arc<Mutex<Vec<(Received, Answer)>>>,
    _accepting: JoinSet<()>,
}

impl Server {
    /// Starts one that answers each request as told.
    pub async fn start(answer: impl Fn(&Received) -> Answer + Send + Sync + 'static) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let exchanges = Arc::new(Mutex::new(Vec::new()));
        let (log, answer) = (Arc::clone(&exchanges), Arc::new(answer));
        let mut accepting = JoinSet::new();
        accepting.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (log, answer) = (Arc::clone(&log), Arc::clone(&answer));
                let service = service_fn(move |request| {
                    let (log, answer) = (Arc::clone(&log), Arc::clone(&answer));
                    async move {
                        let received = read(request).await;
                        let answer = answer(&received);
                        if let Ok(mut log) = log.lock() {
                            log.push((received, answer.clone()));
                        }
                        Ok::<_, Infallible>(response(answer))
                    }
                });
                connections.spawn(async move {
                    // A client that goes away is no fault of the server's.
                    let _ = hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .await;
                });
            }
        });
        Ok(Self { address, exchanges, _accepting: accepting })
    }

    /// Where it listens, with a path such as the API's.
    pub fn base_url(&self) -> String {
        format!("http://{}/api/v3", self.address)
    }

    /// The requests so far.
    pub fn received(&self) -> Vec<Received> {
        self.exchanges.lock().map(|log| log.iter().map(|it| it.0.clone()).collect()).unwrap_or_default()
    }

    /// The last request, and how it was answered.
    pub fn last(&self) -> Option<(Received, Answer)> {
        self.exchanges.lock().ok()?.last().cloned()
    }
}

async fn read(request: Request<Incoming>) -> Received {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map(|body| body.to_bytes().to_vec()).unwrap_or_default();
    Received { method: head.method.to_string(), path: head.uri.to_string(), headers: head.headers, body }
}

fn response(answer: Answer) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(answer.body)));
    if let Ok(status) = hyper::StatusCode::from_u16(answer.status) {
        *response.status_mut() = status;
    }
    for (name, value) in answer.headers {
        if let Ok(value) = HeaderValue::try_from(value) {
            response.headers_mut().append(name, value);
        }
    }
    response
}
