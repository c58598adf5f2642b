package dev.taper.assurance;

import static dev.taper.assurance.Laws.same;

import dev.taper.ErrorCode;
import dev.taper.operations.OperationException;
import dev.taper.operations.findings.HeldBackFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The reader of the file in which a service keeps whose calls it holds back. */
final class HeldBackReader {
  private static final String NAME = "held-back";

  private HeldBackReader() {}

  static boolean file(byte[] input) {
    return MemoryReaders.with(NAME, input, HeldBackReader::read);
  }

  private static boolean read(Path folder) {
    HeldBackFile file = HeldBackFile.at(folder.resolve(NAME));
    Optional<Map<String, String>> read;
    try {
      read = Laws.read(file::held, ErrorCode.INVALID_ARGUMENT);
    } catch (OperationException e) {
      same("the only other refusal", "io", e.code()); // it is not UTF-8
      return false;
    }
    read.ifPresent(held -> letGo(file, held));
    return read.isPresent();
  }

  /** Nobody goes with one who is not held back; the others stay when one goes, word for word. */
  private static void letGo(HeldBackFile file, Map<String, String> held) {
    String stranger = Keys.STRANGER.publicKey().toString();
    if (!held.containsKey(stranger)) {
      List<String> more = new ArrayList<>(held.keySet());
      more.add(stranger);
      same("not held back", "not_held_back", code(() -> file.letGo(more)));
      same("nobody goes with a stranger", held, file.held());
    }
    if (held.isEmpty()) {
      return;
    }
    String first = held.keySet().iterator().next();
    Map<String, String> rest = new LinkedHashMap<>(held);
    String words = String.valueOf(rest.remove(first));
    same("who goes, with what was found", Map.of(first, words), file.letGo(List.of(first)));
    same("who stays", rest, file.held());
    same("in which order", new ArrayList<>(rest.keySet()), new ArrayList<>(file.held().keySet()));
    same("who went is gone", "not_held_back", code(() -> file.requireAll(List.of(first))));
    same("who stays goes", rest, file.letGo(rest.keySet()));
    same("nobody is left", Map.of(), file.held());
  }

  private static String code(Runnable work) {
    try {
      work.run();
      return "";
    } catch (OperationException e) {
      return e.code();
    }
  }
}
