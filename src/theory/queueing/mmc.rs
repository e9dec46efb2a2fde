//! M/M/c: Poisson arrivals, exponential service, one FIFO queue before equal servers.

use super::ArrivalRate;
use super::overloaded::{Overloaded, steady};
use crate::time::SimDuration;
use std::num::NonZeroU32;

/// An M/M/c queue in its steady state.
///
/// D. Gross, J. F. Shortle, J. M. Thompson, C. M. Harris, "Fundamentals of Queueing Theory", 4th
/// edition, 2008, section 2.3.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mmc {
    offered: f64,
    servers: NonZeroU32,
    service: f64,
}

impl Mmc {
    /// The queue with `arrivals`, a `service` of that mean and so many `servers`.
    ///
    /// # Errors
    /// If the load is 1 or more.
    pub fn new(
        arrivals: ArrivalRate,
        service: SimDuration,
        servers: NonZeroU32,
    ) -> Result<Self, Overloaded> {
        let offered = arrivals.offered_work(service);
        steady(offered / f64::from(servers.get()))?;
        Ok(Self { offered, servers, service: service.as_secs_f64() })
    }

    /// ρ = λ·s / c.
    pub fn load(&self) -> f64 {
        self.offered / f64::from(self.servers.get())
    }

    /// Erlang C, the probability that an arrival has to wait, from Erlang B by
    /// C = B / (1 − ρ·(1 − B)).
    pub fn wait_probability(&self) -> f64 {
        let blocking = self.erlang_b();
        blocking / (1.0 - self.load() * (1.0 - blocking))
    }

    /// E\[W\] = C·s / (c − λ·s), in seconds.
    pub fn mean_wait(&self) -> f64 {
        self.wait_probability() * self.service / (f64::from(self.servers.get()) - self.offered)
    }

    /// E\[T\] = E\[W\] + s, in seconds.
    pub fn mean_sojourn(&self) -> f64 {
        self.mean_wait() + self.service
    }

    /// Erlang B by its recurrence B(n) = a·B(n−1) / (n + a·B(n−1)), B(0) = 1, which overflows
    /// nowhere, as aⁿ/n! does.
    fn erlang_b(&self) -> f64 {
        (1..=self.servers.get()).fold(1.0, |blocking, servers| {
            let flow = self.offered * blocking;
            flow / (f64::from(servers) + flow)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: SimDuration = SimDuration::from_nanos(1_000_000_000);

    fn queue(offered: f64, servers: u32) -> Mmc {
        let arrivals = ArrivalRate::per_second(offered).unwrap();
        Mmc::new(arrivals, SECOND, NonZeroU32::new(servers).unwrap()).unwrap()
    }

    #[test]
    fn one_server_is_mm1() {
        // ρ = 0.75, s = 1: C = ρ, W = 0.75/0.25 = 3 s
        let one = queue(0.75, 1);
        assert!((one.wait_probability() - 0.75).abs() < 1e-12);
        assert!((one.mean_wait() - 3.0).abs() < 1e-12);
    }

    #[test]
    fn two_servers_at_three_quarters() {
        // a = 1.5, c = 2: C = (a²/2!)·(1/(1−ρ)) / (1 + a + (a²/2!)/(1−ρ))
        //   = 1.125·4 / (1 + 1.5 + 4.5) = 4.5/7 = 9/14; W = (9/14)/(2 − 1.5) = 9/7 s
        let two = queue(1.5, 2);
        assert!((two.wait_probability() - 9.0 / 14.0).abs() < 1e-12);
        assert!((two.mean_wait() - 9.0 / 7.0).abs() < 1e-12);
        assert!((two.mean_sojourn() - 16.0 / 7.0).abs() < 1e-12);
    }

    #[test]
    fn many_servers_neither_overflow_nor_lose_their_load() {
        // 1000!, and 900^1000, are far beyond f64.
        let many = queue(900.0, 1000);
        assert!((many.load() - 0.9).abs() < 1e-12);
        assert!((0.0..0.01).contains(&many.wait_probability()), "{}", many.wait_probability());
    }
}
