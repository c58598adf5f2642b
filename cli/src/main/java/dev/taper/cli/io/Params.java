package dev.taper.cli.io;

import dev.taper.crypto.PublicKey;
import dev.taper.datalog.parser.Parameters;
import dev.taper.operations.config.Times;
import java.util.HexFormat;
import java.util.List;

/** Reads {@code key[:type]=value}. */
final class Params {
  private static final String BYTES_PREFIX = "hex:";

  private Params() {}

  /**
   * The values of parameters.
   *
   * @throws CliException if one has another form
   */
  static Parameters parse(List<String> params) {
    Parameters parameters = Parameters.none();
    for (String param : params) {
      parameters = add(parameters, param);
    }
    return parameters;
  }

  private static Parameters add(Parameters parameters, String param) {
    int equals = param.indexOf('=');
    if (equals < 0) {
      throw CliException.usage("a parameter is written key=value or key:type=value, not " + param);
    }
    String name = param.substring(0, equals);
    String value = param.substring(equals + 1);
    int colon = name.lastIndexOf(':');
    if (colon < 0) {
      return parameters.with(name, value);
    }
    String type = name.substring(colon + 1);
    String key = name.substring(0, colon);
    return switch (type) {
      case "string" -> parameters.with(key, value);
      case "integer" -> parameters.with(key, integer(key, value));
      case "date" -> parameters.with(key, Times.parseDate(value));
      case "bytes" -> parameters.with(key, bytes(key, value));
      case "bool" -> parameters.with(key, bool(key, value));
      case "pubkey" -> parameters.with(key, PublicKey.parse(value));
      default ->
          throw CliException.usage(
              "the type of parameter "
                  + key
                  + " is string, integer, date, bytes, bool or pubkey, not "
                  + type);
    };
  }

  private static long integer(String key, String value) {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw CliException.usage(
          "the value of parameter " + key + " is not a 64-bit integer: " + value);
    }
  }

  private static boolean bool(String key, String value) {
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw CliException.usage(
              "the value of parameter " + key + " is true or false, not " + value);
    };
  }

  private static byte[] bytes(String key, String value) {
    try {
      if (value.startsWith(BYTES_PREFIX)) {
        return HexFormat.of().parseHex(value.substring(BYTES_PREFIX.length()));
      }
    } catch (IllegalArgumentException e) {
      // Reported below, like a missing prefix.
    }
    throw CliException.usage(
        "the value of parameter " + key + " is hex: and hexadecimal digits, not " + value);
  }
}
