//! Routes as the actors see them: which actor handles each hop.

use crate::kernel::ActorId;

/// Names one route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RouteId(u32);

/// Which way a link is passed; a link of one direction is passed [`Direction::Up`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// As it was declared.
    Up,
    /// Backwards.
    Down,
}

/// One hop of a route: an actor and the way through it, in 32 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hop(u32);

impl Hop {
    /// Set for [`Direction::Down`]; a simulation has fewer than 2³⁰ actors.
    const DOWN: u32 = 1 << 31;

    /// The hop through `actor` in a `direction`.
    ///
    /// # Panics
    /// If `actor` is not below [`ActorId::LIMIT`].
    pub fn new(actor: ActorId, direction: Direction) -> Self {
        assert!(actor.index() < ActorId::LIMIT, "an actor's number has 30 bits");
        let number = u32::try_from(actor.index()).expect("an actor's number has 30 bits");
        Self(match direction {
            Direction::Up => number,
            Direction::Down => number | Self::DOWN,
        })
    }

    fn actor(self) -> ActorId {
        ActorId::from_index((self.0 & !Self::DOWN) as usize)
    }

    fn direction(self) -> Direction {
        if self.0 & Self::DOWN == 0 { Direction::Up } else { Direction::Down }
    }
}

/// All routes of a simulation, stored flat: a fleet of 100,000 devices has 200,000 of them.
#[derive(Debug, Clone, Default)]
pub struct Routes {
    hops: Vec<Hop>,
    starts: Vec<u32>,
}

impl Routes {
    /// Adds the route over `links`, in order, to the actor `destination`.
    ///
    /// # Panics
    /// If all routes together have 2³² hops or more.
    pub fn add(&mut self, links: impl IntoIterator<Item = Hop>, destination: ActorId) -> RouteId {
        let count = |n: usize| u32::try_from(n).expect("fewer than 2³² hops");
        let id = RouteId(count(self.starts.len()));
        self.starts.push(count(self.hops.len()));
        self.hops.extend(links);
        self.hops.push(Hop::new(destination, Direction::Up));
        id
    }

    /// The actor that handles hop `hop` of `route`: its links in order, then its destination.
    pub fn hop(&self, route: RouteId, hop: u16) -> ActorId {
        self.hops[self.place(route, hop)].actor()
    }

    /// Which way `route` passes the link of its hop `hop`.
    pub fn direction(&self, route: RouteId, hop: u16) -> Direction {
        self.hops[self.place(route, hop)].direction()
    }

    /// Whether hop `hop` of `route` is its destination.
    pub fn ends_at(&self, route: RouteId, hop: u16) -> bool {
        let next_route = self.starts.get(route.0 as usize + 1);
        let end = next_route.map_or(self.hops.len(), |&start| start as usize);
        self.place(route, hop) + 1 == end
    }

    fn place(&self, route: RouteId, hop: u16) -> usize {
        self.starts[route.0 as usize] as usize + usize::from(hop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_ends_at_its_destination() {
        let actor = ActorId::from_index;
        let up = |index| Hop::new(actor(index), Direction::Up);
        let mut routes = Routes::default();
        let there = routes.add([up(3), Hop::new(actor(4), Direction::Down)], actor(9));
        let back = routes.add([up(5)], actor(1));
        assert_eq!([0, 1, 2].map(|hop| routes.hop(there, hop)), [actor(3), actor(4), actor(9)]);
        assert_eq!([0, 1].map(|hop| routes.hop(back, hop)), [actor(5), actor(1)]);
        assert_eq!(
            [0, 1].map(|hop| routes.direction(there, hop)),
            [Direction::Up, Direction::Down]
        );
        assert_eq!([0, 1, 2].map(|hop| routes.ends_at(there, hop)), [false, false, true]);
        assert_eq!([0, 1].map(|hop| routes.ends_at(back, hop)), [false, true]);
    }
}
