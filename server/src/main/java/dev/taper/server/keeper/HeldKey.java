package dev.taper.server.keeper;

import dev.taper.JsonFields;
import dev.taper.JsonMembers;
import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key as a keeper lists and stores it. Immutable.
 *
 * @param name what it is called
 * @param key its public half
 * @param place where its secret is
 * @param isConfirmed whether the user is asked before each use
 * @param until when it is forgotten; null for never
 * @param pem the encrypted secret; null unless it is in the store
 */
record HeldKey(
    String name,
    PublicKey key,
    Place place,
    boolean isConfirmed,
    @Nullable Instant until,
    @Nullable String pem) {
  private static final String FORMAT = "taper/1 keeper key";

  /** Where a secret is. */
  enum Place {
    /** In a file, encrypted. */
    STORE("store"),
    /** In this process alone. */
    MEMORY("memory"),
    /** In a device that never lets it out. */
    PKCS11("pkcs11");

    private final String text;

    Place(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  /**
   * Reads what {@link #stored} wrote.
   *
   * @throws KeeperRefusal {@code invalid_request} if it is something else
   */
  static HeldKey read(String name, String json) {
    JsonMembers<KeeperRefusal> all = KeeperJson.stored(json, "the key " + name, FORMAT);
    String pem = all.textOrNull("pem");
    HeldKey read;
    try {
      read =
          new HeldKey(
              name,
              PublicKey.parse(all.text("key")).validate(),
              pem == null ? Place.PKCS11 : Place.STORE,
              all.flag("confirm"),
              KeeperJson.instantOrNull(all, "until"),
              pem);
    } catch (TaperException e) {
      throw KeeperRefusal.of(e);
    }
    all.end();
    return read;
  }

  /** The text of its file. */
  String stored() {
    return new JsonFields()
            .put("format", FORMAT)
            .put("key", key)
            .put("confirm", isConfirmed)
            .putIfPresent("until", KeeperJson.seconds(until))
            .putIfPresent("pem", pem)
            .toJson()
        + "\n";
  }

  /**
   * What is told of it.
   *
   * @param asks whether the user is asked before each use, whatever the key itself says
   */
  JsonFields shown(boolean asks) {
    return new JsonFields()
        .put("name", name)
        .put("key", key)
        .put("in", place.text())
        .put("confirm", asks)
        .putIfPresent("until", KeeperJson.seconds(until));
  }

  /** True once it is to be forgotten. */
  boolean hasEnded(Instant now) {
    return until != null && !now.isBefore(until);
  }

  /** Nothing of the secret, encrypted or not. */
  @Override
  public String toString() {
    return "HeldKey(" + name + ", " + key + ")";
  }
}
