package dev.taper.server.serve;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What a process does for others. */
enum Role {
  /** Decides about calls. */
  DECIDE,
  /** Serves lists and root keys. */
  LISTS,
  /** Keeps asks for approvals. */
  ASKS,
  /** Issues tokens by exchange, and renews them. */
  ISSUER,
  /** Relays asks and data to the consoles of people. */
  CONSOLE,
  /** Records what holders state, which have no key of the log. */
  AUDIT;

  /** The name on the command line and in the ready line. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Reads a role's name. */
  static final class Reader implements ITypeConverter<Role> {
    @Override
    public Role convert(String text) {
      for (Role role : values()) {
        if (role.text().equals(text)) {
          return role;
        }
      }
      throw new TypeConversionException("there is no role " + text);
    }
  }
}
