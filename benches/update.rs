//! Compares a call of `Client::update` with the same call written by hand with reqwest, with `Client::update_all` without a rate limit,
//! and with sending a prepared request: `cargo bench --features bulk --bench update`.
//!
//! Each variant runs in its own process, against a server in this one. valgrind counts instructions in user space, as the difference
//! between two numbers of calls, which excludes the start of the process. Without valgrind, they are left out. Times are medians of
//! alternating rounds.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::convert::Infallible;
use std::process::Command;
use std::time::{Duration, Instant};

use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Method, StatusCode, Url, redirect};
use sendcloud_integrations::types::{FeedbackType, IntegrationModel, builder};
use sendcloud_integrations::{BulkOptions, Client};
use serde::Serialize;

const VARIANTS: [&str; 4] = ["by hand", "update", "update_all", "prepared"];
const ROUNDS: usize = 9;
const ID: u64 = 12345;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match &arguments[..] {
        [variant, base_url, calls, at_once] => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let (calls, at_once) = (calls.parse().unwrap(), at_once.parse().unwrap());
            println!("{}", runtime.block_on(run(variant, base_url, calls, at_once)).as_nanos());
        }
        _ => compare(),
    }
}

/// Runs all variants and prints a table.
fn compare() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let base_url = runtime.block_on(serve());
    let mut alone = [const { Vec::new() }; VARIANTS.len()];
    let mut together = alone.clone();
    for _ in 0..ROUNDS {
        for (index, variant) in VARIANTS.iter().enumerate() {
            alone[index].push(seconds(variant, &base_url, 2_000, 1) / 2_000.0);
            together[index].push(seconds(variant, &base_url, 20_000, 64) / 20_000.0);
        }
    }
    let instructions = VARIANTS.map(|variant| {
        let of = |calls| instructions(variant, &base_url, calls);
        Some((of(1_500)? - of(500)?) / 1_000.0)
    });
    println!("{:<10} {:>21} {:>18} {:>24}", "", "instructions a call", "µs a call", "calls/s with 64 at once");
    let (alone, together) = (alone.map(median), together.map(median));
    for (index, variant) in VARIANTS.iter().enumerate() {
        let counted = instructions[index].zip(instructions[0]);
        let counted = counted.map_or("?".to_owned(), |(own, other)| format!("{own:.0} ({:.3})", own / other));
        println!(
            "{variant:<10} {counted:>21} {:>18} {:>24}",
            format!("{:.1} ({:.3})", alone[index] * 1e6, alone[index] / alone[0]),
            format!("{:.0} ({:.3})", 1.0 / together[index], together[0] / together[index]),
        );
    }
}

fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}

fn seconds(variant: &str, base_url: &str, calls: usize, at_once: usize) -> f64 {
    let itself = std::env::current_exe().unwrap();
    let ran =
        Command::new(itself).args([variant, base_url, &calls.to_string(), &at_once.to_string()]).output().unwrap();
    let nanoseconds: f64 = String::from_utf8_lossy(&ran.stdout).trim().parse().expect("the variant prints its time");
    nanoseconds / 1e9
}

/// Returns the number of instructions that valgrind counts, if it is installed.
fn instructions(variant: &str, base_url: &str, calls: usize) -> Option<f64> {
    let ran = Command::new("valgrind")
        .args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"])
        .arg(std::env::current_exe().unwrap())
        .args([variant, base_url, &calls.to_string(), "1"])
        .output()
        .ok()?;
    let report = String::from_utf8_lossy(&ran.stderr).into_owned();
    let count = report.split_once("refs:")?.1.split_whitespace().next()?;
    count.replace(',', "").parse().ok()
}

/// Starts a server that accepts all changes. Returns its base URL.
async fn serve() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}/api/v3", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            stream.set_nodelay(true).unwrap();
            let answer = service_fn(async |_| {
                let response = hyper::Response::builder().status(204).body(String::new());
                Ok::<_, Infallible>(response.unwrap())
            });
            tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), answer));
        }
    });
    base_url
}

/// Returns the time that a number of calls take, with this many at once.
async fn run(variant: &str, base_url: &str, calls: usize, at_once: usize) -> Duration {
    match variant {
        "by hand" => {
            let http = by_hand();
            let url = base_url.to_owned();
            time(calls, at_once, async || call_by_hand(&http, &url).await).await
        }
        "update" => {
            let client = client(base_url);
            time(calls, at_once, async || client.update(ID, change()).await.unwrap()).await
        }
        "update_all" => {
            let client = client(base_url);
            client.update(ID, change()).await.unwrap();
            let started = Instant::now();
            let options = BulkOptions::default().no_limit().concurrency(at_once);
            let mut outcomes = client.update_all((0..calls).map(|_| (ID, change())), options);
            while let Some((_, outcome)) = outcomes.next().await {
                outcome.unwrap();
            }
            started.elapsed()
        }
        "prepared" => {
            let http = by_hand();
            let url: Url = format!("{base_url}/integrations/{ID}").parse().unwrap();
            let headers = HeaderMap::from_iter([
                (AUTHORIZATION, HeaderValue::from_static("Basic cHVibGljOnNlY3JldA==")),
                (CONTENT_TYPE, HeaderValue::from_static("application/json")),
            ]);
            let body = serde_json::to_vec(&change_by_hand()).unwrap();
            let call = async || {
                let mut request = reqwest::Request::new(Method::PATCH, url.clone());
                *request.headers_mut() = headers.clone();
                *request.body_mut() = Some(body.clone().into());
                assert_eq!(http.execute(request).await.unwrap().status(), StatusCode::NO_CONTENT);
            };
            time(calls, at_once, call).await
        }
        other => panic!("unknown variant `{other}`, expected one of {VARIANTS:?}"),
    }
}

async fn time(calls: usize, at_once: usize, call: impl AsyncFn()) -> Duration {
    call().await;
    let started = Instant::now();
    let call = &call;
    let lanes = (0..at_once).map(|_| async move {
        for _ in 0..calls / at_once {
            call().await;
        }
    });
    futures_util::future::join_all(lanes).await;
    started.elapsed()
}

fn client(base_url: &str) -> Client {
    Client::builder().credentials("public", "secret").base_url(base_url).build().unwrap()
}

fn change() -> builder::IntegrationModel {
    IntegrationModel::builder()
        .shop_name("My Webshop")
        .enable_webhook("https://mywebshop.com/feedback")
        .enable_service_points(["ups", "dhl"])
        .feedback_type(FeedbackType::Delayed)
}

/// Returns an HTTP client with the same settings as `Client`.
fn by_hand() -> reqwest::Client {
    reqwest::Client::builder()
        .user_agent("by-hand/1.0")
        .timeout(Duration::from_secs(30))
        .connect_timeout(Duration::from_secs(10))
        .redirect(redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap()
}

/// A handwritten request body.
#[derive(Default, Serialize)]
struct Change {
    #[serde(skip_serializing_if = "Option::is_none")]
    shop_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shop_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_point_enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_point_carriers: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    webhook_active: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    webhook_url: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    feedback_type: Option<&'static str>,
}

fn change_by_hand() -> Change {
    Change {
        shop_name: Some("My Webshop".to_owned()),
        service_point_enabled: Some(true),
        service_point_carriers: Some(vec!["ups".to_owned(), "dhl".to_owned()]),
        webhook_active: Some(true),
        webhook_url: Some(Some("https://mywebshop.com/feedback".to_owned())),
        feedback_type: Some("delayed"),
        ..Change::default()
    }
}

async fn call_by_hand(http: &reqwest::Client, base_url: &str) {
    let request = http
        .patch(format!("{base_url}/integrations/{ID}"))
        .basic_auth("public", Some("secret"))
        .header("accept", "application/json")
        .header("accept-encoding", "identity")
        .json(&change_by_hand());
    assert_eq!(request.send().await.unwrap().status(), StatusCode::NO_CONTENT);
}
