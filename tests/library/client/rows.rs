//! Pages, rows and the words on the wire.

use std::io::Write as _;

use callboard::shotgun::{Filter, Find, Value};
use serde_json::{Value as Json, json};

use super::server::{ONE_SHOT, Server, Then, answer, ok};

/// Answers `read` with as many rows as asked for, out of `total`.
fn shots(total: u64) -> Server {
    Server::start(move |_, request, stream| {
        let asked: Json = serde_json::from_str(&request.body).unwrap();
        let paging = &asked["params"][1]["paging"];
        let (size, page) = (
            paging["entities_per_page"].as_u64().unwrap(),
            paging["current_page"].as_u64().unwrap(),
        );
        let last = total.min(page * size);
        let rows: Vec<Json> = ((page - 1) * size + 1..=last)
            .map(|id| json!({ "type": "Shot", "id": id, "code": format!("sh{id:03}") }))
            .collect();
        let mut results = json!({ "entities": rows });
        if asked["params"][1]["return_paging_info_without_counts"] == true {
            results["paging_info"] = json!({ "has_next_page": last < total });
        }
        stream
            .write_all(&ok(&json!({ "results": results }).to_string()))
            .unwrap();
        Then::Keep
    })
}

#[test]
fn find_reads_all_pages_in_order() {
    let server = shots(25);
    let client = server.builder().records_per_page(10).build().unwrap();
    let rows = client.find("Shot", &[], &["code"]).unwrap();
    assert_eq!(rows.len(), 25);
    assert!(rows.iter().zip(1..).all(|(row, id)| row.id().0 == id));
    assert_eq!(server.requests.lock().len(), 3);
}

#[test]
fn a_limit_stops_early_and_asks_for_no_more_than_it() {
    let server = shots(25);
    let client = server.builder().records_per_page(10).build().unwrap();
    assert_eq!(
        client.find_all(&Find::new("Shot").limit(14)).unwrap().len(),
        14
    );
    assert_eq!(server.requests.lock().len(), 2);
    assert_eq!(
        client.find_all(&Find::new("Shot").limit(4)).unwrap().len(),
        4
    );
    assert_eq!(
        client
            .find_one("Shot", &[], &["code"])
            .unwrap()
            .unwrap()
            .text("code"),
        "sh001"
    );
    let asked: Json = serde_json::from_str(&server.requests.lock()[3].body).unwrap();
    assert_eq!(asked["params"][1]["paging"]["entities_per_page"], 1);
}

#[test]
fn a_query_is_one_page_and_knows_whether_more_follow() {
    let client = shots(25).builder().records_per_page(10).build().unwrap();
    let page = |number| client.query(&Find::new("Shot").page(number)).unwrap();
    assert_eq!((page(1).rows.len(), page(1).has_next_page), (10, true));
    assert_eq!((page(3).rows.len(), page(3).has_next_page), (5, false));
    assert!(page(4).rows.is_empty());
}

#[test]
fn a_server_that_always_promises_more_is_not_asked_for_ever() {
    let server =
        Server::json(r#"{"results":{"entities":[],"paging_info":{"has_next_page":true}}}"#);
    assert!(server.client().find("Shot", &[], &[]).unwrap().is_empty());
    assert_eq!(server.requests.lock().len(), 1);
}

#[test]
fn a_request_looks_like_the_python_clients() {
    let server = Server::json(ONE_SHOT);
    let filters = [Filter::is("project", Value::entity("Project", 70))];
    server
        .client()
        .find("Shot", &filters, &["code", "sg_sequence.Sequence.code"])
        .unwrap();
    let request = server.requests.lock()[0].clone();
    assert!(
        request.head.starts_with("POST /api3/json HTTP/1.1\r\n"),
        "{}",
        request.head
    );
    assert!(
        request
            .head
            .to_lowercase()
            .contains("content-type: application/json; charset=utf-8\r\n")
    );
    let expected = json!({"method_name": "read", "params": [
        {"script_name": "robot", "script_key": "k3y-of-the-robot"},
        {"type": "Shot", "return_fields": ["code", "sg_sequence.Sequence.code"],
         "filters": {"logical_operator": "and", "conditions": [{"path": "project", "relation": "is", "values": [{"type": "Project", "id": 70}]}]},
         "return_only": "active", "paging": {"entities_per_page": 500, "current_page": 1},
         "api_return_image_urls": true, "return_paging_info": true}]});
    assert_eq!(
        serde_json::from_str::<Json>(&request.body).unwrap(),
        expected
    );
}

#[test]
fn info_sends_no_credentials_and_is_asked_once() {
    let server = Server::json(
        r#"{"version": [8, 89, 0, "Dev"], "full_version": [8, 89, 0, 1], "api_max_entities_per_page": 200, "totango_x": 1}"#,
    );
    let client = server.client();
    let info = client.info().unwrap();
    assert_eq!(
        (info.version, &*info.full_version, info.dev),
        ((8, 89, 0), "8.89.0.1", true)
    );
    assert_eq!(client.clone().info().unwrap(), info);
    assert_eq!(server.requests.lock().len(), 1);
    assert_eq!(
        server.requests.lock()[0].body,
        r#"{"method_name":"info","params":[]}"#
    );
}

#[test]
fn create_takes_an_object_or_a_list_with_one() {
    for results in [
        r#"{"type":"Shot","id":13,"code":"sh020"}"#,
        r#"[{"type":"Shot","id":13,"code":"sh020"}]"#,
    ] {
        let server = Server::json(&format!("{{\"results\": {results}}}"));
        let shot = server
            .client()
            .create("Shot", &[("code", "sh020".into())], &["code"])
            .unwrap();
        assert_eq!((shot.id().0, shot.text("code")), (13, "sh020".to_owned()));
        let asked: Json = serde_json::from_str(&server.requests.lock()[0].body).unwrap();
        assert_eq!(
            asked["params"][1],
            json!({"type": "Shot", "fields": [{"field_name": "code", "value": "sh020"}], "return_fields": ["id", "code"]})
        );
    }
}

#[test]
fn update_delete_and_count_say_what_the_protocol_says() {
    let server = Server::start(|number, _, stream| {
        let results = [
            "{\"type\":\"Shot\",\"id\":13,\"assets\":[]}",
            "true",
            "{\"summaries\":{\"id\":3},\"groups\":[]}",
        ][number];
        stream
            .write_all(&ok(&format!("{{\"results\":{results}}}")))
            .unwrap();
        Then::Keep
    });
    let client = server.client();
    assert_eq!(
        client
            .update("Shot", 13, &[("assets", Vec::new().into())])
            .unwrap()
            .get("assets"),
        Some(&Value::Entities(Vec::new()))
    );
    assert!(client.delete("Shot", 13).unwrap());
    assert_eq!(client.count("Shot", &[]).unwrap(), 3);
}

#[test]
fn packed_answers_are_unpacked() {
    let body = ONE_SHOT.as_bytes();
    let length = body.len() as u16;
    // One stored block of deflate, wrapped in gzip.
    let mut packed = b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x01".to_vec();
    packed.extend_from_slice(&length.to_le_bytes());
    packed.extend_from_slice(&(!length).to_le_bytes());
    packed.extend_from_slice(body);
    packed.extend_from_slice(&crc32(body).to_le_bytes());
    packed.extend_from_slice(&u32::from(length).to_le_bytes());
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
        packed.len()
    );
    let server = Server::saying([head.as_bytes(), &packed].concat(), Then::Keep);
    assert_eq!(
        server
            .client()
            .find("Shot", &[], &["code"])
            .unwrap()
            .first()
            .unwrap()
            .text("code"),
        "sh010"
    );
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc: u32, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 {
                crc >> 1 ^ 0xEDB8_8320
            } else {
                crc >> 1
            }
        })
    })
}

#[test]
fn rows_decode_into_a_struct_of_ones_own() {
    #[derive(serde::Deserialize, Debug, PartialEq)]
    struct Shot {
        id: u64,
        code: String,
        cut_in: Option<i64>,
    }
    let server = Server::json(ONE_SHOT);
    let rows = server.client().find("Shot", &[], &["code"]).unwrap();
    assert_eq!(
        rows.deserialize::<Shot>().unwrap(),
        [Shot {
            id: 12,
            code: "sh010".into(),
            cut_in: None
        }]
    );
}

#[test]
fn a_text_javascript_answer_is_json_too() {
    let server = Server::saying(
        answer("200 OK", "text/javascript; charset=utf-8", ONE_SHOT),
        Then::Keep,
    );
    assert_eq!(server.client().find("Shot", &[], &[]).unwrap().len(), 1);
}
