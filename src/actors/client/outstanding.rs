//! A client's unanswered requests.

use crate::actors::answers::Answer;
use std::collections::VecDeque;
use std::iter::{Chain, Flatten};
use std::ops::Index;
use std::option::IntoIter as OptionIter;

/// What the exits would answer to the requests outstanding, in order of arrival.
///
/// Requests are numbered as they arrive and mostly end in that order. The oldest one lies here,
/// and only a device that is asked again before it has answered keeps a queue.
#[derive(Debug, Clone, Default)]
pub struct Outstanding {
    oldest: Option<(u32, Answer)>,
    /// Empty, and perhaps never there, without an oldest.
    #[expect(clippy::box_collection, reason = "most devices keep a null pointer, not a queue")]
    others: Option<Box<VecDeque<(u32, Answer)>>>,
}

impl Outstanding {
    /// A request has arrived.
    ///
    /// # Panics
    /// If it is not numbered after all before it.
    pub fn insert(&mut self, request: u32, answer: Answer) {
        let others = self.others.as_ref().and_then(|others| others.back());
        let last = others.or(self.oldest.as_ref()).map(|&(last, _)| last);
        assert!(last < Some(request), "requests are numbered in order of arrival");
        if self.oldest.is_none() {
            self.oldest = Some((request, answer));
        } else {
            self.others.get_or_insert_default().push_back((request, answer));
        }
    }

    /// Whether no request is outstanding.
    pub fn is_empty(&self) -> bool {
        self.oldest.is_none()
    }

    /// The answer to a request, while it is outstanding.
    pub fn get(&self, request: &u32) -> Option<&Answer> {
        match &self.oldest {
            Some((oldest, answer)) if oldest == request => Some(answer),
            _ => {
                let others = self.others.as_ref()?;
                Some(&others[place(others, *request)?].1)
            }
        }
    }

    /// A request has ended.
    pub fn remove(&mut self, request: &u32) -> Option<Answer> {
        let others = self.others.as_deref_mut();
        if self.oldest.as_ref().is_some_and(|(oldest, _)| oldest == request) {
            let next = others.and_then(VecDeque::pop_front);
            return std::mem::replace(&mut self.oldest, next).map(|(_, answer)| answer);
        }
        let others = others?;
        others.remove(place(others, *request)?).map(|(_, answer)| answer)
    }
}

fn place(others: &VecDeque<(u32, Answer)>, request: u32) -> Option<usize> {
    others.binary_search_by_key(&request, |&(number, _)| number).ok()
}

impl Index<&u32> for Outstanding {
    type Output = Answer;

    /// # Panics
    /// If the request is not outstanding.
    fn index(&self, request: &u32) -> &Answer {
        self.get(request).expect("the request is outstanding")
    }
}

impl IntoIterator for Outstanding {
    type Item = (u32, Answer);
    type IntoIter = Chain<OptionIter<Self::Item>, Flatten<OptionIter<VecDeque<Self::Item>>>>;

    fn into_iter(self) -> Self::IntoIter {
        self.oldest.into_iter().chain(self.others.map(|others| *others).into_iter().flatten())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(sample: u32) -> Answer {
        Answer {
            sample: Some(sample),
            ood: None,
            confidence: None,
            client_correct: true,
            server_correct: true,
        }
    }

    #[test]
    fn requests_are_found_until_they_end_in_any_order() {
        let mut outstanding = Outstanding::default();
        [3, 7, 8].into_iter().for_each(|request| outstanding.insert(request, answer(request)));
        assert_eq!(outstanding.remove(&7), Some(answer(7)));
        assert_eq!(outstanding.remove(&7), None, "it has ended");
        assert_eq!(outstanding[&8], answer(8));
        assert_eq!(outstanding.get(&4), None);
        let left: Vec<u32> = outstanding.into_iter().map(|(request, _)| request).collect();
        assert_eq!(left, [3, 8], "in order of arrival");
    }
}
