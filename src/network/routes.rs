//! Routes as the actors see them: which actor handles each hop.

use crate::kernel::ActorId;

/// Names one route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RouteId(u32);

/// All routes of a simulation, stored flat: a fleet of 100,000 devices has 200,000 of them.
#[derive(Debug, Clone, Default)]
pub struct Routes {
    hops: Vec<ActorId>,
    starts: Vec<u32>,
}

impl Routes {
    /// Adds the route over `links`, in order, to the actor `destination`.
    ///
    /// # Panics
    /// If all routes together have 2³² hops or more.
    pub fn add(
        &mut self,
        links: impl IntoIterator<Item = ActorId>,
        destination: ActorId,
    ) -> RouteId {
        let count = |n: usize| u32::try_from(n).expect("fewer than 2³² hops");
        let id = RouteId(count(self.starts.len()));
        self.starts.push(count(self.hops.len()));
        self.hops.extend(links);
        self.hops.push(destination);
        id
    }

    /// The actor that handles hop `hop` of `route`: its links in order, then its destination.
    pub fn hop(&self, route: RouteId, hop: u16) -> ActorId {
        self.hops[self.starts[route.0 as usize] as usize + usize::from(hop)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_ends_at_its_destination() {
        let actor = ActorId::from_index;
        let mut routes = Routes::default();
        let there = routes.add([actor(3), actor(4)], actor(9));
        let back = routes.add([actor(5)], actor(1));
        assert_eq!([0, 1, 2].map(|hop| routes.hop(there, hop)), [actor(3), actor(4), actor(9)]);
        assert_eq!([0, 1].map(|hop| routes.hop(back, hop)), [actor(5), actor(1)]);
    }
}
