//! One small document with a bit of everything.

use serde_json::{Value, json};

pub(crate) fn base() -> Value {
    json!({
        "openapi": "3.0.1",
        "info": {"title": "Small", "version": "1.0"},
        "paths": {
            "/sign": {"post": {
                "requestBody": {"required": true, "content": {
                    "application/json": {"schema": {"$ref": "#/components/schemas/ReceiptRequest"}},
                    "text/json": {"schema": {"$ref": "#/components/schemas/ReceiptRequest"}},
                }},
                "responses": {
                    "200": {"description": "signed", "content": {"application/json": {
                        "schema": {"$ref": "#/components/schemas/ReceiptResponse"}}}},
                    "400": {"description": "refused", "content": {"application/problem+json": {
                        "schema": {"$ref": "#/components/schemas/Problem"}}}},
                },
            }},
            "/issue": {"post": {
                "requestBody": {"required": true, "content": {"application/json": {"schema": {
                    "type": "object",
                    "required": ["ReceiptRequest", "ReceiptResponse"],
                    "properties": {
                        "ReceiptRequest": {"$ref": "#/components/schemas/ReceiptRequest"},
                        "ReceiptResponse": {"$ref": "#/components/schemas/ReceiptResponse"},
                    },
                }}}},
                "responses": {"201": {"description": "issued"}},
            }},
            "/issue/{QueueId}": {"get": {
                "parameters": [
                    {"name": "QueueId", "in": "path", "required": true,
                     "schema": {"type": "string", "format": "uuid"}},
                ],
                "responses": {"200": {"description": "a document", "content": {
                    "application/pdf": {"schema": {"type": "string", "format": "binary"}}}}},
            }},
            "/journal": {"get": {
                "operationId": "getJournal",
                "parameters": [
                    {"name": "from", "in": "query", "schema": {"type": "integer", "format": "int64"}},
                    {"name": "types", "in": "query",
                     "schema": {"type": "array", "items": {"type": "string"}}},
                ],
                "responses": {"200": {"description": "lines", "content": {"application/json": {
                    "schema": {"type": "array", "items": {"type": "object"}}}}}},
            }},
        },
        "components": {"schemas": {
            "ReceiptRequest": {
                "type": "object",
                "required": ["cbReceiptReference", "ftReceiptCase"],
                "properties": {
                    "cbReceiptReference": {"type": "string"},
                    "cbUser": {"type": "string", "maxLength": 50},
                    "cbChargeItems": {"type": "array",
                        "items": {"$ref": "#/components/schemas/ChargeItem"}},
                    "ftReceiptCase": {"type": "integer", "format": "int64"},
                    "Mode": {"type": "string", "enum": ["normal", "late"]},
                    "data": {"type": "object"},
                    "labels": {"type": "object", "additionalProperties": {"type": "string"}},
                    "note": {"type": "string", "nullable": true},
                    "target": {"oneOf": [
                        {"$ref": "#/components/schemas/Mail"},
                        {"$ref": "#/components/schemas/Print"},
                    ]},
                },
            },
            "ChargeItem": {
                "type": "object",
                "required": ["Amount"],
                "properties": {
                    "Amount": {"type": "number", "format": "double"},
                    "Line": {"type": "integer", "format": "int32", "default": 1},
                    "parts": {"type": "array", "items": {"$ref": "#/components/schemas/ChargeItem"}},
                },
            },
            "ReceiptResponse": {
                "type": "object",
                "required": ["ftState", "ftQueueID"],
                "properties": {
                    "ftState": {"type": "integer", "format": "uint64"},
                    "ftQueueID": {"type": "string", "format": "uuid"},
                    "cbChargeItems": {"type": "array",
                        "items": {"$ref": "#/components/schemas/ChargeItem"}},
                    "ftSignatures": {"type": "array", "items": {"type": "string"}},
                    "Phase": {"type": "string", "enum": ["done", "pending"]},
                    "proof": {"oneOf": [
                        {"type": "string"}, {"type": "array", "items": {"type": "string"}},
                    ]},
                },
            },
            "Mail": {"type": "object", "properties": {"to": {"type": "string"}}},
            "Print": {"type": "object", "properties": {"printer": {"type": "string"}}},
            "Problem": {"type": "object", "properties": {"title": {"type": "string"}}},
        }},
    })
}
