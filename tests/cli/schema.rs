//! `callboard schema`.

use callboard::sandbox::{MethodFaults, Misbehavior, Options};
use serde_json::{Value as Json, json};

use super::shell::{Ran, callboard, keys, listening, saying, site};

fn schema(arguments: &[&str]) -> Ran {
    callboard(["schema"].iter().chain(arguments).copied()).run()
}

/// The cells of the line of a table that begins with this name.
#[track_caller]
fn line<'a>(ran: &'a Ran, name: &str) -> Vec<&'a str> {
    let mut cells = ran.stdout.lines().map(|line| {
        let cells = line.split("  ").map(str::trim);
        cells.filter(|cell| !cell.is_empty()).collect::<Vec<_>>()
    });
    cells
        .find(|cells| cells.first() == Some(&name))
        .unwrap_or_else(|| panic!("no {name} in {ran:#?}"))
}

const PROPERTIES: [&str; 13] = [
    "name",
    "display_name",
    "description",
    "data_type",
    "editable",
    "mandatory",
    "unique",
    "visible",
    "valid_types",
    "valid_values",
    "display_values",
    "hidden_values",
    "default_value",
];

#[test]
fn types_are_listed_with_the_names_that_people_use() {
    let json = schema(&["--format", "json"]).ok().json();
    let types = json.as_array().unwrap();
    assert!(types.len() > 15, "{json}");
    let person = json!({"type": "HumanUser", "display_name": "Person", "visible": true});
    assert!(types.contains(&person), "{json}");

    let table = schema(&[]).ok();
    assert_eq!(table.stderr, "");
    assert_eq!(line(&table, "type"), ["type", "display_name", "visible"]);
    assert_eq!(line(&table, "HumanUser"), ["HumanUser", "Person", "yes"]);
    assert_eq!(table.stdout.lines().count(), types.len() + 1);

    let csv = schema(&["--format", "csv"]).ok();
    assert!(csv.stdout.starts_with("type,display_name,visible\n"));
    assert!(csv.stdout.contains("\nHumanUser,Person,yes\n"), "{csv:#?}");
}

#[test]
fn the_fields_of_a_type_are_listed_with_what_may_stand_in_them() {
    let json = schema(&["Shot", "--format", "json"]).ok().json();
    let fields = json.as_array().unwrap();
    assert!(fields.iter().all(|field| keys(field) == PROPERTIES.into()));
    let named = |name: &str| fields.iter().find(|field| field["name"] == name).unwrap();
    assert_eq!(named("sg_sequence")["valid_types"], json!(["Sequence"]));
    assert_eq!(named("id")["editable"], false);
    assert_eq!(named("code")["mandatory"], true);

    let table = schema(&["Shot"]).ok();
    assert_eq!(table.stdout.lines().count(), fields.len() + 1);
    assert_eq!(
        line(&table, "code"),
        ["code", "text", "Shot Code", "yes", "yes"]
    );
    assert_eq!(line(&table, "id"), ["id", "number", "Id", "no", "no"]);
    let status = line(&table, "sg_status_list");
    assert_eq!(status[..3], ["sg_status_list", "status_list", "Status"]);
    assert!(status[5].contains("ip, "), "{status:?}");

    let csv = schema(&["Shot", "--format", "csv"]).ok().stdout;
    let header = "name,data_type,display_name,editable,mandatory,valid\n";
    assert!(csv.starts_with(header), "{csv}");
    let link = "\nsg_sequence,entity,Sequence,yes,no,Sequence\n";
    assert!(csv.contains(link), "{csv}");
    assert!(csv.contains(",yes,no,\"wtg, "), "{csv}");
}

#[test]
fn a_field_is_told_with_everything_about_it() {
    let arguments = ["Shot", "sg_status_list"];
    let json = schema(&[&arguments[..], &["--format", "json"]].concat())
        .ok()
        .json();
    assert_eq!(keys(&json), PROPERTIES.into());
    assert_eq!(json["display_values"]["ip"], "In progress");
    let values: Vec<&str> = json["valid_values"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Json::as_str)
        .collect();

    let table = schema(&arguments).ok();
    assert_eq!(line(&table, "data_type"), ["data_type", "status_list"]);
    let shown: Vec<&str> = table
        .stdout
        .lines()
        .filter_map(|line| line.strip_prefix("valid_value "))
        .map(|value| value.trim().split(' ').next().unwrap())
        .collect();
    assert_eq!(shown, values);
    let csv = schema(&[&arguments[..], &["--format", "csv"]].concat()).ok();
    assert!(csv.stdout.contains("\nvalid_value,ip (In progress)\n"));
}

#[test]
fn values_that_a_project_does_not_offer_are_marked() {
    let leaf = |value: Json| json!({"value": value, "editable": true});
    let field = json!({"name": leaf(json!("Kind")), "data_type": leaf(json!("list")), "properties": {
        "valid_values": leaf(json!(["a", "b"])), "hidden_values": leaf(json!(["b"]))}});
    let url = saying(
        "application/json",
        &json!({"results": {"sg_kind": field}}).to_string(),
    );
    let arguments = [
        "schema",
        "Shot",
        "sg_kind",
        "--project",
        "70",
        "--site",
        &url,
    ];
    let ran = callboard(arguments).with_default_script().run().ok();
    let shown: Vec<&str> = ran
        .stdout
        .lines()
        .filter(|line| line.starts_with("valid_value "))
        .collect();
    assert_eq!(shown, ["valid_value    a", "valid_value    b, hidden"]);
}

#[test]
fn an_unknown_name_is_said_to_be_and_the_nearest_are_named() {
    for (arguments, parts) in [
        (
            &["Shto"][..],
            &[
                "no entity type called `Shto`",
                "Did you mean `Shot`?",
                "`callboard schema`",
            ][..],
        ),
        (&["person"], &["Did you mean `HumanUser`?"]),
        (&["Shto", "code"], &["no entity type called `Shto`"]),
        (
            &["Shot", "cdoe"],
            &[
                "Shot has no field called `cdoe`",
                "Did you mean `code`",
                "`callboard schema Shot`",
            ],
        ),
        (&["Shot", "Cut In"], &["`sg_cut_in`"]),
    ] {
        schema(arguments).failed(1, parts);
    }
    for arguments in [&["zzz"][..], &["Shot", "zzz"]] {
        let ran = schema(arguments);
        ran.failed(1, &["`zzz`", "lists all of them"]);
        assert!(!ran.stderr.contains("Did you mean"), "{}", ran.stderr);
    }
}

#[test]
fn a_known_name_takes_one_call() {
    let site = site(Options::default());
    let url = site.url();
    for arguments in [&["Shot"][..], &["Shot", "code"]] {
        callboard([&["schema", "--site", &url], arguments].concat())
            .with_default_script()
            .run()
            .ok();
    }
    assert_eq!(site.request_count("schema_field_read"), 2);
    assert_eq!(site.request_count("schema_entity_read"), 0);
}

#[test]
fn a_server_in_trouble_is_not_taken_for_an_unknown_name() {
    let site = site(Options::default());
    let faults = MethodFaults {
        always: Some(Misbehavior::Status(403)),
        ..Default::default()
    };
    site.faults().update(|plan| {
        plan.per_method
            .insert("schema_field_read".to_owned(), faults.clone());
    });
    let url = site.url();
    for arguments in [&["Shot"][..], &["Shot", "code"]] {
        let ran = callboard([&["schema", "--site", &url], arguments].concat())
            .with_default_script()
            .run();
        ran.failed(1, &["Access is denied"]);
        assert!(!ran.stderr.contains("called"), "{}", ran.stderr);
    }
}

#[test]
fn timings_tell_of_each_request_even_if_it_fails() {
    let ran = schema(&["Shot", "cdoe", "--timings"]);
    ran.no_panic();
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
    let requests = ran.stderr.lines().filter(|line| line.contains(" ms = "));
    assert_eq!(requests.count(), 2, "{}", ran.stderr);
}

#[test]
fn the_project_goes_to_the_site() {
    let (url, asked) = listening("application/json", r#"{"results":{}}"#);
    for (arguments, method, more) in [
        (&[][..], "schema_entity_read", json!({})),
        (&["Shot"], "schema_field_read", json!({"type": "Shot"})),
    ] {
        let project = ["--project", "70", "--site", &url];
        let shell = callboard([&["schema"], arguments, &project].concat());
        shell.with_default_script().run().ok();
        let (called, mut argument) = asked.recv().unwrap();
        assert_eq!(called, method);
        assert_eq!(
            argument["project"].take(),
            json!({"type": "Project", "id": 70})
        );
        argument.as_object_mut().unwrap().remove("project");
        assert_eq!(argument, more);
    }
}
