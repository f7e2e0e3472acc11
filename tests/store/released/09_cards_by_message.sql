-- poll-key: gAAAAABrCKybLuUwJNYBcV63SHbmzxlTYOSA7LUnF0_avHwSd6geuGSkVp0MPKgvsj2m9x6oAjw73whz8vEuLsyjyRGzXu_ukwRQ5BK5UfiMdjBFA9uR1IfvcNXjGYIutcAyWzFGrIMZ
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'pollbot','first_light','2026-11-26 22:03:04.270018+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'pollbot','polls','2026-11-26 22:03:04.274779+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'pollbot','schedules','2026-11-26 22:03:04.283764+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'pollbot','queues','2026-11-26 22:03:04.316981+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'pollbot','outbox','2026-11-26 22:03:04.322576+00:00');
INSERT INTO "_sqlite_migrations" VALUES(6,'pollbot','parted_for_good','2026-11-26 22:03:04.326014+00:00');
INSERT INTO "_sqlite_migrations" VALUES(7,'pollbot','tries','2026-11-26 22:03:04.328763+00:00');
INSERT INTO "_sqlite_migrations" VALUES(8,'pollbot','steps','2026-11-26 22:03:04.336088+00:00');
INSERT INTO "_sqlite_migrations" VALUES(9,'pollbot','cards_by_message','2026-11-26 22:03:04.377122+00:00');
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
INSERT INTO "accounts" VALUES('T0SANDBOX','U0ADA','https://acme.example','acc-ada','Ada of Jira','https://acme.example','gAAAAABrCKyYfmM_PDvwhGvyAS4jGSxEg9a9tGsA9RTbYYpwP6_qeriEllSxyIX1WKf-6aWz_pV_jKR3LMPbg8feo-bhXPqD-nSFm9E93v5qEZFSIctvjcUm20gufR9zbPN6oP02nBVm',NULL,1.79573058449264764784e+09);
CREATE TABLE answers (
            poll_id   TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            voter     TEXT NOT NULL,
            option_id TEXT NOT NULL,
            PRIMARY KEY (poll_id, voter, option_id)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "answers" VALUES('-EEtVQhDw1yK','61898277fa982d9142cafad0a1f50a7f','2');
INSERT INTO "answers" VALUES('-EEtVQhDw1yK','b9a92bac82e27816f50286d3f2fbde43','1');
INSERT INTO "answers" VALUES('-EEtVQhDw1yK','f884ae9765272b87da4be5be6bb93508','2');
INSERT INTO "answers" VALUES('20ez3NslGmVu','46a5c80e467496b92a37a9238ac6fcc08aeb8c33a194142e749151bdf81b1a6d','2');
INSERT INTO "answers" VALUES('20ez3NslGmVu','86ed4bbb7a65027695920d49f89f15b5bd3e4b304097833844dfb33e0a505917','2');
INSERT INTO "answers" VALUES('20ez3NslGmVu','b2145564121f103040ea57103219976fafe40a667cec116e67556910fe38213d','1');
INSERT INTO "answers" VALUES('20ez3NslGmVu','b2145564121f103040ea57103219976fafe40a667cec116e67556910fe38213d','2');
INSERT INTO "answers" VALUES('4Ks_Wpvm9KIh','U0ADA','1');
INSERT INTO "answers" VALUES('4Ks_Wpvm9KIh','U0BEN','2');
INSERT INTO "answers" VALUES('4Ks_Wpvm9KIh','U0CLEO','2');
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
INSERT INTO "cards" VALUES('JGmX_b9om1F4','T0SANDBOX','C0PLANNING','1795730584.547403','https://acme.example','PLAT-12','U0ADA',1,0,'{"key":"PLAT-12","summary":"Export <all> & more","status":"Open","type":"Story","votes":8,"voted":true,"voters":["Ada of Jira"],"resolution":null,"reporter_id":null}',1.79573058559470725061e+09,2,2,0,1.79573058452338814739e+09,0,NULL,1.79573058452338814739e+09,NULL,NULL,NULL,1.79573058660833477975e+09,NULL,NULL);
INSERT INTO "cards" VALUES('48tBKb6MyQWU','T0SANDBOX','C0PLANNING','1795730585.555804','https://acme.example','','U0ADA',1,0,NULL,0.0,4,4,0,1.79573058457280850409e+09,0,'gAAAAABrCKybOrl38G4xP7Z7rnP6ob4iVypzEXV0KOU5v5HbXqfbrg3-pB-YgSBgmSC9o5BUEK1NbkjCIELA-rqdpIOmjCrySaK5P023bVg2IVuiAHX2BgnIs-O2iPhHd53TrLC9eCi-3En46KX6pekAqmkOAdAz6w==',1.79573058762289118769e+09,'4Ks_Wpvm9KIh',NULL,NULL,1.79573058759581685069e+09,NULL,NULL);
INSERT INTO "cards" VALUES('7WUupr8erlDI','T0SANDBOX','C0PLANNING','1795730586.563073','https://acme.example','','U0ADA',1,0,NULL,0.0,5,5,0,1.79573058561487865453e+09,0,'gAAAAABrCKyaJVC0HCOPO-xJ65Envav4CPB2zrn6Ng1tPTo5I4iL8k3iMsK8e93b4wUrDdLruVbbXElGeJsEQjaRgMdOrReN0r_3AF4b8N1fmbz3y25CkKt-xPJLg5uaFb4kqXQRCQ9jugvaPJiHgXFFWY2-r3uIuw==',1.79573058657939624779e+09,'20ez3NslGmVu',NULL,NULL,1.79573058859820580482e+09,NULL,NULL);
INSERT INTO "cards" VALUES('SmJtILwDIXZT','T0SANDBOX','C0PLANNING','1795730587.567417','https://acme.example','','U0ADA',1,0,NULL,0.0,5,1,0,1795730586.58913,0,'gAAAAABrCKyb06CJ5GFpFh-1yGkQCbHOC7tqcerBtTUfYks6rEOKvA6DV4OeE_u3Fko6UrYwBQWJU5z9d1ln5ch7wdwcsD2N9aUv3LKEa2tf-5LXN0SCnuKXV7TdoxiuVQBU-Jb-FnuUJjnSmpShakOMwsLhfS33HQ==',1.79573058757931733136e+09,'-EEtVQhDw1yK',NULL,NULL,1.79573058857044076924e+09,NULL,NULL);
INSERT INTO "cards" VALUES('v8KREFHWDhZ3','T0SANDBOX','C0PLANNING',NULL,'https://acme.example','','U0ADA',0,0,NULL,0.0,1,0,0,1.79573058762170577047e+09,0,'gAAAAABrCKybB6mCexqKvwJiZFB7IFHIGxHI9WTFSr4Jfcrft6aoLwmr4-165QPabzsW1KVy2w9qR2KUBll5lsjWGXgp6mxgFGx0TWKaniWSoUEynSKf4XUZO-Z1cijHs-WrHc_wBrca4miGJz5nD0oxXY0a4te0ZA==',1.79573058762170577047e+09,'TrnnkmMnOq5X',NULL,NULL,1.79573058956787776942e+09,NULL,NULL);
INSERT INTO "cards" VALUES('N0D6WzB71NyM','T0SANDBOX','C0PLANNING',NULL,'https://acme.example','','U0ADA',0,0,NULL,0.0,1,0,0,1.79573058767838811874e+09,0,'gAAAAABrCKyb-8AhK-IAGfGfxWwW7g77eMu5gZTGzOcd4bHjfCoVysTyx1jPhSE82klUh5pvMmuk2-EKa9SMUHrY2KO6GH68SNHAYcDtvlt-8aiW79TLgNRVa74oLjP5Geugwo7xmt4CxXao8ggZC1SAGyciXhAPsQ==',1.79573058767838811874e+09,'_mvykXYPL25D',NULL,NULL,1.79573059056787776941e+09,NULL,NULL);
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
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example PLAT-12 ','5.T0SANDBOX.ce37efedc4dc835f48979f24652deaed','card',1.79573058452338814739e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','10.T0SANDBOX.418b10dc4d9fc4a9eacc2326f71de2c6 here "Lunch?" "Pizza" "Soup"','4Ks_Wpvm9KIh',1.79573058457159781455e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  4Ks_Wpvm9KIh','10.T0SANDBOX.418b10dc4d9fc4a9eacc2326f71de2c6 here "Lunch?" "Pizza" "Soup"','card',1.79573058457280850409e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','poll 4Ks_Wpvm9KIh','1795730585.574444','answer',1.79573058558114385602e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0BEN','poll 4Ks_Wpvm9KIh','1795730585.586861','answer',1.79573058558781695369e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0CLEO','poll 4Ks_Wpvm9KIh','1795730585.594142','answer',1.79573058559594154353e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','17.T0SANDBOX.1de3f66412a06bfab659f3fe96fcb247 anonymous multi "Leaving?" "Yes" "No"','20ez3NslGmVu',1.79573058560799455642e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  20ez3NslGmVu','17.T0SANDBOX.1de3f66412a06bfab659f3fe96fcb247 anonymous multi "Leaving?" "Yes" "No"','card',1.79573058561487865453e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','b2145564121f103040ea57103219976fafe40a667cec116e67556910fe38213d','poll 20ez3NslGmVu','1795730586.571538','switch',1.79573058657244777683e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','46a5c80e467496b92a37a9238ac6fcc08aeb8c33a194142e749151bdf81b1a6d','poll 20ez3NslGmVu','1795730586.573598','switch',1.79573058657448387143e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','86ed4bbb7a65027695920d49f89f15b5bd3e4b304097833844dfb33e0a505917','poll 20ez3NslGmVu','1795730586.576823','switch',1795730586.57762);
INSERT INTO "deliveries" VALUES('T0SANDBOX','b2145564121f103040ea57103219976fafe40a667cec116e67556910fe38213d','poll 20ez3NslGmVu','1795730586.578651','switch',1.79573058658229398726e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','27.T0SANDBOX.ab2cfb5054017d910eb790a71bf9814d anonymous "Over?" "Yes" "No"','-EEtVQhDw1yK',1.79573058658804392815e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  -EEtVQhDw1yK','27.T0SANDBOX.ab2cfb5054017d910eb790a71bf9814d anonymous "Over?" "Yes" "No"','card',1795730586.58913);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','39.T0SANDBOX.d21726d0d461b1afdb3ecfa5c653a801 "Lunch?" "Pizza" "Soup"','TrnnkmMnOq5X',1.79573058762021946907e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  TrnnkmMnOq5X','39.T0SANDBOX.d21726d0d461b1afdb3ecfa5c653a801 "Lunch?" "Pizza" "Soup"','card',1.79573058762170577047e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','V45','_mvykXYPL25D',1.79573058767718553548e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  _mvykXYPL25D','V45','card',1.79573058767838811874e+09);
CREATE TABLE endings (
            poll_id   TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            team_id   TEXT NOT NULL,
            closed_at REAL NOT NULL,
            attempts  INTEGER NOT NULL DEFAULT 0, due_at REAL DEFAULT 0, held_until REAL, holder TEXT,
            PRIMARY KEY (poll_id, closed_at)
        ) STRICT;
INSERT INTO "endings" VALUES('-EEtVQhDw1yK','T0SANDBOX',1.7957305876016378403e+09,0,1.79573058856787776951e+09,NULL,NULL);
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
INSERT INTO "intents" VALUES('Zw5AJDOYRILR','T0SANDBOX','U0ADA','https://acme.example','PLAT-13','vote','queued',1,1.79573058767972469325e+09,1,NULL,'C0PLANNING','gAAAAABrCKybanRYoKORC-4cXTun8vtdigX8edJ_hGfe4peclZ7w18__71gKNoqpQ8xzHvnORMEnUYRINkzRsSu3M0OiojqKBkRXPc3ovdd4yWBoVXDMKJBhZA83ZNlosZ7h9S7NuVeGQ38_OSnygkadr--x0hS8yQ==',0,1.79573058980185484888e+09,NULL,NULL);
INSERT INTO "intents" VALUES('YFOvykdYS0Zd','T0SANDBOX','U0BEN','https://acme.example','PLAT-12','vote','unconnected',0,1.79573058768315529823e+09,1,NULL,'C0PLANNING','gAAAAABrCKyb81R35M2QSBxGyFmVhcWNtvNpqAK-zeDe-cInEu8AOIODgQw4cQah7tbfcvU1k-dMBEnZ4dpAa7YCFXfFEiRulgZjnDLsqETAajt8uKgQYhGmCMicCQdgM9C6QbWf-glyu_6M4rYkq4QRy-KsXWGQug==',0,1.79573058872628688814e+09,NULL,NULL);
CREATE TABLE links (
            team_id    TEXT NOT NULL,
            channel_id TEXT NOT NULL,
            site       TEXT NOT NULL,
            issue_key  TEXT NOT NULL,
            linked_by  TEXT NOT NULL,
            linked_at  REAL NOT NULL,
            PRIMARY KEY (team_id, channel_id)
        ) STRICT;
INSERT INTO "links" VALUES('T0SANDBOX','C0PLANNING','https://acme.example','PLAT-13','U0ADA',1.79573058457014298437e+09);
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
INSERT INTO "outbox" VALUES('receipt','YFOvykdYS0Zd','connect',0.0,'T0SANDBOX','sent',0,1,1.79573058772279119492e+09,0.0,NULL,NULL,0);
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
INSERT INTO "poll_keys" VALUES('20ez3NslGmVu','gAAAAABrCKyb84v20it6ovPxvLLoTn4b0Vp0pmnytv12TIkrIGZeCtwExg83bP09tKL6fxnxy2qto2Gn1z7AtoRYLSTQsul-eDsAycf2LaVPDewUyQEgKjs7lRFWBs27P-EKEnkUNkv111_XMZ4OsDf3UjTQlz3nGQBxT3VV7Df_cdGYFqHRNIU=');
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
INSERT INTO "polls" VALUES('4Ks_Wpvm9KIh','T0SANDBOX','https://acme.example','plain','',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false},{"id":"2","title":"Soup","order":1,"removed":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573058457159781455e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL);
INSERT INTO "polls" VALUES('20ez3NslGmVu','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Leaving?','','[{"id":"1","title":"Yes","order":0,"removed":false},{"id":"2","title":"No","order":1,"removed":false}]','{"several":true,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":false,"comments":false}',NULL,'U0ADA','[]',1.79573058560799455642e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL);
INSERT INTO "polls" VALUES('-EEtVQhDw1yK','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Over?','','[{"id":"1","title":"Yes","order":0,"removed":false},{"id":"2","title":"No","order":1,"removed":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":false,"comments":false}',NULL,'U0ADA','[]',1.79573058658804392815e+09,1,NULL,1.7957305876016378403e+09,NULL,NULL,1,0.0,300.0,'',NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,3);
INSERT INTO "polls" VALUES('TrnnkmMnOq5X','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false},{"id":"2","title":"Soup","order":1,"removed":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573058762021946907e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL);
INSERT INTO "polls" VALUES('_mvykXYPL25D','T0SANDBOX','https://acme.example','issue','PLAT-12',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false},{"id":"2","title":"Soup","order":1,"removed":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":1795903380.0,"closes_at_end":true,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573058767718553548e+09,1,1795903380.0,NULL,NULL,NULL,1,0.0,300.0,NULL,3600.0,1795899780.0,1,NULL,NULL,NULL,0,NULL,NULL,0,NULL);
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
INSERT INTO "schedules" VALUES('_E7QyWijK7m7','T0SANDBOX','https://acme.example','U0ADA','{"what":"poll","subject":"4Ks_Wpvm9KIh","channel_id":"C0PLANNING","recurrence":{"every":"daily","at":"09:00:00","zone":"Europe/Berlin","days":[],"day":1,"on":null},"view":"bars","missed":"late","until_closed":false,"most":null,"ask":null,"starts_at":null}','V41',1.7957305876498653889e+09,1795766400.0,0,0,'',0,0,0,NULL,1795766400.0,NULL,NULL);
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
INSERT INTO "steps" VALUES('20ez3NslGmVu','slack',1,3,'{"1": 1, "2": 3}');
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
INSERT INTO "tries" VALUES('2SDt1p0t_ys6','T0SANDBOX','U0ADA','https://acme.example','PLAT-12','vote',1.79573058451887702944e+09,1.7957305845204398632e+09);
INSERT INTO "tries" VALUES('ygbZQpoC-O21','T0SANDBOX','U0ADA','https://acme.example','PLAT-13','vote',1.79573058768696784976e+09,NULL);
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
