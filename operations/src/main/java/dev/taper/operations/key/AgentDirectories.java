package dev.taper.operations.key;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.taper.SafeJson;
import dev.taper.agent.AgentDirectory;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.OperationException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads agent directories: a JSON object of names, each with a key's text or an array of them. */
public final class AgentDirectories {
  private static final int MAX_CHARACTERS = 1 << 26;
  private static final int MAX_NUMBER = 20;
  private static final JsonFactory FACTORY = SafeJson.strict(2, MAX_CHARACTERS, MAX_NUMBER);

  private AgentDirectories() {}

  /**
   * Reads a directory.
   *
   * @throws OperationException if it is none
   * @throws dev.taper.TaperException if a key is none
   */
  public static AgentDirectory read(String json) {
    Map<String, List<PublicKey>> keysByName = new HashMap<>();
    try (JsonParser parser = FACTORY.createParser(json)) {
      require(parser.nextToken() == JsonToken.START_OBJECT);
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        keysByName.put(name, keys(parser));
      }
      require(parser.nextToken() == null);
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      throw OperationException.usage(
          "the agent directory has a syntax error or a repeated name"
              + (at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr()));
    } catch (IOException e) {
      throw OperationException.usage("the agent directory cannot be read");
    }
    return AgentDirectory.of(keysByName);
  }

  private static List<PublicKey> keys(JsonParser parser) throws IOException {
    List<PublicKey> keys = new ArrayList<>();
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        keys.add(key(parser));
      }
    } else {
      keys.add(key(parser));
    }
    return keys;
  }

  private static PublicKey key(JsonParser parser) throws IOException {
    require(parser.currentToken() == JsonToken.VALUE_STRING);
    return PublicKey.parse(parser.getText()).validate();
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw OperationException.usage(
          "an agent directory is {\"NAME\": \"KEY\", ...}, or [\"KEY\", ...] for several keys");
    }
  }
}
