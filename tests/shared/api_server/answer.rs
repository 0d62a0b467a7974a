//! What a server may answer, the wrong answers included.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::Response;
use hyper::body::{Bytes, Frame};
use serde_json::{Value, json};

/// An answer.
#[derive(Clone, Debug)]
pub enum Answer {
    /// JSON with a status code.
    Json(u16, Value),
    /// Anything else, as a proxy would write it.
    Text(u16, &'static str),
    /// Too many requests or no service, with `Retry-After`.
    Later(u16, u64),
    /// The beginning of a JSON text, then the connection breaks.
    CutOff(Value),
    /// JSON that is compressed.
    Gzip(Bytes),
    /// Bytes without end, as fast as they are taken.
    Endless,
    /// Not a word until the client gives up.
    Silent,
    /// The connection is closed without an answer.
    Reset,
}

impl Answer {
    /// What Kubernetes writes when it refuses.
    pub fn status(code: u16, reason: &str, message: &str) -> Answer {
        Answer::Json(
            code,
            json!({
                "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
                "reason": reason, "message": message, "code": code,
            }),
        )
    }

    pub fn forbidden(resource: &str) -> Answer {
        let message =
            format!("{resource} is forbidden: User \"linter\" cannot list resource \"{resource}\"");
        Answer::status(403, "Forbidden", &message)
    }

    /// As the API server answers for a page that was asked for too late.
    pub fn expired(token: Option<&str>) -> Answer {
        Answer::Json(
            410,
            json!({
                "kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "Expired", "code": 410,
                "message": "The provided continue parameter is too old",
                "metadata": token.map_or(json!({}), |token| json!({"continue": token})),
            }),
        )
    }

    pub async fn response(self) -> Result<Response<Body>, io::Error> {
        let build = |code: u16, kind: &str, body| {
            let response = Response::builder().status(code);
            Ok(response.header("content-type", kind).body(body).unwrap())
        };
        let json = "application/json";
        match self {
            Answer::Json(code, value) => {
                build(code, json, Body::Whole(Some(value.to_string().into())))
            }
            Answer::Text(code, text) => build(code, "text/html", Body::Whole(Some(text.into()))),
            Answer::Later(code, seconds) => {
                let later = Answer::status(code, "TooManyRequests", "too many requests");
                let mut response = Box::pin(later.response()).await?;
                let headers = response.headers_mut();
                headers.insert("retry-after", seconds.to_string().parse().unwrap());
                Ok(response)
            }
            Answer::CutOff(value) => {
                let text = value.to_string();
                let half = text[..text.len() / 2].to_owned();
                build(200, json, Body::Half(Some(half.into()), None))
            }
            Answer::Gzip(bytes) => {
                let mut response = build(200, json, Body::Whole(Some(bytes)))?;
                let headers = response.headers_mut();
                headers.insert("content-encoding", "gzip".parse().unwrap());
                Ok(response)
            }
            Answer::Endless => build(200, json, Body::Endless),
            Answer::Silent => {
                tokio::time::sleep(Duration::from_secs(3600)).await;
                Err(io::Error::other("nobody waited"))
            }
            Answer::Reset => Err(io::Error::other("closed on purpose")),
        }
    }
}

/// A body that may break off, or never end.
pub enum Body {
    Whole(Option<Bytes>),
    /// The bytes, and a moment later the end of the connection.
    Half(Option<Bytes>, Option<Pin<Box<tokio::time::Sleep>>>),
    Endless,
}

impl hyper::body::Body for Body {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        Poll::Ready(match &mut *self {
            Body::Whole(rest) => rest.take().map(|bytes| Ok(Frame::data(bytes))),
            Body::Half(rest, moment) => {
                if let Some(bytes) = rest.take() {
                    *moment = Some(Box::pin(tokio::time::sleep(Duration::from_millis(50))));
                    return Poll::Ready(Some(Ok(Frame::data(bytes))));
                }
                let moment = moment.as_mut().unwrap().as_mut();
                std::task::ready!(std::future::Future::poll(moment, context));
                Some(Err(io::Error::other("broken on purpose")))
            }
            Body::Endless => Some(Ok(Frame::data(Bytes::from_static(&[b' '; 8 << 10])))),
        })
    }
}
