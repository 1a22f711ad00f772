//! The classic route: one form with the file in it.

use super::form::Form;
use super::transfer::Transfer;
use super::upload::Kind;
use crate::shotgun::error::Error;

impl Transfer<'_, '_> {
    pub(super) fn classic(&mut self) -> Result<String, Error> {
        let Self {
            talk, upload, file, ..
        } = *self;
        let form = Form::new()
            .field("entity_type", &upload.entity_type)
            .field("entity_id", &upload.id)
            .auth();
        let (path, form, file_field) = match upload.kind() {
            Kind::Thumbnail => ("/upload/publish_thumbnail", form, "thumb_image"),
            Kind::Filmstrip => (
                "/upload/publish_thumbnail",
                form.flag("filmstrip", true),
                "thumb_image",
            ),
            Kind::Attachment => {
                let form = form
                    .optional("field_name", upload.field.as_ref())
                    .field("display_name", upload.shown_name(&file.name))
                    .optional("tag_list", upload.joined_tags())
                    .optional("created_at", upload.made('T'));
                ("/upload/upload_file", form, "file")
            }
        };
        talk.write_file(path, &form, file_field, file, &mut self.meter)
    }
}
