package dev.taper.operations.doctor;

import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.grant.EffectiveAuthority;
import dev.taper.agent.names.NamesFile;
import dev.taper.audit.AuditSink;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.Block;
import dev.taper.operations.Place;
import dev.taper.operations.Workplace;
import dev.taper.operations.doctor.Checkup.Probe;
import dev.taper.operations.revoking.ListReader;
import dev.taper.revocation.RevocationList;
import dev.taper.revocation.Revocations.RevocationHealth;
import dev.taper.revocation.Revocations.RevocationStatus;
import dev.taper.store.Database;
import dev.taper.store.DatabaseState;
import dev.taper.token.Token;
import dev.taper.trust.RootKeySet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Looks at the things that services and holders work with. Each changes nothing. */
public final class Probes {
  /** No clock that is right shows an earlier time. */
  private static final Instant EARLIEST = Instant.parse("2025-01-01T00:00:00Z");

  /** How far two clocks may differ before proofs are refused. */
  private static final Duration TOLERANCE = Duration.ofSeconds(30);

  private static final Duration SOON = Duration.ofDays(7);

  /** The code of what is not there, and need not be. */
  public static final String MISSING = "missing";

  /** What is said of a database in a file that is not there. */
  public static final String NO_DATABASE = "there is no database yet; the first use makes it";

  private Probes() {}

  /** Whether the clock can be right at all. */
  public static Probe clock(Instant now) {
    return report -> {
      if (now.isBefore(EARLIEST)) {
        report.wrong(
            "clock", "it is " + now + ", which cannot be: every list and proof is refused");
      } else {
        report.right("it is " + now);
      }
    };
  }

  /**
   * A running service: whether it is ready, and its own reasons and warnings, word for word.
   *
   * @param url where its pages of health are, such as {@code http://127.0.0.1:8290}
   */
  public static Probe service(String url) {
    return report -> {
      RunningService service = RunningService.ask(url);
      for (RunningService.Reason reason : service.reasons()) {
        report.wrong(reason.code(), reason.text());
      }
      service.warnings().forEach(warning -> report.doubtful("warning", warning));
      if (service.status().equals("ready")) {
        report.right("it is ready");
      } else if (service.reasons().isEmpty()) {
        report.doubtful(service.status(), "it takes no calls now");
      }
    };
  }

  /** Whether a process that is started as this one may open enough files. */
  public static Probe descriptors(Descriptors descriptors) {
    return report -> {
      String few = descriptors.words(Descriptors.CONNECTIONS);
      if (few == null) {
        report.right("a process that is started from here has enough");
      } else {
        report.doubtful("too_few_descriptors", few);
      }
    };
  }

  /**
   * The public half of a private key that could be read; nothing else of it is said.
   *
   * @param key reads it
   * @param names who has which key, or null
   */
  public static Probe privateKey(Supplier<PublicKey> key, @Nullable NamesFile names) {
    return report -> {
      PublicKey read = key.get();
      report.right("reads, and its public half is " + read + named(read, names));
    };
  }

  private static String named(PublicKey key, @Nullable NamesFile names) {
    if (names == null) {
      return "";
    }
    String name = names.name(key);
    return name == null ? ", which is not among the names" : ", of " + name;
  }

  /** The trusted root keys: one, or those of a set that have not ended. */
  public static Probe rootKeys(Supplier<RootKeys> keys, @Nullable NamesFile names, Instant now) {
    return report -> {
      RootKeys read = keys.get();
      if (!(read instanceof RootKeySet set)) {
        for (PublicKey key : read.candidates(OptionalInt.empty())) {
          report.right("trusts " + key + named(key, names));
        }
        return;
      }
      int good = 0;
      for (RootKeySet.RootKey key : set.keys()) {
        Instant end = key.expiresAt();
        if (end != null && !now.isBefore(end)) {
          report.doubtful("expired", "key " + key.keyId() + " ended at " + end);
          continue;
        }
        good++;
        if (end != null && end.isBefore(now.plus(SOON))) {
          report.doubtful("ends_soon", "key " + key.keyId() + " ends at " + end);
        } else {
          report.right(
              "trusts key " + key.keyId() + ", " + key.publicKey() + named(key.publicKey(), names));
        }
      }
      if (good == 0) {
        report.wrong("unknown_root_key", "no key of the set is good now: every token is refused");
      }
    };
  }

  /**
   * A revocation list: whether it can be read, counts, and can be relied on now.
   *
   * @param place where it is kept
   * @param issuers whose signatures count
   */
  public static Probe revocations(Place place, List<PublicKey> issuers, Workplace workplace) {
    return report -> {
      if (place instanceof Place.Sql sql) {
        DatabaseState state = Database.look(sql.address(), workplace.folder());
        if (state.version() != state.expected()) {
          // Reading the list would bring the tables up to date.
          report.doubtful("database_schema", "not read: its tables have another version");
          return;
        }
      }
      ListReader reader = new ListReader(workplace, place, issuers, null);
      RevocationList list = reader.load(workplace.clock());
      Instant now = workplace.clock().instant();
      RevocationHealth health = list.health();
      for (RevocationHealth.Issued issued : health.lists()) {
        String what = "number " + issued.sequence() + " by " + issued.issuer();
        if (issued.issued().isAfter(now)) {
          report.doubtful(
              "clock",
              what
                  + " was issued "
                  + Duration.between(now, issued.issued()).toSeconds()
                  + " s from now: this clock is behind, or the issuer's is ahead");
        } else if (health.status() == RevocationStatus.FRESH) {
          report.right(what + ", the next one is due at " + issued.nextUpdate());
        }
      }
      if (health.status() != RevocationStatus.FRESH) {
        report.wrong(
            "revocations_" + health.status().text(),
            "the list is " + health.status().text() + ": every call is refused");
      }
    };
  }

  /**
   * A database: whether it answers, with which tables and which time. One in a file that is not
   * there is no error.
   */
  public static Probe database(Place.Sql place, Workplace workplace) {
    return report -> {
      if (workplace.isMissing(place)) {
        report.doubtful(MISSING, NO_DATABASE);
        return;
      }
      DatabaseState state = Database.look(place.address(), workplace.folder());
      if (state.version() == state.expected()) {
        report.right(place.shown() + " answers, its tables have version " + state.version());
      } else if (state.version() > state.expected()) {
        report.wrong(
            "database_schema",
            place.shown()
                + " was made by a newer program: its tables have version "
                + state.version()
                + ", this program knows "
                + state.expected());
      } else {
        report.doubtful(
            "database_schema",
            place.shown()
                + " answers, its tables have version "
                + state.version()
                + "; the next use brings them to "
                + state.expected());
      }
      Instant there = state.time();
      if (there != null) {
        clocks(report, Duration.between(workplace.clock().instant(), there));
      }
    };
  }

  private static void clocks(Checkup.Report report, Duration ahead) {
    if (ahead.abs().compareTo(TOLERANCE) > 0) {
      report.doubtful(
          "clock",
          "this clock is "
              + ahead.abs().toSeconds()
              + " s "
              + (ahead.isNegative() ? "ahead of" : "behind")
              + " the database's");
    }
  }

  /** A folder in which something is remembered. */
  public static Probe folder(Path folder) {
    return report -> {
      if (!Files.exists(folder)) {
        report.doubtful(MISSING, "there is no folder yet; the first use makes it");
      } else if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
        report.wrong("io", "it is no folder that can be written to");
      } else {
        report.right("can be written to");
      }
    };
  }

  /** A file that is written to, such as an audit log. */
  public static Probe file(Path file) {
    return report -> {
      Path folder = file.toAbsolutePath().getParent();
      if (!Files.exists(file)) {
        if (folder == null || !Files.isWritable(folder)) {
          report.wrong("io", "there is no such file, and its folder cannot be written to");
        } else {
          report.doubtful(MISSING, "there is no file yet; the first use makes it");
        }
      } else if (!Files.isRegularFile(file) || !Files.isWritable(file)) {
        report.wrong("io", "it is no file that can be written to");
      } else {
        report.right("can be written to");
      }
    };
  }

  /** A file of an audit log: whether who writes to it would take all that it holds. */
  public static Probe auditLog(Path file) {
    return report -> {
      if (Files.isRegularFile(file)) {
        AuditSink.checkFiles(file);
      }
      file(file).look(report);
    };
  }

  /** A file of names. */
  public static Probe names(Supplier<NamesFile> names) {
    return report -> {
      NamesFile read = names.get();
      String counts =
          read.agents().size()
              + " agents, "
              + read.approvers().size()
              + " approvers in "
              + read.groups().size()
              + " groups, "
              + read.issuers().size()
              + " issuers";
      if (read.signer() != null) {
        report.right(counts + "; number " + read.number().orElse(0) + " by " + read.signer());
      } else if (read.approvers().isEmpty()) {
        report.right(counts);
      } else {
        report.doubtful(
            "unsigned", counts + "; whoever can write the file decides whose approvals count");
      }
    };
  }

  /**
   * A catalog of tools.
   *
   * @param catalog reads it
   * @param audience the service's own name, or null
   */
  public static Probe catalog(Supplier<ToolCatalog> catalog, @Nullable String audience) {
    return report -> {
      ToolCatalog read = catalog.get();
      if (audience != null && !read.audience().equals(audience)) {
        report.wrong(
            "audience", "it is the catalog of " + read.audience() + ", not of " + audience);
      } else if (read.tools().isEmpty()) {
        report.doubtful("empty", "it has no tools: every call is unknown_tool");
      } else {
        report.right(read.tools().size() + " tools, digest " + read.digest());
      }
    };
  }

  /**
   * A token, without its signatures: whose it is, and whether there is anything left of it.
   *
   * @param token reads it
   * @param key the public half of the key that is to use it, or null
   */
  public static Probe token(
      Supplier<AgentToken> token, @Nullable Supplier<PublicKey> key, Instant now) {
    return report -> {
      AgentToken read = token.get();
      List<Block> blocks = new ArrayList<>();
      read.token().blocks().forEach(block -> blocks.add(block.block()));
      EffectiveAuthority left = EffectiveAuthority.of(blocks);
      Instant end = left.expiry();
      if (end != null && !now.isBefore(end)) {
        report.wrong("expired", "its authority ended at " + end);
      } else if (left.isEmpty()) {
        report.wrong("contradiction", "no call can ever satisfy its whole chain");
      } else {
        report.right(read.chain() + (end == null ? ", without an end" : ", which ends at " + end));
      }
      if (key != null && read.token().kind() == Token.Kind.HELD) {
        holder(report, read, key.get());
      }
    };
  }

  private static void holder(Checkup.Report report, AgentToken token, PublicKey given) {
    PublicKey holder = token.token().holderKey();
    if (given.equals(holder)) {
      report.right("the private key is its holder's");
    } else {
      report.wrong(
          "not_the_holder",
          "its holder "
              + token.chain().holder()
              + " has the key "
              + holder
              + ", the private key is that of "
              + given);
    }
  }
}
