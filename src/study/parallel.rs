//! Independent work on all cores.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::channel;

/// Does `work` on each of `items` on up to `threads` threads and hands every result, with its
/// place, to `done` on the calling thread as it becomes ready. After the first error nothing new
/// is begun.
///
/// # Errors
/// Of the errors of `work` and `done` the one of the earliest item; work that a failure kept from
/// beginning has none.
pub fn each<I: Sync, T: Send, E: Send>(
    items: &[I],
    threads: NonZeroUsize,
    work: impl Fn(&I) -> Result<T, E> + Sync,
    mut done: impl FnMut(usize, T) -> Result<(), E>,
) -> Result<(), E> {
    let (next, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (sender, results) = channel();
    let mut first_error: Option<(usize, E)> = None;
    std::thread::scope(|scope| {
        for _ in 0..threads.get().min(items.len()) {
            let (sender, next, failed, work) = (sender.clone(), &next, &failed, &work);
            scope.spawn(move || {
                while !failed.load(Ordering::Relaxed) {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(place) else { return };
                    if sender.send((place, work(item))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        for (place, result) in results {
            if let Err(error) = result.and_then(|result| done(place, result)) {
                failed.store(true, Ordering::Relaxed);
                if first_error.as_ref().is_none_or(|(first, _)| place < *first) {
                    first_error = Some((place, error));
                }
            }
        }
    });
    first_error.map_or(Ok(()), |(_, error)| Err(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn threads(count: usize) -> NonZeroUsize {
        NonZeroUsize::new(count).unwrap()
    }

    #[test]
    fn every_item_is_done_once_whatever_the_threads() {
        let items: Vec<u32> = (0..100).collect();
        for count in [1, 3, 200] {
            let mut squares = vec![0; 100];
            let work = |item: &u32| Ok::<_, ()>(item * item);
            each(&items, threads(count), work, |place, square| {
                squares[place] += square;
                Ok(())
            })
            .unwrap();
            assert!(items.iter().all(|&item| squares[item as usize] == item * item));
        }
    }

    #[test]
    fn a_failure_ends_the_work() {
        let items: Vec<u32> = (0..1000).collect();
        let work = |&item: &u32| if item < 3 { Ok(()) } else { Err(item) };
        let mut done = 0;
        let result = each(&items, threads(1), work, |_, ()| {
            done += 1;
            Ok(())
        });
        assert_eq!((result, done), (Err(3), 3));
    }
}
