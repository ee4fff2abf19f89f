//! Calls against a server on the loopback interface.

use bookshelves::types::{Book, BookChange, BookGenre, NewBook, ProblemCode};
use bookshelves::{decode_problem, Client, Error, Session, Violations};
use httpmock::{Method, MockServer};
use serde_json::json;

type Tested = Result<(), Box<dyn std::error::Error>>;

fn build_client(server: &MockServer) -> Result<Client, Box<dyn std::error::Error>> {
    Ok(Client::new(&server.url("/v1"), Session::new("token")?))
}

#[tokio::test]
async fn hooks_authenticate_requests_and_responses_are_decoded() -> Tested {
    let server = MockServer::start_async().await;
    let mock = server.mock(|when, then| {
        when.method(Method::GET)
            .path("/v1/shelves/a%2Fb/books")
            .query_param("genre", "novel")
            .header("authorization", "Bearer token");
        then.status(200).json_body(json!([
            { "id": 7, "title": "Middlemarch", "genre": "novel", "borrowed_by": null },
            // A response may contain values and properties that the document does not list.
            { "id": 8, "title": "Sold", "genre": "biography", "borrowed_by": "Ann", "pages": 300 },
        ]));
    });
    let books = build_client(&server)?.list_books().shelf_id("a/b").genre("novel").send().await?.into_inner();
    mock.assert();

    let mut novel = Book::default();
    (novel.id, novel.title, novel.genre) = (Some(7), Some("Middlemarch".to_owned()), Some(BookGenre::Novel));
    let mut biography = Book::default();
    (biography.id, biography.title) = (Some(8), Some("Sold".to_owned()));
    biography.genre = Some(BookGenre::Unlisted("biography".to_owned()));
    biography.borrowed_by = Some("Ann".to_owned());
    assert_eq!(books, [novel, biography]);
    Ok(())
}

#[tokio::test]
async fn null_and_absent_are_sent_differently() -> Tested {
    let server = MockServer::start_async().await;
    let book = json!({ "id": 7, "title": "Middlemarch", "genre": "novel", "borrowed_by": null });
    for (change, sent) in [
        (BookChange::builder(), "{}"),
        (BookChange::builder().borrowed_by_null(), r#"{"borrowed_by":null}"#),
        (BookChange::builder().borrowed_by("Ann"), r#"{"borrowed_by":"Ann"}"#),
    ] {
        let mut mock = server.mock(|when, then| {
            when.method(Method::PATCH).path("/v1/books/7").body(sent);
            then.status(200).json_body(book.clone());
        });
        build_client(&server)?.update_book().book_id(7).body(change).send().await?;
        mock.assert();
        mock.delete();
    }
    Ok(())
}

#[tokio::test]
async fn violations_are_reported_before_a_request_is_sent() -> Tested {
    let server = MockServer::start_async().await;
    let mock = server.mock(|_, then| {
        then.status(201).json_body(json!({}));
    });
    let book = NewBook::builder().title("").homepage("bookshelves.example");
    let pointers = |violations: &Violations| violations.iter().map(|it| it.pointer.clone()).collect::<Vec<_>>();
    assert_eq!(pointers(&book.violations()), ["/title", "/homepage", "/genre"]);

    let error = build_client(&server)?.add_book().shelf_id("").body(book).send().await.unwrap_err();
    let Error::InvalidRequest(message) = error else { panic!("{error}") };
    assert_eq!(
        message.split("; ").collect::<Vec<_>>(),
        [
            "/shelf_id: must be a string of at least 1 character",
            "/title: must be a string of 1 to 100 characters",
            "/homepage: must be a URI with a scheme, such as `https://shop.example/path`",
            "/genre: is required",
        ]
    );
    mock.assert_calls(0);
    Ok(())
}

#[tokio::test]
async fn documented_errors_are_decoded() -> Tested {
    let server = MockServer::start_async().await;
    let mock = server.mock(|when, then| {
        when.method(Method::PATCH).path("/v1/books/8");
        then.status(404).json_body(json!({ "code": "no_such_book", "detail": "There is no book 8." }));
    });
    let change = BookChange::builder().title("Emma");
    let error = build_client(&server)?.update_book().book_id(8).body(change).send().await.unwrap_err();
    mock.assert();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(404));
    let problem = decode_problem(error).await.ok_or("the body is not a problem")?;
    assert_eq!(problem.code, Some(ProblemCode::NoSuchBook));
    assert_eq!(problem.detail.as_deref(), Some("There is no book 8."));
    Ok(())
}

#[test]
fn debug_output_omits_the_token() -> Tested {
    let client = Client::new("https://bookshelves.example/v1", Session::new("secret-token")?);
    assert!(!format!("{client:?} {:?}", Session::new("secret-token")?).contains("secret-token"));
    Ok(())
}
