//! Checksums of files, computed on workers: the window draws at once, and shows each sum when it is there.
//!
//! `cargo run --example hash_files -- FILE…`

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::Duration;

use callboard::offload::{Executor, Keep, Store, View};
use callboard::ui::wake::waker;

struct Files {
    paths: Vec<String>,
    executor: Executor,
    sums: Store<String, u64, std::io::Error>,
}

impl eframe::App for Files {
    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        for path in &self.paths {
            let ask = || {
                self.executor.run("checksum", {
                    let path = path.clone();
                    move || checksum(&path)
                })
            };
            match self.sums.get(path, ask) {
                View::Ready(sum) => ui.label(format!("{sum:016x}  {path}")),
                View::Failed { error, .. } => ui.label(format!("{path}: {error}")),
                View::Idle | View::Loading { .. } => ui.weak(format!("…  {path}")),
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
    let app = |creation: &eframe::CreationContext<'_>| {
        let executor = Executor::new(waker(&creation.egui_ctx))?;
        let sums = Store::new(Keep {
            fresh: Duration::MAX,
            keys: 10_000,
        });
        Ok(Box::new(Files {
            paths,
            executor,
            sums,
        }) as Box<_>)
    };
    eframe::run_native("Checksums", options, Box::new(app))
}
