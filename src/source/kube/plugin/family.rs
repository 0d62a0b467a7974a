//! The processes that a process started, and those that they started: of a login plugin that talks with the user, and so is in the
//! same group of processes as we are, they are found by their parents.

/// Ends a process and all that it started: first asked, then, after `wait`, made to.
#[cfg(unix)]
pub(super) fn end(process: u32, wait: impl FnOnce() -> bool) {
    use rustix::process::{Pid, Signal, kill_process};
    let tell = |all: &[u32], signal| {
        for one in all {
            let pid = i32::try_from(*one).ok().and_then(Pid::from_raw);
            // One that is gone is what is wanted.
            let _ = pid.map(|pid| kill_process(pid, signal));
        }
    };
    let mut all = with_descendants(process, &parents());
    tell(&all, Signal::TERM);
    let is_gone = wait();
    // What has lost its parent is somebody else's child by now.
    all.retain(|one| *one != process || !is_gone);
    tell(&all, Signal::KILL);
}

#[cfg(not(unix))]
pub(super) fn end(_: u32, _: impl FnOnce() -> bool) {}

/// A process and all that it started, of processes with their parents.
#[cfg(unix)]
fn with_descendants(process: u32, parents: &[(u32, u32)]) -> Vec<u32> {
    let mut all = vec![process];
    let mut next = 0;
    while let Some(parent) = all.get(next).copied() {
        next += 1;
        let of_it = parents.iter().filter(|(_, other)| *other == parent);
        let children = of_it.map(|(child, _)| *child);
        let children: Vec<u32> = children.filter(|child| !all.contains(child)).collect();
        all.extend(children);
    }
    all
}

/// All processes with their parents, as Linux has them in files and other systems by `ps`.
#[cfg(unix)]
#[allow(clippy::disallowed_methods)] // no input
fn parents() -> Vec<(u32, u32)> {
    let numbers = |text: &str| {
        let mut words = text.split_whitespace().map(str::parse);
        Some((words.next()?.ok()?, words.next()?.ok()?))
    };
    if let Ok(entries) = std::fs::read_dir("/proc/self/task") {
        drop(entries);
        let all = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        let of = |entry: std::fs::DirEntry| {
            let process: u32 = entry.file_name().to_str()?.parse().ok()?;
            let text = std::fs::read_to_string(entry.path().join("stat")).ok()?;
            // The name of the program, in brackets, may hold anything.
            let (_, rest) = text.rsplit_once(')')?;
            let parent = rest.split_whitespace().nth(1)?.parse().ok()?;
            Some((process, parent))
        };
        return all.filter_map(of).collect();
    }
    let told = std::process::Command::new("ps")
        .args(["-A", "-o", "pid=,ppid="])
        .output();
    let text = told.map_or_else(|_| Vec::new(), |told| told.stdout);
    String::from_utf8_lossy(&text)
        .lines()
        .filter_map(numbers)
        .collect()
}

#[cfg(test)]
mod tests {
    #[cfg(unix)]
    #[test]
    fn children_of_children_are_found_and_nobody_else() {
        let parents = [(2, 1), (3, 2), (4, 3), (5, 1), (6, 5), (7, 2)];
        let mut all = super::with_descendants(2, &parents);
        all.sort_unstable();
        assert_eq!(all, [2, 3, 4, 7]);
        let us = std::process::id();
        assert!(super::parents().iter().any(|(process, _)| *process == us));
    }
}
