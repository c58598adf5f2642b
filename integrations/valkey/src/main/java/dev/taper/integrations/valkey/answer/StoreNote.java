package dev.taper.integrations.valkey.answer;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a store says of itself: its id has the number of times that something may have been lost,
 * and a random part, so that an older state of the store is known as such.
 *
 * @param generation rises whenever something may have been lost, or is begun anew
 * @param id the whole id
 * @param history the replication id of the server that wrote it
 * @param sequence how many changes it has seen
 * @param durable whether the server kept what it confirmed, as far as is known
 */
public record StoreNote(
    long generation, String id, String history, long sequence, boolean durable) {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int RANDOM_BYTES = 12;

  /** The fields of the store's key, in the order of {@link #of}; the last is the form. */
  public static final List<String> FIELDS = List.of("id", "history", "sequence", "durable", "form");

  /** The form of what stores hold; another one is not touched. */
  public static final String FORM = "1";

  /** Scripts count exactly up to there; nothing of ours comes near. */
  private static final long MAX_NUMBER = 1L << 53;

  /** Reads the fields; null if there is no store, or what is there is none. */
  public static @Nullable StoreNote of(List<@Nullable String> values) {
    String id = values.get(0);
    String history = values.get(1);
    String sequence = values.get(2);
    if (id == null || history == null || sequence == null) {
      return null;
    }
    try {
      long generation = Long.parseLong(id.substring(0, Math.max(0, id.indexOf('-'))));
      long changes = Long.parseLong(sequence);
      if (generation < 0 || generation > MAX_NUMBER || changes < 0 || changes > MAX_NUMBER) {
        return null;
      }
      return new StoreNote(generation, id, history, changes, "1".equals(values.get(3)));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** True if the fields are of a store in another form. */
  public static boolean isOfOtherForm(List<@Nullable String> values) {
    return values.get(0) != null && !FORM.equals(values.get(FIELDS.size() - 1));
  }

  /** A new id. */
  public static String newId(long generation) {
    byte[] random = new byte[RANDOM_BYTES];
    RANDOM.nextBytes(random);
    return generation + "-" + HexFormat.of().formatHex(random);
  }

  /**
   * Says why something may have been lost, as far as this and what was seen before tell.
   *
   * @param server what the server says now
   * @param before the last note that was seen; null if none was
   * @param told the last change that this process was told of
   * @return null if nothing can be lost
   */
  public @Nullable String loss(ServerState server, @Nullable StoreNote before, long told) {
    if (before != null) {
      if (generation < before.generation
          || (generation == before.generation && !id.equals(before.id))) {
        return "it is an older state of the store, or another one";
      }
      if (id.equals(before.id) && sequence < told) {
        return "changes are missing that were confirmed";
      }
    }
    if (history.equals(server.history())) {
      return null;
    }
    if (server.promoted()) {
      return "the server followed another one, which may have confirmed more";
    }
    if (!durable || !server.isDurable()) {
      return "the server was started anew and does not keep all that it confirms";
    }
    return null;
  }
}
