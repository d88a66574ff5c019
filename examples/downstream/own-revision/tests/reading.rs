//! Answers are read even where the document and the server do not quite agree.

use own_revision::types::PointsResponse;
use pos_system_api::serde_json;

#[test]
fn nulls_in_lists_and_maps_are_left_out() {
    let answer = r#"{
        "points": 3,
        "vouchers": [null, "V-1", null],
        "coupons": { "north": [["A", null], null, ["B"]], "south": null }
    }"#;
    let answer: PointsResponse = serde_json::from_str(answer).unwrap();
    assert_eq!(answer.vouchers, ["V-1"]);
    assert_eq!(answer.coupons.len(), 1);
    assert_eq!(answer.coupons["north"], [vec!["A"], vec!["B"]]);
    assert!(answer.extra.is_empty());
}
