//! What else a connection can speak: pipelined requests, and HTTP/2 without TLS.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper::client::conn::http2;
use hyper::header::{ACCEPT, AUTHORIZATION, HOST};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::Scale;
use crate::bare::HTTP2;
use crate::fill::Filled;
use crate::load::{self, CONNECTIONS, Connection, Work};
use crate::process::{self, Server};
use crate::report::{self, Section};

/// Requests that are sent at once on a connection that pipelines.
const DEPTH: u32 = 16;

/// Requests at a time on one HTTP/2 connection.
const STREAMS: usize = 32;

const TARGET: &str = "/schemas/ids/7";

pub(crate) fn measure(scale: Scale) -> Result<Section> {
    let store = Filled::of(scale)?;
    let mut section = Section::new(
        "Ways to speak",
        &format!(
            "`GET {TARGET}`, kept: server processor time per answer in microseconds. *Pipelined*: {DEPTH} requests at a time on \
             each connection. *HTTP/2*: without TLS, four connections of {STREAMS} requests at a time."
        ),
        &["protocol", "bare hyper", "concord", "ratio"],
    );
    let mut concord = Server::concord(store.data(), &[])?;
    let answer = Connection::open(concord.address)?.ask(&load::get(TARGET))?;
    let rounds = scale.pick(5, 1);
    let time = Duration::from_millis(scale.pick(400, 5));
    let mut bare = Server::bare(&answer)?;
    for (name, depth) in [("HTTP/1.1, kept alive", 1), ("HTTP/1.1, pipelined", DEPTH)] {
        let mut costs = [Vec::new(), Vec::new()];
        for _ in 0..rounds {
            for (server, costs) in [&mut bare, &mut concord].into_iter().zip(&mut costs) {
                let mut connections = load::connect(server, CONNECTIONS)?;
                let mut request = || load::get(TARGET);
                let work = load::press(server, &mut connections, &mut request, depth, time)?;
                costs.push(work.cost());
            }
        }
        section.row(report::beside_bare(name, costs));
    }
    let mut bare = Server::bare(&[HTTP2.as_bytes(), &answer].concat())?;
    let mut costs = [Vec::new(), Vec::new()];
    for _ in 0..rounds {
        for (server, costs) in [&mut bare, &mut concord].into_iter().zip(&mut costs) {
            costs.push(press_http2(server, time)?.cost());
        }
    }
    section.row(report::beside_bare("HTTP/2, cleartext", costs));
    concord.stop()?;
    Ok(section)
}

fn press_http2(server: &mut Server, time: Duration) -> Result<Work> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let before = server.processor_time()?;
    let started = Instant::now();
    let address = server.address;
    let answers = runtime.block_on(async {
        let mut streams = JoinSet::new();
        for _ in 0..4 {
            let stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            let (sender, connection) =
                http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await?;
            tokio::spawn(connection);
            for _ in 0..STREAMS {
                streams.spawn(ask(sender.clone(), started + time));
            }
        }
        let mut answers = 0;
        while let Some(asked) = streams.join_next().await {
            answers += asked??;
        }
        anyhow::Ok(answers)
    })?;
    Ok(Work {
        answers,
        wall: started.elapsed(),
        processor: server.processor_time()? - before,
    })
}

async fn ask(mut sender: http2::SendRequest<Empty<Bytes>>, until: Instant) -> Result<u32> {
    let mut answers = 0;
    while Instant::now() < until {
        let request = hyper::Request::get(format!("http://localhost{TARGET}"))
            .header(HOST, "localhost")
            .header(ACCEPT, "application/vnd.schemaregistry.v1+json")
            .header(AUTHORIZATION, process::AUTHORIZATION)
            .body(Empty::new())?;
        sender.ready().await?;
        let answer = sender.send_request(request).await?;
        ensure!(answer.status() == 200, "the answer was {}", answer.status());
        answer.into_body().collect().await?;
        answers += 1;
    }
    Ok(answers)
}
