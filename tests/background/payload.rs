//! What a callback is told, as JSON.

use super::*;

#[test]
fn all_members_have_their_names_and_are_texts() {
    let mut state = SignState::new(operation(1).into(), StateWord::Failed);
    state.queue_id = Some(operation(2).into());
    state.state_message = Some("refused".to_owned());
    state.state_data = Some(r#"{"ftState":1}"#.to_owned());
    let expected = format!(
        r#"{{"OperationID":"{}","QueueID":"{}","State":"failed","StateMessage":"refused","StateData":"{{\"ftState\":1}}"}}"#,
        operation(1),
        operation(2)
    );
    assert_eq!(serde_json::to_string(&state).unwrap(), expected);
    assert_eq!(serde_json::from_str::<SignState>(&expected).unwrap(), state);
}

#[test]
fn what_another_sender_leaves_out_or_adds_is_no_error() {
    let read = |text| serde_json::from_str::<SignState>(text).unwrap();
    assert_eq!(read("{}"), SignState::default());
    let nulls = r#"{"OperationID":null,"State":null,"StateMessage":null}"#;
    assert_eq!(read(nulls), SignState::default());
    assert_eq!(read(r#"{"State":"DONE"}"#).state, StateWord::Done);
    let odd = read(r#"{"OperationId":"7","State":"Archived","New":[1]}"#);
    assert_eq!(odd.state, StateWord::Other("Archived".to_owned()));
    assert_eq!(
        serde_json::to_string(&odd).unwrap(),
        r#"{"OperationID":"7","State":"Archived","New":[1]}"#
    );
    for text in ["[]", "7", "null", r#"{"State":7}"#] {
        assert!(serde_json::from_str::<SignState>(text).is_err(), "{text}");
    }
}

#[test]
fn debug_does_not_show_the_receipt() {
    let mut state = SignState::new(operation(1).into(), StateWord::Done);
    state.state_data = Some("Jane Doe".to_owned());
    assert!(!format!("{state:?}").contains("Jane"), "{state:?}");
}
