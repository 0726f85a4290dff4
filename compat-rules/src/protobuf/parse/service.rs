//! Services and their calls.

use super::super::document::{Rpc, RpcType, Service};
use super::{Parsed, Parser, Start};

impl Parser<'_> {
    /// The name is read already.
    pub(super) fn service(&mut self, start: &Start, name: &str) -> Parsed<Service> {
        let mut service = Service {
            place: start.place,
            name: name.to_owned(),
            options: Vec::new(),
            rpcs: Vec::new(),
        };
        self.block(|parser, start| {
            match parser.cursor.word()? {
                "option" => service.options.push(parser.option_statement()?),
                "reserved" => drop(parser.reserved(start)?),
                "rpc" => service.rpcs.push(parser.rpc(start)?),
                label => {
                    let reason = format!("unexpected label: {label}");
                    return Err(parser.cursor.error_at(start, reason));
                }
            }
            Ok(())
        })?;
        Ok(service)
    }

    fn rpc(&mut self, start: &Start) -> Parsed<Rpc> {
        let name = self.name()?.to_owned();
        let request = self.rpc_type()?;
        if self.cursor.word()? != "returns" {
            return Err(self.cursor.error_at(start, "expected 'returns'"));
        }
        let mut rpc = Rpc {
            place: start.place,
            name,
            request,
            response: self.rpc_type()?,
            options: Vec::new(),
        };
        if self.cursor.peek()? != b'{' {
            self.cursor.expect(';')?;
            return Ok(rpc);
        }
        self.block(|parser, start| {
            match parser.cursor.word()? {
                "option" => rpc.options.push(parser.option_statement()?),
                "reserved" => drop(parser.reserved(start)?),
                label => {
                    let reason = format!("unexpected label: {label}");
                    return Err(parser.cursor.error_at(start, reason));
                }
            }
            Ok(())
        })?;
        Ok(rpc)
    }

    fn rpc_type(&mut self) -> Parsed<RpcType> {
        self.cursor.expect('(')?;
        let word = self.cursor.word()?;
        let streaming = word == "stream";
        let type_name = if streaming {
            self.data_type()?
        } else {
            self.data_type_after(word)?
        };
        self.cursor.expect(')')?;
        Ok(RpcType {
            streaming,
            type_name,
        })
    }
}
