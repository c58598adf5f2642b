package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The published files of the delegation profile, and those of the binding. */
final class ProfileFolder {
  static final Path PATH =
      Path.of("src", "main", "resources", "dev", "taper", "testvectors", "profile");

  /** The files of the binding. */
  static final Path BINDING = PATH.resolveSibling("binding");

  /** The schema of all other files. */
  static final String SCHEMA = "schema.json";

  private ProfileFolder() {}

  /** The contents of all files but the schema, by name. */
  static Map<String, byte[]> bytes() {
    return bytes(PATH);
  }

  /** The contents of all files of a folder but the schema, by name. */
  static Map<String, byte[]> bytes(Path folder) {
    Map<String, byte[]> files = new TreeMap<>();
    try (DirectoryStream<Path> committed = Files.newDirectoryStream(folder)) {
      for (Path file : committed) {
        if (!file.getFileName().toString().equals(SCHEMA)) {
          files.put(file.getFileName().toString(), Files.readAllBytes(file));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  static Map<String, JsonNode> files() {
    return files(PATH);
  }

  static Map<String, JsonNode> files(Path folder) {
    Map<String, JsonNode> files = new TreeMap<>();
    bytes(folder).forEach((name, bytes) -> files.put(name, Json.read(bytes)));
    return files;
  }
}
