//! Responses: each is decoded as far as it can be.

use std::cell::Cell;
use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

use super::text::Lossy;

thread_local! {
    /// Whether `tolerant` left something out since `read_tolerantly` began.
    static LEFT_OUT: Cell<bool> = const { Cell::new(false) };
}

/// What can be read of a response's body, whatever its bytes, and whether something had to be left out.
pub(crate) fn read_tolerantly<T: DeserializeOwned>(body: &[u8]) -> (Option<T>, bool) {
    let text = String::from_utf8_lossy(body);
    // RFC 8259, section 8.1: a byte order mark may be ignored.
    let text = text.trim_start_matches('\u{feff}');
    LEFT_OUT.set(false);
    // No look at the end: what follows the value takes nothing from it.
    let read = T::deserialize(&mut serde_json::Deserializer::from_str(text)).ok();
    let left_out = read.is_none() || LEFT_OUT.get();
    (read, left_out)
}

/// What can be read of a JSON value: the value as declared, else a scalar as its text, a single value as a list of one, a
/// list or a map without what cannot be read in it.
pub(super) fn tolerant<T: DeserializeOwned>(json: &str) -> Option<T> {
    if let Ok(read) = serde_json::from_str(json) {
        return Some(read);
    }
    let read = match json.as_bytes().first()? {
        b'n' => return None,
        b'{' => integers(json)
            .or_else(|| serde_json::from_str(&format!("[{json}]")).ok())
            .or_else(|| readable(["{", "}"], &members(json)?)),
        b'[' => readable(["[", "]"], &items(json)?),
        b'-' | b'0'..=b'9' => integers(json).or_else(|| T::deserialize(Value::String(json.to_owned())).ok()),
        b'"' => serde_json::from_str(json).ok().and_then(|Lossy(text)| T::deserialize(Value::String(text)).ok()),
        _ => T::deserialize(Value::String(json.to_owned())).ok(),
    };
    if read.is_none() {
        LEFT_OUT.set(true);
    }
    read
}

/// A value with integers in it that are written as 7.0.
fn integers<T: DeserializeOwned>(json: &str) -> Option<T> {
    serde_json::from_str(&with_integers(json)?).ok()
}

fn with_integers(json: &str) -> Option<String> {
    let mut value = serde_json::from_str(json).ok()?;
    write_as_integers(&mut value);
    Some(value.to_string())
}

fn write_as_integers(value: &mut Value) {
    match value {
        Value::Number(number) => {
            let float = number.as_f64().filter(|float| number.is_f64() && float.fract() == 0.0 && float.abs() < 9e15);
            if let Some(float) = float {
                *value = (float as i64).into();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(write_as_integers),
        Value::Object(members) => members.values_mut().for_each(write_as_integers),
        _ => {}
    }
}

/// The items of a list; nothing stands before them.
fn items(json: &str) -> Option<Vec<(String, &RawValue)>> {
    let items: Vec<&RawValue> = serde_json::from_str(json).ok()?;
    Some(items.into_iter().map(|item| (String::new(), item)).collect())
}

/// The members of an object, each with the key that stands before it.
fn members(json: &str) -> Option<Vec<(String, &RawValue)>> {
    let members: BTreeMap<String, &RawValue> = serde_json::from_str(json).ok()?;
    Some(members.into_iter().map(|(key, value)| (format!("{}:", Value::String(key)), value)).collect())
}

/// A list or a map of the parts that can be read.
fn readable<T: DeserializeOwned>([open, close]: [&str; 2], parts: &[(String, &RawValue)]) -> Option<T> {
    let can_be_read = |part: &String| serde_json::from_str::<T>(&format!("{open}{part}{close}")).is_ok();
    let readable = parts.iter().filter_map(|(key, value)| {
        let part = |value: &str| Some(format!("{key}{value}")).filter(can_be_read);
        part(value.get()).or_else(|| part(&with_integers(value.get())?))
    });
    let readable: Vec<String> = readable.collect();
    if readable.len() < parts.len() {
        LEFT_OUT.set(true);
    }
    serde_json::from_str(&format!("{open}{}{close}", readable.join(","))).ok()
}

/// Reads the body of a success, as far as it can be read. Where there is none, it is read as `null`.
pub(crate) async fn body<T: DeserializeOwned, E>(
    response: reqwest::Response,
) -> Result<progenitor_client::ResponseValue<T>, progenitor_client::Error<E>> {
    let (status, headers) = (response.status(), response.headers().clone());
    let body = response.bytes().await.map_err(progenitor_client::Error::ResponseBodyError)?;
    let value = serde_json::from_slice(&body).or_else(|error| {
        let json: &[u8] = if body.is_empty() { b"null" } else { &body };
        let json = serde_json::from_slice::<&RawValue>(json);
        json.ok().and_then(|json| tolerant(json.get())).ok_or(error)
    });
    let value = value.map_err(|error| progenitor_client::Error::InvalidResponsePayload(body, error))?;
    Ok(progenitor_client::ResponseValue::new(value, status, headers))
}
