//! Files go up from the disk and come down to it, and are never whole in memory.
//!
//! The site says which way it wants a file: in a form, or in parts straight to its storage. [`upload`](crate::shotgun::Client::upload)
//! takes either. What is downloaded lies beside its place until all of it is there.
//!
//! ```
//! # use callboard::sandbox::{Options, SCRIPT_KEY, SCRIPT_NAME, Sandbox, Seed};
//! # use callboard::shotgun::Client;
//! # let sandbox = Sandbox::with(Options { seed: Seed::Small, ..Options::default() })?;
//! # let sg = Client::builder(&sandbox.url()).script(SCRIPT_NAME, SCRIPT_KEY).build()?;
//! use callboard::shotgun::{ThumbnailSource, Upload};
//!
//! # let folder = tempfile::tempdir()?;
//! # let (movie, picture) = (folder.path().join("sh010.mov"), folder.path().join("sh010.png"));
//! # std::fs::write(&movie, b"moving pictures")?;
//! # image::RgbImage::new(8, 8).save(&picture)?;
//! let version = sg.find_one("Version", &[], &[])?.ok_or("no version")?;
//! let upload = Upload::new("Version", version.id(), &movie).field("sg_uploaded_movie").display_name("First look");
//! let attachment = sg.upload_with_progress(&upload, &|progress| println!("{progress:?}"))?;
//!
//! let copy = folder.path().join("copy.mov");
//! assert_eq!(sg.download_attachment(attachment, &copy)?, 15);
//!
//! sg.upload_thumbnail("Version", version.id(), &picture)?;
//! # let shot = sg.find_one("Shot", &[], &[])?.ok_or("no shot")?;
//! // A picture that the site is still making cannot be shared yet: `Error::NotReady`.
//! sg.find_one("Version", &[], &["image"])?;
//! sg.share_thumbnail(&[shot.to_ref()], ThumbnailSource::Entity(version.to_ref()), false)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
