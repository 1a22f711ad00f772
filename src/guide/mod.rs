//! How to do things with [`shotgun`](crate::shotgun), family by family; nothing but pages. Every example runs as a test
//! against a [`Sandbox`](crate::sandbox::Sandbox).
//!
//! All of them begin like this, which they then leave out:
//!
//! ```
//! use callboard::sandbox::{Options, SCRIPT_KEY, SCRIPT_NAME, Sandbox, Seed};
//! use callboard::shotgun::Client;
//!
//! let sandbox = Sandbox::with(Options { seed: Seed::Small, ..Options::default() })?;
//! let sg = Client::builder(&sandbox.url()).script(SCRIPT_NAME, SCRIPT_KEY).build()?;
//! assert_eq!(sg.info()?.version.0, 8);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # From `shotgun_api3` to callboard
//!
//! | in Python | here | page |
//! |---|---|---|
//! | `Shotgun(url, script_name, api_key)` | [`Client::builder`](crate::shotgun::Client::builder)`(url).script(name, key).build()` | [`logging_in`] |
//! | … `login=`, `password=`, `auth_token=` | `.login(…)`, [`Credentials::login_with_code`](crate::shotgun::Credentials::login_with_code) | [`logging_in`] |
//! | … `session_token=`, `sudo_as_login=` | `.session_token(…)`, `.sudo_as_login(…)` | [`logging_in`] |
//! | … `http_proxy=`, `ca_certs=` | `.proxy(…)`, `.ca_file(…)` | [`pacing`] |
//! | `config.timeout_secs`, `config.max_rpc_attempts` | `.timeouts(…)`, `.deadline(…)`, `.retries(…)` | [`pacing`] |
//! | `config.records_per_page` | `.records_per_page(…)` | [`finding`] |
//! | `info`, `server_info`, `server_caps`, `connect` | [`info`](crate::shotgun::Client::info); nothing connects before it must | [`logging_in`] |
//! | `find`, `find_one` | the same; all options are those of [`Find`](crate::shotgun::Find) | [`finding`] |
//! | `[["code", "contains", "SH"]]` | `Filter::contains("code", "SH")`, or `"code contains SH".parse()` | [`finding`] |
//! | `create`, `update`, `delete`, `revive`, `batch` | the same; `multi_entity_update_modes` is [`update_with_modes`](crate::shotgun::Client::update_with_modes) | [`writing`] |
//! | `summarize` | the same, and [`count`](crate::shotgun::Client::count) | [`summarizing`] |
//! | `text_search` | the same | [`finding`] |
//! | `schema_read`, `schema_entity_read`, `schema_field_*` | the same | [`schema`] |
//! | `upload`, `upload_thumbnail`, `upload_filmstrip_thumbnail`, `share_thumbnail` | the same | [`files`] |
//! | `download_attachment`, `get_attachment_download_url` | the same, and [`download`](crate::shotgun::Client::download) into memory | [`files`] |
//! | `get_session_token`, `authenticate_human_user`, `set_session_uuid` | the same | [`logging_in`] |
//! | `add_user_agent`, `reset_user_agent` | the same | [`logging_in`] |
//! | `follow`, `unfollow`, `followers`, `following` | the same | [`people`] |
//! | `note_thread_read`, `activity_stream_read` | the same | [`people`] |
//! | `work_schedule_read`, `work_schedule_update` | the same | [`people`] |
//! | `nav_expand`, `nav_search_string`, `nav_search_entity` | the same | [`people`] |
//! | `preferences_read`, `export_page`, `update_project_last_accessed` | the same | [`people`] |
//! | `user_subscriptions_read`, `user_subscriptions_create` | the same | [`people`] |
//! | `close` | [`shutdown`](crate::shotgun::Client::shutdown), or drop it | [`pacing`] |
//! | `_call_rpc` | [`call_rpc`](crate::shotgun::Client::call_rpc) | [`writing`] |
//! | `get_auth_cookie_handler` | none: downloads send the cookie themselves | [`files`] |
//! | `schema(type)`, `entity_types()` | none: Python's raise an error | |
//! | `mockgun` | [`sandbox`](crate::sandbox): a site of one's own | [`testing`] |
//!
//! # What differs on purpose
//!
//! * One client serves all threads. Clones share its connections.
//! * Reads are made again when that may help, and writes never: a write that nobody answered is
//!   [`Error::UnknownOutcome`](crate::shotgun::Error::UnknownOutcome), which carries the question that settles it.
//! * Dates and times are [`jiff`]'s, in UTC; zones are up to the program.
//! * `create` and `update` take no paths of pictures: see [`files`].
//! * Nothing waits for ever by default.

pub mod files;
pub mod finding;
pub mod logging_in;
pub mod pacing;
pub mod people;
pub mod schema;
pub mod summarizing;
pub mod testing;
pub mod writing;
