//! Services.

use super::super::super::document::{Rpc, RpcType, Service};
use super::super::option as known;
use super::super::wire::{Malformed, Record};
use super::{NOWHERE, option, word};

pub(super) fn read(record: &Record<'_>) -> Result<Service, Malformed> {
    let mut rpcs = Vec::new();
    for method in record.records(2)? {
        rpcs.push(Rpc {
            place: NOWHERE,
            name: word(method.text(1)?)?,
            request: rpc_type(&method, 2, 5)?,
            response: rpc_type(&method, 3, 6)?,
            options: option::all(&known::METHOD, method.record(4)?.as_ref())?,
        });
    }
    Ok(Service {
        place: NOWHERE,
        name: word(record.text(1)?)?,
        options: option::all(&known::SERVICE, record.record(3)?.as_ref())?,
        rpcs,
    })
}

fn rpc_type(method: &Record<'_>, name: u32, streaming: u32) -> Result<RpcType, Malformed> {
    Ok(RpcType {
        streaming: method.flag(streaming) == Some(true),
        type_name: word(method.text(name)?)?,
    })
}
