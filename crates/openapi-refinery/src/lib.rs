//! Generates Rust clients from OpenAPI 3.0 and 3.1 documents in a build script, with
//! [progenitor](https://docs.rs/progenitor).
//!
//! progenitor reads OpenAPI 3.0. This crate translates a document to what progenitor supports and refines the code that it generates:
//!
//! - **OpenAPI 3.1**: documents may use all of JSON Schema 2020-12. Constraints that Rust types cannot express are reported, not
//!   silently dropped.
//! - **`null` is distinct from absent**: an optional nullable property of a request is an `Option<Option<T>>`, and its builder has a second
//!   setter, `…_null`. `maybe_…` takes an `Option` and does nothing if it is `None`.
//! - **Strict requests, tolerant responses**: a request is validated before it is sent. A response is decoded as far as possible: a
//!   value that an enum does not list is kept in the variant `Unlisted`, and an invalid item of a list is omitted.
//! - **Violations with JSON pointers**: setters accept any value; all violations of a request are reported at once, each with the
//!   pointer of its property.
//! - **Uniform errors**: a response that is not a documented success is returned with its body unread, so one hook or function can decode
//!   the errors of all operations. The error is an `Error<T>`, where `T` is the type of the error bodies that the document describes;
//!   `runtime::ErrorBody::into_body` decodes the body.
//! - **Corrections**: mistakes in the document are corrected with JSON patches (RFC 6902). Each has a reason and a test, and the build
//!   warns when it no longer applies.
//! - **Stable names**: generated names can be recorded in a lock file, so that additions to the document do not change them.
//! - **Provenance**: every public item of the generated code is traced back to its locations in the document.
//!
//! Generated code does not depend on this crate: the runtime that it needs is part of the generated module.
//!
//! # Guide
//!
//! This guide generates the client of an OpenAPI document in `openapi/bookshelves.yaml`. The folder `crates/openapi-refinery/example` of
//! the repository contains all of it, with tests.
//!
//! **1. Add the dependencies.** The generated code uses these:
//!
//! ```toml
//! [dependencies]
//! http = "1"
//! iri-string = "0.7"
//! progenitor-client = "0.15.1"
//! reqwest = { version = "0.13", features = ["json", "query"] }
//! schemars = "1"
//! serde = { version = "1", features = ["derive"] }
//! serde_json = { version = "1", features = ["raw_value"] }
//!
//! [build-dependencies]
//! openapi-refinery = "0.1"
//! ```
//!
//! **2. Describe the client** in `openapi/generate.yaml`. Every key is required; [`Configuration`] explains them:
//!
//! ```yaml
//! document: openapi/bookshelves.yaml
//! corrections: null
//! lock: null
//! snapshots: null
//! handwritten: []
//! inner: crate::Session
//! constructors: public
//! ```
//!
//! **3. Generate it** in `build.rs`:
//!
//! ```no_run
//! fn main() {
//!     openapi_refinery::build("openapi/generate.yaml", &[openapi_refinery::Output::Client]);
//! }
//! ```
//!
//! **4. Include it** in `src/lib.rs`. If `inner` names a type, each client holds a value of it for its hooks. A hook sees every request
//! before it is sent; the one below authenticates it:
//!
//! ```
//! #[allow(clippy::all)]
//! mod generated {
//! #   #[cfg(any())]
//!     include!(concat!(env!("OUT_DIR"), "/client.rs"));
//! #   pub use progenitor_client::Error;
//! #   pub struct Client(reqwest::Client, super::Session);
//! #   impl progenitor_client::ClientInfo<super::Session> for Client {
//! #       fn api_version() -> &'static str { "1.0.0" }
//! #       fn baseurl(&self) -> &str { "https://bookshelves.example/v1" }
//! #       fn client(&self) -> &reqwest::Client { &self.0 }
//! #       fn inner(&self) -> &super::Session { &self.1 }
//! #   }
//! #   pub mod types {}
//! }
//!
//! pub use generated::{Client, Error, types};
//!
//! use progenitor_client::{ClientHooks, ClientInfo, OperationInfo};
//! use reqwest::header::{AUTHORIZATION, HeaderValue};
//!
//! #[derive(Clone, Debug)]
//! pub struct Session {
//!     pub authorization: HeaderValue,
//! }
//!
//! impl ClientHooks<Session> for Client {
//!     async fn pre<E>(&self, request: &mut reqwest::Request, _: &OperationInfo) -> Result<(), Error<E>> {
//!         request.headers_mut().insert(AUTHORIZATION, self.inner().authorization.clone());
//!         Ok(())
//!     }
//! }
//! # fn main() {}
//! ```
//!
//! With `inner: null`, there is no such value and no hook to implement: `Client::new_with_client` takes a
//! `reqwest::Client`, which may have default headers.
//!
//! **5. Call it.** Each operation has a builder with a method for each parameter, and each object in a request body has a builder. The
//! error of an operation is an `Error<T>`, where `T` is the type that the document describes for its error responses:
//!
//! ```
//! # use generated::{Client, Error, types};
//! # mod generated {
//! #     pub use progenitor_client::Error;
//! #     pub struct Client;
//! #     impl Client {
//! #         pub fn update_book(&self) -> Self { Self }
//! #         pub fn book_id(self, _: u64) -> Self { self }
//! #         pub fn body(self, _: types::BookChange) -> Self { self }
//! #         pub async fn send(self) -> Result<progenitor_client::ResponseValue<types::Book>, Error<types::Problem>> { todo!() }
//! #     }
//! #     pub mod types {
//! #         pub struct Book { pub title: Option<String> }
//! #         pub struct BookChange;
//! #         pub struct Problem;
//! #         impl BookChange {
//! #             pub fn builder() -> Self { Self }
//! #             pub fn title(self, _: &str) -> Self { self }
//! #             pub fn borrowed_by_null(self) -> Self { self }
//! #         }
//! #     }
//! # }
//! async fn return_book(client: &Client) -> Result<(), Error<types::Problem>> {
//!     let change = types::BookChange::builder().title("Middlemarch").borrowed_by_null();
//!     let book = client.update_book().book_id(7).body(change).send().await?.into_inner();
//!     println!("{:?}", book.title);
//!     Ok(())
//! }
//! ```
//!
//! With [`Output::Mock`], the build also generates typed helpers for [httpmock](https://docs.rs/httpmock), to be included in a module
//! for tests. They expect the client in `crate::generated`. They compare bodies as they are sent: as JSON, form fields or bytes. Bodies of
//! `multipart/form-data` have a random boundary and are not compared.
//!
//! # Steps
//!
//! [`build()`] runs all steps in a build script. Other tools run them one by one:
//!
//! | step | function | what it does |
//! |---|---|---|
//! | load | [`Input::load`] | parses YAML 1.2 or JSON, within bounds of size and depth |
//! | correct | [`prepare`] | applies the corrections |
//! | normalize | [`prepare`] | converts the document to its normal form |
//! | lower | [`prepare`] | translates the normal form to OpenAPI 3.0 and assigns Rust names |
//! | generate | [`Prepared::code`] | runs progenitor |
//! | refine | [`Prepared::code`] | rewrites types, builders and operations, and adds the runtime |
//!
//! The generated code depends only on the inputs, not on the order of keys in them. No step accesses the network, and only [`build()`]
//! and [`Configuration`] access files.
//!
//! # Limits
//!
//! A constraint that the generated types do not enforce is *widened*: the types accept more values than the document allows. The build
//! reports it as a warning, except for formats and, in responses, for lengths, ranges of integers, enums of strings, `null`, and required
//! and unknown properties. [`Prepared::warnings`] returns all warnings. `docs/lowering.md` in the repository lists all rules; the most
//! important are:
//!
//! - Not checked: `pattern`, `multipleOf`, bounds of numbers that are not integers, bounds of lists and objects, `not`, `if`,
//!   `dependentRequired` and `contains`.
//! - `format`: `uri`, `int32` and `int64` are enforced in requests. In a response, `uint64` selects the type `u64`. Strings with another
//!   format, such as `date-time` or `uuid`, are plain strings.
//! - `oneOf` and `anyOf`: Rust enums in requests, and in responses if a discriminator or a property with distinct constants selects the
//!   alternative; usually any JSON value in other responses.
//! - References to other files are errors: bundle the document first.
//! - Only the first server of the document with an absolute URL is used.
//! - `multipart/form-data` needs the feature `multipart` of reqwest; other `multipart` types are sent as bytes, unchanged.
//! - Authentication, retries and pagination are not generated: they belong in hooks or in code around the client.

// The guide shows a complete `build.rs`.
#![allow(clippy::needless_doctest_main)]

mod build;
mod configuration;
mod correct;
mod embed;
mod error;
mod generate;
mod handwritten;
mod load;
pub mod lock;
pub mod lower;
pub mod names;
pub mod normalize;
pub mod pointer;
mod provenance;
mod references;
mod refine;
/// Compiled only for its unit tests: generated clients embed it as text.
#[cfg(test)]
#[allow(dead_code, unused_imports, unused_macros)]
mod runtime;

use serde_json::{Value, json};

pub use self::build::build;
pub use self::configuration::{Configuration, Constructors, Settings, Snapshots};
pub use self::correct::Outcome;
pub use self::error::{Error, Result};
pub use self::generate::Output;
pub use self::handwritten::Handwritten;
pub use self::load::{aliases, lines, load};
pub use self::lower::Warnings;
pub use self::names::Names;
pub use self::normalize::{
    InvalidValue, METHODS, Normal, ReducedDocument, canonical_media_type, expand_server_url, is_xml,
    media_range_includes, normalize, normalize_url, operation_key, reduce_to_operations,
};
use self::normalize::{PartialNormal, normalize_valid_parts};
pub use self::provenance::Provenance;

/// A loaded input with its name.
#[derive(Clone, Debug)]
pub struct Input {
    /// The name that errors mention, usually a path.
    pub name: String,
    /// The content.
    pub value: Value,
}

impl Input {
    /// Parses a YAML or JSON text.
    ///
    /// # Errors
    /// Returns an error if [`load`] does. The error mentions the name.
    pub fn load(name: &str, text: &str) -> Result<Self> {
        let value = load(text).map_err(|error| error.in_input(name))?;
        Ok(Self { name: name.to_owned(), value })
    }
}

/// Everything that determines the generated code.
#[derive(Clone, Debug)]
pub struct Inputs {
    /// The OpenAPI document as it was published.
    pub document: Input,
    /// Corrections of mistakes in the document: a list of JSON patches (RFC 6902), each with a reason.
    ///
    /// Each patch needs a `test` operation. A patch is applied as a whole or not at all.
    /// [`Outcome`] has an example.
    pub corrections: Input,
    /// The Rust names that were assigned before, in the form of [`Names`]. A name that is recorded here does not change.
    pub lock: Input,
    /// Options of the generator.
    pub settings: Settings,
}

impl Inputs {
    /// Returns inputs with default settings, and with neither corrections nor recorded names.
    ///
    /// ```
    /// use openapi_refinery::{Input, Inputs, Output, prepare};
    ///
    /// let document = "{openapi: 3.1.0, info: {title: Shelves, version: '1'}, paths: {}}";
    /// let prepared = prepare(Inputs::new(Input::load("shelves.yaml", document)?))?;
    /// assert!(prepared.code(Output::Client)?.text.contains("pub struct Client"));
    /// # Ok::<(), openapi_refinery::Error>(())
    /// ```
    pub fn new(document: Input) -> Self {
        let input = |name: &str, value| Input { name: name.to_owned(), value };
        Self {
            document,
            corrections: input("corrections", json!([])),
            lock: input("lock", json!(Names::default())),
            settings: Settings::default(),
        }
    }
}

/// A corrected, normalized and lowered document, from which code can be generated.
pub struct Prepared {
    /// The outcomes of the corrections, in their order.
    pub corrections: Vec<Outcome>,
    /// The corrected document.
    pub corrected: Value,
    name: String,
    normal: Normal,
    lowered: lower::Lowered,
    settings: Settings,
}

/// Corrects, normalizes and lowers a document.
///
/// # Errors
/// Returns an error if an input is invalid, or the document contains something that cannot be lowered. The error mentions the input, the
/// location, the problem and a remedy. [`Error::warnings`] returns the warnings about the other parts of the document:
///
/// ```
/// use openapi_refinery::{Input, Inputs, prepare};
///
/// let document = Input::load("shelves.yaml", "openapi: '2.0'")?;
/// let error = prepare(Inputs::new(document)).err().map(|error| error.to_string());
/// assert_eq!(error.as_deref(), Some("shelves.yaml, at /openapi: version `2.0` is not supported; use 3.0 or 3.1"));
/// # Ok::<(), openapi_refinery::Error>(())
/// ```
pub fn prepare(inputs: Inputs) -> Result<Prepared> {
    let Inputs { mut document, corrections, lock, settings } = inputs;
    let recorded = lock::parse_lock(lock.value).map_err(|error| error.in_input(&lock.name))?;
    let outcomes = correct::correct(&mut document.value, corrections.value);
    let outcomes = outcomes.map_err(|error| error.in_input(&corrections.name))?;
    let lowered = normalize_valid_parts(&document.value).and_then(|PartialNormal { normal, errors, .. }| {
        let lowered = lower::lower(&document.value, &normal, errors, &recorded, &settings.handwritten)?;
        Ok((normal, lowered))
    });
    let Input { name, value: corrected } = document;
    match lowered {
        Ok((normal, lowered)) => Ok(Prepared { corrections: outcomes, corrected, name, normal, lowered, settings }),
        Err(error) => Err(error.in_input(&name).with_corrections(outcomes)),
    }
}

impl Prepared {
    /// Returns the assigned Rust names, which can be recorded in the lock.
    pub fn names(&self) -> &Names {
        &self.lowered.names
    }

    /// Returns the warnings about the document, such as constraints that the generated types do not enforce. `Display` writes one line for
    /// each.
    ///
    /// ```
    /// use openapi_refinery::{Input, Inputs, prepare};
    ///
    /// let document = "
    /// openapi: 3.1.0
    /// info: { title: Shelves, version: '1' }
    /// paths:
    ///   /shelves:
    ///     get:
    ///       parameters:
    ///         - { name: code, in: query, schema: { type: string, pattern: '^[a-z]+$' } }
    ///       responses: { '204': { description: Done. } }
    /// ";
    /// let prepared = prepare(Inputs::new(Input::load("shelves.yaml", document)?))?;
    /// assert_eq!(
    ///     prepared.warnings().to_string(),
    ///     "`pattern` is widened: any string is accepted (at /paths/~1shelves/get/parameters/0/schema)\n"
    /// );
    /// # Ok::<(), openapi_refinery::Error>(())
    /// ```
    pub fn warnings(&self) -> &Warnings {
        &self.lowered.warnings
    }

    /// Returns the Cargo features of dependencies that the client needs in addition to those in the guide, as pairs of crate and feature.
    pub fn features(&self) -> Vec<(&'static str, &'static str)> {
        let is_multipart = self.lowered.types.values().any(|ty| ty.multipart_fields.is_some());
        is_multipart.then_some(("reqwest", "multipart")).into_iter().collect()
    }

    /// Returns the normal form of the corrected document.
    pub fn normal(&self) -> &Normal {
        &self.normal
    }

    /// Returns the OpenAPI 3.0 document that progenitor reads.
    pub fn lowered(&self) -> &Value {
        &self.lowered.document
    }

    /// Generates one formatted module.
    ///
    /// # Errors
    /// Returns an error if progenitor cannot generate code for a part of the document. The error mentions its location.
    pub fn code(&self, output: Output) -> Result<Code> {
        let generated = generate::generate(&self.lowered, output, &self.settings);
        let refined = generated.and_then(|file| refine::refine(file, output, &self.lowered, &self.settings));
        let (file, provenance) = refined.map_err(|error| error.in_input(&self.name))?;
        let mut text = prettyplease::unparse(&file);
        let runtime = text.len();
        if output == Output::Client {
            text += &embed::runtime(&text);
        }
        Ok(Code { text, runtime, provenance })
    }
}

/// Generated code.
#[derive(Clone, Debug)]
pub struct Code {
    /// The content of a module, without inner attributes, so that it can be included with `include!`.
    pub text: String,
    /// The offset in `text` at which the module `runtime` begins. It is the last module.
    runtime: usize,
    /// The locations in the document that its items come from.
    pub provenance: Provenance,
}

impl Code {
    /// Splits the text into the code generated from the document and the module `runtime`, which is empty for a mock.
    pub fn split_runtime(&self) -> (&str, &str) {
        self.text.split_at(self.runtime)
    }
}
