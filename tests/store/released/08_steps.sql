-- poll-key: gAAAAABrCKyWqu7iSm6E7gSi5thFzblRWszKIwEONSrMa2vRpRvtrdMYqPTZsvbkkEeHVwfR_rIa2bCzVDsr9o_KxEj0EumCUq4M-SgB-V1Ar51Ut1L5EpNkBkZXELojyemKMSXcnR5G
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'pollbot','first_light','2026-11-26 22:03:02.025049+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'pollbot','polls','2026-11-26 22:03:02.042484+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'pollbot','schedules','2026-11-26 22:03:02.050709+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'pollbot','queues','2026-11-26 22:03:02.090092+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'pollbot','outbox','2026-11-26 22:03:02.125962+00:00');
INSERT INTO "_sqlite_migrations" VALUES(6,'pollbot','parted_for_good','2026-11-26 22:03:02.142728+00:00');
INSERT INTO "_sqlite_migrations" VALUES(7,'pollbot','tries','2026-11-26 22:03:02.146935+00:00');
INSERT INTO "_sqlite_migrations" VALUES(8,'pollbot','steps','2026-11-26 22:03:02.159705+00:00');
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
INSERT INTO "accounts" VALUES('T0SANDBOX','U0ADA','https://acme.example','acc-ada','Ada of Jira','https://acme.example','gAAAAABrCKyWASNWTztdkGzlJx0rIRBpZb9srtkxnTRE0718mB6Rp0R4y0qCYMhhk8Z7CUA96QSwlVa4rWLrzynrM3728C4afhkmIeF2wnpIt6pcz8mYM8NVnGv3S20SvhxiF2CrlvAj',NULL,1.79573058243661165239e+09);
CREATE TABLE answers (
            poll_id   TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            voter     TEXT NOT NULL,
            option_id TEXT NOT NULL,
            PRIMARY KEY (poll_id, voter, option_id)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "answers" VALUES('02Yi0W1dvJZJ','5c0202e797e2670ca961e6f94b159907','2');
INSERT INTO "answers" VALUES('02Yi0W1dvJZJ','9ade152d24ac04e138f1ac86c1398f43','2');
INSERT INTO "answers" VALUES('02Yi0W1dvJZJ','d439d1c857f5aedcfa909e60f8e7cdfd','1');
INSERT INTO "answers" VALUES('gr9rEtoe8cq7','1f829ada331af1637a181153e830cd8af00389378e92b8bc3beb300028818e39','2');
INSERT INTO "answers" VALUES('gr9rEtoe8cq7','336212828f61a6d1412442cf8ba0e5d779c3cf906a43c257bb8607e3c2dd1bf0','2');
INSERT INTO "answers" VALUES('gr9rEtoe8cq7','ac2821ca54ca5bde30431ee3a6bdde36765dea29605110675b08c40e408e120e','1');
INSERT INTO "answers" VALUES('gr9rEtoe8cq7','ac2821ca54ca5bde30431ee3a6bdde36765dea29605110675b08c40e408e120e','2');
INSERT INTO "answers" VALUES('l9kbeu-D2p19','U0ADA','1');
INSERT INTO "answers" VALUES('l9kbeu-D2p19','U0BEN','2');
INSERT INTO "answers" VALUES('l9kbeu-D2p19','U0CLEO','2');
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
INSERT INTO "cards" VALUES('2Nmqv27hFlOT','T0SANDBOX','C0PLANNING','1795730582.563578','https://acme.example','PLAT-12','U0ADA',1,0,'{"key":"PLAT-12","summary":"Export <all> & more","status":"Open","type":"Story","votes":8,"voted":true,"voters":["Ada of Jira"],"resolution":null,"reporter_id":null}',1.79573058251927018163e+09,1,1,0,1.7957305824951190949e+09,0,NULL,1.7957305824951190949e+09,NULL,NULL,NULL,1.79573058357471203802e+09,NULL,NULL);
INSERT INTO "cards" VALUES('RNj2AY9j4dtp','T0SANDBOX','C0PLANNING','1795730582.611400','https://acme.example','','U0ADA',1,0,NULL,0.0,4,1,0,1.7957305826014611721e+09,0,'gAAAAABrCKyWbCHJrqnAjCETeGIK9FZFBarWTQhJtcj0gC16Hi7xJc1fLR5c8B7pTn08gJn3FPB915xBHsb11jZpj3DMbPpy2Rc-7nO7FRNMrDvRfu7vysaVpSyMrC_VPneSe1tDo1v5P7THamC7Hvu4jjf0miNuMA==',1.79573058264650583268e+09,'l9kbeu-D2p19',NULL,NULL,1.79573058361280274387e+09,NULL,NULL);
INSERT INTO "cards" VALUES('hR7PG1cM44ls','T0SANDBOX','C0PLANNING','1795730582.675787','https://acme.example','','U0ADA',1,0,NULL,0.0,5,1,0,1.79573058265474605563e+09,0,'gAAAAABrCKyW-LGaIKG0-ByGWV5Zd8b-xh_8VZzN1E772ISCtIM5yjtUE9LqmvIgu7Z25hT-3e7g4PdnzbRGb-k2fGlpsALlqFLmk4Lv6YuT1cjRkQzcwxMn64pOc4kGWwCtOtJP9orAxVF3h059eH-zX8FqSwrmNw==',1.79573058270377182961e+09,'gr9rEtoe8cq7',NULL,NULL,1.79573058367830681804e+09,NULL,NULL);
INSERT INTO "cards" VALUES('WdytlHpk8YIm','T0SANDBOX','C0PLANNING','1795730582.740077','https://acme.example','','U0ADA',1,0,NULL,0.0,5,1,0,1.79573058270846986771e+09,0,'gAAAAABrCKyWo8PjKZGHI3cb74wU0SkhoJB4e2t2O2AaPRIHMN6dVjjZOYRuZXZM9YT80vQip2AHkY8LHeofnU99DCEcPjkcFmBGUrJBX_wHZzEtcCaJxOH20NK1jlRJNAV6CHYAzGWCYC-NjGicy_0hW7srlB4jmA==',1795730582.78004,'02Yi0W1dvJZJ',NULL,NULL,1.79573058374829244614e+09,NULL,NULL);
INSERT INTO "cards" VALUES('6-_zoc5RmaQK','T0SANDBOX','C0PLANNING','1795730582.925483','https://acme.example','','U0ADA',1,0,NULL,0.0,1,1,0,1.79573058289289307597e+09,0,NULL,1.79573058289289307597e+09,'f7XM-B7XSVDr',NULL,NULL,1.7957305839465794563e+09,NULL,NULL);
INSERT INTO "cards" VALUES('0D4YXCETtnJp','T0SANDBOX','C0PLANNING','1795730583.035058','https://acme.example','','U0ADA',1,0,NULL,0.0,1,1,0,1.79573058301746249195e+09,0,NULL,1.79573058301746249195e+09,'EIn3FkUg4crD',NULL,NULL,1.7957305840505776405e+09,NULL,NULL);
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
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example PLAT-12 ','6.T0SANDBOX.e0619d2e9a1ae56a8e590277d8389251','card',1.7957305824951190949e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','10.T0SANDBOX.ef274069cdf38d19b8be5f9dc6486a6d here "Lunch?" "Pizza" "Soup"','l9kbeu-D2p19',1.79573058259345436091e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  l9kbeu-D2p19','10.T0SANDBOX.ef274069cdf38d19b8be5f9dc6486a6d here "Lunch?" "Pizza" "Soup"','card',1.7957305826014611721e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','poll l9kbeu-D2p19','1795730582.626345','answer',1.7957305826284930706e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0BEN','poll l9kbeu-D2p19','1795730582.633265','answer',1.79573058263996410371e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0CLEO','poll l9kbeu-D2p19','1795730582.641577','answer',1.79573058264650583268e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','17.T0SANDBOX.43c8519d10c6401ca4ead5f9d1477106 anonymous multi "Leaving?" "Yes" "No"','gr9rEtoe8cq7',1.79573058265008831018e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  gr9rEtoe8cq7','17.T0SANDBOX.43c8519d10c6401ca4ead5f9d1477106 anonymous multi "Leaving?" "Yes" "No"','card',1.79573058265474605563e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','ac2821ca54ca5bde30431ee3a6bdde36765dea29605110675b08c40e408e120e','poll gr9rEtoe8cq7','1795730582.696531','switch',1.79573058269747281071e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','336212828f61a6d1412442cf8ba0e5d779c3cf906a43c257bb8607e3c2dd1bf0','poll gr9rEtoe8cq7','1795730582.699007','switch',1.79573058269991111752e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','1f829ada331af1637a181153e830cd8af00389378e92b8bc3beb300028818e39','poll gr9rEtoe8cq7','1795730582.701211','switch',1.79573058270209693905e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','ac2821ca54ca5bde30431ee3a6bdde36765dea29605110675b08c40e408e120e','poll gr9rEtoe8cq7','1795730582.703082','switch',1.79573058270377182961e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','27.T0SANDBOX.a688927b25b493bf580c433e10ae0dbb anonymous "Over?" "Yes" "No"','02Yi0W1dvJZJ',1.79573058270749688148e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  02Yi0W1dvJZJ','27.T0SANDBOX.a688927b25b493bf580c433e10ae0dbb anonymous "Over?" "Yes" "No"','card',1.79573058270846986771e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','39.T0SANDBOX.5c95e12f0828bbfd85080a2b18b939b3 "Lunch?" "Pizza" "Soup"','f7XM-B7XSVDr',1.79573058287831211084e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  f7XM-B7XSVDr','39.T0SANDBOX.5c95e12f0828bbfd85080a2b18b939b3 "Lunch?" "Pizza" "Soup"','card',1.79573058289289307597e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','V47','EIn3FkUg4crD',1.7957305830135645866e+09);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  EIn3FkUg4crD','V47','card',1.79573058301746249195e+09);
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
INSERT INTO "intents" VALUES('kzGipiMft45m','T0SANDBOX','U0ADA','https://acme.example','PLAT-13','vote','queued',1,1.79573058301907038684e+09,1,NULL,'C0PLANNING','gAAAAABrCKyXt5MBkQwkdjuV1HPx9LBJ0yPk1ld8V0Z-OjkS17dOlAZjI6_ZGQprNfwltyMKblTikH8vtwYKwSN80xUM8ckhNqh0F24zD4-BfW7gGVf-Mpai7u4b5HojMVDq1M8FettLycrsdPGX53-NfMYSi5BowA==',0,1.79573058526459741592e+09,NULL,NULL);
INSERT INTO "intents" VALUES('osUFz79uB-OJ','T0SANDBOX','U0BEN','https://acme.example','PLAT-12','vote','unconnected',0,1.79573058302484059333e+09,1,NULL,'C0PLANNING','gAAAAABrCKyXKmY9MCIiEd-9izK6cubbu_sw19PEPjHz_NH13lQxibPq9IGG4rjAzq2efrYntEsuX4NkRaUVETqu0TBUMaDBA7cGI31iAEpW5FKrUlbH9uP98YoLE44n2vfWUsqKkkfa1am4Lr1CLcf9swAGdF7N8Q==',0,1.79573058408500051499e+09,NULL,NULL);
CREATE TABLE links (
            team_id    TEXT NOT NULL,
            channel_id TEXT NOT NULL,
            site       TEXT NOT NULL,
            issue_key  TEXT NOT NULL,
            linked_by  TEXT NOT NULL,
            linked_at  REAL NOT NULL,
            PRIMARY KEY (team_id, channel_id)
        ) STRICT;
INSERT INTO "links" VALUES('T0SANDBOX','C0PLANNING','https://acme.example','PLAT-13','U0ADA',1.79573058259003639222e+09);
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
INSERT INTO "outbox" VALUES('closed','WdytlHpk8YIm','',1.79573058284646081927e+09,'T0SANDBOX','sent',0,1,1.79573058288638925548e+09,0.0,NULL,NULL,0);
INSERT INTO "outbox" VALUES('receipt','osUFz79uB-OJ','connect',0.0,'T0SANDBOX','sent',0,1,1.7957305830696809292e+09,0.0,NULL,NULL,0);
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
INSERT INTO "poll_keys" VALUES('gr9rEtoe8cq7','gAAAAABrCKyWs45-6xjxkKjsdArisA3hrV4Yv9XPjdroBWFMx9dkO9hB7qRQ8kc7lMCkIM8ioLkL6OFxZqXDxN7Q57M6EEbT9ayJQ7lF2GW8M3X7wy7sYCmCzXps6eDmtVEaWsgXv2m3U_aKWULdaTODpGMB2xUSGEiGDY_II57Ucfi-yp3iLVk=');
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
INSERT INTO "polls" VALUES('l9kbeu-D2p19','T0SANDBOX','https://acme.example','plain','',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false},{"id":"2","title":"Soup","order":1,"removed":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573058259345436091e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL);
INSERT INTO "polls" VALUES('gr9rEtoe8cq7','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Leaving?','','[{"id":"1","title":"Yes","order":0,"removed":false},{"id":"2","title":"No","order":1,"removed":false}]','{"several":true,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":false,"comments":false}',NULL,'U0ADA','[]',1.79573058265008831018e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL);
INSERT INTO "polls" VALUES('02Yi0W1dvJZJ','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Over?','','[{"id":"1","title":"Yes","order":0,"removed":false},{"id":"2","title":"No","order":1,"removed":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":false,"comments":false}',NULL,'U0ADA','[]',1.79573058270749688148e+09,1,NULL,1.79573058284646081927e+09,NULL,NULL,1,0.0,300.0,'',NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,3);
INSERT INTO "polls" VALUES('f7XM-B7XSVDr','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false},{"id":"2","title":"Soup","order":1,"removed":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573058287831211084e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL);
INSERT INTO "polls" VALUES('EIn3FkUg4crD','T0SANDBOX','https://acme.example','issue','PLAT-12',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false},{"id":"2","title":"Soup","order":1,"removed":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":1795903380.0,"closes_at_end":true,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.7957305830135645866e+09,1,1795903380.0,NULL,NULL,NULL,1,0.0,300.0,NULL,3600.0,1795899780.0,1,NULL,NULL,NULL,0,NULL,NULL,0,NULL);
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
INSERT INTO "schedules" VALUES('nYUN-Vrh6_uK','T0SANDBOX','https://acme.example','U0ADA','{"what":"poll","subject":"l9kbeu-D2p19","channel_id":"C0PLANNING","recurrence":{"every":"daily","at":"09:00:00","zone":"Europe/Berlin","days":[],"day":1,"on":null},"view":"bars","missed":"late","until_closed":false,"most":null,"ask":null,"starts_at":null}','V42',1.79573058292939233783e+09,1795766400.0,0,0,'',0,0,0,NULL,1795766400.0,NULL,NULL);
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
INSERT INTO "tries" VALUES('CYhzDtJUpFRX','T0SANDBOX','U0ADA','https://acme.example','PLAT-12','vote',1.79573058246249032021e+09,1.7957305824681727886e+09);
INSERT INTO "tries" VALUES('PaxCKwhyfhwl','T0SANDBOX','U0ADA','https://acme.example','PLAT-13','vote',1.79573058303456950185e+09,NULL);
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
COMMIT;
