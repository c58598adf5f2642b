package dev.taper.agent.names;

import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.ShownText;
import dev.taper.TaperException;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The text of a {@link NamesFile}. A signature is over a tag and the canonical form of the whole
 * object without the member {@code signature}.
 */
final class NamesText {
  private static final byte[] TAG = "\0TAPER\0NAMES\0".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NOTHING = {};
  private static final int MAX_SHOWN = 64;

  private final NamesFile names;
  private final @Nullable PublicKey claimed;
  private final byte @Nullable [] signature;
  private final byte[] signed;

  private NamesText(
      NamesFile names, @Nullable PublicKey claimed, byte @Nullable [] signature, byte[] signed) {
    this.names = names;
    this.claimed = claimed;
    this.signature = signature;
    this.signed = signed;
  }

  static NamesText read(String json) {
    SortedMap<String, String> members =
        new TreeMap<>(
            at("the file", () -> CanonicalJson.membersOfDocument(Given.that(json, "the text"))));
    String signatureText = text(members, "signature");
    byte[] signed = signatureText == null ? NOTHING : signed(members);
    String format = text(members, "format");
    if (!NamesFile.FORMAT.equals(format)) {
      throw invalid("the file", "is no file of names: its format is not " + NamesFile.FORMAT);
    }
    String signerText = text(members, "signer");
    if ((signerText == null) != (signatureText == null)) {
      throw invalid("the file", "has only one of signer and signature");
    }
    NamesFile.Builder builder = NamesFile.builder();
    String number = members.remove("number");
    if (number != null) {
      builder.number(number(number));
    } else if (signerText != null) {
      throw invalid("the file", "is signed and has no number");
    }
    keys(members, "agents", builder::agent);
    keys(members, "approvers", builder::approver);
    keys(members, "issuers", builder::issuer);
    section(members, "groups", (name, all) -> builder.group(name, all.toArray(new String[0])));
    if (!members.isEmpty()) {
      throw invalid(
          "the file",
          "has the member "
              + ShownText.of(members.firstKey(), MAX_SHOWN)
              + ", which it cannot have");
    }
    return new NamesText(
        builder.build(),
        signerText == null ? null : at("signer", () -> key(signerText)),
        signatureText == null ? null : hex(signatureText),
        signed);
  }

  private static void keys(
      SortedMap<String, String> members, String section, BiConsumer<String, PublicKey[]> add) {
    section(
        members,
        section,
        (name, all) -> {
          List<PublicKey> keys = new ArrayList<>();
          for (String key : all) {
            keys.add(key(key));
          }
          add.accept(name, keys.toArray(new PublicKey[0]));
        });
  }

  /** Reads a key in its one spelling: in another one it could stand there twice. */
  private static PublicKey key(String text) {
    PublicKey key = PublicKey.parse(text);
    if (!key.toString().equals(text)) {
      throw new TaperException(ErrorCode.INVALID_NAMES, "a key is written in lower case");
    }
    return key;
  }

  /** Reads one section: names, each with one text or an array of them. */
  private static void section(
      SortedMap<String, String> members, String section, BiConsumer<String, List<String>> add) {
    String json = members.remove(section);
    if (json == null) {
      return;
    }
    for (Map.Entry<String, String> entry :
        at(section, () -> CanonicalJson.membersOfDocument(json)).entrySet()) {
      String place = section + "." + ShownText.of(entry.getKey(), MAX_SHOWN);
      at(
          place,
          () -> {
            add.accept(entry.getKey(), texts(entry.getValue()));
            return place;
          });
    }
  }

  private static List<String> texts(String json) {
    if (!json.startsWith("[")) {
      return List.of(CanonicalJson.string(json, "the value"));
    }
    Set<String> texts = new LinkedHashSet<>();
    for (String element : CanonicalJson.elements(json)) {
      if (!texts.add(CanonicalJson.string(element, "an element"))) {
        throw new TaperException(ErrorCode.INVALID_NAMES, "one element stands there twice");
      }
    }
    return List.copyOf(texts);
  }

  private static @Nullable String text(SortedMap<String, String> members, String name) {
    String json = members.remove(name);
    return json == null ? null : at(name, () -> CanonicalJson.string(json, "the value"));
  }

  private static long number(String json) {
    try {
      return Long.parseLong(json);
    } catch (NumberFormatException e) {
      throw invalid("number", "is not a whole number");
    }
  }

  private static byte[] hex(String text) {
    try {
      byte[] bytes = HexFormat.of().parseHex(text);
      if (HexFormat.of().formatHex(bytes).equals(text)) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      // It is none, as below.
    }
    throw invalid("signature", "is not hexadecimal in lower case");
  }

  /** What a signature covers: of all members but the signature. */
  private static byte[] signed(SortedMap<String, String> members) {
    int length = 2; // or it would be copied again and again
    for (Map.Entry<String, String> member : members.entrySet()) {
      length += member.getKey().length() + member.getValue().length() + 4;
    }
    StringBuilder json = new StringBuilder(length);
    char separator = '{';
    for (Map.Entry<String, String> member : members.entrySet()) {
      json.append(separator);
      CanonicalJson.writeString(member.getKey(), json);
      json.append(':').append(member.getValue());
      separator = ',';
    }
    byte[] text = json.append('}').toString().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(TAG.length + text.length).put(TAG).put(text).array();
  }

  boolean isSigned() {
    return claimed != null;
  }

  NamesFile names() {
    return names;
  }

  /** Returns the key that signed the text, which must be one of these. */
  PublicKey signer(Collection<PublicKey> trusted) {
    if (claimed == null || signature == null) {
      throw invalid("the file", "is not signed, and only a signed one is taken");
    }
    if (!trusted.contains(claimed)) {
      throw invalid("the file", "is signed by " + claimed + ", which is not trusted for names");
    }
    if (!claimed.verify(signed, signature)) {
      throw invalid("the file", "was changed after it was signed");
    }
    return claimed;
  }

  static String write(NamesFile names, @Nullable Signer by) {
    SortedMap<String, String> members = new TreeMap<>();
    members.put("format", CanonicalJson.quoted(NamesFile.FORMAT));
    names.number().ifPresent(number -> members.put("number", Long.toString(number)));
    put(members, "agents", names.agents());
    put(members, "approvers", names.approvers());
    put(members, "groups", names.groups());
    put(members, "issuers", names.issuers());
    if (by != null) {
      members.put("signer", CanonicalJson.quoted(by.publicKey().toString()));
      byte[] signature = by.sign(signed(members));
      members.put("signature", CanonicalJson.quoted(HexFormat.of().formatHex(signature)));
    }
    StringBuilder json = new StringBuilder();
    String separator = "{\n  ";
    for (Map.Entry<String, String> member : members.entrySet()) {
      json.append(separator)
          .append(CanonicalJson.quoted(member.getKey()))
          .append(": ")
          .append(member.getValue());
      separator = ",\n  ";
    }
    String text = json.append("\n}\n").toString();
    if (text.getBytes(StandardCharsets.UTF_8).length > NamesFile.MAX_BYTES) {
      throw invalid("the file", "would be longer than " + NamesFile.MAX_BYTES + " bytes");
    }
    return text;
  }

  private static <E> void put(
      SortedMap<String, String> members, String section, SortedMap<String, Set<E>> names) {
    if (names.isEmpty()) {
      return;
    }
    StringBuilder json = new StringBuilder();
    char separator = '{';
    for (Map.Entry<String, Set<E>> entry : names.entrySet()) {
      json.append(separator).append(CanonicalJson.quoted(entry.getKey())).append(':');
      char inner = '[';
      for (E value : entry.getValue()) {
        json.append(inner).append(CanonicalJson.quoted(value.toString()));
        inner = ',';
      }
      json.append(entry.getValue().isEmpty() ? "[]" : "]");
      separator = ',';
    }
    members.put(section, json.append('}').toString());
  }

  /** Reads a whole file as UTF-8. */
  static String load(Path file) {
    try (InputStream in = Files.newInputStream(Given.that(file, "the file of names"))) {
      byte[] bytes = in.readNBytes(NamesFile.MAX_BYTES + 1);
      if (bytes.length > NamesFile.MAX_BYTES) {
        throw invalid("the file", "is longer than " + NamesFile.MAX_BYTES + " bytes");
      }
      String text = Given.utf8(bytes);
      if (text == null) {
        throw invalid("the file", "is not UTF-8");
      }
      return text;
    } catch (NoSuchFileException e) {
      throw unavailable(file, "there is no such file", e);
    } catch (IOException e) {
      throw unavailable(file, String.valueOf(e.getMessage()), e);
    }
  }

  private static TaperException unavailable(Path file, String why, IOException cause) {
    return new TaperException(
        ErrorCode.FILE_UNAVAILABLE,
        "the file of names, " + file + ", cannot be read: " + why,
        cause);
  }

  /** Reads a part. */
  private interface Part<T> {
    T read();
  }

  /** Names the place of whatever is wrong there. */
  private static <T> T at(String place, Part<T> part) {
    try {
      return part.read();
    } catch (TaperException e) {
      throw new TaperException(
          ErrorCode.INVALID_NAMES, "names: " + place + ": " + e.getMessage(), e);
    }
  }

  private static TaperException invalid(String place, String why) {
    return new TaperException(ErrorCode.INVALID_NAMES, "names: " + place + " " + why);
  }
}
