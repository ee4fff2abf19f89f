//! Many changes at once: each arrives, at the pace that is allowed, and an interrupted run goes on.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Once};
use std::time::{Duration, Instant};

use crate::server::{Answer, Received, Server};
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

/// A server that takes so many requests in each second since it started, and how often it took each id.
async fn limited(a_second: usize, retry_after: Option<&'static str>) -> (Server, Arc<Mutex<HashMap<usize, usize>>>) {
    let taken = Arc::new(Mutex::new(HashMap::new()));
    let counted = Arc::clone(&taken);
    let (started, windows) = (Instant::now(), Mutex::new((0, 0)));
    let answer = move |request: &Received| {
        let mut window = windows.lock().unwrap();
        let second = started.elapsed().as_secs();
        *window = if window.0 == second { (second, window.1 + 1) } else { (second, 1) };
        if window.1 > a_second {
            return retry_after.into_iter().fold(Answer::status(429), |answer, wait| answer.with("retry-after", wait));
        }
        *counted.lock().unwrap().entry(id(request)).or_insert(0) += 1;
        Answer::status(204)
    };
    (Server::start(answer).await.unwrap(), taken)
}

fn assert_each_once(taken: &Mutex<HashMap<usize, usize>>, changes: usize) {
    let taken = taken.lock().unwrap();
    assert_eq!((taken.len(), taken.values().max()), (changes, Some(&1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_arrives_once_as_fast_as_the_limit_allows() {
    let (changes, a_second) = (3_000, 500);
    let (server, taken) = limited(a_second, Some("1")).await;
    // A little too fast, so that the API has something to say.
    let options = BulkOptions::default().limit(505, Duration::from_secs(1));
    let started = Instant::now();
    let outcomes = client(&server).update_all((1..=changes).map(|id| (id, change(id))), options);
    let failed = outcomes.filter_map(async |(_, outcome)| outcome.err()).collect::<Vec<_>>().await;
    assert!(failed.is_empty(), "{failed:?}");
    assert_each_once(&taken, changes);
    let allowed = changes as f64 / a_second as f64;
    let took = started.elapsed().as_secs_f64();
    // A pause after a refusal takes a second of it.
    assert!((allowed * 0.9..allowed * 3.0).contains(&took), "{took} s");
}

/// Whoever does not know the limit learns it from the API, and no change pays for it.
#[tokio::test(flavor = "multi_thread")]
async fn without_a_limit_of_its_own_a_run_obeys_the_api() {
    for retry_after in [Some("1"), Some("0"), None] {
        let (changes, a_second, started) = (900, 300, Instant::now());
        let (server, taken) = limited(a_second, retry_after).await;
        let options = BulkOptions::default().no_limit().concurrency(32);
        let outcomes = client(&server).update_all((1..=changes).map(|id| (id, change(id))), options);
        let failed = outcomes.filter_map(async |(_, outcome)| outcome.err()).collect::<Vec<_>>().await;
        assert!(failed.is_empty(), "{failed:?}");
        assert_each_once(&taken, changes);
        assert!(started.elapsed() < Duration::from_secs(20), "nobody waits long where nobody asked for it");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_429_slows_everyone() {
    let arrivals = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&arrivals);
    let answer = move |_: &Received| {
        let mut seen = seen.lock().unwrap();
        seen.push(Instant::now());
        if seen.len() == 20 { Answer::status(429).with("retry-after", "1") } else { Answer::status(204) }
    };
    let server = Server::start(answer).await.unwrap();
    let options = BulkOptions::default().no_limit().concurrency(4);
    let outcomes = client(&server).update_all((1..=100).map(|id| (id, change(id))), options);
    assert_eq!(outcomes.filter(|(_, outcome)| std::future::ready(outcome.is_ok())).count().await, 100);
    let arrivals = arrivals.lock().unwrap();
    assert_eq!(arrivals.len(), 101);
    // What was under way went on; then nobody came for as long as one was asked to wait.
    let gaps = arrivals.windows(2).map(|next| next[1] - next[0]).enumerate();
    let (before, longest) = gaps.max_by_key(|(_, gap)| *gap).unwrap();
    assert!(longest >= Duration::from_millis(900), "{longest:?}");
    // The unlucky one alone would come last, after all the others.
    assert!(before < 60, "{before} came before anyone waited");
}

/// However long that is: no change pays for it, and nobody asks before.
#[tokio::test]
async fn a_429_holds_everyone_as_long_as_it_asks() {
    let arrivals = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&arrivals);
    let answer = move |_: &Received| {
        let mut seen = seen.lock().unwrap();
        seen.push(Instant::now());
        if seen.len() <= 4 { Answer::status(429).with("retry-after", "2") } else { Answer::status(204) }
    };
    let server = Server::start(answer).await.unwrap();
    let client = Client::builder().credentials("public", "secret").base_url(server.base_url());
    // What would be too long for a single call.
    let client = client.retry_after_cap(Duration::from_millis(100)).deadline(Duration::from_secs(20)).build().unwrap();
    let options = BulkOptions::default().no_limit().concurrency(4);
    let outcomes = client.update_all((1..=20).map(|id| (id, change(id))), options);
    assert_eq!(outcomes.filter(|(_, outcome)| std::future::ready(outcome.is_ok())).count().await, 20);
    let arrivals = arrivals.lock().unwrap();
    assert!(arrivals[4].duration_since(arrivals[3]) >= Duration::from_millis(1_900));
}

/// The outcomes of 40 changes at a server that allows two and then answers 429, and how long they took.
async fn paused(deadline: Option<Duration>, retry_after: &'static str, options: BulkOptions) -> (Vec<Error>, Duration) {
    let requests = AtomicUsize::new(0);
    let server = Server::start(move |_| match requests.fetch_add(1, Ordering::Relaxed) {
        0..2 => Answer::status(204),
        _ => Answer::status(429).with("retry-after", retry_after).with("x-request-id", "7").body("slow down"),
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
async fn during_a_pause_that_is_too_long_every_change_fails_with_its_cause() {
    let second = Duration::from_secs(1);
    for (deadline, retry_after, options) in [
        (Some(second), "3600", BulkOptions::default().no_limit()),
        (Some(second), "6", BulkOptions::default().limit(1_000, second).burst(100)),
        // The pause does not count as time in the limiter.
        (Some(second), "6", BulkOptions::default().limit(20, second)),
        (None, "3600", BulkOptions::default().no_limit()),
        (None, "5", BulkOptions::default().no_limit().longest_pause(second)),
    ] {
        let (failed, took) = paused(deadline, retry_after, options).await;
        assert_eq!(failed.len(), 38, "{failed:?}");
        for error in failed {
            assert_eq!(error.status().unwrap(), 429);
            assert_eq!(error.retry_after().unwrap().as_secs().to_string(), retry_after);
            assert_eq!(error.headers().unwrap()["x-request-id"], "7");
            assert_eq!(error.to_string(), "the API answered 429 Too Many Requests: slow down");
        }
        assert!(took < Duration::from_secs(5), "{retry_after}: {took:?}");
    }
}

/// What is pending fails alike, also near the end of the pause.
#[tokio::test]
async fn the_length_of_a_pause_counts_and_not_its_rest() {
    let server = Server::start(|_| Answer::status(429).with("retry-after", "2")).await.unwrap();
    let (send, receive) = tokio::sync::mpsc::unbounded_channel();
    let changes = futures_util::stream::unfold(receive, async |mut receive| Some((receive.recv().await?, receive)));
    let options = BulkOptions::default().no_limit().longest_pause(Duration::from_secs(1));
    let client = client(&server);
    let mut outcomes = client.update_all(Box::pin(changes), options);
    for (id, wait) in [(1, 0), (2, 0), (3, 1_500)] {
        tokio::time::sleep(Duration::from_millis(wait)).await;
        send.send((id, change(id))).unwrap();
        assert_eq!(outcomes.next().await.unwrap().1.unwrap_err().status().unwrap(), 429);
    }
    assert_eq!(server.received().len(), 1);
}

/// A body that does not end keeps no change beyond its deadline.
#[tokio::test]
async fn a_refusal_with_a_slow_body_ends_in_good_time() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        let mut open = Vec::new();
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = stream.read_u8().await;
            let head = b"HTTP/1.1 429 Too Many Requests\r\nretry-after: 3600\r\ncontent-length: 9\r\n\r\nslow";
            stream.write_all(head).await.unwrap();
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
    }
    assert_eq!(outcomes.len(), 6);
    assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
}

/// The head of a 429 response is enough: its body may take longer than the pause.
#[tokio::test]
async fn a_pause_begins_before_the_body_was_read() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        let (mut refused, _) = listener.accept().await.unwrap();
        let (mut accepted, _) = listener.accept().await.unwrap();
        let _ = (refused.read_u8().await, accepted.read_u8().await);
        let head = b"HTTP/1.1 429 Too Many Requests\r\nretry-after: 1\r\ncontent-length: 9\r\n\r\n";
        refused.write_all(head).await.unwrap();
        // Nothing shows that the client has read it.
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

/// Time in the rate limiter does not count towards the deadline.
#[tokio::test]
async fn a_run_may_be_longer_than_the_deadline_of_a_change() {
    let server = Server::start(|_| Answer::status(204)).await.unwrap();
    let builder = Client::builder().credentials("public", "secret").base_url(server.base_url());
    let client = builder.deadline(Duration::from_millis(500)).build().unwrap();
    let options = BulkOptions::default().limit(10, Duration::from_secs(1)).concurrency(15);
    let started = Instant::now();
    let outcomes = client.update_all((1..=15).map(|id| (id, change(id))), options);
    assert_eq!(outcomes.filter(|(_, outcome)| std::future::ready(outcome.is_ok())).count().await, 15);
    assert!(started.elapsed() > Duration::from_millis(700));
}

#[tokio::test]
async fn no_more_is_taken_than_is_under_way() {
    let server = Server::start(|_| Answer::status(204)).await.unwrap();
    let taken = AtomicUsize::new(0);
    let changes = (1..=200).map(|id| {
        taken.fetch_add(1, Ordering::Relaxed);
        (id, change(id))
    });
    let mut outcomes = client(&server).update_all(changes, BulkOptions::default().no_limit().concurrency(8));
    let mut known = 0;
    while outcomes.next().await.is_some() {
        known += 1;
        assert!(taken.load(Ordering::Relaxed) <= known + 8);
    }
    assert_eq!(known, 200);
}

/// Streams are taken as well, ids come back as they were given, and one faulty change is no fault of the others.
#[tokio::test]
async fn each_outcome_comes_with_its_id() {
    let server =
        Server::start(|request| Answer::status(if request.path.ends_with("/2") { 404 } else { 204 })).await.unwrap();
    let changes = [(1_i8, "a"), (2, "b"), (-3, "c"), (4, "")];
    let changes =
        futures_util::stream::iter(changes).map(|(id, name)| (id, IntegrationModel::builder().shop_name(name)));
    let mut outcomes: Vec<_> = client(&server).update_all(changes, BulkOptions::default()).collect().await;
    outcomes.sort_by_key(|(id, _)| *id);
    let told: Vec<(i8, String)> = outcomes
        .into_iter()
        .map(|(id, outcome)| (id, outcome.err().map_or_else(String::new, |error| error.to_string())))
        .collect();
    assert_eq!(told[0], (-3, "nothing was sent: /id: must be an integer of at least 1".to_owned()));
    assert_eq!(told[1], (1, String::new()));
    assert_eq!(told[2], (2, "the API answered 404 Not Found".to_owned()));
    assert_eq!(told[3], (4, "nothing was sent: /shop_name: must be a string of 1 to 250 characters".to_owned()));
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn a_lost_connection_costs_no_change() {
    use tokio::io::AsyncReadExt;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = Server::start(|_| Answer::status(204)).await.unwrap();
    let address = server.base_url().trim_start_matches("http://").split('/').next().unwrap().to_owned();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    // A gateway that loses every other connection, once it has seen something of a request.
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
async fn what_is_dropped_sends_nothing_more() {
    let server = Server::start(|_| Answer::status(204)).await.unwrap();
    let client = client(&server);
    let mut outcomes = client.update_all((1..).map(|id| (id, change(id))), BulkOptions::default().no_limit());
    for _ in 0..40 {
        outcomes.next().await.unwrap().1.unwrap();
    }
    drop((outcomes, client));
    // One task is the server's.
    let gone = async {
        while tokio::runtime::Handle::current().metrics().num_alive_tasks() > 1 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), gone).await.expect("no task behind");
    assert!(server.received().len() <= 40 + 16);
}

/// A server of its own takes the changes where there are no keys: for those of the keys, nothing is done by that.
#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_is_no_run() {
    let server = Server::start(|_| Answer::status(204)).await.unwrap();
    let changes = folder("bulk-rehearsal").join("changes.jsonl");
    let path = changes.to_str().unwrap();
    let line = |name: &str| format!("{{\"id\": 1, \"change\": {{\"shop_name\": \"{name}\"}}}}\n");
    std::fs::write(&changes, line("A")).unwrap();
    let mut rehearsal = example(&server, &[path]);
    rehearsal.env_remove("SENDCLOUD_PUBLIC_KEY").env_remove("SENDCLOUD_SECRET_KEY");
    assert!(output(rehearsal).await.status.success());
    assert!(server.received().is_empty());
    assert!(output(example(&server, &[path])).await.status.success());
    assert!(output(example(&server, &[path])).await.status.success());
    assert_eq!(server.received().len(), 1);
    // Edited, not known to be made, and edited back: it is made again.
    let outcomes = changes.with_extension("jsonl.outcomes");
    let failed =
        std::fs::read_to_string(&outcomes).unwrap() + "{\"id\":1,\"change\":{\"shop_name\":\"B\"},\"error\":\"?\"}\n";
    std::fs::write(&outcomes, failed).unwrap();
    assert!(output(example(&server, &[path])).await.status.success());
    assert_eq!(server.received().len(), 2);
}

/// The example, as a user runs it.
fn example(server: &Server, arguments: &[&str]) -> Command {
    static BUILT: Once = Once::new();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    BUILT.call_once(|| {
        let build = ["build", "--offline", "--workspace", "--all-features", "--example", "bulk_update", "--target-dir"];
        assert!(crate::cargo::cargo().args(build).arg(target).status().unwrap().success());
    });
    let mut command = Command::new(target.join("debug/examples/bulk_update"));
    command
        .args(arguments)
        .env("SENDCLOUD_PUBLIC_KEY", "public")
        .env("SENDCLOUD_SECRET_KEY", "secret")
        .env("SENDCLOUD_BASE_URL", server.base_url());
    command
}

async fn output(mut command: Command) -> Output {
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_was_killed_goes_on() {
    let (arrived, mut arrivals) = tokio::sync::mpsc::unbounded_channel();
    let server = Server::start(move |request| {
        arrived.send(()).unwrap();
        Answer::status(if request.path.ends_with("/3") { 404 } else { 204 })
    });
    let server = server.await.unwrap();
    let changes = folder("bulk-killed").join("changes.jsonl");
    let lines: String =
        (1..=20).map(|id| format!("{{\"id\": {id}, \"change\": {{\"shop_name\": \"Shop {id}\"}}}}\n")).collect();
    std::fs::write(&changes, lines).unwrap();
    let path = changes.to_str().unwrap();

    let mut first = example(&server, &[path]).stderr(Stdio::null()).spawn().unwrap();
    for _ in 0..16 {
        arrivals.recv().await.unwrap();
    }
    first.kill().unwrap();
    first.wait().unwrap();
    let outcomes = changes.with_extension("jsonl.outcomes");
    let before = std::fs::read_to_string(&outcomes).unwrap();
    assert!((1..20).contains(&before.lines().count()), "{before}");
    // Killed while it wrote: that line does not count.
    std::fs::write(&outcomes, &before[..before.len() - 10]).unwrap();

    let second = output(example(&server, &[path])).await;
    let told = String::from_utf8_lossy(&second.stderr).into_owned();
    assert_eq!(second.status.code(), Some(1), "integration 3 is not there: {told}");
    let after = std::fs::read_to_string(&outcomes).unwrap();
    let done: Vec<serde_json::Value> = after.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    for id in 1..=20 {
        let outcomes: Vec<_> = done.iter().filter(|outcome| outcome["id"] == id).collect();
        let (error, ok): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(|outcome| outcome["error"].is_string());
        assert!(if id == 3 { ok.is_empty() && !error.is_empty() } else { ok.len() == 1 }, "{id}: {after}");
    }
    // Only what was not known to be done was sent again.
    let times = |id| server.received().iter().filter(|request| self::id(request) == id).count();
    assert!((1..=20).all(|id| (1..=2).contains(&times(id))));
    assert!((1..=20).filter(|id| times(*id) == 2).count() <= 20 - before.lines().count() + 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_faulty_line_is_told_and_nothing_is_sent() {
    let server = Server::start(|_| Answer::status(204)).await.unwrap();
    let changes = folder("bulk-faulty").join("changes.jsonl");
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
    ];
    // The last but one is no UTF-8.
    let bytes: Vec<u8> = lines.join("\r\n").chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    std::fs::write(&changes, bytes).unwrap();
    let run = output(example(&server, &[changes.to_str().unwrap()])).await;
    assert_eq!(run.status.code(), Some(2));
    let told = String::from_utf8_lossy(&run.stderr).into_owned();
    let numbers: Vec<&str> = told.lines().filter_map(|line| line.strip_prefix("line ")?.split(':').next()).collect();
    assert_eq!(numbers, ["2", "4", "5", "6", "7", "8", "9"], "{told}");
    assert!(told.contains("line 2: /shop_name: must be a string of 1 to 250 characters"), "{told}");
    assert!(told.contains("line 5: integration 1 is on line 1 already"), "{told}");
    assert!(server.received().is_empty());
}
