-- poll-key: gAAAAABrCKyhTLmiPHrteR1g4PpIQsQ4FF6e1Cw2wBBKqKHTJO0Gxa7mAxHBxSOstIYbFFhLkBmuLCWEo4DDXcKAPSXSu_yoPMsCwKyHKi-jTKS3qv1wvksuruZGiokSYiSRbkzW1jbP
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'pollbot','first_light','2026-11-26 22:03:10.387583+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'pollbot','polls','2026-11-26 22:03:10.405028+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'pollbot','schedules','2026-11-26 22:03:10.415017+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'pollbot','queues','2026-11-26 22:03:10.454375+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'pollbot','outbox','2026-11-26 22:03:10.458767+00:00');
INSERT INTO "_sqlite_migrations" VALUES(6,'pollbot','parted_for_good','2026-11-26 22:03:10.461933+00:00');
INSERT INTO "_sqlite_migrations" VALUES(7,'pollbot','tries','2026-11-26 22:03:10.463819+00:00');
INSERT INTO "_sqlite_migrations" VALUES(8,'pollbot','steps','2026-11-26 22:03:10.466980+00:00');
INSERT INTO "_sqlite_migrations" VALUES(9,'pollbot','cards_by_message','2026-11-26 22:03:10.470320+00:00');
INSERT INTO "_sqlite_migrations" VALUES(10,'pollbot','edits','2026-11-26 22:03:10.473994+00:00');
INSERT INTO "_sqlite_migrations" VALUES(11,'pollbot','receipts','2026-11-26 22:03:10.477266+00:00');
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
INSERT INTO "accounts" VALUES('T0SANDBOX','U0ADA','https://acme.example','acc-ada','Ada of Jira','https://acme.example','gAAAAABrCKye7lFm17DUdgqASlmRMWU7w8wAWlmth6mFm_QsEr-2WP_FjWm_QTgrx4HbFMWQI4wc6ISaG4_NnHkwMT890rwEFL-HQJUIWbgWouAgLqIqac0IDmaR8W9yVX0Ntrn1W_7z',NULL,1.79573059055767273901e+09);
CREATE TABLE answers (
            poll_id   TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            voter     TEXT NOT NULL,
            option_id TEXT NOT NULL, was TEXT,
            PRIMARY KEY (poll_id, voter, option_id)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "answers" VALUES('DXcMXq2XhnEf','6a4670eb54050cc55a01a65b28b6b23b','2',NULL);
INSERT INTO "answers" VALUES('DXcMXq2XhnEf','840b94ec22e2ba769416858d4c7bd716','2',NULL);
INSERT INTO "answers" VALUES('DXcMXq2XhnEf','fa6c9243d8d7a046f1f190661b868f7d','1',NULL);
INSERT INTO "answers" VALUES('S4Rv1dEZJMQV','U0ADA','1',NULL);
INSERT INTO "answers" VALUES('S4Rv1dEZJMQV','U0BEN','2',NULL);
INSERT INTO "answers" VALUES('S4Rv1dEZJMQV','U0CLEO','2',NULL);
INSERT INTO "answers" VALUES('UfsttZQIP4jG','50ae9c239996fac8ba8cc5e9ab9631559f2549718a4db1e0c8daf754f10b2bd8','2',NULL);
INSERT INTO "answers" VALUES('UfsttZQIP4jG','91b3f0e57a7053c0878389fb064cee4ca8f76f46c34678b201c83574e341b94c','1',NULL);
INSERT INTO "answers" VALUES('UfsttZQIP4jG','91b3f0e57a7053c0878389fb064cee4ca8f76f46c34678b201c83574e341b94c','2',NULL);
INSERT INTO "answers" VALUES('UfsttZQIP4jG','eeea6e333a1d8646311cab6a6f073304f7ae932df38b6a36bf720d549b7adeb3','2',NULL);
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
INSERT INTO "cards" VALUES('8SDxka8R4RFh','T0SANDBOX','C0PLANNING','1795730590.612642','https://acme.example','PLAT-12','U0ADA',1,0,'{"key":"PLAT-12","summary":"Export <all> & more","status":"Open","type":"Story","votes":8,"voted":true,"voters":["Ada of Jira"],"resolution":null,"reporter_id":null}',1.79573059060133099554e+09,1,1,0,1.7957305905911591053e+09,0,NULL,1.7957305905911591053e+09,NULL,NULL,NULL,1.79573059161799597743e+09,NULL,NULL);
INSERT INTO "cards" VALUES('00NPlom74OX2','T0SANDBOX','C0PLANNING','1795730591.628034','https://acme.example','','U0ADA',1,0,NULL,0.0,4,4,0,1.79573059063476419446e+09,0,'gAAAAABrCKyh-TPcnEigNksyZyDH8Zs3X3gAW1IgbSS41AZWGhKQaeDqvohZQjYZLuE_KCtUXyM7HZCAtxpJSxplwnS65FZsyLU93iYgHLTF3bNBWn6y6u8A2RZgWM1RHhSYmln-qgcwa5TCSEGNaokc2lPi2pNLtA==',1.79573059372361826897e+09,'S4Rv1dEZJMQV',NULL,NULL,1.7957305936800570488e+09,NULL,NULL);
INSERT INTO "cards" VALUES('KqrTOy_Zbi1x','T0SANDBOX','C0PLANNING','1795730592.636046','https://acme.example','','U0ADA',1,0,NULL,0.0,5,5,0,1.7957305916619815826e+09,0,'gAAAAABrCKygZHbHzGRHgQ0uS6JurlBBRZpd2nmgnOhRD-hTlqt-EsW6HIPq5SSQMYI8IKL8hjjvhTuwnaSj8Za8GYSRmoP73GB4cx7ZJX0aXVzSWE5MbBcNdLrRTyJ6-DYnrEjXmbNK8_c8s3bdQ3MQ5Tp1IPjJsA==',1.79573059266449785225e+09,'UfsttZQIP4jG',NULL,NULL,1.79573059468137097359e+09,NULL,NULL);
INSERT INTO "cards" VALUES('0TKNguxQdeja','T0SANDBOX','C0PLANNING','1795730593.643287','https://acme.example','','U0ADA',1,0,NULL,0.0,5,1,0,1795730592.68309,0,'gAAAAABrCKyhw4J2p7A4QWkwXbIT6wfaRvMhhOpeCA7Zsm8F3MumHVpBFgDpRleVsK3vw30CAqinpofd-8U8gLfcfdZ26vQUimSSpVrjbGO7xE4nxAgtnWvswamOwioP3eSCArOfUctv-w-juHVo6T7R6bmwPjlG5Q==',1.79573059366985511783e+09,'DXcMXq2XhnEf',NULL,NULL,1.79573059464491915698e+09,NULL,NULL);
INSERT INTO "cards" VALUES('lUxdj8bYxXjZ','T0SANDBOX','C0PLANNING',NULL,'https://acme.example','','U0ADA',0,0,NULL,0.0,1,0,0,1.79573059372237634661e+09,0,'gAAAAABrCKyhTKBRTQr1a47Aa0pzDaVsxd88immRrcrwmsq4i4zHa9PrrYNVrMgAnzC_snZxCZQE_eBDsxebc1wlHAL0S4CFBtvgiEmizmEEEwk-5GZhdp5I1yu2KMytphYWlksEiOnEH4q87QpCO6LE4AYlwKsg2A==',1.79573059372237634661e+09,'7of8MisvpcUJ',NULL,NULL,1.79573059564374971387e+09,NULL,NULL);
INSERT INTO "cards" VALUES('mInqYduHjGTW','T0SANDBOX','C0PLANNING',NULL,'https://acme.example','','U0ADA',0,0,NULL,0.0,1,0,0,1.79573059377314782139e+09,0,'gAAAAABrCKyhzPARdjTyBtmDpk74Y23hQ_8WKki60cMj2loAWQeFilgpIhn7_NArDe5to-zXBHviVup5Vlj3WZZqEmfmwgFkl_HDkJ9wOihLk9rqQqCkWc9WxoPOFcMkom_LDYUgSfrGSHyZPg-GXQ2KXGaX7r45Lg==',1.79573059377314782139e+09,'eoeXn3hfm8L5',NULL,NULL,1.79573059664374971387e+09,NULL,NULL);
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
INSERT INTO "deliveries" VALUES('','','delivery','13d72a1737b6904caf213513853f8c2acaa0362738bfdc57b6b4b72422a3811f','',1.79573059055492258075e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','3eb0a76be115aa5e65164d1aeade14c7c26416234b24dfd65baacb437f8deb90','',1.79573059056043076516e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example PLAT-12 ','5.T0SANDBOX.bd09220330202366bd529ead5130a7d1','card',1.7957305905911591053e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','ce942e18847172dd035f322e9ed5edef173bcedd2e0ed53e85508857691c0e80','',1.79573059062005043026e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','10.T0SANDBOX.aa19678db01ff0984df786a735c32c07 here "Lunch?" "Pizza" "Soup"','S4Rv1dEZJMQV',1.79573059062994480131e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  S4Rv1dEZJMQV','10.T0SANDBOX.aa19678db01ff0984df786a735c32c07 here "Lunch?" "Pizza" "Soup"','card',1.79573059063476419446e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','poll S4Rv1dEZJMQV','1795730591.648413','answer',1.79573059165028071403e+09,1);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0BEN','poll S4Rv1dEZJMQV','1795730591.651447','answer',1.79573059165246319774e+09,1);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0CLEO','poll S4Rv1dEZJMQV','1795730591.653884','answer',1.7957305916547491551e+09,1);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','17.T0SANDBOX.ea65c3b5be24ffcaea6d8a57c64c1ffc anonymous multi "Leaving?" "Yes" "No"','UfsttZQIP4jG',1795730591.65811,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  UfsttZQIP4jG','17.T0SANDBOX.ea65c3b5be24ffcaea6d8a57c64c1ffc anonymous multi "Leaving?" "Yes" "No"','card',1.7957305916619815826e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','91b3f0e57a7053c0878389fb064cee4ca8f76f46c34678b201c83574e341b94c','poll UfsttZQIP4jG','1795730592.646376','switch',1.79573059264737582203e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','eeea6e333a1d8646311cab6a6f073304f7ae932df38b6a36bf720d549b7adeb3','poll UfsttZQIP4jG','1795730592.651173','switch',1.79573059265215492245e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','50ae9c239996fac8ba8cc5e9ab9631559f2549718a4db1e0c8daf754f10b2bd8','poll UfsttZQIP4jG','1795730592.658905','switch',1.79573059265980839727e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','91b3f0e57a7053c0878389fb064cee4ca8f76f46c34678b201c83574e341b94c','poll UfsttZQIP4jG','1795730592.663756','switch',1.79573059266691088678e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','27.T0SANDBOX.c472778ce5edca3b1153c97662c81c14 anonymous "Over?" "Yes" "No"','DXcMXq2XhnEf',1.7957305926769518852e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  DXcMXq2XhnEf','27.T0SANDBOX.c472778ce5edca3b1153c97662c81c14 anonymous "Over?" "Yes" "No"','card',1795730592.68309,0);
INSERT INTO "deliveries" VALUES('','','delivery','d1ee2593d3f118d3d29ac6b09f55fd2974d06eedee42b71f64cd1a8b1ebd9c3c','',1.7957305936934568882e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','39.T0SANDBOX.430da3e1d2606686b17325598176a55c "Lunch?" "Pizza" "Soup"','7of8MisvpcUJ',1.79573059371570634837e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  7of8MisvpcUJ','39.T0SANDBOX.430da3e1d2606686b17325598176a55c "Lunch?" "Pizza" "Soup"','card',1.79573059372237634661e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','V45','eoeXn3hfm8L5',1.79573059377218461037e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  eoeXn3hfm8L5','V45','card',1.79573059377314782139e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','e44e3c5072b0f444779b5dc00240b73f5562dc93d633d980c2b91f43dd454c62','',1.79573059377406382556e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','01732c2ea8f9879d1b69297f08af5a1e5dc8684beb68602aa1b259263ea78e58','',1.795730593779378891e+09,0);
CREATE TABLE endings (
            poll_id   TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            team_id   TEXT NOT NULL,
            closed_at REAL NOT NULL,
            attempts  INTEGER NOT NULL DEFAULT 0, due_at REAL DEFAULT 0, held_until REAL, holder TEXT,
            PRIMARY KEY (poll_id, closed_at)
        ) STRICT;
INSERT INTO "endings" VALUES('DXcMXq2XhnEf','T0SANDBOX',1.79573059369406294819e+09,0,1.79573059464374971388e+09,NULL,NULL);
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
INSERT INTO "intents" VALUES('T99yHVJhcVAo','T0SANDBOX','U0ADA','https://acme.example','PLAT-13','vote','queued',1,1.79573059377423954012e+09,1,NULL,'C0PLANNING','gAAAAABrCKyhNo-F05WBcnoujDdmmuMVU51cbOPvVcW9BBlJrfPda0B17DyV6F9BlpUPNYBjxoOdcwDTsJuuIHDPLeOHHKWdGwSpIWrVRVwIYQNp_AUwYlD1WFvyUoXAXAIbnv4UeJ2yVaST4y5hNH0kLjjTJOFu5A==',0,1.79573059619538545608e+09,NULL,NULL);
INSERT INTO "intents" VALUES('RPisFY9hTRTC','T0SANDBOX','U0BEN','https://acme.example','PLAT-12','vote','unconnected',0,1.79573059377950644491e+09,1,NULL,'C0PLANNING','gAAAAABrCKyhhmKcX5frVUJMEoAhJ_4E1-gJ8UyIKRruLo7xOKmFcR_N_EOC3OFcLhSYh15AhoDfohg4Q9xvkjkmhUu6h4g0Y_7qWGArHXUpf3HPGmFRq-U8BUeMGshblr68qJvnOdioU8CXiy-QwEjjBnJARJ3e4g==',0,1.79573059481303954126e+09,NULL,NULL);
CREATE TABLE links (
            team_id    TEXT NOT NULL,
            channel_id TEXT NOT NULL,
            site       TEXT NOT NULL,
            issue_key  TEXT NOT NULL,
            linked_by  TEXT NOT NULL,
            linked_at  REAL NOT NULL,
            PRIMARY KEY (team_id, channel_id)
        ) STRICT;
INSERT INTO "links" VALUES('T0SANDBOX','C0PLANNING','https://acme.example','PLAT-13','U0ADA',1.79573059062344813352e+09);
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
INSERT INTO "outbox" VALUES('receipt','RPisFY9hTRTC','connect',0.0,'T0SANDBOX','sent',0,1,1.79573059381179618836e+09,0.0,NULL,NULL,0);
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
INSERT INTO "poll_keys" VALUES('UfsttZQIP4jG','gAAAAABrCKyh_E2hmkB49c-0bXKglfUBci9tqgrBzV3YURtWNZsn5U536qLJD8nI301VMKHIE69y7siac7BkJMKZ-3fMNGsM4yHta6_hce1BfJICHmWm8dXYvhoJg0_CZfmGqeH4GXHxSefeNOg993ERJOB6oG4ERlobr6gRGFF_yABT2bKBRGw=');
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
INSERT INTO "polls" VALUES('S4Rv1dEZJMQV','T0SANDBOX','https://acme.example','plain','',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false,"edited":false},{"id":"2","title":"Soup","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573059062994480131e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL);
INSERT INTO "polls" VALUES('UfsttZQIP4jG','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Leaving?','','[{"id":"1","title":"Yes","order":0,"removed":false,"edited":false},{"id":"2","title":"No","order":1,"removed":false,"edited":false}]','{"several":true,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":false,"comments":false}',NULL,'U0ADA','[]',1795730591.65811,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL);
INSERT INTO "polls" VALUES('DXcMXq2XhnEf','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Over?','','[{"id":"1","title":"Yes","order":0,"removed":false,"edited":false},{"id":"2","title":"No","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":false,"comments":false}',NULL,'U0ADA','[]',1.7957305926769518852e+09,1,NULL,1.79573059369406294819e+09,NULL,NULL,1,0.0,300.0,'',NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,3);
INSERT INTO "polls" VALUES('7of8MisvpcUJ','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false,"edited":false},{"id":"2","title":"Soup","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573059371570634837e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL);
INSERT INTO "polls" VALUES('eoeXn3hfm8L5','T0SANDBOX','https://acme.example','issue','PLAT-12',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false,"edited":false},{"id":"2","title":"Soup","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":1795903380.0,"closes_at_end":true,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573059377218461037e+09,1,1795903380.0,NULL,NULL,NULL,1,0.0,300.0,NULL,3600.0,1795899780.0,1,NULL,NULL,NULL,0,NULL,NULL,0,NULL);
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
INSERT INTO "schedules" VALUES('oaDdK4GgRl0c','T0SANDBOX','https://acme.example','U0ADA','{"what":"poll","subject":"S4Rv1dEZJMQV","channel_id":"C0PLANNING","recurrence":{"every":"daily","at":"09:00:00","zone":"Europe/Berlin","days":[],"day":1,"on":null},"view":"bars","missed":"late","until_closed":false,"most":null,"ask":null,"starts_at":null}','V41',1.79573059375182890896e+09,1795766400.0,0,0,'',0,0,0,NULL,1795766400.0,NULL,NULL);
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
INSERT INTO "steps" VALUES('UfsttZQIP4jG','slack',1,3,'{"1": 1, "2": 3}');
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
INSERT INTO "tries" VALUES('QcweDDB3DjCD','T0SANDBOX','U0ADA','https://acme.example','PLAT-12','vote',1.79573059057809948915e+09,1.79573059058302187916e+09);
INSERT INTO "tries" VALUES('lrsvvpKrAxa5','T0SANDBOX','U0ADA','https://acme.example','PLAT-13','vote',1.79573059378679561609e+09,NULL);
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
COMMIT;
