//! The check before sending, against a server that shares no code with it: what one refuses the other refuses.

use std::collections::BTreeMap;

use callboard::sandbox::{Options, Sandbox, Seed};
use callboard::shotgun::{Client, Error, FieldSchema, Filter, Find, Relation, Schema, Value};

/// Values of all kinds that a condition can be given.
fn values(relation: Relation) -> Vec<Vec<Value>> {
    let kinds = [
        Value::from("ip"),
        Value::from(3),
        Value::from(1.5),
        Value::from(true),
        Value::parse("2026-03-01"),
        Value::parse("2026-03-01T10:20:30Z"),
        Value::entity("Shot", 1),
    ];
    if relation.name().contains("in_last") || relation.name().contains("in_next") {
        return [Value::from(2), Value::from(0), Value::from("x")]
            .into_iter()
            .flat_map(|count| ["DAY", "day"].map(|unit| vec![count.clone(), unit.into()]))
            .collect();
    }
    let ends = if relation.name().contains("between") {
        2
    } else {
        1
    };
    let one = |value: &Value| vec![value.clone(); ends];
    kinds.iter().map(one).collect()
}

/// One field of each data type, of any entity type.
fn one_of_each(schema: &Schema) -> BTreeMap<&str, (&str, &FieldSchema)> {
    let fields = schema.iter().flat_map(|(entity_type, fields)| {
        fields.values().map(|field| (entity_type.as_str(), field))
    });
    fields
        .map(|(entity_type, field)| (&*field.data_type, (entity_type, field)))
        .collect()
}

fn is_list(relation: Relation) -> bool {
    matches!(relation, Relation::In | Relation::NotIn)
}

#[test]
fn whatever_is_refused_before_sending_the_sandbox_refuses_too_and_the_other_way_round() {
    let sandbox = Sandbox::with(Options {
        seed: Seed::Small,
        ..Options::default()
    })
    .unwrap();
    let client = Client::builder(&sandbox.url())
        .script("callboard", "sandbox")
        .retries(0)
        .build()
        .unwrap();
    let schema = client.schema_read(None).unwrap();
    let fields = one_of_each(&schema);
    assert!(fields.len() >= 12, "{:?}", fields.keys());
    let (mut agreed, mut differences) = ([0, 0], Vec::new());
    for (data_type, (entity_type, field)) in fields {
        for relation in Relation::ALL {
            for values in values(*relation) {
                let filter = Filter::new(&field.name, *relation, values);
                let ours = filter.check_against(entity_type, &schema);
                let theirs = client.query(&Find::new(entity_type).filter(filter.clone()).limit(1));
                match (ours, theirs) {
                    (Ok(()), Ok(_)) => agreed[0] += 1,
                    (Err(_), Err(Error::Rejected { .. })) => agreed[1] += 1,
                    // A site finds nothing, which is no answer to a mistake.
                    (Err(_), Ok(page)) if is_list(*relation) && page.rows.is_empty() => {}
                    (ours, theirs) => differences.push(format!(
                        "{data_type}: {filter}: {ours:?} {:?}",
                        theirs.err()
                    )),
                }
            }
        }
    }
    assert!(agreed[0] > 100 && agreed[1] > 1000, "{agreed:?}");
    assert!(
        differences.is_empty(),
        "{agreed:?}\n{}",
        differences.join("\n")
    );
}
