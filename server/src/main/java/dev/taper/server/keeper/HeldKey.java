package dev.taper.server.keeper;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.JsonMembers;
import dev.taper.SafeJson;
import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
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
    JsonMembers<KeeperRefusal> all = KeeperJson.JSON.read(json, "the key " + name);
    if (!all.text("format").equals(FORMAT)) {
      throw KeeperRefusal.invalid("the key " + name + " has another format");
    }
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
    StringWriter out = new StringWriter();
    try (JsonGenerator json = SafeJson.factory().createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("format", FORMAT);
      json.writeStringField("key", key.toString());
      json.writeBooleanField("confirm", isConfirmed);
      if (until != null) {
        json.writeNumberField("until", until.getEpochSecond());
      }
      if (pem != null) {
        json.writeStringField("pem", pem);
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out + "\n";
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
