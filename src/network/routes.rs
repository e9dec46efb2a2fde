//! Routes as the actors see them: which actor handles each hop.

use crate::kernel::ActorId;

/// Names one route: the place of its first hop.
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

/// One hop of a route: an actor, the way through it and whether it is the last, in 32 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hop(u32);

impl Hop {
    /// Set for [`Direction::Down`]; a simulation has fewer than 2³⁰ actors.
    const DOWN: u32 = 1 << 31;

    /// Set for a route's destination.
    const LAST: u32 = 1 << 30;

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
        ActorId::from_index((self.0 & !(Self::DOWN | Self::LAST)) as usize)
    }

    fn direction(self) -> Direction {
        if self.0 & Self::DOWN == 0 { Direction::Up } else { Direction::Down }
    }
}

/// All routes of a simulation, stored flat: a fleet of 100,000 devices has 200,000 of them.
#[derive(Debug, Clone, Default)]
pub struct Routes {
    hops: Vec<Hop>,
}

impl Routes {
    /// Adds the route over `links`, in order, to the actor `destination`.
    ///
    /// # Panics
    /// If all routes together have 2³² hops or more.
    pub fn add(&mut self, links: impl IntoIterator<Item = Hop>, destination: ActorId) -> RouteId {
        let id = RouteId(u32::try_from(self.hops.len()).expect("fewer than 2³² hops"));
        self.hops.extend(links);
        self.hops.push(Hop(Hop::new(destination, Direction::Up).0 | Hop::LAST));
        id
    }

    /// The actor that handles hop `hop` of `route`: its links in order, then its destination.
    pub fn hop(&self, route: RouteId, hop: u16) -> ActorId {
        self.at(route, hop).actor()
    }

    /// Which way `route` passes the link of its hop `hop`.
    pub fn direction(&self, route: RouteId, hop: u16) -> Direction {
        self.at(route, hop).direction()
    }

    /// Whether hop `hop` of `route` is its destination.
    pub fn ends_at(&self, route: RouteId, hop: u16) -> bool {
        self.at(route, hop).0 & Hop::LAST != 0
    }

    fn at(&self, route: RouteId, hop: u16) -> Hop {
        self.hops[route.0 as usize + usize::from(hop)]
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
