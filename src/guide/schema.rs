//! What types there are, which fields they have, and fields of one's own.
//!
//! ```
//! # use callboard::sandbox::{Options, SCRIPT_KEY, SCRIPT_NAME, Sandbox, Seed};
//! # use callboard::shotgun::Client;
//! # let sandbox = Sandbox::with(Options { seed: Seed::Small, ..Options::default() })?;
//! # let sg = Client::builder(&sandbox.url()).script(SCRIPT_NAME, SCRIPT_KEY).build()?;
//! let types = sg.schema_entity_read(None)?;
//! assert_eq!(&*types["Shot"].display_name, "Shot");
//!
//! let fields = sg.schema_field_read("Shot", Some("sg_status_list"), None)?;
//! let status = &fields["sg_status_list"];
//! println!("{} is {}", status.display_name, status.data_type);
//!
//! // A field of one's own can be written at once.
//! let field = sg.schema_field_create("Shot", "number", "Fur Passes", &[])?;
//! assert_eq!(field.as_str(), "sg_fur_passes");
//! let shot = sg.find_one("Shot", &[], &[])?.ok_or("no shot")?;
//! sg.update("Shot", shot.id(), &[("sg_fur_passes", 3.into())])?;
//! assert!(sg.schema_field_delete("Shot", "sg_fur_passes")?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
