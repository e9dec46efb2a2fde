//! A client's unanswered requests.

use crate::actors::answers::Answer;
use std::collections::VecDeque;
use std::ops::Index;

/// What the exits would answer to the requests outstanding, in order of arrival.
///
/// Requests are numbered as they arrive and mostly end in that order, so that a queue finds them
/// fast; it keeps its memory, where a tree would allocate for each lone request.
#[derive(Debug, Clone, Default)]
pub struct Outstanding(VecDeque<(u32, Answer)>);

impl Outstanding {
    /// A request has arrived.
    ///
    /// # Panics
    /// If it is not numbered after all before it.
    pub fn insert(&mut self, request: u32, answer: Answer) {
        let last = self.0.back().map(|&(last, _)| last);
        assert!(last < Some(request), "requests are numbered in order of arrival");
        self.0.push_back((request, answer));
    }

    /// The answer to a request, while it is outstanding.
    pub fn get(&self, request: &u32) -> Option<&Answer> {
        Some(&self.0[self.place(*request)?].1)
    }

    /// A request has ended.
    pub fn remove(&mut self, request: &u32) -> Option<Answer> {
        let place = self.place(*request)?;
        self.0.remove(place).map(|(_, answer)| answer)
    }

    fn place(&self, request: u32) -> Option<usize> {
        self.0.binary_search_by_key(&request, |&(number, _)| number).ok()
    }
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
    type IntoIter = std::collections::vec_deque::IntoIter<(u32, Answer)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(sample: u32) -> Answer {
        Answer {
            sample: Some(sample),
            ood: None,
            entropy: None,
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
