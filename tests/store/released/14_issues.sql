-- poll-key: gAAAAABrCKyqDngT0LSRLj4okCdEAWrGMuC42lL9WKLPEufyYCdGn0ZcnEzIiwoKOgqy_KGrV1lE-Wis-o3ppnIsrSIFZvjUCx6T27DiycntARdCiYpfNh5Gh5tZnTuDMCUVjlmaXHrt
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'pollbot','first_light','2026-11-26 22:03:18.956235+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'pollbot','polls','2026-11-26 22:03:18.966431+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'pollbot','schedules','2026-11-26 22:03:18.979534+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'pollbot','queues','2026-11-26 22:03:19.035196+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'pollbot','outbox','2026-11-26 22:03:19.053309+00:00');
INSERT INTO "_sqlite_migrations" VALUES(6,'pollbot','parted_for_good','2026-11-26 22:03:19.062772+00:00');
INSERT INTO "_sqlite_migrations" VALUES(7,'pollbot','tries','2026-11-26 22:03:19.074812+00:00');
INSERT INTO "_sqlite_migrations" VALUES(8,'pollbot','steps','2026-11-26 22:03:19.080660+00:00');
INSERT INTO "_sqlite_migrations" VALUES(9,'pollbot','cards_by_message','2026-11-26 22:03:19.094379+00:00');
INSERT INTO "_sqlite_migrations" VALUES(10,'pollbot','edits','2026-11-26 22:03:19.098771+00:00');
INSERT INTO "_sqlite_migrations" VALUES(11,'pollbot','receipts','2026-11-26 22:03:19.100758+00:00');
INSERT INTO "_sqlite_migrations" VALUES(12,'pollbot','found','2026-11-26 22:03:19.106640+00:00');
INSERT INTO "_sqlite_migrations" VALUES(13,'pollbot','waiting_polls','2026-11-26 22:03:19.112146+00:00');
INSERT INTO "_sqlite_migrations" VALUES(14,'pollbot','issues','2026-11-26 22:03:19.113464+00:00');
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
INSERT INTO "accounts" VALUES('T0SANDBOX','U0ADA','https://acme.example','acc-ada','Ada of Jira','https://acme.example','gAAAAABrCKynEJx7xse3MlEsMCav4GgdY0cRHVutfOEFYX-PEOZGiVPRJsw83qkIQ7NSkkQkbAmcQSrAniEBCC1QSlABy7ZlHRM0eKSaQ2d888zaCgmRJw99MZxzMTo4kSukygYR7V0G',NULL,1.79573059922750592233e+09);
CREATE TABLE answers (
            poll_id   TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            voter     TEXT NOT NULL,
            option_id TEXT NOT NULL, was TEXT,
            PRIMARY KEY (poll_id, voter, option_id)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "answers" VALUES('7yKn1GtU5Lyg','34d615079491da896d84e9b4b445f579','2',NULL);
INSERT INTO "answers" VALUES('7yKn1GtU5Lyg','4af7305594abcc1c3b41b95917cbd677','2',NULL);
INSERT INTO "answers" VALUES('7yKn1GtU5Lyg','820bb9c258b3131333262bab3e65fb01','1',NULL);
INSERT INTO "answers" VALUES('EVojavmU6ZmI','U0ADA','1',NULL);
INSERT INTO "answers" VALUES('EVojavmU6ZmI','U0BEN','2',NULL);
INSERT INTO "answers" VALUES('EVojavmU6ZmI','U0CLEO','2',NULL);
INSERT INTO "answers" VALUES('KPu7gxVc8QJ-','2ec18239f60dc8d61bf75e4238182ed39b3262cd8508ec132dfdfd21086b6e8f','2',NULL);
INSERT INTO "answers" VALUES('KPu7gxVc8QJ-','6cfc43c27d7ee628bcf4c5a702d3a206e60766acd1f7e5d7d4ce878bfe8b945f','1',NULL);
INSERT INTO "answers" VALUES('KPu7gxVc8QJ-','6cfc43c27d7ee628bcf4c5a702d3a206e60766acd1f7e5d7d4ce878bfe8b945f','2',NULL);
INSERT INTO "answers" VALUES('KPu7gxVc8QJ-','778c8faaa76adf2470aeba0b0b6e2cdc65097a69ebd995c418690e7eeb22a9d5','2',NULL);
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
INSERT INTO "cards" VALUES('XE4weNlbsvPk','T0SANDBOX','C0PLANNING','1795730599.287138','https://acme.example','PLAT-12','U0ADA',1,0,'{"key":"PLAT-12","summary":"Export <all> & more","status":"Open","type":"Story","votes":8,"voted":true,"voters":["Ada of Jira"],"resolution":null,"reporter_id":null}',1.79573059927851963043e+09,1,1,0,1.7957305992636725903e+09,0,NULL,1.7957305992636725903e+09,NULL,NULL,NULL,1.79573060029031562803e+09,NULL,NULL);
INSERT INTO "cards" VALUES('HL5bR1fpnoRn','T0SANDBOX','C0PLANNING','1795730600.296252','https://acme.example','','U0ADA',1,0,NULL,0.0,4,4,0,1.79573059931108808522e+09,0,'gAAAAABrCKyqhDQ4O3Js0rXsAxc9tM0cb84b5wHHZZHrDjIDGJ9fHGPpnaIhD8vH3KxMf3MnrGOsk4G69dLTZ-l7Xn1crbmcsanyUGhieFcqoSO7TnR1ntR0cRMUUwRjfmV1HqBnpC99hCDUXxhAfv0C-qA0QN2P8g==',1.79573060249469804768e+09,'EVojavmU6ZmI',NULL,NULL,1.79573060234424757954e+09,NULL,NULL);
INSERT INTO "cards" VALUES('2h3eWraWx-qm','T0SANDBOX','C0PLANNING','1795730601.312591','https://acme.example','','U0ADA',1,0,NULL,0.0,5,5,0,1.7957306003388774395e+09,0,'gAAAAABrCKypupgk2AE5n5yX3UPfPRhL37HMlydWI5_M6t0iSUqQhaIxbS1nfh-iWNUTzo-UWtqQM664U8B4y8ww2R2YDF550KOYKruGtjuO1jUZ5ISuvBZMjXjxllbXCPpalg1l1m3C8I3Y_0F6GBgMTKAyAvfMfg==',1.79573060133287119863e+09,'KPu7gxVc8QJ-',NULL,NULL,1.79573060334649705887e+09,NULL,NULL);
INSERT INTO "cards" VALUES('KM1rw9IQQS2m','T0SANDBOX','C0PLANNING','1795730602.336188','https://acme.example','','U0ADA',1,0,NULL,0.0,5,1,0,1.79573060133831048017e+09,0,'gAAAAABrCKyqidRoF3RpRnhICcufgmJ9hIODmXywJwTIvQcOaLB71wql_uOA6sJl_eXV_37drek56mhcTpXm6qeIrsgTEuQvOTrtFKbyKB4egGlJLh1Lf3EZfR7iWh-61oBJfhjLmm8ftd0EYQKW7F6xlEJrDzJT3w==',1.79573060238080620763e+09,'7yKn1GtU5Lyg',NULL,NULL,1.7957306033422532082e+09,NULL,NULL);
INSERT INTO "cards" VALUES('5GhZ-bUPFAIU','T0SANDBOX','C0PLANNING',NULL,'https://acme.example','','U0ADA',0,0,NULL,0.0,1,0,0,1.79573060249315834043e+09,0,'gAAAAABrCKyqiYA6QJoRdb-xi1Wn5voJmU_O_AgavdwA6rIIp3nL4fXwWthuWxsHKaeLkLAz0l5F4bzyB0DJZHvEOM_tjGrEFPmyYR7i9ncvlQ5cf23QPleFPSwk6QnNPiTLCz3XVCQzGvwlDLQFOs-ENY2hGthoXg==',1.79573060249315834043e+09,'jUVkuaNq_KvD',NULL,NULL,1.79573060433672547333e+09,NULL,NULL);
INSERT INTO "cards" VALUES('2CngCpR3ljgQ','T0SANDBOX','C0PLANNING',NULL,'https://acme.example','','U0ADA',0,0,NULL,0.0,1,0,0,1.79573060255288290978e+09,0,'gAAAAABrCKyqyXMESo-PuJEGTKnZl-CCiN2C-Rh3gV3luIMzbJXasG9B5kRisx7BnB9Hrmyyza17A3Xvx85Z-tKopGGAhMxnl6HsPKW3Oc2lPi4a0smRSvS63Qpm1Fpt4lwVaef2v2A5ZsB3-pxDLiKpkSLgAyVWtQ==',1.79573060255288290978e+09,'ttxdVOxwkd9Q',NULL,NULL,1.79573060533672547336e+09,NULL,NULL);
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
            seen_at REAL NOT NULL, told INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (team_id, user_id, subject, stamp, deed)
        ) STRICT;
INSERT INTO "deliveries" VALUES('','','delivery','1d760a6c44c577bfc02ea990b0023ece52d4d5340b198f2149863e53aaca6fa3','',1.79573059922051644324e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','c03c27c85689dc022c0ee3aa936b369bab5782cada06a0cee0a5f12b89e485c5','',1795730599.23114,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example PLAT-12 ','5.T0SANDBOX.0f53ccba1a0cfd0898c10ededd78a49d','card',1.7957305992636725903e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','b5c006ceff5ee1ebc047f93f8e5eeeeadf894c06442badcbb7dc35929a41c8e7','',1.79573059929200434681e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','10.T0SANDBOX.c737a39e18f444f4e1a24ccc3d9d8f99 here "Lunch?" "Pizza" "Soup"','EVojavmU6ZmI',1.79573059930385923381e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  EVojavmU6ZmI','10.T0SANDBOX.c737a39e18f444f4e1a24ccc3d9d8f99 here "Lunch?" "Pizza" "Soup"','card',1.79573059931108808522e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','poll EVojavmU6ZmI','1795730600.296856','answer',1.7957306003063807487e+09,1);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0BEN','poll EVojavmU6ZmI','1795730600.315112','answer',1.79573060031651234621e+09,1);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0CLEO','poll EVojavmU6ZmI','1795730600.317992','answer',1.79573060031898069379e+09,1);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','17.T0SANDBOX.50ad31eb6d3b4b6a9beb0c5531277afc anonymous multi "Leaving?" "Yes" "No"','KPu7gxVc8QJ-',1.79573060032313632969e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  KPu7gxVc8QJ-','17.T0SANDBOX.50ad31eb6d3b4b6a9beb0c5531277afc anonymous multi "Leaving?" "Yes" "No"','card',1.7957306003388774395e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','6cfc43c27d7ee628bcf4c5a702d3a206e60766acd1f7e5d7d4ce878bfe8b945f','poll KPu7gxVc8QJ-','1795730601.324301','switch',1.79573060132564663884e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','778c8faaa76adf2470aeba0b0b6e2cdc65097a69ebd995c418690e7eeb22a9d5','poll KPu7gxVc8QJ-','1795730601.327499','switch',1.79573060132862663269e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','2ec18239f60dc8d61bf75e4238182ed39b3262cd8508ec132dfdfd21086b6e8f','poll KPu7gxVc8QJ-','1795730601.329974','switch',1.7957306013309588432e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','6cfc43c27d7ee628bcf4c5a702d3a206e60766acd1f7e5d7d4ce878bfe8b945f','poll KPu7gxVc8QJ-','1795730601.332125','switch',1.79573060133302545545e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','27.T0SANDBOX.68c534f4ee72c4b18a8dae9ddac85e3a anonymous "Over?" "Yes" "No"','7yKn1GtU5Lyg',1.79573060133721017833e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  7yKn1GtU5Lyg','27.T0SANDBOX.68c534f4ee72c4b18a8dae9ddac85e3a anonymous "Over?" "Yes" "No"','card',1.79573060133831048017e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','c511dbadc4b5031b6382472f163329cb37ce5fb0259e1668c22a207f4753b5be','',1.79573060240741467479e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','39.T0SANDBOX.4b6f170c4b935c2e23e8d7edb8185db6 "Lunch?" "Pizza" "Soup"','jUVkuaNq_KvD',1.79573060249229454993e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  jUVkuaNq_KvD','39.T0SANDBOX.4b6f170c4b935c2e23e8d7edb8185db6 "Lunch?" "Pizza" "Soup"','card',1.79573060249315834043e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','V45','ttxdVOxwkd9Q',1.79573060255174183847e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  ttxdVOxwkd9Q','V45','card',1.79573060255288290978e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','53e55f977f2a8cd32fe098f78a4c219832d2229b0c9a67f270ff21ef6f9db7fc','',1.79573060255402207376e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','5910ac422166ae8fe41c8adbfb153cac1dc8809040cd53210ce5e0e205459c38','',1.79573060255600237843e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','826b944d975af527a0e1678f66a277f6732a70fa0acaa7f04452c7910ae2d8e4','',1.7957306025571713447e+09,0);
CREATE TABLE endings (
            poll_id   TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            team_id   TEXT NOT NULL,
            closed_at REAL NOT NULL,
            attempts  INTEGER NOT NULL DEFAULT 0, due_at REAL DEFAULT 0, held_until REAL, holder TEXT,
            PRIMARY KEY (poll_id, closed_at)
        ) STRICT;
INSERT INTO "endings" VALUES('7yKn1GtU5Lyg','T0SANDBOX',1.79573060241336107255e+09,0,1.79573060333672547342e+09,NULL,NULL);
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
            replaces           INTEGER NOT NULL DEFAULT 0, due_at REAL DEFAULT 0, held_until REAL, holder TEXT, first_key TEXT NOT NULL DEFAULT '',
            UNIQUE (team_id, user_id, site, issue_key)
        ) STRICT;
INSERT INTO "intents" VALUES('zQ9uZKUhnzIC','T0SANDBOX','U0ADA','https://acme.example','PLAT-13','vote','queued',1,1.79573060255425572396e+09,1,NULL,'C0PLANNING','gAAAAABrCKyqfYqjjOJXreLeeVsQDYMjLldlSccQQ2prT2Q4V_Nmb2qx5KEGnCUcQU0DGOg5iDsjXeTGS57Ld2esYoCO9zY4vij1QniZ6TsH15-3Q6xY0-lz-d7rlzrFrbBHaJhOKpYp5ea9zyKLfQiUPPWVM3Pb5w==',0,1.7957306046830277443e+09,NULL,NULL,'PLAT-13');
INSERT INTO "intents" VALUES('yqIdcvLQsHif','T0SANDBOX','U0BEN','https://acme.example','PLAT-12','vote','unconnected',0,1.79573060255615210532e+09,1,NULL,'C0PLANNING','gAAAAABrCKyqu_TUoBh6K55L8s-kJ6FgW_4wXRX8YCdcaOwaxiEFD1zgg1I9qlS5xN0P5egjQ41UL3odf4BjwRBYk-d3HkD0vi8Ixiqe58bRRO38vn2S48ta7sDQNXuw3Aza45c8zPl7I6vz5z5354OPnv7bwZpWwg==',0,1.7957306035917243957e+09,NULL,NULL,'PLAT-12');
CREATE TABLE issues (
            site      TEXT NOT NULL,
            issue_key TEXT NOT NULL,
            issue_id  TEXT NOT NULL,
            moved_to  TEXT,
            PRIMARY KEY (site, issue_key)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "issues" VALUES('https://acme.example','PLAT-12','10001',NULL);
INSERT INTO "issues" VALUES('https://acme.example','PLAT-13','10002',NULL);
CREATE TABLE links (
            team_id    TEXT NOT NULL,
            channel_id TEXT NOT NULL,
            site       TEXT NOT NULL,
            issue_key  TEXT NOT NULL,
            linked_by  TEXT NOT NULL,
            linked_at  REAL NOT NULL,
            PRIMARY KEY (team_id, channel_id)
        ) STRICT;
INSERT INTO "links" VALUES('T0SANDBOX','C0PLANNING','https://acme.example','PLAT-13','U0ADA',1.79573059929833173751e+09);
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
INSERT INTO "outbox" VALUES('receipt','yqIdcvLQsHif','connect',0.0,'T0SANDBOX','sent',0,1,1.79573060259100580208e+09,0.0,NULL,NULL,0);
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
INSERT INTO "poll_keys" VALUES('KPu7gxVc8QJ-','gAAAAABrCKyqpue4CkT3Zsa11TZO02v3M9Dx_oEm1Wl4WxDDHy6pxr7Yf9qc9WNPCb5KQMjQMWriCAv7erqflKupzHU-F9I8ZbolTHXGLyWjJs2LcdsyEcexkWWB79OwXPV1m7aSQlOLAUQKh4KHAZ9Vnb1cB80hGveuhNd0oSNO1epCpLKyUrM=');
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
        , closed_by TEXT, remind_before REAL, remind_due_at REAL, record INTEGER NOT NULL DEFAULT 0, read_due_at REAL, read_held_until REAL, read_holder TEXT, read_attempts INTEGER NOT NULL DEFAULT 0, remind_held_until REAL, remind_holder TEXT, remind_attempts INTEGER NOT NULL DEFAULT 0, people INTEGER, found INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO "polls" VALUES('EVojavmU6ZmI','T0SANDBOX','https://acme.example','plain','',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false,"edited":false},{"id":"2","title":"Soup","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573059930385923381e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL,0);
INSERT INTO "polls" VALUES('KPu7gxVc8QJ-','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Leaving?','','[{"id":"1","title":"Yes","order":0,"removed":false,"edited":false},{"id":"2","title":"No","order":1,"removed":false,"edited":false}]','{"several":true,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":false,"comments":false}',NULL,'U0ADA','[]',1.79573060032313632969e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL,0);
INSERT INTO "polls" VALUES('7yKn1GtU5Lyg','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Over?','','[{"id":"1","title":"Yes","order":0,"removed":false,"edited":false},{"id":"2","title":"No","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":false,"comments":false}',NULL,'U0ADA','[]',1.79573060133721017833e+09,1,NULL,1.79573060241336107255e+09,NULL,NULL,1,0.0,300.0,'',NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,3,0);
INSERT INTO "polls" VALUES('jUVkuaNq_KvD','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false,"edited":false},{"id":"2","title":"Soup","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573060249229454993e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL,0);
INSERT INTO "polls" VALUES('ttxdVOxwkd9Q','T0SANDBOX','https://acme.example','issue','PLAT-12',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false,"edited":false},{"id":"2","title":"Soup","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":1795903380.0,"closes_at_end":true,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573060255174183847e+09,1,1795903380.0,NULL,NULL,NULL,1,0.0,300.0,NULL,3600.0,1795899780.0,1,NULL,NULL,NULL,0,NULL,NULL,0,NULL,0);
CREATE TABLE receipts (
            id           TEXT NOT NULL,
            team_id      TEXT NOT NULL,
            user_id      TEXT NOT NULL,
            poll_id      TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            since        REAL NOT NULL,
            channel_id   TEXT NOT NULL,
            response_url TEXT,
            replaces     INTEGER NOT NULL DEFAULT 0,
            due_at       REAL,
            held_until   REAL,
            holder       TEXT,
            attempts     INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (team_id, user_id, poll_id)
        ) STRICT;
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
INSERT INTO "schedules" VALUES('M1YNpw3y6KTT','T0SANDBOX','https://acme.example','U0ADA','{"what":"poll","subject":"EVojavmU6ZmI","channel_id":"C0PLANNING","recurrence":{"every":"daily","at":"09:00:00","zone":"Europe/Berlin","days":[],"day":1,"on":null},"view":"bars","missed":"late","until_closed":false,"most":null,"ask":null,"starts_at":null}','V41',1.795730602528042078e+09,1795766400.0,0,0,'',0,0,0,NULL,1795766400.0,NULL,NULL);
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
INSERT INTO "steps" VALUES('KPu7gxVc8QJ-','slack',1,3,'{"1": 1, "2": 3}');
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
INSERT INTO "tries" VALUES('FcgqXdxhKqNp','T0SANDBOX','U0ADA','https://acme.example','PLAT-12','vote',1.79573059924627327914e+09,1.7957305992551982403e+09);
INSERT INTO "tries" VALUES('ypOsfeqJyaXQ','T0SANDBOX','U0ADA','https://acme.example','PLAT-13','vote',1.79573060255809330938e+09,NULL);
CREATE TABLE waiting_polls (
            id           TEXT NOT NULL PRIMARY KEY,
            team_id      TEXT NOT NULL,
            user_id      TEXT NOT NULL,
            site         TEXT NOT NULL,
            kind         TEXT NOT NULL CHECK (kind IN ('issue', 'page')),
            subject      TEXT NOT NULL,
            ask          TEXT NOT NULL,
            stamp        TEXT NOT NULL,
            channel_id   TEXT NOT NULL,
            response_url TEXT,
            state        TEXT NOT NULL
                CHECK (state IN ('queued', 'unconnected', 'making', 'settled')),
            asked_at     REAL NOT NULL,
            ends_at      REAL,
            outcome      TEXT,
            due_at       REAL,
            held_until   REAL,
            holder       TEXT,
            attempts     INTEGER NOT NULL DEFAULT 0,
            UNIQUE (team_id, user_id, stamp)
        ) STRICT;
INSERT INTO "waiting_polls" VALUES('P7ip7ridwYsH','T0SANDBOX','U0ADA','https://acme.example','issue','PLAT-12','{"draft":{"title":"Later?","options":["Pizza","Soup"],"description":"","settings":{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false},"template":null,"remind_before":null,"record":false},"kind":"issue","subject":"PLAT-12","local":false,"lasts":null}','49.T0SANDBOX.ee1d7cd65aef61d55c2fb233ee2c0e38 PLAT-12 "Later?" "Pizza" "Soup"','C0PLANNING','gAAAAABrCKyqOsjwlfH9CR4BbXW_MJIHKnKJ4lmdDeLu0p9mGrXaAihNkMRD2xWBUnqWnUU4sQ0E0A1mwlOZeFJlIshONpzoJrAA87nD2kU1TtOFW-kfMXzoGG9mJN1YUtcEfNpqpntGFVIHMPQASu6s0GmjMXKNAQ==','queued',1.79573060255924677854e+09,NULL,NULL,1.79573060455924677844e+09,NULL,NULL,0);
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
CREATE INDEX receipts_due ON receipts (due_at);
CREATE INDEX receipts_held ON receipts (held_until) WHERE held_until IS NOT NULL;
CREATE INDEX receipts_of ON receipts (poll_id);
CREATE INDEX waiting_polls_due ON waiting_polls (due_at);
CREATE INDEX issues_by_id ON issues (site, issue_id);
COMMIT;
