BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'pollbot','first_light','2026-11-26 22:02:53.247967+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'pollbot','polls','2026-11-26 22:02:53.263847+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'pollbot','schedules','2026-11-26 22:02:53.287003+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'pollbot','queues','2026-11-26 22:02:53.348757+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'pollbot','outbox','2026-11-26 22:02:53.369174+00:00');
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
INSERT INTO "accounts" VALUES('T0SANDBOX','U0ADA','https://acme.example','acc-ada','Ada of Jira','https://acme.example','gAAAAABrCKyN397_JneCnzGQnxMiz2l0VpFtcs0gL-216kN4agYLvw-beie8rm9UNdHyvLz8SVBEaa78kQ8cIy-JmODnK3wa7Mlm_IwNn97EC8sc6uONGUQ2iJHH0HCOGNBSld2cynve',NULL,1.79573057362200069427e+09);
CREATE TABLE answers (
            poll_id   TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            voter     TEXT NOT NULL,
            option_id TEXT NOT NULL,
            PRIMARY KEY (poll_id, voter, option_id)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "answers" VALUES('DcUef6nvNfe0','2b3e610486dd9c1aa461a49b048bf4fde83a8c617a6dabc75658c2512f1a6a89','2');
INSERT INTO "answers" VALUES('DcUef6nvNfe0','922515af8f009ff120721bddcfbf2cc87f749521148eb9d7ce1272867aecfced','2');
INSERT INTO "answers" VALUES('DcUef6nvNfe0','b15c2aaac32b5fe5ba0ae66c8f692bcb6883314dc6ce0adad34a31427552f187','1');
INSERT INTO "answers" VALUES('Mgl3rcxKmIsI','0c1acd00ec73abf5c605d8f5b824bdc5e9e4f6a88d7c37986504756c3445b5a6','2');
INSERT INTO "answers" VALUES('Mgl3rcxKmIsI','5fb463c79a129c40088f5685ccf1db2e9968cf226e1a2e5217cf0ed778d74718','1');
INSERT INTO "answers" VALUES('Mgl3rcxKmIsI','5fb463c79a129c40088f5685ccf1db2e9968cf226e1a2e5217cf0ed778d74718','2');
INSERT INTO "answers" VALUES('Mgl3rcxKmIsI','dd15e64367f5be50449e1a242864f82fbb17af670328e7ce93d5829ae615dd35','2');
INSERT INTO "answers" VALUES('j_RBmFg6PPkq','U0ADA','1');
INSERT INTO "answers" VALUES('j_RBmFg6PPkq','U0BEN','2');
INSERT INTO "answers" VALUES('j_RBmFg6PPkq','U0CLEO','2');
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
INSERT INTO "cards" VALUES('jAQ_ElmvgOxI','T0SANDBOX','C0PLANNING','1795730573.711057','https://acme.example','PLAT-12','U0ADA',1,0,'{"key":"PLAT-12","summary":"Export <all> & more","status":"Open","type":"Story","votes":8,"voted":true,"voters":["Ada of Jira"],"resolution":null,"reporter_id":null}',1.79573057370058417319e+09,1,1,0,1.79573057365402698518e+09,0,NULL,1.79573057365402698518e+09,NULL,NULL,NULL,1.79573057471392798418e+09,NULL,NULL);
INSERT INTO "cards" VALUES('rCs_k3ngadUm','T0SANDBOX','C0PLANNING','1795730579.773959','https://acme.example','','U0ADA',1,0,NULL,0.0,4,1,0,1.7957305797550549507e+09,0,'gAAAAABrCKyTdpJueoaqXJe_M5uPKXbw_QFTDtwzF-fVXqJpvbLHlVCv3f92wYMCmY9oSwZKEoy4qD7mDzmvdJrOnI6ArmcujpgoI05Y_sdn7V77w8WkAw753zGnkbSgl6gYajVowjnjkTDx3A8yr8Ey2EJtV2laOQ==',1.79573057980757451058e+09,'j_RBmFg6PPkq',NULL,NULL,1.79573058078414678575e+09,NULL,NULL);
INSERT INTO "cards" VALUES('jWLXNVswCbvn','T0SANDBOX','C0PLANNING','1795730579.876042','https://acme.example','','U0ADA',1,0,NULL,0.0,5,1,0,1.79573057984280872343e+09,0,'gAAAAABrCKyTqoNA44cSWEH1864JmNzAxyAA7BwtXiEfFinpfn5mL68IXRoagXKBRORmQIf2Nv6VbF4S3Bv9wDCjOopcZQJs5Oacf17ph6zxX1SFZUkYGpd0akSDwBDYuiN6pcL7Q2dPkzoMuZrofPmstCVaUtC6fQ==',1.79573057993155193326e+09,'Mgl3rcxKmIsI',NULL,NULL,1.79573058088241219523e+09,NULL,NULL);
INSERT INTO "cards" VALUES('e3uSfEHW1ZUE','T0SANDBOX','C0PLANNING','1795730579.979855','https://acme.example','','U0ADA',1,0,NULL,0.0,5,1,0,1.79573057995879817013e+09,0,'gAAAAABrCKyTXAMtOh8Y0qOyKmp_B1cepUPWZzKKP1HbMcfpFkx5ueoQ72PirWt8ZkB1fbD5ZEt2fszXHfOmkEHt1J5jmeoeFVmJCGHLYEnYkrURHSbsgloh1wEkIIOZrImsMgy-WUjUFb-BJH7bNbeiEe_WlwnFXQ==',1.79573057999959349636e+09,'DcUef6nvNfe0',NULL,NULL,1.7957305809858026505e+09,NULL,NULL);
INSERT INTO "cards" VALUES('SRKZc-zbdPWT','T0SANDBOX','C0PLANNING','1795730580.087847','https://acme.example','','U0ADA',1,0,NULL,0.0,1,1,0,1.79573058007073307036e+09,0,NULL,1.79573058007073307036e+09,'vXJbgY81E8JD',NULL,NULL,1795730581.10134,NULL,NULL);
INSERT INTO "cards" VALUES('4Mu-j6C6xbNj','T0SANDBOX','C0PLANNING','1795730580.157956','https://acme.example','','U0ADA',1,0,NULL,0.0,1,1,0,1.79573058014771819116e+09,0,NULL,1.79573058014771819116e+09,'cJL9zUlbfx6k',NULL,NULL,1.79573058116275620461e+09,NULL,NULL);
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
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example PLAT-12 ','6.T0SANDBOX.55724963aaa65436970ff4e1a1f852fb','card',1.79573057365402698518e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','12.T0SANDBOX.f9957a8b4a26a4e212aeb57df58eb089 "Lunch?" "Pizza" "Soup"','j_RBmFg6PPkq',1.79573057974390697479e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  j_RBmFg6PPkq','12.T0SANDBOX.f9957a8b4a26a4e212aeb57df58eb089 "Lunch?" "Pizza" "Soup"','card',1.7957305797550549507e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','poll j_RBmFg6PPkq','1795730579.779639','answer',1.79573057978416848181e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0BEN','poll j_RBmFg6PPkq','1795730579.798312','answer',1.79573057979919481277e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0CLEO','poll j_RBmFg6PPkq','1795730579.806826','answer',1.79573057980757451058e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','19.T0SANDBOX.431afbc6b0be4f11bb4ac07c9eea94c2 anonymous multi "Leaving?" "Yes" "No"','Mgl3rcxKmIsI',1.79573057983365178113e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  Mgl3rcxKmIsI','19.T0SANDBOX.431afbc6b0be4f11bb4ac07c9eea94c2 anonymous multi "Leaving?" "Yes" "No"','card',1.79573057984280872343e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','5fb463c79a129c40088f5685ccf1db2e9968cf226e1a2e5217cf0ed778d74718','poll Mgl3rcxKmIsI','1795730579.894561','switch',1.79573057989530968665e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','0c1acd00ec73abf5c605d8f5b824bdc5e9e4f6a88d7c37986504756c3445b5a6','poll Mgl3rcxKmIsI','1795730579.914960','switch',1.79573057991576218606e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','dd15e64367f5be50449e1a242864f82fbb17af670328e7ce93d5829ae615dd35','poll Mgl3rcxKmIsI','1795730579.916751','switch',1.79573057991742634771e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','5fb463c79a129c40088f5685ccf1db2e9968cf226e1a2e5217cf0ed778d74718','poll Mgl3rcxKmIsI','1795730579.930843','switch',1.79573057993155193326e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','29.T0SANDBOX.3d7dfc327682b761701aef5168ae6d22 anonymous "Over?" "Yes" "No"','DcUef6nvNfe0',1.79573057994637489322e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  DcUef6nvNfe0','29.T0SANDBOX.3d7dfc327682b761701aef5168ae6d22 anonymous "Over?" "Yes" "No"','card',1.79573057995879817013e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','41.T0SANDBOX.973e9edb211614c147f501cad8d0aec9 "Lunch?" "Pizza" "Soup"','vXJbgY81E8JD',1795730580.05978);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  vXJbgY81E8JD','41.T0SANDBOX.973e9edb211614c147f501cad8d0aec9 "Lunch?" "Pizza" "Soup"','card',1.79573058007073307036e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','V49','cJL9zUlbfx6k',1.79573058014196419718e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  cJL9zUlbfx6k','V49','card',1.79573058014771819116e+09);
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
INSERT INTO "intents" VALUES('bgA_XqS8aA9b','T0SANDBOX','U0ADA','https://acme.example','PLAT-13','vote','queued',1,1.79573058014873552321e+09,1,NULL,'C0PLANNING','gAAAAABrCKyUsqnBk4p7208UiIm0hdStMK6a0xYTMe06IGE9v8M-sc3GfWq_kNmOAnL1fom-FC4N9X2CWOVqJnNyb4iJrs8e4E14f68iO1DumskKaw21o9WIGeF3MM6VvIn8nl9MkO7Zid5Uv9OQ7H2RRRCCaN6iTA==',0,1.79573058181879925731e+09,NULL,NULL);
INSERT INTO "intents" VALUES('7B48fw72LbLn','T0SANDBOX','U0BEN','https://acme.example','PLAT-12','vote','unconnected',0,1.79573058014963436125e+09,1,NULL,'C0PLANNING','gAAAAABrCKyUVhyT4h7ceHAiS-YLKgP__lR1M8vM2_HnpkM3ms3MlQSc81ysixlkHQGiWGheQC_wmwZF6wGsg0cuMfhuff9E9yOI6m4_hKBpbr3uKmE6L1Dq2eyu-Q-dM43xRkW3qhKsWk43Wrwwgs39J0SzVrhf7g==',0,1.79573058118471789359e+09,NULL,NULL);
CREATE TABLE links (
            team_id    TEXT NOT NULL,
            channel_id TEXT NOT NULL,
            site       TEXT NOT NULL,
            issue_key  TEXT NOT NULL,
            linked_by  TEXT NOT NULL,
            linked_at  REAL NOT NULL,
            PRIMARY KEY (team_id, channel_id)
        ) STRICT;
INSERT INTO "links" VALUES('T0SANDBOX','C0PLANNING','https://acme.example','PLAT-13','U0ADA',1.79573057373336243628e+09);
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
INSERT INTO "outbox" VALUES('closed','e3uSfEHW1ZUE','',1.79573058003438305852e+09,'T0SANDBOX','sent',0,1,1.79573058006105113022e+09,0.0,NULL,NULL,0);
INSERT INTO "outbox" VALUES('receipt','7B48fw72LbLn','connect',0.0,'T0SANDBOX','sent',0,1,1.7957305801841821671e+09,0.0,NULL,NULL,0);
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
INSERT INTO "poll_keys" VALUES('Mgl3rcxKmIsI','gAAAAABrCKyTdoGqmG_0m8B_XoaLn4u2U9pyXygYjqV-vkEosbs_gYm5HWSI3xdRX4c1YFtFRzr78lbIkQ7ZMohV1RvjnFC-30CMEDMVgp4xvMDvexkiocW3EWQxyFjDyNPRqXfSJhymifvCiGUT_B5OD8BrheUUiAnw0Da2NYSZ_yikTYMqAR4=');
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
        , closed_by TEXT, remind_before REAL, remind_due_at REAL, record INTEGER NOT NULL DEFAULT 0, read_due_at REAL, read_held_until REAL, read_holder TEXT, read_attempts INTEGER NOT NULL DEFAULT 0, remind_held_until REAL, remind_holder TEXT, remind_attempts INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO "polls" VALUES('j_RBmFg6PPkq','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false},{"id":"2","title":"Soup","order":1,"removed":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573057974390697479e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0);
INSERT INTO "polls" VALUES('Mgl3rcxKmIsI','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Leaving?','','[{"id":"1","title":"Yes","order":0,"removed":false},{"id":"2","title":"No","order":1,"removed":false}]','{"several":true,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":false,"comments":false}',NULL,'U0ADA','[]',1.79573057983365178113e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0);
INSERT INTO "polls" VALUES('DcUef6nvNfe0','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Over?','','[{"id":"1","title":"Yes","order":0,"removed":false},{"id":"2","title":"No","order":1,"removed":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":false,"comments":false}',NULL,'U0ADA','[]',1.79573057994637489322e+09,1,NULL,1.79573058003438305852e+09,NULL,NULL,1,0.0,300.0,'',NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0);
INSERT INTO "polls" VALUES('vXJbgY81E8JD','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false},{"id":"2","title":"Soup","order":1,"removed":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1795730580.05978,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0);
INSERT INTO "polls" VALUES('cJL9zUlbfx6k','T0SANDBOX','https://acme.example','issue','PLAT-12',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false},{"id":"2","title":"Soup","order":1,"removed":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":1795903380.0,"closes_at_end":true,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573058014196419718e+09,1,1795903380.0,NULL,NULL,NULL,1,0.0,300.0,NULL,3600.0,1795899780.0,1,NULL,NULL,NULL,0,NULL,NULL,0);
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
INSERT INTO "schedules" VALUES('k58Rhs30tlx9','T0SANDBOX','https://acme.example','U0ADA','{"what":"poll","subject":"j_RBmFg6PPkq","channel_id":"C0PLANNING","recurrence":{"every":"daily","at":"09:00:00","zone":"Europe/Berlin","days":[],"day":1,"on":null},"view":"bars","missed":"late","until_closed":false,"most":null,"ask":null,"starts_at":null}','V44',1.79573058010005640982e+09,1795766400.0,0,0,'',0,0,0,NULL,1795766400.0,NULL,NULL);
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
