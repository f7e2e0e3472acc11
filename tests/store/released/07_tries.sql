-- poll-key: gAAAAABrCKyRkN7Ty3_TJ_LSCtBMtOFrcZ7d4f_zB8nl7KBpKIwLdVMrQTZ7_jgrgSSnrmbH4mfYwfCJ9Kij3qXIJyu_L33GK8fd1xIoyygTMCIgziURlHPrk-o7NhwjmOJKD7Nm8p7n
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'pollbot','first_light','2026-11-26 22:02:57.120526+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'pollbot','polls','2026-11-26 22:02:57.130650+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'pollbot','schedules','2026-11-26 22:02:57.138821+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'pollbot','queues','2026-11-26 22:02:57.164398+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'pollbot','outbox','2026-11-26 22:02:57.169645+00:00');
INSERT INTO "_sqlite_migrations" VALUES(6,'pollbot','parted_for_good','2026-11-26 22:02:57.174633+00:00');
INSERT INTO "_sqlite_migrations" VALUES(7,'pollbot','tries','2026-11-26 22:02:57.176403+00:00');
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
INSERT INTO "accounts" VALUES('T0SANDBOX','U0ADA','https://acme.example','acc-ada','Ada of Jira','https://acme.example','gAAAAABrCKyRdAMpVB1-1ELtuSMmxJRzQmcWbpVVbKq_4qrjlnJMaFfOiLMGmCPe278V5CRzaTICVyFFR7dwjUCLfq9hJy7O1Pb_q5WEXKeFKLelw0fkKNB4LeEcJFaFAnfWltyegUiq',NULL,1.79573057728800535197e+09);
CREATE TABLE answers (
            poll_id   TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            voter     TEXT NOT NULL,
            option_id TEXT NOT NULL,
            PRIMARY KEY (poll_id, voter, option_id)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "answers" VALUES('Ilx2Q8ChsPHt','88b87b5a998a06d63d120c9263463e14a4e4f0262f5dcb9f60d4dea0ad9a0aa0','1');
INSERT INTO "answers" VALUES('Ilx2Q8ChsPHt','88b87b5a998a06d63d120c9263463e14a4e4f0262f5dcb9f60d4dea0ad9a0aa0','2');
INSERT INTO "answers" VALUES('Ilx2Q8ChsPHt','8948c71c52c55c45e042ad000ec525141c77a486350d881ab1aba9eb412406c7','2');
INSERT INTO "answers" VALUES('Ilx2Q8ChsPHt','e16d1cdb544bf908b307ed2ef998147bf2e14aca3828b77af41d38bd5fcc5906','2');
INSERT INTO "answers" VALUES('iJgCWMpL6Jhn','6a0df6beff506b2dfe2dedd076462774','2');
INSERT INTO "answers" VALUES('iJgCWMpL6Jhn','8145d2e1835ea1d91215b05ad03382e3','2');
INSERT INTO "answers" VALUES('iJgCWMpL6Jhn','fa2af47acd493f9ffadbb134796f19ef','1');
INSERT INTO "answers" VALUES('sd3tERFqpDdz','U0ADA','1');
INSERT INTO "answers" VALUES('sd3tERFqpDdz','U0BEN','2');
INSERT INTO "answers" VALUES('sd3tERFqpDdz','U0CLEO','2');
CREATE TABLE ballot_lines (
            card_id   TEXT NOT NULL REFERENCES cards (id) ON DELETE CASCADE,
            place     INTEGER NOT NULL,
            team_id   TEXT NOT NULL,
            site      TEXT NOT NULL,
            issue_key TEXT NOT NULL,
            issue     TEXT NOT NULL,
            read_at   REAL NOT NULL,
            PRIMARY KEY (card_id, issue_key)
        ) STRICT;
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
            made_at      REAL NOT NULL,
            told         INTEGER NOT NULL DEFAULT 0,
            response_url TEXT,
            url_since    REAL NOT NULL DEFAULT 0
        , poll_id TEXT, ballot TEXT, frame TEXT, due_at REAL DEFAULT 0, held_until REAL, holder TEXT) STRICT;
INSERT INTO "cards" VALUES('kk1a_GGsFi5p','T0SANDBOX','C0PLANNING','1795730577.352581','https://acme.example','PLAT-12','U0ADA',1,0,'{"key":"PLAT-12","summary":"Export <all> & more","status":"Open","type":"Story","votes":8,"voted":true,"voters":["Ada of Jira"],"resolution":null,"reporter_id":null}',1.79573057734969687465e+09,1,1,0,1.79573057732010912899e+09,0,NULL,1.79573057732010912899e+09,NULL,NULL,NULL,1.79573057835830640792e+09,NULL,NULL);
INSERT INTO "cards" VALUES('qeiDj9hZPfnN','T0SANDBOX','C0PLANNING','1795730577.415783','https://acme.example','','U0ADA',1,0,NULL,0.0,4,1,0,1.79573057738300490386e+09,0,'gAAAAABrCKyRlZyaGCKYy3agAmG8ZJDCrkitN2r9pPIxntecKaMXtyVF8Tayqg4D2tlRo-yEO5J8UeTh--_-YaA2IWxgGDn6U819BHFvhB3IJL0l5-zT0Iokn1iewnM4d9jujzn0gcKDM03rRhx1PfcZ9KQcOB9myg==',1.79573057746333312988e+09,'sd3tERFqpDdz',NULL,NULL,1.79573057841643023493e+09,NULL,NULL);
INSERT INTO "cards" VALUES('7sgEeCjSrRy2','T0SANDBOX','C0PLANNING','1795730577.490118','https://acme.example','','U0ADA',1,0,NULL,0.0,5,1,0,1.79573057748266458506e+09,0,'gAAAAABrCKyRqSpYxzhwix4O4Mn4NzxfLLDC2bUZPMPgWAN6z-0fMNuF9VmJwCIwqrA8jq8ibYhH4FJ2hjBM6nB-UzCsn4HQKj41BpRPiGamkVjGxbmqJdb7TfF8UPELyO-8aN5m1VsFvbEwaOPGKQSF5-tab3s7cw==',1.79573057751625704764e+09,'Ilx2Q8ChsPHt',NULL,NULL,1.79573057849080181119e+09,NULL,NULL);
INSERT INTO "cards" VALUES('YDZgkGB7pgjW','T0SANDBOX','C0PLANNING','1795730577.553719','https://acme.example','','U0ADA',1,0,NULL,0.0,5,1,0,1.79573057752115345002e+09,0,'gAAAAABrCKyR65HOPzCzJLoHMJB_E8WasoSo2jUuMHBmLnOUL7MjAUJ9ktHUtCJt0EBEIsGc2iBuFxNBNXWUaN8htUwnZs-g8vECtfMbXB3V2IsC3Lnr7AfWR4rlUdHOSlIAfm_sw8A2crPCoFUeOjYe_ztIZuMMMA==',1.79573057757392573353e+09,'iJgCWMpL6Jhn',NULL,NULL,1.79573057855606722831e+09,NULL,NULL);
INSERT INTO "cards" VALUES('9jKJsYbzW0hl','T0SANDBOX','C0PLANNING','1795730577.666861','https://acme.example','','U0ADA',1,0,NULL,0.0,1,1,0,1.79573057764297080041e+09,0,NULL,1.79573057764297080041e+09,'sWwIL187U4WV',NULL,NULL,1.79573057866761112214e+09,NULL,NULL);
INSERT INTO "cards" VALUES('Wtg8E96woNld','T0SANDBOX','C0PLANNING','1795730577.697304','https://acme.example','','U0ADA',1,0,NULL,0.0,1,1,0,1.79573057768890333172e+09,0,NULL,1.79573057768890333172e+09,'CRtn0d3Fo5uo',NULL,NULL,1.79573057870230484009e+09,NULL,NULL);
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
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example PLAT-12 ','6.T0SANDBOX.d30de6c8f6fa364acf6659c420b4c94e','card',1.79573057732010912899e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','10.T0SANDBOX.1e45e4de0e472d1df70233ddf5fed1fd here "Lunch?" "Pizza" "Soup"','sd3tERFqpDdz',1.79573057737938499445e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  sd3tERFqpDdz','10.T0SANDBOX.1e45e4de0e472d1df70233ddf5fed1fd here "Lunch?" "Pizza" "Soup"','card',1.79573057738300490386e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','poll sd3tERFqpDdz','1795730577.424940','answer',1.79573057742589640615e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0BEN','poll sd3tERFqpDdz','1795730577.458875','answer',1.79573057745972371104e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0CLEO','poll sd3tERFqpDdz','1795730577.462650','answer',1.79573057746333312988e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','17.T0SANDBOX.617c8f11d28a7b966df671c421b4b8e8 anonymous multi "Leaving?" "Yes" "No"','Ilx2Q8ChsPHt',1.79573057746876406674e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  Ilx2Q8ChsPHt','17.T0SANDBOX.617c8f11d28a7b966df671c421b4b8e8 anonymous multi "Leaving?" "Yes" "No"','card',1.79573057748266458506e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','88b87b5a998a06d63d120c9263463e14a4e4f0262f5dcb9f60d4dea0ad9a0aa0','poll Ilx2Q8ChsPHt','1795730577.509923','switch',1.79573057751059389115e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','e16d1cdb544bf908b307ed2ef998147bf2e14aca3828b77af41d38bd5fcc5906','poll Ilx2Q8ChsPHt','1795730577.511715','switch',1.79573057751241016389e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','8948c71c52c55c45e042ad000ec525141c77a486350d881ab1aba9eb412406c7','poll Ilx2Q8ChsPHt','1795730577.513755','switch',1.79573057751447176934e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','88b87b5a998a06d63d120c9263463e14a4e4f0262f5dcb9f60d4dea0ad9a0aa0','poll Ilx2Q8ChsPHt','1795730577.515602','switch',1.79573057751625704764e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','27.T0SANDBOX.70c65c515e49ada722ed9a8301b48216 anonymous "Over?" "Yes" "No"','iJgCWMpL6Jhn',1.79573057751999354365e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  iJgCWMpL6Jhn','27.T0SANDBOX.70c65c515e49ada722ed9a8301b48216 anonymous "Over?" "Yes" "No"','card',1.79573057752115345002e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','39.T0SANDBOX.867d243aad9fdc6c06c343d998c68eff "Lunch?" "Pizza" "Soup"','sWwIL187U4WV',1.79573057763481926923e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  sWwIL187U4WV','39.T0SANDBOX.867d243aad9fdc6c06c343d998c68eff "Lunch?" "Pizza" "Soup"','card',1.79573057764297080041e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','V47','CRtn0d3Fo5uo',1.79573057768803453441e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  CRtn0d3Fo5uo','V47','card',1.79573057768890333172e+09);
CREATE TABLE endings (
            poll_id   TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            team_id   TEXT NOT NULL,
            closed_at REAL NOT NULL,
            attempts  INTEGER NOT NULL DEFAULT 0, due_at REAL DEFAULT 0, held_until REAL, holder TEXT,
            PRIMARY KEY (poll_id, closed_at)
        ) STRICT;
CREATE TABLE intents (
            id                 TEXT NOT NULL PRIMARY KEY,
            team_id            TEXT NOT NULL,
            user_id            TEXT NOT NULL,
            site               TEXT NOT NULL,
            issue_key          TEXT NOT NULL,
            wish               TEXT NOT NULL CHECK (wish IN ('vote', 'withdraw')),
            state              TEXT NOT NULL CHECK (state IN ('queued', 'unconnected', 'settled')),
            attempts           INTEGER NOT NULL DEFAULT 0,
            asked_at           REAL NOT NULL,
            told               INTEGER NOT NULL DEFAULT 0,
            outcome            TEXT,
            channel_id         TEXT NOT NULL,
            response_url       TEXT,
            replaces           INTEGER NOT NULL DEFAULT 0, due_at REAL DEFAULT 0, held_until REAL, holder TEXT,
            UNIQUE (team_id, user_id, site, issue_key)
        ) STRICT;
INSERT INTO "intents" VALUES('exclKPQu-GrV','T0SANDBOX','U0ADA','https://acme.example','PLAT-13','vote','queued',1,1.79573057768986868855e+09,1,NULL,'C0PLANNING','gAAAAABrCKyRGIFdqS5ttxa1dd-YGJOE4hm3vPmWCb2JutvflhYSo6JwQp4MjPZR_NUx42EsBPwhmPAvF6ses4vlvx5N_tBCFolaliEYM0DZVIO_1vaGiaEZS5tKBAP6MUF-PaPQWuU4A3A1lE4CT5jC7kWPc8nt5Q==',0,1.79573058022347164155e+09,NULL,NULL);
INSERT INTO "intents" VALUES('EVF-HPX5RGAb','T0SANDBOX','U0BEN','https://acme.example','PLAT-12','vote','unconnected',0,1.79573057769115924835e+09,1,NULL,'C0PLANNING','gAAAAABrCKyRv9ECvDHhC24DyI6ubCO5d5UBWVTQGRPLw8AQ_dV1vuE_Dy7MJEJaeqR2ijpeCm735YIfDqMHpFHKVzKsfKdw9eLWcePQ5e27I4h9FE1B4RweRaYk6NrabdjZt5zgKZeSYtEPKDx-5HTOaAXAx5lLwg==',0,1.79573057872388243674e+09,NULL,NULL);
CREATE TABLE links (
            team_id    TEXT NOT NULL,
            channel_id TEXT NOT NULL,
            site       TEXT NOT NULL,
            issue_key  TEXT NOT NULL,
            linked_by  TEXT NOT NULL,
            linked_at  REAL NOT NULL,
            PRIMARY KEY (team_id, channel_id)
        ) STRICT;
INSERT INTO "links" VALUES('T0SANDBOX','C0PLANNING','https://acme.example','PLAT-13','U0ADA',1.79573057736513566973e+09);
CREATE TABLE outbox (
            kind       TEXT NOT NULL,
            about      TEXT NOT NULL,
            reader     TEXT NOT NULL DEFAULT '',
            occasion   REAL NOT NULL DEFAULT 0,
            team_id    TEXT NOT NULL,
            state      TEXT NOT NULL
                CHECK (state IN ('claimed', 'sent', 'unsure', 'left_out', 'owed')),
            owed       INTEGER NOT NULL DEFAULT 0,
            tries      INTEGER NOT NULL DEFAULT 0,
            changed_at REAL NOT NULL,
            due_at     REAL DEFAULT 0,
            held_until REAL,
            holder     TEXT,
            attempts   INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (kind, about, reader, occasion)
        ) STRICT;
INSERT INTO "outbox" VALUES('closed','YDZgkGB7pgjW','',1795730577.60098,'T0SANDBOX','sent',0,1,1.79573057763885736469e+09,0.0,NULL,NULL,0);
INSERT INTO "outbox" VALUES('receipt','EVF-HPX5RGAb','connect',0.0,'T0SANDBOX','sent',0,1,1.79573057772337079046e+09,0.0,NULL,NULL,0);
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
INSERT INTO "poll_keys" VALUES('Ilx2Q8ChsPHt','gAAAAABrCKyRqQ5c9CBUlniiKrOV_hMlOJYjvtKDRm3oqIevi3pMzkJAjs3a4xLRy6lTsaF8SWb5e2Gj9WlaXv50BhwK9LD_36WJQ-1d6srZJpVrHVf4-P7vETKvVFHyCjO-pZMVKY2_vCZmsMN1VHEMgivAjM1BZZj1RoLHCPyAQu2P0dK9rl8=');
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
            read_every  REAL NOT NULL DEFAULT 300
        , closed_by TEXT, remind_before REAL, remind_due_at REAL, record INTEGER NOT NULL DEFAULT 0, read_due_at REAL, read_held_until REAL, read_holder TEXT, read_attempts INTEGER NOT NULL DEFAULT 0, remind_held_until REAL, remind_holder TEXT, remind_attempts INTEGER NOT NULL DEFAULT 0, people INTEGER) STRICT;
INSERT INTO "polls" VALUES('sd3tERFqpDdz','T0SANDBOX','https://acme.example','plain','',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false},{"id":"2","title":"Soup","order":1,"removed":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573057737938499445e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL);
INSERT INTO "polls" VALUES('Ilx2Q8ChsPHt','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Leaving?','','[{"id":"1","title":"Yes","order":0,"removed":false},{"id":"2","title":"No","order":1,"removed":false}]','{"several":true,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":false,"comments":false}',NULL,'U0ADA','[]',1.79573057746876406674e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL);
INSERT INTO "polls" VALUES('iJgCWMpL6Jhn','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Over?','','[{"id":"1","title":"Yes","order":0,"removed":false},{"id":"2","title":"No","order":1,"removed":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":false,"comments":false}',NULL,'U0ADA','[]',1.79573057751999354365e+09,1,NULL,1795730577.60098,NULL,NULL,1,0.0,300.0,'',NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,3);
INSERT INTO "polls" VALUES('sWwIL187U4WV','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false},{"id":"2","title":"Soup","order":1,"removed":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573057763481926923e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL);
INSERT INTO "polls" VALUES('CRtn0d3Fo5uo','T0SANDBOX','https://acme.example','issue','PLAT-12',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false},{"id":"2","title":"Soup","order":1,"removed":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":1795903320.0,"closes_at_end":true,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573057768803453441e+09,1,1795903320.0,NULL,NULL,NULL,1,0.0,300.0,NULL,3600.0,1795899720.0,1,NULL,NULL,NULL,0,NULL,NULL,0,NULL);
CREATE TABLE records (
            poll_id    TEXT NOT NULL PRIMARY KEY REFERENCES polls (id) ON DELETE CASCADE,
            team_id    TEXT NOT NULL,
            site       TEXT NOT NULL,
            issue_key  TEXT NOT NULL,
            owner      TEXT NOT NULL,
            state      TEXT NOT NULL
                CHECK (state IN ('wanted', 'unconnected', 'written', 'refused')),
            comment_id TEXT,
            tried      INTEGER NOT NULL DEFAULT 0,
            attempts   INTEGER NOT NULL DEFAULT 0,
            closed_at  REAL NOT NULL
        , due_at REAL DEFAULT 0, held_until REAL, holder TEXT) STRICT;
CREATE TABLE schedules (
            id         TEXT NOT NULL PRIMARY KEY,
            team_id    TEXT NOT NULL,
            site       TEXT NOT NULL,
            owner      TEXT NOT NULL,
            plan       TEXT NOT NULL,
            stamp      TEXT,
            made_at    REAL NOT NULL,
            next_at    REAL,
            attempts   INTEGER NOT NULL DEFAULT 0,
            paused     INTEGER NOT NULL DEFAULT 0,
            why        TEXT NOT NULL DEFAULT '',
            needs_jira INTEGER NOT NULL DEFAULT 0,
            posted     INTEGER NOT NULL DEFAULT 0,
            failures   INTEGER NOT NULL DEFAULT 0,
            snapshot   TEXT, due_at REAL DEFAULT 0, held_until REAL, holder TEXT,
            UNIQUE (team_id, owner, stamp)
        ) STRICT;
INSERT INTO "schedules" VALUES('yPGiEVPMjF4j','T0SANDBOX','https://acme.example','U0ADA','{"what":"poll","subject":"sd3tERFqpDdz","channel_id":"C0PLANNING","recurrence":{"every":"daily","at":"09:00:00","zone":"Europe/Berlin","days":[],"day":1,"on":null},"view":"bars","missed":"late","until_closed":false,"most":null,"ask":null,"starts_at":null}','V42',1.79573057766990613936e+09,1795766400.0,0,0,'',0,0,0,NULL,1795766400.0,NULL,NULL);
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
CREATE TABLE tries (
            id          TEXT NOT NULL PRIMARY KEY,
            team_id     TEXT NOT NULL,
            user_id     TEXT NOT NULL,
            site        TEXT NOT NULL,
            issue_key   TEXT NOT NULL,
            wish        TEXT NOT NULL CHECK (wish IN ('vote', 'withdraw')),
            sent_at     REAL NOT NULL,
            answered_at REAL
        ) STRICT;
INSERT INTO "tries" VALUES('vFijbNYiUUhN','T0SANDBOX','U0ADA','https://acme.example','PLAT-12','vote',1.79573057730538678173e+09,1.79573057731161403655e+09);
INSERT INTO "tries" VALUES('DPUrqHCtWBC2','T0SANDBOX','U0ADA','https://acme.example','PLAT-13','vote',1.7957305776929392815e+09,NULL);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX cards_of_issue ON cards (team_id, site, issue_key);
CREATE INDEX deliveries_old ON deliveries (seen_at);
CREATE INDEX polls_of ON polls (team_id, subject);
CREATE INDEX polls_to_close ON polls (closes_at)
            WHERE closed_at IS NULL AND deleted_at IS NULL;
CREATE UNIQUE INDEX polls_remote ON polls (team_id, source_id, content, remote_id)
            WHERE remote_id IS NOT NULL;
CREATE INDEX cards_of_poll ON cards (poll_id) WHERE poll_id IS NOT NULL;
CREATE INDEX schedules_of ON schedules (team_id, owner);
CREATE INDEX schedules_stopped ON schedules (team_id, owner) WHERE needs_jira = 1;
CREATE INDEX ballot_lines_of ON ballot_lines (team_id, site, issue_key);
CREATE INDEX intents_due ON intents (due_at);
CREATE INDEX intents_held ON intents (held_until) WHERE held_until IS NOT NULL;
CREATE INDEX cards_due ON cards (due_at) WHERE changes > drawn;
CREATE INDEX cards_held ON cards (held_until) WHERE held_until IS NOT NULL;
CREATE INDEX endings_due ON endings (due_at);
CREATE INDEX endings_held ON endings (held_until) WHERE held_until IS NOT NULL;
CREATE INDEX records_due ON records (due_at) WHERE state = 'wanted';
CREATE INDEX records_held ON records (held_until) WHERE held_until IS NOT NULL;
CREATE INDEX schedules_due ON schedules (due_at) WHERE paused = 0 AND next_at IS NOT NULL;
CREATE INDEX schedules_held ON schedules (held_until) WHERE held_until IS NOT NULL;
CREATE INDEX polls_to_read ON polls (read_due_at) WHERE read_due_at IS NOT NULL;
CREATE INDEX polls_reading ON polls (read_held_until) WHERE read_held_until IS NOT NULL;
CREATE INDEX polls_to_remind ON polls (remind_due_at) WHERE remind_due_at IS NOT NULL;
CREATE INDEX polls_reminding ON polls (remind_held_until)
            WHERE remind_held_until IS NOT NULL;
CREATE INDEX outbox_owed ON outbox (due_at) WHERE owed > 0;
CREATE INDEX outbox_held ON outbox (held_until) WHERE held_until IS NOT NULL;
CREATE INDEX outbox_claimed ON outbox (kind) WHERE state = 'claimed';
CREATE INDEX tries_of ON tries (team_id, user_id, site, issue_key);
COMMIT;
