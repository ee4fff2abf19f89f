//! A program that uses a client for another document. Compiled by `the_client_builds_from_an_extended_document`.
#![deny(confusable_idents, mixed_script_confusables, non_camel_case_types, uncommon_codepoints)]

/// The client. Every item is documented.
#[allow(dead_code)]
#[deny(missing_docs)]
pub mod generated {
    include!("../shelves.rs");
}

/// The mock. Every item is documented.
#[allow(dead_code)]
#[deny(missing_docs)]
pub mod mock {
    include!("../shelves_mock.rs");
}

#[allow(dead_code)]
mod server {
    include!("../examples/server/mod.rs");
}

use std::collections::HashMap;

use generated::runtime::ErrorBody;
use generated::types::{GetListStateItem, Shelf};
use generated::{Client, types};
use httpmock::MockServer;
use mock::MockServerExt;
use serde_json::{Value, from_value, json, to_value};
use server::{Response, Received, Server};

type Tested = Result<(), Box<dyn std::error::Error>>;

fn build_client(base_url: &str) -> Client {
    Client::new_with_client(base_url, reqwest::Client::new())
}

/// Checks that the discriminator selects the alternative; without one, it is the one that keeps most members. No member is lost.
async fn check_alternatives() -> Tested {
    let server = Server::start(|request| Response::json(200, &serde_json::from_slice(&request.body).unwrap())).await?;
    let client = build_client(&server.base_url());
    for sent in [
        json!({ "kind": "film", "minutes": u64::MAX, "near": { "right": "x" }, "place": { "at": "attic", "row": 7 } }),
        json!({ "kind": "book", "near": { "left": "x" }, "item": { "type": "web_call", "url": "u" } }),
    ] {
        let medium: types::Medium = from_value(sent.clone())?;
        assert_eq!(matches!(medium, types::Medium::Film(_)), sent["kind"] == "film");
        let received = client.medium().body(medium).send().await?.into_inner();
        assert_eq!(to_value(received)?, sent);
    }
    // The discriminator of a value that is sent selects its own alternative.
    let film = types::Medium::Film(from_value(json!({ "kind": "book", "minutes": 1 }))?);
    let error = client.medium().body(film).send().await.err().ok_or("the request was sent")?.to_string();
    assert!(error.contains("/kind: must be `film` in this alternative"), "{error}");
    // The discriminator is also checked in a parameter, and if a public field was set.
    let film = || from_value::<types::Film>(json!({ "kind": "film" }));
    let (mut outer, mut inner) = (film()?, film()?);
    inner.kind = "book".to_owned();
    let like = types::Medium::Film(inner.clone());
    assert_eq!(client.medium().like(like).violations()[0].pointer, "/like/kind");
    outer.better = Some(types::Medium::Film(inner).into());
    let error = client.medium().body(types::Medium::Film(outer.clone())).send().await.err().ok_or("the request was sent")?.to_string();
    assert!(error.contains("/better/kind: must be `film` in this alternative"), "{error}");
    // It is reported together with other violations, and with those of nested unions.
    let mut unset = types::Film::builder().kind("film").better(*outer.better.clone().ok_or("no film")?).build();
    assert_eq!(unset.as_ref().err().map(ToString::to_string).as_deref(), Some("/better/kind: must be `film` in this alternative"));
    unset = types::Film::builder().minutes(-1).better(types::Medium::Film(outer)).build();
    let violations = unset.err().ok_or("a violation")?.to_string();
    let expected = [
        "/minutes: must be an integer of at least 0", "/kind: is required", "/better/better/kind: must be `film` in this alternative",
    ];
    assert_eq!(violations, expected.join("; "));
    // Required constants select an alternative, too, and a value has properties of one alternative only.
    let film: types::FilmResponse = from_value(json!({ "place": { "at": "attic", "room": "x" } }))?;
    assert!(matches!(film.place, Some(types::PlaceResponse::Attic(_))), "{film:?}");
    for (medium, expected) in [
        (json!({ "kind": "x", "place": { "at": "yard" } }), "/place/at: must be one of `shop`, `attic`, `cellar`"),
        (json!({ "kind": "x", "near": { "left": "x", "right": "y" } }), "/near/right: belongs to another alternative"),
    ] {
        let error = from_value::<types::Medium>(medium).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
    let error = from_value::<types::Medium>(json!({ "kind": "film", "minutes": -1 })).unwrap_err().to_string();
    assert!(error.starts_with("/minutes: must be an integer of at least 0"), "{error}");
    Ok(())
}

/// Checks that a form with files has a part for each value, and a boundary.
async fn check_files() -> Tested {
    let server = Server::start(|_| Response::status(200)).await?;
    let client = build_client(&server.base_url());
    let file = generated::runtime::File::new(*b"\x89PNG").name("cover.png").media_type("image/png");
    let body = types::UpLoadBody::builder()
        .file(file)
        .pages([&b"1"[..], b"2"])
        .about(types::UpLoadBodyAbout::builder().title("Emma"))
        .tags(["a", "b"])
        .notes("*")
        .the_größe(1.5)
        .codes(["1 a", "2"])
        .limits(types::UpLoadBodyLimits::builder().size(3))
        .additional_properties([("more", 7)]);
    let error = client.up_load().body(body.clone().the_größe(f64::NAN)).send().await.err().ok_or("the request was sent")?;
    assert!(error.to_string().contains("/the \"Größe\": must be a finite number"), "{error}");
    client.up_load().body(body.clone()).send().await.ok();
    for (body, violation) in [
        (types::UpLoadBody::builder().notes("*"), "/file: is required"),
        (types::UpLoadBody::builder().codes(["1,2"]), "/file: is required; /codes/0: must not contain `,`: it separates items"),
        (body.clone().file(generated::runtime::File::new("").media_type("text/csv")), "/file: must have the media type `image/*`"),
    ] {
        let error = client.up_load().body(body).send().await.err().ok_or("the request was sent")?.to_string();
        assert!(error.contains(violation), "{error}");
    }
    let files = HashMap::from([("scans".to_owned(), vec![generated::runtime::File::from("1"), "2".into()])]);
    client.attach().body(types::AttachBody::builder().title("Emma").additional_properties(files)).send().await?;
    let received = server.received();
    assert_eq!(received.len(), 2);
    let attached = String::from_utf8_lossy(&received[1].body).into_owned();
    assert_eq!(attached.matches("name=\"scans\"; filename=\"scans\"\r\nContent-Type: image/png").count(), 2, "{attached}");
    let media_type = received[0].headers["content-type"].to_str()?;
    let boundary = media_type.strip_prefix("multipart/form-data; boundary=").ok_or("no boundary")?;
    let text = String::from_utf8_lossy(&received[0].body).into_owned();
    let parts: Vec<String> = text.split(&format!("--{boundary}")).map(|part| part.replace("\r\n", "|")).collect();
    for (name, rest) in [
        ("file", "; filename=\"cover.png\"|Content-Type: image/png||\u{fffd}PNG"),
        ("pages", "; filename=\"pages\"|Content-Type: image/png||1"),
        ("pages", "; filename=\"pages\"|Content-Type: image/png||2"),
        ("about", "|Content-Type: application/json||{\"title\":\"Emma\"}"),
        ("tags", "||a"),
        ("tags", "||b"),
        ("notes", "|Content-Type: text/markdown||*"),
        ("the %22Größe%22", "||1.5"),
        ("codes", "||1 a,2"),
        ("limits[size]", "||3"),
        ("more", "||7"),
    ] {
        let part = format!("|Content-Disposition: form-data; name=\"{name}\"{rest}|");
        assert!(parts.contains(&part), "{part}: {parts:?}");
    }
    Ok(())
}

/// Checks that parameters and forms are serialized in their styles.
async fn check_styles() -> Tested {
    let server = Server::start(|_| Response::status(204)).await?;
    let client = build_client(&server.base_url());
    let style = || client.style().matrix([1, 2]).label("a.b").encode_path(r"..\..\admin");
    let range = || types::Range::builder().gte(1).lt(9);
    let created = types::StyleCreated::from(range().build()?);
    style().created(created).header_map(["a", "b"]).x_range(range()).send().await?;
    style().created(7).send().await?;
    let error = style().encode_path("..").x_range(types::Range::builder().gte(u128::MAX)).send().await;
    let error = error.err().ok_or("the request was sent")?.to_string();
    assert!(error.contains("/encode_path: must not be empty") && error.contains("/X-Range/gte: must be"), "{error}");
    let login = types::LoginBody::builder().user("a").tags(["x", "y z"]).codes([1, 2]);
    let login = login.device(types::LoginBodyDevice::builder().name("n")).limits(types::LoginBodyLimits::builder().size(3));
    let login = login.place(types::LoginBodyPlace::builder().row(7).room("b c"));
    client.login().body(login).send().await?;
    let invalid = types::LoginBody::builder().pipes(["x", "y|z"]);
    let error = client.login().body(invalid).send().await.err().ok_or("the request was sent")?.to_string();
    assert!(error.contains("/user: is required; /pipes/1: must not contain `|`: it separates items"), "{error}");
    client.put_cover().content_type("image/png").body("bytes").send().await?;
    client.post_cover().body(types::PostCoverBody::builder().try_into("x")).send().await?;
    // The body is optional, but an empty one lacks a required property.
    let error = client.login().body(types::LoginBody::builder()).send().await.err().ok_or("the request was sent")?;
    assert!(error.to_string().contains("/user: is required"), "{error}");
    client.login().send().await?;
    let received = server.received();
    let paths: Vec<&str> = received.iter().map(|request| request.path.as_str()).collect();
    let segments = r"/styles/;matrix=1;matrix=2/.a.b/..%5C..%5Cadmin";
    assert!(paths[0].contains(&format!("{segments}?created%5Bgte%5D=1&created%5Blt%5D=9&header_map=a%7Cb")), "{}", paths[0]);
    assert_eq!(received[0].headers["x-range"], "gte=1,lt=9");
    assert!(paths[1].ends_with(&format!("{segments}?created=7")), "{}", paths[1]);
    let form = String::from_utf8_lossy(&received[2].body);
    let mut fields: Vec<&str> = form.split('&').collect();
    fields.sort_unstable();
    let expected = [
        "codes=1,2", "device=%7B%22name%22%3A%22n%22%7D", "limits%5Bsize%5D=3", "room=b+c", "row=7", "tags=x", "tags=y+z", "user=a",
    ];
    assert_eq!(fields, expected);
    assert_eq!(received[3].headers["content-type"], "image/png");
    assert_eq!(received[4].headers["content-type"], "text/json");
    assert!(received[5].body.is_empty() && !received[5].headers.contains_key("content-type"));
    for (request, expected) in [
        (client.put_cover(), "/Content-Type: is required"),
        (client.put_cover().content_type("image/*"), "/Content-Type: must be a media type in the range `image/*`"),
    ] {
        let error = request.body("bytes").send().await.err().ok_or("the request was sent")?.to_string();
        assert!(error.contains(expected), "{error}");
    }
    Ok(())
}

/// Responds with three pages, each with the cursor of the next one.
fn respond_with_page(request: &Received) -> Response {
    let cursor = request.path.split_once("?cursor=").map(|(_, cursor)| cursor);
    let cursor = cursor.and_then(|rest| rest[..1].parse().ok()).unwrap_or(0);
    let next = (cursor < 2).then(|| (cursor + 1).to_string());
    let body = json!({ "data": [{ "id": cursor, "name": "Ann", "code": 7 }], "next": next });
    Response::json(200, &body).header("x-total", "3")
}

#[tokio::test]
async fn requests_and_responses_follow_another_document() -> Tested {
    check_pages().await?;
    check_parameters().await?;
    check_styles().await?;
    check_alternatives().await?;
    check_files().await?;
    check_bodies().await?;
    check_error_bodies().await?;
    check_members().await?;
    check_ranges().await?;
    check_successes().await?;
    check_null_bodies().await?;
    check_scalar_bodies().await?;
    check_maps().await?;
    check_mocks().await?;
    check_revoked().await?;
    check_passwords().await?;
    check_mocked_bodies().await?;
    check_values()
}

async fn check_pages() -> Tested {
    let server = Server::start(respond_with_page).await?;
    let client = build_client(&server.base_url());
    let (mut ids, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let page = client.get_list().x_tenant("me").maybe_cursor(cursor).send().await?;
        assert_eq!(page.headers()["x-total"], "3");
        let page = page.into_inner();
        ids.extend(page.data.into_iter().flatten().filter_map(|shelf| shelf.id));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(ids, [0, 1, 2]);
    Ok(())
}

async fn check_parameters() -> Tested {
    let server = Server::start(respond_with_page).await?;
    let client = build_client(&server.base_url());
    let filter = HashMap::from([("state".to_owned(), "new".to_owned())]);
    let request = client.get_list().x_tenant("me").page_size(50).fields(["id", "name"]).filter(filter).since("2026-01-01");
    let request = request.state([GetListStateItem::Open, GetListStateItem::Closed].to_vec()).x_trace("t");
    let request = request.maybe_years(Some(&[2025_u16, 2026][..])).maybe_since(None::<String>);
    request.x_numbers([1, 2]).where_("{}").session("s 1").send().await?;
    // Lists are set from any iterator.
    for request in [
        client.get_list().state(["open", "closed"]),
        client.get_list().state(&[GetListStateItem::Open, GetListStateItem::Closed]),
        client.get_list().state("open closed".split(' ').map(str::to_owned)),
        client.get_list().maybe_state(Some(vec!["open".to_owned(), "closed".to_owned()])),
    ] {
        assert_eq!(request.violations(), client.get_list().violations());
        request.x_tenant("me").send().await?;
    }
    let request = client.get_books().id(7).query_id("a b").header_id("h").book_id("b/c").format("pdf");
    request.send().await?;

    let received = server.received();
    let query: Vec<(String, String)> =
        reqwest::Url::parse(&format!("http://x{}", received[0].path))?.query_pairs().into_owned().collect();
    for (name, value) in [
        ("page-size", "50"),
        ("fields", "id,name"),
        ("filter[state]", "new"),
        ("since", "2026-01-01"),
        ("state", "open"),
        ("state", "closed"),
        ("years", "2025"),
        ("years", "2026"),
        ("where", "{}"),
    ] {
        assert!(query.contains(&(name.to_owned(), value.to_owned())), "{name}: {query:?}");
    }
    for (name, value) in
        [("x-tenant", "me"), ("x-trace", "t"), ("x-numbers", "1,2"), ("cookie", "session=s%201")]
    {
        assert_eq!(received[0].headers[name], value);
    }
    for request in &received[1..5] {
        assert!(request.path.ends_with("?state=open&state=closed"), "{}", request.path);
    }
    assert!(received[5].path.ends_with("/shelves/7/books/b%2Fc.pdf?id=a+b"), "{}", received[5].path);
    assert_eq!(received[5].headers["id"], "h");

    let error = client.get_books().id(7).query_id("a").header_id("h").book_id("").format("pdf").send().await;
    assert!(error.err().ok_or("the request was sent")?.to_string().contains("/book-id: must not be empty"));
    // The same words as for a property.
    let violations = client.get_books().id(i128::MAX).violations();
    assert_eq!(violations[0].to_string(), "/id: must be an integer from 1 to 9223372036854775807");
    // All violations are reported at once, with the names of the document.
    let request = client.get_list().page_size(101).x_trace("far too long").state(["open", "shut"]).years([2026, -1]);
    let violations = request.violations().to_string();
    for expected in [
        "/page-size: must be an integer from 1 to 100",
        "/X-Trace: must be",
        "/x-tenant: is required",
        "/state/1: must be one of `closed`, `open`",
        "/years/1: must be an integer of at least 0",
    ] {
        assert!(violations.contains(expected), "{violations}");
    }
    Ok(())
}

/// Checks that the body of an error is read as the documented type, one with the properties of all if they differ by status.
async fn check_error_bodies() -> Tested {
    let server = Server::start(|request| match request.path.rsplit('/').next() {
        Some("notes") => Response::json(400, &json!(["a", "b"])),
        Some("cover") if request.method == "PUT" => Response::status(415).header("content-type", "text/plain").body("\"not an image\""),
        Some("cover") if request.body.ends_with(b"slow\"}") => Response::status(429).header("content-type", "text/plain").body("slow down"),
        Some("cover") => Response::json(400, &json!({ "try_into": ["too short", "empty"] })),
        Some("shelves") => Response::json(409, &json!({ "code": "b", "number": 7 })),
        _ => Response::json(404, &json!({ "code": "a", "more": [{ "code": "z" }] })),
    }).await?;
    let client = build_client(&server.base_url());
    let error = client.size().send().await.err().ok_or("a success")?;
    let problem: types::Problem = error.into_body().await?.into_inner();
    assert_eq!(problem.code.map(|code| code.to_string()).as_deref(), Some("a"));
    assert_eq!(problem.more.map(|more| more.len()), Some(1));
    let error = client.post_list().x_tenant("t").body(Shelf::builder().id(1)).send().await.err().ok_or("a success")?;
    let body = error.into_body().await?;
    assert_eq!((body.status().as_u16(), body.number), (409, Some(7)));
    let error = client.note().body(None::<types::NoteBody>).send().await.err().ok_or("a success")?;
    assert_eq!(error.into_body().await?.into_inner(), ["a", "b"]);
    let error = client.put_cover().content_type("image/png").body("bytes").send().await.err().ok_or("a success")?;
    // Plain text that happens to be JSON.
    assert_eq!(error.into_body().await?.into_inner(), "\"not an image\"");
    let cover = types::PostCoverBody::builder().try_into("x");
    let error = client.post_cover().body(cover).send().await.err().ok_or("a success")?;
    assert_eq!(error.into_body().await?.into_inner()["try_into"], ["too short", "empty"]);
    let cover = types::PostCoverBody::builder().try_into("slow");
    let error = client.post_cover().body(cover).send().await.err().ok_or("a success")?;
    let error = error.into_body().await.err().ok_or("text is read as JSON")?;
    assert_eq!(error.into_body_as::<String>().await?.into_inner(), "slow down");
    let unreachable = build_client("http://127.0.0.1:9").size().send().await.err().ok_or("a success")?;
    assert!(unreachable.into_body().await.is_err());
    Ok(())
}

/// Checks that data in a media range is read as JSON.
async fn check_ranges() -> Tested {
    let server = Server::start(|_| Response::json(200, &json!({ "width": 1.5 }))).await?;
    assert_eq!(build_client(&server.base_url()).size().send().await?.width, Some(1.5));
    assert_eq!(server.received()[0].headers["accept"], "application/json");
    Ok(())
}

/// Checks that a further member never repeats a property, and that errors in a map point to its member.
async fn check_members() -> Tested {
    let extra = types::ShelfExtra::builder().a("x").additional_properties([("a", 5)]);
    let violations = Shelf::builder().id(1).extra(extra).violations().to_string();
    assert_eq!(violations, "/extra/a: must be set as a property, not as a further member");
    let extra = types::ShelfExtra::builder().additional_properties([("a/b", -1), ("c", 1), ("d", -2)]);
    let violations = Shelf::builder().id(1).extra(extra.clone()).violations();
    let pointers: Vec<&str> = violations.iter().map(|violation| violation.pointer.as_str()).collect();
    assert_eq!(pointers, ["/extra/a~1b", "/extra/d"]);
    assert_eq!(extra.additional_properties([("d", 2)]).violations().to_string(), "");
    for (body, pointer) in [
        (json!({ "id": 1, "labels": { "a/b": "abcd" } }), "/labels/a~1b: must be"),
        (json!({ "id": 1, "extra": { "b": "x" } }), "/extra/b: "),
    ] {
        let error = serde_json::from_value::<Shelf>(body).err().ok_or("valid")?.to_string();
        assert!(error.starts_with(pointer), "{error}");
    }
    Ok(())
}

async fn check_bodies() -> Tested {
    let server = Server::start(|_| Response::status(200)).await?;
    let client = build_client(&server.base_url());
    let books = || client.put_books().id("7").book_id("b").format("pdf");
    books().body("bytes").send().await?;
    client.patch_shelves_id_books_book_id_format().id("7").book_id("b").format("x").body(Shelf::builder().id(1)).send().await.ok();
    client.login().body(types::LoginBody::builder().user("a b").age(7)).send().await.ok();
    let sent: Vec<(String, String)> = server.received().into_iter().map(|request| {
        let media_type = request.headers["content-type"].to_str().unwrap_or_default().to_owned();
        (media_type, String::from_utf8_lossy(&request.body).into_owned())
    }).collect();
    assert_eq!(sent[0], ("application/pdf".to_owned(), "bytes".to_owned()));
    assert_eq!(sent[1], ("application/merge-patch+json".to_owned(), r#"{"id":1}"#.to_owned()));
    assert_eq!(sent[2].0, "application/x-www-form-urlencoded");
    assert!(sent[2].1 == "user=a+b&age=7" || sent[2].1 == "age=7&user=a+b", "{}", sent[2].1);
    Ok(())
}

/// Checks that responses with different bodies, or without a body, are decoded.
async fn check_successes() -> Tested {
    for (status, body, number) in [
        (200, Some(json!({ "id": 1, "name": "Ann" })), None),
        (201, Some(json!({ "number": 7.0, "id": "x" })), Some(7)),
        (202, None, None),
    ] {
        let answered = body.clone();
        let server = Server::start(move |_| match &answered {
            Some(body) => Response::json(status, body),
            None => Response::status(status),
        })
        .await?;
        let request = build_client(&server.base_url()).post_list().x_tenant("me").body(Shelf::builder().id(1)).send().await?;
        assert_eq!(request.status(), status);
        let read = request.into_inner();
        assert_eq!(read.is_some(), body.is_some());
        assert_eq!(read.as_ref().and_then(|read| read.number), number);
        let id = read.and_then(|read| read.id);
        assert_eq!(id, body.map(|body| body["id"].clone()));
    }
    Ok(())
}

/// Checks that bodies that are not objects report their requirements, and that missing parameters and bodies are reported as required.
async fn check_scalar_bodies() -> Tested {
    let server = Server::start(|_| Response::status(204)).await?;
    let client = build_client(&server.base_url());
    let put = || client.amount().from(["a"]);
    let word = "body: must be a string of at least 2 characters";
    let least = "body: must be an integer of at least 5";
    for (violations, expected) in [
        (put().body(3).violations(), least),
        (put().body(u128::MAX).violations(), "body: must be an integer from 5 to 18446744073709551615"),
        (client.amount().body(5).violations(), "/from: is required"),
        (client.amount().from([""; 0]).body(5).violations(), "/from: must have at least one item"),
        (client.amount().violations(), "/from: is required; body: is required"),
        (client.word().body("a").violations(), word),
        (client.grade().violations(), "body: is required"),
        (client.alternative().violations(), "body: is required"),
        (client.put_cover().content_type("image/png").violations(), "body: is required"),
    ] {
        assert_eq!(violations.to_string(), expected);
    }
    let error = put().body(3).send().await.err().ok_or("the request was sent")?.to_string();
    assert!(error.contains(least), "{error}");
    put().body(5).send().await?;
    client.word().body("ab").send().await?;
    client.alternative().body(types::NearLeft::builder().left("x")).send().await?;
    let bodies: Vec<String> = server.received().iter().map(|it| String::from_utf8_lossy(&it.body).into_owned()).collect();
    assert_eq!(bodies, ["5", "\"ab\"", "{\"left\":\"x\"}"]);
    Ok(())
}

/// Checks that a `null` body is sent and decoded, and that an object in a query has a builder.
async fn check_null_bodies() -> Tested {
    let server = Server::start(|_| Response::json(200, &Value::Null)).await?;
    let page = types::NotePage::builder().size(5);
    let client = build_client(&server.base_url());
    let request = client.note().page(page).where_(types::NoteWhere::builder().all(["a"])).x_name("ada");
    let read = request.body(None::<types::NoteBody>).send().await?;
    assert_eq!(read.into_inner(), None);
    let received = server.received();
    assert_eq!(received[0].body, b"null");
    assert_eq!(received[0].headers["x-name"], "ada");
    assert!(received[0].path.contains("page%5Bsize%5D=5"), "{}", received[0].path);
    client.empty_get_x().x("y").send().await.ok();
    Ok(())
}

/// Checks that members of a map that cannot be decoded are omitted, and that unsigned integers have 64 bits.
async fn check_maps() -> Tested {
    let counts = json!({ "a": u64::MAX, "b": 2.0, "c": "many", "d": null });
    let server = Server::start(move |_| Response::json(200, &json!({ "id": 1, "counts": counts }))).await?;
    let client = build_client(&server.base_url());
    let request = client.post_list().x_tenant("me").body(Shelf::builder().id(1));
    let read = request.send().await?.into_inner().and_then(|read| read.counts);
    assert_eq!(read, Some(HashMap::from([("a".to_owned(), u64::MAX), ("b".to_owned(), 2)])));
    Ok(())
}

/// Checks that `Debug` does not show bodies that are passwords, and that an object is not a list.
async fn check_passwords() -> Tested {
    let server = MockServer::start_async().await;
    let client = build_client(&server.base_url());
    let mut token = server.token(|_, then| {
        then.ok(&vec!["c0ffee".to_owned()]);
    });
    let read = client.token().send().await?;
    assert!(read[0] == "c0ffee" && !format!("{read:?}").contains("c0ffee"), "{read:?}");
    token.delete();
    server.token(|_, then| {
        then.into_inner().status(200).json_body(json!({ "a": 1 }));
    });
    let error = client.token().send().await.err().ok_or("an object is decoded as a list")?.to_string();
    assert!(error.ends_with("invalid type: map, expected a sequence at line 1 column 0"), "{error}");
    Ok(())
}

/// Checks that errors show no secrets in URLs, and that text is only the body of those errors for which the document describes it.
async fn check_revoked() -> Tested {
    let server = MockServer::start_async().await;
    let mut text = server.revoke(|when, then| {
        when.code("c0ffee<");
        then.client_error(404, "gone");
    });
    let revoke = |base_url: String| async move { build_client(&base_url).revoke().code("c0ffee<").send().await.err() };
    let error = revoke(server.url("/v1?key=c0ffee")).await.ok_or("a success")?;
    let shown = format!("{error} {error:?}");
    assert!(shown.contains("/v1/token/[redacted]\"") && !shown.contains("c0ffee"), "{shown}");
    assert_eq!(error.into_body().await?.into_inner(), "gone");
    text.delete();
    server.revoke(|_, then| {
        then.into_inner().status(502).header("content-type", "text/html").body("<html>");
    });
    match revoke(server.base_url()).await.ok_or("a success")?.into_body().await {
        Err(generated::Error::UnexpectedResponse(response)) => assert_eq!(response.text().await?, "<html>"),
        other => panic!("{other:?}"),
    }
    let unreachable = revoke("http://127.0.0.1:9".to_owned()).await.ok_or("a success")?;
    let shown = format!("{unreachable} {unreachable:?}");
    assert!(shown.contains("/token/[redacted]") && !shown.contains("c0ffee"), "{shown}");
    let outside = std::panic::catch_unwind(|| {
        let server = MockServer::start();
        server.revoke(|_, then| {
            then.client_error(500, "");
        });
    });
    let panic = outside.err().ok_or("a mock for another status")?;
    assert_eq!(panic.downcast_ref::<String>().map(String::as_str), Some("500 is not in 4XX"));
    Ok(())
}

async fn check_mocks() -> Tested {
    let server = MockServer::start_async().await;
    let states = vec![GetListStateItem::Open, GetListStateItem::Closed];
    let mocked = server.get_list(|when, then| {
        when.x_tenant("me").state(["open", "closed"]).session("s 1").cookie("theme=dark");
        then.ok(&from_value(json!({ "data": [] })).unwrap());
    });
    let client = build_client(&server.base_url());
    let request = |session: &'static str| {
        let request = client.get_list().x_tenant("me").state(states.clone()).session(session);
        request.cookie("theme=dark").x_key("k 1")
    };
    request("s 1").send().await?;
    mocked.assert();
    // A cookie is compared as a whole.
    assert!(request("s 12").send().await.is_err());
    mocked.assert();
    // An empty list is not sent.
    let mut untraced = server.get_list(|when, then| {
        when.x_numbers([0; 0]);
        then.ok(&from_value(json!({ "data": [] })).unwrap());
    });
    client.get_list().x_tenant("me").x_numbers([0; 0]).send().await?;
    untraced.assert();
    assert!(client.get_list().x_tenant("me").x_numbers([7]).send().await.is_err());
    untraced.delete();
    // Lists are compared as a whole.
    for expected in [&["open"][..], &[]] {
        let mut part = server.get_list(|when, then| {
            when.x_tenant("you").state(expected);
            then.ok(&from_value(json!({ "data": [] })).unwrap());
        });
        assert!(client.get_list().x_tenant("you").state(states.clone()).send().await.is_err());
        part.delete();
    }
    // The order is part of a list.
    let mut ordered = server.get_list(|when, then| {
        when.x_tenant("you").state(["open", "closed", "open"]);
        then.ok(&from_value(json!({ "data": [] })).unwrap());
    });
    for (state, is_expected) in [(["open", "closed", "open"], true), (["open", "open", "closed"], false)] {
        let sent = client.get_list().x_tenant("you").state(state).send().await;
        assert_eq!(sent.is_ok(), is_expected, "{state:?}");
    }
    ordered.delete();
    // The client sends text outside of ASCII in headers, but httpmock does not accept such a request.
    let mut any = server.get_list(|_, then| {
        then.ok(&from_value(json!({ "data": [] })).unwrap());
    });
    match client.get_list().x_tenant("t\u{e9}").send().await {
        Err(generated::Error::UnexpectedResponse(response)) => assert_eq!(response.status(), 500),
        other => panic!("{other:?}"),
    }
    any.delete();
    let mut filtered = server.get_list(|when, then| {
        when.x_tenant("you").filter(HashMap::from([("from".to_owned(), "a".to_owned())]));
        then.ok(&from_value(json!({ "data": [] })).unwrap());
    });
    let filter = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), "a".to_owned())).collect::<HashMap<_, _>>();
    client.get_list().x_tenant("you").filter(filter(&["from"])).send().await?;
    assert!(client.get_list().x_tenant("you").filter(filter(&["from", "to"])).send().await.is_err());
    filtered.delete();
    // The members of an exploded object are parameters of their own.
    let window = || types::GetListWindow::builder().first(1);
    for expected in [None, Some(window())] {
        let mut part = server.get_list(|when, then| {
            match expected {
                None => when.window_missing(),
                Some(window) => when.window(window),
            };
            then.ok(&from_value(json!({ "data": [] })).unwrap());
        });
        assert!(client.get_list().x_tenant("you").window(window().last(2)).send().await.is_err());
        part.delete();
    }
    // A mock that expects a cookie to be absent accepts requests with other cookies.
    let mut anonymous = server.get_list(|when, then| {
        when.session_missing();
        then.ok(&from_value(json!({ "data": [] })).unwrap());
    });
    assert!(request("s 3").send().await.is_err());
    client.get_list().x_tenant("me").cookie("my_session=1; theme=session=2").send().await?;
    client.get_list().x_tenant("me").send().await?;
    assert_eq!(anonymous.calls(), 2);
    anonymous.delete();
    // A body that is not JSON is sent in its own media type.
    server.get_books(|_, then| {
        then.ok(b"%PDF-");
    });
    let book = client.get_books().id(7).query_id("a").header_id("h").book_id("b").format("pdf").send().await?;
    let header = |name: &str| book.headers()[name].to_str().unwrap();
    assert_eq!([header("content-type"), header("content-length")], ["application/pdf", "5"]);
    let login = types::LoginBody::builder().user("Ann").pass_word("c0ffee");
    let built = login.clone().build()?;
    let shown = format!("{login:?} {built:?} {:?} {:?}", built.pass_word, client.login().body(login.clone()));
    assert!(shown.matches("Ann").count() == 3 && !shown.contains("c0ffee"), "{shown}");
    let error = login.clone().fixed("tea").violations().to_string();
    assert_eq!(error, "/fixed: must be one of the values in the OpenAPI document");
    let shown = format!("{:?}", request("s 1"));
    assert!(shown.contains("x_tenant: Ok(") && !["s 1", "dark", "k 1"].iter().any(|secret| shown.contains(secret)), "{shown}");
    Ok(())
}

/// Checks that mocks match forms and bytes as they are sent, and no others.
async fn check_mocked_bodies() -> Tested {
    let server = MockServer::start_async().await;
    let client = build_client(&server.base_url());
    let login = |codes: Vec<i64>| {
        let limits = types::LoginBodyLimits::builder().size(3);
        types::LoginBody::builder().user("a&b c").tags(["x", "x"]).codes(codes).limits(limits)
    };
    let form = server.login(|when, then| {
        when.body(login(vec![1, 2]));
        then.no_content();
    });
    client.login().body(login(vec![1, 2])).send().await?;
    assert_eq!(form.calls(), 1);
    let other_tags = login(vec![1, 2]).tags(["x", "y"]);
    for other in [login(vec![1]), login(vec![2, 1]), login(vec![1, 2]).age(7), other_tags, types::LoginBody::builder().user("a&b c")] {
        assert!(client.login().body(other).send().await.is_err());
    }
    assert_eq!(form.calls(), 1);
    let shelf = Shelf::builder().id(1);
    let built = shelf.clone().build()?;
    // A mock accepts a value, a reference to one, or its builder.
    for expected in [shelf.clone(), (&built).into(), built.into()] {
        let mut created = server.post_list(|when, then| {
            when.body(expected);
            then.accepted();
        });
        client.post_list().x_tenant("me").body(shelf.clone()).send().await?;
        created.assert();
        created.delete();
    }
    for expected in [&b"text"[..], b"\x89PNG", b""] {
        let mut bytes = server.put_cover(|when, then| {
            when.body(expected);
            then.no_content();
        });
        let request = |body: &'static [u8]| client.put_cover().content_type("image/png").body(body).send();
        request(expected).await?;
        assert!(request(b"\x89GIF").await.is_err());
        assert_eq!(bytes.calls(), 1);
        bytes.delete();
    }
    Ok(())
}

fn check_values() -> Tested {
    let accepted = |body: Value| -> Tested {
        let shelf: Shelf = from_value(body.clone())?;
        assert_eq!(to_value(shelf)?, body);
        Ok(())
    };
    accepted(json!({ "id": 1, "parent": { "id": 2, "parent": null }, "tree": { "left": { "children": [{}] } } }))?;
    accepted(json!({ "id": 1, "numbers": [], "pair": [1, 2, 3], "never": 1, "mixed": 5, "one": 2, "price": -7.25, "grade": "one" }))?;
    accepted(json!({ "id": 1, "alternatively": "abc" }))?;
    // Properties in a box and unions accept builders, whose violations have pointers.
    let shelf = || Shelf::builder().id(1).tree(types::Tree::builder().left(types::Tree::builder().children([types::TreeChildrenItem::builder()])));
    assert_eq!(
        to_value(shelf().parent(shelf()).build()?)?["parent"],
        json!({ "id": 1, "tree": { "left": { "children": [{}] } } })
    );
    assert_eq!(shelf().parent(Shelf::builder().id(0)).violations()[0].pointer, "/parent/id");
    // Items that may be null are converted, too.
    assert_eq!(to_value(shelf().numbers([Some(1), None]).build()?)?["numbers"], json!([1, null]));
    let film = types::Film::builder().kind("film").near(types::NearRight::builder().right("x")).minutes(1);
    assert_eq!(to_value(film.build()?)?, json!({ "kind": "film", "near": { "right": "x" }, "minutes": 1 }));
    // A text is converted to the alternative that accepts it.
    assert_eq!(to_value(Shelf::builder().id(1).alternatively("abc").build()?)?, json!({ "id": 1, "alternatively": "abc" }));
    let violations = Shelf::builder().id(1).alternatively("abcd").violations().to_string();
    assert!(violations.starts_with("/alternatively: must be"), "{violations}");
    accepted(json!({ "id": 1, "texts": "q", "lengths": "long enough", "switch": true }))?;
    let built = Shelf::builder().id(1).texts("q").lengths("long enough").switch("auto").build()?;
    assert_eq!(to_value(built)?, json!({ "id": 1, "texts": "q", "lengths": "long enough", "switch": "auto" }));
    // A text is not read as a boolean.
    let violations = Shelf::builder().id(1).switch("true").violations().to_string();
    assert!(violations.starts_with("/switch: must be"), "{violations}");
    // The values of a map are converted, and each violation has its pointer.
    let labeled = |labels: [(&str, &str); 2]| Shelf::builder().id(1).labels(labels);
    assert_eq!(to_value(labeled([("a", "b"), ("c", "d")]).build()?)?["labels"], json!({ "a": "b", "c": "d" }));
    let violations = labeled([("a/b", "long"), ("c", "longer")]).violations();
    assert_eq!(violations.iter().map(|it| it.pointer.as_str()).collect::<Vec<_>>(), ["/labels/a~1b", "/labels/c"]);
    // Members that `additionalProperties` gives a schema.
    accepted(json!({ "id": 1, "extra": { "a": "x", "b": 1, "c/d": 2 } }))?;
    let extra: types::ShelfExtraResponse = from_value(json!({ "a": "x", "b": 1, "c": "many" }))?;
    assert_eq!(to_value(extra)?, json!({ "a": "x", "b": 1 }));
    accepted(json!({ "id": 1, "anything": [{ "a": ["b"] }], "choice": "longer than five", "several": [1] }))?;
    let decode_error = |body: Value| from_value::<Shelf>(body).unwrap_err().to_string();
    assert_eq!(decode_error(json!({ "id": 1, "mixed": [] })), "/mixed: must be an integer or a string, or null");
    assert!(decode_error(json!({ "id": 0 })).starts_with("/id: must be an integer of at least 1"));
    assert!(decode_error(json!({ "id": 1, "even": 11 })).starts_with("/even: must be an integer of at most 10"));
    assert!(decode_error(json!({ "id": 1, "impossible": "abc" })).starts_with("/impossible: must be"));
    assert!(decode_error(json!({ "id": 1, "alternatively": 3 })).starts_with("/alternatively: must be"));
    assert!(decode_error(json!({ "id": 1, "extra": { "c/d": "x" } })).starts_with("/extra/c~1d: must be an integer"));
    assert!(decode_error(json!({ "id": 1, "sealed": { "x": 1 } })).starts_with("/sealed/x: unknown property"));
    Ok(())
}
