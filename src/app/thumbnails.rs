//! Pictures of rows: fetched when they are seen, and kept until others are seen.

use std::cell::RefCell;
use std::collections::BTreeMap;

use egui::{Context, TextureHandle, TextureOptions};

use super::session::{Picture, PictureError, PictureSize, Session};
use crate::offload::{Job, Origin};

/// Pictures that a frame hands to the graphics card at most: a screen full of them at once would make it a long one.
const PER_FRAME: usize = 4;

/// Pictures kept: a few screens of rows.
const KEPT: usize = 256;

/// What is known of the picture at an address.
#[derive(Clone)]
pub enum Thumbnail {
    /// It is on its way.
    Loading,
    /// Here it is.
    Ready(TextureHandle),
    /// There is none to be had.
    Missing,
}

enum Entry {
    Loading(Job<Picture, PictureError>),
    Ready(TextureHandle),
    Missing,
}

type Key = (String, PictureSize);

/// Pictures by address and size. Panels ask each frame for what they draw; what was asked for in the last frame is fetched.
#[derive(Default)]
pub struct Thumbnails {
    entries: BTreeMap<Key, (Entry, u64)>,
    wanted: RefCell<Vec<Key>>,
    frame: u64,
}

impl Thumbnails {
    /// The picture at `url`. Asking for it is what brings it.
    pub fn get(&self, url: &str, size: PictureSize) -> Thumbnail {
        let key = (url.to_owned(), size);
        self.wanted.borrow_mut().push(key.clone());
        match self.entries.get(&key) {
            None | Some((Entry::Loading(_), _)) => Thumbnail::Loading,
            Some((Entry::Ready(texture), _)) => Thumbnail::Ready(texture.clone()),
            Some((Entry::Missing, _)) => Thumbnail::Missing,
        }
    }

    /// Takes the pictures that arrived and asks for what was seen in the last frame.
    pub fn poll(&mut self, ctx: &Context, session: &Session) {
        self.frame += 1;
        let wanted = self.wanted.take();
        for key in &wanted {
            if let Some((_, used)) = self.entries.get_mut(key) {
                *used = self.frame;
            }
        }
        self.take_arrived(ctx);
        // What scrolled out of sight before its turn is not worth a call. What has begun is not worth a connection.
        self.entries.retain(|_, (entry, used)| match entry {
            Entry::Loading(job) => *used == self.frame || job.record().started().is_some(),
            Entry::Ready(_) | Entry::Missing => true,
        });
        for key in wanted {
            // How many of them are fetched at the same time is their lane's affair.
            self.entries.entry(key).or_insert_with_key(|(url, size)| {
                let job = session.picture(Origin::here("Thumbnails"), url, *size);
                (Entry::Loading(job), self.frame)
            });
        }
        self.forget_oldest();
    }

    /// Asks again for what was not to be had.
    pub fn forget_missing(&mut self) {
        self.entries
            .retain(|_, (entry, _)| !matches!(entry, Entry::Missing));
    }

    fn take_arrived(&mut self, ctx: &Context) {
        let mut room = PER_FRAME;
        for ((url, _), (entry, _)) in &mut self.entries {
            let Entry::Loading(job) = entry else { continue };
            if room == 0 {
                if job.record().stored().is_some() {
                    return ctx.request_repaint();
                }
                continue;
            }
            let Some(outcome) = job.take() else { continue };
            room -= 1;
            *entry = outcome.map_or(Entry::Missing, |picture| {
                Entry::Ready(ctx.load_texture(
                    url,
                    std::sync::Arc::clone(&picture.0),
                    TextureOptions::LINEAR,
                ))
            });
        }
    }

    fn forget_oldest(&mut self) {
        while self.entries.len() > KEPT {
            let oldest = self
                .entries
                .iter()
                .min_by_key(|(_, (_, used))| *used)
                .map(|(key, _)| key.clone());
            if oldest.and_then(|key| self.entries.remove(&key)).is_none() {
                return;
            }
        }
    }
}
