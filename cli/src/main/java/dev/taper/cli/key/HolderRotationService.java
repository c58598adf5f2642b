package dev.taper.cli.key;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.agent.AgentToken;
import dev.taper.agent.Hop;
import dev.taper.audit.AuditKind;
import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleService;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.HolderRecords;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.Tokens;
import dev.taper.cli.output.HumanTime;
import dev.taper.cli.output.Json;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Warnings;
import dev.taper.cli.revocation.DelegationRows;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signer;
import dev.taper.operations.Place;
import dev.taper.operations.key.KeyFile;
import dev.taper.operations.registry.RegistryAccess;
import dev.taper.operations.revoking.Revocable;
import dev.taper.operations.revoking.Revoker;
import dev.taper.operations.rotation.HolderKeyUse;
import dev.taper.store.registry.Delegated;
import dev.taper.token.UnverifiedToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Moves what a holder has to its new key, and takes the old one away. */
final class HolderRotationService extends ConsoleService {
  /** What is longer than this is counted. */
  private static final int MAX_ROWS = 20;

  HolderRotationService(Console console) {
    super(console);
  }

  /** Lists what depends on a key. */
  ExitCode living(String key, Place.Sql registry, boolean asJson) {
    HolderKeyUse use = use(key, new RegistryAccess(console.workplace(), registry));
    if (asJson) {
      Json.object(console.out(), json -> write(json, use));
      return ExitCode.OK;
    }
    rows("holds " + count(use.held().size()), use.held());
    rows("handed on " + count(use.signed().size()), use.signed());
    Instant last = use.lastEnd();
    if (last != null) {
      console.out().println("revoke it as a key " + when(last));
    }
    return ExitCode.OK;
  }

  private HolderKeyUse use(String key, RegistryAccess registry) {
    return HolderKeyUse.of(keys.publicKey(KeyInput.written(key)), registry);
  }

  /**
   * Moves tokens to a new key.
   *
   * @param files the tokens
   * @param oldKey the key that holds them
   * @param newKey the new public key
   * @param folder where the new tokens go
   * @param audit the audit log
   * @param registry the registry to tell, or null
   * @param asJson whether to print JSON
   */
  ExitCode move(
      List<String> files,
      KeyInput oldKey,
      String newKey,
      String folder,
      AuditOptions audit,
      @Nullable RegistryAccess registry,
      boolean asJson) {
    HolderRecords records = audit.holderRecords(console);
    PublicKey to = keys.publicKey(KeyInput.written(newKey));
    List<HolderRecords.Added> added = new ArrayList<>();
    Map<String, AgentToken> moved = new LinkedHashMap<>();
    Set<String> digests = new HashSet<>();
    Signer holder = keys.signer(oldKey);
    PublicKey from = holder.publicKey();
    try {
      for (String file : files) {
        UnverifiedToken read = tokens.read(new EncodedInput(Source.ofFile(file), false));
        AgentToken token = Tokens.checked(() -> AgentToken.of(read));
        token.blockDigests().forEach(each -> digests.add(HexFormat.of().formatHex(each)));
        String target = folder + "/" + fileName(file);
        outputs.requireAbsent(target);
        AgentToken rotated = token.delegate(holder, Hop.rotateTo(to), console.clock());
        if (moved.put(target, rotated) != null) {
          throw CliException.usage("two tokens have the file name " + fileName(file));
        }
        added.add(new HolderRecords.Added(token, rotated));
      }
      createFolder(folder);
      records.recordAll(holder, added);
    } finally {
      KeyFile.wipe(holder);
    }
    if (registry != null) {
      moved.values().forEach(each -> warn(registry.issued(each, null)));
    }
    moved.forEach(
        (file, token) ->
            outputs.file(
                file, (token.encodeBase64() + "\n").getBytes(StandardCharsets.UTF_8), true, false));
    List<Delegated> left = registry == null ? List.of() : left(from, registry, digests);
    print(moved, left, asJson);
    return ExitCode.OK;
  }

  private void warn(List<String> revoked) {
    for (String part : revoked) {
      Warnings.warn(console, part + " is revoked: services will refuse this token");
    }
  }

  private static String fileName(String file) {
    Path name = Path.of(file).getFileName();
    if (name == null || file.equals("-")) {
      throw CliException.usage("tokens that are moved are in files");
    }
    return name.toString();
  }

  private void createFolder(String folder) {
    try {
      Files.createDirectories(console.resolve(folder));
    } catch (IOException e) {
      throw CliException.io("cannot make the folder " + Place.shown(folder), e);
    }
  }

  private static List<Delegated> left(
      PublicKey from, RegistryAccess registry, Set<String> digests) {
    return HolderKeyUse.of(from, registry).held().stream()
        .filter(each -> !digests.contains(each.id()))
        .toList();
  }

  private void print(Map<String, AgentToken> moved, List<Delegated> left, boolean asJson) {
    if (asJson) {
      Json.object(
          console.out(),
          json -> {
            Json.texts(json, "moved", moved.keySet());
            DelegationRows.write(json, "left", left);
          });
      return;
    }
    moved.keySet().forEach(file -> console.out().println(SafeText.line("moved to " + file)));
    if (!left.isEmpty()) {
      Warnings.warn(
          console, count(left.size()) + " of the old key " + "not among these stay with it");
      rows("not moved", left);
    }
  }

  /**
   * Revokes an old key as a key.
   *
   * @param key the key
   * @param early whether to do it although something lives that it signed
   * @param registry knows what lives
   * @param list where the list is
   * @param revoker revokes
   * @param asJson whether to print JSON
   */
  ExitCode finish(
      String key,
      boolean early,
      RegistryAccess registry,
      Place list,
      Revoker revoker,
      boolean asJson) {
    HolderKeyUse use = use(key, registry);
    if (!early) {
      use.requireUnused();
    }
    Revoker.Report report =
        revoker.revoke(AuditKind.REVOKE, Revocable.holder(use.key()).reason("rotated"));
    if (asJson) {
      Json.object(
          console.out(),
          json -> {
            write(json, use);
            json.writeStringField("list", list.shown());
            json.writeNumberField("number", report.issued().sequence());
          });
    } else {
      console
          .out()
          .println(
              "revoked the old key "
                  + use.key()
                  + "; "
                  + SafeText.line(list.shown())
                  + " is now number "
                  + report.issued().sequence());
      console.out().println("take it out of the file of names: taper names remove FILE --key KEY");
    }
    if (report.failure() != null) {
      throw report.failure();
    }
    return ExitCode.OK;
  }

  private void rows(String title, List<Delegated> delegations) {
    console.out().println(title);
    delegations.stream()
        .limit(MAX_ROWS)
        .forEach(
            each ->
                console
                    .out()
                    .println(
                        SafeText.line(
                            "  "
                                + each.holderName()
                                + "  for "
                                + each.task()
                                + ", from "
                                + each.grantor()
                                + ", "
                                + (each.endsAt() == null
                                    ? "never ends"
                                    : "ends "
                                        + HumanTime.fromNow(
                                            each.endsAt(), console.clock().instant())))));
    if (delegations.size() > MAX_ROWS) {
      console.out().println("  and " + (delegations.size() - MAX_ROWS) + " more; --json has all");
    }
  }

  private String when(Instant last) {
    return last.equals(Instant.MAX)
        ? "when you accept that some of it ends: it has no end of its own"
        : "from "
            + last
            + " on ("
            + HumanTime.fromNow(last, console.clock().instant())
            + "), when the last of it has ended";
  }

  private static String count(int number) {
    return number + (number == 1 ? " living delegation" : " living delegations");
  }

  private static void write(JsonGenerator json, HolderKeyUse use) throws IOException {
    json.writeStringField("key", use.key().toString());
    DelegationRows.write(json, "held", use.held());
    DelegationRows.write(json, "handed_on", use.signed());
    Instant last = use.lastEnd();
    Json.text(json, "last_ends_at", last == null || last.equals(Instant.MAX) ? null : last);
  }
}
