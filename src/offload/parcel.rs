//! A value from a worker that goes back to a worker to be freed.

use std::fmt;
use std::ops::Deref;

use super::executor::Disposal;

/// A boxed answer. Freeing 100,000 rows takes long enough to miss frames, so wherever a parcel is dropped, what it holds is
/// freed on a worker.
pub struct Parcel<T: Send + 'static> {
    /// Absent only once the parcel is empty: while it is being dropped.
    value: Option<Box<T>>,
    disposal: Disposal,
}

impl<T: Send + 'static> Parcel<T> {
    pub(super) fn new(value: T, disposal: Disposal) -> Self {
        Self {
            value: Some(Box::new(value)),
            disposal,
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
        if let Some(value) = self.value.take()
            && std::mem::needs_drop::<T>()
        {
            self.disposal.dispose(value);
        }
    }
}

impl<T: Send + fmt::Debug + 'static> fmt::Debug for Parcel<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
