package dev.taper.operations.trail;

import dev.taper.audit.AuditContent;
import dev.taper.audit.AuditRecord;
import dev.taper.audit.LogVerification;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.OperationException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Looks for one record of a log, and for what vouches for it. */
final class RecordSearch {
  private static final int MAX_HITS = 8;
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,15}");
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{8,64}");

  private RecordSearch() {}

  /** A record, until the checkpoint behind it is found. */
  private static final class Open {
    final AuditRecord record;
    @Nullable AuditRecord checkpoint;
    @Nullable PublicKey signer;

    Open(AuditRecord record) {
      this.record = record;
    }
  }

  /**
   * Looks in a log, which may have a flaw behind the record.
   *
   * @param reader the log
   * @param wanted a record's number, or its hash, or the first digits of that
   * @param each is told of every record
   * @return what was found, which may be several records if few digits are given; at most 8
   * @throws OperationException {@code usage} if that is no number and no hash; or as {@link
   *     AuditReader#verify}
   */
  static List<AuditReader.Hit> in(AuditReader reader, String wanted, Runnable each) {
    String digits = wanted.replace("…", "");
    boolean number = NUMBER.matcher(digits).matches();
    boolean hash = HASH.matcher(digits).matches(); // of which the first digits may look like one
    if (!number && !hash) {
      throw OperationException.usage(
          "a record is named by its number, or by 8 to 64 hex digits of its hash");
    }
    long sequence = number ? Long.parseLong(digits) : -1;
    List<Open> found = new ArrayList<>();
    LogVerification verification =
        reader.verify(
            record -> {
              each.run();
              boolean fits =
                  (number && record.sequence() == sequence)
                      || (hash && record.hash().startsWith(digits));
              if (fits && found.size() < MAX_HITS) {
                found.add(new Open(record));
              }
              if (record.content() instanceof AuditContent.Checkpoint checkpoint) {
                sign(found, record, checkpoint.key());
              }
            });
    return found.stream()
        .map(
            open ->
                new AuditReader.Hit(
                    reader.name(), open.record, open.checkpoint, open.signer, verification))
        .toList();
  }

  private static void sign(List<Open> found, AuditRecord checkpoint, PublicKey signer) {
    for (Open open : found) {
      if (open.checkpoint == null) {
        open.checkpoint = checkpoint;
        open.signer = signer;
      }
    }
  }
}
