//! Rows straight from the bytes of an answer.

use std::fmt;
use std::sync::Arc;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess,
    Visitor,
};

use crate::shotgun::decode::{CellSeed, Text};
use crate::shotgun::entity::FieldName;
use crate::shotgun::rows::builder::Builder;
use crate::shotgun::rows::{Entity, Rows};

/// Decodes a list of entities. `fields` is what was asked for; the columns take that order.
#[derive(Clone)]
pub(in crate::shotgun) struct RowsSeed(Arc<[FieldName]>);

impl RowsSeed {
    /// For an answer to a question about `fields`.
    pub(in crate::shotgun) fn new<'a>(fields: impl IntoIterator<Item = &'a FieldName>) -> Self {
        let mut columns: Vec<FieldName> = vec!["type".into(), "id".into()];
        for field in fields {
            if !columns.contains(field) {
                columns.push(field.clone());
            }
        }
        Self(columns.into())
    }
}

/// A list of objects that each have a `type` and an `id`, as on the wire.
///
/// ```
/// use callboard::shotgun::Rows;
///
/// let rows: Rows = serde_json::from_str(r#"[{"type": "Shot", "id": 12, "code": "sh010"}]"#)?;
/// assert_eq!(rows.first().map(|row| row.text("code")).as_deref(), Some("sh010"));
/// # Ok::<(), serde_json::Error>(())
/// ```
impl<'de> Deserialize<'de> for Rows {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        RowsSeed::new(&[]).deserialize(deserializer)
    }
}

/// An object with a `type` and an `id`, as on the wire.
impl<'de> Deserialize<'de> for Entity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        EntitySeed(RowsSeed::new(&[])).deserialize(deserializer)
    }
}

impl<'de> DeserializeSeed<'de> for RowsSeed {
    type Value = Rows;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Rows, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for RowsSeed {
    type Value = Rows;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of entities")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Rows, A::Error> {
        let mut builder = Builder::new(self.0);
        loop {
            match seq.next_element_seed(RowSeed(&mut builder)) {
                Ok(Some(())) => {}
                Ok(None) => return Ok(builder.finish()),
                Err(error) => {
                    return Err(A::Error::custom(format_args!(
                        "{}: {error}",
                        builder.place()
                    )));
                }
            }
        }
    }
}

/// Decodes one entity.
#[derive(Clone)]
pub(in crate::shotgun) struct EntitySeed(pub(in crate::shotgun) RowsSeed);

impl<'de> DeserializeSeed<'de> for EntitySeed {
    type Value = Entity;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Entity, D::Error> {
        let mut builder = Builder::new(self.0.0);
        if let Err(error) = RowSeed(&mut builder).deserialize(deserializer) {
            return Err(match builder.field() {
                Some(field) => D::Error::custom(format_args!("field `{field}`: {error}")),
                None => error,
            });
        }
        Entity::first_of(builder.finish()).ok_or_else(|| D::Error::custom("no entity"))
    }
}

/// Decodes what `read` answers: the rows of one page, and what it says about the others.
#[derive(Clone)]
pub(in crate::shotgun) struct PageSeed(pub(in crate::shotgun) RowsSeed);

impl<'de> DeserializeSeed<'de> for PageSeed {
    type Value = (Rows, PagingInfo);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for PageSeed {
    type Value = (Rows, PagingInfo);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with `entities`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut rows, mut info) = (None, PagingInfo::default());
        while let Some(Text(key)) = map.next_key::<Text<'de>>()? {
            match &*key {
                "entities" => rows = Some(map.next_value_seed(self.0.clone())?),
                "paging_info" => {
                    let told = map.next_value::<Option<_>>();
                    info = told
                        .map_err(|error| A::Error::custom(format_args!("`paging_info`: {error}")))?
                        .unwrap_or_default();
                }
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        rows.map(|rows| (rows, info))
            .ok_or_else(|| A::Error::missing_field("entities"))
    }
}

/// Either of the two forms: without counts, and the older one with them. Nothing at all if the server says nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
pub(in crate::shotgun) struct PagingInfo {
    pub(in crate::shotgun) has_next_page: Option<bool>,
    pub(in crate::shotgun) current_page: Option<u64>,
    /// How many pages there are, from the first one on.
    pub(in crate::shotgun) page_count: Option<u64>,
}

impl PagingInfo {
    /// Whether another page follows, if that was told in either form.
    pub(in crate::shotgun) fn more(self) -> Option<bool> {
        self.has_next_page
            .or_else(|| Some(self.current_page? < self.page_count?))
    }
}

struct RowSeed<'a>(&'a mut Builder);

impl<'de> DeserializeSeed<'de> for RowSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for RowSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an entity")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let builder = self.0;
        builder.begin_row();
        let mut nth = 0;
        while let Some(Text(key)) = map.next_key::<Text<'de>>()? {
            match builder.cell(nth, &key) {
                Some((cell, recent)) => {
                    let value = map.next_value_seed(CellSeed(recent))?;
                    match cell {
                        // The last of two equal keys counts.
                        Some(first) => *first = value,
                        // Faster than an assignment, which looks for something to free.
                        None => {
                            cell.get_or_insert(value);
                        }
                    }
                }
                None => drop(map.next_value::<IgnoredAny>()?),
            }
            nth += 1;
        }
        builder.end_row().map_err(A::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shotgun::rows::builder::MAX_EXTRA_COLUMNS;
    use crate::shotgun::value::Value;
    use proptest::prelude::*;

    fn rows(fields: &[&str], json: &str) -> Result<Rows, serde_json::Error> {
        let fields: Vec<FieldName> = fields.iter().map(|&field| field.into()).collect();
        RowsSeed::new(&fields).deserialize(&mut serde_json::Deserializer::from_str(json))
    }

    #[test]
    fn columns_take_the_order_asked_for_and_absent_is_not_null() {
        let rows = rows(&["code", "shots", "nope"], r#"[{"shots":[],"id":7,"type":"Asset","code":null},{"type":"Asset","id":8,"code":"b&lt;c"}]"#).unwrap();
        assert_eq!(rows.fields(), ["type", "id", "code", "shots", "nope"]);
        let first = rows.get(0).unwrap();
        assert_eq!((first.id().0, first.entity_type().as_str()), (7, "Asset"));
        assert_eq!(first.get("code"), Some(&Value::Null));
        assert_eq!(first.get("shots"), Some(&Value::Entities(Vec::new())));
        assert_eq!(first.get("nope"), None);
        assert_eq!(rows.get(1).unwrap().text("code"), "b<c");
    }

    #[test]
    fn a_column_nobody_asked_for_joins_late() {
        let rows = rows(&[], r#"[{"type":"A","id":1},{"type":"A","id":2,"x":5,"y":"2026-03-01"},{"type":"A","id":3,"y":true}]"#).unwrap();
        assert_eq!(rows.fields(), ["type", "id", "x", "y"]);
        assert_eq!(rows.get(0).unwrap().get("x"), None);
        assert_eq!(rows.get(1).unwrap().get("x"), Some(&Value::Int(5)));
        assert_eq!(rows.get(2).unwrap().get("y"), Some(&Value::Bool(true)));
        assert_eq!(rows.get(2).unwrap().get("x"), None);
    }

    #[test]
    fn links_files_and_lists_keep_what_they_are() {
        let json = r#"[{"type":"V","id":1,"project":{"type":"Project","id":70,"name":"Demo","valid":"valid"},
            "file":{"link_type":"upload","type":"Attachment","id":77,"name":"a.mov","url":"https://x/"},
            "tags":["a","b"],"users":[{"type":"HumanUser","id":1,"name":"Ann"}],"meta":{"type":"attribute_change","x":[1]},"odd":[{"type":"A","id":1},3]}]"#;
        let rows = rows(&[], json).unwrap();
        let row = rows.get(0).unwrap();
        assert_eq!(row.text("project"), "Demo");
        assert!(matches!(row.get("file"), Some(Value::Json(_))));
        assert_eq!(
            row.get("tags").unwrap().to_json(),
            serde_json::json!(["a", "b"])
        );
        assert_eq!(row.get("users").unwrap().entities().len(), 1);
        assert_eq!(
            row.get("meta").unwrap().to_json(),
            serde_json::json!({"type": "attribute_change", "x": [1]})
        );
        assert_eq!(
            row.get("odd").unwrap().to_json(),
            serde_json::json!([{"type": "A", "id": 1}, 3])
        );
    }

    #[test]
    fn pages_with_other_columns_are_joined_by_name() {
        let mut all = rows(&["a"], r#"[{"type":"T","id":1,"a":1}]"#).unwrap();
        all.extend(rows(&["b"], r#"[{"type":"T","id":2,"b":2}]"#).unwrap());
        assert_eq!(all.len(), 2);
        assert_eq!(all.get(1).unwrap().get("b"), Some(&Value::Int(2)));
        assert_eq!(all.get(1).unwrap().get("a"), None);
        assert_eq!(all.get(1).unwrap().id().0, 2);
    }

    #[test]
    fn a_server_that_invents_keys_is_bounded() {
        let list: Vec<_> = (0..1000)
            .map(|i| format!(r#"{{"type":"T","id":{i},"k{i}":{i}}}"#))
            .collect();
        let rows = rows(&[], &format!("[{}]", list.join(","))).unwrap();
        assert_eq!(
            (rows.len(), rows.fields().len()),
            (1000, 2 + MAX_EXTRA_COLUMNS)
        );
    }

    #[test]
    fn keys_that_come_once_make_no_heap_of_holes() {
        let keys: Vec<_> = (0..200).map(|i| format!(r#""k{i}":1"#)).collect();
        let many = format!(r#"{{"type":"T","id":1,{}}}"#, keys.join(","));
        let short = vec![r#"{"type":"T","id":1}"#; 20_000].join(",");
        // In the first row they would widen all that follow, in the last one all before it.
        let error = rows(&[], &format!("[{many},{short}]")).unwrap_err();
        assert!(
            error.to_string().contains("hardly a key in common"),
            "{error}"
        );
        let late = rows(&[], &format!("[{short},{many}]")).unwrap();
        assert_eq!(late.len(), 20_001);
        assert!(late.fields().len() < 60, "{}", late.fields().len());
    }

    #[test]
    fn an_entity_needs_a_type_and_a_number() {
        for json in [
            r#"[{"id":1}]"#,
            r#"[{"type":"A"}]"#,
            r#"[{"type":"A","id":-1}]"#,
            r#"[{"type":"A","id":"1"}]"#,
            "[1]",
            "{}",
        ] {
            assert!(rows(&[], json).is_err(), "{json}");
        }
    }

    proptest! {
        #[test]
        fn decoding_never_panics(text in r#"(\[|\]|\{|\}|"type"|"id"|"name"|:|,|1|-7|1.5|"A"|null|true|"\\u00e4"|"x"){0,40}"#) {
            rows(&["name"], &text).ok();
            serde_json::from_str::<Value>(&text).ok();
        }

        #[test]
        fn rows_come_back_as_they_were_sent(codes in prop::collection::vec("\\PC{0,12}", 0..20)) {
            let sent: Vec<_> = codes.iter().enumerate().map(|(id, code)| serde_json::json!({"type": "Shot", "id": id, "code": code})).collect();
            let rows = rows(&["code"], &serde_json::to_string(&sent).unwrap()).unwrap();
            let back: Vec<String> = rows.iter().map(|row| row.text("code").replace('<', "&lt;")).collect();
            prop_assert_eq!(back, codes.iter().map(|code| code.replace('<', "&lt;")).collect::<Vec<_>>());
        }
    }
}
