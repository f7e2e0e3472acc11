-- poll-key: gAAAAABrCKy0c9DdutrRPAfMhcdDVyMyO7nzJjBan1L1agUeubyBfvEBYxZPq718YJ0LUWNRYnuYtgMslZX5ksVirz783R2pLrsXOKMZRurHqR2p3xTmKsNZ4uBO297BtO06k0GaCVcl
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'pollbot','first_light','2026-11-26 22:03:29.059510+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'pollbot','polls','2026-11-26 22:03:29.078958+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'pollbot','schedules','2026-11-26 22:03:29.093239+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'pollbot','queues','2026-11-26 22:03:29.172208+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'pollbot','outbox','2026-11-26 22:03:29.186174+00:00');
INSERT INTO "_sqlite_migrations" VALUES(6,'pollbot','parted_for_good','2026-11-26 22:03:29.203416+00:00');
INSERT INTO "_sqlite_migrations" VALUES(7,'pollbot','tries','2026-11-26 22:03:29.206880+00:00');
INSERT INTO "_sqlite_migrations" VALUES(8,'pollbot','steps','2026-11-26 22:03:29.215802+00:00');
INSERT INTO "_sqlite_migrations" VALUES(9,'pollbot','cards_by_message','2026-11-26 22:03:29.228898+00:00');
INSERT INTO "_sqlite_migrations" VALUES(10,'pollbot','edits','2026-11-26 22:03:29.230834+00:00');
INSERT INTO "_sqlite_migrations" VALUES(11,'pollbot','receipts','2026-11-26 22:03:29.238896+00:00');
INSERT INTO "_sqlite_migrations" VALUES(12,'pollbot','found','2026-11-26 22:03:29.242677+00:00');
INSERT INTO "_sqlite_migrations" VALUES(13,'pollbot','waiting_polls','2026-11-26 22:03:29.244972+00:00');
INSERT INTO "_sqlite_migrations" VALUES(14,'pollbot','issues','2026-11-26 22:03:29.253270+00:00');
INSERT INTO "_sqlite_migrations" VALUES(15,'pollbot','asked','2026-11-26 22:03:29.254908+00:00');
INSERT INTO "_sqlite_migrations" VALUES(16,'pollbot','mark','2026-11-26 22:03:29.260279+00:00');
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
INSERT INTO "accounts" VALUES('T0SANDBOX','U0ADA','https://acme.example','acc-ada','Ada of Jira','https://acme.example','gAAAAABrCKyxDzq3ohdoS8vak9NwB3vQxjs_tCnM51AvDZe7pdWVkgFc9PrslnYt95IGE6-tjzxU21HVTZmCwg002I8CBjiipW3HMaeSSkNJN_tuLzD2p9DY4-SN16vSLXT-uLEbrlUE',NULL,1.79573060935649847979e+09);
CREATE TABLE answers (
            poll_id   TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            voter     TEXT NOT NULL,
            option_id TEXT NOT NULL, was TEXT,
            PRIMARY KEY (poll_id, voter, option_id)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "answers" VALUES('6DdmtkM5wBC5','U0ADA','1',NULL);
INSERT INTO "answers" VALUES('6DdmtkM5wBC5','U0BEN','2',NULL);
INSERT INTO "answers" VALUES('6DdmtkM5wBC5','U0CLEO','2',NULL);
INSERT INTO "answers" VALUES('DU57QuEy7c63','6fe259402acd93798e9c56d13a10c4596710dbc0fb81e5ea492388d64e0f244a','2',NULL);
INSERT INTO "answers" VALUES('DU57QuEy7c63','c4b413ce88e0930157d4d281631345b2df3cea6bc62187b5539d5b72fd6e1876','2',NULL);
INSERT INTO "answers" VALUES('DU57QuEy7c63','d41769aa232bb9db995b52b077a882ea0397b24de840dd9fbfbef170dde48d53','1',NULL);
INSERT INTO "answers" VALUES('DU57QuEy7c63','d41769aa232bb9db995b52b077a882ea0397b24de840dd9fbfbef170dde48d53','2',NULL);
INSERT INTO "answers" VALUES('S9oMnGaEIagh','35bbc5bc0d6aefe1ce42fe9d2ac84793','2',NULL);
INSERT INTO "answers" VALUES('S9oMnGaEIagh','c466991a5d8918bc8b0f9cd133b1ae3a','2',NULL);
INSERT INTO "answers" VALUES('S9oMnGaEIagh','f9ffb3b9150d79da60d4d6a0dab9a29b','1',NULL);
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
INSERT INTO "cards" VALUES('V_vM2DfX6bna','T0SANDBOX','C0PLANNING','1795730609.488723','https://acme.example','PLAT-12','U0ADA',1,0,'{"key":"PLAT-12","summary":"Export <all> & more","status":"Open","type":"Story","votes":8,"voted":true,"voters":["Ada of Jira"],"resolution":null,"reporter_id":null}',1.79573060946583414076e+09,1,1,0,1.79573060942089390758e+09,0,NULL,1.79573060942089390758e+09,NULL,NULL,NULL,1.79573061049356436733e+09,NULL,NULL);
INSERT INTO "cards" VALUES('C6rDhaqwjWol','T0SANDBOX','C0PLANNING','1795730610.515881','https://acme.example','','U0ADA',1,0,NULL,0.0,4,4,0,1.79573060950951671598e+09,0,'gAAAAABrCKy0MEVAd6m2l9aJKi3dWJQ3BaF1RwlsGOnpOg7wjtJVF-P9BxKudEalRqq5Wnjn6a25xlfYWZ6iRV-BTtgVvyD9FWmckdv6IVyodOAibV8jS86rLwpgvxLEVQyusM0z8G1hmC_blRAQ-STRtEG0-262hA==',1.79573061270932507514e+09,'6DdmtkM5wBC5',NULL,NULL,1.79573061255292868616e+09,NULL,NULL);
INSERT INTO "cards" VALUES('w9GRWErNpX51','T0SANDBOX','C0PLANNING','1795730611.551277','https://acme.example','','U0ADA',1,0,NULL,0.0,5,5,0,1.7957306106560993195e+09,0,'gAAAAABrCKyzqxEoXKolQFje5Rg7vatCpOcqVytdGX4BL3SaUe0C2jTpZrVk4GHu-IqlgtnF5rMkrMhvjdhb6M_n2LqayRTPyaZF_nR17b0xi34isf3fNSCQntO9QzF5l093AB2TSej0rsgXXzgLC4UJ-Ql2ly4olA==',1.79573061160749459274e+09,'DU57QuEy7c63',NULL,NULL,1795730613.65023,NULL,NULL);
INSERT INTO "cards" VALUES('U8GSAUrhSMYh','T0SANDBOX','C0PLANNING','1795730612.555246','https://acme.example','','U0ADA',1,0,NULL,0.0,5,1,0,1.79573061161253905299e+09,0,'gAAAAABrCKy0XLnD_ElmzW2i1WWpq1wXIViXBLglGnjs6piz-eCpi8rMrHHbYHwDDdtRPqkZR5-fqz45Z1twI9mbb0L4gr5WNGrGcHDY1T2JVLoEcp7v-2ifw6tV8Wym36B7NVGSAJC_smr21oMEyvgep6uzqIhgnw==',1.79573061261682748795e+09,'S9oMnGaEIagh',NULL,NULL,1.79573061355622458452e+09,NULL,NULL);
INSERT INTO "cards" VALUES('4jiBqesR4OTZ','T0SANDBOX','C0PLANNING',NULL,'https://acme.example','','U0ADA',0,0,NULL,0.0,1,0,0,1.79573061270784234996e+09,0,'gAAAAABrCKy0SNIQEDUZWovThO66JOxi-nnZKXkOE-EkMGTz6yg3crlLjPeIknb1e9uxNvzKXM6keb5xDgOV8Atm-DYOxIJHHQEpRkujPSdnEepYJCApb3kRtweOzt6Zvck9GBTMf96rRRTgAgLsuKUcbi5Q8wSdgw==',1.79573061270784234996e+09,'w2PciFDR8cxe',NULL,NULL,1.79573061455571603779e+09,NULL,NULL);
INSERT INTO "cards" VALUES('Ts4s0EfndVeA','T0SANDBOX','C0PLANNING',NULL,'https://acme.example','','U0ADA',0,0,NULL,0.0,1,0,0,1.79573061277144241333e+09,0,'gAAAAABrCKy0LXgPW_DyOZfsZrycEIk-pm94VeQ4tXBmNpov9eLSc0dT54NaC5_6TJR-lgzzGCRzx3wNg-fZtt0igiVMVIu9AB-bHSl8FEh6Vf-e77eNv8BUHJt2v-2d2eaoMC5PCOKf0q6VHT5pOGIQo8qcOkinaQ==',1.79573061277144241333e+09,'GDsJEEjPGWmu',NULL,NULL,1.7957306155557160377e+09,NULL,NULL);
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
INSERT INTO "deliveries" VALUES('','','delivery','db7e245704da99b8b69cc663710f2da9fcce34ca9ee6d33445e5fb0797eb3c9d','',1.79573060934954190255e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','65adb25df0eef86d161bc65232ea7f3d06bf27ffa8d4b865fa640f6efebfd9cf','',1.79573060938278269765e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example PLAT-12 ','5.T0SANDBOX.057ec320f402e255edf0515784b3dd93','card',1.79573060942089390758e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','1da40ae4bb4013c464652a095ab804a9dff8ee1d88561002086168b0b4dee7b9','',1.79573060950249838822e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','10.T0SANDBOX.7394a8a4eb83caf36894c7d7a168246d here "Lunch?" "Pizza" "Soup"','6DdmtkM5wBC5',1.79573060950823378562e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  6DdmtkM5wBC5','10.T0SANDBOX.7394a8a4eb83caf36894c7d7a168246d here "Lunch?" "Pizza" "Soup"','card',1.79573060950951671598e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','poll 6DdmtkM5wBC5','1795730610.522708','answer',1.79573061052454733847e+09,1);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0BEN','poll 6DdmtkM5wBC5','1795730610.525733','answer',1.79573061054033303266e+09,1);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0CLEO','poll 6DdmtkM5wBC5','1795730610.541971','answer',1.79573061055077314376e+09,1);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','17.T0SANDBOX.acd19587bd435ffaacb39519fe529724 anonymous multi "Leaving?" "Yes" "No"','DU57QuEy7c63',1.79573061057748842241e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  DU57QuEy7c63','17.T0SANDBOX.acd19587bd435ffaacb39519fe529724 anonymous multi "Leaving?" "Yes" "No"','card',1.7957306106560993195e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','d41769aa232bb9db995b52b077a882ea0397b24de840dd9fbfbef170dde48d53','poll DU57QuEy7c63','1795730611.567645','switch',1.79573061156902790067e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','c4b413ce88e0930157d4d281631345b2df3cea6bc62187b5539d5b72fd6e1876','poll DU57QuEy7c63','1795730611.601853','switch',1.79573061160319519041e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','6fe259402acd93798e9c56d13a10c4596710dbc0fb81e5ea492388d64e0f244a','poll DU57QuEy7c63','1795730611.604527','switch',1.79573061160567140582e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','d41769aa232bb9db995b52b077a882ea0397b24de840dd9fbfbef170dde48d53','poll DU57QuEy7c63','1795730611.606777','switch',1.79573061160762786868e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','27.T0SANDBOX.613708b6ab94546203a06b3e1a27e704 anonymous "Over?" "Yes" "No"','S9oMnGaEIagh',1.79573061161163163184e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  S9oMnGaEIagh','27.T0SANDBOX.613708b6ab94546203a06b3e1a27e704 anonymous "Over?" "Yes" "No"','card',1.79573061161253905299e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','801ee802913021f44883f7c5ad447aa34e8f327c073942f402c956b69ed3d59e','',1.79573061263973355293e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','39.T0SANDBOX.9f355ed3fc115db17bbad34305b52078 "Lunch?" "Pizza" "Soup"','w2PciFDR8cxe',1.79573061270655560494e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  w2PciFDR8cxe','39.T0SANDBOX.9f355ed3fc115db17bbad34305b52078 "Lunch?" "Pizza" "Soup"','card',1.79573061270784234996e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','V45','GDsJEEjPGWmu',1.795730612769307375e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  GDsJEEjPGWmu','V45','card',1.79573061277144241333e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','c87e64781b423fb657f46d24b775b4fc895a6661700b0712ba4ffc1161cc722e','',1.79573061277487063406e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','597837302f9cfa1e5c1a4cb728e35b85f5d1268e3ffa0bee22d7369ddfa56f51','',1.79573061277666950227e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','cb69688d230ce68ab08974bd36910c931c16a498a190dcfd545e730107c499e3','',1.79573061277873587604e+09,0);
CREATE TABLE endings (
            poll_id   TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            team_id   TEXT NOT NULL,
            closed_at REAL NOT NULL,
            attempts  INTEGER NOT NULL DEFAULT 0, due_at REAL DEFAULT 0, held_until REAL, holder TEXT,
            PRIMARY KEY (poll_id, closed_at)
        ) STRICT;
INSERT INTO "endings" VALUES('S9oMnGaEIagh','T0SANDBOX',1.79573061265024638173e+09,0,1.79573061355571603776e+09,NULL,NULL);
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
INSERT INTO "intents" VALUES('za-C4orzMRVR','T0SANDBOX','U0ADA','https://acme.example','PLAT-13','vote','queued',1,1.79573061277504658706e+09,1,NULL,'C0PLANNING','gAAAAABrCKy0-YzAE0D6SixsTTcAdP0AkuW1dquphnzznlRvpygCmb1jwyAftChMckZbhCTmmnP7FgbCDdk5H-bFHcRGBwchZF2UEiBuvATBgt_DFWiy5BGofCP-FyRWO10YdRGOXjrlxTIFy2GrZAauzw40BdQTMA==',0,1.79573061426398038857e+09,NULL,NULL,'PLAT-13');
INSERT INTO "intents" VALUES('amNLahRnZXxu','T0SANDBOX','U0BEN','https://acme.example','PLAT-12','vote','unconnected',0,1.79573061277680683135e+09,1,NULL,'C0PLANNING','gAAAAABrCKy0B_nF13k9r-LeloPHfkqbCRRzzrCpCqO7z3AaFQC5Bebe2h3yUbWAwAKipYM95nqssynbUHAMf5epJgk6sz5RNOG_9kot657ew18KLNGGYfoG_xOjbP-SBpEypgYQ8R0lEbw55AY-nt3VP3QvQjzPZg==',0,1.79573061382052683834e+09,NULL,NULL,'PLAT-12');
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
INSERT INTO "links" VALUES('T0SANDBOX','C0PLANNING','https://acme.example','PLAT-13','U0ADA',1.79573060950613713261e+09);
CREATE TABLE mark (id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL, count INTEGER NOT NULL) STRICT;
INSERT INTO "mark" VALUES(1,'8f2eb23262da426a',77);
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
INSERT INTO "outbox" VALUES('receipt','amNLahRnZXxu','connect',0.0,'T0SANDBOX','sent',0,1,1.79573061280891585348e+09,0.0,NULL,NULL,0);
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
INSERT INTO "poll_keys" VALUES('DU57QuEy7c63','gAAAAABrCKy02Q1RMVC8uZwCC9pFy0XgKpp9Lb5HVivddnV7BsAmOApW4eDeJSc3_uBYVvEl1Ht2NU71RHiMqO6Lnbm7grSd-EndJL9OyKK2MsJm2CmqNGqUkRdpIV4m9_CeKoyQR_LwV9nWqJAltoP1oUolyks9J6EM4upBMwaquOZ4fvaHPOE=');
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
        , closed_by TEXT, remind_before REAL, remind_due_at REAL, record INTEGER NOT NULL DEFAULT 0, read_due_at REAL, read_held_until REAL, read_holder TEXT, read_attempts INTEGER NOT NULL DEFAULT 0, remind_held_until REAL, remind_holder TEXT, remind_attempts INTEGER NOT NULL DEFAULT 0, people INTEGER, found INTEGER NOT NULL DEFAULT 0, asked TEXT NOT NULL DEFAULT '') STRICT;
INSERT INTO "polls" VALUES('6DdmtkM5wBC5','T0SANDBOX','https://acme.example','plain','',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false,"edited":false},{"id":"2","title":"Soup","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573060950823378562e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL,0,'');
INSERT INTO "polls" VALUES('DU57QuEy7c63','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Leaving?','','[{"id":"1","title":"Yes","order":0,"removed":false,"edited":false},{"id":"2","title":"No","order":1,"removed":false,"edited":false}]','{"several":true,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":false,"comments":false}',NULL,'U0ADA','[]',1.79573061057748842241e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL,0,'');
INSERT INTO "polls" VALUES('S9oMnGaEIagh','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Over?','','[{"id":"1","title":"Yes","order":0,"removed":false,"edited":false},{"id":"2","title":"No","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":false,"comments":false}',NULL,'U0ADA','[]',1.79573061161163163184e+09,1,NULL,1.79573061265024638173e+09,NULL,NULL,1,0.0,300.0,'',NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,3,0,'');
INSERT INTO "polls" VALUES('w2PciFDR8cxe','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false,"edited":false},{"id":"2","title":"Soup","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573061270655560494e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL,0,'');
INSERT INTO "polls" VALUES('GDsJEEjPGWmu','T0SANDBOX','https://acme.example','issue','PLAT-12',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false,"edited":false},{"id":"2","title":"Soup","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":1795903380.0,"closes_at_end":true,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.795730612769307375e+09,1,1795903380.0,NULL,NULL,NULL,1,0.0,300.0,NULL,3600.0,1795899780.0,1,NULL,NULL,NULL,0,NULL,NULL,0,NULL,0,'');
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
INSERT INTO "schedules" VALUES('FFlnNFwxu5fS','T0SANDBOX','https://acme.example','U0ADA','{"what":"poll","subject":"6DdmtkM5wBC5","channel_id":"C0PLANNING","recurrence":{"every":"daily","at":"09:00:00","zone":"Europe/Berlin","days":[],"day":1,"on":null},"view":"bars","missed":"late","until_closed":false,"most":null,"ask":null,"starts_at":null}','V41',1.79573061274814033509e+09,1795766400.0,0,0,'',0,0,0,NULL,1795766400.0,NULL,NULL);
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
INSERT INTO "steps" VALUES('DU57QuEy7c63','slack',1,3,'{"1": 1, "2": 3}');
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
INSERT INTO "tries" VALUES('y38qQrQgmT0q','T0SANDBOX','U0ADA','https://acme.example','PLAT-12','vote',1.795730609399866581e+09,1.79573060940785837174e+09);
INSERT INTO "tries" VALUES('995VyYFI0gVP','T0SANDBOX','U0ADA','https://acme.example','PLAT-13','vote',1.79573061277979159353e+09,NULL);
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
INSERT INTO "waiting_polls" VALUES('7MzZLzkUJNKP','T0SANDBOX','U0ADA','https://acme.example','issue','PLAT-12','{"draft":{"title":"Later?","options":["Pizza","Soup"],"description":"","settings":{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false},"template":null,"remind_before":null,"record":false},"kind":"issue","subject":"PLAT-12","local":false,"lasts":null}','49.T0SANDBOX.7a3b82f23420b0aa62f75f755c00ce15 PLAT-12 "Later?" "Pizza" "Soup"','C0PLANNING','gAAAAABrCKy0oCiP9RWQSZUeAMt8D4BjAH49Kc2sY0FrtwXkOuF32KP7zY1PvGP4GBHhCbKaqqJkUKvxhBsvmDoIuJQWy1oYhqtiPwu3gQFjOrMQAPMvoYy2Alp8WtL6tFq0m4pbf_vJdJB8wyItRX8rQRoGRpDIJA==','queued',1.79573061278084707258e+09,NULL,NULL,1.79573061478084707257e+09,NULL,NULL,0);
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
