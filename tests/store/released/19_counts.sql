-- poll-key: gAAAAABrCKy_M9Edf2rGI2hYQzt98Uz7OpY0uj7e9RTMd3teiTmsRGdCBf_Qukxfxnig0N2FBozdmyzONZa32eUAsf01d1L8jZl7F7_qPZjZ9WCzoC2uPDy3V2HlDKQ4m5fg04IBf1uw
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'pollbot','first_light','2026-11-26 22:03:39.651436+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'pollbot','polls','2026-11-26 22:03:39.657283+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'pollbot','schedules','2026-11-26 22:03:39.671777+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'pollbot','queues','2026-11-26 22:03:39.700671+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'pollbot','outbox','2026-11-26 22:03:39.715392+00:00');
INSERT INTO "_sqlite_migrations" VALUES(6,'pollbot','parted_for_good','2026-11-26 22:03:39.719159+00:00');
INSERT INTO "_sqlite_migrations" VALUES(7,'pollbot','tries','2026-11-26 22:03:39.721566+00:00');
INSERT INTO "_sqlite_migrations" VALUES(8,'pollbot','steps','2026-11-26 22:03:39.724323+00:00');
INSERT INTO "_sqlite_migrations" VALUES(9,'pollbot','cards_by_message','2026-11-26 22:03:39.728328+00:00');
INSERT INTO "_sqlite_migrations" VALUES(10,'pollbot','edits','2026-11-26 22:03:39.729458+00:00');
INSERT INTO "_sqlite_migrations" VALUES(11,'pollbot','receipts','2026-11-26 22:03:39.731244+00:00');
INSERT INTO "_sqlite_migrations" VALUES(12,'pollbot','found','2026-11-26 22:03:39.734036+00:00');
INSERT INTO "_sqlite_migrations" VALUES(13,'pollbot','waiting_polls','2026-11-26 22:03:39.738070+00:00');
INSERT INTO "_sqlite_migrations" VALUES(14,'pollbot','issues','2026-11-26 22:03:39.747870+00:00');
INSERT INTO "_sqlite_migrations" VALUES(15,'pollbot','asked','2026-11-26 22:03:39.748674+00:00');
INSERT INTO "_sqlite_migrations" VALUES(16,'pollbot','mark','2026-11-26 22:03:39.749800+00:00');
INSERT INTO "_sqlite_migrations" VALUES(17,'pollbot','refusal','2026-11-26 22:03:39.750759+00:00');
INSERT INTO "_sqlite_migrations" VALUES(18,'pollbot','places','2026-11-26 22:03:39.756414+00:00');
INSERT INTO "_sqlite_migrations" VALUES(19,'pollbot','counts','2026-11-26 22:03:39.761749+00:00');
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
INSERT INTO "accounts" VALUES('T0SANDBOX','U0ADA','https://acme.example','acc-ada','Ada of Jira','https://acme.example','gAAAAABrCKy7cFf3f9E9pY6onsqREK9ZHj0aDBnmzxwwuoXdBMKJLzZdlRmRIlJ1LVxB_tO_87ooj1BQ4iBH4-_eAOynbaaJimOIsRPHuapr2PQCKejWyo0-SDg9RLxer-KdBF0sUkvx',NULL,1.79573061986791801449e+09);
CREATE TABLE answers (
            poll_id   TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            voter     TEXT NOT NULL,
            option_id TEXT NOT NULL, was TEXT,
            PRIMARY KEY (poll_id, voter, option_id)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "answers" VALUES('FFGWsrU8ZdH5','U0ADA','1',NULL);
INSERT INTO "answers" VALUES('FFGWsrU8ZdH5','U0BEN','2',NULL);
INSERT INTO "answers" VALUES('FFGWsrU8ZdH5','U0CLEO','2',NULL);
INSERT INTO "answers" VALUES('p2OQOdqPf46w','2f8e3e8dcade6311e50b2b554210be3cfce8affcaabc41418d2e192b92c5213a','2',NULL);
INSERT INTO "answers" VALUES('p2OQOdqPf46w','afaaaf6c5e967271f54d222d6cc73327328ff9b9023e32ea77a00f172b376ab4','2',NULL);
INSERT INTO "answers" VALUES('p2OQOdqPf46w','f53f7b9c2d451bff131f1f26c5a2885c164dc642fc26b937468ca9f9eee3295e','1',NULL);
INSERT INTO "answers" VALUES('p2OQOdqPf46w','f53f7b9c2d451bff131f1f26c5a2885c164dc642fc26b937468ca9f9eee3295e','2',NULL);
INSERT INTO "answers" VALUES('uDwkroPjwYFs','048e09bf73483c46329305e433413eb1','2',NULL);
INSERT INTO "answers" VALUES('uDwkroPjwYFs','68d62218c76a52ad79d6ff898f79666d','2',NULL);
INSERT INTO "answers" VALUES('uDwkroPjwYFs','c2294093ab41ed48c06afd589ccb3585','1',NULL);
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
INSERT INTO "cards" VALUES('k_rBdACSDl_k','T0SANDBOX','C0PLANNING','1795730619.935063','https://acme.example','PLAT-12','U0ADA',1,0,'{"key":"PLAT-12","summary":"Export <all> & more","status":"Open","type":"Story","votes":8,"voted":true,"voters":["Ada of Jira"],"resolution":null,"reporter_id":null}',1.79573061991606450086e+09,1,1,0,1.79573061991088366506e+09,0,NULL,1.79573061991088366506e+09,NULL,NULL,NULL,1.79573062093865489959e+09,NULL,NULL);
INSERT INTO "cards" VALUES('RyRs7LTk-5QA','T0SANDBOX','C0PLANNING','1795730620.957576','https://acme.example','','U0ADA',1,0,NULL,0.0,4,4,0,1.79573061994334435458e+09,0,'gAAAAABrCKy_U8VXicr84S-n4nNePixwWsF5xsc0rD8zUyl7bEyEvIuDD1-Ond-qyS1Ylw4G9ZbcGNIe9HpjmxXGeMvbrrR9ISh8GvU6CP9b_A-DI2ZcSuNPHzWD9vDBOjE1vmFxyZQQOuBWycIPPRGumYCfLM-xaQ==',1.79573062310032963749e+09,'FFGWsrU8ZdH5',NULL,NULL,1.79573062297389793393e+09,NULL,NULL);
INSERT INTO "cards" VALUES('_QRYQ1Q2xFUy','T0SANDBOX','C0PLANNING','1795730621.974436','https://acme.example','','U0ADA',1,0,NULL,0.0,5,5,0,1.79573062099836134914e+09,0,'gAAAAABrCKy-pyvd7aPwvCV9sG3uAlo375qrA8rDwUUOkGmRC5pMLIZhKRllZ1vgzrLot2WiNQ5LaDc2BlVUTov3P3hlz-TPw71zY0pSh5zSh3rLNCcRX9UGfB02ruA52_DnfkByL_CcZxyjxNzO5VKHJ9RetQ0C9A==',1.79573062201481056213e+09,'p2OQOdqPf46w',NULL,NULL,1.7957306240128223896e+09,NULL,NULL);
INSERT INTO "cards" VALUES('wnEbHmzAOgqK','T0SANDBOX','C0PLANNING','1795730622.980540','https://acme.example','','U0ADA',1,0,NULL,0.0,5,1,0,1.79573062201935243608e+09,0,'gAAAAABrCKy_8qecCw_ZiyTtXFjdtRf-qfcBC2IFxWfytePVA51NKF-959yMe2vZVHCsEvSgzfM13gQ40wNPeCMjULMulTqHPaT8p5nEQYLYwdRefIO3JFgw39QmyKy6Dydlu7CCF-T4Lf_YQ5I6k4zkmxzDhSsL5A==',1.79573062300779461865e+09,'uDwkroPjwYFs',NULL,NULL,1.79573062398224830632e+09,NULL,NULL);
INSERT INTO "cards" VALUES('OmZanE59MdrT','T0SANDBOX','C0PLANNING',NULL,'https://acme.example','','U0ADA',0,0,NULL,0.0,1,0,0,1.79573062309448790553e+09,0,'gAAAAABrCKy_OKdRgjyLVlovp_spa44bEIZRpH_92us7d5GZm4lp6hTzT4x53lVRvXqJceMKkPsRGOIYtujVP0x4-nRCGLv6y85-CB7-jUyrIufxPV_1LdZUGCk86MMGVUuXlS8JReFsH5nz4D6R2w8iTm2gsAYQOg==',1.79573062309448790553e+09,'2Ra1rYx-k-nV',NULL,NULL,1.79573062498099279404e+09,NULL,NULL);
INSERT INTO "cards" VALUES('OlnqaTC0RI6h','T0SANDBOX','C0PLANNING',NULL,'https://acme.example','','U0ADA',0,0,NULL,0.0,1,0,0,1.79573062319994902606e+09,0,'gAAAAABrCKy_k8IZSAfw73aTJCrhREcMLzvgbSTA9qII9-qhQHu-AiM8OBw71IRJWxkp-FXjhpzs6Gimyqa6vDDywGbIHXSZBJmZLoEMMPxLhPlyjSjfKMf3fNR0n0vGKTmETxRWqI_BsDq3B0U8LHpKX7a2oT1_Vg==',1.79573062319994902606e+09,'DFuB7HTvSZXy',NULL,NULL,1.79573062598099279403e+09,NULL,NULL);
CREATE TABLE comments (
            poll_id TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            voter   TEXT NOT NULL,
            comment TEXT NOT NULL, shown INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (poll_id, voter)
        ) STRICT, WITHOUT ROWID;
CREATE TABLE counts (
            poll_id   TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            option_id TEXT NOT NULL,
            answers   INTEGER NOT NULL,
            PRIMARY KEY (poll_id, option_id)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "counts" VALUES('FFGWsrU8ZdH5','',3);
INSERT INTO "counts" VALUES('FFGWsrU8ZdH5','1',1);
INSERT INTO "counts" VALUES('FFGWsrU8ZdH5','2',2);
INSERT INTO "counts" VALUES('p2OQOdqPf46w','',3);
INSERT INTO "counts" VALUES('p2OQOdqPf46w','1',1);
INSERT INTO "counts" VALUES('p2OQOdqPf46w','2',3);
INSERT INTO "counts" VALUES('uDwkroPjwYFs','',3);
INSERT INTO "counts" VALUES('uDwkroPjwYFs','1',1);
INSERT INTO "counts" VALUES('uDwkroPjwYFs','2',2);
CREATE TABLE deliveries (
            team_id TEXT NOT NULL,
            user_id TEXT NOT NULL,
            subject TEXT NOT NULL,
            stamp   TEXT NOT NULL,
            deed    TEXT NOT NULL,
            seen_at REAL NOT NULL, told INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (team_id, user_id, subject, stamp, deed)
        ) STRICT;
INSERT INTO "deliveries" VALUES('','','delivery','353b1581702861f6d4010cd5e7bf45c43b3bdcc828c8c7c9d72943157f155ecd','',1.79573061986502075198e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','48d751a1b07672274a8315b093e45b08acfd6c42b9a4329e23566fd45085c39b','',1.79573061987715125085e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','C0PLANNING https://acme.example PLAT-12 ','5.T0SANDBOX.dbe7e5e1d7749f8badcc0f71d8722f1a','card',1.79573061991088366506e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','b1d461a9f97293bbde77cf361a01abb643704b701c331bdf07100930def7e451','',1.79573061991060018544e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','fe790b3951da6fdcb52005620270b7a8a27c689d984dc4912938b93e177950f8','',1.79573061993573188785e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','10.T0SANDBOX.b2ac4628a8caba6f19998ad67a95431d here "Lunch?" "Pizza" "Soup"','FFGWsrU8ZdH5',1.79573061994334435458e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','b2a5f9e3b2670759385d3a50bb771d58a2ede218e6c784b1b3822f57db09c734','',1.79573061994263124467e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','poll FFGWsrU8ZdH5','1795730620.971070','answer',1.79573062097298169134e+09,1);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0BEN','poll FFGWsrU8ZdH5','1795730620.974549','answer',1.79573062097569870945e+09,1);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0CLEO','poll FFGWsrU8ZdH5','1795730620.978638','answer',1.79573062098238325117e+09,1);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','17.T0SANDBOX.12d471a10e35e4fd83af5c5acd7e61f8 anonymous multi "Leaving?" "Yes" "No"','p2OQOdqPf46w',1.79573062099836134914e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','58ef6efa69875c038d63645682dbad9737c00168702b7a6c9e22d63012efcf8f','',1.79573062099138236044e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','f53f7b9c2d451bff131f1f26c5a2885c164dc642fc26b937468ca9f9eee3295e','poll p2OQOdqPf46w','1795730621.991784','switch',1.79573062199286603932e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','2f8e3e8dcade6311e50b2b554210be3cfce8affcaabc41418d2e192b92c5213a','poll p2OQOdqPf46w','1795730621.995065','switch',1.79573062200249385835e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','afaaaf6c5e967271f54d222d6cc73327328ff9b9023e32ea77a00f172b376ab4','poll p2OQOdqPf46w','1795730622.007578','switch',1.79573062201161599152e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','f53f7b9c2d451bff131f1f26c5a2885c164dc642fc26b937468ca9f9eee3295e','poll p2OQOdqPf46w','1795730622.014019','switch',1.79573062201497578617e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','27.T0SANDBOX.fbc0271dbee04d6095ef60f3d7300484 anonymous "Over?" "Yes" "No"','uDwkroPjwYFs',1.79573062201935243608e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','eca5e597dc593e31f70c035e04a611adb6dc2bc94bcc2961286e6a0a4461cc40','',1.79573062201670742036e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','fc69dd3cb8c7ea1004b2047cbdc3f41648d3626ca4fe85938db66b4343afdd29','',1.79573062302993416783e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','39.T0SANDBOX.da3d7d3b2259cdd9b41fd7df9809c36b "Lunch?" "Pizza" "Soup"','2Ra1rYx-k-nV',1.79573062309448790553e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','52b6ed9f591c54094b7bd9e42b61d62f1ae6654fda0e2d355625a1fac17ec384','',1.79573062308330345156e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','491e7d0b8ab5f240e7d0fe029e87c2bccbd0bcc00389f0cd9f1999846e443e19','',1.79573062313146305079e+09,0);
INSERT INTO "deliveries" VALUES('T0SANDBOX','U0ADA','new poll','V45','DFuB7HTvSZXy',1.79573062319994902606e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','327d39f5c423121e05a6ece5d63ea7fc8eeb56562355be9b93d366525d9e7e30','',1.79573062317564296729e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','a16dcc9194f480fd78f26da20d1cb734afed19534eeef5d8ef6a4bfa076c4948','',1.79573062320385074615e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','0f95cfc31c3bf14a81d587c5deda6cf8a4fcb37c65bf965034539089ddb3a008','',1.79573062321703243258e+09,0);
INSERT INTO "deliveries" VALUES('','','delivery','d19c2981eb01fd7d49f85e88de8a971dd4cf2236a642c7d54dee563abcfc96ce','',1.79573062323426604273e+09,0);
CREATE TABLE endings (
            poll_id   TEXT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
            team_id   TEXT NOT NULL,
            closed_at REAL NOT NULL,
            attempts  INTEGER NOT NULL DEFAULT 0, due_at REAL DEFAULT 0, held_until REAL, holder TEXT,
            PRIMARY KEY (poll_id, closed_at)
        ) STRICT;
INSERT INTO "endings" VALUES('uDwkroPjwYFs','T0SANDBOX',1.7957306230305893421e+09,0,1.79573062398099279404e+09,NULL,NULL);
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
INSERT INTO "intents" VALUES('KMYTEb-_su4E','T0SANDBOX','U0ADA','https://acme.example','PLAT-13','vote','queued',1,1.79573062320407223707e+09,1,NULL,'C0PLANNING','gAAAAABrCKy_dUey_B3w46obAqia_rDXQjzpAKQdpZg_C_1pudKxI6tQCbicO8RcBMk2IxvQZ9toSdUg9PaqZ0xH7oTWVA35YXbifZ1GgQO5upCk_EDx1scMz-ozADJlOwZUlPKbFVthHzbti7dHl4uamBgWhaQdCg==',0,1.79573062544830679889e+09,NULL,NULL,'PLAT-13');
INSERT INTO "intents" VALUES('_o2h1c35b3v3','T0SANDBOX','U0BEN','https://acme.example','PLAT-12','vote','unconnected',0,1.79573062321728873255e+09,1,NULL,'C0PLANNING','gAAAAABrCKy_35-Y21JPrnBy11wGaFf8NW3Ces2bkMmlHjcHrsbjhZIN0tu-H4_MlEJ0imwxf1tjIykthI55xrAJSKAZ-PF5RrJ31Zawehn4W271KCHJq6jh5ix60zVQ_i47Cp68roaGQqOBatCFQFXR-cEE49vrJw==',0,1.79573062429288363454e+09,NULL,NULL,'PLAT-12');
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
INSERT INTO "links" VALUES('T0SANDBOX','C0PLANNING','https://acme.example','PLAT-13','U0ADA',1.79573061994146513939e+09);
CREATE TABLE mark (id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL, count INTEGER NOT NULL) STRICT;
INSERT INTO "mark" VALUES(1,'93c52b5eb2f5570e',78);
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
            attempts   INTEGER NOT NULL DEFAULT 0, code TEXT NOT NULL DEFAULT '',
            PRIMARY KEY (kind, about, reader, occasion)
        ) STRICT;
INSERT INTO "outbox" VALUES('receipt','_o2h1c35b3v3','connect',0.0,'T0SANDBOX','sent',0,1,1.79573062328848552697e+09,0.0,NULL,NULL,0,'');
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
INSERT INTO "poll_keys" VALUES('p2OQOdqPf46w','gAAAAABrCKy_AATBZ_pt5p8qONCc0cjzsB4FYJ7Gu3V2guWN_FVum_KSO158AICy6_Dl42PSpO9tMg3AkDxQkHuYYKNsqdvJvM-dtJA_MO8MoI4RsjkCTVYCwEupkE1WZymgoC9l5rsTAtyCw13525yA2A5AcSldDb_eNIUTHiJHl5FiKE1W_DY=');
CREATE TABLE polls (
            id          TEXT NOT NULL PRIMARY KEY,
            team_id     TEXT NOT NULL,
            site        TEXT NOT NULL,
            kind        TEXT NOT NULL CHECK (kind IN ('plain', 'issue', 'page')),
            subject     TEXT NOT NULL,
            source_id   TEXT,
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
        , closed_by TEXT, remind_before REAL, remind_due_at REAL, record INTEGER NOT NULL DEFAULT 0, read_due_at REAL, read_held_until REAL, read_holder TEXT, read_attempts INTEGER NOT NULL DEFAULT 0, remind_held_until REAL, remind_holder TEXT, remind_attempts INTEGER NOT NULL DEFAULT 0, people INTEGER, found INTEGER NOT NULL DEFAULT 0, asked TEXT NOT NULL DEFAULT '', source TEXT, place TEXT) STRICT;
INSERT INTO "polls" VALUES('FFGWsrU8ZdH5','T0SANDBOX','https://acme.example','plain','',NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false,"edited":false},{"id":"2","title":"Soup","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573061994334435458e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL,0,'',NULL,NULL);
INSERT INTO "polls" VALUES('p2OQOdqPf46w','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,'Leaving?','','[{"id":"1","title":"Yes","order":0,"removed":false,"edited":false},{"id":"2","title":"No","order":1,"removed":false,"edited":false}]','{"several":true,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":false,"comments":false}',NULL,'U0ADA','[]',1.79573062099836134914e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL,0,'',NULL,NULL);
INSERT INTO "polls" VALUES('uDwkroPjwYFs','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,'Over?','','[{"id":"1","title":"Yes","order":0,"removed":false,"edited":false},{"id":"2","title":"No","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":false,"comments":false}',NULL,'U0ADA','[]',1.79573062201935243608e+09,1,NULL,1.7957306230305893421e+09,NULL,NULL,1,0.0,300.0,'',NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,3,0,'',NULL,NULL);
INSERT INTO "polls" VALUES('2Ra1rYx-k-nV','T0SANDBOX','https://acme.example','issue','PLAT-13',NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false,"edited":false},{"id":"2","title":"Soup","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573062309448790553e+09,1,NULL,NULL,NULL,NULL,1,0.0,300.0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,0,NULL,0,'',NULL,NULL);
INSERT INTO "polls" VALUES('DFuB7HTvSZXy','T0SANDBOX','https://acme.example','issue','PLAT-12',NULL,NULL,NULL,'Lunch?','','[{"id":"1","title":"Pizza","order":0,"removed":false,"edited":false},{"id":"2","title":"Soup","order":1,"removed":false,"edited":false}]','{"several":false,"visibility":"alwaysPublic","ends_at":1795903380.0,"closes_at_end":true,"percent_only":false,"changeable":true,"names":true,"comments":false}',NULL,'U0ADA','[]',1.79573062319994902606e+09,1,1795903380.0,NULL,NULL,NULL,1,0.0,300.0,NULL,3600.0,1795899780.0,1,NULL,NULL,NULL,0,NULL,NULL,0,NULL,0,'',NULL,NULL);
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
INSERT INTO "schedules" VALUES('XYIWJWKNPPEg','T0SANDBOX','https://acme.example','U0ADA','{"what":"poll","subject":"FFGWsrU8ZdH5","channel_id":"C0PLANNING","recurrence":{"every":"daily","at":"09:00:00","zone":"Europe/Berlin","days":[],"day":1,"on":null},"view":"bars","missed":"late","until_closed":false,"most":null,"ask":null,"starts_at":null}','V41',1.79573062313788771628e+09,1795766400.0,0,0,'',0,0,0,NULL,1795766400.0,NULL,NULL);
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
INSERT INTO "steps" VALUES('p2OQOdqPf46w','slack',1,3,'{"1": 1, "2": 3}');
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
INSERT INTO "tries" VALUES('2rlYGJBluNY1','T0SANDBOX','U0ADA','https://acme.example','PLAT-12','vote',1.79573061989123272889e+09,1.79573061989552116395e+09);
INSERT INTO "tries" VALUES('rxtYRiv42nS0','T0SANDBOX','U0ADA','https://acme.example','PLAT-13','vote',1.79573062323800873756e+09,NULL);
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
INSERT INTO "waiting_polls" VALUES('cBmzm4NWIMmU','T0SANDBOX','U0ADA','https://acme.example','issue','PLAT-12','{"draft":{"title":"Later?","options":["Pizza","Soup"],"description":"","settings":{"several":false,"visibility":"alwaysPublic","ends_at":null,"closes_at_end":false,"percent_only":false,"changeable":true,"names":true,"comments":false},"template":null,"remind_before":null,"record":false},"kind":"issue","subject":"PLAT-12","local":false,"lasts":null}','49.T0SANDBOX.497809b89d71c13021bd2fa751f2decc PLAT-12 "Later?" "Pizza" "Soup"','C0PLANNING','gAAAAABrCKy_o-PDzCe56P3SOo9h_5T3eYS-t8gxWN9fQa_WWu7hdPiyzz_GjCeVOrFQsGhphI5YHO0oOX1T73KXNr73I3H1au0TwS_LYZw5h22eG1-CRpOzPmpbWqBEv-nw4ffSOPHZ-RNcMBoLUPoIH6zNSMxnkw==','queued',1.79573062324693512913e+09,NULL,NULL,1.79573062524693512912e+09,NULL,NULL,0);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX cards_of_issue ON cards (team_id, site, issue_key);
CREATE INDEX deliveries_old ON deliveries (seen_at);
CREATE INDEX polls_of ON polls (team_id, subject);
CREATE INDEX polls_to_close ON polls (closes_at)
            WHERE closed_at IS NULL AND deleted_at IS NULL;
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
CREATE UNIQUE INDEX polls_remote ON polls (team_id, source_id, place, remote_id)
            WHERE remote_id IS NOT NULL;
CREATE INDEX answers_by_option ON answers (poll_id, option_id, voter);
COMMIT;
