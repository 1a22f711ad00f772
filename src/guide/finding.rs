//! Finding entities: filters, fields, order, pages, and rows as structs of one's own.
//!
//! # Filters and fields
//!
//! Fields of linked entities are paths, as everywhere on a site. A row always knows its type and its id.
//!
//! ```
//! # use callboard::sandbox::{Options, SCRIPT_KEY, SCRIPT_NAME, Sandbox, Seed};
//! # use callboard::shotgun::Client;
//! # let sandbox = Sandbox::with(Options { seed: Seed::Small, ..Options::default() })?;
//! # let sg = Client::builder(&sandbox.url()).script(SCRIPT_NAME, SCRIPT_KEY).build()?;
//! use callboard::shotgun::{Filter, Relation};
//!
//! let filters = [
//!     Filter::contains("code", "SH"),
//!     Filter::any([Filter::is("sg_status_list", "fin"), Filter::is_not("sg_cut_in", 1001)]),
//! ];
//! let shots = sg.find("Shot", &filters, &["code", "sg_sequence.Sequence.code"])?;
//! for shot in &shots {
//!     println!("{} {} in {}", shot.id(), shot.text("code"), shot.text("sg_sequence.Sequence.code"));
//! }
//! let first = sg.find_one("Shot", &[Filter::new("sg_cut_in", Relation::GreaterThan, [0])], &["code"])?;
//! assert!(first.is_some());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A filter can also be typed. It reads like the condition it is, and a mistake says what would be right:
//!
//! ```
//! use callboard::shotgun::{Filter, Relation};
//!
//! let typed: Filter = "due_date in_last 2, WEEK".parse()?;
//! assert_eq!(typed.to_string(), "due_date in_last 2, WEEK");
//! let error = "code resembles SH".parse::<Filter>().unwrap_err();
//! assert!(error.headline().contains("resembles"));
//! # Ok::<(), callboard::shotgun::Error>(())
//! ```
//!
//! # Checked before it is sent
//!
//! With the schema at hand, a wrong name, relation or kind of value is found before anything goes over the wire:
//!
//! ```
//! # use callboard::sandbox::{Options, SCRIPT_KEY, SCRIPT_NAME, Sandbox, Seed};
//! # use callboard::shotgun::Client;
//! # let sandbox = Sandbox::with(Options { seed: Seed::Small, ..Options::default() })?;
//! # let sg = Client::builder(&sandbox.url()).script(SCRIPT_NAME, SCRIPT_KEY).build()?;
//! use callboard::shotgun::{Find, Filter};
//!
//! let schema = sg.schema_read(None)?;
//! let find = Find::new("Shot").filter(Filter::contains("sg_cut_in", "10"));
//! let error = find.check(&schema).unwrap_err();
//! println!("{}", error.headline()); // names the field, its data type, and the relations that it takes
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Order, limits, pages
//!
//! [`find_all`](crate::shotgun::Client::find_all) takes a [`Find`](crate::shotgun::Find), which is a value: build it once, ask it
//! often. If there are several pages, they come in parallel, in order. [`query`](crate::shotgun::Client::query) asks for one.
//!
//! ```
//! # use callboard::sandbox::{Options, SCRIPT_KEY, SCRIPT_NAME, Sandbox, Seed};
//! # use callboard::shotgun::Client;
//! # let sandbox = Sandbox::with(Options { seed: Seed::Small, ..Options::default() })?;
//! # let sg = Client::builder(&sandbox.url()).script(SCRIPT_NAME, SCRIPT_KEY).build()?;
//! use callboard::shotgun::{Find, Order};
//!
//! let newest = Find::new("Shot").fields(["code"]).order(Order::descending("id")).limit(5);
//! assert_eq!(sg.find_all(&newest)?.len(), 5);
//!
//! let page = sg.query(&Find::new("Shot").page_size(15).page(3))?;
//! assert_eq!((page.rows.len(), page.has_next_page), (10, false));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Rows as structs
//!
//! Any type that serde can build, by the names of the fields. What is missing, or of another kind, is an error that names the
//! row and the field.
//!
//! ```
//! # use callboard::sandbox::{Options, SCRIPT_KEY, SCRIPT_NAME, Sandbox, Seed};
//! # use callboard::shotgun::Client;
//! # let sandbox = Sandbox::with(Options { seed: Seed::Small, ..Options::default() })?;
//! # let sg = Client::builder(&sandbox.url()).script(SCRIPT_NAME, SCRIPT_KEY).build()?;
//! use callboard::shotgun::EntityRef;
//! use serde::Deserialize;
//!
//! #[derive(Deserialize)]
//! struct Shot {
//!     id: u64,
//!     code: String,
//!     sg_cut_in: Option<i64>,
//!     #[serde(rename = "sg_sequence")]
//!     sequence: Option<EntityRef>,
//! }
//!
//! let shots: Vec<Shot> = sg.find("Shot", &[], &["code", "sg_cut_in", "sg_sequence"])?.deserialize()?;
//! assert_eq!(shots.len(), 40);
//! # let first = &shots[0];
//! # let _ = (first.id, &first.code, first.sg_cut_in, &first.sequence);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # By words
//!
//! ```
//! # use callboard::sandbox::{Options, SCRIPT_KEY, SCRIPT_NAME, Sandbox, Seed};
//! # use callboard::shotgun::Client;
//! # let sandbox = Sandbox::with(Options { seed: Seed::Small, ..Options::default() })?;
//! # let sg = Client::builder(&sandbox.url()).script(SCRIPT_NAME, SCRIPT_KEY).build()?;
//! let found = sg.text_search("SH0010", &[("Shot", &[])], &[], None)?;
//! for shot in &found.matches {
//!     println!("{:?}", shot.entity);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
