//! Checksums of files, computed in the frame that draws: the window stands still. Compare with `hash_files.rs`.
//!
//! `cargo run --example hash_files_blocking -- FILE…`

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

struct Files {
    paths: Vec<String>,
}

impl eframe::App for Files {
    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        for path in &self.paths {
            match checksum(path) {
                Ok(sum) => ui.label(format!("{sum:016x}  {path}")),
                Err(error) => ui.label(format!("{path}: {error}")),
            };
        }
    }
}

fn checksum(path: &str) -> std::io::Result<u64> {
    let mut hasher = DefaultHasher::new();
    std::fs::read(path)?.hash(&mut hasher);
    Ok(hasher.finish())
}

fn main() -> eframe::Result {
    let paths = std::env::args().skip(1).collect();
    let options = eframe::NativeOptions::default();
    let app = |_: &eframe::CreationContext<'_>| Ok(Box::new(Files { paths }) as Box<_>);
    eframe::run_native("Checksums", options, Box::new(app))
}
