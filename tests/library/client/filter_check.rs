//! Filters and questions against a schema, without a server.

use callboard::shotgun::{
    EntityRef, EntityType, FieldSchema, FieldSchemas, Filter, Find, Relation, Schema, Value,
};
use serde_json::json;

/// One field of each data type that matters.
const SHOT: &[(&str, &str, &[&str])] = &[
    ("id", "number", &[]),
    ("code", "text", &[]),
    ("sg_status_list", "status_list", &[]),
    ("sg_cut_in", "number", &[]),
    ("ratio", "float", &[]),
    ("due_date", "date", &[]),
    ("created_at", "date_time", &[]),
    ("milestone", "checkbox", &[]),
    ("image", "image", &[]),
    ("sg_sequence", "entity", &["Sequence"]),
    ("assets", "multi_entity", &["Asset"]),
    ("anything", "entity", &[]),
    ("old_tags", "tag_list", &[]),
    ("addressings", "addressing", &["HumanUser", "Group"]),
    ("movie", "url", &["Attachment"]),
    ("meta", "serializable", &[]),
    ("step_1", "pivot_column", &[]),
    ("novelty", "quantum", &[]),
];

fn fields(list: &[(&str, &str, &[&str])]) -> FieldSchemas {
    let field = |&(name, data_type, types): &(&str, &str, &[&str])| {
        let field = FieldSchema {
            name: name.into(),
            display_name: if name == "sg_status_list" {
                "Status".into()
            } else {
                name.into()
            },
            data_type: data_type.into(),
            valid_types: types.iter().map(EntityType::from).collect(),
            ..FieldSchema::default()
        };
        (name.into(), field)
    };
    list.iter().map(field).collect()
}

fn schema() -> Schema {
    let sequence = [
        ("code", "text", &[][..]),
        ("shots", "multi_entity", &["Shot"]),
    ];
    Schema::from([
        ("Shot".into(), fields(SHOT)),
        ("Sequence".into(), fields(&sequence)),
    ])
}

/// What is wrong with a filter as people type it; empty if nothing is.
fn wrong(filter: &str) -> String {
    let filter: Filter = filter.parse().unwrap();
    let outcome = filter.check_against("Shot", &schema());
    outcome.map_or_else(|error| error.headline(), |()| String::new())
}

#[test]
fn what_a_site_takes_passes() {
    for filter in [
        "id in 1,2,3",
        "code is sh010",
        "code is null",
        "code is 2026-03-01",
        "code contains 'sh 01'",
        "code in a,b",
        "sg_status_list not_in wtg,ip",
        "sg_cut_in between 1 9",
        "sg_cut_in is '42'",
        "sg_cut_in is 9223372036854775808",
        "ratio greater_than 1.5",
        "due_date is 2026-03-01",
        "due_date in_last 2 weeks",
        "due_date in_calendar_day -1",
        "created_at less_than 2026-03-01T10:20:30Z",
        "created_at less_than 2026-03-01T10:20:30+02:00",
        "created_at less_than 2026-03-01",
        "milestone is true",
        "image is_not null",
        "sg_sequence is Sequence:3",
        r#"sg_sequence is {"type":"Sequence","id":3,"status":"ip","url":"x"}"#,
        "sg_sequence name_contains sq",
        "sg_sequence type_is Sequence",
        "assets in Asset:1,Asset:2",
        "assets is null",
        "addressings name_starts_with Ann",
        "old_tags name_id 7",
        "old_tags is fx",
        // Through links, as far as the schema knows.
        "sg_sequence.Sequence.code is sq01",
        "sg_sequence.Sequence.shots.Shot.sg_cut_in greater_than 3",
        "assets.Asset.whatever is 3",
        "anything.Version.code is x",
        "anything.Sequence.code is x",
        "movie.Attachment.filename is a.mov",
        "sg_sequence.Sequence.id is 7",
        // What it does not know.
        "novelty contains 3",
        "type is Shot",
        "$FROM$Task.entity.content is Animation",
    ] {
        assert_eq!(wrong(filter), "", "{filter}");
    }
    let unknown = Filter::is("whatever", 3);
    assert!(unknown.check_against("CustomEntity01", &schema()).is_ok());
}

/// Filters that cannot work, and how the reason begins.
const REFUSED: &[(&str, &str)] = &[
    (
        "sg_sequence type_is sequence",
        "`sg_sequence type_is` takes the name of a type, such as `Shot`, not text (sequence)",
    ),
    (
        "cod is x",
        "there is no field `cod` of Shot; did you mean `code`?",
    ),
    (
        "status is ip",
        "there is no field `status` of Shot; did you mean `sg_status_list`?",
    ),
    (
        "cut_in is 3",
        "there is no field `cut_in` of Shot; did you mean `sg_cut_in`?",
    ),
    ("xyzzy is 3", "there is no field `xyzzy` of Shot"),
    (
        "sg_sequence.Sequence.cde is x",
        "there is no field `cde` of Sequence; did you mean `code`?",
    ),
    (
        "sg_sequence.Asset.code is x",
        "`sg_sequence` of Shot links to Sequence, not to Asset",
    ),
    (
        "sg_sequence.code is x",
        "`sg_sequence.code` is no path: after `sg_sequence` come the type it links to and a field of that, as in `sg_sequence.Sequence.code`",
    ),
    (
        "code.Shot.code is x",
        "`code` of Shot is of type text and links to nothing",
    ),
    (
        "code less_than x",
        "`code` is of type text, which does not go with `less_than`; the operators that do are is, is_not, contains, not_contains, starts_with, ends_with, in, not_in",
    ),
    (
        "milestone in true",
        "`milestone` is of type checkbox, which does not go with `in`; the operators that do are is, is_not",
    ),
    (
        "sg_sequence contains x",
        "`sg_sequence` is of type entity, which does not go with `contains`",
    ),
    (
        "meta is x",
        "`meta` is of type serializable, which no filter can look into",
    ),
    (
        "movie is x",
        "`movie` is of type url, which no filter can look into",
    ),
    (
        "code is 42",
        "`code is` takes text, not a number (42); `code` is of type text",
    ),
    (
        "sg_cut_in is soon",
        "`sg_cut_in is` takes a number, not text (soon)",
    ),
    (
        "sg_cut_in in 1,2,x",
        "`sg_cut_in in` takes a number, not text (x)",
    ),
    (
        "sg_cut_in is Shot:7",
        "`sg_cut_in is` takes a number, not an entity (Shot:7)",
    ),
    (
        "sg_status_list is Status:7",
        "`sg_status_list is` takes text, not an entity (Status:7)",
    ),
    (
        "due_date is soon",
        "`due_date is` takes a date or a time, not text (soon)",
    ),
    (
        "due_date in_last x DAY",
        "`due_date in_last` takes a number from 1 up and HOUR, DAY, WEEK, MONTH or YEAR, not text (x)",
    ),
    (
        "due_date in_last 0 DAY",
        "`due_date in_last` takes a number from 1 up and HOUR, DAY, WEEK, MONTH or YEAR, not a number (0)",
    ),
    (
        "due_date in_calendar_day today",
        "`due_date in_calendar_day` takes a whole number, not text (today)",
    ),
    (
        "milestone is yes",
        "`milestone is` takes true or false, not text (yes)",
    ),
    ("image is a.png", "`image is` takes null, not text (a.png)"),
    (
        "sg_sequence is sq01",
        "`sg_sequence is` takes an entity, not text (sq01)",
    ),
    (
        "sg_sequence is 7",
        "`sg_sequence is` takes an entity, not a number (7)",
    ),
    (
        "sg_sequence name_is 7",
        "`sg_sequence name_is` takes text, not a number (7)",
    ),
    (
        "old_tags name_id fx",
        "`old_tags name_id` takes a whole number, not text (fx)",
    ),
];

#[test]
fn what_a_site_refuses_is_refused_here_with_what_would_be_right() {
    for (filter, expected) in REFUSED {
        let wrong = wrong(filter);
        let expected = format!("The filter cannot be used: {expected}");
        assert!(wrong.starts_with(&expected), "{filter}: {wrong}");
    }
}

#[test]
fn groups_and_lists_are_looked_into() {
    let check = |filter: Filter| filter.check_against("Shot", &schema());
    let deep = Filter::all([Filter::any([
        Filter::is("code", "a"),
        Filter::is("cod", "b"),
    ])]);
    assert!(
        check(deep)
            .unwrap_err()
            .headline()
            .contains("did you mean `code`")
    );
    let links = Value::from(
        serde_json::from_value::<Vec<EntityRef>>(json!([{"type": "Asset", "id": 1}])).unwrap(),
    );
    let list = check(Filter::is("assets", links)).unwrap_err();
    assert!(
        list.headline()
            .contains("`assets is` takes an entity, not a list"),
        "{list}"
    );
    assert!(check(Filter::in_("id", Vec::<i64>::new())).is_err());
    let long = check(Filter::is("sg_cut_in", "ä".repeat(10_000))).unwrap_err();
    assert!(long.headline().len() < 300);
}

#[test]
fn a_question_is_checked_with_its_fields_and_its_order() {
    let check = |find: Find| find.check(&schema()).map_err(|error| error.headline());
    let good = Find::new("Shot")
        .filter(Filter::is("code", "a"))
        .fields([
            "code",
            "type",
            "sg_sequence.Sequence.code",
            "meta",
            "step_1",
        ])
        .order("-created_at");
    assert_eq!(check(good.clone()), Ok(()));
    for (find, expected) in [
        (
            good.clone().fields(["descritpion"]),
            "there is no field `descritpion` of Shot",
        ),
        (
            good.clone().order("sg_cut_inn"),
            "there is no field `sg_cut_inn` of Shot; did you mean `sg_cut_in`?",
        ),
        (
            good.clone().order("step_1"),
            "`step_1` is a pivot column, which cannot be sorted by",
        ),
        (
            good.filter(Filter::new("code", Relation::LessThan, ["b"])),
            "`code` is of type text, which does not go with `less_than`",
        ),
    ] {
        let wrong = check(find).unwrap_err();
        assert!(wrong.contains(expected), "{wrong}");
    }
}
