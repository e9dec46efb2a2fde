//! What each training method demands of the keys beside it.

use crate::scenario::{Method, OffloadSpec, parse};

/// A scenario with this method, these weights and this inference policy.
fn text(method: &str, weights: &str, offload: &str) -> String {
    format!(
        "name: t
model: {{ preset: digits-cnn }}
data: {{ source: digits }}
fleet: [{{ name: a, count: 1, device: raspberry-pi-4b, access: lte }}]
server: {{ device: edge-gpu-rtx2080 }}
training:
  {{ method: {method}, rounds: 2, local_updates: 1, batch_size: 16, learning_rate: 0.05{weights} }}
inference: {{ arrivals: {{ poisson: 2 /s }}, duration: 60 s, ood: 0.4, offload: {offload} }}
"
    )
}

fn errors(method: &str, weights: &str, offload: &str) -> Vec<String> {
    let errors = match parse(&text(method, weights, offload), "t.yaml") {
        Ok(_) => return Vec::new(),
        Err(errors) => errors.to_string(),
    };
    let first_line = |error: &str| error.lines().next().unwrap_or_default().to_owned();
    errors.split("t.yaml:").skip(1).map(first_line).collect()
}

const GAMMA: &str = ", gamma: 0.5";
const LAMBDA: &str = ", lambda: 0.2";
const BOTH: &str = ", gamma: 0.5, lambda: 0.2";

#[test]
fn a_weight_is_required_where_it_means_something_and_refused_where_it_does_not() {
    for (method, weights, offload) in [
        ("splitgp", BOTH, "{ entropy: 1.2 }"),
        ("multi-exit", GAMMA, "client-exit"),
        ("splitfed", "", "server-exit"),
        ("fedavg", "", "client-only"),
        ("personalized-fl", LAMBDA, "server-only"),
        ("local", "", "client-only"),
    ] {
        assert_eq!(errors(method, weights, offload), [""; 0], "{method}");
        let method = Method::named(method).unwrap();
        for (key, weight, has) in
            [("gamma", GAMMA, method.has_gamma()), ("lambda", LAMBDA, method.has_lambda())]
        {
            let (other, word) = match has {
                true => (weights.replace(weight, ""), "is missing"),
                false => (format!("{weights}{weight}"), "leave this key out"),
            };
            let errors = errors(method.name(), &other, offload);
            assert_eq!(errors.len(), 1, "{errors:?}");
            assert!(errors[0].contains(key) && errors[0].ends_with(word), "{errors:?}");
        }
    }
    let error = &errors("fedavg", LAMBDA, "client-only")[0];
    assert!(
        error.ends_with(
            "training.lambda: lambda is what clients keep of their own models when these are \
             averaged, which `fedavg` does not have; leave this key out"
        ),
        "{error}"
    );
}

#[test]
fn a_policy_asks_only_for_what_the_method_has() {
    let allowed = |method: &str, weights: &str| -> Vec<&str> {
        [
            "client-exit",
            "server-exit",
            "{ entropy: 1 }",
            "{ random: 0.5 }",
            "client-only",
            "server-only",
        ]
        .into_iter()
        .filter(|offload| errors(method, weights, offload).is_empty())
        .collect()
    };
    assert_eq!(allowed("splitgp", BOTH).len(), 6);
    assert_eq!(allowed("multi-exit", GAMMA).len(), 6);
    assert_eq!(allowed("splitfed", ""), ["server-exit", "server-only"]);
    assert_eq!(allowed("fedavg", ""), ["client-only", "server-only"]);
    assert_eq!(allowed("personalized-fl", LAMBDA), ["client-only", "server-only"]);
    assert_eq!(allowed("local", ""), ["client-only"]);
    let error = &errors("fedavg", "", "{ entropy: 1 }")[0];
    assert!(
        error.ends_with(
            "inference.offload: `fedavg` has a full model and no exits; who can answer: \
             client-only, server-only"
        ),
        "{error}"
    );
}

#[test]
fn policies_of_the_full_model_take_no_value() {
    let scenario = parse(&text("fedavg", "", "server-only"), "t.yaml").unwrap().scenario;
    assert_eq!(scenario.inference.unwrap().offload, OffloadSpec::ServerOnly);
    assert!(errors("fedavg", "", "{ server-only: 1 }")[0].contains("takes no value"));
}

#[test]
fn a_list_of_methods_is_one_scenario_for_each() {
    let list = text("[fedavg, splitgp, local]", BOTH, "client-only");
    let traffic = list.find("inference:").unwrap();
    let scenario = parse(&list[..traffic], "t.yaml").unwrap().scenario;
    assert!(scenario.compares_methods());
    let each: Vec<Method> =
        scenario.each_method().into_iter().map(|s| s.training.unwrap().method).collect();
    assert_eq!(each, [Method::FedAvg, Method::SplitGp, Method::Local]);
    assert!(scenario.each_method().iter().all(|scenario| !scenario.compares_methods()));

    assert!(errors("[fedavg, splitgp]", BOTH, "client-only")[0].contains("leave this key out"));
    assert!(errors("[fedavg, fedavg]", "", "client-only")[0].ends_with("`fedavg` is listed twice"));
    assert!(errors("[]", "", "client-only")[0].ends_with("at least one training method"));
    let unused = &errors("[fedavg, local]", GAMMA, "client-only")[0];
    assert!(unused.contains("which `fedavg` and `local` do not have"), "{unused}");
}
