//! One API server: get with patience and manners. A few requests at a time, not too many a second, each with a
//! limit on time and bytes, repeated a few times where that can help.

mod deadline;

use std::collections::hash_map::RandomState;
use std::future::Future;
use std::hash::{BuildHasher, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use http::header::{ACCEPT, CONTENT_TYPE, DATE, RETRY_AFTER, USER_AGENT};
use http::{HeaderMap, HeaderValue, Request, Response};
use http_body_util::BodyExt;
use jiff::Timestamp;
use kube::Config;
use kube::client::Body;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use super::fault::Fault;
use super::foreign::Client;
use super::{Allowance, Options, Progress, answer, credentials};
pub(super) use deadline::Deadline;

/// Requests at the same time.
const AT_ONCE: usize = 6;

/// Time from one request to the next, once the first burst is over.
const APART: Duration = Duration::from_millis(15);

/// Requests that may be made without a pause after a quiet time.
const BURST: u32 = 40;

/// How often a request is made at most.
const ATTEMPTS: u32 = 4;

/// The first wait before a request is repeated; each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(250);

/// The longest wait that a server may ask for.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// How long all requests to a server together may wait before they are repeated. After that nothing is.
const PATIENCE: Duration = Duration::from_secs(120);

/// How long a server may say nothing before it is asked whether it is there.
const QUIET: Duration = Duration::from_secs(8);

/// How long it may take to say so. With [`QUIET`], a server that is gone is told within 15 seconds.
const SIGN: Duration = Duration::from_secs(4);

/// How the program names itself, so that a server's audit log can.
const AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

/// How objects are asked for.
pub(super) const JSON: &str = "application/json";

/// How the metadata of a list's objects are asked for.
pub(super) const METADATA_LIST: &str =
    "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

/// How the metadata of one object are asked for.
pub(super) const METADATA: &str = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

/// How long reading credentials may take beside what starting a plugin takes.
const READING: Duration = Duration::from_secs(2);

/// One API server. Clones share its limits.
#[derive(Clone)]
pub(super) struct Server {
    client: Client,
    shared: Arc<Shared>,
}

struct Shared {
    request_timeout: Duration,
    deadline: Deadline,
    most_bytes: u64,
    allowance: Arc<Allowance>,
    turns: Semaphore,
    /// Milliseconds that requests waited to be repeated.
    waited: AtomicU64,
    /// Why nothing more is asked: nobody is there any more.
    gone: OnceLock<Fault>,
    /// The next request's turn; turns that nobody took are kept, as many as a burst has.
    next: Mutex<Instant>,
    /// The server's clock at its first answer.
    clock: OnceLock<Timestamp>,
    progress: Arc<Progress>,
}

impl Server {
    /// A client for a configuration. A login plugin runs now, and may take its time.
    pub(super) async fn of(
        mut config: Config,
        options: &Options,
        deadline: Deadline,
        allowance: &Arc<Allowance>,
        progress: &Arc<Progress>,
    ) -> Result<Server, Fault> {
        // Each request has its own limit; this one only must not come first.
        config.read_timeout = Some(options.request_timeout.saturating_add(QUIET));
        config.connect_timeout = Some(options.request_timeout.min(QUIET));
        config.reset_reader_on_write = true;
        config.default_retry = false;
        let agent = HeaderValue::from_static(AGENT);
        config.headers.push((USER_AGENT, agent));
        let limit = options.request_timeout.min(deadline.left()?);
        let runtime = tokio::runtime::Handle::current();
        let building = tokio::task::spawn_blocking(move || {
            let _inside = runtime.enter();
            credentials::settle(&mut config, limit).map_err(Fault::NoCredentials)?;
            Client::of(config).map_err(|error| Fault::of_credentials(&error))
        });
        // A file may be a pipe that nobody writes to; the plugin ends itself before.
        let Ok(building) = timeout(limit + READING, building).await else {
            let why = "its files were not read within the time for a request".to_owned();
            return Err(Fault::NoCredentials(why));
        };
        let Ok(client) = building else {
            let why = "the client could not be made".to_owned();
            return Err(Fault::NoCredentials(why));
        };
        let shared = Shared {
            request_timeout: options.request_timeout,
            deadline,
            most_bytes: options.most_bytes.0,
            allowance: Arc::clone(allowance),
            turns: Semaphore::new(AT_ONCE),
            waited: AtomicU64::new(0),
            gone: OnceLock::new(),
            next: Mutex::new(Instant::now()),
            clock: OnceLock::new(),
            progress: Arc::clone(progress),
        };
        Ok(Server {
            client: client?,
            shared: Arc::new(shared),
        })
    }

    /// The server's release, where it says it. A server that is not there at all is told soon: sixteen kinds need not
    /// find out one by one. That we may not ask for the version, or that somebody hides it, says nothing about the rest.
    pub(super) async fn greet(&self) -> Result<Option<String>, Fault> {
        let patience = QUIET + SIGN;
        let limit = if self.shared.request_timeout > Options::default().request_timeout {
            self.shared.request_timeout
        } else {
            patience
        };
        let asked = timeout(limit, self.get("/version", JSON)).await;
        match asked.unwrap_or(Err(Fault::Silent(limit))) {
            Ok(body) => Ok(answer::version(&body)),
            Err(fault) if fault.is_of_the_server() => Err(fault),
            Err(_) => Ok(None),
        }
    }

    /// The server's clock when it first answered.
    pub(super) fn clock(&self) -> Option<Timestamp> {
        self.shared.clock.get().copied()
    }

    /// What all reading may take together.
    pub(super) fn allowance(&self) -> &Allowance {
        &self.shared.allowance
    }

    /// Who counts.
    pub(super) fn progress(&self) -> &Progress {
        &self.shared.progress
    }

    /// The body of what is at a path.
    pub(super) async fn get(&self, path: &str, accept: &'static str) -> Result<Vec<u8>, Fault> {
        self.patiently(|| {
            let request = Request::get(path).header(ACCEPT, accept);
            self.once(request.body(Body::empty()))
        })
        .await
    }

    /// The answer to a question that must be posted: the access review is the only one.
    pub(super) async fn post(&self, path: &str, body: &str) -> Result<Vec<u8>, Fault> {
        self.patiently(|| {
            let request = Request::post(path)
                .header(ACCEPT, JSON)
                .header(CONTENT_TYPE, JSON);
            self.once(request.body(Body::from(body.as_bytes().to_vec())))
        })
        .await
    }

    /// Repeats what may succeed a moment later.
    async fn patiently<F: Future<Output = Result<Vec<u8>, Fault>>>(
        &self,
        attempt: impl Fn() -> F,
    ) -> Result<Vec<u8>, Fault> {
        if let Some(fault) = self.shared.gone.get() {
            return Err(fault.clone());
        }
        let mut wait = FIRST_WAIT;
        for _ in 1..ATTEMPTS {
            match attempt().await {
                Err(fault) if fault.is_passing() => {
                    let asked = match &fault {
                        Fault::Busy(_, Some(asked)) => (*asked).min(LONGEST_WAIT),
                        _ => Duration::ZERO,
                    };
                    let pause = asked.max(wait) + jitter(wait);
                    // Rather the reason at hand than "time is over" a moment later.
                    if self
                        .shared
                        .deadline
                        .left()
                        .map_or(true, |left| left <= pause)
                        || self.is_out_of_patience(pause)
                    {
                        return Err(fault);
                    }
                    sleep(pause).await;
                    wait *= 2;
                }
                other => return other,
            }
        }
        let last = attempt().await;
        // One kind may be too much for a proxy in between. Who does not even say its version is not there for the others either.
        if let Err(fault @ Fault::Unreachable(_)) = &last
            && !self.gives_a_sign().await
        {
            // Another request may have found out first.
            let _ = self.shared.gone.set(fault.clone());
        }
        last
    }

    /// Whether all waits together would be too long.
    fn is_out_of_patience(&self, pause: Duration) -> bool {
        let pause = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
        let before = self.shared.waited.fetch_add(pause, Ordering::Relaxed);
        u128::from(before.saturating_add(pause)) > PATIENCE.as_millis()
    }

    async fn once(&self, request: Result<Request<Body>, http::Error>) -> Result<Vec<u8>, Fault> {
        let request = request.map_err(|_| Fault::Refused(400, "no valid request"))?;
        let Ok(_turn) = self.shared.turns.acquire().await else {
            return Err(self.shared.deadline.over());
        };
        // Who had its turn before may have found out that nobody is there; else each round of turns finds out anew.
        if let Some(fault) = self.shared.gone.get() {
            return Err(fault.clone());
        }
        self.keep_apart().await;
        let left = self.shared.deadline.left()?;
        self.shared
            .progress
            .requests
            .fetch_add(1, Ordering::Relaxed);
        let limit = left.min(self.shared.request_timeout);
        let exchange = self.exchange(request);
        tokio::pin!(exchange);
        let started = Instant::now();
        if limit > QUIET + SIGN {
            if let Ok(done) = timeout(QUIET, &mut exchange).await {
                return done;
            }
            // A list may be long in the making. A server that makes one still says that it is there.
            if !self.gives_a_sign().await {
                // Its answer may have come meanwhile.
                return match timeout(Duration::ZERO, &mut exchange).await {
                    Ok(done) => done,
                    Err(_) => Err(self.is_gone()),
                };
            }
        }
        let rest = limit.saturating_sub(started.elapsed());
        match timeout(rest, &mut exchange).await {
            Ok(done) => done,
            Err(_) if left <= self.shared.request_timeout => Err(self.shared.deadline.over()),
            Err(_) => Err(Fault::Slow(self.shared.request_timeout)),
        }
    }

    /// Remembers that nobody is there any more.
    fn is_gone(&self) -> Fault {
        let fault = Fault::Silent(QUIET + SIGN);
        // Another request may have found out first.
        let _ = self.shared.gone.set(fault.clone());
        fault
    }

    /// Whether the server answers anything at all.
    async fn gives_a_sign(&self) -> bool {
        let Ok(request) = Request::get("/version").body(Body::empty()) else {
            return false;
        };
        let sign = timeout(SIGN, self.client.send(request)).await;
        matches!(sign, Ok(Ok(_)))
    }

    async fn exchange(&self, request: Request<Body>) -> Result<Vec<u8>, Fault> {
        let sent = self.client.send(request).await;
        let response = sent.map_err(|error| Fault::of_client(&error))?;
        if let Some(date) = date(response.headers()) {
            let _ = self.shared.clock.set(date);
        }
        let status = response.status();
        let wait = retry_after(response.headers());
        let body = self.body(response).await?;
        if status.is_success() {
            Ok(body)
        } else {
            Err(answer::fault(status, &body, wait))
        }
    }

    /// The whole body, as long as it is not too large.
    async fn body(&self, response: Response<Body>) -> Result<Vec<u8>, Fault> {
        let most = self.shared.most_bytes;
        let mut body = response.into_body();
        let mut bytes = Vec::new();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|_| Fault::of_broken_body())?;
            if let Ok(data) = frame.into_data() {
                if (bytes.len() + data.len()) as u64 > most {
                    return Err(Fault::TooLarge(answer::LARGE, most));
                }
                self.shared.allowance.take(data.len())?;
                bytes.extend_from_slice(&data);
            }
        }
        Ok(bytes)
    }

    /// Waits for the next moment at which a request may start.
    async fn keep_apart(&self) {
        let start = {
            let mut next = self
                .shared
                .next
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            let now = Instant::now();
            let kept = now.checked_sub(APART * BURST).unwrap_or(now);
            let start = (*next).max(kept);
            *next = start + APART;
            start.max(now)
        };
        tokio::time::sleep_until(start.into()).await;
    }
}

/// Up to as much again, so that many clients do not come back all at once.
fn jitter(wait: Duration) -> Duration {
    let random = RandomState::new().build_hasher().finish();
    let part = u32::try_from(random % 1000).unwrap_or(0);
    wait * part / 1000
}

fn date(headers: &HeaderMap) -> Option<Timestamp> {
    let text = headers.get(DATE)?.to_str().ok()?;
    let zoned = jiff::fmt::rfc2822::parse(text).ok()?;
    Some(zoned.timestamp())
}

/// Seconds; the form with a date is not used by API servers.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?;
    text.trim().parse().ok().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_servers_clock_is_in_its_answers() {
        let mut headers = HeaderMap::new();
        headers.insert(DATE, "Mon, 23 Nov 2026 00:57:35 GMT".parse().unwrap());
        assert_eq!(date(&headers).unwrap().to_string(), "2026-11-23T00:57:35Z");
        headers.insert(DATE, "yesterday".parse().unwrap());
        assert_eq!(date(&headers), None);
    }

    #[test]
    fn a_pause_varies_but_is_bounded() {
        let wait = Duration::from_millis(100);
        assert!((0..50).all(|_| jitter(wait) <= wait));
    }

    #[test]
    fn a_limit_beyond_all_clocks_is_no_limit() {
        assert!(Deadline::after(Duration::MAX).left().is_ok());
        assert!(Deadline::after(Duration::ZERO).left().is_err());
    }
}
