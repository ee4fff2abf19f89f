//! The role of a schema in requests or responses.

use crate::{Direction, Effect};

/// How the whole schema changes when a part of it accepts more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in super::super) enum Sense {
    /// The whole accepts more.
    Same,
    /// The whole accepts less, as with `not`.
    Reversed,
    /// The whole may accept more or less, as with `if`.
    Either,
}

impl Sense {
    /// Converts an effect on the part to the resulting effect on the whole.
    pub(super) fn of(self, effect: Effect) -> Effect {
        match (self, effect) {
            (Self::Same, effect) => effect,
            (Self::Reversed, Effect::Narrows) => Effect::Widens,
            (Self::Reversed, Effect::Widens) => Effect::Narrows,
            _ => Effect::Both,
        }
    }

    /// Composes two senses: that of a part, and that of a part of the part.
    fn then(self, inner: Self) -> Self {
        match (self, inner) {
            (Self::Same, sense) | (sense, Self::Same) => sense,
            (Self::Reversed, Self::Reversed) => Self::Same,
            _ => Self::Either,
        }
    }
}

/// How instances of a schema are transmitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in super::super) enum Transmission {
    /// In a body, optional.
    Value,
    /// In a body, required.
    RequiredValue,
    /// As text that a media type encodes, as in a parameter with `content`, optional.
    EncodedText,
    /// As text, as in a URL, optional. A number in text is also a string.
    Text,
    /// As text, required.
    RequiredText,
    /// Within a text, as a property of an object, optional. It has no lists itself.
    PartOfText,
    /// Within a text, as an item of a list or a property of an object, required.
    RequiredPartOfText,
}

/// The role of a schema in requests or responses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in super::super) struct Role {
    pub(in super::super) direction: Direction,
    pub(super) sense: Sense,
    pub(super) transmission: Transmission,
    /// Whether annotations and the discriminator are compared.
    pub(super) compares_annotations: bool,
    /// Whether this is an alternative or a part of one.
    pub(super) is_alternative: bool,
    /// Whether another alternative may overlap it, before and after: `oneOf` rejects an instance of both.
    pub(super) has_overlap: bool,
    /// Whether `null` is compared elsewhere: for all alternatives together, and not for each of them.
    pub(super) ignores_null: bool,
    /// Whether this is a subschema that applies to the same instance as the schema that it belongs to, such as `then` or `not`.
    pub(super) is_partial: bool,
    /// Whether instances may be written as XML.
    pub(super) is_xml: bool,
    /// Whether this is a property, which requests or responses may omit.
    pub(super) is_property: bool,
    /// If the mapping of a discriminator led to this schema, the number of the schema that has the discriminator.
    pub(super) mapped_by: Option<usize>,
    /// If a list of alternatives replaces a single schema, and this is one of them, the number of the list.
    pub(super) split_into: Option<usize>,
    /// Whether this is an alternative whose instances another one accepts, or a part of one: only defaults and documentation matter.
    pub(in super::super) is_covered: bool,
    /// Whether `default` is documentation, because the one beside the list of alternatives takes precedence.
    pub(super) ignores_default: bool,
    /// Whether this is a property that requests or responses omit, or a part of one: only the generated client has it.
    pub(in super::super) is_omitted: bool,
}

impl Role {
    /// Returns the role of a whole body, parameter or header.
    pub(in super::super) fn of(direction: Direction, transmission: Transmission) -> Self {
        Self {
            direction,
            sense: Sense::Same,
            transmission,
            compares_annotations: true,
            is_alternative: false,
            has_overlap: false,
            ignores_null: false,
            is_partial: false,
            is_xml: false,
            is_property: false,
            mapped_by: None,
            split_into: None,
            is_covered: false,
            ignores_default: false,
            is_omitted: false,
        }
    }

    /// Returns the same role in a body that may be XML.
    pub(in super::super) fn within_xml(self, is_xml: bool) -> Self {
        Self { is_xml, ..self }
    }

    /// Converts an effect on this part to the resulting effect on the whole schema.
    pub(super) fn effect(self, effect: Effect) -> Effect {
        if self.has_overlap { Effect::Both } else { self.sense.of(effect) }
    }

    /// Returns a suffix for messages that says where this part is, or an empty text if a change has the same effect on the whole schema as
    /// on this part.
    pub(super) fn describe_context(self) -> &'static str {
        match self.sense {
            _ if self.has_overlap => " in an alternative that overlaps another",
            Sense::Same => "",
            Sense::Reversed => " under `not`",
            Sense::Either => " under `if` or `contains`",
        }
    }

    /// Returns the role of a part. The parts of a text are text.
    pub(super) fn to(self, inner: Sense) -> Self {
        let transmission = if self.is_text() { Transmission::PartOfText } else { Transmission::Value };
        Self {
            sense: self.sense.then(inner),
            transmission,
            compares_annotations: true,
            ignores_null: false,
            is_property: false,
            mapped_by: None,
            split_into: None,
            ignores_default: false,
            ..self
        }
    }

    /// Returns the role of an alternative, which is transmitted like the schema that has the alternatives.
    pub(super) fn to_alternative(self) -> Self {
        Self { is_alternative: true, transmission: self.transmission, ..self.to(Sense::Same) }
    }

    /// Returns the role of an optional property.
    pub(super) fn to_property(self) -> Self {
        Self { is_property: true, ..self.to(Sense::Same) }
    }

    /// Returns the role of a required property, or of a value of a map.
    pub(super) fn to_required_property(self) -> Self {
        self.to_property().with_required_value()
    }

    /// Returns the role of an item, or of a schema for names.
    pub(super) fn to_item(self, inner: Sense) -> Self {
        self.to(inner).with_required_value()
    }

    /// Returns the same role of a part for a value that is always present.
    fn with_required_value(self) -> Self {
        let transmission = if self.is_text() { Transmission::RequiredPartOfText } else { Transmission::RequiredValue };
        Self { transmission, ..self }
    }

    /// Returns the role of a subschema that applies to the same instance (JSON Schema 2020-12, Core, section 10.2).
    pub(super) fn in_place(self, inner: Sense) -> Self {
        Self { is_partial: true, transmission: Transmission::Value, ..self.to(inner) }
    }

    pub(super) fn is_text(self) -> bool {
        self.is_part_of_text() || matches!(self.transmission, Transmission::Text | Transmission::RequiredText)
    }

    pub(super) fn is_part_of_text(self) -> bool {
        matches!(self.transmission, Transmission::PartOfText | Transmission::RequiredPartOfText)
    }
}
