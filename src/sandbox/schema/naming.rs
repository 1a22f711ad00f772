//! What a field that people make is called in requests.

use super::entity_type::EntityType;
use super::field::{Field, Origin};

/// The name for a field that people call `label`: `sg_` and the label in lower case, with `_` for whatever is neither a
/// letter nor a digit of ASCII. If a living field has it, the first of `_1`, `_2`… that is free is appended. The error is
/// the name of a deleted field: names are not taken from those.
pub fn custom_name(entity: &EntityType, label: &str) -> Result<String, String> {
    let plain: String = label
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    let base = format!("sg_{plain}");
    let mut name = base.clone();
    for number in 1.. {
        match field_named(entity, &name) {
            None => break,
            Some(field) if field.origin == Origin::Retired => return Err(name),
            Some(_taken) => name = format!("{base}_{number}"),
        }
    }
    Ok(name)
}

/// The field of this name, be it deleted or not.
fn field_named<'a>(entity: &'a EntityType, name: &str) -> Option<&'a Field> {
    entity.fields.iter().find(|field| field.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::schema::{DataType, Schema};

    #[test]
    fn a_name_is_built_from_the_label_and_never_taken_twice() {
        let mut schema = Schema::studio();
        let shot = schema.kind("Shot").unwrap();
        let name = |schema: &Schema, label| custom_name(schema.entity(shot), label);
        assert_eq!(
            name(&schema, "My Field (v2)"),
            Ok("sg_my_field__v2_".to_owned())
        );
        assert_eq!(name(&schema, "Cut In"), Ok("sg_cut_in_1".to_owned()));
        let field = Field::custom("sg_cut_in_1", "Cut In", DataType::Text);
        schema.add_field(shot, field.clone());
        assert_eq!(name(&schema, "Cut In"), Ok("sg_cut_in_2".to_owned()));
        let at = schema.entity(shot).field_index("sg_cut_in_1").unwrap();
        let origin = Origin::Retired;
        schema.replace_field(shot, at, Field { origin, ..field });
        assert_eq!(name(&schema, "Cut In"), Err("sg_cut_in_1".to_owned()));
    }
}
