//! Tracing spans.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Mutex, Once};

use crate::server::{Response, Server};
use sendcloud_integrations::Client;
use sendcloud_integrations::types::IntegrationModel;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

type Span = BTreeMap<String, String>;

/// The fields of all spans of this crate.
static SPANS: Mutex<Vec<Span>> = Mutex::new(Vec::new());

/// Records the spans of all threads: `tracing` remembers whether a span is enabled, so a subscriber of one thread would miss
/// the span if another thread without a subscriber was first.
struct Recorder;

fn record_spans() {
    static INSTALL: Once = Once::new();
    INSTALL.call_once(|| tracing::subscriber::set_global_default(Recorder).unwrap());
}

/// Returns the spans of the calls with an ID that only one test uses.
fn spans_of(id: u64) -> Vec<Span> {
    SPANS.lock().unwrap().iter().filter(|span| span.get("id") == Some(&id.to_string())).cloned().collect()
}

struct Fields<'a>(&'a mut Span);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }
}

impl Subscriber for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("sendcloud_integrations")
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let mut fields = Span::new();
        attributes.record(&mut Fields(&mut fields));
        let mut spans = SPANS.lock().unwrap();
        spans.push(fields);
        Id::from_u64(spans.len() as u64)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        let index = usize::try_from(span.into_u64()).unwrap() - 1;
        values.record(&mut Fields(&mut SPANS.lock().unwrap()[index]));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &Event<'_>) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn a_call_is_one_span_without_secrets() {
    record_spans();
    let server = Server::start(|_| Response::status(503).header("retry-after", "0")).await.unwrap();
    let client =
        Client::builder().credentials("a-public-key", "a-secret-key").base_url(server.base_url()).max_retries(1);
    let client = client.build().unwrap();
    client.update(7001, IntegrationModel::builder().shop_name("a shop")).await.unwrap_err();

    let spans = spans_of(7001);
    let [call] = &spans[..] else { panic!("{spans:?}") };
    assert_eq!(call["operation"], "\"update_integration\"");
    assert_eq!((call["path"].as_str(), call["id"].as_str()), ("\"/api/v3/integrations/7001\"", "7001"));
    assert_eq!((call["attempts"].as_str(), call["status"].as_str()), ("2", "503"));
    assert!(call["milliseconds"].parse::<f64>().unwrap() > 0.0);
    let shown = format!("{spans:?}");
    let encoded = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, "a-public-key:a-secret-key");
    for secret in ["a-public-key", "a-secret-key", encoded.as_str(), "a shop"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[tokio::test]
async fn a_span_has_the_status_of_the_last_attempt() {
    record_spans();
    let attempts = std::sync::atomic::AtomicU32::new(0);
    let server = Server::start(move |_| match attempts.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
        0 => Response::status(503).header("retry-after", "0"),
        _ => Response::status(204),
    });
    let server = server.await.unwrap();
    let client = Client::builder().credentials("public", "secret").base_url(server.base_url()).build().unwrap();
    client.update(7002, IntegrationModel::builder().shop_name("a shop")).await.unwrap();
    // Dropped before it is sent: there is no span.
    drop(client.update(7002, IntegrationModel::builder().shop_name("a shop")));

    let spans = spans_of(7002);
    let [call] = &spans[..] else { panic!("{spans:?}") };
    assert_eq!((call["attempts"].as_str(), call["status"].as_str()), ("2", "204"));
    assert!(!call.contains_key("error"), "{call:?}");
}
