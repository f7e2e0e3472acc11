BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'pollbot','first_light','2026-11-26 22:02:39.066048+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'pollbot','polls','2026-11-26 22:02:39.099870+00:00');
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
INSERT INTO "accounts" VALUES('T0SANDBOX','U0ADA','https://acme.example','acc-ada','Ada of Jira','https://acme.example','gAAAAABrCKx_XaKOAwWVsxjPjf9gFu6ggxEMzP0xWFXxsaP2yY6AWcA4jhE_wv4zZOCxc6IxSszt2Jm78gjr0vim8U24_EhtSLT0SPvAvbHYinlyuGSyajrLcvIu8WzvzGYgxyc2Pp2t',NULL,1.7957305592604746818e+09);
CREATE TABLE answers (
            poll_id   TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            voter     TEXT NOT NULL,
            option_id TEXT NOT NULL,
            PRIMARY KEY (poll_id, voter, option_id)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "answers" VALUES('1qpq3K61sLDc','4cd6b8b398fef8c9a474655bd3d8944af6e6257a844e0a45c7621e77602ecb33','1');
INSERT INTO "answers" VALUES('1qpq3K61sLDc','bc8139a0ac198e8db14ef965a9f5cbb18b3ee3ad178bf1833f3b0f76c3796fea','2');
INSERT INTO "answers" VALUES('1qpq3K61sLDc','f5e7a80b10f46bd046fb4d05b43e1b945207f4bf5f105bc3357f5bb2315c6748','2');
INSERT INTO "answers" VALUES('8TVMkGL3wsq4','U0ADA','1');
INSERT INTO "answers" VALUES('8TVMkGL3wsq4','U0BEN','2');
INSERT INTO "answers" VALUES('8TVMkGL3wsq4','U0CLEO','2');
INSERT INTO "answers" VALUES('GvhyJAiyBee3','5929fd3690f85460af1f3b8fdc3224bc9d1fe3793cdce12883ae83039d668d4f','2');
INSERT INTO "answers" VALUES('GvhyJAiyBee3','61f8c6ce56ce8a4c822dd52ce89f4c5a79eb331261ea550e4028eb2d8145444b','1');
INSERT INTO "answers" VALUES('GvhyJAiyBee3','61f8c6ce56ce8a4c822dd52ce89f4c5a79eb331261ea550e4028eb2d8145444b','2');
INSERT INTO "answers" VALUES('GvhyJAiyBee3','6ece83c3672362716140812c65abbf1a98bdc8a492bbe5d1f3b40f0780255745','2');
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
        , poll_id TEXT) STRICT;
INSERT INTO "cards" VALUES('cSIU8XjA-JxB','T0SANDBOX','C0PLANNING','1795730559.345091','https://acme.example','PLAT-12','U0ADA',1,0,'{"key":"PLAT-12","summary":"Export <all> & more","status":"Open","type":"Story","votes":8,"voted":true,"voters":["Ada of Jira"],"resolution":null,"reporter_id":null}',1.79573055932359433172e+09,1,1,0,1.79573056034538030625e+09,1.79573055929313492775e+09,0,'gAAAAABrCKx_JdvGpkxBY8g7BnyiNmwT2r52kHfy6ZM7DEA13qR-Ltffwexfclx0LKBcHfIN-S2r7Ad_9a11eTxas-vXUmV38QlQI3vqhuxkQrgtvm185MEr-0XwnzweKzxbhYcXbUw7zop7nwcrKj_4SnSmjJSV5Q==',1.79573055929313492775e+09,NULL);
INSERT INTO "cards" VALUES('r5PWpIUDoIl8','T0SANDBOX','C0PLANNING','1795730565.410844','https://acme.example','','U0ADA',1,0,NULL,0.0,4,1,0,1.79573056641124701501e+09,1.79573056539595103265e+09,0,'gAAAAABrCKyFypEsKQU4nbiQ-Sj0RDIY2gAdHqU_tR2iT_zDSq2w-kKuKruznz3pccPM6ANQRIMaGs0ALay2nyP2JZW9-Aft5tTmRfLeh3cXh4VujII-aiDt6SyZLrgNlFGTuYmoFwpCYjrbIJzFJqAe_iyDHiSqPw==',1.79573056547124886516e+09,'8TVMkGL3wsq4');
INSERT INTO "cards" VALUES('kFaXbB4v59uh','T0SANDBOX','C0PLANNING','1795730565.543732','https://acme.example','','U0ADA',1,0,NULL,0.0,5,1,0,1.79573056654413676261e+09,1.7957305655186004638e+09,0,'gAAAAABrCKyFPMICxbLUhOopJW9LEsEtazkehe_dzI3gz4D4LqWti01NSVj_y_WmP3XZdZR9Yp9OAerI303CFD621-708vybsgQ6AJ-bFsz0vLr3AvgBUwFgTDEybd7mbAP450qIDWbWLtBD26682WyT9ZX1r2eJrw==',1.79573056557149672509e+09,'GvhyJAiyBee3');
INSERT INTO "cards" VALUES('tADSJw-KxsLF','T0SANDBOX','C0PLANNING','1795730565.610904','https://acme.example','','U0ADA',1,0,NULL,0.0,5,1,0,1.79573056661129951475e+09,1.79573056559853148463e+09,0,'gAAAAABrCKyF-0h16hw53AhJTDF-o89BOyJySbvpZOJ0NIDjURZ8VHO6SbIAITFn67g6BsYZZUugHmiuzcgjesiq1qV62cvNhslHv-UdFGw0ePVvquwd_HFzRvbmaQQfVR7Eld3cZuVZfp0G5THilrHdXQ8eMLAicg==',1.79573056564338374139e+09,'1qpq3K61sLDc');
CREATE TABLE comments (
            poll_id TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            voter   TEXT NOT NULL,
            comment TEXT NOT NULL,
            PRIMARY KEY (poll_id, voter)
        ) STRICT, WITHOUT ROWID;
CREATE TABLE deliveries (
            team_id TEXT NOT NULL,
            user_id TEXT NOT NULL,
            subject TEXT NOT NULL,
            stamp   TEXT NOT NULL,
            deed    TEXT NOT NULL,
            seen_at REAL NOT NULL,
            PRIMARY KEY (team_id, user_id, subject, stamp, deed)
        ) STRICT;
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example PLAT-12 ','5.T0SANDBOX.5a397b2cec91e4b1c2d16aa330511578','card',1.79573055929313492775e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','12.T0SANDBOX.d44661195d56120e143e4c06bf4b8461 "Lunch?" "Pizza" "Soup"','8TVMkGL3wsq4',1.7957305653858728409e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  8TVMkGL3wsq4','12.T0SANDBOX.d44661195d56120e143e4c06bf4b8461 "Lunch?" "Pizza" "Soup"','card',1.79573056539595103265e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','poll 8TVMkGL3wsq4','1795730565.419915','answer',1.79573056542233276365e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0BEN','poll 8TVMkGL3wsq4','1795730565.456956','answer',1795730565.45805);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0CLEO','poll 8TVMkGL3wsq4','1795730565.470320','answer',1.79573056547124886516e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','19.T0SANDBOX.0b21af6a7d421b3e0ad61c6998d89916 anonymous multi "Leaving?" "Yes" "No"','GvhyJAiyBee3',1.7957305654814295769e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  GvhyJAiyBee3','19.T0SANDBOX.0b21af6a7d421b3e0ad61c6998d89916 anonymous multi "Leaving?" "Yes" "No"','card',1.7957305655186004638e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','61f8c6ce56ce8a4c822dd52ce89f4c5a79eb331261ea550e4028eb2d8145444b','poll GvhyJAiyBee3','1795730565.547341','switch',1.79573056554817438125e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','6ece83c3672362716140812c65abbf1a98bdc8a492bbe5d1f3b40f0780255745','poll GvhyJAiyBee3','1795730565.557247','switch',1.79573056555809640886e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','5929fd3690f85460af1f3b8fdc3224bc9d1fe3793cdce12883ae83039d668d4f','poll GvhyJAiyBee3','1795730565.562329','switch',1.79573056556329035751e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','61f8c6ce56ce8a4c822dd52ce89f4c5a79eb331261ea550e4028eb2d8145444b','poll GvhyJAiyBee3','1795730565.570700','switch',1.79573056557149672509e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','29.T0SANDBOX.cb9965cae594ca1667a32a49faa10c1c anonymous "Over?" "Yes" "No"','1qpq3K61sLDc',1.79573056558554363252e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  1qpq3K61sLDc','29.T0SANDBOX.cb9965cae594ca1667a32a49faa10c1c anonymous "Over?" "Yes" "No"','card',1.79573056559853148463e+09);
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
INSERT INTO "intents" VALUES('6TWdHt0hn--o','T0SANDBOX','U0ADA','https://acme.example','PLAT-13','vote','queued',1,1.79573056812222361564e+09,1.79573056567764949799e+09,1,NULL,'C0PLANNING','gAAAAABrCKyFpxPDc69wqVx2nL6-c96R9I1qZ8YmspwkQeIort3GgO69eeiV98sklxTJJBqRI3yAKCWOtQBMHmI7_aYouui5DIDOvDbzrmVzGPTb9ijPVAttCiIVtMVwgiRGRDT9EbBExFTsMtR2JSxGCcj_Y3C7zQ==',0);
INSERT INTO "intents" VALUES('Wm7TPx_vwFLd','T0SANDBOX','U0BEN','https://acme.example','PLAT-12','vote','unconnected',0,1.79573068569127655032e+09,1.79573056568516254425e+09,1,NULL,'C0PLANNING','gAAAAABrCKyFyuoQmPyeYGLRatsjSOjFl6FiBsmm4t6jGlsewWA_zFbJS6cbRNAdGQASpMdJS8cpoKjlnTIOtCpgDu3FpgfcnfUB5pI8uwq8YlaFAzG2AjR5Ud5ZyrtqiLNwQkrnvzJUNhbmMEEk5de2vLX5zLZVVw==',0);
CREATE TABLE links (
            team_id    TEXT NOT NULL,
            channel_id TEXT NOT NULL,
            site       TEXT NOT NULL,
            issue_key  TEXT NOT NULL,
            linked_by  TEXT NOT NULL,
            linked_at  REAL NOT NULL,
            PRIMARY KEY (team_id, channel_id)
        ) STRICT;
INSERT INTO "links" VALUES('T0SANDBOX','C0PLANNING','https://acme.example','PLAT-13','U0ADA',1.79573055936925792689e+09);
CREATE TABLE pages (
            team_id  TEXT NOT NULL,
            page_id  TEXT NOT NULL,
            space_id TEXT NOT NULL,
            title    TEXT NOT NULL,
            macro_id TEXT,
            PRIMARY KEY (team_id, page_id)
        ) STRICT;
CREATE TABLE poll_keys (
            poll_id TEXT NOT NULL PRIMARY KEY REFERENCES polls (id) ON DELETE CASCADE,
            key     TEXT NOT NULL
        ) STRICT;
INSERT INTO "poll_keys" VALUES('GvhyJAiyBee3','gAAAAABrCKyFIgCF2PTQ9JCBXqEneP9R04SdKYyGgPb-MPsEBAJiBRl8GuTgDDTs9RG8EGeelmEdd4g_lXL2kYD0h2eWqL9jGqgkuBOphl6FU4n64zlL7ANXN8rgQ_oHkX-njTQ_toO4nNhe7LMlGPCIdbuOX3_EOjyiOt7QFqXAd8Nw6ZX16P4=');
CREATE TABLE polls (
            id          TEXT NOT NULL PRIMARY KEY,
            team_id     TEXT NOT NULL,
            site        TEXT NOT NULL,
            kind        TEXT NOT NULL CHECK (kind IN ('plain', 'issue', 'page')),
            subject     TEXT NOT NULL,
            source_id   TEXT,
            workspace   TEXT,
            content     TEXT,
            container   TEXT,
            remote_id   TEXT,
            raw         TEXT,
            title       TEXT NOT NULL,
            description TEXT NOT NULL,
            options     TEXT NOT NULL,
            settings    TEXT NOT NULL,
            template    TEXT,
            created_by  TEXT NOT NULL,
            owners      TEXT NOT NULL DEFAULT '[]',
            created_at  REAL NOT NULL,
            made        INTEGER NOT NULL DEFAULT 1,
            closes_at   REAL,
            closed_at   REAL,
            deleted_at  REAL,
            jira_part   TEXT,
            understood  INTEGER NOT NULL DEFAULT 1,
            read_at     REAL NOT NULL DEFAULT 0,
            read_due_at REAL NOT NULL DEFAULT 0,
            read_every  REAL NOT NULL DEFAULT 300
        ) STRICT;
INSERT INTO "polls" VALUES('8TVMkGL3wsq4','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false},{"id":"2","title":"Soup","order":1,"removed":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.7957305653858728409e+09,1,NULL,NULL,NULL,NULL,1,0.0,0.0,300.0);
INSERT INTO "polls" VALUES('GvhyJAiyBee3','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Leaving?','','[{"id":"1","title":"Yes","order":0,"removed":false},{"id":"2","title":"No","order":1,"removed":false}]','{"several":true,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":false,"comments":false}',NULL,'U0ADA','[]',1.7957305654814295769e+09,1,NULL,NULL,NULL,NULL,1,0.0,0.0,300.0);
INSERT INTO "polls" VALUES('1qpq3K61sLDc','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Over?','','[{"id":"1","title":"Yes","order":0,"removed":false},{"id":"2","title":"No","order":1,"removed":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":false,"comments":false}',NULL,'U0ADA','[]',1.79573056558554363252e+09,1,NULL,1.7957305656744155884e+09,NULL,NULL,1,0.0,0.0,300.0);
CREATE TABLE sources (
            id        TEXT NOT NULL PRIMARY KEY,
            team_id   TEXT NOT NULL,
            workspace TEXT NOT NULL,
            url       TEXT NOT NULL,
            token     TEXT NOT NULL,
            set_by    TEXT NOT NULL,
            set_at    REAL NOT NULL,
            UNIQUE (team_id, workspace)
        ) STRICT;
CREATE TABLE teams (
            team_id    TEXT NOT NULL PRIMARY KEY,
            needs_jira INTEGER NOT NULL DEFAULT 0
        ) STRICT;
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX intents_due ON intents (state, due_at);
CREATE INDEX cards_of_issue ON cards (team_id, site, issue_key);
CREATE INDEX cards_waiting ON cards (due_at) WHERE changes > drawn;
CREATE INDEX deliveries_old ON deliveries (seen_at);
CREATE INDEX polls_of ON polls (team_id, subject);
CREATE INDEX polls_to_close ON polls (closes_at)
            WHERE closed_at IS NULL AND deleted_at IS NULL;
CREATE INDEX polls_to_read ON polls (read_due_at) WHERE remote_id IS NOT NULL;
CREATE UNIQUE INDEX polls_remote ON polls (team_id, source_id, content, remote_id)
            WHERE remote_id IS NOT NULL;
CREATE INDEX cards_of_poll ON cards (poll_id) WHERE poll_id IS NOT NULL;
COMMIT;
