package dev.taper.cli.audit;

import dev.taper.agent.names.NamesFile;
import dev.taper.audit.LogVerification;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.NamesOption;
import dev.taper.cli.output.Warnings;
import dev.taper.operations.trail.RecordWords;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Notes about a log itself. */
final class AuditNotes {
  private AuditNotes() {}

  static void print(Console console, List<String> notes) {
    notes.forEach(note -> Warnings.note(console, note));
  }

  /**
   * Reads the file of names, if there is one, and notes that whoever wrote it chose the names, if
   * nobody said who has to have signed it: a log is shown as proof.
   *
   * @throws dev.taper.cli.io.CliException as {@link NamesOption#read}
   */
  static @Nullable NamesFile names(Console console, NamesOption option) {
    NamesFile names = option.read(console);
    if (names != null && names.signer() == null) {
      Warnings.note(
          console,
          "the names are those of the file, whoever wrote it: with --names-key KEY they count only"
              + " if that key has signed them");
    }
    return names;
  }

  /** Why a log proves nothing, and what to do; null if a key that was named has signed it. */
  static @Nullable String warning(List<LogVerification> verifications) {
    for (LogVerification found : verifications) {
      if (!found.trusted()) {
        return untrusted(found);
      }
    }
    return null;
  }

  static String untrusted(LogVerification verification) {
    return RecordWords.untrusted(verification)
        + (verification.signed() == null ? "" : " (--audit-public-key names the one to trust)");
  }
}
