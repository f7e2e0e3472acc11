-- poll-key: gAAAAABrCKyNlPQo6p3ez6_xWh7cfUC8_T4KzxNQ7lKi5kS-0CdjJTLspEmKOqMeNOma0kn8XqQB8vkZJLLU-ESQ3tPOlG2t48FAgqJj8FvxE7fjJC8H7YW2p0MWSRwIiuEksb4vhu-v
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'pollbot','first_light','2026-11-26 22:02:52.636509+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'pollbot','polls','2026-11-26 22:02:52.651512+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'pollbot','schedules','2026-11-26 22:02:52.664711+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'pollbot','queues','2026-11-26 22:02:52.773173+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'pollbot','outbox','2026-11-26 22:02:52.819063+00:00');
INSERT INTO "_sqlite_migrations" VALUES(6,'pollbot','parted_for_good','2026-11-26 22:02:52.825397+00:00');
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
INSERT INTO "accounts" VALUES('T0SANDBOX','U0ADA','https://acme.example','acc-ada','Ada of Jira','https://acme.example','gAAAAABrCKyNrMKzh6Pe7oIdYnh3V8cTFPO1yOkwTm9fDbgGLOaVXqHWi4S9CiqCeFtzoNu8_NUS-mCz9mMe5PNRadZUn6Y12Ke1m31inYDK_A8AYK547IP916KJ3YG4TwKv9oHZlA0_',NULL,1.79573057302685141567e+09);
CREATE TABLE answers (
            poll_id   TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            voter     TEXT NOT NULL,
            option_id TEXT NOT NULL,
            PRIMARY KEY (poll_id, voter, option_id)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "answers" VALUES('-euz391YD-aP','91d7ed64006b033aad46a8a6b6334733','1');
INSERT INTO "answers" VALUES('-euz391YD-aP','c9891f88d380b4963dd896a93d1d7712','2');
INSERT INTO "answers" VALUES('-euz391YD-aP','dab93a1f4930c76b7b70c8f59ab3323f','2');
INSERT INTO "answers" VALUES('CvjcRe39CMab','U0ADA','1');
INSERT INTO "answers" VALUES('CvjcRe39CMab','U0BEN','2');
INSERT INTO "answers" VALUES('CvjcRe39CMab','U0CLEO','2');
INSERT INTO "answers" VALUES('sPmR2bO0wjtz','139750fe0c2258a73bfc7fa57d85bb6a08d1787e08ad2c595752c0a30c17ecaf','1');
INSERT INTO "answers" VALUES('sPmR2bO0wjtz','139750fe0c2258a73bfc7fa57d85bb6a08d1787e08ad2c595752c0a30c17ecaf','2');
INSERT INTO "answers" VALUES('sPmR2bO0wjtz','375f42683e2f99bde3fb45d7ecde1462ff5dd42f72c64cbb53f84bce4c119c61','2');
INSERT INTO "answers" VALUES('sPmR2bO0wjtz','6b8e06a83c3bd7ac79196de54f8f6d7c87365404fa8564c8aa2696ac8ae18e88','2');
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
INSERT INTO "cards" VALUES('U2yW4-L6x7fO','T0SANDBOX','C0PLANNING','1795730573.095052','https://acme.example','PLAT-12','U0ADA',1,0,'{"key":"PLAT-12","summary":"Export <all> & more","status":"Open","type":"Story","votes":8,"voted":true,"voters":["Ada of Jira"],"resolution":null,"reporter_id":null}',1.79573057309056210517e+09,1,1,0,1.79573057305715322491e+09,0,NULL,1.79573057305715322491e+09,NULL,NULL,NULL,1.79573057410229539867e+09,NULL,NULL);
INSERT INTO "cards" VALUES('6Bf36dXoa3_4','T0SANDBOX','C0PLANNING','1795730573.153232','https://acme.example','','U0ADA',1,0,NULL,0.0,4,1,0,1.79573057312833166123e+09,0,'gAAAAABrCKyNXfVyEG-Mhpf-b0_nMoh3hUkzM_DZixW_5J4_R5qqPHMCpCqfAPb8rN_tp_zBAILyR1clJMN0ZUIrzA0riF_WAiCG9KbbSRU2A5iuR2i9be9erYpjohnYueatp-3L9EUEuqNdFVcbMkVeiI-Dseys8Q==',1.79573057318583035471e+09,'CvjcRe39CMab',NULL,NULL,1.7957305741784732342e+09,NULL,NULL);
INSERT INTO "cards" VALUES('GC1PzOOPHMif','T0SANDBOX','C0PLANNING','1795730573.222468','https://acme.example','','U0ADA',1,0,NULL,0.0,5,1,0,1.79573057320245790475e+09,0,'gAAAAABrCKyNG56eYbW49p0oukmrDun-O455jBynKNrKNfhZjzWNQsnx68wNTWRVc-S7RpYWjg6iXp65b7GdSGip4lsmsyZldAxDTzizZey2MDgo7-8lbroem2a6UYF6BPxTLhThdVWoXmtdtCYoEgHHYM7TB_YlPw==',1795730573.26814,'sPmR2bO0wjtz',NULL,NULL,1.79573057422326397896e+09,NULL,NULL);
INSERT INTO "cards" VALUES('JBNJxN3V--OG','T0SANDBOX','C0PLANNING','1795730573.327398','https://acme.example','','U0ADA',1,0,NULL,0.0,5,1,0,1.79573057329850840563e+09,0,'gAAAAABrCKyN34i_jGVDkx-gNrxs6w7wn0CIWQH0W386ayvt4nimlwlaNAUF_Fartncyx93IpJJ3bC87cYWO5OG8Z8IaBWvHNmiZyKFADin9ttMIV60CT20T7iknNi7WD2mYgfueRyTgEnc1RjNfLvK8Z0y-wL0ORg==',1.79573057336043882372e+09,'-euz391YD-aP',NULL,NULL,1.7957305743291561604e+09,NULL,NULL);
INSERT INTO "cards" VALUES('Vk-Vhv1LrMzM','T0SANDBOX','C0PLANNING','1795730573.475697','https://acme.example','','U0ADA',1,0,NULL,0.0,1,1,0,1.79573057346956896787e+09,0,NULL,1.79573057346956896787e+09,'SjE2E_4Q7gDI',NULL,NULL,1.7957305744762701988e+09,NULL,NULL);
INSERT INTO "cards" VALUES('sE4pPi4Dl45F','T0SANDBOX','C0PLANNING','1795730573.534331','https://acme.example','','U0ADA',1,0,NULL,0.0,1,1,0,1.79573057351603651045e+09,0,NULL,1.79573057351603651045e+09,'YFzAlqSK8feB',NULL,NULL,1.79573057453492832187e+09,NULL,NULL);
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
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example PLAT-12 ','6.T0SANDBOX.b7e16ec176296e17d82028601955f57c','card',1.79573057305715322491e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','10.T0SANDBOX.a4861a9d7013d0c2afa49bc15bc40f7c here "Lunch?" "Pizza" "Soup"','CvjcRe39CMab',1.79573057312178587918e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  CvjcRe39CMab','10.T0SANDBOX.a4861a9d7013d0c2afa49bc15bc40f7c here "Lunch?" "Pizza" "Soup"','card',1.79573057312833166123e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','poll CvjcRe39CMab','1795730573.173061','answer',1.79573057317849469182e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0BEN','poll CvjcRe39CMab','1795730573.183132','answer',1.79573057318397593501e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0CLEO','poll CvjcRe39CMab','1795730573.184982','answer',1.79573057318583035471e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','17.T0SANDBOX.37a87a24718cf862bef7f28494d213bc anonymous multi "Leaving?" "Yes" "No"','sPmR2bO0wjtz',1.79573057319291210171e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  sPmR2bO0wjtz','17.T0SANDBOX.37a87a24718cf862bef7f28494d213bc anonymous multi "Leaving?" "Yes" "No"','card',1.79573057320245790475e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','139750fe0c2258a73bfc7fa57d85bb6a08d1787e08ad2c595752c0a30c17ecaf','poll sPmR2bO0wjtz','1795730573.231000','switch',1.79573057323167419429e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','375f42683e2f99bde3fb45d7ecde1462ff5dd42f72c64cbb53f84bce4c119c61','poll sPmR2bO0wjtz','1795730573.233616','switch',1.79573057324249267573e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','6b8e06a83c3bd7ac79196de54f8f6d7c87365404fa8564c8aa2696ac8ae18e88','poll sPmR2bO0wjtz','1795730573.254792','switch',1.79573057325551700596e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','139750fe0c2258a73bfc7fa57d85bb6a08d1787e08ad2c595752c0a30c17ecaf','poll sPmR2bO0wjtz','1795730573.267419','switch',1795730573.26814);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','27.T0SANDBOX.337ca275a95f5e49c42471a47ec2c80a anonymous "Over?" "Yes" "No"','-euz391YD-aP',1.79573057329173421852e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  -euz391YD-aP','27.T0SANDBOX.337ca275a95f5e49c42471a47ec2c80a anonymous "Over?" "Yes" "No"','card',1.79573057329850840563e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','39.T0SANDBOX.39bab76fe747f5f6bd59d87f8384cc49 "Lunch?" "Pizza" "Soup"','SjE2E_4Q7gDI',1.79573057346719074252e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  SjE2E_4Q7gDI','39.T0SANDBOX.39bab76fe747f5f6bd59d87f8384cc49 "Lunch?" "Pizza" "Soup"','card',1.79573057346956896787e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','V47','YFzAlqSK8feB',1.79573057351518273355e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  YFzAlqSK8feB','V47','card',1.79573057351603651045e+09);
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
INSERT INTO "intents" VALUES('H_fQwGv--KIu','T0SANDBOX','U0ADA','https://acme.example','PLAT-13','vote','queued',1,1.79573057351698756219e+09,1,NULL,'C0PLANNING','gAAAAABrCKyN2mrYcAICpDeFSxYiuKmXz1nq9qA201IWtZsLpIy97gTq3gKs0ujBBAHIiQ2SdsID3xtBat40jp1C_sIqDPb4CqO5PDb41QYRl0LAlqM_zEojJna3dxLpGM_JyRRg9Zo0dgeIH6tdMuxsGmwKlTuumg==',0,1.79573057584373378756e+09,NULL,NULL);
INSERT INTO "intents" VALUES('nT7LBpX420e_','T0SANDBOX','U0BEN','https://acme.example','PLAT-12','vote','unconnected',0,1.79573057351815056799e+09,1,NULL,'C0PLANNING','gAAAAABrCKyNKNbGdJX2-7G_g6Cx8oZ_frR6sUY2RBR72bM1_W5MwoKhsoXuUbRRvXfzHeF_uR9aDvaMlXTkGo7gqLJwYUGyjv268VTJPm7avA5gXi2rKoJ2vLGGMCtymhhBO0CCicKF8pXTK_vY9ZNptLT7d8Kzdw==',0,1.79573057456650781631e+09,NULL,NULL);
CREATE TABLE links (
            team_id    TEXT NOT NULL,
            channel_id TEXT NOT NULL,
            site       TEXT NOT NULL,
            issue_key  TEXT NOT NULL,
            linked_by  TEXT NOT NULL,
            linked_at  REAL NOT NULL,
            PRIMARY KEY (team_id, channel_id)
        ) STRICT;
INSERT INTO "links" VALUES('T0SANDBOX','C0PLANNING','https://acme.example','PLAT-13','U0ADA',1.79573057311975812916e+09);
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
INSERT INTO "outbox" VALUES('closed','JBNJxN3V--OG','',1.79573057341351199154e+09,'T0SANDBOX','sent',0,1,1.79573057346557259563e+09,0.0,NULL,NULL,0);
INSERT INTO "outbox" VALUES('receipt','nT7LBpX420e_','connect',0.0,'T0SANDBOX','sent',0,1,1.79573057356275105479e+09,0.0,NULL,NULL,0);
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
INSERT INTO "poll_keys" VALUES('sPmR2bO0wjtz','gAAAAABrCKyNCerj0DUx9EUkr91TE9b9tilgXvmi5rVdXk5VvzYO1OGu3KcxT0DYbK9XaNnJ_x5Mzj3UZ6vYe9CMlKVyeaMoo-JX8xR0-0NO2suAve6ekQ_zDgkQqExW2p2ndaWl_w8pHV-vTPiqofgEb8VrzKMrzE9DjvJMp_bJMr9lEMuoKSU=');
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
INSERT INTO "polls" VALUES('CvjcRe39CMab','T0SANDBOX','https://acme.example','plain','',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false},{"id":"2","title":"Soup","order":1,"removed":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573057312178587918e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL);
INSERT INTO "polls" VALUES('sPmR2bO0wjtz','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Leaving?','','[{"id":"1","title":"Yes","order":0,"removed":false},{"id":"2","title":"No","order":1,"removed":false}]','{"several":true,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":false,"comments":false}',NULL,'U0ADA','[]',1.79573057319291210171e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL);
INSERT INTO "polls" VALUES('-euz391YD-aP','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Over?','','[{"id":"1","title":"Yes","order":0,"removed":false},{"id":"2","title":"No","order":1,"removed":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":false,"comments":false}',NULL,'U0ADA','[]',1.79573057329173421852e+09,1,NULL,1.79573057341351199154e+09,NULL,NULL,1,0.0,300.0,'',NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,3);
INSERT INTO "polls" VALUES('SjE2E_4Q7gDI','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false},{"id":"2","title":"Soup","order":1,"removed":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573057346719074252e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL);
INSERT INTO "polls" VALUES('YFzAlqSK8feB','T0SANDBOX','https://acme.example','issue','PLAT-12',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false},{"id":"2","title":"Soup","order":1,"removed":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":1795903320.0,"closes_at_end":true,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573057351518273355e+09,1,1795903320.0,NULL,NULL,NULL,1,0.0,300.0,NULL,3600.0,1795899720.0,1,NULL,NULL,NULL,0,NULL,NULL,0,NULL);
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
INSERT INTO "schedules" VALUES('PqHoNKW7pUYC','T0SANDBOX','https://acme.example','U0ADA','{"what":"poll","subject":"CvjcRe39CMab","channel_id":"C0PLANNING","recurrence":{"every":"daily","at":"09:00:00","zone":"Europe/Berlin","days":[],"day":1,"on":null},"view":"bars","missed":"late","until_closed":false,"most":null,"ask":null,"starts_at":null}','V42',1.79573057349638652794e+09,1795766400.0,0,0,'',0,0,0,NULL,1795766400.0,NULL,NULL);
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
COMMIT;
