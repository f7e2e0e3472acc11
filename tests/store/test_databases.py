"""A database on the tests' server goes from test to test, with nothing of the former one in it."""

import psycopg
import pytest

from tests.support.cluster import Cluster


def contents(cluster: Cluster, name: str) -> dict[str, list[str]]:
    """Return each row of each table."""
    with psycopg.connect(cluster.address(name)) as db:
        tables = db.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        return {
            table: sorted(map(str, db.execute(f'SELECT * FROM "{table}"'.encode())))  # noqa: S608
            for (table,) in tables
        }


def change(cluster: Cluster, name: str, *statements: str) -> None:
    with psycopg.connect(cluster.address(name), autocommit=True) as db:
        for one in statements:
            db.execute(one.encode())


def test_what_was_written_is_gone_and_what_was_there_is_back(cluster: Cluster) -> None:
    name = cluster.empty()
    as_made = contents(cluster, name)
    assert as_made["pollbot_steps"]
    change(
        cluster,
        name,
        "INSERT INTO languages VALUES ('T0', 'de')",
        "INSERT INTO audit (at, nth, fields, what, team_id, about)"
        " VALUES (1, 1, '{}', 'made', 'T0', 'a poll')",
        "UPDATE leader SET number = 7",
        "DELETE FROM pollbot_steps",
    )
    assert contents(cluster, name) != as_made
    cluster.give_back(name)

    assert cluster.empty() == name
    assert contents(cluster, name) == as_made
    cluster.give_back(name)


def test_who_is_still_there_is_sent_away(cluster: Cluster) -> None:
    name = cluster.empty()
    with psycopg.connect(cluster.address(name)) as left:
        left.execute("INSERT INTO languages VALUES ('T0', 'de')")
        cluster.give_back(name)
        with pytest.raises(psycopg.OperationalError):
            left.execute("SELECT 1")
    assert contents(cluster, name)["languages"] == []


@pytest.mark.parametrize(
    "changed",
    [
        "CREATE TABLE another (id bigint)",
        "DROP TABLE languages",
        "ALTER TABLE languages ADD COLUMN another text",
        "ALTER TABLE languages ALTER COLUMN code DROP NOT NULL",
        "ALTER TABLE languages ALTER COLUMN code SET DEFAULT 'de'",
        "ALTER TABLE languages ADD CHECK (code <> 'de')",
        "ALTER TABLE audit DISABLE TRIGGER audit_is_kept",
        "DROP TRIGGER audit_is_kept ON audit",
        "CREATE INDEX another ON languages (code)",
        "CREATE FUNCTION another() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE OR REPLACE FUNCTION audit_is_kept_whole() RETURNS trigger LANGUAGE plpgsql"
        " AS 'BEGIN RETURN NEW; END'",
        "GRANT SELECT ON languages TO PUBLIC",
        'ALTER DATABASE "{name}" SET default_transaction_read_only = on',
    ],
)
def test_one_whose_tables_were_changed_comes_to_nobody(cluster: Cluster, changed: str) -> None:
    name = cluster.empty()
    change(cluster, name, changed.format(name=name))
    cluster.give_back(name)

    assert name not in {one for (one,) in cluster.run("SELECT datname FROM pg_database")}
    other = cluster.empty()
    assert other != name
    cluster.give_back(other)
