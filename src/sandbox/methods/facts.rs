//! What answers tell of a row in passing: how it is called, its status, its picture.

use serde_json::{Map, Value as Json, json};

use crate::sandbox::render::Columns;
use crate::sandbox::store::{Row, Store};
use crate::sandbox::value::Ref;

/// Looks at rows as one caller sees them.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The rows.
    pub store: &'a Store,
    /// What the addresses of pictures start with.
    pub base_url: &'a str,
    /// Who asks.
    pub viewer: Ref,
}

impl Facts<'_> {
    /// `type`, `id` and `name`, as for any link.
    pub fn hash(&self, row: &Row) -> Json {
        let entity = self.store.schema().entity(row.at.kind).name;
        json!({"type": entity, "id": row.at.id, "name": self.store.display_name(row)})
    }

    /// The code of the row's status; null without one.
    pub fn status(&self, row: &Row) -> Json {
        self.field(row, "sg_status_list")
    }

    /// The address of the row's picture; null without one.
    pub fn image(&self, row: &Row) -> Json {
        self.field(row, "image")
    }

    /// `type`, `id` and the fields `names`, as `read` tells them.
    pub fn fields(&self, row: &Row, names: &[&str]) -> Map<String, Json> {
        let mut out = String::new();
        Columns::new(self.store, row.at.kind, names, self.viewer).write(
            &mut out,
            self.store,
            self.base_url,
            row,
        );
        serde_json::from_str(&out).unwrap_or_default()
    }

    /// The same as a link, with status and picture.
    pub fn person(&self, row: &Row) -> Json {
        let mut hash = self.hash(row);
        hash["status"] = self.status(row);
        hash["image"] = self.image(row);
        hash
    }

    /// The fields that a call's `entity_fields` asks of rows of this type.
    pub fn asked<'b>(&self, entity_fields: &'b Json, row: &Row) -> Vec<&'b str> {
        let entity = self.store.schema().entity(row.at.kind).name;
        let names = entity_fields.get(entity).and_then(Json::as_array);
        names
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
            .collect()
    }

    fn field(&self, row: &Row, name: &str) -> Json {
        self.fields(row, &[name]).remove(name).unwrap_or_default()
    }
}
