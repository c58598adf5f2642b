package dev.taper.assurance;

import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationHeader.Validity;
import dev.taper.revocation.RevocationIssuer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** The first answers of a Valkey server. */
final class ValkeySeeds {
  private static final String DURABLE =
      "appendonly yes\nappendfsync always\nno-appendfsync-on-rewrite no\nmaxmemory-policy noeviction\n";

  private ValkeySeeds() {}

  static void write(Seeds seeds) throws IOException {
    claim(seeds, "taken", "taken", 7L, List.of(0L, 12L), 5L, -1L, 0L);
    claim(seeds, "exhausted", "exhausted", 8L, 1L, "500");
    claim(seeds, "used", "used", 9L, List.of(0L, 2L));
    claim(seeds, "broken", "broken", 2L);
    claim(seeds, "other", "other");
    claim(seeds, "no-memory", "broken", 3L);
    claim(seeds, "no-number", "taken", "7");
    claim(seeds, "no-word", 1L);
    seeds.add(Harness.VALKEY_CLAIM, "cut", "*2\r\n$5\r\ntaken\r\n:7");
    answers(seeds);
    lists(seeds);
    states(seeds);
    notes(seeds);
  }

  private static void answers(Seeds seeds) throws IOException {
    seeds.add(
        Harness.VALKEY_ANSWER, "values", array("all", List.<Object>of(1L, "x"), List.of(), -7L));
    seeds.add(Harness.VALKEY_ANSWER, "nothing", "$-1\r\n");
    seeds.add(Harness.VALKEY_ANSWER, "simple", "+OK\r\n-ERR no\r\n%1\r\n_\r\n#t\r\n>1\r\n,1.5\r\n");
    seeds.add(Harness.VALKEY_ANSWER, "too-many", "*2147483647\r\n");
    seeds.add(Harness.VALKEY_ANSWER, "lists-in-lists", "*9\r\n".repeat(40));
    seeds.add(Harness.VALKEY_ANSWER, "no-answer", "HTTP/1.1 400 Bad Request\r\n");
  }

  private static void lists(Seeds seeds) throws IOException {
    RevocationIssuer issuer = RevocationIssuer.of(Keys.ROOT);
    Validity validity = Validity.from(Keys.CLOCK, Duration.ofDays(1), Duration.ofDays(7));
    RevocationEntry task =
        RevocationEntry.forever(RevocationEntry.Kind.TASK, Fingerprint.ofTask("T-4711"));
    byte[] snapshot = issuer.snapshot(7, List.of(task), validity);
    RevocationEntry holder =
        RevocationEntry.forever(
            RevocationEntry.Kind.HOLDER, Fingerprint.ofHolder(Keys.PLANNER.publicKey()));
    byte[] delta = issuer.delta(7, 8, List.of(holder), validity);
    seeds.add(Harness.VALKEY_LISTS, "all", array("all", "8", snapshot, delta));
    seeds.add(Harness.VALKEY_LISTS, "some", array("some", "8", delta));
    seeds.add(Harness.VALKEY_LISTS, "same", array("same"));
    seeds.add(Harness.VALKEY_LISTS, "no-list", array("all", "9", "no list"));
  }

  private static void states(Seeds seeds) throws IOException {
    String info =
        """
        # Replication
        role:master
        master_replid:6f1c
        second_repl_offset:-1
        aof_rewrite_in_progress:0
        aof_rewrite_scheduled:0
        """
            .replace("\n", "\r\n");
    seeds.add(Harness.VALKEY_STATE, "durable", DURABLE + "\n" + info);
    seeds.add(
        Harness.VALKEY_STATE,
        "replica",
        DURABLE + "\n" + info.replace("role:master", "role:slave"));
    seeds.add(
        Harness.VALKEY_STATE, "every-second", DURABLE.replace("always", "everysec") + "\n" + info);
    seeds.add(Harness.VALKEY_STATE, "silent", "\n\n");
  }

  private static void notes(Seeds seeds) throws IOException {
    seeds.add(Harness.VALKEY_NOTE, "store", "3-0a1b2c3d4e5f60718293a4b5\n6f1c\n12\n1\n");
    seeds.add(Harness.VALKEY_NOTE, "not-durable", "0-00\n6f1c\n0\n");
    seeds.add(Harness.VALKEY_NOTE, "none", "\n6f1c\n12\n1\n");
    seeds.add(Harness.VALKEY_NOTE, "last-generation", Long.MAX_VALUE + "-00\n6f1c\n12\n1\n");
    seeds.add(Harness.VALKEY_NOTE, "negative", "3-00\n6f1c\n-12\n1\n");
  }

  private static void claim(Seeds seeds, String name, Object... values) throws IOException {
    seeds.add(Harness.VALKEY_CLAIM, name, array(values));
  }

  /** An array as the server's protocol has it. */
  private static byte[] array(Object... values) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    write(out, List.of(values));
    return out.toByteArray();
  }

  private static void write(ByteArrayOutputStream out, Object value) {
    if (value instanceof List<?> list) {
      text(out, "*" + list.size() + "\r\n");
      list.forEach(each -> write(out, each));
    } else if (value instanceof Long number) {
      text(out, ":" + number + "\r\n");
    } else {
      byte[] bytes =
          value instanceof byte[] whole ? whole : value.toString().getBytes(StandardCharsets.UTF_8);
      text(out, "$" + bytes.length + "\r\n");
      out.writeBytes(bytes);
      text(out, "\r\n");
    }
  }

  private static void text(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }
}
