//! Pictures for rows, drawn rather than stored: calm diagonal gradients, akin within a sequence.

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder as _};

use super::store::{Row, Store};
use super::value::Ref;

/// What the path of every picture starts with.
pub const PATH: &str = "/thumbnail/";

const WIDTH: u16 = 256;
const HEIGHT: u16 = 144;
/// Teal, where the hues of shots begin, and how far they go: past blue to violet.
const FIRST_HUE: f32 = 188.0;
const HUE_RANGE: f32 = 125.0;
/// After how many neighbors the hues have come back to where they were.
const HUE_PERIOD: f32 = 32.0;

type Color = [f32; 3];

/// What makes one picture differ from another.
struct Look {
    hue: f32,
    /// The direction of the gradient, in radians.
    angle: f32,
    /// Where the lighter half begins, from 0 to 1 across the picture.
    edge: f32,
}

/// The path of a row's picture.
pub fn path(entity: &str, id: u32) -> String {
    format!("{PATH}{entity}/{id}.png")
}

/// The entity type whose row the picture at `path` belongs to.
pub fn entity_type(path: &str) -> Option<&str> {
    Some(path.strip_prefix(PATH)?.split_once('/')?.0)
}

/// The picture at `path`, if there is such a row.
pub fn png(store: &Store, path: &str) -> Option<Vec<u8>> {
    let (entity, file) = path.strip_prefix(PATH)?.split_once('/')?;
    let at = Ref {
        kind: store.schema().kind(entity)?,
        id: file.strip_suffix(".png")?.parse().ok()?,
    };
    encode(&draw(&look(store, store.row(at)?)))
}

/// What stands in for a picture that is not ready: the ground of all the others, without a color.
pub fn pending() -> Option<Vec<u8>> {
    let gray = color(0.0, 0.0, 0.3).map(|channel| (channel * 255.0) as u8);
    encode(&gray.repeat(usize::from(WIDTH) * usize::from(HEIGHT)))
}

/// A version shows what it is a version of; whatever that may be of in turn is no matter.
fn look(store: &Store, row: &Row) -> Look {
    let Some(subject) = linked(store, row, "entity") else {
        return own_look(store, row);
    };
    let subject = own_look(store, subject);
    Look {
        edge: (subject.edge + row.at.id as f32 * 0.07).fract(),
        ..subject
    }
}

/// The row that the link `name` of a row leads to.
fn linked<'a>(store: &'a Store, row: &Row, name: &str) -> Option<&'a Row> {
    let field = store.schema().entity(row.at.kind).field_index(name)?;
    store.row(*row.values[field].links().first()?)
}

fn own_look(store: &Store, row: &Row) -> Look {
    let sequence = linked(store, row, "sg_sequence")
        .map_or(row.at.kind.index() as f32, |sequence| sequence.at.id as f32);
    let id = row.at.id as f32;
    let phase = ((id + sequence * 1.5) / HUE_PERIOD).fract();
    let wave = 1.0 - (2.0 * phase - 1.0).abs();
    Look {
        hue: FIRST_HUE + HUE_RANGE * wave,
        angle: 0.35 + 0.6 * (id * 0.618_034).fract(),
        edge: 0.45 + 0.3 * (id * 0.381_966 + sequence * 0.1).fract(),
    }
}

fn draw(look: &Look) -> Vec<u8> {
    let dark = color(look.hue - 8.0, 0.42, 0.15);
    let middle = color(look.hue, 0.42, 0.34);
    let light = color(look.hue + 22.0, 0.40, 0.56);
    let (sin, cos) = look.angle.sin_cos();
    let slope = sin.mul_add(f32::from(HEIGHT), cos * f32::from(WIDTH));
    let mut pixels = Vec::with_capacity(usize::from(WIDTH) * usize::from(HEIGHT) * 3);
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            let across = (f32::from(x) * cos + f32::from(y) * sin) / slope;
            let rising =
                f32::from(x) / f32::from(WIDTH) * 0.6 + f32::from(y) / f32::from(HEIGHT) * 0.4;
            let glow = smooth((rising - look.edge) * 2.6);
            let base = mix(dark, middle, smooth(across * 1.25));
            pixels.extend(mix(base, light, glow).map(|channel| (channel * 255.0 + 0.5) as u8));
        }
    }
    pixels
}

fn encode(pixels: &[u8]) -> Option<Vec<u8>> {
    let mut png = Vec::new();
    PngEncoder::new_with_quality(&mut png, CompressionType::Fast, FilterType::Sub)
        .write_image(
            pixels,
            u32::from(WIDTH),
            u32::from(HEIGHT),
            ExtendedColorType::Rgb8,
        )
        .ok()?;
    Some(png)
}

fn mix(from: Color, to: Color, part: f32) -> Color {
    std::array::from_fn(|channel| (to[channel] - from[channel]).mul_add(part, from[channel]))
}

fn smooth(part: f32) -> f32 {
    let part = part.clamp(0.0, 1.0);
    part * part * (3.0 - 2.0 * part)
}

/// A color by hue in degrees, saturation and lightness.
fn color(hue: f32, saturation: f32, lightness: f32) -> Color {
    let spread = saturation * lightness.min(1.0 - lightness);
    [0.0, 8.0, 4.0].map(|offset| {
        let place = (offset + hue / 30.0).rem_euclid(12.0);
        lightness - spread * (place - 3.0).min(9.0 - place).clamp(-1.0, 1.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_a_png_of_the_promised_size() {
        let png = encode(&draw(&Look {
            hue: 200.0,
            angle: 0.6,
            edge: 0.5,
        }))
        .unwrap();
        let picture = image::load_from_memory(&png).unwrap();
        assert_eq!((picture.width(), picture.height()), (256, 144));
    }

    #[test]
    fn pure_hues_are_where_they_belong() {
        assert_eq!(color(0.0, 1.0, 0.5), [1.0, 0.0, 0.0]);
        assert_eq!(color(240.0, 1.0, 0.5), [0.0, 0.0, 1.0]);
    }
}
