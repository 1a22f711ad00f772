//! Finding entities by what people call them.

use callboard::shotgun::Filter;

use super::{fault, project, site};

#[test]
fn all_words_must_occur_in_a_name_in_any_case() {
    let (_sandbox, client) = site();
    for code in ["Bunny_runner", "runner bunny", "Bunny"] {
        let data = [("code", code.into()), ("project", project().into())];
        client.create("Asset", &data, &[]).unwrap();
    }
    let found = client
        .text_search(" BUNNY run ", &[("Asset", &[]), ("Shot", &[])], &[], None)
        .unwrap();
    let terms: Vec<&str> = found.terms.iter().map(|term| &**term).collect();
    assert_eq!(terms, ["bunny", "run"]);
    let names: Vec<_> = found
        .matches
        .iter()
        .map(|found| found.entity.name.clone().unwrap())
        .collect();
    assert_eq!(
        names.iter().map(|name| &**name).collect::<Vec<_>>(),
        ["Bunny_runner", "runner bunny"]
    );
    let first = &found.matches[0];
    assert_eq!(first.project_id, Some(1.into()));
    assert_eq!(first.status.as_deref(), Some("wtg"));
    assert_eq!((&first.image, &first.link), (&None, &None));
}

#[test]
fn a_match_tells_its_picture_and_what_it_is_on() {
    let (_sandbox, client) = site();
    let version = client
        .find_one("Version", &[], &["code", "entity", "image"])
        .unwrap()
        .unwrap();
    let found = client
        .text_search(
            &version.text("code"),
            &[("Version", &[])],
            &[1.into()],
            Some(1),
        )
        .unwrap();
    let [found] = &found.matches[..] else {
        panic!("{found:?}")
    };
    assert_eq!(found.entity, version.to_ref());
    assert_eq!(found.image.as_deref(), Some(version.text("image").as_str()));
    let on = version.get("entity").unwrap().as_entity().unwrap();
    let (kind, name) = found.link.clone().unwrap();
    assert_eq!(
        (kind, &*name),
        (on.entity_type.clone(), version.text("entity").as_str())
    );
}

#[test]
fn filters_projects_and_a_limit_narrow_it_down() {
    let (_sandbox, client) = site();
    let search = |filters: &[Filter], projects: &[u64], limit| {
        let projects: Vec<_> = projects.iter().map(|id| (*id).into()).collect();
        let found = client
            .text_search("PN_", &[("Shot", filters)], &projects, limit)
            .unwrap();
        found.matches.len()
    };
    assert_eq!(search(&[], &[], None), 40);
    assert_eq!(search(&[], &[1], Some(7)), 7);
    assert_eq!(search(&[], &[2], None), 0);
    let one = [Filter::is("id", 3)];
    assert_eq!(search(&one, &[1, 2], None), 1);
    let projects = client
        .text_search("polar", &[("Project", &[])], &[1.into()], None)
        .unwrap();
    assert_eq!(projects.matches[0].project_id, Some(1.into()));
}

#[test]
fn a_short_text_and_an_unknown_type_are_refused() {
    let (_sandbox, client) = site();
    let (code, said) = fault(client.text_search("bu", &[("Asset", &[])], &[], None));
    assert!(code == 103 && said.contains("at least 3"), "{said}");
    let (_, said) = fault(client.text_search("bunny", &[("Nope", &[])], &[], None));
    assert!(said.contains("Nope"), "{said}");
    let unknown = [Filter::is("nope", 1)];
    let (_, said) = fault(client.text_search("bunny", &[("Asset", &unknown)], &[], None));
    assert_eq!(
        said,
        "API query_display_name_cache() Asset.nope doesn't exist."
    );
}
