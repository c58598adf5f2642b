package dev.taper.assurance;

import dev.taper.agent.catalog.ToolCatalog;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The first catalogs, words, and files that services keep or are told by. */
final class FileSeeds {
  private static final String SIGN_IN =
      """
      {"format": "taper/1 sign-in",
       "provider": "https://login.acme.com", "client": "taper-issuer",
       "origins": ["https://issuer.acme.com"],
       "scopes": ["profile"], "life": "8h", "idle": "30m",
       "roles": {"claim": "groups", "operator": ["taper-operators"]}}
      """;

  private static final String TOOLS =
      """
      {"tools":[{"name":"search","description":"Finds issues","inputSchema":{"type":"object",
      "properties":{"query":{"type":"string"},"project":{"type":"string","x-mcp-header":"Project"}},
      "required":["query"]},"annotations":{"readOnlyHint":true}},
      {"name":"fetch","inputSchema":{"type":"object","properties":{"url":{"type":"string",
      "format":"uri"}}}}]}
      """;

  /** A key that nobody uses, locked with the passphrase of the harness and next to no work. */
  private static final String PBKDF2 =
      """
      -----BEGIN ENCRYPTED PRIVATE KEY-----
      MIGiMF4GCSqGSIb3DQEFDTBRMDAGCSqGSIb3DQEFDDAjBBBjnhNt3QdY6M2Zjln/
      vkShAgEIMAwGCCqGSIb3DQIJBQAwHQYJYIZIAWUDBAEqBBA2Ix7OPwSoYfn0l45+
      rUyTBECHbyClkn7IE/bKT6ci6ExswpwUnFLL/hP8EGTbH9qgqZngU5Vuau61qFZW
      olZad4p2gex5HkRrenez7i/FbbrA
      -----END ENCRYPTED PRIVATE KEY-----
      """;

  /** The same. */
  private static final String SCRYPT =
      """
      -----BEGIN ENCRYPTED PRIVATE KEY-----
      MIGaMFYGCSqGSIb3DQEFDTBJMCgGCSsGAQQB2kcECzAbBBBKJy9+vhDU5q2RJiie
      XNf0AgECAgEBAgEBMB0GCWCGSAFlAwQBKgQQDPyJ/Ms4VXM6P+CYrxGrLQRAPWWX
      LCXUWZk7/Bmo2zHsw665QXwCepfrvvsCdjkkafSIVW3HqevDjrTWQXLXM6a6i0sp
      bVwLVBrOF8KC32aXiA==
      -----END ENCRYPTED PRIVATE KEY-----
      """;

  private FileSeeds() {}

  static void write(Seeds seeds) throws IOException {
    catalogs(seeds);
    words(seeds);
    memories(seeds);
    settings(seeds);
    lockedPem(seeds);
  }

  private static void catalogs(Seeds seeds) throws IOException {
    seeds.add(Harness.CATALOG, "http", HttpReader.CATALOG);
    seeds.add(Harness.CATALOG, "drafted", ToolCatalog.draft("mcp:fuzz", TOOLS).toJson());
    seeds.add(Harness.CATALOG, "no-audience", "{\"format\":\"taper/1 catalog\",\"tools\":{}}");
    seeds.add(Harness.CATALOG_DRAFT, "tools", TOOLS);
    seeds.add(Harness.CATALOG_DRAFT, "twice", "{\"tools\":[{\"name\":\"a\"},{\"name\":\"a\"}]}");
    seeds.add(
        Harness.MIRRORED_FIELDS,
        "match",
        """
        {"params":{"name":"search","arguments":{"project":"ACME","n":7}},
        "schema":{"type":"object","properties":{"project":{"type":"string","x-mcp-header":"Project"},
        "n":{"type":"integer","x-mcp-header":"N"}}},
        "fields":{"mcp-param-project":"ACME","mcp-param-n":"7.0"}}
        """);
    seeds.add(
        Harness.MIRRORED_FIELDS,
        "encoded",
        """
        {"params":{"name":"search","arguments":{"project":"Ä "}},
        "schema":{"properties":{"project":{"type":"string","x-mcp-header":"Project"}}},
        "fields":{"mcp-param-project":"=?base64?w4Qg?="}}
        """);
    seeds.add(
        Harness.MIRRORED_FIELDS,
        "other",
        """
        {"params":{"name":"search","arguments":{"project":"ACME"}},
        "schema":{"properties":{"project":{"type":"string","x-mcp-header":"Project"}}},
        "fields":{"mcp-param-project":"OTHER"}}
        """);
  }

  private static void words(Seeds seeds) throws IOException {
    seeds.add(Harness.WORD, "fingerprint", "0123456789abcdef0123456789abcdef");
    seeds.add(Harness.WORD, "head", "41:" + "9f".repeat(32));
    seeds.add(Harness.WORD, "audience", "https://jira.example.com");
    seeds.add(Harness.WORD, "duration", "1h30m");
    seeds.add(Harness.WORD, "date", "2030-01-01T12:00:00Z");
    seeds.add(Harness.WORD, "address", "[::1]:8080");
    seeds.add(Harness.WORD, "nothing", "\u202e \n");
    String named = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    seeds.add(Harness.TRACEPARENT, "named", named);
    seeds.add(Harness.TRACEPARENT, "two", named + "\n" + named);
    seeds.add(Harness.TRACEPARENT, "zeros", "00-" + "0".repeat(32) + "-" + "0".repeat(16) + "-01");
    seeds.add(Harness.TRACEPARENT, "long", named + "-and-more");
  }

  private static void memories(Seeds seeds) throws IOException {
    String start = "taper/1 budget " + "a".repeat(32) + " " + "b".repeat(32);
    seeds.add(Harness.BUDGET_FILE, "total", start + " 0 0 0 7");
    seeds.add(Harness.BUDGET_FILE, "window", start + " 60000 61 31556160 4 31556161 2");
    seeds.add(Harness.BUDGET_FILE, "spent", start + " 0 0 0 9");
    seeds.add(Harness.BUDGET_FILE, "cut-off", start + " 0");
    seeds.add(Harness.BUDGET_FILE, "overflow", start + " 60000 61 1 9223372036854775807 2 5");
    seeds.add(Harness.BUDGET_FILE, "far", start + " 9223372036854775807 3 9223372036854775807 1");
    seeds.add(Harness.BUDGET_FILE, "version", "taper/2 budget of some kind");
    long until = Keys.CLOCK.millis() + 60_000;
    byte[] journal = MemoryReaders.journal(record(1, until, 1, 0, 0), record(2, until, 1, 0, 0));
    seeds.add(Harness.USES_FILE, "two", journal);
    seeds.add(
        Harness.USES_FILE,
        "a-claim-of-two-given-back",
        MemoryReaders.journal(
            record(3, until, 1, 0, 1), record(4, until, 1, 1, 0), record(3, until, -1, 0, 0)));
    seeds.add(Harness.USES_FILE, "none", MemoryReaders.journal());
    seeds.add(Harness.USES_FILE, "empty", new byte[0]);
    byte[] torn = journal.clone();
    torn[MemoryReaders.HEADER + 1] ^= 1;
    seeds.add(Harness.USES_FILE, "damaged", torn);
  }

  private static byte[] record(long id, long until, int times, int place, int left) {
    return ByteBuffer.allocate(MemoryReaders.RECORD)
        .putLong(id)
        .putLong(id)
        .putLong(Keys.CLOCK.millis())
        .putLong(until)
        .put(new byte[32])
        .putInt(times)
        .putShort((short) place)
        .putShort((short) left)
        .array();
  }

  private static void settings(Seeds seeds) throws IOException {
    seeds.add(Harness.KEPT_ASK, "open", AskReader.content());
    seeds.add(Harness.KEPT_ASK, "array", "{\"sent\":{\"x\":[1,2]}}");
    seeds.add(Harness.KEPT_ASK, "no-base64", AskReader.content().replace("\"content\":\"", "$0?"));
    seeds.add(Harness.SIGN_IN_FILE, "all", SIGN_IN);
    String people =
        SIGN_IN
            .replace(
                "\"scopes\"", "\"people\": {\"1\": \"user:al\", \"2\": \"user:bo\"}, \"scopes\"")
            .replace("\"scopes\"", "\"person\": \"user:{sub}@acme.com\", \"scopes\"")
            .replace("\"operator\"", "\"viewer\": [\"a\", \"b\"], \"operator\"");
    seeds.add(Harness.SIGN_IN_FILE, "people", people);
    seeds.add(Harness.SIGN_IN_FILE, "one-name", people.replace("user:bo", "user:al"));
    seeds.add(Harness.SIGN_IN_FILE, "plain", SIGN_IN.replace("https://login", "http://login"));
    seeds.add(Harness.SIGN_IN_FILE, "no-end", SIGN_IN.replace("8h", "13h"));
    seeds.add(Harness.SIGN_IN_FILE, "unknown", SIGN_IN.replace("scopes", "scope"));
    String issuer =
        """
        issuer: https://issuer.acme.com
        key: root.key
        providers:
          - issuer: https://login.acme.com
            audience: https://issuer.acme.com
            roles: roles
            delegator: user:{sub}@acme.com
        people:
          - {provider: "https://login.acme.com", subject: "2482", delegator: user:bob@acme.com, roles: [engineer]}
        agents:
          agent:planner: {key: "%s", clients: [planner-app]}
        policies: [read-only]
        templates:
          read:
            grants: ["jira.* read, list on jira:project/ACME/*"]
            expires: 1h
            depth: 1
            audience: [svc:jira]
            renewable-for: 8h
        """
            .formatted(Keys.PLANNER.publicKey());
    seeds.add(Harness.ISSUER_FILE, "all", issuer);
    String key = Keys.PLANNER.publicKey().toString();
    seeds.add(
        Harness.ISSUER_FILE,
        "two-keys",
        issuer.replace('"' + key + '"', "[" + key + ", " + Keys.RESEARCHER.publicKey() + "]"));
    seeds.add(Harness.ISSUER_FILE, "no-point", issuer.replace(key, "ed25519/" + "02".repeat(32)));
    seeds.add(Harness.ISSUER_FILE, "no-provider", issuer.replace("providers", "provider"));
    seeds.add(Harness.ISSUER_FILE, "number", issuer.replace("depth: 1", "depth: -1"));
  }

  private static void lockedPem(Seeds seeds) throws IOException {
    seeds.add(Harness.LOCKED_PEM, "scrypt", SCRYPT);
    seeds.add(Harness.LOCKED_PEM, "pbkdf2", PBKDF2);
    seeds.add(Harness.LOCKED_PEM, "text", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n");
  }
}
