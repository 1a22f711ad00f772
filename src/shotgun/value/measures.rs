//! Values that are text or a number on the wire and something else to people: footage, colors, spans of time, pictures.

use std::fmt;

use jiff::SignedDuration;

use crate::shotgun::value::Value;

/// A length of film: feet, and frames of the next foot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Footage {
    /// Whole feet.
    pub feet: u32,
    /// Frames beyond them.
    pub frames: u32,
}

impl Footage {
    /// Reads `FEET-FRAMES`, such as `10-05`.
    pub(in crate::shotgun) fn read(text: &str) -> Option<Self> {
        let (feet, frames) = text.split_once('-')?;
        let number = |digits: &str| {
            let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| digits.parse().ok())?
        };
        Some(Self {
            feet: number(feet)?,
            frames: number(frames)?,
        })
    }
}

/// As on the wire: `10-05`.
impl fmt::Display for Footage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:02}", self.feet, self.frames)
    }
}

impl From<Footage> for Value {
    fn from(footage: Footage) -> Self {
        footage.to_string().into()
    }
}

/// What a field of type `color` holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Color {
    /// Red, green and blue, each from 0 to 255.
    Rgb([u8; 3]),
    /// The color of the pipeline step.
    PipelineStep,
}

impl Color {
    /// Reads `R,G,B` or `pipeline_step`.
    pub(in crate::shotgun) fn read(text: &str) -> Option<Self> {
        if text == "pipeline_step" {
            return Some(Self::PipelineStep);
        }
        let parts: Vec<u8> = text
            .split(',')
            .map(|part| part.trim().parse().ok())
            .collect::<Option<_>>()?;
        parts.try_into().ok().map(Self::Rgb)
    }
}

/// As on the wire.
impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rgb([red, green, blue]) => write!(f, "{red},{green},{blue}"),
            Self::PipelineStep => f.write_str("pipeline_step"),
        }
    }
}

impl From<Color> for Value {
    fn from(color: Color) -> Self {
        color.to_string().into()
    }
}

/// What a field of type `image` holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picture<'a> {
    /// There is none, or making one failed.
    Absent,
    /// Uploaded and not ready: the address is that of a stand-in, the same for all.
    Pending(&'a str),
    /// Ready, at an address that may expire.
    Ready(&'a str),
}

impl<'a> Picture<'a> {
    pub(in crate::shotgun) fn read(url: &'a str) -> Self {
        // The file may vary, the folder does not.
        let path = url.split(['?', '#']).next().unwrap_or_default();
        if path.contains("/images/status/transient/") {
            Self::Pending(url)
        } else {
            Self::Ready(url)
        }
    }
}

/// The seconds of a minute.
const MINUTE: i64 = 60;

impl Value {
    /// A `duration` for writing: whole minutes, the rest is cut off.
    pub fn minutes(duration: SignedDuration) -> Self {
        Self::Int(duration.as_secs() / MINUTE)
    }

    /// A `timecode` for writing: whole milliseconds, the rest is cut off.
    pub fn timecode(duration: SignedDuration) -> Self {
        i64::try_from(duration.as_millis()).map_or(Self::Null, Self::Int)
    }

    /// The span of time, if the value is a whole number: for fields of type `duration`, which count minutes.
    pub fn as_minutes(&self) -> Option<SignedDuration> {
        let seconds = self.as_i64()?.checked_mul(MINUTE)?;
        Some(SignedDuration::from_secs(seconds))
    }

    /// The span of time, if the value is a whole number: for fields of type `timecode`, which count milliseconds.
    pub fn as_timecode(&self) -> Option<SignedDuration> {
        self.as_i64().map(SignedDuration::from_millis)
    }

    /// The length of film, if the value reads like one.
    pub fn as_footage(&self) -> Option<Footage> {
        self.as_str().and_then(Footage::read)
    }

    /// The color, if the value reads like one. Some sites hold names of colors as well: see [`Value::as_str`] for those.
    pub fn as_color(&self) -> Option<Color> {
        self.as_str().and_then(Color::read)
    }

    /// The picture, for a field of type `image`. None if the value is neither null nor text.
    pub fn as_picture(&self) -> Option<Picture<'_>> {
        if self.is_null() {
            return Some(Picture::Absent);
        }
        self.as_str().map(Picture::read)
    }
}
