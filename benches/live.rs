//! 1,000 clusters over the wire: time, requests and memory of a whole run, against servers of our own on this machine.
//!
//! `cargo bench --bench live`. The servers share the machine, so the time is an upper bound.

#![recursion_limit = "256"]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    unreachable_pub,
    dead_code
)]

#[path = "../tests/shared/api_server/mod.rs"]
mod api_server;
#[path = "../examples/fleet/cluster.rs"]
mod cluster;
#[path = "../examples/fleet/wide.rs"]
mod wide;

use std::ops::Range;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use api_server::{Server, kubeconfig};
use serde_json::Value;

/// How many clusters in all.
const CLUSTERS: usize = 1000;

fn main() {
    one_server();
    many_servers(100);
}

/// All of them in one Kubernetes cluster.
fn one_server() {
    let server = serving(0..CLUSTERS);
    measure(
        &format!("{CLUSTERS} clusters of one server"),
        &server.kubeconfig(),
        &[&server],
    );
}

/// The same number, spread over many.
fn many_servers(count: usize) {
    let each = CLUSTERS / count;
    let servers: Vec<(String, Server)> = (0..count)
        .map(|number| {
            let clusters = number * each..(number + 1) * each;
            (format!("cluster-{number:03}"), serving(clusters))
        })
        .collect();
    let named: Vec<(&str, &Server)> = servers
        .iter()
        .map(|(name, server)| (name.as_str(), server))
        .collect();
    let path = kubeconfig(servers[0].1.folder(), &named);
    let all: Vec<&Server> = servers.iter().map(|(_, server)| server).collect();
    measure(
        &format!("{each} clusters of each of {count} servers"),
        &path,
        &all,
    );
}

fn serving(clusters: Range<usize>) -> Server {
    let objects = wide::objects()
        .into_iter()
        .chain(clusters.flat_map(cluster::objects));
    Server::of(objects.collect::<Vec<Value>>())
}

fn measure(what: &str, kubeconfig: &Path, servers: &[&Server]) {
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_pgo-preflight"))
        .args([
            "check",
            "--all-contexts",
            "-A",
            "--format",
            "json",
            "--kubeconfig",
        ])
        .arg(kubeconfig)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let most = watch(&mut child);
    let time = start.elapsed();
    let requests: usize = servers.iter().map(|server| server.requests().len()).sum();
    println!(
        "{what}: {:.2} s, {requests} requests, {} MB at most",
        time.as_secs_f64(),
        most / 1024
    );
}

/// Waits for the end, and tells the most memory it had, in KiB; 0 where the system does not say.
fn watch(child: &mut Child) -> u64 {
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    loop {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let peak = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse().ok());
        most = peak.unwrap_or(0).max(most);
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.code().is_some_and(|code| code != 2), "{status}");
            return most;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
