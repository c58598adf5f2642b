package dev.taper.cli.audit;

import dev.taper.audit.AuditHead;
import dev.taper.cli.io.Place;
import dev.taper.cli.io.KeyInput;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An audit log to read.
 *
 * @param place the log: a file or a database
 * @param keys the public keys whose checkpoints are trusted; none takes those of any key
 * @param head a head that the log had at some time, or null
 */
public record LogInput(Place place, List<KeyInput> keys, @Nullable AuditHead head) {
  /** Copies the list. */
  public LogInput {
    keys = List.copyOf(keys);
  }
}
