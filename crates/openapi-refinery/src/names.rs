//! Assignment of Rust names to operations, types and variants.
//!
//! Names depend only on the document, not on the order of its keys. Locations are divided into groups, which get their names one after
//! another. Each location has candidates in order of preference. They are tried in rounds: in round n, each location of the group that has
//! no name yet claims its n-th candidate, and gets it if no other location claims it and it is not taken. Names in the lock do not change
//! when the document changes.

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToPascalCase, ToSnakeCase};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_security::GeneralSecurityProfile;
use unicode_security::is_potential_mixed_script_confusable_char as is_confusable;
use unicode_security::mixed_script::AugmentedScriptSet;
use unicode_security::skeleton;

/// Rust names by location in the document: the content of a lock file.
///
/// ```yaml
/// operations:
///   patch /books/{book_id}: update_book
/// types:
///   request /components/schemas/book_change: BookChange
///   "request /components/schemas/book_change/oneOf/{kind=loan}": Loan
///   "request /paths/~1books/get/parameters/in=query,name=sort/schema": ListBooksSort
///   response /components/schemas/book: Book
/// variants:
///   "request /components/schemas/book_change {kind=loan}": Loan
///   response /components/schemas/book/properties/genre novel: Novel
/// ```
///
/// A location is a JSON pointer (RFC 6901), but a parameter or alternative has a label instead of an index. `allOf` is omitted, since its
/// members form one schema. In the key of a variant, spaces in the location are written as `~2`. A parameter is labeled by its location
/// and name. An alternative has the first of these labels that no other alternative has:
///
/// - `{kind=loan}`: the only value of a required property
/// - `$ref=loan`: the last part of the reference
/// - `{due_date}`: the name of a property, or a name in `required`
/// - `type=object`, `type=enum` or `type=array<string>`: the type
/// - `title=Loan`
///
/// If an alternative has no unique label, its label is its type. If there are several of one type, they get a number from the second one
/// on: `type=object#2`. Only these labels depend on the order of the alternatives. A name is found by any label of its alternative that no
/// other alternative has, even if it is not the first one. So names stay the same if alternatives are added, removed, reordered or changed.
/// A name is lost only if its alternative no longer has the recorded label, or if another alternative gets the same label.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, expecting = "the names of operations and types")]
pub struct Names {
    /// Methods of the client, by method and path.
    pub operations: BTreeMap<String, String>,
    /// Types in the module `types`, by direction (`request` or `response`) and location.
    pub types: BTreeMap<String, String>,
    /// Variants of enums, by the key of the type and the value or the label of the alternative.
    pub variants: BTreeMap<String, String>,
    /// The values that were added to an enum after it was recorded, in order, by the key of the type. Their variants follow the
    /// others, so that an addition changes neither discriminants nor the derived order.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub appended: BTreeMap<String, Vec<String>>,
}

/// The names with non-ASCII letters in all scopes, by their skeletons (UTS #39): names with the same skeleton look alike, which rustc warns
/// about (lint `confusable_idents`).
#[derive(Clone, Default)]
pub(crate) struct Looks(BTreeMap<String, String>);

impl Looks {
    /// Adds a name, and the name of the type that is derived from it. Returns `false` if another name looks like one of them.
    pub(crate) fn reserve(&mut self, name: &str) -> bool {
        let mut is_own =
            |name: String| *self.0.entry(skeleton(&name).collect()).or_insert_with(|| name.clone()) == name;
        name.is_ascii() || (is_own(name.to_owned()) && is_own(builder_name(name)))
    }
}

/// The candidates of locations, in order of preference.
pub(crate) type Wanted = BTreeMap<String, Vec<String>>;

/// Assigns a name to each location: its recorded name, even if that is reserved; else the candidate that it gets in the rounds of its
/// group; else its last candidate with a number, in the order of locations. Reserved names, and the names of earlier groups, are taken.
/// Names collide if their `shape` is equal. A name that looks like one in another scope is not used, either.
pub(crate) fn assign(
    groups: &[Wanted],
    recorded: &BTreeMap<String, String>,
    reserved: &BTreeSet<&str>,
    shape: fn(&str) -> String,
    looks: &mut Looks,
) -> BTreeMap<String, String> {
    let keys = groups.iter().flat_map(Wanted::keys);
    let mut given: BTreeMap<String, String> =
        keys.filter_map(|key| Some((key.clone(), recorded.get(key)?.clone()))).collect();
    let names_in_use = given.values().map(String::as_str).chain(reserved.iter().copied());
    let mut taken: BTreeSet<String> = names_in_use.map(shape).collect();
    given.values().for_each(|name| _ = looks.reserve(name));
    groups.iter().for_each(|wanted| assign_group(wanted, &mut given, &mut taken, shape, looks));
    given
}

/// Returns the name of a type, or its skeleton (UTS #39) if it is not ASCII, because rustc warns of names that look alike.
pub(crate) fn shape_of_type(name: &str) -> String {
    shape_of_variant(&builder_name(name))
}

pub(crate) fn shape_of_variant(name: &str) -> String {
    if name.is_ascii() { name.to_owned() } else { skeleton(name).collect() }
}

/// Groups locations by what their first candidate keeps of the text that it is made from: all of it, all but case and separators, or less.
/// So the name `Size` belongs to `size` rather than to `<size`.
pub(crate) fn group_by_similarity(wanted: impl IntoIterator<Item = (String, String, Vec<String>)>) -> Vec<Wanted> {
    let mut groups = vec![Wanted::new(); 3];
    for (key, text, candidates) in wanted {
        let lost = candidates.first().map_or(0, |name| loss(&text, name));
        groups[lost].insert(key, candidates);
    }
    groups
}

/// Returns how much a name loses of the text that it is made from: nothing, case and separators, or symbols.
pub(crate) fn loss(text: &str, name: &str) -> usize {
    match text {
        text if text == name.trim_end_matches('_') => 0,
        text if text.starts_with(char::is_alphanumeric) && text.ends_with(char::is_alphanumeric) => 1,
        _ => 2,
    }
}

fn assign_group(
    wanted: &Wanted,
    given: &mut BTreeMap<String, String>,
    taken: &mut BTreeSet<String>,
    shape: fn(&str) -> String,
    looks: &mut Looks,
) {
    let levels = wanted.values().map(Vec::len).max().unwrap_or(0);
    for level in 0..levels {
        let mut claims: BTreeMap<String, Vec<(&String, &String)>> = BTreeMap::new();
        for (key, candidates) in wanted.iter().filter(|(key, _)| !given.contains_key(*key)) {
            if let Some(name) = candidates.get(level).or(candidates.last()) {
                claims.entry(shape(name)).or_default().push((key, name));
            }
        }
        for (shape, keys) in claims {
            if let [(key, name)] = keys[..]
                && looks.reserve(name)
                && taken.insert(shape)
            {
                given.insert(key.clone(), name.clone());
            }
        }
    }
    for (key, candidates) in wanted {
        if let (false, Some(name)) = (given.contains_key(key), candidates.last()) {
            given.insert(key.clone(), append_number(name, |name| looks.reserve(name) && taken.insert(shape(name))));
        }
    }
}

/// Returns the name, with a number if it is taken or looks like a name in another scope, and adds the result to the taken names.
pub(crate) fn reserve_name(name: &str, taken: &mut BTreeSet<String>, looks: &mut Looks) -> String {
    append_number(name, |name| looks.reserve(name) && taken.insert(name.to_owned()))
}

/// Returns the name, or the name with the first number for which `reserve` succeeds.
fn append_number(name: &str, mut reserve: impl FnMut(&str) -> bool) -> String {
    let mut free = name.to_owned();
    let mut number = 2;
    while !reserve(&free) {
        free = format!("{name}{number}");
        number += 1;
    }
    free
}

/// Returns the name of a type or variant that consists of these words: of letters and digits, in ASCII if Rust does not allow others.
pub(crate) fn type_name(words: &[impl AsRef<str>]) -> String {
    let words = with_clear_letters(&words.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(" "));
    let name = to_stable_pascal_case(&words, char::is_alphanumeric);
    let is_name = syn::parse_str::<syn::Ident>(&name).is_ok();
    if is_name { name } else { to_stable_pascal_case(&words, |c| c.is_ascii_alphanumeric()) }
}

/// Returns a text in the form NFKC, without the letters that rustc warns about in identifiers (Unicode Technical Standard 39). These become
/// their code points (`u0441`):
/// - letters that are not recommended for identifiers
/// - letters of a script that the text uses only through letters that look like those of another script (lint
///   `mixed_script_confusables`)
/// - all letters outside of ASCII, if the text in Pascal case or in snake case looks like Latin letters
pub(crate) fn with_clear_letters(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let text: String = text.nfkc().collect();
    let scripts: Vec<AugmentedScriptSet> = ['A']
        .into_iter()
        .chain(text.chars().filter(|c| !is_confusable(*c)))
        .map(AugmentedScriptSet::for_char)
        .collect();
    let looks_latin = looks_latin(&text.to_pascal_case()) || looks_latin(&text.to_snake_case());
    let is_clear =
        |c: char| !looks_latin && c.identifier_allowed() && scripts.contains(&AugmentedScriptSet::for_char(c));
    let letter = |c: char| match c {
        c if !c.is_alphanumeric() || c.is_ascii() || is_clear(c) => c.to_string(),
        c => format!(" u{:04x} ", u32::from(c)),
    };
    text.chars().map(letter).collect()
}

/// Returns whether an identifier could be mistaken for one in Latin letters: it looks like ASCII, or it has other letters that look Latin.
fn looks_latin(identifier: &str) -> bool {
    let is_latin = |c: char| {
        let mut scripts = AugmentedScriptSet::for_char(c);
        scripts.intersect_with(AugmentedScriptSet::for_char('A'));
        !scripts.is_empty()
    };
    let is_other = !identifier.chars().all(is_latin);
    skeleton(identifier).all(|c| c.is_ascii() || (is_other && is_latin(c)))
}

/// The number of characters of a name that are enough to recognize it.
const LONG_NAME: usize = 60;

/// Returns the name of a type that consists of these words. If it is long, those in the middle are left out.
pub(crate) fn short_type_name(words: &[String]) -> String {
    let names = (1..words.len()).map(|last| type_name(&[&words[..1], &words[last..]].concat()));
    let short = names.into_iter().find(|name| name.chars().count() <= LONG_NAME);
    short.unwrap_or_else(|| shorten(&type_name(words)))
}

/// Returns the first words of a name if it is long.
fn shorten(name: &str) -> String {
    let mut short = String::new();
    for word in name.to_snake_case().split('_') {
        if !short.is_empty() && short.chars().count() + word.chars().count() > LONG_NAME {
            break;
        }
        short = type_name(&[short.as_str(), word]);
    }
    short
}

/// Symbols with their words in names.
const SYMBOLS: [&str; 32] = [
    "!not", "\"quote", "#hash", "$dollar", "%percent", "&and", "'apostrophe", "(open", ")close", "*star", "+plus",
    ",comma", "-minus", ".dot", "/slash", ":colon", ";semicolon", "<less", "=equal", ">greater", "?question", "@at",
    "[open", "\\backslash", "]close", "^caret", "_underscore", "`backtick", "{open", "|or", "}close", "~tilde",
];

/// Returns the word for a symbol, or its code point.
fn name_symbol(symbol: char) -> String {
    let word = SYMBOLS.iter().find_map(|word| word.strip_prefix(symbol));
    word.map_or_else(|| format!("u{:04x}", u32::from(symbol)), str::to_owned)
}

/// Returns the name of the variant for a value. A sign becomes a word, since `-name` is often the opposite of `name`, and so does each
/// symbol of a value that has no letters and digits.
pub(crate) fn variant_name(value: &str) -> String {
    let is_signed = value.starts_with(['-', '+']) && value[1..].starts_with(char::is_alphanumeric);
    let symbols = match value.find(char::is_alphanumeric) {
        None if value.is_empty() => "empty".to_owned(),
        None => value.chars().map(name_symbol).collect::<Vec<_>>().join(" "),
        Some(_) if is_signed => value.chars().take(1).map(name_symbol).collect(),
        Some(_) => String::new(),
    };
    let parts = split_digits(&format!("{symbols} {value}"));
    // Only digits keep a separator, as in `X1_0` for `1.0`.
    let names = parts.iter().enumerate().map(|(index, part)| {
        let name = type_name(&[part]);
        if index == 0 { name } else { name.trim_start_matches('X').to_owned() }
    });
    let name = names.collect::<Vec<_>>().join("_");
    if name.chars().count() > LONG_NAME { shorten(&name) } else { name }
}

/// Splits a text at the separators between digits: without a separator, the digits would be another number.
fn split_digits(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let text = with_clear_letters(&text.replace('\'', ""));
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let is_digit = |c: char| c.is_ascii_digit();
        match parts.last_mut() {
            Some(part) if !(part.ends_with(is_digit) && word.starts_with(is_digit)) => *part += &format!(" {word}"),
            _ => parts.push(word.to_owned()),
        }
    }
    parts
}

/// Converts words to Pascal case. Converting the result again, as typify does, does not change it.
pub(crate) fn to_stable_pascal_case(words: &str, keep: fn(char) -> bool) -> String {
    let mut name = words.to_owned();
    loop {
        let mut cased = name.replace('\'', "").to_pascal_case();
        cased.retain(keep);
        if !cased.starts_with(char::is_alphabetic) {
            cased.insert(0, 'X');
        }
        if cased == name {
            return name;
        }
        name = cased;
    }
}

/// Returns the name that progenitor gives to the builder of an operation. The name of a type is returned unchanged.
pub(crate) fn builder_name(operation: &str) -> String {
    let name = operation.to_pascal_case();
    let attempts = [format!("{name}_"), format!("_{name}")];
    [&name].into_iter().chain(&attempts).find(|name| is_name(name)).unwrap_or(&name).clone()
}

/// The reserved name of the variant for other values.
pub(crate) const UNLISTED: &str = "Unlisted";

/// Returns the names of an enum's variants by their keys. `variants` are the values, or the labels of alternatives in order of preference,
/// each with the text that its name is made from. A variant is recorded by any of its labels.
pub(crate) fn name_variants(
    type_key: &str,
    variants: &[(Vec<String>, String)],
    recorded: &BTreeMap<String, String>,
    looks: &mut Looks,
) -> BTreeMap<String, String> {
    let key = |labels: &[String]| variant_key(type_key, &labels[0]);
    let wanted = variants.iter().map(|(labels, text)| (key(labels), text.clone(), vec![variant_name(text)]));
    let recorded_name = |labels: &[String]| labels.iter().find_map(|label| recorded.get(&variant_key(type_key, label)));
    let recorded = variants.iter().filter_map(|(labels, _)| Some((key(labels), recorded_name(labels)?.clone())));
    let (groups, recorded) = (group_by_similarity(wanted), recorded.collect());
    let mut given = assign(&groups, &recorded, &BTreeSet::from([UNLISTED]), shape_of_variant, looks);
    // `Self` is a keyword.
    given.values_mut().filter(|name| !is_name(name)).for_each(|name| name.push('_'));
    given
}

/// Returns those values of an enum that were added after it was recorded, in the order in which they were added.
pub(crate) fn appended_values(type_key: &str, values: &[String], recorded: &Names) -> Vec<String> {
    let is_recorded = |value: &String| recorded.variants.contains_key(&variant_key(type_key, value));
    let before = recorded.appended.get(type_key).into_iter().flatten().filter(|value| values.contains(value));
    let mut appended: Vec<String> = before.cloned().collect();
    if values.iter().any(is_recorded) {
        appended.extend(values.iter().filter(|value| !is_recorded(value)).cloned());
    }
    appended
}

/// Returns the key of a variant: that of the type, in which spaces after the direction are written as `~2`, and the value.
pub(crate) fn variant_key(type_key: &str, value: &str) -> String {
    let (direction, location) = type_key.split_once(' ').unwrap_or((type_key, ""));
    format!("{direction} {} {value}", location.replace(' ', "~2"))
}

/// Returns the key of the type, and the value or label of the variant with a key.
pub fn split_variant_key(key: &str) -> Option<(String, &str)> {
    let (direction, rest) = key.split_once(' ')?;
    let (location, value) = rest.split_once(' ')?;
    Some((format!("{direction} {}", location.replace("~2", " ")), value))
}

/// Converts a name to snake case, for a method, field or parameter. An apostrophe does not separate words, as in names of progenitor.
pub(crate) fn value_name(name: &str) -> String {
    let name = with_clear_letters(&name.replace('\'', "")).to_snake_case();
    let ascii: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    let attempts = [
        name.clone(),
        format!("{name}_"),
        format!("_{name}"),
        format!("value_{ascii}").trim_end_matches('_').to_owned(),
    ];
    attempts.iter().find(|name| is_name(name)).unwrap_or(&attempts[3]).clone()
}

/// Returns whether progenitor uses a name unchanged. `gen` is a keyword since edition 2024, which syn does not know.
pub(crate) fn is_name(name: &str) -> bool {
    !["_", "gen"].contains(&name) && syn::parse_str::<syn::Ident>(name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_are_named_after_their_values() {
        let values = ["+name", "-INF", "-name", "<size", "INF", "NAME", "Name", "name", "size"];
        let values = values.map(|value| (vec![value.to_owned()], value.to_owned()));
        let names: Vec<String> =
            name_variants("shelf", &values, &BTreeMap::new(), &mut Looks::default()).into_values().collect();
        let expected = ["PlusName", "MinusInf", "MinusName", "Size2", "Inf", "Name2", "Name", "Name3", "Size"];
        assert_eq!(names, expected);
    }

    #[test]
    fn variants_keep_separators_of_digits_and_the_meaning_of_symbols() {
        let names = |values: &[&str]| {
            let pairs: Vec<_> = values.iter().map(|value| (vec![value.to_string()], value.to_string())).collect();
            let names = name_variants("shelf", &pairs, &BTreeMap::new(), &mut Looks::default());
            values.iter().map(|value| names[&variant_key("shelf", value)].clone()).collect::<Vec<_>>()
        };
        assert_eq!(
            names(&["1", "1.0", "10", "-1.5", "16x16", "1.6x16"]),
            ["X1", "X1_0", "X10", "Minus1_5", "X16x16", "X1_6x16"]
        );
        assert_eq!(names(&["gpt-3.5-turbo", "it's", "2026-01-02"]), ["Gpt3_5Turbo", "Its", "X2026_01_02"]);
        assert_eq!(names(&["<", "<=", "!=", "", "\u{20ac}"]), ["Less", "LessEqual", "NotEqual", "Empty", "U20ac"]);
        assert_eq!(names(&["self", "Self2"]), ["Self_", "Self2"]);
    }

    fn assign_names(wanted: &[(&str, &[&str])], recorded: &[(&str, &str)], reserved: &[&str]) -> Vec<String> {
        let owned = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        let wanted = wanted.iter().map(|(key, names)| ((*key).to_owned(), owned(names))).collect();
        let recorded = recorded.iter().map(|(key, name)| ((*key).to_owned(), (*name).to_owned())).collect();
        assign(&[wanted], &recorded, &reserved.iter().copied().collect(), shape_of_type, &mut Looks::default())
            .into_values()
            .collect()
    }

    #[test]
    fn names_collide_if_their_type_names_are_equal() {
        let both: [(&str, &[&str]); 2] = [("1", &["get_a_1"]), ("2", &["get_a1"])];
        assert_eq!(assign_names(&both, &[], &[]), ["get_a_1", "get_a12"]);
        assert_eq!(assign_names(&both, &[("2", "get_a1")], &[]), ["get_a_12", "get_a1"]);
        assert_eq!(assign_names(&[("1", &["response_value", "get_it"])], &[], &["ResponseValue"]), ["get_it"]);
        assert_eq!(
            assign_names(&[("1", &["thing"]), ("2", &["thing"]), ("3", &["thing_2"])], &[], &[]),
            ["thing", "thing3", "thing_2"]
        );
    }

    #[test]
    fn added_values_are_appended_in_the_order_of_their_addition() {
        let key = "request /components/schemas/genre";
        let record = |values: &[&str], recorded: &Names| {
            let values: Vec<String> = values.iter().map(ToString::to_string).collect();
            let appended = appended_values(key, &values, recorded);
            let pairs: Vec<_> = values.iter().map(|value| (vec![value.clone()], value.clone())).collect();
            let variants = name_variants(key, &pairs, &recorded.variants, &mut Looks::default());
            Names { variants, appended: BTreeMap::from([(key.to_owned(), appended)]), ..Names::default() }
        };
        let mut names = record(&["novel", "poetry"], &Names::default());
        for (values, expected) in [
            (&["novel", "poetry"][..], &[][..]),
            (&["drama", "novel", "poetry"], &["drama"]),
            (&["biography", "drama", "novel", "poetry"], &["drama", "biography"]),
            (&["biography", "drama", "novel", "poetry"], &["drama", "biography"]),
            (&["biography", "poetry"], &["biography"]),
        ] {
            names = record(values, &names);
            assert_eq!(names.appended[key], expected);
        }
    }

    #[test]
    fn earlier_groups_take_precedence() {
        let group = |key: &str, names: &[&str]| {
            Wanted::from([(key.to_owned(), names.iter().map(ToString::to_string).collect())])
        };
        let groups = [group("component", &["Pet"]), group("inline", &["Pet", "OwnerPet"])];
        let assign_names = |recorded: &[(&str, &str)]| {
            let recorded = recorded.iter().map(|(key, name)| ((*key).to_owned(), (*name).to_owned())).collect();
            assign(&groups, &recorded, &BTreeSet::new(), shape_of_type, &mut Looks::default())
                .into_values()
                .collect::<Vec<_>>()
        };
        assert_eq!(assign_names(&[]), ["Pet", "OwnerPet"]);
        // Recorded names do not change.
        assert_eq!(assign_names(&[("inline", "Pet")]), ["Pet2", "Pet"]);
    }

    #[test]
    fn long_names_lose_words() {
        let words = ["createShipmentWithRules", "Body", "deliveryOptions", "lastMile", "preferredWindow", "start"];
        let words = words.map(str::to_owned);
        assert_eq!(short_type_name(&words), "CreateShipmentWithRulesLastMilePreferredWindowStart");
        assert_eq!(short_type_name(&words[..3]), "CreateShipmentWithRulesBodyDeliveryOptions");
        assert_eq!(variant_name(&"a value ".repeat(20)), "AValue".repeat(10));
        assert_eq!(short_type_name(&["x".repeat(80)]), format!("X{}", "x".repeat(79)));
    }

    /// The lints are on by default: `uncommon_codepoints`, `mixed_script_confusables` and `confusable_idents`.
    #[test]
    fn letters_that_rustc_warns_about_are_replaced() {
        let names =
            ["\u{b5}m", "\u{fb01}le", "\u{ff21}\u{ff22}", "\u{aa}\u{ba}", "\u{2167}", "\u{441}", "\u{3b1}", "1\u{661}"];
        let expected = ["u03bc_m", "file", "ab", "ao", "viii", "u0441", "u03b1", "_1_u0661"];
        assert_eq!(names.map(value_name), expected);
        // Upper case may look like ASCII although lower case does not.
        let types = ["\u{b5}s", "\u{432}", "\u{131}", "\u{451}", "\u{eb}"].map(|name| type_name(&[name]));
        assert_eq!(types, ["U03bcS", "U0432", "U0131", "U0451", "\u{cb}"]);
        // Two names of one script may look alike, too.
        assert_eq!(assign_names(&[("1", &["\u{e02}"]), ("2", &["\u{e03}"])], &[], &[]), ["\u{e02}", "\u{e03}2"]);
        // Composed and decomposed letters are equal.
        assert_eq!(type_name(&["A\u{30a}ngstro\u{308}m"]), type_name(&["\u{c5}ngstr\u{f6}m"]));
        assert_eq!(["\u{441}\u{43b}\u{43e}\u{432}\u{43e}", "gr\u{f6}\u{df}e"].map(value_name), ["слово", "größe"]);
    }

    #[test]
    fn names_keep_letters_of_all_scripts() {
        let words = [["Größe"], ["Пользователь"], ["用户 列表"], ["élève"], ["a'b"]].map(|words| type_name(&words));
        assert_eq!(words, ["Größe", "Пользователь", "用户列表", "Élève", "Ab"]);
    }

    #[test]
    fn operation_types_are_named_as_by_progenitor() {
        let named = ["get_a_1", "self_", "_2fa", "gen_", "Thing2"].map(builder_name);
        assert_eq!(named, ["GetA1", "Self_", "_2fa", "Gen", "Thing2"]);
        assert_eq!(["gen", "self", "2fa", "it's"].map(value_name), ["gen_", "self_", "_2fa", "its"]);
    }
}
