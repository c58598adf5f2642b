package dev.taper.assurance;

import static dev.taper.assurance.Laws.same;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.taper.ErrorCode;
import dev.taper.SafeJson;
import dev.taper.agent.AgentDirectory;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.OperationException;
import dev.taper.operations.key.AgentDirectories;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The reader of agent directories. */
final class DirectoryReader {
  private DirectoryReader() {}

  static boolean directory(byte[] input) {
    String json = Laws.utf8(input);
    Optional<AgentDirectory> directory = read(json);
    directory.ifPresent(
        read -> {
          Map<String, List<PublicKey>> entries = entries(json);
          knows("a directory has what stands in it", entries, read);
          knows(
              "a written directory reads the same",
              entries,
              AgentDirectories.read(written(entries)));
        });
    return directory.isPresent();
  }

  private static Optional<AgentDirectory> read(String json) {
    try {
      return Laws.read(() -> AgentDirectories.read(json), ErrorCode.INVALID_KEY);
    } catch (OperationException e) {
      same(
          "what is no directory is refused as a wrong request",
          OperationException.Kind.USAGE,
          e.kind());
      return Optional.empty();
    }
  }

  /** A directory cannot be listed: it is asked for every name with every key. */
  private static void knows(
      String law, Map<String, List<PublicKey>> entries, AgentDirectory directory) {
    List<PublicKey> keys = new ArrayList<>(List.of(Keys.APPROVER.publicKey()));
    entries.values().forEach(keys::addAll);
    for (Map.Entry<String, List<PublicKey>> entry : entries.entrySet()) {
      String stranger = entry.getKey() + "?";
      for (PublicKey key : keys) {
        same(law, entry.getValue().contains(key), directory.knows(entry.getKey(), key));
        same(
            law,
            entries.getOrDefault(stranger, List.of()).contains(key),
            directory.knows(stranger, key));
      }
    }
  }

  /** Read without any strictness: the reader has done that. */
  private static Map<String, List<PublicKey>> entries(String json) {
    Map<String, List<PublicKey>> entries = new LinkedHashMap<>();
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      List<PublicKey> keys = new ArrayList<>();
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.FIELD_NAME) {
          keys = new ArrayList<>();
          entries.put(parser.currentName(), keys);
        } else if (token == JsonToken.VALUE_STRING) {
          keys.add(PublicKey.parse(parser.getText()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("what is accepted is JSON", e);
    }
    return entries;
  }

  private static String written(Map<String, List<PublicKey>> entries) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = SafeJson.factory().createGenerator(text)) {
      json.writeStartObject();
      for (Map.Entry<String, List<PublicKey>> entry : entries.entrySet()) {
        json.writeArrayFieldStart(entry.getKey());
        for (PublicKey key : entry.getValue()) {
          json.writeString(key.toString());
        }
        json.writeEndArray();
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("text can always be written", e);
    }
    return text.toString();
  }
}
