package dev.taper.agent.call;

import dev.taper.ShownText;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/**
 * A call as it is shown to the person who is to approve it. Every part is in {@linkplain ShownText
 * safe text} and every argument stands apart, so that no value can pass for another part. Immutable
 * and thread-safe.
 *
 * @param tool the tool
 * @param operation the operation, or "none"
 * @param resource the resource, or "none"
 * @param arguments the arguments in the order of their names
 * @param digest the SHA-256 digest of the whole call in hex: 64 digits, whatever was shortened
 */
public record ShownCall(
    String tool, String operation, String resource, List<Shown> arguments, String digest) {
  private static final int NAME_COLUMNS = 32;
  private static final int VALUE_COLUMNS = 120;

  /** Names of tools and resources have at most 1 KiB, and are shown whole. */
  private static final int WHOLE = 16 << 10;

  /**
   * One argument.
   *
   * @param name its name as JSON
   * @param value its value as JSON, shortened if it is long: then with its length and digest
   */
  public record Shown(String name, String value) {}

  /** Copies the list. */
  public ShownCall {
    arguments = List.copyOf(arguments);
  }

  /** Shows the parts of a call. */
  public static ShownCall of(ToolCall call) {
    List<Shown> arguments = new ArrayList<>();
    for (CallArgument argument : call.arguments().list()) {
      StringBuilder name = new StringBuilder();
      CanonicalJson.writeString(argument.name(), name);
      arguments.add(
          new Shown(
              ShownText.of(name.toString(), NAME_COLUMNS),
              ShownText.of(argument.json(), VALUE_COLUMNS)));
    }
    return new ShownCall(
        ShownText.of(call.tool(), WHOLE),
        ShownText.of(Objects.requireNonNullElse(call.operation(), "none"), WHOLE),
        ShownText.of(Objects.requireNonNullElse(call.resource(), "none"), WHOLE),
        arguments,
        HexFormat.of().formatHex(call.digest()));
  }
}
