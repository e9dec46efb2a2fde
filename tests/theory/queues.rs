//! Queues of the test-bed against their closed forms.

use crate::verification::coverage::{BAND, INTERVALS, hits};
use crate::verification::{CASES, Effort, Load, Verdict};

/// Loads of every run of the tests, in percent.
const QUICK: [u64; 2] = [30, 70];

fn verify(name: &str, effort: Effort) {
    let case = CASES.iter().find(|case| case.name == name).expect("the case is listed");
    let loads = if effort == Effort::Quick { &QUICK } else { case.loads };
    for &percent in loads {
        for comparison in (case.run)(Load::percent(percent), effort) {
            let verdict = comparison.verdict(effort);
            assert!(
                matches!(verdict, Verdict::Agrees | Verdict::AgreesWidely),
                "{name} {verdict}: {comparison}"
            );
        }
    }
}

/// For each case a quick test, and a thorough one that is run by
/// `cargo test --release --test theory -- --ignored`.
macro_rules! agree {
    ($($case:literal: $quick:ident, $thorough:ident;)*) => {$(
        #[test]
        fn $quick() {
            verify($case, Effort::Quick);
        }

        #[test]
        #[ignore = "thorough: minutes in release"]
        fn $thorough() {
            verify($case, Effort::Thorough);
        }
    )*};
}

#[test]
fn dd1_is_exact_at_any_load() {
    // At 130 % request n waits n · (1.3 − 1) ms: 999 · 0.3 + 1.3 = 301 ms.
    verify("D/D/1, scenario", Effort::Thorough);
}

#[test]
fn intervals_hold_the_mean_as_often_as_they_say() {
    let hits = hits();
    assert!(
        BAND.contains(&hits),
        "{hits} of {INTERVALS} intervals of 95 % hold the mean, but 950 ± 3.29·√(1,000·0.95·0.05) = \
         950 ± 22.7 should in 99.9 % of all times: {BAND:?}"
    );
}

agree! {
    "M/G/·, scenario": noisy_servers_follow_their_queues,
        noisy_servers_follow_their_queues_within_1_percent;
    "M/D/1, scenario": actors_wait_like_md1, actors_wait_like_md1_within_1_percent;
    "M/D/1 behind random offloading": what_is_offloaded_at_random_waits_like_md1,
        what_is_offloaded_at_random_waits_like_md1_within_1_percent;
    "M/M/1": mm1_sojourns_are_exponential, mm1_sojourns_are_exponential_within_1_percent;
    "M/M/3": mmc_waits_by_erlang_c, mmc_waits_by_erlang_c_within_1_percent;
    "M/M/1/3": mm1k_loses_its_share, mm1k_loses_its_share_within_1_percent;
    "M/G/1, deterministic": md1_waits_half_as_long_as_mm1,
        md1_waits_half_as_long_as_mm1_within_1_percent;
    "M/G/1, exponential": exponential_work_waits_by_pollaczek_khinchine,
        exponential_work_waits_by_pollaczek_khinchine_within_1_percent;
    "M/G/1, hyperexponential": hyperexponential_work_waits_by_pollaczek_khinchine,
        hyperexponential_work_waits_by_pollaczek_khinchine_within_1_percent;
    "M/G/1-PS, fair link": a_fair_link_is_insensitive,
        a_fair_link_is_insensitive_within_1_percent;
    "M/G/1-PS": sharing_is_insensitive, sharing_is_insensitive_within_1_percent;
    "Jackson network": jackson_nodes_are_mm1, jackson_nodes_are_mm1_within_1_percent;
    "machine-repairman": repairs_follow_mean_value_analysis,
        repairs_follow_mean_value_analysis_within_1_percent;
}
