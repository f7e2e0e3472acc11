BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'pollbot','first_light','2026-11-26 22:02:40.292328+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'pollbot','polls','2026-11-26 22:02:40.306971+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'pollbot','schedules','2026-11-26 22:02:40.316250+00:00');
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
INSERT INTO "accounts" VALUES('T0SANDBOX','U0ADA','https://acme.example','acc-ada','Ada of Jira','https://acme.example','gAAAAABrCKyAm7dOO2sSGW4-vJyJDzQHxLCmxTecKWwp3MWZokpJIM927Biqaz6lodOAimKSbJVb8F8aoyrnmukfBhBD-3QuJnZAh2pEGRFfwvd4umGuE3bxaQW88Pp3eRwsul4pMXc4',NULL,1.79573056043208575246e+09);
CREATE TABLE answers (
            poll_id   TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            voter     TEXT NOT NULL,
            option_id TEXT NOT NULL,
            PRIMARY KEY (poll_id, voter, option_id)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "answers" VALUES('EoqzFCnhCCJ_','21f4f7c1d290a3d7cb51e4f883adc0b97493e9df45f20448e36a21d5bc4b4c2e','2');
INSERT INTO "answers" VALUES('EoqzFCnhCCJ_','487a5c8da156d931647ed369228b8897ead1b1d19294d1b6bb7beb0eddb6095f','2');
INSERT INTO "answers" VALUES('EoqzFCnhCCJ_','8923283be5dfe76ddb4e2581250432994862d228e579efa28359336f06d618c0','1');
INSERT INTO "answers" VALUES('EoqzFCnhCCJ_','8923283be5dfe76ddb4e2581250432994862d228e579efa28359336f06d618c0','2');
INSERT INTO "answers" VALUES('Oy-BqeKObu0p','U0ADA','1');
INSERT INTO "answers" VALUES('Oy-BqeKObu0p','U0BEN','2');
INSERT INTO "answers" VALUES('Oy-BqeKObu0p','U0CLEO','2');
INSERT INTO "answers" VALUES('nIpa8Xku8Zdn','5d351f8c7145c963bc0789a3abdfb460054bd520d28e70edb16e66c1279fb932','1');
INSERT INTO "answers" VALUES('nIpa8Xku8Zdn','c7c6c2b28e61383d273307cb65d110a5489e2b13c780a5e30b52006b4f4e9d7b','2');
INSERT INTO "answers" VALUES('nIpa8Xku8Zdn','e75663baee1ee4d23926f359bba09e71622ffff6de18cf48ebec1c10deaa6b4b','2');
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
            due_at       REAL NOT NULL,
            made_at      REAL NOT NULL,
            told         INTEGER NOT NULL DEFAULT 0,
            response_url TEXT,
            url_since    REAL NOT NULL DEFAULT 0
        , poll_id TEXT, ballot TEXT, frame TEXT) STRICT;
INSERT INTO "cards" VALUES('c2xWJ7ATdfT1','T0SANDBOX','C0PLANNING','1795730560.507408','https://acme.example','PLAT-12','U0ADA',1,0,'{"key":"PLAT-12","summary":"Export <all> & more","status":"Open","type":"Story","votes":8,"voted":true,"voters":["Ada of Jira"],"resolution":null,"reporter_id":null}',1.79573056049688172344e+09,1,1,0,1.79573056150771617886e+09,1.79573056047297716138e+09,0,'gAAAAABrCKyAcSvIZ5fslRG0IsNskyYrc9DdPbyghbhhn8K7DMGE1_i9tQIEDIRHL0ck3ql3mqhelmnkAVmKMjWRwi5fyzwx9NNQozkbou48SrkwgCMTg2v2ye6jpWLUZh3BBuxFL0HwTa7CmUmBGoco9fmBhoSsmw==',1.79573056047297716138e+09,NULL,NULL,NULL);
INSERT INTO "cards" VALUES('zhZvzJEQcVaj','T0SANDBOX','C0PLANNING','1795730566.613090','https://acme.example','','U0ADA',1,0,NULL,0.0,4,4,0,1.79573056862901520728e+09,1.79573056655896687514e+09,0,'gAAAAABrCKyGU14UXkPwf3DbJ6w5ZKNKhlvA9j4sJXhWUXrTa1UWfyL-l8ChSnVsld6jzQV3kqq6ikunqfY4yt9hd9e6L2fCjOUT7o_5aIZTZbsx7YKmHv4nvuJWX4fYdKoJFb1fvKDO1bIdBnH64Tq7fOiIiIaJJw==',1.79573056667108702658e+09,'Oy-BqeKObu0p',NULL,NULL);
INSERT INTO "cards" VALUES('NR97zd7Zggl8','T0SANDBOX','C0PLANNING','1795730566.743510','https://acme.example','','U0ADA',1,0,NULL,0.0,5,1,0,1.79573056774394702915e+09,1.79573056669843888286e+09,0,'gAAAAABrCKyG8dJVusqD9MIsOGZqoTpKw7tOPz5YutMlI2myIcW4_zwbV9MJUoAPPSNs9xsZzwoaFAChxGeM5RS-lNrIlvDhAU_bI2lOb6Dg5TDgJzET38TdsNX8q_tnnUDq7RqCfVsiPUhtxsGIkQ5MBaFUA8sSjg==',1.79573056679360389706e+09,'EoqzFCnhCCJ_',NULL,NULL);
INSERT INTO "cards" VALUES('X8Z_DaWOMNM6','T0SANDBOX','C0PLANNING','1795730566.879901','https://acme.example','','U0ADA',1,0,NULL,0.0,5,1,0,1.79573056788032531737e+09,1.79573056683128213879e+09,0,'gAAAAABrCKyGcjJIRYn_LvnzPJnXeV9V7kKLd6mg9wNVYTNG3RU_ZLhIYCqO4qF-uH3YgEJIqjTHRvzyZ_TSAvcBOcmcnqv_KqvDBZLfkiRr2zzNd58WTBAD_5sb_tNufF5HFueQ2GkoOKyYmlq4MSWPGueLKbsByA==',1.79573056693974828718e+09,'nIpa8Xku8Zdn',NULL,NULL);
INSERT INTO "cards" VALUES('-AMBlrAiAOR5','T0SANDBOX','C0PLANNING','1795730567.059773','https://acme.example','','U0ADA',1,0,NULL,0.0,1,1,0,1.79573056806003856656e+09,1.79573056702225661274e+09,0,'gAAAAABrCKyHkdjoPSKr3yb_V0_LCo0JIC-R60iNmeW-HLxDlnaksnyf6N60v8IoR_n9GN9IMY3KaXWEjntGb2-q7co9F7qnIydMzh5bx9_4_PnH_6lXRVkxSffThN5gXlDopZCC5xdGXmBqKGsqbZMM0HqbzPvJOw==',1.79573056702225661274e+09,'tuaRxoIp08bs',NULL,NULL);
INSERT INTO "cards" VALUES('hT27HvQsZ_G_','T0SANDBOX','C0PLANNING','1795730567.164354','https://acme.example','','U0ADA',1,0,NULL,0.0,1,1,0,1.79573056816468214985e+09,1.79573056711330032351e+09,0,'gAAAAABrCKyH01Z7XCShD0uGzxXbTbXG-PWoU4-9f00-W36xji93-RS0cNVAiUGredcGpCEcaAzo8zN1yAXfLtdCEgTqWK2MWx9Je4RynLVxMuPEIaLns9QAm4emWlCuFBJT37Ydi-2fc48QGlWyTarhOysZqy12LQ==',1.79573056711330032351e+09,'tR-92AXtdhwa',NULL,NULL);
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
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example PLAT-12 ','6.T0SANDBOX.02da2a229b5bc705cb1b6fa11cfeab21','card',1.79573056047297716138e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','12.T0SANDBOX.7f4e24d215f7bb09e34d302a62e45a7c "Lunch?" "Pizza" "Soup"','Oy-BqeKObu0p',1.7957305665340163708e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  Oy-BqeKObu0p','12.T0SANDBOX.7f4e24d215f7bb09e34d302a62e45a7c "Lunch?" "Pizza" "Soup"','card',1.79573056655896687514e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','poll Oy-BqeKObu0p','1795730566.620028','answer',1.79573056663450455671e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0BEN','poll Oy-BqeKObu0p','1795730566.650222','answer',1.79573056665127801898e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0CLEO','poll Oy-BqeKObu0p','1795730566.663149','answer',1.79573056667108702658e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','19.T0SANDBOX.362a67aed024a3fe773fa93ed44c7251 anonymous multi "Leaving?" "Yes" "No"','EoqzFCnhCCJ_',1.79573056668822145457e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  EoqzFCnhCCJ_','19.T0SANDBOX.362a67aed024a3fe773fa93ed44c7251 anonymous multi "Leaving?" "Yes" "No"','card',1.79573056669843888286e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','8923283be5dfe76ddb4e2581250432994862d228e579efa28359336f06d618c0','poll EoqzFCnhCCJ_','1795730566.754660','switch',1.79573056675582790379e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','21f4f7c1d290a3d7cb51e4f883adc0b97493e9df45f20448e36a21d5bc4b4c2e','poll EoqzFCnhCCJ_','1795730566.770885','switch',1.79573056677185416223e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','487a5c8da156d931647ed369228b8897ead1b1d19294d1b6bb7beb0eddb6095f','poll EoqzFCnhCCJ_','1795730566.782759','switch',1.79573056679144287114e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','8923283be5dfe76ddb4e2581250432994862d228e579efa28359336f06d618c0','poll EoqzFCnhCCJ_','1795730566.792784','switch',1.79573056679360389706e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','29.T0SANDBOX.fafd7c9ae7cfa71b4ec9ea580f37ddf1 anonymous "Over?" "Yes" "No"','nIpa8Xku8Zdn',1.79573056681100153919e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  nIpa8Xku8Zdn','29.T0SANDBOX.fafd7c9ae7cfa71b4ec9ea580f37ddf1 anonymous "Over?" "Yes" "No"','card',1.79573056683128213879e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','41.T0SANDBOX.ad976217e2c346b68e400a426eb1c605 "Lunch?" "Pizza" "Soup"','tuaRxoIp08bs',1.79573056700835227963e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  tuaRxoIp08bs','41.T0SANDBOX.ad976217e2c346b68e400a426eb1c605 "Lunch?" "Pizza" "Soup"','card',1.79573056702225661274e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','V49','tR-92AXtdhwa',1.79573056710212254519e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  tR-92AXtdhwa','V49','card',1.79573056711330032351e+09);
CREATE TABLE endings (
            poll_id   TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            team_id   TEXT NOT NULL,
            closed_at REAL NOT NULL,
            try_at    REAL NOT NULL,
            attempts  INTEGER NOT NULL DEFAULT 0,
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
            due_at             REAL NOT NULL,
            asked_at           REAL NOT NULL,
            told               INTEGER NOT NULL DEFAULT 0,
            outcome            TEXT,
            channel_id         TEXT NOT NULL,
            response_url       TEXT,
            replaces           INTEGER NOT NULL DEFAULT 0,
            UNIQUE (team_id, user_id, site, issue_key)
        ) STRICT;
INSERT INTO "intents" VALUES('8hY5eB8LyCRL','T0SANDBOX','U0ADA','https://acme.example','PLAT-13','vote','queued',1,1.79573056887745261195e+09,1.79573056711911702154e+09,1,NULL,'C0PLANNING','gAAAAABrCKyHQh72ovXkbwY751Kw-xQWLVwojcbFvpkpnTxsL_anQTgGJKRttU310uGQ9emB6pqrlNzZku9Q-vST9OMhlpvOpEsFTxK5K3xxjJfQ5EyqSJmUkaPtDi69x3TftyjtyvsSydZ67e73WEnaWvPtxVID4A==',0);
INSERT INTO "intents" VALUES('w_PZkAMXb-FC','T0SANDBOX','U0BEN','https://acme.example','PLAT-12','vote','unconnected',0,1.79573068716981029506e+09,1.79573056712657022474e+09,1,NULL,'C0PLANNING','gAAAAABrCKyH_ZVnr0NXSifHD86MOvquCwLDEWquLrrxFYzz-cppB6AyvYD1bfeBiHuFxQGL1Gqbokol08r0YyZllAGjhPPVppD8oVKZAWLJV05hQUnyFAFpeop13KXK4fVBFGhfi0lZblaGcQ1LQh4BBV8Cz-Cm_A==',0);
CREATE TABLE links (
            team_id    TEXT NOT NULL,
            channel_id TEXT NOT NULL,
            site       TEXT NOT NULL,
            issue_key  TEXT NOT NULL,
            linked_by  TEXT NOT NULL,
            linked_at  REAL NOT NULL,
            PRIMARY KEY (team_id, channel_id)
        ) STRICT;
INSERT INTO "links" VALUES('T0SANDBOX','C0PLANNING','https://acme.example','PLAT-13','U0ADA',1.79573056052150630953e+09);
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
INSERT INTO "poll_keys" VALUES('EoqzFCnhCCJ_','gAAAAABrCKyGSy4mo-9hiss20NaeWpP1_aQZkUZ3pR5G-gYoWzeMz4U4tO2MG8636G47o7_o157nuroWqOQbi7hYI76UVKCGTstqtrp0rmHQ_Bx7-0FVoneu0U0RskaBVIDDcUZ7mPzlZNgMWGa1wyWIv_m2h8ZcCpj5zUYOirFJkEqAVq5MB80=');
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
        , closed_by TEXT, remind_before REAL, remind_at REAL, record INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO "polls" VALUES('Oy-BqeKObu0p','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false},{"id":"2","title":"Soup","order":1,"removed":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.7957305665340163708e+09,1,NULL,NULL,NULL,NULL,1,0.0,0.0,300.0,NULL,NULL,NULL,0);
INSERT INTO "polls" VALUES('EoqzFCnhCCJ_','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Leaving?','','[{"id":"1","title":"Yes","order":0,"removed":false},{"id":"2","title":"No","order":1,"removed":false}]','{"several":true,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":false,"comments":false}',NULL,'U0ADA','[]',1.79573056668822145457e+09,1,NULL,NULL,NULL,NULL,1,0.0,0.0,300.0,NULL,NULL,NULL,0);
INSERT INTO "polls" VALUES('nIpa8Xku8Zdn','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Over?','','[{"id":"1","title":"Yes","order":0,"removed":false},{"id":"2","title":"No","order":1,"removed":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":false,"comments":false}',NULL,'U0ADA','[]',1.79573056681100153919e+09,1,NULL,1.79573056697824573512e+09,NULL,NULL,1,0.0,0.0,300.0,'',NULL,NULL,0);
INSERT INTO "polls" VALUES('tuaRxoIp08bs','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false},{"id":"2","title":"Soup","order":1,"removed":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573056700835227963e+09,1,NULL,NULL,NULL,NULL,1,0.0,0.0,300.0,NULL,NULL,NULL,0);
INSERT INTO "polls" VALUES('tR-92AXtdhwa','T0SANDBOX','https://acme.example','issue','PLAT-12',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false},{"id":"2","title":"Soup","order":1,"removed":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":1795903320.0,"closes_at_end":true,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573056710212254519e+09,1,1795903320.0,NULL,NULL,NULL,1,0.0,0.0,300.0,NULL,3600.0,1795899720.0,1);
CREATE TABLE posts (
            subject    TEXT NOT NULL,
            due_at     REAL NOT NULL,
            team_id    TEXT NOT NULL,
            claimed_at REAL NOT NULL,
            sent_at    REAL,
            too_old    INTEGER NOT NULL DEFAULT 0,
            tell       TEXT CHECK (tell IN ('owed', 'done')),
            PRIMARY KEY (subject, due_at)
        ) STRICT;
INSERT INTO "posts" VALUES('closed X8Z_DaWOMNM6',1.79573056697824573512e+09,'T0SANDBOX',1.79573056701173520087e+09,1.79573056701349878308e+09,0,NULL);
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
            try_at     REAL NOT NULL,
            closed_at  REAL NOT NULL
        ) STRICT;
CREATE TABLE schedules (
            id         TEXT NOT NULL PRIMARY KEY,
            team_id    TEXT NOT NULL,
            site       TEXT NOT NULL,
            owner      TEXT NOT NULL,
            plan       TEXT NOT NULL,
            stamp      TEXT,
            made_at    REAL NOT NULL,
            next_at    REAL,
            try_at     REAL,
            attempts   INTEGER NOT NULL DEFAULT 0,
            paused     INTEGER NOT NULL DEFAULT 0,
            why        TEXT NOT NULL DEFAULT '',
            needs_jira INTEGER NOT NULL DEFAULT 0,
            posted     INTEGER NOT NULL DEFAULT 0,
            failures   INTEGER NOT NULL DEFAULT 0,
            snapshot   TEXT,
            UNIQUE (team_id, owner, stamp)
        ) STRICT;
INSERT INTO "schedules" VALUES('wMNbCPtQu5Cg','T0SANDBOX','https://acme.example','U0ADA','{"what":"poll","subject":"Oy-BqeKObu0p","channel_id":"C0PLANNING","recurrence":{"every":"daily","at":"09:00:00","zone":"Europe/Berlin","days":[],"day":1,"on":null},"view":"bars","missed":"late","until_closed":false,"most":null,"ask":null,"starts_at":null}','V44',1.79573056706604552261e+09,1795766400.0,1795766400.0,0,0,'',0,0,0,NULL);
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
CREATE INDEX schedules_due ON schedules (try_at) WHERE paused = 0 AND next_at IS NOT NULL;
CREATE INDEX schedules_of ON schedules (team_id, owner);
CREATE INDEX schedules_stopped ON schedules (team_id, owner) WHERE needs_jira = 1;
CREATE INDEX posts_unsent ON posts (subject) WHERE sent_at IS NULL AND tell IS NULL;
CREATE INDEX posts_to_tell ON posts (subject) WHERE tell = 'owed';
CREATE INDEX polls_to_remind ON polls (remind_at) WHERE remind_at IS NOT NULL;
CREATE INDEX records_due ON records (try_at) WHERE state = 'wanted';
CREATE INDEX ballot_lines_of ON ballot_lines (team_id, site, issue_key);
COMMIT;
