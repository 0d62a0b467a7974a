//! What no object proves of a move, with what shows it: never counted against an arrival.

/// What is to be shown, and the statement or command that shows it.
pub(super) const NOT_IN_OBJECTS: [(&str, &str); 5] = [
    (
        "row counts of some tables are what they were (on both sides, writers stopped)",
        "select table_schema, table_name, (xpath('/row/c/text()', query_to_xml(format('select count(*) as c from %I.%I', table_schema, table_name), false, true, '')))[1]::text from information_schema.tables where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema') order by 1, 2;",
    ),
    (
        "text indexes are ordered as the C library of the new image orders: where its base system is another, rebuild them",
        "reindexdb --all",
    ),
    (
        "extensions have the version of their library",
        "select name, default_version, installed_version from pg_available_extensions where installed_version <> default_version;",
    ),
    (
        "no ALTER SYSTEM of v4 outranks the new configuration",
        "select name, setting from pg_settings where sourcefile like '%postgresql.auto.conf';",
    ),
    (
        "clients reach the new cluster, and none the old one",
        "select usename, client_addr, count(*) from pg_stat_activity group by 1, 2;",
    ),
];
