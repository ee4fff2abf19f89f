//! Runtime support for generated clients, embedded in each as source.

mod base_url;
mod boxed;
mod error_body;
mod integer;
mod json;
mod mock;
mod multipart;
mod number;
mod object;
mod request;
mod response;
mod schema;
mod secret;
mod style;
mod text;
mod tolerant;
mod union;
mod uri;
mod violation;

pub use self::boxed::Boxed;
pub use self::error_body::ErrorBody;
pub use self::integer::{Int32, Int64, Integer};
pub use self::multipart::File;
pub use self::number::Number;
pub use self::secret::Secret;
pub use self::uri::Uri;
pub use self::violation::{ConversionError, Violation, Violations};

pub(crate) use self::base_url::BaseUrl;
pub(crate) use self::mock::{
    cookie_counts, cookie_pattern, ends_with_path, expect_valid, form_counts, form_lists, has_lists, header,
    path_pattern, path_value, query_counts, query_lists,
};
pub(crate) use self::multipart::{Multipart, Parts, add_file_members, add_files, add_members, add_styled, add_value};
pub(crate) use self::object::{
    Builder, List, Map, Member, Nullable, Object, Plain, object, request_object, response_object,
};
pub(crate) use self::request::Request;
pub(crate) use self::response::ErrorContent;
pub(crate) use self::schema::{json_schema, parse_schema};
pub(crate) use self::style::Style;
pub(crate) use self::text::{Lossy, bounded_string, debug_without_secrets, one_of, parse, string_enum, string_type};
pub(crate) use self::tolerant::{body, decode_tolerantly, no_body, read_tolerantly};
pub(crate) use self::union::{
    best_alternative, discriminator_value, parse_alternative, parse_unlisted, raw_discriminator_value,
    read_alternative, read_raw_value, read_value, serialize_alternative, tagged_request, tagged_response,
    try_alternative, union_with_builder, union_with_number, union_with_text, unknown_discriminator, untagged_union,
};
pub(crate) use self::violation::{build, convert};
