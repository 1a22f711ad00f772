//! `callboard schema`: the entity types of a site, their fields, and what may stand in them.

use clap::Args as ClapArgs;
use serde_json::{Value as Json, json};

use super::ask::{AskArgs, ask};
use super::grid::{self, Format, Grid};
use super::nearest::{did_you_mean, nearest};
use crate::shotgun::{Client, EntityId, EntitySchemas, Error, FieldSchema, FieldSchemas};

#[derive(Clone, Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  callboard schema
  callboard schema Shot
  callboard schema Shot sg_status_list --format json")]
pub(super) struct SchemaArgs {
    /// The type whose fields to list, such as Shot; without it, the types are listed
    #[arg(value_name = "TYPE")]
    entity_type: Option<String>,
    /// The field to tell everything about
    #[arg(value_name = "FIELD")]
    field: Option<String>,
    /// What is visible in the project with this id
    #[arg(long, value_name = "ID")]
    project: Option<u64>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    #[command(flatten)]
    ask: AskArgs,
}

pub(super) fn run(args: &SchemaArgs) -> anyhow::Result<()> {
    let project = args.project.map(EntityId);
    match (&args.entity_type, &args.field) {
        (None, _) => {
            let types = ask(&args.ask, |client| Ok(client.schema_entity_read(project)?))?;
            grid::print(args.format, &types_json(&types), || types_grid(&types))
        }
        (Some(entity_type), None) => {
            let fields = ask(&args.ask, |client| read_type(client, entity_type, project))?;
            let json: Json = fields.values().map(field_json).collect();
            grid::print(args.format, &json, || fields_grid(&fields))
        }
        (Some(entity_type), Some(name)) => {
            let field = ask(&args.ask, |client| {
                read_field(client, entity_type, name, project)
            })?;
            grid::print(args.format, &field_json(&field), || field_grid(&field))
        }
    }
}

fn read_type(
    client: &Client,
    entity_type: &str,
    project: Option<EntityId>,
) -> anyhow::Result<FieldSchemas> {
    match client.schema_field_read(entity_type, None, project) {
        Err(refused @ Error::Rejected { .. }) => {
            Err(unknown_type(client, entity_type).unwrap_or_else(|| refused.into()))
        }
        answer => Ok(answer?),
    }
}

/// All fields are asked for only where the one is not known.
fn read_field(
    client: &Client,
    entity_type: &str,
    name: &str,
    project: Option<EntityId>,
) -> anyhow::Result<FieldSchema> {
    let one = match client.schema_field_read(entity_type, Some(name), project) {
        Err(Error::Rejected { .. }) => None,
        answer => answer?.remove(name),
    };
    if let Some(field) = one {
        return Ok(field);
    }
    let mut fields = read_type(client, entity_type, project)?;
    fields
        .remove(name)
        .ok_or_else(|| unknown_field(entity_type, name, &fields))
}

/// Nothing, if the type is known or there is no telling.
fn unknown_type(client: &Client, entity_type: &str) -> Option<anyhow::Error> {
    let types = client.schema_entity_read(None).ok()?;
    if types.contains_key(entity_type) {
        return None;
    }
    let known = types
        .iter()
        .map(|(name, schema)| (name.as_str(), &*schema.display_name));
    let hint = did_you_mean(&nearest(entity_type, known));
    Some(anyhow::anyhow!(
        "There is no entity type called `{entity_type}`.{hint} `callboard schema` lists all of them."
    ))
}

fn unknown_field(entity_type: &str, name: &str, fields: &FieldSchemas) -> anyhow::Error {
    let known = fields
        .iter()
        .map(|(name, schema)| (name.as_str(), &*schema.display_name));
    let hint = did_you_mean(&nearest(name, known));
    anyhow::anyhow!(
        "{entity_type} has no field called `{name}`.{hint} `callboard schema {entity_type}` lists all of them."
    )
}

fn types_json(types: &EntitySchemas) -> Json {
    types
        .iter()
        .map(|(name, schema)| {
            json!({
                "type": name,
                "display_name": schema.display_name,
                "visible": schema.visible,
            })
        })
        .collect()
}

fn types_grid(types: &EntitySchemas) -> Grid {
    let mut grid = Grid::new(["type", "display_name", "visible"]);
    for (name, schema) in types {
        grid.push([name.as_str(), &schema.display_name, yes(schema.visible)]);
    }
    grid
}

/// With the names that the site gives its properties.
fn field_json(field: &FieldSchema) -> Json {
    json!({
        "name": field.name,
        "display_name": field.display_name,
        "description": field.description,
        "data_type": field.data_type,
        "editable": field.editable,
        "mandatory": field.mandatory,
        "unique": field.unique,
        "visible": field.visible,
        "valid_types": field.valid_types,
        "valid_values": field.valid_values,
        "display_values": field.display_values,
        "hidden_values": field.hidden_values,
        "default_value": field.default_value,
    })
}

fn fields_grid(fields: &FieldSchemas) -> Grid {
    let mut grid = Grid::new([
        "name",
        "data_type",
        "display_name",
        "editable",
        "mandatory",
        "valid",
    ]);
    for field in fields.values() {
        grid.push([
            field.name.as_str(),
            &field.data_type,
            &field.display_name,
            yes(field.editable),
            yes(field.mandatory),
            &valid(field),
        ]);
    }
    grid
}

/// A line for each property, and for each value of a list.
fn field_grid(field: &FieldSchema) -> Grid {
    let mut grid = Grid::new(["property", "value"]);
    let default = field.default_value.to_string();
    let types = listed(field.valid_types.iter().map(AsRef::as_ref));
    for (property, value) in [
        ("name", field.name.as_str()),
        ("display_name", &field.display_name),
        ("description", &field.description),
        ("data_type", &field.data_type),
        ("editable", yes(field.editable)),
        ("mandatory", yes(field.mandatory)),
        ("unique", yes(field.unique)),
        ("visible", yes(field.visible)),
        ("default_value", &default),
        ("valid_types", &types),
    ] {
        grid.push([property, value]);
    }
    for value in &field.valid_values {
        let shown = field.display_value(value);
        let called = if shown == &**value {
            String::new()
        } else {
            format!(" ({shown})")
        };
        let hidden = if field.hidden_values.contains(value) {
            ", hidden"
        } else {
            ""
        };
        grid.push(["valid_value", &format!("{value}{called}{hidden}")]);
    }
    grid
}

/// What a field may link to, or else may hold, if there is a list of that.
fn valid(field: &FieldSchema) -> String {
    let types = field.valid_types.iter().map(AsRef::as_ref);
    listed(types.chain(field.valid_values.iter().map(AsRef::as_ref)))
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

const fn yes(is_so: bool) -> &'static str {
    if is_so { "yes" } else { "no" }
}
