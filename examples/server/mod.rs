// A local HTTP server that records the requests it receives. Not `//!`, because `include!` does not allow inner doc comments.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::body::{Bytes, Incoming};
use hyper::header::{HeaderMap, HeaderValue};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// A request that the server received.
#[derive(Clone, Debug)]
pub struct Received {
    pub method: String,
    pub path: String,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Received {
    /// Returns the body as JSON, or `null` if it is not JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// A response to send.
#[derive(Clone, Debug, Default)]
pub struct Response {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

impl Response {
    pub fn status(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    pub fn json(status: u16, body: &serde_json::Value) -> Self {
        Self::status(status).header("content-type", "application/json").body(body.to_string())
    }

    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }
}

/// A local HTTP server, which stops when it is dropped.
pub struct Server {
    address: std::net::SocketAddr,
    exchanges: Arc<Mutex<Vec<(Received, Response)>>>,
    _accepting: JoinSet<()>,
}

impl Server {
    /// Starts a server that responds with the result of `respond`.
    pub async fn start(respond: impl Fn(&Received) -> Response + Send + Sync + 'static) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let exchanges = Arc::new(Mutex::new(Vec::new()));
        let (log, respond) = (Arc::clone(&exchanges), Arc::new(respond));
        let mut accepting = JoinSet::new();
        accepting.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (log, respond) = (Arc::clone(&log), Arc::clone(&respond));
                let service = service_fn(move |request| {
                    let (log, respond) = (Arc::clone(&log), Arc::clone(&respond));
                    async move {
                        let received = read(request).await;
                        let response = respond(&received);
                        if let Ok(mut log) = log.lock() {
                            log.push((received, response.clone()));
                        }
                        Ok::<_, Infallible>(to_hyper(response))
                    }
                });
                connections.spawn(async move {
                    // A client may close its connection at any time.
                    let _ = hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .await;
                });
            }
        });
        Ok(Self { address, exchanges, _accepting: accepting })
    }

    /// Returns the base URL, with the path of the API.
    pub fn base_url(&self) -> String {
        format!("http://{}/api/v3", self.address)
    }

    /// Returns the requests so far.
    pub fn received(&self) -> Vec<Received> {
        self.exchanges.lock().map(|log| log.iter().map(|(request, _)| request.clone()).collect()).unwrap_or_default()
    }

    /// Returns the last request and its response.
    pub fn last(&self) -> Option<(Received, Response)> {
        self.exchanges.lock().ok()?.last().cloned()
    }
}

async fn read(request: Request<Incoming>) -> Received {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map(|body| body.to_bytes().to_vec()).unwrap_or_default();
    Received { method: head.method.to_string(), path: head.uri.to_string(), headers: head.headers, body }
}

fn to_hyper(response: Response) -> hyper::Response<Full<Bytes>> {
    let mut converted = hyper::Response::new(Full::new(Bytes::from(response.body)));
    if let Ok(status) = hyper::StatusCode::from_u16(response.status) {
        *converted.status_mut() = status;
    }
    for (name, value) in response.headers {
        if let Ok(value) = HeaderValue::try_from(value) {
            converted.headers_mut().append(name, value);
        }
    }
    converted
}
