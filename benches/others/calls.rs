//! Observes what a generated client does. This program is the server; `caller` calls the client.

mod caller;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// The outcome of a call.
#[derive(Clone, Copy, PartialEq)]
pub enum Outcome {
    /// A documented success.
    Success,
    /// A documented error, decoded.
    Decoded,
    /// Any other outcome.
    Failure,
}

/// The body of the documented 404.
const NOT_FOUND: &str = include_str!("404.json");
/// Length of a long error body, in bytes.
const LONG: usize = 64 << 20;
/// Number of bytes of it that are sent at once.
const PART: usize = 1 << 16;

/// The wait that `Retry-After` asks for.
const WAIT: Duration = Duration::from_secs(3);

struct Received {
    at: Instant,
    head: String,
    body: String,
    /// Number of bytes of the response body that the client has read.
    read: usize,
}

#[derive(Clone)]
struct Server {
    port: u16,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Server {
    fn start() -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let server = Self { port: listener.local_addr()?.port(), received: Arc::default() };
        let answering = server.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let server = answering.clone();
                std::thread::spawn(move || server.answer(stream));
            }
        });
        Ok(server)
    }

    /// Responds to one request as its path says, and closes the connection.
    fn answer(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let mut reader = BufReader::new(stream.try_clone()?);
        let mut head = String::new();
        while reader.read_line(&mut head)? > 2 {}
        let head = head.to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        reader.read_exact(&mut body)?;
        let (at, body) = (Instant::now(), String::from_utf8_lossy(&body).into_owned());
        let index = {
            let mut received = self.received.lock().expect("the lock is not poisoned");
            received.push(Received { at, head: head.clone(), body, read: 0 });
            received.len() - 1
        };
        let json = |status, body: &str| {
            format!(
                "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            )
        };
        let answer = match head.split('/').nth(1).unwrap_or_default() {
            "not-found" => json("404 Not Found", NOT_FOUND),
            "wait" if index == 0 => format!(
                "HTTP/1.1 429 Too Many Requests\r\nretry-after: {}\r\ncontent-length: 0\r\n\r\n",
                WAIT.as_secs()
            ),
            "moved" => format!(
                "HTTP/1.1 302 Found\r\nlocation: http://localhost:{}/elsewhere\r\ncontent-length: 0\r\n\r\n",
                self.port
            ),
            "long" => {
                format!("HTTP/1.1 404 Not Found\r\ncontent-type: application/json\r\ncontent-length: {LONG}\r\n\r\n")
            }
            _ => "HTTP/1.1 204 No Content\r\n\r\n".into(),
        };
        stream.write_all(answer.as_bytes())?;
        if head.contains(" /long/") {
            let part = vec![b' '; PART];
            for _ in 0..LONG / PART {
                stream.write_all(&part)?;
                // The list is empty once the call has ended.
                let mut received = self.received.lock().expect("the lock is not poisoned");
                received.get_mut(index).into_iter().for_each(|received| received.read += PART);
            }
        }
        Ok(())
    }
}

/// Makes a call. Returns its outcome and the requests that the server received.
async fn call(way: &str, id: i64, change: &str) -> (Outcome, Vec<Received>) {
    let server = Server::start().expect("a server starts on loopback");
    let base_url = format!("http://127.0.0.1:{}/{way}", server.port);
    let call = tokio::time::timeout(Duration::from_secs(60), caller::call(&base_url, id, change));
    let outcome = call.await.unwrap_or(Outcome::Failure);
    (outcome, std::mem::take(&mut *server.received.lock().expect("the lock is not poisoned")))
}

/// Returns whether the client rejects a change without sending it.
async fn rejects(id: i64, change: &str) -> bool {
    call("fine", id, change).await.1.is_empty()
}

#[tokio::main]
async fn main() {
    let (outcome, received) = call("fine", 1, r#"{"shop_name": "x"}"#).await;
    assert!(outcome == Outcome::Success && received.len() == 1, "a plain call does not succeed");
    // "public:secret" in base64.
    let basic = received[0].head.contains("authorization: basic chvibgljonnly3jlda==");
    let decodes = call("not-found", 1, "{}").await.0 == Outcome::Decoded;
    let (outcome, received) = call("wait", 1, "{}").await;
    let waits = match &received[..] {
        [first, second] => (WAIT..2 * WAIT).contains(&(second.at - first.at)) && outcome == Outcome::Success,
        _ => false,
    };
    let rules =
        rejects(1, r#"{"webhook_active": true}"#).await && rejects(1, r#"{"service_point_enabled": true}"#).await;
    let (outcome, received) = call("moved", 1, "{}").await;
    let goes_elsewhere = outcome == Outcome::Success && received.len() == 2;
    let (_, received) = call("long", 1, "{}").await;
    // The last part may not be counted yet.
    let reads_all = received.first().is_some_and(|received| received.read + PART >= LONG);
    let (_, absent) = call("fine", 1, "{}").await;
    let (_, null) = call("fine", 1, r#"{"webhook_url": null}"#).await;
    let contains = |received: &[Received], text: &str| received.iter().any(|received| received.body.contains(text));
    let distinguishes_null = !contains(&absent, "webhook_url") && contains(&null, r#""webhook_url":null"#);
    let long_name = format!(r#"{{"shop_name": "{}"}}"#, "x".repeat(251));
    let checks = rejects(1, &long_name).await && rejects(0, "{}").await;
    let columns = [basic, decodes, waits, rules, goes_elsewhere, reads_all, distinguishes_null, checks];
    println!("{}", columns.map(|holds| if holds { "yes" } else { "no" }).join("\t"));
}
