//! Who follows what.

use callboard::shotgun::EntityRef;

use super::{fault, project, site};

#[test]
fn a_follower_is_listed_until_they_leave() {
    let (_sandbox, client) = site();
    let (shot, task) = (EntityRef::new("Shot", 3), EntityRef::new("Task", 4));
    let (ann, bob) = (
        EntityRef::new("HumanUser", 2),
        EntityRef::new("HumanUser", 5),
    );
    assert!(client.followers(&shot).unwrap().is_empty());
    assert!(client.follow(&ann, &shot).unwrap());
    assert!(
        client.follow(&ann, &shot).unwrap(),
        "a second time changes nothing"
    );
    assert!(client.follow(&bob, &shot).unwrap());
    assert!(client.follow(&ann, &task).unwrap());
    let followers = client.followers(&shot).unwrap();
    let told: Vec<_> = followers
        .iter()
        .map(|row| (row.to_ref(), row.text("status"), row.text("valid")))
        .collect();
    assert_eq!(
        told,
        [&ann, &bob].map(|user| (user.clone(), "act".to_owned(), "valid".to_owned()))
    );
    assert!(!followers.first().unwrap().text("name").is_empty());
    let following = client.following(&ann, None, None).unwrap();
    let mut following: Vec<_> = following.iter().map(|row| row.to_ref()).collect();
    following.sort_by_key(|entity| entity.entity_type.to_string());
    assert_eq!(following, [shot.clone(), task.clone()]);
    assert!(client.unfollow(&ann, &shot).unwrap());
    assert!(client.unfollow(&ann, &shot).unwrap());
    assert_eq!(client.followers(&shot).unwrap().len(), 1);
}

#[test]
fn what_one_follows_is_narrowed_down_and_leaves_out_the_deleted() {
    let (_sandbox, client) = site();
    let ann = EntityRef::new("HumanUser", 2);
    for entity in [
        EntityRef::new("Shot", 3),
        EntityRef::new("Shot", 4),
        EntityRef::new("Task", 4),
        project(),
    ] {
        client.follow(&ann, &entity).unwrap();
    }
    let count = |project: Option<u64>, kind| {
        let followed = client.following(&ann, project.map(Into::into), kind);
        followed.unwrap().len()
    };
    assert_eq!(count(None, None), 4);
    assert_eq!(count(Some(1), None), 4, "a project is in itself");
    assert_eq!(count(None, Some("Shot")), 2);
    let other = client
        .create("Project", &[("name", "Second".into())], &[])
        .unwrap()
        .id();
    assert_eq!(count(Some(other.0), None), 0);
    client.delete("Shot", 4).unwrap();
    assert_eq!(count(None, Some("Shot")), 1);
}

#[test]
fn only_people_follow_and_only_what_there_is() {
    let (_sandbox, client) = site();
    let shot = EntityRef::new("Shot", 3);
    let (code, said) = fault(client.follow(&EntityRef::new("Group", 1), &shot));
    assert!(code == 103 && said.contains("HumanUser"), "{said}");
    let (_, said) = fault(client.follow(&EntityRef::new("HumanUser", 99), &shot));
    assert_eq!(
        said,
        "API follow() 'user': there is no HumanUser with id 99."
    );
    let (_, said) = fault(client.followers(&EntityRef::new("Shot", 4_000)));
    assert!(said.contains("4000"), "{said}");
}
