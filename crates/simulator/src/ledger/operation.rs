//! What arrived under an operation id, and how often it was carried out.

use std::collections::HashMap;

use serde::Serialize;
use uuid::Uuid;

use super::request::RequestRecord;

/// Everything that is known of one operation id, also of requests that are no longer kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct OperationRecord {
    /// The id.
    pub operation_id: Uuid,
    /// How often it was carried out to its end, a stored failure included: once at most, unless it
    /// was forgotten in between. With a store, earlier lives of the simulator count too.
    pub runs: usize,
    /// The different requests that arrived under the id, in order of their first arrival in this
    /// life of the simulator. Also those that were refused or broken by a fault.
    pub arrived: Vec<ArrivedRequest>,
}

impl OperationRecord {
    /// Whether one endpoint got more than one body under the id. Empty ones do not count: a repeat
    /// may go without its body.
    pub fn has_several_bodies(&self) -> bool {
        let mut bodies = self.arrived.iter().filter(|request| request.length > 0);
        // What arrived is listed once, so that another entry of the same endpoint is another body.
        bodies.any(|one| {
            self.arrived.iter().any(|other| {
                other.length > 0 && other.is_at_endpoint_of(one) && other.sha256 != one.sha256
            })
        })
    }
}

/// Requests with the same method, path and body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ArrivedRequest {
    /// The HTTP method in capitals.
    pub method: String,
    /// The path as received, without the query.
    pub path: String,
    /// The SHA-256 of the raw body, in 64 hexadecimal digits.
    pub sha256: String,
    /// How many bytes the body has.
    pub length: usize,
    /// How many such requests arrived.
    pub requests: usize,
}

impl ArrivedRequest {
    fn is_at_endpoint_of(&self, other: &Self) -> bool {
        self.method == other.method && self.path == other.path
    }
}

/// The records in the order in which their ids were first seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Operations {
    records: Vec<OperationRecord>,
    places: HashMap<Uuid, usize>,
}

impl Operations {
    pub(super) fn records(&self) -> &[OperationRecord] {
        &self.records
    }

    pub(super) fn record_run(&mut self, operation_id: Uuid) {
        self.record_of(operation_id).runs += 1;
    }

    pub(super) fn record_request(&mut self, request: &RequestRecord) {
        let Some(operation_id) = request.operation_id else {
            return;
        };
        let arrived = &mut self.record_of(operation_id).arrived;
        let known = arrived.iter_mut().find(|known| {
            known.sha256 == request.body_sha256
                && known.method == request.method
                && known.path == request.path
        });
        match known {
            Some(known) => known.requests += 1,
            None => arrived.push(ArrivedRequest {
                method: request.method.clone(),
                path: request.path.clone(),
                sha256: request.body_sha256.clone(),
                length: request.body.len(),
                requests: 1,
            }),
        }
    }

    fn record_of(&mut self, operation_id: Uuid) -> &mut OperationRecord {
        let place = *self.places.entry(operation_id).or_insert_with(|| {
            self.records.push(OperationRecord {
                operation_id,
                runs: 0,
                arrived: Vec::new(),
            });
            self.records.len() - 1
        });
        &mut self.records[place]
    }
}
