//! Who is let in, as whom, and for how long.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use callboard::sandbox::{FileOptions, LoginOptions, Options, Sandbox, Seed, UserAuthentication};
use callboard::shotgun::{
    Client, ClientBuilder, Credentials, EntityId, EntityRef, Error, Filter, ThumbnailSource, Upload,
};
use secrecy::SecretString;

use super::files::{download, file, row};
use super::project;

/// What she is called.
const MIRA: &str = "Mira Okafor";

/// A small site with the script `callboard` and the person `mira`, who log in as `logins` say.
fn site(logins: LoginOptions) -> Arc<Sandbox> {
    let options = Options {
        seed: Seed::Small,
        users: vec![("mira".to_owned(), "hers".to_owned())],
        logins,
        ..Options::default()
    };
    Arc::new(Sandbox::with(options).unwrap())
}

/// A client of the site, with what `identify` adds.
fn client(sandbox: &Sandbox, identify: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Client {
    let builder = Client::builder(&sandbox.url()).retries(0);
    identify(builder).build().unwrap()
}

fn script(sandbox: &Sandbox) -> Client {
    client(sandbox, |it| it.script("callboard", "sandbox"))
}

fn with_code(sandbox: &Sandbox, code: &str) -> Client {
    let credentials = Credentials::login_with_code("mira", "hers", code);
    client(sandbox, |it| it.credentials(credentials))
}

/// Whether the site lets it in; if not, the number and the words of the refusal.
fn tried(client: &Client) -> Result<(), (Option<i64>, String)> {
    match client.count("Shot", &[]) {
        Ok(_) => Ok(()),
        Err(Error::Unauthorized { message, code }) => Err((code, message.to_string())),
        Err(other) => panic!("not that: {other:?}"),
    }
}

fn refused(code: i64, message: &str) -> Result<(), (Option<i64>, String)> {
    Err((Some(code), message.to_owned()))
}

/// Who made a note just now.
fn author(client: &Client) -> (String, String) {
    let values = [("content", "Hi".into()), ("project", project().into())];
    let note = client.create("Note", &values, &["created_by"]).unwrap();
    let by = note.get("created_by").unwrap().as_entity().unwrap();
    (
        by.entity_type.to_string(),
        by.name.as_deref().unwrap().to_owned(),
    )
}

#[test]
fn a_script_a_person_and_a_session_are_let_in_as_who_they_are() {
    let sandbox = site(LoginOptions::default());
    let mira = client(&sandbox, |it| it.login("mira", "hers"));
    let token = mira.get_session_token().unwrap();
    let session = client(&sandbox, |it| it.session_token(token));
    let person = ("HumanUser".to_owned(), MIRA.to_owned());
    assert_eq!(author(&mira), person);
    assert_eq!(author(&session), person);
    assert_eq!(author(&script(&sandbox)).0, "ApiUser");
    let wrong = client(&sandbox, |it| it.login("mira", "his"));
    assert_eq!(
        tried(&wrong),
        refused(102, "Can't authenticate user 'mira'.")
    );
    let wrong = client(&sandbox, |it| it.script("callboard", "wrong"));
    let message = "Can't authenticate script 'callboard'";
    assert_eq!(tried(&wrong), refused(102, message));
    let wrong = client(&sandbox, |it| it.session_token("dead1234"));
    let message = "Can't authenticate session token ending with '1234'";
    assert_eq!(tried(&wrong), refused(102, message));
}

#[test]
fn a_one_time_code_lets_in_once_and_the_client_goes_on_in_its_session() {
    let codes = ["111111", "222222"].map(|code| ("mira".to_owned(), code.to_owned()));
    let sandbox = site(LoginOptions {
        one_time_codes: codes.to_vec(),
        ..LoginOptions::default()
    });
    let without = client(&sandbox, |it| it.login("mira", "hers"));
    let (code, _) = tried(&without).unwrap_err();
    assert_eq!(code, Some(106), "a code is missing");
    let message = "Can't authenticate user 'mira'.";
    assert_eq!(tried(&with_code(&sandbox, "000000")), refused(102, message));
    let first = with_code(&sandbox, "111111");
    for _ in 0..3 {
        assert_eq!(tried(&first), Ok(()));
    }
    assert_eq!(author(&first).0, "HumanUser");
    assert_eq!(sandbox.request_count("get_session_token"), 2);
    let again = with_code(&sandbox, "111111");
    assert_eq!(tried(&again), refused(102, message));
    // Files are sent and fetched in the same session.
    let second = with_code(&sandbox, "222222");
    let (_folder, path) = file("a.mov", 100);
    let id = second.upload(&Upload::new("Shot", 3, &path)).unwrap();
    assert_eq!(download(&second, id).unwrap().len(), 100);
    assert_eq!(tried(&second), Ok(()));
}

#[test]
fn a_site_with_single_sign_on_refuses_passwords_only() {
    for (method, code) in [
        (UserAuthentication::Saml2, 108),
        (UserAuthentication::Oxygen, 110),
    ] {
        let sandbox = site(LoginOptions {
            user_authentication_method: method,
            ..LoginOptions::default()
        });
        let mira = client(&sandbox, |it| it.login("mira", "hers"));
        let info = mira.info().unwrap();
        assert_eq!(&*info.user_authentication_method, method.name());
        let error = mira.find("Shot", &[], &[]).unwrap_err();
        assert!(error.advice().contains("single sign-on"), "{error:?}");
        assert_eq!(tried(&mira).unwrap_err().0, Some(code));
        assert_eq!(tried(&script(&sandbox)), Ok(()));
        let token = sandbox.open_session("mira").unwrap();
        let session = client(&sandbox, |it| it.session_token(token));
        assert_eq!(author(&session).0, "HumanUser");
    }
    let ldap = site(LoginOptions {
        user_authentication_method: UserAuthentication::Ldap,
        ..LoginOptions::default()
    });
    assert_eq!(tried(&client(&ldap, |it| it.login("mira", "hers"))), Ok(()));
}

#[test]
fn a_script_may_act_as_a_person_also_with_files_and_a_person_as_nobody() {
    let sandbox = site(LoginOptions::default());
    let as_mira = |it: ClientBuilder| it.script("callboard", "sandbox").sudo_as_login("mira");
    let sudo = client(&sandbox, as_mira);
    let person = ("HumanUser".to_owned(), MIRA.to_owned());
    assert_eq!(author(&sudo), person);
    let (_folder, path) = file("a.jpg", 100);
    let uploaded = [
        sudo.upload(&Upload::new("Shot", 3, &path)).unwrap(),
        sudo.upload_thumbnail("Shot", 3, &path).unwrap(),
        sudo.share_thumbnail(
            &[EntityRef::new("Shot", 4)],
            ThumbnailSource::Path(path),
            false,
        )
        .unwrap()
        .unwrap(),
    ];
    for id in uploaded {
        let attachment = row(&sudo, id, &["created_by"]);
        let by = attachment.get("created_by").unwrap().as_entity().unwrap();
        assert_eq!(
            (&*by.entity_type.to_string(), by.name.as_deref()),
            ("HumanUser", Some(MIRA))
        );
        assert_eq!(download(&sudo, id).unwrap().len(), 100);
    }
    let person = |it: ClientBuilder| it.login("mira", "hers").sudo_as_login("ann");
    let nobody = |it: ClientBuilder| it.script("callboard", "sandbox").sudo_as_login("nobody");
    for (client, expected) in [
        (
            client(&sandbox, person),
            "The user does not have permission to 'sudo':",
        ),
        (
            client(&sandbox, nobody),
            "Cannot 'sudo' - unknown or retired user: 'nobody'",
        ),
    ] {
        match client.count("Shot", &[]) {
            Err(Error::Rejected { message, .. }) => {
                assert!(message.starts_with(expected), "{message}");
            }
            other => panic!("{expected}: {other:?}"),
        }
    }
}

/// A client in a session of mira's, with a new one whenever that is over; and how often that came to pass.
fn renewing(sandbox: &Arc<Sandbox>) -> (Client, Arc<AtomicUsize>) {
    let renewed = Arc::<AtomicUsize>::default();
    let (site, count) = (Arc::clone(sandbox), Arc::clone(&renewed));
    let client = client(sandbox, |it| {
        it.session_token(sandbox.open_session("mira").unwrap())
            .renew_session(move || {
                count.fetch_add(1, Ordering::SeqCst);
                site.open_session("mira").map(SecretString::from)
            })
    });
    (client, renewed)
}

#[test]
fn a_session_that_is_over_in_the_middle_of_work_is_renewed_and_nothing_is_lost_or_done_twice() {
    let sandbox = site(LoginOptions {
        session_calls: Some(3),
        ..LoginOptions::default()
    });
    let (client, renewed) = renewing(&sandbox);
    let before = client.count("Note", &[]).unwrap();
    for _ in 0..10 {
        assert_eq!(author(&client).0, "HumanUser");
    }
    assert_eq!(client.count("Note", &[]).unwrap(), before + 10);
    // Twelve calls, of which each session takes three.
    assert_eq!(renewed.load(Ordering::SeqCst), 3);
}

#[test]
fn a_session_that_is_over_does_not_stop_files() {
    for direct_uploads in [false, true] {
        let options = Options {
            seed: Seed::Small,
            users: vec![("mira".to_owned(), "hers".to_owned())],
            files: FileOptions {
                direct_uploads,
                downloads_need_session: true,
                ..FileOptions::default()
            },
            ..Options::default()
        };
        let sandbox = Arc::new(Sandbox::with(options).unwrap());
        let (client, renewed) = renewing(&sandbox);
        let (_folder, path) = file("a.mov", 100);
        let upload = Upload::new("Shot", 3, &path);
        sandbox.expire_sessions();
        let id = client.upload(&upload).unwrap();
        assert_eq!(renewed.load(Ordering::SeqCst), 1);
        sandbox.expire_sessions();
        assert_eq!(download(&client, id).unwrap().len(), 100);
        sandbox.expire_sessions();
        let shots = [4, 5].map(|id| EntityRef::new("Shot", id));
        let source = ThumbnailSource::Entity(EntityRef::new("Shot", 3));
        client.share_thumbnail(&shots, source, false).unwrap();
        assert_eq!(renewed.load(Ordering::SeqCst), 3);
        assert_eq!(client.count("Attachment", &[]).unwrap(), 1);
    }
}

#[test]
fn a_session_that_nobody_renews_ends_the_work() {
    let sandbox = site(LoginOptions::default());
    let token = sandbox.open_session("mira").unwrap();
    let client = client(&sandbox, |it| {
        it.session_token(token).renew_session(|| None)
    });
    assert_eq!(tried(&client), Ok(()));
    sandbox.expire_sessions();
    assert_eq!(tried(&client).unwrap_err().0, Some(102));
    let (_folder, path) = file("a.mov", 100);
    let error = client.upload(&Upload::new("Shot", 3, &path)).unwrap_err();
    assert!(matches!(error, Error::Unauthorized { .. }), "{error:?}");
}

#[test]
fn a_person_proves_who_they_are_and_the_client_stays_who_it_is() {
    let sandbox = site(LoginOptions::default());
    let script = script(&sandbox);
    let prove =
        |password: &str| script.authenticate_human_user(&Credentials::login("mira", password));
    let mira = prove("hers").unwrap().unwrap();
    assert_eq!(
        (mira.entity_type().as_str(), mira.text("login")),
        ("HumanUser", "mira".to_owned())
    );
    let error = prove("his").unwrap_err();
    assert!(
        matches!(
            error,
            Error::Unauthorized {
                code: Some(102),
                ..
            }
        ),
        "{error:?}"
    );
    assert_eq!(author(&script).0, "ApiUser");
    // Whoever is disabled is refused like a stranger.
    let id: EntityId = mira.id();
    script
        .update("HumanUser", id, &[("sg_status_list", "dis".into())])
        .unwrap();
    let error = prove("hers").unwrap_err();
    assert!(
        matches!(
            error,
            Error::Unauthorized {
                code: Some(102),
                ..
            }
        ),
        "{error:?}"
    );
    let login = [Filter::is("login", "mira")];
    assert_eq!(
        script.count("HumanUser", &login).unwrap(),
        1,
        "she is there"
    );
}
