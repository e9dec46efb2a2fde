//! Where to cut: the closed-form times of one request with nobody else in the system, and the bounds
//! on the client's share of the model below which SplitGP is the faster (D.-J. Han, D.-Y. Kim,
//! M. Choi, C. G. Brinton and J. Moon, "SplitGP: Achieving both generalization and personalization in
//! federated learning", INFOCOM 2023).
//!
//! The paper leaves the answer and the delays out; here every visit to the server takes a fixed
//! time besides, which is 0 for the paper's own formulas.

/// What a request costs wherever it is computed: all that the cut decides.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SplitCosts {
    /// C_φ in FLOPs, or in what a cost proxy counts.
    pub phi: f64,
    /// C_κ.
    pub kappa: f64,
    /// C_θ.
    pub theta: f64,
    /// d, bytes of raw input.
    pub input: f64,
    /// q, bytes of smashed data.
    pub smashed: f64,
}

/// What a request is computed and sent by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rates {
    /// P_C, operations a second of the device.
    pub client: f64,
    /// P_S, operations a second of the server.
    pub server: f64,
    /// R_u, bytes a second of the uplink; over several hops that are passed one after the other,
    /// 1 / Σ 1/R.
    pub uplink: f64,
    /// Seconds that a visit to the server takes besides sending and computing: delays both ways and
    /// the answer. The paper's formulas have 0.
    pub visit: f64,
}

/// Who is the fastest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fastest {
    /// The full model on the device.
    ClientOnly,
    /// The full model on the server.
    ServerOnly,
    /// Both exits.
    SplitGp,
}

impl Fastest {
    /// All, in the order of [`Split::times`].
    pub const ALL: [Self; 3] = [Self::ClientOnly, Self::ServerOnly, Self::SplitGp];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ClientOnly => "client-only",
            Self::ServerOnly => "server-only",
            Self::SplitGp => "SplitGP",
        }
    }

    /// The first of the least of these times, given in the order of [`Self::ALL`]; nobody if all
    /// are infinite.
    pub fn of(times: [f64; 3]) -> Option<Self> {
        let least = times.iter().copied().fold(f64::INFINITY, f64::min);
        let place = times.iter().position(|time| time.is_finite() && *time == least);
        place.map(|place| Self::ALL[place])
    }
}

/// A model, cut, on given hardware.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Split {
    /// What the cut decides.
    pub costs: SplitCosts,
    /// What it runs on.
    pub rates: Rates,
}

impl Split {
    /// W = C_φ + C_θ.
    fn whole(&self) -> f64 {
        self.costs.phi + self.costs.theta
    }

    /// α = C_φ / W, the client's share of the model.
    pub fn alpha(&self) -> f64 {
        self.costs.phi / self.whole()
    }

    /// T_C = W / P_C, in seconds.
    pub fn client_only(&self) -> f64 {
        self.whole() / self.rates.client
    }

    /// T_S = d/R_u + visit + W/P_S, in seconds.
    pub fn server_only(&self) -> f64 {
        let Rates { server, uplink, visit, .. } = self.rates;
        self.costs.input / uplink + visit + self.whole() / server
    }

    /// T = (C_φ + C_κ)/P_C + β · (q/R_u + visit + C_θ/P_S), in seconds: a mean of the two exits'.
    pub fn splitgp(&self, beta: f64) -> f64 {
        self.at_client_exit() + beta * self.offload()
    }

    /// The times of client-only, server-only and SplitGP.
    pub fn times(&self, beta: f64) -> [f64; 3] {
        [self.client_only(), self.server_only(), self.splitgp(beta)]
    }

    fn at_client_exit(&self) -> f64 {
        (self.costs.phi + self.costs.kappa) / self.rates.client
    }

    /// What asking the server exit takes besides.
    fn offload(&self) -> f64 {
        let Rates { server, uplink, visit, .. } = self.rates;
        self.costs.smashed / uplink + visit + self.costs.theta / server
    }

    /// W · (1/P_C − β/P_S), by which T grows from α = 0 to 1 at constant q and C_κ; `None` unless
    /// P_S > β·P_C: then a larger share on the device never slows SplitGP down, and there is no
    /// upper bound of it.
    fn slope(&self, beta: f64) -> Option<f64> {
        let Rates { client, server, .. } = self.rates;
        (server > beta * client).then(|| self.whole() * (1.0 / client - beta / server))
    }

    /// SplitGP is faster than client-only iff α is below
    /// 1 − (C_κ/P_C + β·(q/R_u + visit)) / (W·(1/P_C − β/P_S)).
    pub fn bound_by_client_only(&self, beta: f64) -> Option<f64> {
        let Rates { client, uplink, visit, .. } = self.rates;
        let spent = self.costs.kappa / client + beta * (self.costs.smashed / uplink + visit);
        self.slope(beta).map(|slope| 1.0 - spent / slope)
    }

    /// SplitGP is faster than server-only iff α is below
    /// ((d − β·q)/R_u + (1 − β)·(visit + W/P_S) − C_κ/P_C) / (W·(1/P_C − β/P_S)).
    pub fn bound_by_server_only(&self, beta: f64) -> Option<f64> {
        let Rates { client, server, uplink, visit } = self.rates;
        let SplitCosts { kappa, input, smashed, .. } = self.costs;
        let spared = (input - beta * smashed) / uplink
            + (1.0 - beta) * (visit + self.whole() / server)
            - kappa / client;
        self.slope(beta).map(|slope| spared / slope)
    }

    /// d/q: with more offloaded, SplitGP sends more bytes than server-only.
    pub fn break_even_bytes(&self) -> f64 {
        self.costs.input / self.costs.smashed
    }

    /// The offloaded fraction above which client-only is faster than SplitGP: where
    /// (C_φ + C_κ)/P_C + β·offload = T_C. Below 0 it always is, above 1 never.
    pub fn beta_against_client_only(&self) -> f64 {
        (self.client_only() - self.at_client_exit()) / self.offload()
    }

    /// The offloaded fraction above which server-only is faster than SplitGP.
    pub fn beta_against_server_only(&self) -> f64 {
        (self.server_only() - self.at_client_exit()) / self.offload()
    }

    /// The uplink rate in bytes/s below which client-only is faster than SplitGP: from T = T_C,
    /// R = β·q / (T_C − (C_φ + C_κ)/P_C − β·(visit + C_θ/P_S)). `None` if one of them is faster at
    /// every rate.
    pub fn rate_against_client_only(&self, beta: f64) -> Option<f64> {
        let Rates { server, visit, .. } = self.rates;
        let computing = self.at_client_exit() + beta * (visit + self.costs.theta / server);
        positive(beta * self.costs.smashed / (self.client_only() - computing))
    }

    /// The uplink rate in bytes/s at which SplitGP and server-only take equally long: from T = T_S,
    /// R = (d − β·q) / ((C_φ + C_κ)/P_C + β·(visit + C_θ/P_S) − visit − W/P_S). With β < d/q
    /// server-only is the faster above it, else below. `None` if one of them is at every rate.
    pub fn rate_against_server_only(&self, beta: f64) -> Option<f64> {
        let Rates { server, visit, .. } = self.rates;
        let own = self.at_client_exit() + beta * (visit + self.costs.theta / server);
        let theirs = visit + self.whole() / server;
        positive((self.costs.input - beta * self.costs.smashed) / (own - theirs))
    }
}

fn positive(rate: f64) -> Option<f64> {
    (rate > 0.0 && rate.is_finite()).then_some(rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_the_fastest_where_nobody_answers() {
        assert_eq!(Fastest::of([f64::INFINITY; 3]), None);
        assert_eq!(Fastest::of([2.0, f64::INFINITY, 1.0]), Some(Fastest::SplitGp));
    }

    /// The paper's CNN, cut at conv4, on a Raspberry Pi 4 (16 GFLOP/s) behind wifi-classic
    /// (18.88 Mbit/s) with a server of 1.7 TFLOP/s; `visit` seconds a visit.
    fn paper(visit: f64) -> Split {
        Split {
            costs: SplitCosts {
                phi: 2.0 * 21_901_824.0,
                kappa: 2.0 * 23_040.0,
                theta: 2.0 * 31_790_080.0,
                input: 784.0,
                smashed: 50_176.0,
            },
            rates: Rates { client: 16e9, server: 1.7e12, uplink: 18.88e6 / 8.0, visit },
        }
    }

    #[test]
    fn the_papers_cnn_takes_these_times_without_and_with_delays() {
        let split = paper(0.0);
        // 8·784/18.88 = 332.20 µs, and 107,383,808/1.7e12 = 63.17 µs: 0.40 ms
        assert!((split.server_only() - 0.395_371e-3).abs() < 1e-9, "{}", split.server_only());
        assert!((split.splitgp(0.0) - 2.740_608e-3).abs() < 1e-12, "43,849,728/16 ns");
        // 5 ms of delay each way
        assert!((paper(10e-3).server_only() - 10.395_371e-3).abs() < 1e-9);
        assert!((split.break_even_bytes() - 0.015_625).abs() < 1e-12, "784/50,176 = 1/64");
    }

    #[test]
    fn without_delays_the_classic_wifi_is_faster_with_server_only_at_every_beta() {
        assert!(paper(0.0).beta_against_server_only() < 0.0);
        // with 10 ms a visit: (10.395371 − 2.740608) / (21.261017 + 10 + 0.0374) = 0.24457
        assert!((paper(10e-3).beta_against_server_only() - 0.244_57).abs() < 1e-5);
    }

    /// Synthetic costs whose q and C_κ do not depend on the cut.
    fn constant(alpha: f64, visit: f64) -> Split {
        let whole = 1e9;
        Split {
            costs: SplitCosts {
                phi: alpha * whole,
                kappa: 1e6,
                theta: (1.0 - alpha) * whole,
                input: 60_000.0,
                smashed: 10_000.0,
            },
            rates: Rates { client: 1e10, server: 1e12, uplink: 1e6, visit },
        }
    }

    #[test]
    fn at_constant_costs_the_times_cross_exactly_at_the_bounds() {
        for visit in [0.0, 0.004] {
            for beta in [0.0, 0.1, 0.4, 0.9] {
                let any = constant(0.5, visit);
                let bounds = [
                    (any.bound_by_client_only(beta), Split::client_only as fn(&Split) -> f64),
                    (any.bound_by_server_only(beta), Split::server_only),
                ];
                for (bound, other) in bounds {
                    let bound = bound.expect("P_S > β·P_C");
                    let at = |alpha| {
                        let split = constant(alpha, visit);
                        split.splitgp(beta) - other(&split)
                    };
                    assert!(at(bound).abs() < 1e-12, "β = {beta}, α = {bound}: {}", at(bound));
                    assert!(at(bound - 1e-6) < 0.0 && at(bound + 1e-6) > 0.0, "β = {beta}");
                }
            }
        }
    }

    #[test]
    fn at_each_break_even_point_both_take_equally_long() {
        let split = constant(0.3, 0.004);
        let equal = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
        equal(split.splitgp(split.beta_against_client_only()), split.client_only());
        equal(split.splitgp(split.beta_against_server_only()), split.server_only());
        let at_rate = |uplink| Split { rates: Rates { uplink, ..split.rates }, ..split };
        let slow = at_rate(split.rate_against_client_only(0.2).unwrap());
        equal(slow.splitgp(0.2), slow.client_only());
        let fast = at_rate(split.rate_against_server_only(0.2).unwrap());
        equal(fast.splitgp(0.2), fast.server_only());
        assert_eq!(split.rate_against_client_only(0.0), None, "nothing is sent");
    }

    #[test]
    fn a_server_slower_than_beta_times_the_device_has_no_bound() {
        let mut split = constant(0.5, 0.0);
        split.rates.server = 0.5 * split.rates.client;
        assert_eq!(split.bound_by_client_only(0.5), None);
        assert!(split.bound_by_client_only(0.4).is_some());
    }

    #[test]
    fn each_bounds_verdict_is_the_direct_comparison_whatever_the_rates() {
        for exponent in 0..40 {
            let mut split = paper(if exponent % 2 == 0 { 0.0 } else { 10e-3 });
            split.rates.uplink = 1e4 * 1.4_f64.powi(exponent);
            for beta in [0.0, 0.01, 0.1, 0.5, 1.0] {
                let [client_only, server_only, splitgp] = split.times(beta);
                let alpha = split.alpha();
                let verdicts = [
                    (split.bound_by_client_only(beta), client_only),
                    (split.bound_by_server_only(beta), server_only),
                ];
                for (bound, other) in verdicts {
                    assert_eq!(alpha < bound.unwrap(), splitgp < other, "{exponent}, β = {beta}");
                }
            }
        }
    }
}
