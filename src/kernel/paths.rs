//! The actors' path names.

use super::event::ActorId;

/// The path names of all actors in one piece of memory: those of a large fleet would take as much
/// again each for itself.
#[derive(Debug, Clone, Default)]
pub struct Paths {
    text: String,
    /// Where each name ends in the text; the next one begins there.
    ends: Vec<u32>,
}

impl Paths {
    /// Makes room for so many more names.
    pub(super) fn reserve(&mut self, actors: usize) {
        self.ends.reserve_exact(actors);
    }

    /// Names the next actor and gives its number.
    ///
    /// # Panics
    /// If all names together have 4 GiB or more.
    pub(super) fn add(&mut self, path: &str) -> ActorId {
        let id = ActorId::from_index(self.ends.len());
        self.text.push_str(path);
        self.ends.push(u32::try_from(self.text.len()).expect("names of less than 4 GiB"));
        id
    }

    /// The name of `actor`.
    ///
    /// # Panics
    /// If there is no such actor.
    pub fn of(&self, actor: ActorId) -> &str {
        let index = actor.index();
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start as usize..self.ends[index] as usize]
    }

    /// All names, by the actors' numbers.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|index| self.of(ActorId::from_index(index)))
    }

    /// How many actors there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_actor_keeps_its_name() {
        let names = ["server", "", "pi/0", "pi/0/up", "größe"];
        let mut paths = Paths::default();
        let actors = names.map(|name| paths.add(name));
        assert_eq!(actors.map(|actor| actor.index()), [0, 1, 2, 3, 4]);
        assert_eq!(actors.map(|actor| paths.of(actor)), names);
    }
}
