-- poll-key: gAAAAABrCKycY05Xz0vTTAa2kuxnkcgH-92ajbRLu0z5xuoNASWo76jJap1pdnLqPQrP7_KjB0aSjOAfoo-DJg86TG88ZD8dEFYxvuqVz9Ce9A2V3fb5m94wamhlMr6CQZITqnD2yMX6
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'pollbot','first_light','2026-11-26 22:03:05.656844+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'pollbot','polls','2026-11-26 22:03:05.663076+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'pollbot','schedules','2026-11-26 22:03:05.672692+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'pollbot','queues','2026-11-26 22:03:05.696107+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'pollbot','outbox','2026-11-26 22:03:05.702030+00:00');
INSERT INTO "_sqlite_migrations" VALUES(6,'pollbot','parted_for_good','2026-11-26 22:03:05.704609+00:00');
INSERT INTO "_sqlite_migrations" VALUES(7,'pollbot','tries','2026-11-26 22:03:05.707022+00:00');
INSERT INTO "_sqlite_migrations" VALUES(8,'pollbot','steps','2026-11-26 22:03:05.711257+00:00');
INSERT INTO "_sqlite_migrations" VALUES(9,'pollbot','cards_by_message','2026-11-26 22:03:05.712038+00:00');
INSERT INTO "_sqlite_migrations" VALUES(10,'pollbot','edits','2026-11-26 22:03:05.714334+00:00');
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
INSERT INTO "accounts" VALUES('T0SANDBOX','U0ADA','https://acme.example','acc-ada','Ada of Jira','https://acme.example','gAAAAABrCKyZD6WQJdtzZ3yBZpKxP1f6tT_dPLb0-3XslkxDWrdfYe0cPb7vBmq33l6RSxr5pX7bKrh1G0oLOFVvJdX3jUMIprTFRvXnXaEo08cL5XqrUTYgG5hZ7JDyZKZ9oLS8D7xG',NULL,1.79573058577996087078e+09);
CREATE TABLE answers (
            poll_id   TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            voter     TEXT NOT NULL,
            option_id TEXT NOT NULL, was TEXT,
            PRIMARY KEY (poll_id, voter, option_id)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "answers" VALUES('7X2Z0nxgr7Mc','5de8fe001fee51499ccc713de49deb1e59b1fd250d88b21507c525afc76006c3','1',NULL);
INSERT INTO "answers" VALUES('7X2Z0nxgr7Mc','5de8fe001fee51499ccc713de49deb1e59b1fd250d88b21507c525afc76006c3','2',NULL);
INSERT INTO "answers" VALUES('7X2Z0nxgr7Mc','a1f39ba6757f5add6a351a6ab41082228723152ff353fd7703a5f49afaa760c4','2',NULL);
INSERT INTO "answers" VALUES('7X2Z0nxgr7Mc','ac3de6d7bbddee15d1a35df91e007b141ec24a3979456495bca5b299843e59a6','2',NULL);
INSERT INTO "answers" VALUES('Ay5uP1fFGI3I','U0ADA','1',NULL);
INSERT INTO "answers" VALUES('Ay5uP1fFGI3I','U0BEN','2',NULL);
INSERT INTO "answers" VALUES('Ay5uP1fFGI3I','U0CLEO','2',NULL);
INSERT INTO "answers" VALUES('QwmGPR1xcB6o','3015f0131fca08163f5f8cfcc76e3c72','1',NULL);
INSERT INTO "answers" VALUES('QwmGPR1xcB6o','adb92ceb642a663c8ef80ab5a876ce77','2',NULL);
INSERT INTO "answers" VALUES('QwmGPR1xcB6o','c5709d13b72f5930b038bf883ada69ce','2',NULL);
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
INSERT INTO "cards" VALUES('wlbaA7tBZBGN','T0SANDBOX','C0PLANNING','1795730585.842014','https://acme.example','PLAT-12','U0ADA',1,0,'{"key":"PLAT-12","summary":"Export <all> & more","status":"Open","type":"Story","votes":8,"voted":true,"voters":["Ada of Jira"],"resolution":null,"reporter_id":null}',1.79573058583879661565e+09,1,1,0,1.79573058580727171898e+09,0,NULL,1.79573058580727171898e+09,NULL,NULL,NULL,1.79573058684349322325e+09,NULL,NULL);
INSERT INTO "cards" VALUES('fKuKugEvzYND','T0SANDBOX','C0PLANNING','1795730586.847560','https://acme.example','','U0ADA',1,0,NULL,0.0,4,4,0,1.79573058585736298562e+09,0,'gAAAAABrCKycSAPG2zKswWKTFa4JlM2ez3NaFSGQQU0dWKat4ScrKK8GnWWrNUnEsDJxPcqoAz8rpBRNqHYtESkzZZvc2DHIr14fi12vBTF2vDMT8n1HgJwNkTsrncMAlwLIOjiEzGcPR3kdt5IH-udS3p3N0UX2Og==',1.79573058892078971865e+09,'Ay5uP1fFGI3I',NULL,NULL,1.7957305888871095181e+09,NULL,NULL);
INSERT INTO "cards" VALUES('baMnrawunq6Y','T0SANDBOX','C0PLANNING','1795730587.851691','https://acme.example','','U0ADA',1,0,NULL,0.0,5,5,0,1.79573058687671828267e+09,0,'gAAAAABrCKybE1J-eh7SsiUYkHt0aNS-ohOy5qMK8rRGHepzHZlqzsQ3XHllNEEYESFiqg_s8ReeqPoc-2Inq8xbuapze3LPRNMwB6edRWlEh8K-ByiIx8Ul-H2FbiAmqx2TAgK2rXp88QSJRjJina7uBkxqQTP3ow==',1.79573058786884903912e+09,'7X2Z0nxgr7Mc',NULL,NULL,1.79573058989271211625e+09,NULL,NULL);
INSERT INTO "cards" VALUES('RezAzzXfHVX2','T0SANDBOX','C0PLANNING','1795730588.859855','https://acme.example','','U0ADA',1,0,NULL,0.0,5,1,0,1.79573058788029360768e+09,0,'gAAAAABrCKyct4LXvNVBPgfkhNu8uzccgYnEkjfbRWh976UG1Rtg9XzChWmYLSRcDa2_3LJUt8oThfk-WFzHqLje-EQqT9em2wAcWIdEvHjVb6Rm8Qhs6jbTrgCax5y4_frlA7yXfMH9oeMBfX8j7hogu-7-UaebRA==',1.79573058887606239316e+09,'QwmGPR1xcB6o',NULL,NULL,1.79573058986125111578e+09,NULL,NULL);
INSERT INTO "cards" VALUES('uQVcmtwkBSGQ','T0SANDBOX','C0PLANNING',NULL,'https://acme.example','','U0ADA',0,0,NULL,0.0,1,0,0,1.7957305889195911884e+09,0,'gAAAAABrCKycPO57x4xcZD4qFFS76GSaisR6zFJYIOczde4GIoLF8Qd3Z_zKnIPNB8CLNpLua_A6jgVT7hLRg9MpbmB-Ul150QekvM99GIf-CIbY4hXqXaW7Z7N7jdM9hygBL_uxa80ajuPnNaUMxODe-mHbFal7ag==',1.7957305889195911884e+09,'htAIHpK3F0Vm',NULL,NULL,1.79573059086032557488e+09,NULL,NULL);
INSERT INTO "cards" VALUES('06ROwsZvCgCf','T0SANDBOX','C0PLANNING',NULL,'https://acme.example','','U0ADA',0,0,NULL,0.0,1,0,0,1.79573058897918748852e+09,0,'gAAAAABrCKycxZ1UyjmiaPCsGFXFV__FEsymrtFbsWK4l2C16k2DOgxIaACyVnRdsR3Nqf3Gk9ZqAveLX5wMeYBcwBV59w2Dan7ox_95_NsiPEQDY5Sbo_DljZbEXACbf_S7HWrcEC4LXzcgn5v2X5iiRg3sVyP0cw==',1.79573058897918748852e+09,'zy7ILlDKV7OS',NULL,NULL,1.79573059186032557487e+09,NULL,NULL);
CREATE TABLE comments (
            poll_id TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            voter   TEXT NOT NULL,
            comment TEXT NOT NULL, shown INTEGER NOT NULL DEFAULT 0,
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
INSERT INTO "deliveries" VALUES('','','delivery','4f01908e90e9220a4265783b89dd4d82146aa05821f7d0a86a8983f85ce36949','',1.79573058577724695202e+09);
INSERT INTO "deliveries" VALUES('','','delivery','3ec50853b8ca42d392d68032d06250b367d406bcf2024b3279b36a3ae3ca3156','',1.79573058578271245954e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example PLAT-12 ','6.T0SANDBOX.4854289eadc28be490205abc4b736236','card',1.79573058580727171898e+09);
INSERT INTO "deliveries" VALUES('','','delivery','f9d46fceb89fdb25e8868bf3b26e13917d8f5190ed59de50480ec51c97a68b21','',1.79573058585237812991e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','10.T0SANDBOX.0a18dc71a48bed40661a100ff0703d73 here "Lunch?" "Pizza" "Soup"','Ay5uP1fFGI3I',1.79573058585525655744e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  Ay5uP1fFGI3I','10.T0SANDBOX.0a18dc71a48bed40661a100ff0703d73 here "Lunch?" "Pizza" "Soup"','card',1.79573058585736298562e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','poll Ay5uP1fFGI3I','1795730586.854138','answer',1795730586.8565);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0BEN','poll Ay5uP1fFGI3I','1795730586.858574','answer',1.79573058685948443407e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0CLEO','poll Ay5uP1fFGI3I','1795730586.860682','answer',1.79573058686139345172e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','17.T0SANDBOX.5f164d8a01b87a35374dd4c93b440cf3 anonymous multi "Leaving?" "Yes" "No"','7X2Z0nxgr7Mc',1.79573058687152433397e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  7X2Z0nxgr7Mc','17.T0SANDBOX.5f164d8a01b87a35374dd4c93b440cf3 anonymous multi "Leaving?" "Yes" "No"','card',1.79573058687671828267e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','5de8fe001fee51499ccc713de49deb1e59b1fd250d88b21507c525afc76006c3','poll 7X2Z0nxgr7Mc','1795730587.854457','switch',1.7957305878557157517e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','ac3de6d7bbddee15d1a35df91e007b141ec24a3979456495bca5b299843e59a6','poll 7X2Z0nxgr7Mc','1795730587.862270','switch',1.79573058786350512501e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','a1f39ba6757f5add6a351a6ab41082228723152ff353fd7703a5f49afaa760c4','poll 7X2Z0nxgr7Mc','1795730587.865649','switch',1.79573058786685132983e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','5de8fe001fee51499ccc713de49deb1e59b1fd250d88b21507c525afc76006c3','poll 7X2Z0nxgr7Mc','1795730587.868124','switch',1.79573058786898303034e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','27.T0SANDBOX.0f25ecb9c6029b6db3d2a98a486efe4c anonymous "Over?" "Yes" "No"','QwmGPR1xcB6o',1.79573058787612485883e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  QwmGPR1xcB6o','27.T0SANDBOX.0f25ecb9c6029b6db3d2a98a486efe4c anonymous "Over?" "Yes" "No"','card',1.79573058788029360768e+09);
INSERT INTO "deliveries" VALUES('','','delivery','067500542e74865bc99fa91333bab7a8d2bed49125d8191d5bc22aac960bdda1','',1.79573058889882230756e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','39.T0SANDBOX.1e7c408e6f9eb60ae25e55b7c0aed610 "Lunch?" "Pizza" "Soup"','htAIHpK3F0Vm',1.79573058891844797137e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  htAIHpK3F0Vm','39.T0SANDBOX.1e7c408e6f9eb60ae25e55b7c0aed610 "Lunch?" "Pizza" "Soup"','card',1.7957305889195911884e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','V45','zy7ILlDKV7OS',1.79573058897569465632e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  zy7ILlDKV7OS','V45','card',1.79573058897918748852e+09);
INSERT INTO "deliveries" VALUES('','','delivery','f0aa6501fcd14ca4908a4a00dd9601f379c5f998fa138bb86d91d1e3b538659b','',1.79573058898009872436e+09);
INSERT INTO "deliveries" VALUES('','','delivery','62688e7de82c3d3c93dd85e5f76df4b71ae81324728e8a90697816374a89c62e','',1.79573058898413276665e+09);
CREATE TABLE endings (
            poll_id   TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            team_id   TEXT NOT NULL,
            closed_at REAL NOT NULL,
            attempts  INTEGER NOT NULL DEFAULT 0, due_at REAL DEFAULT 0, held_until REAL, holder TEXT,
            PRIMARY KEY (poll_id, closed_at)
        ) STRICT;
INSERT INTO "endings" VALUES('QwmGPR1xcB6o','T0SANDBOX',1.79573058889950585366e+09,0,1.79573058986032557489e+09,NULL,NULL);
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
INSERT INTO "intents" VALUES('hREuI39T_WX1','T0SANDBOX','U0ADA','https://acme.example','PLAT-13','vote','queued',1,1.79573058898024725911e+09,1,NULL,'C0PLANNING','gAAAAABrCKycWRSXo2zBoplGnqeFxarHL105dIuqo6hgGn5GL9ZNoOQpUJuX9pyx2P4rfhYvFDmrPplHtgg4GycI6fJLkooJ4Op9Gl82Jh5XdnGOybPQaK6neWjFe3PeqlbZD2jXPGxHq6H0xiuKOPcjMNQCKv0p1Q==',0,1.79573059080484604831e+09,NULL,NULL);
INSERT INTO "intents" VALUES('B5F4zGlUPewM','T0SANDBOX','U0BEN','https://acme.example','PLAT-12','vote','unconnected',0,1.79573058898426532741e+09,1,NULL,'C0PLANNING','gAAAAABrCKyc8pa-ePOdO8m_dhR1DhhMCID6dC4lIbD4UEx5-o3U7ZP2Vh2aSmT5dj_ibpvigD_N1kyRGVWvVcQGQkZ0EB2ECSI7LMhapdoavbv6EbrZ2C1dYUnViX2CAeBgybbwAm8wEZQAzKLLoVMJvC5o96gh8g==',0,1.79573059003447151179e+09,NULL,NULL);
CREATE TABLE links (
            team_id    TEXT NOT NULL,
            channel_id TEXT NOT NULL,
            site       TEXT NOT NULL,
            issue_key  TEXT NOT NULL,
            linked_by  TEXT NOT NULL,
            linked_at  REAL NOT NULL,
            PRIMARY KEY (team_id, channel_id)
        ) STRICT;
INSERT INTO "links" VALUES('T0SANDBOX','C0PLANNING','https://acme.example','PLAT-13','U0ADA',1.79573058585378742216e+09);
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
INSERT INTO "outbox" VALUES('receipt','B5F4zGlUPewM','connect',0.0,'T0SANDBOX','sent',0,1,1.79573058902716040608e+09,0.0,NULL,NULL,0);
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
INSERT INTO "poll_keys" VALUES('7X2Z0nxgr7Mc','gAAAAABrCKyc5Ej5vBDvQ-7NT4Nw8c_zcNJiZej9bL0VNBq7MDtLgfNga3XDGxWdxrr64nL4t3HznH5YqJWLeYuD4ZYrNWVWC7cCvJTtakYu1QRZxCmVOn_irQH5lUcX5OM2oRwbahAvqH4FaQk8xWYRWmMWlCSAXbobT2y96lVy00lJGwZMpAE=');
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
INSERT INTO "polls" VALUES('Ay5uP1fFGI3I','T0SANDBOX','https://acme.example','plain','',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false,"edited":false},{"id":"2","title":"Soup","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573058585525655744e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL);
INSERT INTO "polls" VALUES('7X2Z0nxgr7Mc','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Leaving?','','[{"id":"1","title":"Yes","order":0,"removed":false,"edited":false},{"id":"2","title":"No","order":1,"removed":false,"edited":false}]','{"several":true,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":false,"comments":false}',NULL,'U0ADA','[]',1.79573058687152433397e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL);
INSERT INTO "polls" VALUES('QwmGPR1xcB6o','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Over?','','[{"id":"1","title":"Yes","order":0,"removed":false,"edited":false},{"id":"2","title":"No","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":false,"comments":false}',NULL,'U0ADA','[]',1.79573058787612485883e+09,1,NULL,1.79573058889950585366e+09,NULL,NULL,1,0.0,300.0,'',NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,3);
INSERT INTO "polls" VALUES('htAIHpK3F0Vm','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false,"edited":false},{"id":"2","title":"Soup","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573058891844797137e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL);
INSERT INTO "polls" VALUES('zy7ILlDKV7OS','T0SANDBOX','https://acme.example','issue','PLAT-12',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false,"edited":false},{"id":"2","title":"Soup","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":1795903380.0,"closes_at_end":true,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573058897569465632e+09,1,1795903380.0,NULL,NULL,NULL,1,0.0,300.0,NULL,3600.0,1795899780.0,1,NULL,NULL,NULL,0,NULL,NULL,0,NULL);
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
INSERT INTO "schedules" VALUES('iIqbPWAmsNoB','T0SANDBOX','https://acme.example','U0ADA','{"what":"poll","subject":"Ay5uP1fFGI3I","channel_id":"C0PLANNING","recurrence":{"every":"daily","at":"09:00:00","zone":"Europe/Berlin","days":[],"day":1,"on":null},"view":"bars","missed":"late","until_closed":false,"most":null,"ask":null,"starts_at":null}','V41',1.79573058894783687588e+09,1795766400.0,0,0,'',0,0,0,NULL,1795766400.0,NULL,NULL);
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
CREATE TABLE steps (
            poll_id TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            part    TEXT NOT NULL CHECK (part IN ('slack', 'jira')),
            place   INTEGER NOT NULL,
            people  INTEGER,
            counts  TEXT NOT NULL,
            PRIMARY KEY (poll_id, part, place)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "steps" VALUES('7X2Z0nxgr7Mc','slack',1,3,'{"1": 1, "2": 3}');
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
INSERT INTO "tries" VALUES('c1n_50iuGDWZ','T0SANDBOX','U0ADA','https://acme.example','PLAT-12','vote',1.79573058579639315609e+09,1.79573058579939937593e+09);
INSERT INTO "tries" VALUES('AXw4jckAcMoe','T0SANDBOX','U0ADA','https://acme.example','PLAT-13','vote',1.79573058899027419082e+09,NULL);
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
CREATE INDEX steps_near ON steps (poll_id, part, people);
CREATE INDEX cards_at ON cards (channel_id, message_ts);
COMMIT;
