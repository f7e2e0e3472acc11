BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'pollbot','first_light','2026-11-26 22:01:59.393982+00:00');
CREATE TABLE accounts (
            team_id      TEXT NOT NULL,
            user_id      TEXT NOT NULL,
            site         TEXT NOT NULL,
            account_id   TEXT NOT NULL,
            display_name TEXT NOT NULL,
            base_url     TEXT NOT NULL,
            credential   TEXT NOT NULL,
            refused_at   REAL,
            connected_at REAL NOT NULL,
            PRIMARY KEY (team_id, user_id, site)
        ) STRICT;
INSERT INTO "accounts" VALUES('T0SANDBOX','U0ADA','https://acme.example','acc-ada','Ada of Jira','https://acme.example','gAAAAABrCKxXaMPcmF7cUR5hZm5BziJZNupPdVbVFOflpv3EOK9QBfXVItB3VTBy-y33xkPDxbk_XmYO0-3JptRtYlQfCY_PTXSU8mTQ4tWWMgIhAd7nVlnuYxJox2H-WyYBe3g8S9TT',NULL,1.79573051963698554034e+09);
CREATE TABLE beats (
            name TEXT NOT NULL PRIMARY KEY,
            at   REAL NOT NULL
        ) STRICT;
CREATE TABLE cards (
            id           TEXT NOT NULL PRIMARY KEY,
            team_id      TEXT NOT NULL,
            channel_id   TEXT NOT NULL,
            message_ts   TEXT,
            site         TEXT NOT NULL,
            issue_key    TEXT NOT NULL,
            posted_by    TEXT NOT NULL,
            posted       INTEGER NOT NULL DEFAULT 0,
            only_by_url  INTEGER NOT NULL DEFAULT 0,
            issue        TEXT,
            read_at      REAL NOT NULL DEFAULT 0,
            changes      INTEGER NOT NULL DEFAULT 1,
            drawn        INTEGER NOT NULL DEFAULT 0,
            attempts     INTEGER NOT NULL DEFAULT 0,
            due_at       REAL NOT NULL,
            made_at      REAL NOT NULL,
            told         INTEGER NOT NULL DEFAULT 0,
            response_url TEXT,
            url_since    REAL NOT NULL DEFAULT 0
        ) STRICT;
INSERT INTO "cards" VALUES('Ntl6bsNa1gkH','T0SANDBOX','C0PLANNING','1795730519.661175','https://acme.example','PLAT-12','U0ADA',1,0,'{"key":"PLAT-12","summary":"Export <all> & more","status":"Open","type":"Story","votes":8,"voted":true,"voters":["Ada of Jira"],"resolution":null,"reporter_id":null}',1.79573051965845251077e+09,1,1,0,1.79573052066144204143e+09,1.79573051965733218194e+09,0,'gAAAAABrCKxXwuZCZd-cbBKfXExYtwQkVSF2GWnzy3HNjsGbO5JEmvvF9y_TTnvQhGGGB7bSlTwnlN5S04vYd2aV8nbB8Bil9ugA5IFHKuZfSpMhPRwGfohA4eU2E3P9B8iHedOh0ozridJrU_-8nm9r0mSO9WTj3Q==',1.79573051965733218194e+09);
CREATE TABLE deliveries (
            team_id TEXT NOT NULL,
            user_id TEXT NOT NULL,
            subject TEXT NOT NULL,
            stamp   TEXT NOT NULL,
            deed    TEXT NOT NULL,
            seen_at REAL NOT NULL,
            PRIMARY KEY (team_id, user_id, subject, stamp, deed)
        ) STRICT;
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example PLAT-12','6.T0SANDBOX.230e82ee9dcf2fb92c9abd6a83f7f033','card',1.79573051965733218194e+09);
CREATE TABLE intents (
            id                 TEXT NOT NULL PRIMARY KEY,
            team_id            TEXT NOT NULL,
            user_id            TEXT NOT NULL,
            site               TEXT NOT NULL,
            issue_key          TEXT NOT NULL,
            wish               TEXT NOT NULL CHECK (wish IN ('vote', 'withdraw')),
            state              TEXT NOT NULL CHECK (state IN ('queued', 'unconnected', 'settled')),
            attempts           INTEGER NOT NULL DEFAULT 0,
            due_at             REAL NOT NULL,
            asked_at           REAL NOT NULL,
            told               INTEGER NOT NULL DEFAULT 0,
            outcome            TEXT,
            channel_id         TEXT NOT NULL,
            response_url       TEXT,
            replaces           INTEGER NOT NULL DEFAULT 0,
            UNIQUE (team_id, user_id, site, issue_key)
        ) STRICT;
INSERT INTO "intents" VALUES('0HW_qztht0SR','T0SANDBOX','U0ADA','https://acme.example','PLAT-13','vote','queued',1,1.79573054516012692444e+09,1.79573054373160672183e+09,1,NULL,'C0PLANNING','gAAAAABrCKxvUre8sM6XHLYtnrS8qoUBtl0dklWLdy5-WD99F0w5g2Q_4o27hvMJ35qCi3LwTJu_bw-u_HX7ZSuHuRgQaXbPMht20hlyd3zsiNsigLYejwv4J1vfGbgBiYHw7-aOlZtLIQgRzGeWHVBL4FbjdIPHGA==',0);
INSERT INTO "intents" VALUES('e2_gToq685tD','T0SANDBOX','U0BEN','https://acme.example','PLAT-12','vote','unconnected',0,1.79573066374353647236e+09,1.79573054374292087557e+09,1,NULL,'C0PLANNING','gAAAAABrCKxv26lA1ExJG8vpUy7lQMGyg4cnRGh5EqriJekzm7gXQ_Hg5EGYHQ6_cQgmtzMzJXoOsJNjiDf_K_X1DsnAJo6sV5eNBM5cZ5ht5I62-rNNDfsyd4tuwuWcw_pX5EVI068Lr90Q7l9vRvYusyOfNOI0gQ==',0);
CREATE TABLE links (
            team_id    TEXT NOT NULL,
            channel_id TEXT NOT NULL,
            site       TEXT NOT NULL,
            issue_key  TEXT NOT NULL,
            linked_by  TEXT NOT NULL,
            linked_at  REAL NOT NULL,
            PRIMARY KEY (team_id, channel_id)
        ) STRICT;
INSERT INTO "links" VALUES('T0SANDBOX','C0PLANNING','https://acme.example','PLAT-13','U0ADA',1.79573051966987061499e+09);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX intents_due ON intents (state, due_at);
CREATE INDEX cards_of_issue ON cards (team_id, site, issue_key);
CREATE INDEX cards_waiting ON cards (due_at) WHERE changes > drawn;
CREATE INDEX deliveries_old ON deliveries (seen_at);
COMMIT;
