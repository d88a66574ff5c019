//! The HTTP side: connections in, answers out, breaks where they are scripted.

use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use thiserror::Error;
use tokio::net::{TcpListener, TcpStream};
use tokio::select;
use tokio_util::sync::CancellationToken;

use crate::clock;
use crate::control;
use crate::engine::{Accepted, Answer, Arrival, Connections, Engine, Handling};
use crate::fault::Delivery;
use crate::question::delivery_reply;
use crate::wire::connection::{BreakableSocket, ConnectionFault};
use crate::wire::delivery::deliver;
use crate::wire::problem::Failure;
use crate::wire::reply::{Reply, ReplyBody};

/// Largest body that is taken, in bytes.
const BODY_LIMIT: usize = 8 * 1024 * 1024;

/// A body over the limit is read up to here, so that the client gets to see the 413.
const DRAIN_LIMIT: usize = 64 * 1024 * 1024;

/// How long nothing is accepted after a failure to do so.
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);

/// Ends a connection without an answer.
#[derive(Debug, Error)]
enum Broken {
    #[error("the connection was broken on purpose")]
    OnPurpose,
    #[error("the request did not arrive completely")]
    Incomplete(#[source] hyper::Error),
    #[error("the request body is far beyond the size limit")]
    Flood,
    #[error("the simulator stops")]
    Stopped,
}

/// Accepts connections until the engine stops.
pub(crate) async fn serve(listener: TcpListener, engine: Arc<Engine>) {
    while let Some(accepted) = engine.stop.run_until_cancelled(listener.accept()).await {
        match accepted {
            Ok((stream, _)) => {
                let Connections { stop, tasks } = engine.connections();
                let connection = serve_connection(stream, Arc::clone(&engine), stop);
                engine.tasks.spawn(tasks.track_future(connection));
            }
            // Such as too many open files: connections have to end before the next try.
            Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
        }
    }
}

async fn serve_connection(stream: TcpStream, engine: Arc<Engine>, stop: CancellationToken) {
    // A failure here only makes answers slower.
    let _ = stream.set_nodelay(true);
    let fault = ConnectionFault::none();
    let socket = TokioIo::new(BreakableSocket::new(stream, fault.clone()));
    let service = service_fn(move |request| answer(Arc::clone(&engine), fault.clone(), request));
    let connection = http1::Builder::new().serve_connection(socket, service);
    // How a connection ends is the client's business; the ledger tells the rest.
    let _ = stop.run_until_cancelled(connection).await;
}

async fn answer(
    engine: Arc<Engine>,
    fault: ConnectionFault,
    request: Request<Incoming>,
) -> Result<Response<ReplyBody>, Broken> {
    if control::is_control(request.uri().path()) {
        let reply = control::answer(&engine, request).await;
        return Ok(reply.into_response(engine.clock.now()));
    }
    let arrival = read(request).await?;
    let Accepted {
        index,
        handling,
        delay_before_answer,
        delivery,
    } = engine.accept(arrival);
    if matches!(delivery, Delivery::Reset) {
        // Before anything else can end the connection.
        fault.reset();
    }
    let handled = match handling {
        Handling::Done(handled) => handled,
        Handling::Delayed(task) => task.await.ok().flatten().ok_or(Broken::Stopped)?,
    };
    let mut moment = handled.moment;
    let reply = match handled.answer {
        Some(answer) => {
            let was_ready = answer.is_ready();
            let reply = complete(&engine, answer).await?;
            if !was_ready {
                moment = engine.clock.now();
            }
            Some(reply)
        }
        None => None,
    };
    if !delay_before_answer.is_zero() {
        let moment = clock::after(moment, delay_before_answer);
        engine.clock.reached(moment).await;
    }
    let response = deliver(&engine, &fault, reply, delivery).await;
    let response = response.ok_or(Broken::OnPurpose)?;
    engine.answered(index, response.status().as_u16());
    Ok(response)
}

async fn complete(engine: &Engine, answer: Answer) -> Result<Reply, Broken> {
    match answer {
        Answer::Ready(reply) => Ok(reply),
        Answer::Outcome {
            mut outcome,
            operation_id,
            profile,
            repeated,
            until,
        } => {
            let finished = outcome.wait_for(Option::is_some);
            let finished = match until {
                None => finished.await,
                Some(until) => select! {
                    biased;
                    finished = finished => finished,
                    () = engine.clock.reached(until) => {
                        return Ok(Failure::still_in_process().reply(profile));
                    }
                },
            };
            let ending = finished.ok().and_then(|ending| ending.clone());
            Ok(match ending.ok_or(Broken::Stopped)? {
                Ok(outcome) => outcome.reply(operation_id, profile, repeated),
                Err(failure) => failure.reply(profile),
            })
        }
        Answer::Delivered { item, until } => {
            let mut changes = engine.watch_changes();
            let delivered = async {
                while !engine.state().world.issues.is_delivered(item) {
                    // The sender lives in the engine: this cannot fail.
                    let _ = changes.changed().await;
                }
            };
            let delivered = select! {
                biased;
                () = delivered => true,
                () = engine.clock.reached(until) => false,
            };
            Ok(delivery_reply(delivered))
        }
    }
}

async fn read(request: Request<Incoming>) -> Result<Arrival, Broken> {
    let (head, mut incoming) = request.into_parts();
    let mut body = BytesMut::new();
    let mut received = 0;
    while let Some(frame) = incoming.frame().await {
        let frame = frame.map_err(Broken::Incomplete)?;
        if let Some(data) = frame.data_ref() {
            received += data.len();
            let room = BODY_LIMIT - body.len();
            body.extend_from_slice(&data[..data.len().min(room)]);
        }
        if received > DRAIN_LIMIT {
            return Err(Broken::Flood);
        }
    }
    Ok(Arrival {
        method: head.method,
        path: head.uri.path().to_owned(),
        headers: head.headers,
        body: body.freeze(),
        over_limit: received > BODY_LIMIT,
    })
}
