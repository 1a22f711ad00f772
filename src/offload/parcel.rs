//! A value from a worker that goes back to a worker to be freed.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use super::workers::Workers;

/// A boxed answer.
///
/// Freeing 100,000 rows takes long enough to miss frames, so wherever a parcel is dropped, what it holds is freed on a
/// worker. The workers wait for that: their threads outlive an executor that still has parcels out.
pub struct Parcel<T: Send + 'static> {
    /// Absent only once the parcel is empty: while it is being dropped.
    value: Option<Box<T>>,
    workers: Option<Arc<Workers>>,
}

impl<T: Send + 'static> Parcel<T> {
    pub(super) fn new(value: T, workers: Option<Arc<Workers>>) -> Self {
        Self {
            value: Some(Box::new(value)),
            workers,
        }
    }
}

impl<T: Send + 'static> Deref for Parcel<T> {
    type Target = T;

    #[expect(
        clippy::expect_used,
        reason = "only `drop` empties the parcel, and nobody can look into it after that"
    )]
    fn deref(&self) -> &T {
        self.value
            .as_deref()
            .expect("a parcel is full until it is dropped")
    }
}

impl<T: Send + 'static> Drop for Parcel<T> {
    fn drop(&mut self) {
        let (value, workers) = (self.value.take(), self.workers.take());
        // On a worker, of whatever pool, it is freed in place.
        if std::mem::needs_drop::<T>()
            && rayon::current_thread_index().is_none()
            && let (Some(value), Some(workers)) = (value, workers)
        {
            workers.free(value);
        }
    }
}

impl<T: Send + fmt::Debug + 'static> fmt::Debug for Parcel<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
