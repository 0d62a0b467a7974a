//! The credentials of a context, made ready before the client is: a token as kubectl reads it, a login plugin that was run.

use std::fs::{self, File};
use std::io::{self, Read};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kube::Config;
use kube::config::Kubeconfig;
use secrecy::ExposeSecret;

use super::super::input::special_name;
use super::plugin;

/// Larger than any token or certificate, in bytes.
const MOST_BYTES: u64 = 1 << 20;

/// Puts what the files and the plugin of the configuration give into it. Blocks; the plugin is ended at the limit.
pub(super) fn settle(config: &mut Config, limit: Duration) -> Result<(), String> {
    let user = &mut config.auth_info;
    if let Some(provider) = &user.auth_provider
        && provider.config.contains_key("cmd-path")
    {
        return Err(
            "the context's user has an auth-provider that runs a command, which kubectl gave up with 1.26: use an exec plugin"
                .to_owned(),
        );
    }
    if user.username.is_some() && user.password.is_some() {
        return Ok(());
    }
    // As in kubectl, the file wins where it can be read.
    if let Some(file) = user.token_file.take() {
        match token_in(&file) {
            Ok(token) => user.token = Some(token.into()),
            Err(_) if user.token.is_some() => {}
            Err(why) => return Err(why),
        }
    }
    if let Some(token) = &user.token {
        user.token = Some(fit(token.expose_secret(), "the token of the context's user")?.into());
        user.exec = None;
        return Ok(());
    }
    let Some(exec) = user.exec.take() else {
        return Ok(());
    };
    let login = plugin::run(&exec, limit)?;
    if let (Some(certificate), Some(key)) = (&login.client_certificate_data, &login.client_key_data)
    {
        user.client_certificate_data = Some(STANDARD.encode(certificate.to_be_sent()));
        user.client_key_data = Some(STANDARD.encode(key.to_be_sent()).into());
    }
    if let Some(token) = &login.token {
        let token = fit(token.to_be_sent(), "the token of the login plugin")?;
        user.token = Some(token.into());
    }
    Ok(())
}

/// Puts what the certificate files of a context hold into its kubeconfig: read here, each as what it is and no more of it than
/// any has, nobody else opens them.
pub(super) fn take_files(config: &mut Kubeconfig, context: &str) -> Result<(), String> {
    let mut named = config.contexts.iter().filter(|one| one.name == context);
    let Some(context) = named.find_map(|one| one.context.clone()) else {
        return Ok(());
    };
    let clusters = config.clusters.iter_mut();
    for one in clusters.filter(|one| one.name == context.cluster) {
        let Some(cluster) = &mut one.cluster else {
            continue;
        };
        let what = "the certificate-authority of the context's cluster";
        let file = cluster.certificate_authority.take();
        if let (Some(file), None) = (file, &cluster.certificate_authority_data) {
            cluster.certificate_authority_data = Some(certificate_in(&file, what)?);
        }
    }
    let users = config.auth_infos.iter_mut();
    for one in users.filter(|one| context.user.as_ref() == Some(&one.name)) {
        let Some(user) = &mut one.auth_info else {
            continue;
        };
        let what = "the client-certificate of the context's user";
        let file = user.client_certificate.take();
        if let (Some(file), None) = (file, &user.client_certificate_data) {
            user.client_certificate_data = Some(certificate_in(&file, what)?);
        }
        let what = "the client-key of the context's user";
        let file = user.client_key.take();
        if let (Some(file), None) = (file, &user.client_key_data) {
            user.client_key_data = Some(certificate_in(&file, what)?.into());
        }
    }
    Ok(())
}

/// What a file holds, as a kubeconfig would.
fn certificate_in(path: &str, what: &str) -> Result<String, String> {
    Ok(STANDARD.encode(bytes_in(path, what)?))
}

/// At most so many bytes of a file as any credential has. A pipe may be one; its reader waits no longer than for any.
#[allow(clippy::disallowed_methods)] // a credential is no input
fn bytes_in(path: &str, what: &str) -> Result<Vec<u8>, String> {
    let unreadable = |error: &io::Error| format!("{what} cannot be read: {}", error.kind());
    let about = fs::metadata(path).map_err(|error| unreadable(&error))?;
    let kind = about.file_type();
    if !kind.is_file() && !kind.is_dir() && special_name(kind) != "a pipe" {
        let special = special_name(kind);
        return Err(format!("{what} is {special}, not a file"));
    }
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    let mut bytes = Vec::new();
    let mut some = file.take(MOST_BYTES + 1);
    some.read_to_end(&mut bytes)
        .map_err(|error| unreadable(&error))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(format!("{what} is larger than any"));
    }
    Ok(bytes)
}

fn token_in(path: &str) -> Result<String, String> {
    let what = "the tokenFile of the context's user";
    let text = String::from_utf8(bytes_in(path, what)?)
        .map_err(|_| format!("{what} holds characters that no token does"))?;
    fit(&text, what)
}

/// A token without the white space around it, if a header can hold it.
fn fit(token: &str, what: &str) -> Result<String, String> {
    let token = token.trim();
    if token.is_empty() {
        return Err(format!("{what} is empty"));
    }
    if token.chars().all(|c| c.is_ascii_graphic()) {
        Ok(token.to_owned())
    } else {
        Err(format!("{what} holds characters that no token does"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_trimmed_and_nothing_of_a_wrong_one_is_told() {
        assert_eq!(fit(" abc.d-e\r\n", "it"), Ok("abc.d-e".to_owned()));
        for wrong in ["", "\n", "CANARY\nCANARY", "CANARY\u{1b}", "CANARYü"] {
            assert!(!fit(wrong, "it").unwrap_err().contains("CANARY"));
        }
    }
}
