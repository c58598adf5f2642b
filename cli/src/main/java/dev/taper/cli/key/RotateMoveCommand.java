package dev.taper.cli.key;

import dev.taper.JsonFields;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Hop;
import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.HolderRecords;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.Tokens;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.Count;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Warnings;
import dev.taper.cli.revocation.DelegationRows;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signer;
import dev.taper.operations.Place;
import dev.taper.operations.key.KeyFile;
import dev.taper.operations.registry.RegistryAccess;
import dev.taper.operations.rotation.HolderKeyUse;
import dev.taper.store.registry.Delegated;
import dev.taper.token.UnverifiedToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code taper rotate move}. */
final class RotateMoveCommand extends HolderKeyCommand {
  private final Value<List<String>> files =
      parameter("0..*", "1..*", "TOKEN", "The files of the tokens that the old key holds.").texts();

  private final Value<String> newKey =
      option("--new-key", "KEY", "The holder's new public key: its text, or a file.")
          .requiredText();

  private final Value<String> folder =
      option(
              "--out-dir",
              "FOLDER",
              "Where the new tokens go, each under its old file's name; none is overwritten.")
          .requiredText();

  private final PrivateKeyInput key = part(new PrivateKeyInput());
  private final AuditOptions audit = part(AuditOptions.ofHolder());

  RotateMoveCommand(Console console) {
    super(
        console,
        "move",
        "Move a holder's tokens to its new key, all or none of them: as delegate --rotate-to does"
            + " with one.",
        "With --registry, it says what the old key holds beside these.");
  }

  @Override
  protected ExitCode run() {
    KeyInput oldKey = key.input(console);
    RegistryAccess access = registry.access(console);
    HolderRecords records = audit.holderRecords(console);
    PublicKey to = keys.publicKey(KeyInput.written(newKey.get()));
    List<HolderRecords.Added> added = new ArrayList<>();
    Map<String, AgentToken> moved = new LinkedHashMap<>();
    Set<String> digests = new HashSet<>();
    Signer holder = keys.signer(oldKey);
    PublicKey from = holder.publicKey();
    try {
      for (String file : files.get()) {
        UnverifiedToken read = tokens.read(new EncodedInput(Source.ofFile(file), false));
        AgentToken token = Tokens.checked(() -> AgentToken.of(read));
        token.blockDigests().forEach(each -> digests.add(HexFormat.of().formatHex(each)));
        String target = folder.get() + "/" + fileName(file);
        outputs.requireAbsent(target);
        AgentToken rotated = token.delegate(holder, Hop.rotateTo(to), console.clock());
        if (moved.put(target, rotated) != null) {
          throw CliException.usage("two tokens have the file name " + fileName(file));
        }
        added.add(new HolderRecords.Added(token, rotated));
      }
      createFolder();
      records.recordAll(holder, added);
    } finally {
      KeyFile.wipe(holder);
    }
    if (access != null) {
      moved.values().forEach(each -> warn(access.issued(each, null)));
    }
    moved.forEach(
        (file, token) ->
            outputs.file(
                file, (token.encodeBase64() + "\n").getBytes(StandardCharsets.UTF_8), true, false));
    List<Delegated> left = access == null ? List.of() : left(from, access, digests);
    print(moved.keySet(), left);
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

  private void createFolder() {
    try {
      Files.createDirectories(console.resolve(folder.get()));
    } catch (IOException e) {
      throw CliException.io("cannot make the folder " + Place.shown(folder.get()), e);
    }
  }

  private static List<Delegated> left(
      PublicKey from, RegistryAccess registry, Set<String> digests) {
    return HolderKeyUse.of(from, registry).held().stream()
        .filter(each -> !digests.contains(each.id()))
        .toList();
  }

  private void print(Set<String> moved, List<Delegated> left) {
    if (json.given()) {
      printJson(new JsonFields().put("moved", moved).rows("left", left, DelegationRows::row));
      return;
    }
    moved.forEach(file -> print(SafeText.line("moved to " + file)));
    if (!left.isEmpty()) {
      Warnings.warn(
          console,
          Count.of(left.size(), "living delegation")
              + " of the old key not among these stay with it");
      print("not moved", left);
    }
  }
}
