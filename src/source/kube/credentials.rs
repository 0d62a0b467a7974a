//! The credentials of a context, made ready before the client is: a token as kubectl reads it, a login plugin that was run.

use std::fs::File;
use std::io::Read;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kube::Config;
use secrecy::ExposeSecret;

use super::plugin;

/// Larger than any token, in bytes.
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

#[allow(clippy::disallowed_methods)] // a credential is no input
fn token_in(path: &str) -> Result<String, String> {
    let what = "the tokenFile of the context's user";
    let mut text = String::new();
    let file =
        File::open(path).map_err(|error| format!("{what} cannot be read: {}", error.kind()))?;
    let mut some = file.take(MOST_BYTES);
    some.read_to_string(&mut text)
        .map_err(|error| format!("{what} cannot be read: {}", error.kind()))?;
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
