//! A Kubernetes API server for tests: real TLS and HTTP, objects from manifests, and faults on demand.

#![allow(unreachable_pub, dead_code, unused_imports)] // each test uses a part of it

mod answer;
mod objects;
mod store;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

pub use answer::Answer;
#[allow(unused_imports)] // each test uses a part of it
pub use objects::{manifests, objects_in};
pub use store::Store;

/// A request as the server saw it.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: String,
    pub path: String,
    pub query: BTreeMap<String, String>,
    pub accept: String,
    pub authorization: String,
    pub impersonated: String,
    pub agent: String,
    pub body: String,
    /// How many requests for the same path and query came before it.
    pub before: usize,
}

impl Request {
    pub fn ends_with(&self, resource: &str) -> bool {
        self.path.rsplit('/').next() == Some(resource)
    }

    pub fn page(&self) -> Option<&String> {
        self.query.get("continue")
    }
}

type Fault = dyn Fn(&Request) -> Option<Answer> + Send + Sync;

/// A server that runs until the test ends, and the kubeconfig that leads to it.
pub struct Server {
    folder: TempDir,
    address: SocketAddr,
    authority: String,
    log: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    pub fn of(objects: Vec<Value>) -> Server {
        Server::with(Store::of(objects), |_| None)
    }

    /// A server that answers with a fault where the function says so.
    pub fn with(
        store: Store,
        fault: impl Fn(&Request) -> Option<Answer> + Send + Sync + 'static,
    ) -> Server {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
        let log = Arc::new(Mutex::new(Vec::new()));
        let (tell, told) = std::sync::mpsc::channel();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
        let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .unwrap();
        let state = Arc::new(State {
            store,
            fault: Box::new(fault),
            log: Arc::clone(&log),
        });
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(serve(TlsAcceptor::from(Arc::new(config)), state, tell));
        });
        let server = Server {
            folder: TempDir::new().unwrap(),
            address: told.recv().unwrap(),
            authority: cert.pem(),
            log,
        };
        std::fs::write(server.folder.path().join("ca.crt"), &server.authority).unwrap();
        server
    }

    /// A kubeconfig whose one context, `prod`, leads here.
    pub fn kubeconfig(&self) -> PathBuf {
        kubeconfig(self.folder.path(), &[("prod", self)])
    }

    pub fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Every request so far, in the order of arrival.
    pub fn requests(&self) -> Vec<Request> {
        self.log.lock().unwrap().clone()
    }
}

/// A kubeconfig with one context for each server; the first is the current one.
pub fn kubeconfig(folder: &Path, servers: &[(&str, &Server)]) -> PathBuf {
    let mut text = String::from("apiVersion: v1\nkind: Config\n");
    text.push_str(&format!("current-context: {}\nclusters:\n", servers[0].0));
    for (name, server) in servers {
        let authority = server.folder.path().join("ca.crt");
        text.push_str(&format!(
            "- name: {name}\n  cluster: {{server: '{}', certificate-authority: '{}'}}\n",
            server.url(),
            authority.display()
        ));
    }
    text.push_str("contexts:\n");
    for (name, _) in servers {
        text.push_str(&format!(
            "- name: {name}\n  context: {{cluster: {name}, user: linter, namespace: pgo}}\n"
        ));
    }
    text.push_str("users:\n- name: linter\n  user: {token: linters-token}\n");
    let path = folder.join("kubeconfig");
    std::fs::write(&path, text).unwrap();
    path
}

struct State {
    store: Store,
    fault: Box<Fault>,
    log: Arc<Mutex<Vec<Request>>>,
}

async fn serve(tls: TlsAcceptor, state: Arc<State>, tell: std::sync::mpsc::Sender<SocketAddr>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    tell.send(listener.local_addr().unwrap()).unwrap();
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let (tls, state) = (tls.clone(), Arc::clone(&state));
        tokio::spawn(async move {
            let Ok(stream) = tls.accept(stream).await else {
                return;
            };
            let service = service_fn(|request| answer(request, Arc::clone(&state)));
            let connection = hyper::server::conn::http1::Builder::new();
            let _ = connection
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn answer(
    request: hyper::Request<Incoming>,
    state: Arc<State>,
) -> Result<hyper::Response<answer::Body>, std::io::Error> {
    let request = seen(request, &state).await.unwrap();
    state.log.lock().unwrap().push(request.clone());
    let answer = (state.fault)(&request).unwrap_or_else(|| state.store.answer(&request));
    answer.response().await
}

async fn seen(request: hyper::Request<Incoming>, state: &State) -> Result<Request, Infallible> {
    let (parts, body) = request.into_parts();
    let header = |name: &str| {
        let value = parts.headers.get(name);
        value.map_or("", |value| value.to_str().unwrap()).to_owned()
    };
    let query = parts.uri.query().unwrap_or("").split('&');
    let query: BTreeMap<String, String> = query
        .filter_map(|pair| pair.split_once('='))
        .map(|(key, value)| (key.to_owned(), unescaped(value)))
        .collect();
    let path = unescaped(parts.uri.path());
    let same = |other: &&Request| other.path == path && other.query == query;
    let before = state.log.lock().unwrap().iter().filter(same).count();
    let body = body
        .collect()
        .await
        .map(http_body_util::Collected::to_bytes);
    Ok(Request {
        method: parts.method.to_string(),
        accept: header("accept"),
        authorization: header("authorization"),
        impersonated: header("impersonate-user"),
        agent: header("user-agent"),
        body: String::from_utf8(body.unwrap_or_default().to_vec()).unwrap(),
        path,
        query,
        before,
    })
}

fn unescaped(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let code = [rest.next().unwrap(), rest.next().unwrap()];
            let code = std::str::from_utf8(&code).unwrap().to_owned();
            bytes.push(u8::from_str_radix(&code, 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}
