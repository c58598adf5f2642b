package dev.taper.integrations.valkey;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What the server does in one step. Each is a text of Lua, put together from files. */
enum Script {
  /** Takes what one call needs. */
  CLAIM("", "store", "room", "counters", "claim"),
  /** Gives uses of approvals back. */
  RELEASE(" flags=allow-oom", "store", "room", "release"),
  /** Gives charges of budgets back. */
  GIVE_BACK(" flags=allow-oom", "store", "room", "counters", "give-back"),
  /** Looks at budgets. */
  LOOK(" flags=no-writes", "store", "room", "counters", "look"),
  /** Notes what is known of the store. */
  NOTE("", "store", "room", "note"),
  /** Publishes a revocation list. */
  PUBLISH("", "publish"),
  /** Reads revocation lists. */
  LISTS(" flags=no-writes", "lists");

  /** What a store of memories needs. */
  static final List<Script> OF_STORES = List.of(CLAIM, RELEASE, GIVE_BACK, LOOK, NOTE);

  /** What lists need. */
  static final List<Script> OF_LISTS = List.of(PUBLISH, LISTS);

  private final String text;

  Script(String flags, String... files) {
    StringBuilder all = new StringBuilder("#!lua" + flags + "\n");
    for (String file : files) {
      all.append(read(file));
    }
    this.text = all.toString();
  }

  static String read(String file) {
    try (InputStream in = Script.class.getResourceAsStream(file + ".lua")) {
      if (in == null) {
        throw new IllegalStateException("the script " + file + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  byte[] text() {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The keys of a store, in the order of the scripts. In a cluster they are on one node.
   *
   * @param name the name of the store
   */
  static byte[][] keys(String name) {
    List<String> keys =
        List.of(
            "store",
            "proof:uses",
            "proof:ends",
            "counter:uses",
            "counter:ends",
            "approval:uses",
            "approval:ends");
    return keys(name, keys);
  }

  /** The keys of the lists that have a name; the first is the name of their channel, too. */
  static byte[][] listKeys(String name) {
    return keys(name, List.of("lists", "lists:deltas"));
  }

  private static byte[][] keys(String name, List<String> keys) {
    return keys.stream()
        .map(key -> ("{taper:" + name + "}:" + key).getBytes(StandardCharsets.UTF_8))
        .toArray(byte[][]::new);
  }
}
