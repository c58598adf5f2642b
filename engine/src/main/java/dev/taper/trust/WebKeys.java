package dev.taper.trust;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.taper.ErrorCode;
import dev.taper.SafeJson;
import dev.taper.TaperException;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PublicKey;
import dev.taper.trust.RootKeySet.RootKey;
import java.io.IOException;
import java.io.StringWriter;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads and writes the JSON form of a key set. */
final class WebKeys {
  private static final int MAX_DEPTH = 16;
  private static final int MAX_CHARS = 2 << 20; // of 256 keys with the longest names
  private static final int MAX_NUMBER = 32;
  private static final JsonFactory JSON = SafeJson.strict(MAX_DEPTH, MAX_CHARS, MAX_NUMBER);

  private WebKeys() {}

  static List<RootKey> read(String json) {
    if (json.length() > MAX_CHARS) {
      throw RootKeySet.invalid("a key set has at most " + MAX_CHARS + " characters");
    }
    try (JsonParser parser = JSON.createParser(json)) {
      List<RootKey> keys = new ArrayList<>();
      require(parser, parser.nextToken(), JsonToken.START_ARRAY, "a key set is an array");
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        require(parser, parser.currentToken(), JsonToken.START_OBJECT, "a key is an object");
        if (keys.size() == RootKeySet.MAX_KEYS) {
          throw at(parser, "a key set has at most " + RootKeySet.MAX_KEYS + " keys");
        }
        keys.add(key(parser));
      }
      if (parser.nextToken() != null) {
        throw at(parser, "nothing follows the array");
      }
      return keys;
    } catch (JsonProcessingException e) {
      JsonLocation location = e.getLocation();
      throw new TaperException(
          ErrorCode.INVALID_KEY_SET, position(location) + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new TaperException(ErrorCode.INVALID_KEY_SET, "the key set cannot be read", e);
    }
  }

  private static RootKey key(JsonParser parser) throws IOException {
    String algorithm = null;
    String keyBytes = null;
    Long keyId = null;
    String issuer = null;
    Instant expiresAt = null;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      switch (name) {
        case "algorithm" -> algorithm = text(parser, value, name);
        case "key_bytes" -> keyBytes = text(parser, value, name);
        case "key_id" -> keyId = number(parser, value);
        case "issuer" -> issuer = value == JsonToken.VALUE_NULL ? null : text(parser, value, name);
        case "expires_at" ->
            expiresAt =
                value == JsonToken.VALUE_NULL ? null : moment(parser, text(parser, value, name));
        default -> parser.skipChildren();
      }
    }
    if (algorithm == null || keyBytes == null || keyId == null) {
      throw at(parser, "a key has algorithm, key_bytes and key_id");
    }
    try {
      return new RootKey(publicKey(parser, algorithm, keyBytes), keyId, issuer, expiresAt);
    } catch (TaperException e) {
      if (e.code() == ErrorCode.INVALID_KEY_SET) {
        throw e;
      }
      throw at(parser, e.getMessage());
    }
  }

  private static PublicKey publicKey(JsonParser parser, String name, String digits) {
    Algorithm algorithm = Algorithm.ofText(name);
    if (algorithm == null) {
      throw at(parser, "the algorithm is ed25519 or secp256r1");
    }
    byte[] bytes;
    try {
      bytes = HexFormat.of().parseHex(digits);
    } catch (IllegalArgumentException e) {
      throw at(parser, "key_bytes holds pairs of hex digits");
    }
    return PublicKey.of(algorithm, bytes);
  }

  private static String text(JsonParser parser, JsonToken value, String name) throws IOException {
    require(parser, value, JsonToken.VALUE_STRING, name + " is a string");
    return parser.getText();
  }

  private static long number(JsonParser parser, JsonToken value) throws IOException {
    require(parser, value, JsonToken.VALUE_NUMBER_INT, "key_id is an integer");
    if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      throw at(parser, "key_id is too large");
    }
    return parser.getLongValue();
  }

  private static Instant moment(JsonParser parser, String text) {
    // RFC 3339: four digits of year, and seconds; java.time's ISO form takes more than that.
    if (text.length() >= 20 && text.charAt(4) == '-' && text.charAt(16) == ':') {
      try {
        return OffsetDateTime.parse(text).toInstant();
      } catch (DateTimeException e) {
        // Reported below.
      }
    }
    throw at(parser, "expires_at is a date and time such as 2030-01-31T12:00:00Z");
  }

  private static void require(
      JsonParser parser, @Nullable JsonToken actual, JsonToken expected, String message) {
    if (actual != expected) {
      throw at(parser, message);
    }
  }

  private static TaperException at(JsonParser parser, @Nullable String message) {
    return RootKeySet.invalid(position(parser.currentTokenLocation()) + message);
  }

  private static String position(@Nullable JsonLocation location) {
    return location == null
        ? ""
        : "line " + location.getLineNr() + ", column " + location.getColumnNr() + ": ";
  }

  static String write(List<RootKey> keys) {
    StringWriter out = new StringWriter();
    try (JsonGenerator generator = JSON.createGenerator(out)) {
      DefaultIndenter lines = new DefaultIndenter("  ", "\n");
      DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
      printer.indentArraysWith(lines);
      printer.indentObjectsWith(lines);
      generator.setPrettyPrinter(printer);
      generator.writeStartArray();
      for (RootKey key : keys) {
        write(generator, key);
      }
      generator.writeEndArray();
    } catch (IOException e) {
      throw new TaperException(ErrorCode.INVALID_KEY_SET, "the key set cannot be written", e);
    }
    return out + "\n";
  }

  private static void write(JsonGenerator generator, RootKey key) throws IOException {
    generator.writeStartObject();
    generator.writeStringField("algorithm", key.publicKey().algorithm().text());
    generator.writeStringField("key_bytes", HexFormat.of().formatHex(key.publicKey().bytes()));
    generator.writeNumberField("key_id", key.keyId());
    if (key.issuer() != null) {
      generator.writeStringField("issuer", key.issuer());
    }
    if (key.expiresAt() != null) {
      generator.writeStringField("expires_at", key.expiresAt().toString());
    }
    generator.writeEndObject();
  }
}
