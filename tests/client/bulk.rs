//! Bulk changes: rate limit, pauses, outcomes, and the example `bulk_update`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Once};
use std::time::{Duration, Instant};

use crate::server::{Received, Response, Server};
use futures_util::StreamExt;
use sendcloud_integrations::types::{IntegrationModel, builder};
use sendcloud_integrations::{BulkOptions, Client, ClientBuilder, Error};

fn client(server: &Server) -> Client {
    Client::builder().credentials("public", "secret").base_url(server.base_url()).build().unwrap()
}

fn change(id: usize) -> builder::IntegrationModel {
    IntegrationModel::builder().shop_name(format!("Shop {id}"))
}

fn id(request: &Received) -> usize {
    request.path.rsplit('/').next().unwrap().parse().unwrap()
}

/// Starts a server that accepts this many requests in each second. Returns it with the number of accepted requests by id.
async fn start_limited_server(
    per_second: usize,
    retry_after: Option<&'static str>,
) -> (Server, Arc<Mutex<HashMap<usize, usize>>>) {
    let accepted = Arc::new(Mutex::new(HashMap::new()));
    let counted = Arc::clone(&accepted);
    let (started, windows) = (Instant::now(), Mutex::new((0, 0)));
    let answer = move |request: &Received| {
        let mut window = windows.lock().unwrap();
        let second = started.elapsed().as_secs();
        *window = if window.0 == second { (second, window.1 + 1) } else { (second, 1) };
        if window.1 > per_second {
            return retry_after
                .into_iter()
                .fold(Response::status(429), |response, wait| response.header("retry-after", wait));
        }
        *counted.lock().unwrap().entry(id(request)).or_insert(0) += 1;
        Response::status(204)
    };
    (Server::start(answer).await.unwrap(), accepted)
}

fn assert_each_once(accepted: &Mutex<HashMap<usize, usize>>, changes: usize) {
    let accepted = accepted.lock().unwrap();
    assert_eq!((accepted.len(), accepted.values().max()), (changes, Some(&1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_sends_each_change_once_and_uses_the_limit() {
    let (changes, per_second) = (3_000, 500);
    let (server, accepted) = start_limited_server(per_second, Some("1")).await;
    // Slightly too fast, so that the server sends 429 responses.
    let options = BulkOptions::default().limit(505, Duration::from_secs(1));
    let started = Instant::now();
    let outcomes = client(&server).update_all((1..=changes).map(|id| (id, change(id))), options);
    let failed = outcomes.filter_map(async |(_, outcome)| outcome.err()).collect::<Vec<_>>().await;
    assert!(failed.is_empty(), "{failed:?}");
    assert_each_once(&accepted, changes);
    let ideal = changes as f64 / per_second as f64;
    let elapsed = started.elapsed().as_secs_f64();
    // Each pause after a 429 response takes a second.
    assert!((ideal * 0.9..ideal * 3.0).contains(&elapsed), "{elapsed} s");
}

/// The burst and the requests that follow it stay within Sendcloud's limit of 15 requests per second.
#[tokio::test]
async fn at_most_15_requests_are_sent_in_any_second() {
    let arrivals = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&arrivals);
    let answer = move |_: &Received| {
        seen.lock().unwrap().push(Instant::now());
        Response::status(204)
    };
    let server = Server::start(answer).await.unwrap();
    let outcomes = client(&server).update_all((1..=16).map(|id| (id, change(id))), BulkOptions::default());
    assert_eq!(outcomes.filter(|(_, outcome)| std::future::ready(outcome.is_ok())).count().await, 16);
    let arrivals = arrivals.lock().unwrap();
    let elapsed = arrivals[15] - arrivals[0];
    assert!(elapsed > Duration::from_secs(1), "{elapsed:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn update_all_without_limit_honors_429_responses() {
    for retry_after in [Some("1"), Some("0"), None] {
        let (changes, per_second, started) = (900, 300, Instant::now());
        let (server, accepted) = start_limited_server(per_second, retry_after).await;
        let options = BulkOptions::default().no_limit().concurrency(32);
        let outcomes = client(&server).update_all((1..=changes).map(|id| (id, change(id))), options);
        let failed = outcomes.filter_map(async |(_, outcome)| outcome.err()).collect::<Vec<_>>().await;
        assert!(failed.is_empty(), "{failed:?}");
        assert_each_once(&accepted, changes);
        assert!(started.elapsed() < Duration::from_secs(20), "pauses are not longer than the server asks for");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_429_response_pauses_all_calls() {
    let arrivals = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&arrivals);
    let answer = move |_: &Received| {
        let mut seen = seen.lock().unwrap();
        seen.push(Instant::now());
        if seen.len() == 20 { Response::status(429).header("retry-after", "1") } else { Response::status(204) }
    };
    let server = Server::start(answer).await.unwrap();
    let options = BulkOptions::default().no_limit().concurrency(4);
    let outcomes = client(&server).update_all((1..=100).map(|id| (id, change(id))), options);
    assert_eq!(outcomes.filter(|(_, outcome)| std::future::ready(outcome.is_ok())).count().await, 100);
    let arrivals = arrivals.lock().unwrap();
    assert_eq!(arrivals.len(), 101);
    // Pending calls complete; then there are no requests for as long as the server asked.
    let gaps = arrivals.windows(2).map(|next| next[1] - next[0]).enumerate();
    let (before, longest) = gaps.max_by_key(|(_, gap)| *gap).unwrap();
    assert!(longest >= Duration::from_millis(900), "{longest:?}");
    // If only the rejected call waited, the gap would come after all other requests.
    assert!(before < 60, "{before} requests arrived before the pause");
}
#[tokio::test]
async fn a_429_response_pauses_all_calls_beyond_the_retry_after_cap() {
    let arrivals = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&arrivals);
    let answer = move |_: &Received| {
        let mut seen = seen.lock().unwrap();
        seen.push(Instant::now());
        if seen.len() <= 4 { Response::status(429).header("retry-after", "2") } else { Response::status(204) }
    };
    let server = Server::start(answer).await.unwrap();
    let client = Client::builder().credentials("public", "secret").base_url(server.base_url());
    // A single call would not wait that long.
    let client = client.retry_after_cap(Duration::from_millis(100)).deadline(Duration::from_secs(20)).build().unwrap();
    let options = BulkOptions::default().no_limit().concurrency(4);
    let outcomes = client.update_all((1..=20).map(|id| (id, change(id))), options);
    assert_eq!(outcomes.filter(|(_, outcome)| std::future::ready(outcome.is_ok())).count().await, 20);
    let arrivals = arrivals.lock().unwrap();
    assert!(arrivals[4].duration_since(arrivals[3]) >= Duration::from_millis(1_900));
}

/// Sends 40 changes to a server that accepts two and responds to all others with status 429. Returns the errors and the duration.
async fn run_until_paused(
    deadline: Option<Duration>,
    retry_after: &'static str,
    options: BulkOptions,
) -> (Vec<Error>, Duration) {
    let requests = AtomicUsize::new(0);
    let server = Server::start(move |_| match requests.fetch_add(1, Ordering::Relaxed) {
        0..2 => Response::status(204),
        _ => Response::status(429).header("retry-after", retry_after).header("x-request-id", "7").body("slow down"),
    });
    let server = server.await.unwrap();
    let builder = Client::builder().credentials("public", "secret").base_url(server.base_url());
    let client = deadline.into_iter().fold(builder, ClientBuilder::deadline).build().unwrap();
    let started = Instant::now();
    let outcomes = client.update_all((1..=40).map(|id| (id, change(id))), options.concurrency(4));
    let failed: Vec<Error> = outcomes.filter_map(async |(_, outcome)| outcome.err()).collect().await;
    assert!(server.received().len() < 10, "no request is sent during a pause");
    (failed, started.elapsed())
}

#[tokio::test]
async fn a_pause_beyond_the_deadline_fails_all_pending_changes() {
    let second = Duration::from_secs(1);
    for (deadline, retry_after, options) in [
        (Some(second), "3600", BulkOptions::default().no_limit()),
        (Some(second), "6", BulkOptions::default().limit(1_000, second).burst(100)),
        // With a rate limit: the pause does not count as time in the limiter.
        (Some(second), "6", BulkOptions::default().limit(20, second)),
        (None, "3600", BulkOptions::default().no_limit()),
        (None, "5", BulkOptions::default().no_limit().max_pause(second)),
    ] {
        let (failed, elapsed) = run_until_paused(deadline, retry_after, options).await;
        assert_eq!(failed.len(), 38, "{failed:?}");
        for error in failed {
            assert_eq!(error.status().unwrap(), 429);
            assert_eq!(error.retry_after().unwrap().as_secs().to_string(), retry_after);
            assert_eq!(error.headers().unwrap()["x-request-id"], "7");
            let expected = format!("the API returned 429 Too Many Requests (Retry-After: {retry_after} s): slow down");
            assert_eq!(error.to_string(), expected);
        }
        assert!(elapsed < Duration::from_secs(5), "{retry_after}: {elapsed:?}");
    }
}

/// A change that is added near the end of the pause fails, too.
#[tokio::test]
async fn max_pause_limits_the_total_length_of_a_pause() {
    let server = Server::start(|_| Response::status(429).header("retry-after", "2")).await.unwrap();
    let (send, receive) = tokio::sync::mpsc::unbounded_channel();
    let changes = futures_util::stream::unfold(receive, async |mut receive| Some((receive.recv().await?, receive)));
    let options = BulkOptions::default().no_limit().max_pause(Duration::from_secs(1));
    let client = client(&server);
    let mut outcomes = client.update_all(Box::pin(changes), options);
    for (id, wait) in [(1, 0), (2, 0), (3, 1_500)] {
        tokio::time::sleep(Duration::from_millis(wait)).await;
        send.send((id, change(id))).unwrap();
        assert_eq!(outcomes.next().await.unwrap().1.unwrap_err().status().unwrap(), 429);
    }
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn the_deadline_applies_while_a_429_body_is_slow() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        let mut open = Vec::new();
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = stream.read_u8().await;
            let head = "HTTP/1.1 429 Too Many Requests\r\nretry-after: 3600\r\ncontent-length: 9\r\n";
            let echo = "x-echo: Basic cHVibGljOnNlY3JldA==\r\n\r\nslow";
            stream.write_all(format!("{head}{echo}").as_bytes()).await.unwrap();
            open.push(stream);
        }
    });
    let builder = Client::builder().credentials("public", "secret").base_url(base_url);
    let client = builder.deadline(Duration::from_secs(1)).build().unwrap();
    let started = Instant::now();
    let options = BulkOptions::default().no_limit().concurrency(2);
    let outcomes: Vec<_> = client.update_all((1..=6).map(|id| (id, change(id))), options).collect().await;
    serving.abort();
    for (_, outcome) in &outcomes {
        let error = outcome.as_ref().unwrap_err();
        assert_eq!((error.status().unwrap().as_u16(), error.retry_after().unwrap().as_secs()), (429, 3600));
        assert_eq!(error.headers().unwrap()["x-echo"], "Basic [redacted]");
    }
    assert_eq!(outcomes.len(), 6);
    assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_pause_begins_with_the_head_of_the_429_response() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        let (mut refused, _) = listener.accept().await.unwrap();
        let (mut accepted, _) = listener.accept().await.unwrap();
        let _ = (refused.read_u8().await, accepted.read_u8().await);
        let head = b"HTTP/1.1 429 Too Many Requests\r\nretry-after: 1\r\ncontent-length: 9\r\n\r\n";
        refused.write_all(head).await.unwrap();
        // The server cannot observe that the client has read the head.
        tokio::time::sleep(Duration::from_millis(200)).await;
        accepted.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").await.unwrap();
        let answered = Instant::now();
        let (next, _) = listener.accept().await.unwrap();
        (answered.elapsed(), next, refused)
    });
    let client = Client::builder().credentials("public", "secret").base_url(base_url).build().unwrap();
    let options = BulkOptions::default().no_limit().concurrency(2);
    let mut outcomes = client.update_all((1..=3).map(|id| (id, change(id))), options);
    let first = tokio::spawn(async move { while outcomes.next().await.is_some() {} });
    let (waited, ..) = serving.await.unwrap();
    first.abort();
    assert!(waited > Duration::from_millis(600), "{waited:?}");
}

#[tokio::test]
async fn time_in_the_rate_limiter_does_not_count_towards_the_deadline() {
    let server = Server::start(|_| Response::status(204)).await.unwrap();
    let builder = Client::builder().credentials("public", "secret").base_url(server.base_url());
    let client = builder.deadline(Duration::from_millis(500)).build().unwrap();
    let options = BulkOptions::default().limit(10, Duration::from_secs(1)).concurrency(15);
    let started = Instant::now();
    let outcomes = client.update_all((1..=15).map(|id| (id, change(id))), options);
    assert_eq!(outcomes.filter(|(_, outcome)| std::future::ready(outcome.is_ok())).count().await, 15);
    assert!(started.elapsed() > Duration::from_millis(700));
}

#[tokio::test]
async fn changes_are_consumed_as_calls_complete() {
    let server = Server::start(|_| Response::status(204)).await.unwrap();
    let consumed = AtomicUsize::new(0);
    let changes = (1..=200).map(|id| {
        consumed.fetch_add(1, Ordering::Relaxed);
        (id, change(id))
    });
    let mut outcomes = client(&server).update_all(changes, BulkOptions::default().no_limit().concurrency(8));
    let mut completed = 0;
    while outcomes.next().await.is_some() {
        completed += 1;
        assert!(consumed.load(Ordering::Relaxed) <= completed + 8);
    }
    assert_eq!(completed, 200);
}

/// Changes from a stream, with ids of any type. An invalid change does not affect the others.
#[tokio::test]
async fn each_outcome_has_the_id_of_its_change() {
    let server =
        Server::start(|request| Response::status(if request.path.ends_with("/2") { 404 } else { 204 })).await.unwrap();
    let changes = [(1_i8, "a"), (2, "b"), (-3, "c"), (4, "")];
    let changes =
        futures_util::stream::iter(changes).map(|(id, name)| (id, IntegrationModel::builder().shop_name(name)));
    let mut outcomes: Vec<_> = client(&server).update_all(changes, BulkOptions::default()).collect().await;
    outcomes.sort_by_key(|(id, _)| *id);
    let messages: Vec<(i8, String)> = outcomes
        .into_iter()
        .map(|(id, outcome)| (id, outcome.err().map_or_else(String::new, |error| error.to_string())))
        .collect();
    assert_eq!(messages[0], (-3, "invalid request (not sent): /id: must be an integer of at least 1".to_owned()));
    assert_eq!(messages[1], (1, String::new()));
    assert_eq!(messages[2], (2, "the API returned 404 Not Found".to_owned()));
    assert_eq!(
        messages[3],
        (4, "invalid request (not sent): /shop_name: must be a string of 1 to 250 characters".to_owned())
    );
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn changes_are_sent_again_after_a_lost_connection() {
    use tokio::io::AsyncReadExt;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = Server::start(|_| Response::status(204)).await.unwrap();
    let address = server.base_url().trim_start_matches("http://").split('/').next().unwrap().to_owned();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    // A gateway that drops every other connection after the first byte of a request.
    let gateway = tokio::spawn(async move {
        for connection in 0.. {
            let (mut from, _) = listener.accept().await.unwrap();
            if connection % 2 == 0 {
                let _ = from.read_u8().await;
                continue;
            }
            let mut to = tokio::net::TcpStream::connect(&address).await.unwrap();
            tokio::spawn(async move { tokio::io::copy_bidirectional(&mut from, &mut to).await });
        }
    });
    let client = Client::builder().credentials("public", "secret").base_url(base_url).build().unwrap();
    let outcomes = client.update_all((1..=5).map(|id| (id, change(id))), BulkOptions::default().concurrency(2));
    assert_eq!(outcomes.filter(|(_, outcome)| std::future::ready(outcome.is_ok())).count().await, 5);
    gateway.abort();
    let mut arrived: Vec<usize> = server.received().iter().map(id).collect();
    arrived.sort_unstable();
    arrived.dedup();
    assert_eq!(arrived, [1, 2, 3, 4, 5]);
}

#[tokio::test]
async fn dropping_outcomes_stops_the_run() {
    let server = Server::start(|_| Response::status(204)).await.unwrap();
    let client = client(&server);
    let mut outcomes = client.update_all((1..).map(|id| (id, change(id))), BulkOptions::default().no_limit());
    for _ in 0..40 {
        outcomes.next().await.unwrap().1.unwrap();
    }
    drop((outcomes, client));
    // The last task is the server's.
    let stopped = async {
        while tokio::runtime::Handle::current().metrics().num_alive_tasks() > 1 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), stopped).await.expect("all tasks of the client end");
    assert!(server.received().len() <= 40 + 16);
}

/// Without keys, the example sends the changes to its own server. A later run with keys sends them to the API.
#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_does_not_complete_changes() {
    let server = Server::start(|_| Response::status(204)).await.unwrap();
    let changes = create_folder("bulk-dry-run").join("changes.jsonl");
    let path = changes.to_str().unwrap();
    let line = |name: &str| format!("{{\"id\": 1, \"change\": {{\"shop_name\": \"{name}\"}}}}\n");
    std::fs::write(&changes, line("A")).unwrap();
    let mut dry_run = example_command(&server, &[path]);
    dry_run.env_remove("SENDCLOUD_PUBLIC_KEY").env_remove("SENDCLOUD_SECRET_KEY");
    assert!(run(dry_run).await.status.success());
    assert!(server.received().is_empty());
    assert!(run(example_command(&server, &[path])).await.status.success());
    assert!(run(example_command(&server, &[path])).await.status.success());
    assert_eq!(server.received().len(), 1);
    // The last outcome of the integration is an error, so the change is sent again.
    let outcomes = changes.with_extension("jsonl.outcomes");
    let failed =
        std::fs::read_to_string(&outcomes).unwrap() + "{\"id\":1,\"change\":{\"shop_name\":\"B\"},\"error\":\"?\"}\n";
    std::fs::write(&outcomes, failed).unwrap();
    assert!(run(example_command(&server, &[path])).await.status.success());
    assert_eq!(server.received().len(), 2);
}

/// Returns a command that runs an example without keys, after building all examples once.
fn build_example(name: &str) -> Command {
    static BUILT: Once = Once::new();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    BUILT.call_once(|| {
        let build = ["build", "--offline", "--workspace", "--all-features", "--examples", "--target-dir"];
        assert!(crate::cargo::cargo().args(build).arg(target).status().unwrap().success());
    });
    let mut command = Command::new(target.join("debug/examples").join(name));
    command.env_remove("SENDCLOUD_PUBLIC_KEY").env_remove("SENDCLOUD_SECRET_KEY");
    command
}

/// Returns a command that runs `bulk_update` with keys.
fn example_command(server: &Server, arguments: &[&str]) -> Command {
    let mut command = build_example("bulk_update");
    command
        .args(arguments)
        .env("SENDCLOUD_PUBLIC_KEY", "public")
        .env("SENDCLOUD_SECRET_KEY", "secret")
        .env("SENDCLOUD_BASE_URL", server.base_url());
    command
}

async fn run(mut command: Command) -> Output {
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

fn create_folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_run_resumes() {
    let (arrived, mut arrivals) = tokio::sync::mpsc::unbounded_channel();
    let server = Server::start(move |request| {
        arrived.send(()).unwrap();
        Response::status(if request.path.ends_with("/3") { 404 } else { 204 })
    });
    let server = server.await.unwrap();
    let changes = create_folder("bulk-killed").join("changes.jsonl");
    let lines: String =
        (1..=20).map(|id| format!("{{\"id\": {id}, \"change\": {{\"shop_name\": \"Shop {id}\"}}}}\n")).collect();
    std::fs::write(&changes, lines).unwrap();
    let path = changes.to_str().unwrap();

    let mut first = example_command(&server, &[path]).stderr(Stdio::null()).spawn().unwrap();
    for _ in 0..16 {
        arrivals.recv().await.unwrap();
    }
    first.kill().unwrap();
    first.wait().unwrap();
    let outcomes = changes.with_extension("jsonl.outcomes");
    let before = std::fs::read_to_string(&outcomes).unwrap();
    assert!((1..20).contains(&before.lines().count()), "{before}");
    // Truncates the last line, as if the process had been killed while it wrote. That line does not count.
    std::fs::write(&outcomes, &before[..before.len() - 10]).unwrap();

    let second = run(example_command(&server, &[path])).await;
    let messages = String::from_utf8_lossy(&second.stderr).into_owned();
    assert_eq!(second.status.code(), Some(1), "integration 3 does not exist: {messages}");
    let after = std::fs::read_to_string(&outcomes).unwrap();
    let done: Vec<serde_json::Value> = after.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    for id in 1..=20 {
        let outcomes: Vec<_> = done.iter().filter(|outcome| outcome["id"] == id).collect();
        let (error, ok): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(|outcome| outcome["error"].is_string());
        assert!(if id == 3 { ok.is_empty() && !error.is_empty() } else { ok.len() == 1 }, "{id}: {after}");
    }
    // Only changes without a recorded success are sent again.
    let times = |id| server.received().iter().filter(|request| self::id(request) == id).count();
    assert!((1..=20).all(|id| (1..=2).contains(&times(id))));
    assert!((1..=20).filter(|id| times(*id) == 2).count() <= 20 - before.lines().count() + 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn sample_changes_are_not_sent_to_the_api() {
    let server = Server::start(|_| Response::status(204)).await.unwrap();
    let run = run(example_command(&server, &[])).await;
    assert_eq!(run.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&run.stderr).starts_with("sample changes are sent to a local server only"));
    assert_eq!(server.received().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_invalid_lines_are_reported_and_nothing_is_sent() {
    let server = Server::start(|_| Response::status(204)).await.unwrap();
    let changes = create_folder("bulk-faulty").join("changes.jsonl");
    let lines = [
        r#"{"id": 1, "change": {"shop_name": "fine"}}"#,
        r#"{"id": 2, "change": {"shop_name": ""}}"#,
        "",
        r#"{"id": 0, "change": {}}"#,
        r#"{"id": 1, "change": {"webhook_active": false}}"#,
        r#"{"id": 5, "change": {"webhook_active": true}}"#,
        "[7, {}]",
        "{\"id\": 7, \"change\": {\"shop_name\": \"\u{ff}\"}}",
        r#"{"id": 6, "changes": {}}"#,
        r#"{"id": 0, "change": {"shop_name": "", "webhook_active": true, "service_point_enabled": true, "service_point_carriers": 7}}"#,
    ];
    // Line 8 is not UTF-8.
    let bytes: Vec<u8> = lines.join("\r\n").chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    std::fs::write(&changes, bytes).unwrap();
    let run = run(example_command(&server, &[changes.to_str().unwrap()])).await;
    assert_eq!(run.status.code(), Some(2));
    let messages = String::from_utf8_lossy(&run.stderr).into_owned();
    let numbers: Vec<&str> =
        messages.lines().filter_map(|line| line.strip_prefix("line ")?.split(':').next()).collect();
    assert_eq!(numbers, ["2", "4", "5", "6", "7", "8", "9", "10"], "{messages}");
    assert!(messages.contains("line 2: /shop_name: must be a string of 1 to 250 characters"), "{messages}");
    assert!(messages.contains("line 5: integration 1 is already on line 1"), "{messages}");
    // All kinds of violations of a line, each once.
    let line = messages.lines().find_map(|line| line.strip_prefix("line 10: ")).unwrap();
    let violations = [
        "/id: must be an integer of at least 1",
        "/service_point_carriers: invalid type: integer `7`, expected an array",
        "/shop_name: must be a string of 1 to 250 characters",
        "/webhook_url: is required if `webhook_active` is true",
    ];
    assert_eq!(line.split("; ").collect::<Vec<_>>(), violations);
    assert!(server.received().is_empty());
}

#[test]
fn examples_answer_help_and_accept_a_closed_pipe() {
    for name in ["bulk_update", "clear_webhook", "errors", "json_schema", "update_integration"] {
        let help = build_example(name).arg("--help").output().unwrap();
        let text = String::from_utf8_lossy(&help.stdout);
        assert!(help.status.success() && text.contains(&format!("Usage: {name}")), "{name}: {text}");
        let mut example = build_example(name).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(example.stdout.take());
        let run = example.wait_with_output().unwrap();
        assert!(run.status.success(), "{name}: {}", String::from_utf8_lossy(&run.stderr));
    }
}
