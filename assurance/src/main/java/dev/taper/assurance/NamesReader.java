package dev.taper.assurance;

import static dev.taper.assurance.Laws.same;

import dev.taper.ErrorCode;
import dev.taper.agent.names.AgentDirectory;
import dev.taper.agent.names.IssuerNames;
import dev.taper.agent.names.NamesFile;
import dev.taper.crypto.PublicKey;
import java.util.Optional;
import java.util.Set;

/** The reader of files of names. */
final class NamesReader {
  private NamesReader() {}

  static boolean names(byte[] input) {
    String json = Laws.utf8(input);
    Optional<NamesFile> read = Laws.read(() -> NamesFile.parse(json), ErrorCode.INVALID_NAMES);
    read.ifPresent(NamesReader::holds);
    signed(json);
    return read.isPresent();
  }

  private static void holds(NamesFile names) {
    String text = names.write();
    same("a written file reads the same", text, NamesFile.parse(text).write());
    AgentDirectory directory = names.directory();
    names
        .agents()
        .forEach(
            (name, keys) -> {
              for (PublicKey key : keys) {
                same("an agent is known by its key", true, directory.knows(name, key));
                same("nobody else has the key", false, directory.knows(name + "?", key));
                same("a key has one name", name, String.valueOf(names.name(key)));
              }
            });
    IssuerNames issuers = names.issuerNames();
    names
        .issuers()
        .forEach(
            (name, keys) ->
                keys.forEach(
                    key ->
                        same("an issuer has its name", name, String.valueOf(issuers.name(key)))));
    for (Set<String> members : names.groups().values()) {
      same("members approve", true, names.approvers().keySet().containsAll(members));
    }
    resigned(names);
  }

  private static void resigned(NamesFile names) {
    String signed = names.withNumber(1).sign(Keys.ROOT);
    NamesFile read = NamesFile.parseSigned(signed, Keys.ROOT.publicKey());
    same(
        "a signature says whose it is",
        Keys.ROOT.publicKey().toString(),
        String.valueOf(read.signer()));
    same("a signature changes no name", names.withNumber(1).write(), read.write());
  }

  /** What somebody else signed is never taken. */
  private static void signed(String json) {
    Optional<NamesFile> taken =
        Laws.read(
            () -> NamesFile.parseSigned(json, Keys.APPROVER.publicKey()), ErrorCode.INVALID_NAMES);
    same("nothing here is signed by that key", false, taken.isPresent());
  }
}
