//! Rounds end, whatever fails and however few arrive.

use crate::common::run_on;
use proptest::prelude::*;
use splitgp_sim::experiment::RunResult;

const CLIENTS: u32 = 6;
const ROUNDS: u32 = 4;

/// Six clients on lossy links of which half fail and return.
fn scenario(seed: u64, up_ms: u32, down_ms: u32, loss: u32, training: &str) -> String {
    format!(
        "name: chaos
seed: {seed}
model: {{ preset: digits-cnn, cut: conv1 }}
data: {{ source: digits }}
fleet:
  - {{ name: steady, count: 3, device: raspberry-pi-5, access: ACCESS }}
  - name: frail
    count: 3
    device: raspberry-pi-zero-2w
    access: ACCESS
    availability: {{ up: {{ exponential: {up_ms} ms }}, down: {{ exponential: {down_ms} ms }} }}
server: {{ device: edge-gpu-rtx2080 }}
training: {{ rounds: {ROUNDS}, local_updates: 2, batch_size: 4, learning_rate: 0.02, gamma: 0.5, lambda: 0.2, retry_after: 20 ms, retries: 40{training} }}
evaluate: {{ every: {ROUNDS}, ood: [0], entropy: [1.2] }}
"
    )
    .replace("ACCESS", &format!("{{ up: 20 Mbit/s, down: 20 Mbit/s, delay: 2 ms, loss: {loss}%, retries: 1 }}"))
}

/// What holds for the rounds of every run.
fn check(result: &RunResult, participants: u32) -> Result<(), TestCaseError> {
    let training = result.training.as_ref().unwrap();
    prop_assert_eq!(training.rounds.len(), ROUNDS as usize, "every round is reported");
    let mut before = 0;
    for round in &training.rounds {
        let record = round.record;
        prop_assert!(record.arrived <= record.participants, "{:?}", record);
        prop_assert!(record.participants <= participants, "{:?}", record);
        prop_assert!(record.participants > 0, "a round waits for somebody: {:?}", record);
        prop_assert!(record.start.as_nanos() >= before, "rounds follow one another: {:?}", record);
        prop_assert!(record.aggregated >= record.start);
        prop_assert_eq!(round.client_loss.is_some(), record.arrived > 0);
        before = record.aggregated.as_nanos();
    }
    prop_assert!(training.time.as_nanos() > before, "everybody is given the final models");
    prop_assert_eq!(training.evaluations.len(), 1);
    Ok(())
}

/// All that a run is promised to repeat.
fn outcome(result: &RunResult) -> String {
    let training = result.training.as_ref().unwrap();
    format!("{:032x} {:?} {:?}", result.fingerprint, training.rounds, training.evaluations)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn every_round_ends_with_those_who_took_part_and_arrived(
        seed in 1_u64..1000,
        (up_ms, down_ms) in (50_u32..400, 10_u32..200),
        loss in 0_u32..30,
        drawn in 1..=CLIENTS,
        deadline_ms in prop::option::of(20_u32..400),
        shared: bool,
        threads in 2_usize..4,
    ) {
        let share = f64::from(drawn) / f64::from(CLIENTS);
        let deadline = deadline_ms.map(|time| format!(", deadline: {time} ms")).unwrap_or_default();
        let model = if shared { "shared" } else { "per-client" };
        let keys = format!(", participation: {share}{deadline}, server_model: {model}");
        let yaml = scenario(seed, up_ms, down_ms, loss, &keys);
        let result = run_on(&yaml, 1);
        check(&result, drawn)?;
        if let Some(time) = deadline_ms {
            for round in &result.training.as_ref().unwrap().rounds {
                let length = round.record.aggregated.since(round.record.start).as_nanos();
                // Aggregating six clients takes less than a millisecond on an idle server.
                prop_assert!(length <= u64::from(time) * 1_000_000 + 1_000_000, "{}", length);
            }
        }
        prop_assert_eq!(outcome(&run_on(&yaml, threads)), outcome(&result));
    }

    #[test]
    fn asynchronous_rounds_end_too(
        seed in 1_u64..1000,
        (up_ms, down_ms) in (50_u32..400, 10_u32..200),
        loss in 0_u32..30,
        threads in 2_usize..4,
    ) {
        let keys = ", aggregation: { asynchronous: { staleness: { polynomial: 0.5 } } }";
        let yaml = scenario(seed, up_ms, down_ms, loss, keys);
        let result = run_on(&yaml, 1);
        check(&result, CLIENTS)?;
        prop_assert_eq!(outcome(&run_on(&yaml, threads)), outcome(&result));
    }
}
