//! Pictures of rows, small and large.

use egui::{Color32, CornerRadius, Image, Rect, Sense, TextureHandle, Ui, Vec2};

use crate::app::session::PictureSize;
use crate::app::thumbnails::{Thumbnail, Thumbnails};
use crate::shotgun::Value;
use crate::ui::icons::{self, Icon};
use crate::ui::tokens::{self, Palette};

/// A picture in a table row.
pub fn small_ui(ui: &mut Ui, thumbnails: &Thumbnails, url: Option<&Value>) {
    let (rect, _) = ui.allocate_exact_size(tokens::THUMBNAIL, Sense::hover());
    let ground = Palette::of(ui).raised;
    if let Found::Ready(texture) = find(thumbnails, url, PictureSize::Row) {
        paint(ui, rect, &texture, tokens::RADIUS_SMALL);
    } else {
        ui.painter().rect_filled(rect, tokens::RADIUS_SMALL, ground);
    }
}

/// A picture as wide as the region.
pub fn large_ui(ui: &mut Ui, thumbnails: &Thumbnails, url: Option<&Value>) {
    let width = ui.available_width();
    let size = Vec2::new(width, (width / tokens::PICTURE_ASPECT).round());
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let palette = Palette::of(ui);
    let sign = match find(thumbnails, url, PictureSize::Pane) {
        Found::Ready(texture) => return paint(ui, rect, &texture, tokens::RADIUS),
        Found::Loading => palette.hairline,
        Found::None => palette.faint,
    };
    ui.painter()
        .rect_filled(rect, tokens::RADIUS, palette.raised);
    icons::paint(ui, rect, Icon::Picture, tokens::ICON * 1.5, sign);
}

enum Found {
    Loading,
    Ready(TextureHandle),
    None,
}

fn find(thumbnails: &Thumbnails, url: Option<&Value>, size: PictureSize) -> Found {
    let Some(url) = url.and_then(Value::as_str) else {
        return Found::None;
    };
    match thumbnails.get(url, size) {
        Thumbnail::Loading => Found::Loading,
        Thumbnail::Ready(texture) => Found::Ready(texture),
        Thumbnail::Missing => Found::None,
    }
}

/// Fills `rect`; what does not fit its shape is cut off evenly.
fn paint(ui: &Ui, rect: Rect, texture: &TextureHandle, radius: CornerRadius) {
    let [wide, high] = texture.size().map(|side| side.max(1) as f32);
    let ratio = (wide / high) / rect.aspect_ratio();
    let shown = if ratio > 1.0 {
        Vec2::new(1.0 / ratio, 1.0)
    } else {
        Vec2::new(1.0, ratio)
    };
    let part = Rect::from_center_size(egui::pos2(0.5, 0.5), shown);
    Image::from_texture(texture)
        .uv(part)
        .corner_radius(radius)
        .tint(Color32::WHITE)
        .paint_at(ui, rect);
}
