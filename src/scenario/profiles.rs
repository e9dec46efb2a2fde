//! Built-in devices and access networks, each with where its figures come from.
//!
//! Rates are *effective* fp32 rates for convolutional inference unless `basis` says otherwise;
//! vendors' peaks in fp16 or int8 differ from them by up to a hundredfold. `basis` is *measured*
//! (a published benchmark, converted with the model's FLOPs), *derived* (scaled from a measured
//! sibling by a published ratio), *estimate*, *literature* or *nominal*.

use super::model::{AccessSpec, Discipline, Duplex, LinkSpec};
use crate::cost::DeviceProfile;
use crate::quantity::{BitRate, Bytes, FlopRate};
use crate::time::SimDuration;
use std::num::NonZeroU64;

/// Retransmissions after which a link drops a message, unless the scenario says otherwise.
pub(super) const DEFAULT_RETRIES: u32 = 7;

/// A built-in device.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedDevice {
    /// Its name in scenarios.
    pub name: &'static str,
    /// The hardware it stands for, where the name does not tell.
    pub hardware: &'static str,
    /// Its compute model. The overhead of a service is 0 unless a scenario sets it.
    pub profile: DeviceProfile,
    /// What kind of figure the rate is.
    pub basis: &'static str,
    /// Where it was published.
    pub source: &'static str,
}

/// A built-in access network.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedLink {
    /// Its name in scenarios.
    pub name: &'static str,
    /// Its link pair: the same delay and loss both ways, no jitter.
    pub access: AccessSpec,
    /// What kind of figures these are.
    pub basis: &'static str,
    /// Where they were published.
    pub source: &'static str,
}

/// All built-in devices, from the slowest boards to the edge server.
pub fn device_profiles() -> &'static [NamedDevice] {
    &DEVICES
}

/// All built-in access networks.
pub fn link_profiles() -> &'static [NamedLink] {
    &LINKS
}

const NCNN: &str = "ncnn benchmark README, batch 1";
const THROTTLE: &str = "sitespeedio/throttle profiles";
const SUEZEN: &str = "Süzen et al.: ratio to the Raspberry Pi 4";

#[rustfmt::skip]
static DEVICES: [NamedDevice; 13] = [
    device("raspberry-pi-zero-2w", "", 400, 500, "measured (fp64 HPL: a floor)", "geerlingguy/top500-benchmark"),
    device("imx7-dual-a7", "", 5_500, 1_000, "measured", NCNN),
    device("raspberry-pi-3b-plus", "", 9_000, 1_000, "measured", NCNN),
    device("raspberry-pi-4b", "", 16_000, 4_000, "measured", "ncnn (15–17 GFLOP/s); HPL 11.9 GFLOP/s"),
    device("raspberry-pi-5", "", 43_000, 8_000, "estimate", "HPL 30.2 GFLOP/s × the Pi 4's ncnn/HPL ratio"),
    device("phone-low", "Snapdragon 410", 19_000, 2_000, "measured", NCNN),
    device("phone-mid", "Snapdragon 675/820, Kirin 970", 43_000, 4_000, "measured", "ncnn (38–49 GFLOP/s)"),
    device("phone-high", "Snapdragon 855+", 150_000, 8_000, "estimate", "half of ncnn's ~300 GFLOP/s, taken to be fp16"),
    device("jetson-nano", "", 100_000, 4_000, "derived (6.4 × Pi 4)", SUEZEN),
    device("jetson-tx2", "", 185_000, 8_000, "derived (11.6 × Pi 4)", SUEZEN),
    device("jetson-agx-xavier-cpu", "", 113_000, 16_000, "measured", "ncnn (109–118 GFLOP/s)"),
    device("jetson-agx-xavier-gpu", "", 600_000, 16_000, "measured (fp16)", "ncnn"),
    device("edge-gpu-rtx2080", "", 1_700_000, 8_000, "measured (fp16)", "ncnn (1600–1800 GFLOP/s)"),
];

#[rustfmt::skip]
static LINKS: [NamedLink; 9] = [
    link("3g", [770, 1_600], 150_000, 0.0, "measured", THROTTLE),
    link("4g", [9_000, 9_000], 85_000, 0.003, "measured", "sitespeedio/throttle profiles; loss: Codavel, 0.2–0.5 %"),
    link("lte", [12_000, 12_000], 35_000, 0.003, "measured", THROTTLE),
    link("5g-median", [21_000, 166_000], 15_000, 0.0, "rates measured, delay estimate", "Ookla, third quarter of 2021"),
    link("cable", [1_000, 5_000], 14_000, 0.0, "measured", THROTTLE),
    link("fixed-median", [38_000, 84_000], 8_000, 0.0, "rates measured, delay estimate", "Ookla, third quarter of 2023"),
    link("wifi-classic", [18_880, 18_880], 5_000, 0.0015, "rates literature, delay estimate", "Neurosurgeon-line literature; loss: Codavel"),
    link("wifi-home", [26_900, 35_400], 5_000, 0.0015, "rates measured (median of 19 users; coefficient of variation 0.4), delay estimate", "FLASH speed_distri; loss: Codavel"),
    link("lan-1g", [1_000_000, 1_000_000], 200, 0.0, "nominal", "–"),
];

/// A device of `mflops` MFLOP/s and `megabytes` MB of memory.
const fn device(
    name: &'static str,
    hardware: &'static str,
    mflops: u64,
    megabytes: u64,
    basis: &'static str,
    source: &'static str,
) -> NamedDevice {
    let rate = FlopRate(positive(mflops * 1_000_000));
    let profile = DeviceProfile::new(rate, Bytes(megabytes * 1_000_000));
    NamedDevice { name, hardware, profile, basis, source }
}

/// An access network of `kbits` kbit/s up and down and `delay_us` µs one way.
const fn link(
    name: &'static str,
    kbits: [u64; 2],
    delay_us: u64,
    loss: f64,
    basis: &'static str,
    source: &'static str,
) -> NamedLink {
    let [up, down] = kbits;
    let access = AccessSpec {
        up: direction(up, delay_us, loss),
        down: direction(down, delay_us, loss),
        duplex: Duplex::Full,
    };
    NamedLink { name, access, basis, source }
}

const fn direction(kbits: u64, delay_us: u64, loss: f64) -> LinkSpec {
    LinkSpec {
        rate: BitRate(positive(kbits * 1_000)),
        delay: SimDuration::from_nanos(delay_us * 1_000),
        jitter: None,
        loss,
        retries: DEFAULT_RETRIES,
        schedule: None,
        discipline: Discipline::Fifo,
        buffer: None,
        mtu: None,
        outages: None,
        background: None,
    }
}

const fn positive(value: u64) -> NonZeroU64 {
    NonZeroU64::new(value).expect("a profile's rate is positive")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_has_a_name_of_its_own_a_basis_and_a_source() {
        let devices = device_profiles().iter().map(|d| (d.name, d.basis, d.source));
        let links = link_profiles().iter().map(|l| (l.name, l.basis, l.source));
        let mut names = Vec::new();
        for (name, basis, source) in devices.chain(links) {
            assert!(!names.contains(&name), "{name} is unique");
            assert!(!basis.is_empty() && !source.is_empty(), "{name} says where it comes from");
            names.push(name);
        }
    }

    #[test]
    fn the_papers_client_exit_takes_2_74_ms_on_the_built_in_pi_4() {
        use crate::cost::Work;
        let pi = device_profiles().iter().find(|d| d.name == "raspberry-pi-4b").unwrap();
        // 2·(21,901,824 + 23,040) FLOPs / 16·10⁹ FLOP/s = 2,740,608 ns
        let work = Work { flops: 2 * (21_901_824 + 23_040), bytes: 0 };
        assert_eq!(pi.profile.service_time(work).as_nanos(), 2_740_608);
    }

    #[test]
    fn smashed_data_of_the_papers_cut_takes_21_26_ms_on_wifi_classic() {
        let wifi = link_profiles().iter().find(|l| l.name == "wifi-classic").unwrap();
        // 50,176 B · 8 · 10⁹ / 18,880,000 bit/s → 21,261,017 ns
        let time = wifi.access.up.rate.serialisation_time(Bytes(50_176));
        assert_eq!(time.as_nanos(), 21_261_017);
    }
}
