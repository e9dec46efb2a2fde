//! Tables of costs, and what is told about wrong ones.

use super::*;
use crate::cost::PartCost;
use proptest::prelude::*;

const TABLE: &str = "\
name,flops,output_bytes,parameters
# a comment
stem,200,80,10
body,3001,40,500
head,50,12,33
";

fn table(text: &str) -> CostTable {
    CostTable::read(text.as_bytes()).unwrap()
}

fn error(text: &str) -> String {
    CostTable::read(text.as_bytes()).unwrap_err().to_string()
}

#[test]
fn parts_cost_what_their_layers_cost() {
    let aux = AuxiliaryCost { flops: 7, parameters: 3 };
    let model = table(TABLE).split(Bytes(100), "body", aux).unwrap();
    let cost = |layers: &[Layer]| PartCost::of(layers);
    let (phi, kappa, theta) = (cost(&model.phi), cost(&model.kappa), cost(&model.theta));
    assert_eq!((phi.flops, phi.parameters), (200 + 3001, 10 + 500));
    assert_eq!((kappa.flops, kappa.parameters), (7, 3));
    assert_eq!((theta.flops, theta.parameters), (50, 33));
    assert_eq!((model.input_size(1), model.smashed_size(1)), (Bytes(100), Bytes(40)));
    // 4·(510 parameters + 100 pixels + 20 + 20 + 10 activations): each read and written once
    assert_eq!(phi.forward(1).bytes, 4 * (510 + 100 + 20 + 20 + 10));
    assert!(!model.is_computable());
}

#[test]
fn an_auxiliary_classifier_without_costs_is_none() {
    let model = table(TABLE).split(Bytes(1), "stem", AuxiliaryCost::default()).unwrap();
    assert_eq!(model.kappa, []);
}

#[test]
fn columns_stand_in_any_order_and_the_first_layer_may_have_the_raw_input() {
    let text = "parameters,input_bytes,name,output_bytes,flops\n1,3072,a,4,5\n1,,b,8,6\n";
    let table = table(text);
    assert_eq!(table.input, Some(Bytes(3072)));
    assert_eq!(table.rows[1].flops, 6);
}

#[test]
fn the_shipped_resnet_18_has_the_published_size() {
    let table =
        CostTable::read(&include_bytes!("../../../scenarios/costs/resnet-18.csv")[..]).unwrap();
    let input = table.input.unwrap();
    assert_eq!(input, Bytes(3 * 224 * 224));
    let model = table.split(input, "layer4-block1", AuxiliaryCost::default()).unwrap();
    let full = PartCost::of(model.layers());
    assert_eq!(full.parameters, 11_689_512);
    // The stem, 13 convolutions 3×3 that keep the image, 3 that halve it with a 1×1 each, fc
    let convolutions = 118_013_952 + 13 * 115_605_504 + 3 * (57_802_752 + 6_422_528);
    assert_eq!(full.flops, 2 * (convolutions + 512_000));
}

#[test]
fn each_fault_names_its_line_and_what_is_allowed() {
    let header = "name,flops,output_bytes,parameters\n";
    let cases = [
        ("name,flop\n", "line 1: `flop` is not a column; allowed: name, flops, output_bytes"),
        ("name,flops,parameters\n", "line 1: has no column `output_bytes`; allowed"),
        ("", "line 1: has no column `name`"),
        (&format!("{header}a,1,4,0\n"), "a network that can be cut has two layers or more"),
        (&format!("{header}a,1,4\n"), "line 2: has 3 columns where the header has 4"),
        (&format!("{header}a,1,4,0\na,1,4,0\n"), "line 3: there are two layers `a`"),
        (&format!("{header}a,1e9,4,0\n"), "line 2: flops is `1e9`; allowed: an integer from"),
        (&format!("{header}a,-1,4,0\n"), "line 2: flops is `-1`"),
        (&format!("{header}a,1,6,0\n"), "line 2: output_bytes is 6; allowed: multiples of 4"),
        (&format!("{header}a,1,0,0\n"), "line 2: output_bytes is 0"),
        (&format!("{header}a,1,8589934592,0\n"), "output_bytes is `8589934592`; allowed"),
        (&format!("{header}a,1,4,9999999999999\n"), "parameters is `9999999999999`"),
        (&format!("{header},1,4,0\n"), "line 2: a layer has a name of 1 to 100 bytes"),
    ];
    for (text, expected) in cases {
        assert!(error(text).contains(expected), "{}", error(text));
    }
    let twice = "name,flops,output_bytes,parameters,input_bytes\na,1,4,0,9\nb,1,4,0,9\n";
    assert!(error(twice).contains("line 3: input_bytes stands on the first layer alone"));
}

#[test]
fn sums_over_layers_are_bounded() {
    let most = MAX_FLOPS;
    let text = format!("name,flops,output_bytes,parameters\na,{most},4,0\nb,1,4,0\n");
    assert!(error(&text).contains("line 3: flops is `1`; allowed: an integer from 0 to 0"));
}

#[test]
fn an_endless_file_is_read_no_further_than_a_table_may_be() {
    let error = CostTable::read(io::repeat(b'a')).unwrap_err().to_string();
    assert!(error.starts_with("is too large"), "{error}");
}

#[test]
fn the_last_layer_is_no_cut() {
    let error = table(TABLE).split(Bytes(1), "head", AuxiliaryCost::default()).unwrap_err();
    assert_eq!(error.to_string(), "there is no cut behind `head`; allowed: stem, body");
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = CostTable::read(&*bytes);
    }

    #[test]
    fn no_rows_panic(rows in "[a-c0-9,\n\"#-]{0,100}") {
        let _ = CostTable::read(format!("name,flops,output_bytes,parameters\n{rows}").as_bytes());
    }
}
