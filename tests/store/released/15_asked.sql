-- poll-key: gAAAAABrCKyv_p5nYTei7kX3NSL8shhvupbVJUt-EBW7a2DXTcD-PjeofizcxIAvE0N1qJFF_kFmZx3C2Z1MT0Jf9zO_NkymdR8pq2RM_RCNi2009HhBEjnF4Zj0Y1_RmSeAXyX8cefJ
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'pollbot','first_light','2026-11-26 22:03:23.815437+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'pollbot','polls','2026-11-26 22:03:23.831289+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'pollbot','schedules','2026-11-26 22:03:23.842878+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'pollbot','queues','2026-11-26 22:03:23.887145+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'pollbot','outbox','2026-11-26 22:03:23.905612+00:00');
INSERT INTO "_sqlite_migrations" VALUES(6,'pollbot','parted_for_good','2026-11-26 22:03:23.907600+00:00');
INSERT INTO "_sqlite_migrations" VALUES(7,'pollbot','tries','2026-11-26 22:03:23.914904+00:00');
INSERT INTO "_sqlite_migrations" VALUES(8,'pollbot','steps','2026-11-26 22:03:23.928490+00:00');
INSERT INTO "_sqlite_migrations" VALUES(9,'pollbot','cards_by_message','2026-11-26 22:03:23.938446+00:00');
INSERT INTO "_sqlite_migrations" VALUES(10,'pollbot','edits','2026-11-26 22:03:23.939722+00:00');
INSERT INTO "_sqlite_migrations" VALUES(11,'pollbot','receipts','2026-11-26 22:03:23.941421+00:00');
INSERT INTO "_sqlite_migrations" VALUES(12,'pollbot','found','2026-11-26 22:03:23.994940+00:00');
INSERT INTO "_sqlite_migrations" VALUES(13,'pollbot','waiting_polls','2026-11-26 22:03:24.004602+00:00');
INSERT INTO "_sqlite_migrations" VALUES(14,'pollbot','issues','2026-11-26 22:03:24.005930+00:00');
INSERT INTO "_sqlite_migrations" VALUES(15,'pollbot','asked','2026-11-26 22:03:24.009596+00:00');
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
INSERT INTO "accounts" VALUES('T0SANDBOX','U0ADA','https://acme.example','acc-ada','Ada of Jira','https://acme.example','gAAAAABrCKysSUamxNP4wLoxolWIZ9pY_yCYCTM2do6T62Gltc1YeRKjQWI7o4gfx_1DAPKM3wMZUXt-mgH-5RvoxsdAQ9sTD99tJujGjmeAQvRzGj5gKVmdXkjj8SBS1YXZQc9o6PVL',NULL,1.79573060429435086247e+09);
CREATE TABLE answers (
            poll_id   TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            voter     TEXT NOT NULL,
            option_id TEXT NOT NULL, was TEXT,
            PRIMARY KEY (poll_id, voter, option_id)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "answers" VALUES('VPovNP50jBRO','10a9b4f08f95e582588b98d506cf6724e5a9db9bba325834b8ea42d421ae412f','2',NULL);
INSERT INTO "answers" VALUES('VPovNP50jBRO','6d2f28d43401365fdaedc9634bf804838da406256d776897cc2590fac2c2a256','2',NULL);
INSERT INTO "answers" VALUES('VPovNP50jBRO','9cd83bfab20d7b0ba55096e7f66e240d14b154fb29761f3ff72511efe6332926','1',NULL);
INSERT INTO "answers" VALUES('VPovNP50jBRO','9cd83bfab20d7b0ba55096e7f66e240d14b154fb29761f3ff72511efe6332926','2',NULL);
INSERT INTO "answers" VALUES('Ys17_hfADBL2','536d0e4ee752f000e7104d3721227442','2',NULL);
INSERT INTO "answers" VALUES('Ys17_hfADBL2','8096837fd31b8bc3d5abb6a34bd4ab79','1',NULL);
INSERT INTO "answers" VALUES('Ys17_hfADBL2','9f63a73552ac95ced8bc228f7dd9bcc8','2',NULL);
INSERT INTO "answers" VALUES('n44jgxyLYthl','U0ADA','1',NULL);
INSERT INTO "answers" VALUES('n44jgxyLYthl','U0BEN','2',NULL);
INSERT INTO "answers" VALUES('n44jgxyLYthl','U0CLEO','2',NULL);
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
INSERT INTO "cards" VALUES('wtP0R52rVuMB','T0SANDBOX','C0PLANNING','1795730604.394868','https://acme.example','PLAT-12','U0ADA',1,0,'{"key":"PLAT-12","summary":"Export <all> & more","status":"Open","type":"Story","votes":8,"voted":true,"voters":["Ada of Jira"],"resolution":null,"reporter_id":null}',1.79573060543077778813e+09,2,2,0,1.79573060433839416499e+09,0,NULL,1.79573060433839416499e+09,NULL,NULL,NULL,1.79573060644226193422e+09,NULL,NULL);
INSERT INTO "cards" VALUES('xeIWIKbcWR7Y','T0SANDBOX','C0PLANNING','1795730605.440548','https://acme.example','','U0ADA',1,0,NULL,0.0,4,4,0,1.79573060444300937645e+09,0,'gAAAAABrCKyvrEkO7WML3-owjNF8saA_msdCVAJgEhOs4ze8bT0AWehNnhyDHzRMsB6trtZEFC4ah8kamNEIV4BA3LvXqgW6uCB2h2Ugh7IHUJHTPK-6XudhIxOlEk1yKxKzfpsHPUlGvlxnAhvaMaYs51IZqQB_Sg==',1.79573060778815937039e+09,'n44jgxyLYthl',NULL,NULL,1.79573060753702497477e+09,NULL,NULL);
INSERT INTO "cards" VALUES('5MoByTDPjFLV','T0SANDBOX','C0PLANNING','1795730606.512165','https://acme.example','','U0ADA',1,0,NULL,0.0,5,5,0,1.79573060546244311335e+09,0,'gAAAAABrCKyugNUJItF6xbff38qphzVShIpCqPStCAo0q0mgDSCkiIo6NI76n4V67Abf2pPXOgLCmMbMKA3Le_CSZbt_giDJOZw7FgDqsfdQXV_N4A8eIKK4Cj9yfklaUYCHLgc_l3KRQZ1kina8nWtSRw_AXbgD-w==',1.79573060656777834889e+09,'VPovNP50jBRO',NULL,NULL,1.79573060873030591012e+09,NULL,NULL);
INSERT INTO "cards" VALUES('3_8lchddqThh','T0SANDBOX','C0PLANNING','1795730607.612532','https://acme.example','','U0ADA',1,0,NULL,0.0,5,1,0,1.79573060661431455607e+09,0,'gAAAAABrCKyv2zjf-H_zHYe38Va5MeZJ4iN-1s5s5CA_ire7knfo7b_u-aRkP05Jez__MKiqRqW-j0fBf5berSqusbuxRolYSMW5gVTnnJ61FHcXB6tdiDpHJXl_5QnzHvJR_hOQGPl_bCXELi6Y2Vru7AnkSYC9vQ==',1.79573060768938589097e+09,'Ys17_hfADBL2',NULL,NULL,1.79573060861883640288e+09,NULL,NULL);
INSERT INTO "cards" VALUES('MVoLiCAJPayl','T0SANDBOX','C0PLANNING',NULL,'https://acme.example','','U0ADA',0,0,NULL,0.0,1,0,0,1795730607.78666,0,'gAAAAABrCKyvqecvsl97TABdjdaV8Ae8Kneu1F3Tfz9Tpp9DpOl7hA3SvWLkP2qN81BvpZC-vCwN18Pz9LFGET5qubIFIYu9-00_t_dHFFBCngvxxLhqdMfbCauAp94J7b4qv5ncxYVxqGiyT-9dOOBt1f8AAzOROg==',1795730607.78666,'g-hgkkpGVl41',NULL,NULL,1.795730609613014698e+09,NULL,NULL);
INSERT INTO "cards" VALUES('2qhYKy2-kVmu','T0SANDBOX','C0PLANNING',NULL,'https://acme.example','','U0ADA',0,0,NULL,0.0,1,0,0,1.79573060796693348886e+09,0,'gAAAAABrCKyvqZu73Y7u2Pb8F3rSessAz1sqdSPai1HwrjKd4dAdS8Bcp-BVwhIiOw7GherYb8w-ly0Sxn1JW6b3YgeiWZHIrjPw8q2bJZnyAYG8AumWt73fYLBGUTS4Rgs5VxuhHCA2Qm1CtLRSZeAm65DyuDq4aw==',1.79573060796693348886e+09,'joN2xM23OWXm',NULL,NULL,1.79573061061301469804e+09,NULL,NULL);
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
INSERT INTO "deliveries" VALUES('','','delivery','6d6dbddf75b6a62b403b4fd19779b0e84fa0ad3bbb386fee643012d2966a3b00','',1.79573060427915191655e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','1e5321893658ff939421e74948394abfdd9b59719c1555bbe82317d42eb2208f','',1.79573060429960274691e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example PLAT-12 ','5.T0SANDBOX.8f6f6fc16ea64aa754c182a29bc42e9d','card',1.79573060433839416499e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','32609303cd7b366806f53e9f13eac0373121bec5999016db405aea07096a17e8','',1795730604.41761,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','10.T0SANDBOX.daa48772256ac9dd87ba22414c050d66 here "Lunch?" "Pizza" "Soup"','n44jgxyLYthl',1.79573060443879485128e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  n44jgxyLYthl','10.T0SANDBOX.daa48772256ac9dd87ba22414c050d66 here "Lunch?" "Pizza" "Soup"','card',1.79573060444300937645e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','poll n44jgxyLYthl','1795730605.445360','answer',1.79573060544732594485e+09,1);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0BEN','poll n44jgxyLYthl','1795730605.450503','answer',1.79573060545146536825e+09,1);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0CLEO','poll n44jgxyLYthl','1795730605.453984','answer',1.79573060545515871041e+09,1);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','17.T0SANDBOX.60b22e443252c767a3a012aee9b3bb90 anonymous multi "Leaving?" "Yes" "No"','VPovNP50jBRO',1.79573060545883059508e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  VPovNP50jBRO','17.T0SANDBOX.60b22e443252c767a3a012aee9b3bb90 anonymous multi "Leaving?" "Yes" "No"','card',1.79573060546244311335e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','9cd83bfab20d7b0ba55096e7f66e240d14b154fb29761f3ff72511efe6332926','poll VPovNP50jBRO','1795730606.522288','switch',1.79573060652591967581e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','10a9b4f08f95e582588b98d506cf6724e5a9db9bba325834b8ea42d421ae412f','poll VPovNP50jBRO','1795730606.537683','switch',1.79573060654146838188e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','6d2f28d43401365fdaedc9634bf804838da406256d776897cc2590fac2c2a256','poll VPovNP50jBRO','1795730606.550949','switch',1.79573060655192804331e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','9cd83bfab20d7b0ba55096e7f66e240d14b154fb29761f3ff72511efe6332926','poll VPovNP50jBRO','1795730606.566980','switch',1.79573060657324218747e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','27.T0SANDBOX.16047b0e6746e905758e8d2dc2dbd081 anonymous "Over?" "Yes" "No"','Ys17_hfADBL2',1.79573060660585927966e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  Ys17_hfADBL2','27.T0SANDBOX.16047b0e6746e905758e8d2dc2dbd081 anonymous "Over?" "Yes" "No"','card',1.79573060661431455607e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','69827b9973fe3daa696e873db196e42c6ba9ddb132b60cbaba83881edcf5b886','',1.79573060773616647719e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','39.T0SANDBOX.67680b3aaeabbc3672585bd8978467ba "Lunch?" "Pizza" "Soup"','g-hgkkpGVl41',1.79573060778356814381e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  g-hgkkpGVl41','39.T0SANDBOX.67680b3aaeabbc3672585bd8978467ba "Lunch?" "Pizza" "Soup"','card',1795730607.78666,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','V45','joN2xM23OWXm',1.7957306079624121189e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example  joN2xM23OWXm','V45','card',1.79573060796693348886e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','fc7ba6c49477c57ccec3b2fadcbb8d0f7dccd2c18f66d06f71dc1c4671d38f77','',1.79573060796835422521e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','85646d0c74fed2fe7205ccc27fa120e99e5371be4fbfe9f4f11dfb0cae0036e3','',1.79573060797659826278e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','bdfcd9e8b6a70d05afcf271302ab81fd6cd31e3db3fc7c0a5701a9b4d92074a3','',1.79573060800360584255e+09,0);
CREATE TABLE endings (
            poll_id   TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            team_id   TEXT NOT NULL,
            closed_at REAL NOT NULL,
            attempts  INTEGER NOT NULL DEFAULT 0, due_at REAL DEFAULT 0, held_until REAL, holder TEXT,
            PRIMARY KEY (poll_id, closed_at)
        ) STRICT;
INSERT INTO "endings" VALUES('Ys17_hfADBL2','T0SANDBOX',1.79573060774238419529e+09,0,1.79573060861301469796e+09,NULL,NULL);
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
INSERT INTO "intents" VALUES('-O1lS8h8g4Vt','T0SANDBOX','U0ADA','https://acme.example','PLAT-13','vote','queued',1,1.79573060796860504151e+09,1,NULL,'C0PLANNING','gAAAAABrCKyvlPA4hOqZ-aFuW55selmKbssU3rjlFVrGpxbhC2GB1aQ0PL2lMNB0EfM2WO9CC7Jk_M2xTQ77QxlpoqFsuWxyp4E9m3-a75skQfIN9clQ-FxzgJ96AElG5KdKzC_Qu4uEYNeLhFcZ0C4_1I4Aes1kSw==',0,1.79573060970309209818e+09,NULL,NULL,'PLAT-13');
INSERT INTO "intents" VALUES('33Ef-sTE5ly0','T0SANDBOX','U0BEN','https://acme.example','PLAT-12','vote','unconnected',0,1.79573060797681307793e+09,1,NULL,'C0PLANNING','gAAAAABrCKyvHxun2zEK12v7HafNxyIOsGcO3s_vCQbbUtC3GwJde2t5ENB_8U0vUhgL2p-iveqeGeamWofdVivoTIzg1uVNKl_HGuPqW3vcgOY3rE0O_RIY8GM9Sjob4kW9eRsbj4x9SQrPXsiMO5Ej2yYHg7hPXQ==',0,1.79573060903518557547e+09,NULL,NULL,'PLAT-12');
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
INSERT INTO "links" VALUES('T0SANDBOX','C0PLANNING','https://acme.example','PLAT-13','U0ADA',1.79573060443164777754e+09);
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
INSERT INTO "outbox" VALUES('receipt','33Ef-sTE5ly0','connect',0.0,'T0SANDBOX','sent',0,1,1.79573060803459358218e+09,0.0,NULL,NULL,0);
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
INSERT INTO "poll_keys" VALUES('VPovNP50jBRO','gAAAAABrCKyv9r7A-fWR3iURloFHdr-h_0IANcrDPD9wcec5MCn1h64rutkV6ZL-1BwY-4c0Wdn1Dc2zVslJXrJV5Ei9he7PJJR0-LPh_ZRKa_A4dJj_7rMvlhOBZmPnkBdCat86qsEvOoGK5qO8pLGXgokm2hoE_RfeFBLJXegIFBEofaVthpY=');
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
INSERT INTO "polls" VALUES('n44jgxyLYthl','T0SANDBOX','https://acme.example','plain','',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false,"edited":false},{"id":"2","title":"Soup","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573060443879485128e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL,0,'');
INSERT INTO "polls" VALUES('VPovNP50jBRO','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Leaving?','','[{"id":"1","title":"Yes","order":0,"removed":false,"edited":false},{"id":"2","title":"No","order":1,"removed":false,"edited":false}]','{"several":true,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":false,"comments":false}',NULL,'U0ADA','[]',1.79573060545883059508e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL,0,'');
INSERT INTO "polls" VALUES('Ys17_hfADBL2','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Over?','','[{"id":"1","title":"Yes","order":0,"removed":false,"edited":false},{"id":"2","title":"No","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":false,"comments":false}',NULL,'U0ADA','[]',1.79573060660585927966e+09,1,NULL,1.79573060774238419529e+09,NULL,NULL,1,0.0,300.0,'',NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,3,0,'');
INSERT INTO "polls" VALUES('g-hgkkpGVl41','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false,"edited":false},{"id":"2","title":"Soup","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573060778356814381e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL,0,'');
INSERT INTO "polls" VALUES('joN2xM23OWXm','T0SANDBOX','https://acme.example','issue','PLAT-12',NULL,NULL,NULL,NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false,"edited":false},{"id":"2","title":"Soup","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":1795903380.0,"closes_at_end":true,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.7957306079624121189e+09,1,1795903380.0,NULL,NULL,NULL,1,0.0,300.0,NULL,3600.0,1795899780.0,1,NULL,NULL,NULL,0,NULL,NULL,0,NULL,0,'');
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
INSERT INTO "schedules" VALUES('Zz9lX7baZjKi','T0SANDBOX','https://acme.example','U0ADA','{"what":"poll","subject":"n44jgxyLYthl","channel_id":"C0PLANNING","recurrence":{"every":"daily","at":"09:00:00","zone":"Europe/Berlin","days":[],"day":1,"on":null},"view":"bars","missed":"late","until_closed":false,"most":null,"ask":null,"starts_at":null}','V41',1.79573060783798122406e+09,1795766400.0,0,0,'',0,0,0,NULL,1795766400.0,NULL,NULL);
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
INSERT INTO "steps" VALUES('VPovNP50jBRO','slack',1,3,'{"1": 1, "2": 3}');
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
INSERT INTO "tries" VALUES('XEl1zwIFOf3m','T0SANDBOX','U0ADA','https://acme.example','PLAT-12','vote',1.7957306043150165081e+09,1.7957306043177349567e+09);
INSERT INTO "tries" VALUES('Km1H8ZgOJV_T','T0SANDBOX','U0ADA','https://acme.example','PLAT-13','vote',1.79573060800645565985e+09,NULL);
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
INSERT INTO "waiting_polls" VALUES('kWr3_sOvMZYQ','T0SANDBOX','U0ADA','https://acme.example','issue','PLAT-12','{"draft":{"title":"Later?","options":["Pizza","Soup"],"description":"","settings":{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false},"template":null,"remind_before":null,"record":false},"kind":"issue","subject":"PLAT-12","local":false,"lasts":null}','49.T0SANDBOX.2c36bd0529ba7f9c099c2e96e53c7828 PLAT-12 "Later?" "Pizza" "Soup"','C0PLANNING','gAAAAABrCKywdsMVLhZJhzwv2sLgZJde2LNuSi1riJFY9b6i2efNk79qjDVVaG63hNY3lKIgIcTneWibUO2hTXV9rLg9eQioPoulLwdNIrKPkK4jt3k2L0npPynq7dgdmxJTYrOxQOSsbhQi_AG6il1chqvxX-Vq_Q==','queued',1.79573060802724027628e+09,NULL,NULL,1.79573061002724027632e+09,NULL,NULL,0);
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
