//! What a text spells out, and what only resembles it.

use super::*;

/// The text with what was found as stars.
fn hidden(text: &str) -> String {
    let mut text = text.to_owned();
    for range in credentials(&text.clone()) {
        text.replace_range(range.clone(), &"*".repeat(range.len()));
    }
    text
}

#[test]
fn what_a_text_spells_out_is_found() {
    for (text, expected) in [
        ("postgres://u:hunter2@db/x", "postgres://u:*******@db/x"),
        (
            "x=ghp_0123456789abcdef0123456789",
            "x=******************************",
        ),
        (
            "=ghp_0123456789abcdef0123456789",
            "=******************************",
        ),
        (
            "of it (ghp_0123456789abcdef0123456789) and",
            "of it (******************************) and",
        ),
        (
            "--of=a,ghp_0123456789abcdef0123456789,b",
            "--of=a,******************************,b",
        ),
        ("postgres://u:hun/er2@db/x", "postgres://u:*******@db/x"),
        (
            "u:hunter2@registry.example.com/a",
            "u:*******@registry.example.com/a",
        ),
        ("see \"u:hunter2@host\"", "see \"u:*******@host\""),
        (
            "host=db password=hunter2 user=u",
            "host=db password=******* user=u",
        ),
        (
            "password = 'hunt er2' user=u",
            "password = '********' user=u",
        ),
        (
            "?sslmode=require&password=hunter2",
            "?sslmode=require&password=*******",
        ),
        ("PGPASSWORD=hunter2 psql", "PGPASSWORD=******* psql"),
        (
            "export AWS_SECRET_ACCESS_KEY=\"hunter2\"; x",
            "export AWS_SECRET_ACCESS_KEY=\"*******\"; x",
        ),
        ("a ldapbindpasswd=hunter2", "a ldapbindpasswd=*******"),
        (
            "radiussecrets=\\\"hunter2\\\"",
            "radiussecrets=\\\"*******\\\"",
        ),
        ("--repo1-cipher-pass hunter2", "--repo1-cipher-pass *******"),
        (
            "--repo1-s3-key=hunter2 --delta",
            "--repo1-s3-key=******* --delta",
        ),
        ("--repo1-gcs-key=hunter2", "--repo1-gcs-key=*******"),
        (
            "ALTER USER u PASSWORD 'hunter2' LOGIN",
            "ALTER USER u PASSWORD '*******' LOGIN",
        ),
        (
            "alter user u password ''hunter2''",
            "alter user u password '*********'",
        ),
        (
            "Authorization: Bearer hunter2",
            "Authorization: **************",
        ),
        ("with Bearer hunter2", "with Bearer *******"),
        ("token: hunter2", "token: *******"),
        ("db.password: 'hunt er2', x", "db.password: '********', x"),
        (
            "--target={\"password\":\"hunter2\"}",
            "--target={\"password\":\"*******\"}",
        ),
        (
            "{\\\"apiKey\\\": \\\"hunter2\\\"}",
            "{\\\"apiKey\\\": \\\"*******\\\"}",
        ),
        (
            "{user: u, client_secret: hunter2}",
            "{user: u, client_secret: *******}",
        ),
        (
            "https://h/?X-Amz-Signature=hunter2",
            "https://h/?X-Amz-Signature=*******",
        ),
        ("https://h/?se=1&sig=hunter2", "https://h/?se=1&sig=*******"),
        (
            "https://hunter2@git.example.com/a",
            "https://*******@git.example.com/a",
        ),
        (
            "see <password>hunter2</password>",
            "see <password>*******</password>",
        ),
        ("'db_password' => 'hunter2',", "'db_password' => '*******',"),
        (
            "e[\"PASSWORD\"] = \"hunter2\"",
            "e[\"PASSWORD\"] = \"*******\"",
        ),
        ("password := hunter2", "password := *******"),
        ("password : hunter2", "password : *******"),
        ("db.pw=hunter2", "db.pw=*******"),
        ("curl -u me:hunter2 x", "curl -u me:******* x"),
        ("Cookie: hunter2", "Cookie: *******"),
        (
            "ALTER USER u PASSWORD E'hunter2'",
            "ALTER USER u PASSWORD E'*******'",
        ),
        (
            "ALTER USER u PASSWORD\n  U&'hunter2';",
            "ALTER USER u PASSWORD\n  U&'*******';",
        ),
        (
            "PASSWORD 'hunter2'; PASSWORD 'hunter2'\nPASSWORD 'hunter2'",
            "PASSWORD '***************************'\nPASSWORD '*******'",
        ),
    ] {
        assert_eq!(hidden(text), expected, "{text}");
    }
    assert_eq!(
        hidden("-----BEGIN PRIVATE KEY-----\nx")
            .matches('*')
            .count(),
        29
    );
}

#[test]
fn what_only_resembles_one_stays() {
    for text in [
        "registry.example.com:5000/a/b:1@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "docker-pullable://registry:5000/a@sha256:0123456789abcdef0123456789abcdef0123456789abcdef",
        "https://s3.example.com:9000/bucket",
        "git@example.com:team/db",
        "http://h:80/a@b",
        "someone@example.com",
        "--type=full --repo1-retention-full=7",
        "--repo1-s3-key-type=auto",
        "--repo1-gcs-key=/etc/pgbackrest/conf.d/gcs-key.json",
        "password_encryption=scram-sha-256",
        "PGHA_PASSWORD_TYPE=md5",
        "a password is required",
        "set the password with 'psql'",
        "--secret --delta",
        "self.secret == oldSelf.secret && self.password != x",
        "Basic auth",
        "password:",
        "password: {secretName: a}",
        "{\"automountServiceAccountToken\": false}",
        "{\"secret\":\"hippo-tls\"}",
        "token:80/a",
        "password_encryption: md5",
        "design=x",
        "postgres://hippo@db/x",
        "https://h/?to=a@b",
        "bypass: true",
        "<key>a</key>",
        "sort -u a",
        "host all all 0.0.0.0/0 scram-sha-256",
    ] {
        assert_eq!(hidden(text), text);
    }
}
