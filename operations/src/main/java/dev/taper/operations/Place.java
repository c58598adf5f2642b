package dev.taper.operations;

import org.jspecify.annotations.Nullable;

/** Where something is kept from run to run: a log, a list, what was used. */
public sealed interface Place {
  /** How the address of a database in a file begins. */
  String SQLITE = "sqlite:";

  /** How databases are named, for descriptions of options and configurations. */
  String DATABASE = "sqlite:FILE, or jdbc:postgresql://HOST/NAME?user=NAME";

  /**
   * A file.
   *
   * @param name as written
   */
  record File(String name) implements Place {
    @Override
    public String shown() {
      return Place.shown(name);
    }
  }

  /**
   * An http or https URL, which can only be read.
   *
   * @param url as written
   */
  record Web(String url) implements Place {
    /** Without user, password and what follows the path, which can be secrets. */
    @Override
    public String shown() {
      return Place.shown(withoutUser(url.split("[?#]", 2)[0]));
    }
  }

  /**
   * A database that others may share.
   *
   * @param address as {@link dev.taper.store.Database#open} takes it
   */
  record Sql(String address) implements Place {
    /** The file that the database is in; null for one of a server. */
    public @Nullable String file() {
      return address.startsWith(SQLITE) ? address.substring(SQLITE.length()) : null;
    }

    /** Without user, password and parameters, which can hold one. */
    @Override
    public String shown() {
      return Place.shown(withoutUser(address.split("[?]", 2)[0]));
    }
  }

  /**
   * A store of a server that others may share, which is opened by what is on the class path for it.
   *
   * @param address as {@link Stores.Provider#open} takes it
   */
  record Shared(String address) implements Place {
    /** Without user and parameters. */
    @Override
    public String shown() {
      return Place.shown(withoutUser(address.split("[?#]", 2)[0]));
    }
  }

  /** What a text means: a file, if it is nothing else. */
  static Place of(String text) {
    if (text.startsWith("http://") || text.startsWith("https://")) {
      return new Web(text);
    }
    // What looks like another way to write a database is no file; opening it says what is wrong.
    boolean sql =
        text.startsWith(SQLITE)
            || text.startsWith("jdbc:")
            || text.startsWith("postgresql:")
            || text.startsWith("postgres:");
    return sql ? new Sql(text) : new File(text);
  }

  /**
   * What a text means where something is to be written.
   *
   * @throws OperationException {@code usage} if it is on the web
   */
  static Place written(String text) {
    Place place = of(text);
    if (place instanceof Web) {
      throw OperationException.usage("a file or a database is needed, not a URL: " + place.shown());
    }
    return place;
  }

  /**
   * What a text means where something is remembered that verifiers must not forget.
   *
   * @throws OperationException {@code usage} if it is on the web
   */
  static Place remembered(String text) {
    return isShared(text) ? new Shared(text) : written(text);
  }

  /** What a text means where a service reads a list: a file, if it is nothing else. */
  static Place list(String text) {
    return isShared(text) ? new Shared(text) : of(text);
  }

  /**
   * A store of a server.
   *
   * @throws OperationException {@code usage} if it is none
   */
  static Shared shared(String text) {
    if (isShared(text)) {
      return new Shared(text);
    }
    throw OperationException.usage("a server is needed: valkey://HOST?name=NAME");
  }

  private static boolean isShared(String text) {
    return text.startsWith("valkey:")
        || text.startsWith("valkeys:")
        || text.startsWith("redis:")
        || text.startsWith("rediss:");
  }

  /**
   * A database.
   *
   * @throws OperationException {@code usage} if it is none
   */
  static Sql database(String text) {
    if (of(text) instanceof Sql sql) {
      return sql;
    }
    throw OperationException.usage("a database is needed: " + DATABASE);
  }

  /**
   * A name as shown in messages: shortened, so that a token pasted in place of a file does not get
   * into a log.
   */
  static String shown(String name) {
    int most = 64;
    return name.length() <= most
        ? name
        : name.substring(0, 8) + "... (" + name.length() + " characters)";
  }

  /** An address from behind its last {@code @} on: what is not encoded can hold a slash, too. */
  private static String withoutUser(String address) {
    int start = address.indexOf("://") + "://".length();
    int end = address.lastIndexOf('@');
    return start < "://".length() || end < start
        ? address
        : address.substring(0, start) + "..." + address.substring(end);
  }

  /** As it may be shown in messages. */
  String shown();
}
