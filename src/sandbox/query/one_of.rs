//! Equality with any of many values, as fast as with one.

use super::filter::{Operand, live};
use super::fold;
use crate::sandbox::store::Store;
use crate::sandbox::value::{Ref, Value};

/// Values to be found among, each kind in order.
#[derive(Clone, Debug, Default)]
pub struct OneOf {
    null: bool,
    flags: [bool; 2],
    numbers: Vec<f64>,
    texts: Vec<String>,
    links: Vec<Ref>,
}

impl OneOf {
    /// Sorts the values.
    pub fn new(operands: impl IntoIterator<Item = Operand>) -> Self {
        let mut these = Self::default();
        for operand in operands {
            match operand {
                Operand::Null => these.null = true,
                Operand::Flag(flag) => these.flags[usize::from(flag)] = true,
                Operand::Number(number) => these.numbers.push(positive_zero(number)),
                Operand::Text(text) => these.texts.push(text),
                Operand::Link(link) => these.links.push(link),
            }
        }
        these.numbers.sort_unstable_by(f64::total_cmp);
        these.numbers.dedup();
        these.texts.sort_unstable();
        these.texts.dedup();
        these.links.sort_unstable();
        these.links.dedup();
        these
    }

    /// Whether `value` equals one of these, or links to one of them.
    pub(super) fn holds(&self, store: &Store, value: &Value) -> bool {
        match value {
            Value::Null => self.null,
            Value::Flag(flag) => self.flags[usize::from(*flag)],
            Value::Number(number) => self.holds_number(*number as f64),
            Value::Float(number) => self.holds_number(*number),
            Value::Text(text) => self
                .texts
                .binary_search_by(|known| fold::compare(text, known).reverse())
                .is_ok(),
            links @ (Value::Link(_) | Value::Links(_)) => self.holds_links(store, links),
            Value::Json(_) => false,
        }
    }

    fn holds_number(&self, number: f64) -> bool {
        let number = positive_zero(number);
        self.numbers
            .binary_search_by(|known| known.total_cmp(&number))
            .is_ok()
    }

    fn holds_links(&self, store: &Store, links: &Value) -> bool {
        let mut is_null = true;
        for link in live(store, links) {
            if self.links.binary_search(&link).is_ok() {
                return true;
            }
            is_null = false;
        }
        self.null && is_null
    }

    /// The ids that these are, if these are what an id can be.
    pub(super) fn ids(&self) -> Option<Vec<u32>> {
        let is_id = |number: &&f64| number.fract() == 0.0 && (1.0..4e9).contains(*number);
        let ids = self.numbers.iter().filter(is_id);
        (!self.null).then(|| ids.map(|id| *id as u32).collect())
    }

    /// The texts to say, if it takes one of them.
    pub(super) fn texts(&self) -> Option<&[String]> {
        (!self.null).then_some(self.texts.as_slice())
    }

    /// The rows to link to, if a link to one of them is what it takes.
    pub(super) fn targets(&self) -> Option<&[Ref]> {
        (!self.null).then_some(self.links.as_slice())
    }
}

/// Minus zero is zero.
fn positive_zero(number: f64) -> f64 {
    number + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::schema::Schema;

    #[test]
    fn every_kind_of_value_is_found_among_many() {
        let store = Store::new(Schema::studio());
        let numbers = (0..50).map(|number| Operand::Number(f64::from(number) * 2.0));
        let texts = ["b", "a", "ö"].map(|text| Operand::Text(text.to_owned()));
        let these = OneOf::new(numbers.chain(texts).chain([Operand::Flag(true)]));
        let holds = |value| these.holds(&store, &value);
        assert!(holds(Value::Number(98)) && holds(Value::Float(4.0)) && holds(Value::Float(-0.0)));
        assert!(!holds(Value::Number(97)) && !holds(Value::Number(100)));
        assert!(holds(Value::from("B")) && holds(Value::from("Ö")) && !holds(Value::from("c")));
        assert!(holds(Value::Flag(true)) && !holds(Value::Flag(false)) && !holds(Value::Null));
    }
}
