package dev.taper.integrations.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The published vectors of the binding, which lie in the module {@code testvectors}. */
final class Vectors {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path FOLDER =
      Path.of("../../testvectors/src/main/resources/dev/taper/testvectors/binding");

  /** One case of a file. */
  record Vector(String name, JsonNode json) {
    @Override
    public String toString() {
      return name;
    }
  }

  private Vectors() {}

  /** The cases of all files of one kind; there is at least one. */
  static List<Vector> of(String kind) throws IOException {
    List<Vector> cases = new ArrayList<>();
    for (JsonNode file : files()) {
      if (file.required("kind").textValue().equals(kind)) {
        file.required("cases")
            .forEach(one -> cases.add(new Vector(one.required("name").textValue(), one)));
      }
    }
    if (cases.isEmpty()) {
      throw new AssertionError("no vectors of the kind " + kind);
    }
    return cases;
  }

  static Set<String> kinds() throws IOException {
    Set<String> kinds = new TreeSet<>();
    for (JsonNode file : files()) {
      kinds.add(file.required("kind").textValue());
    }
    return kinds;
  }

  private static List<JsonNode> files() throws IOException {
    List<JsonNode> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(FOLDER, "*.json")) {
      for (Path file : all) {
        JsonNode json = JSON.readTree(file.toFile());
        if (json.has("kind")) { // the schema has none
          files.add(json);
        }
      }
    }
    return files;
  }

  static JsonNode read(byte[] json) throws IOException {
    return JSON.readTree(json);
  }

  static JsonNode read(String json) throws IOException {
    return JSON.readTree(json);
  }

  static byte[] bytes(JsonNode object, String hex) {
    return object.has(hex)
        ? HexFormat.of().parseHex(object.required(hex).textValue())
        : new byte[0];
  }
}
