package dev.taper.store.kept;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A PostgreSQL database as statements that make it, with the tables exactly as they are there. */
final class PostgresqlText {
  private static final String TABLES =
      "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
          + " ORDER BY relname";

  private static final String COLUMNS =
      "SELECT string_agg(quote_ident(attname) || ' ' || format_type(atttypid, atttypmod)"
          + " || CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END"
          + " || coalesce(' DEFAULT ' || pg_get_expr(adbin, adrelid), ''), ', ' ORDER BY attnum)"
          + " FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum"
          + " WHERE attrelid = 'public.TABLE'::regclass AND attnum > 0 AND NOT attisdropped";

  private static final String ROWS =
      "SELECT string_agg('quote_nullable(' || quote_ident(attname) || '::text)', ' || '', '' || '"
          + " ORDER BY attnum) FROM pg_attribute"
          + " WHERE attrelid = 'public.TABLE'::regclass AND attnum > 0 AND NOT attisdropped";

  private static final String CONSTRAINTS =
      "SELECT 'ALTER TABLE ' || conrelid::regclass || ' ADD CONSTRAINT ' || quote_ident(conname)"
          + " || ' ' || pg_get_constraintdef(oid) FROM pg_constraint"
          + " WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'u', 'f')"
          + " ORDER BY contype = 'f', conname";

  private static final String INDEXES =
      "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT IN"
          + " (SELECT conname FROM pg_constraint) ORDER BY indexname";

  private PostgresqlText() {}

  /** Writes all tables of a database. */
  static String of(String address) throws SQLException {
    List<String> text = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(address);
        Statement statement = connection.createStatement()) {
      for (String table : strings(statement, TABLES)) {
        String columns = strings(statement, COLUMNS.replace("TABLE", table)).get(0);
        text.add("CREATE TABLE " + table + " (" + columns + ")");
        String row = strings(statement, ROWS.replace("TABLE", table)).get(0);
        for (String values :
            strings(statement, "SELECT " + row + " FROM " + table + " ORDER BY 1")) {
          text.add("INSERT INTO " + table + " VALUES (" + values + ")");
        }
      }
      text.addAll(strings(statement, CONSTRAINTS));
      text.addAll(strings(statement, INDEXES));
    }
    return String.join(";\n", text) + ";\n";
  }

  private static List<String> strings(Statement statement, String query) throws SQLException {
    List<String> strings = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        strings.add(rows.getString(1));
      }
    }
    return strings;
  }

  /** Makes the tables in an empty database. */
  static void restore(String text, String address) throws SQLException {
    try (Connection connection = DriverManager.getConnection(address);
        Statement statement = connection.createStatement()) {
      statement.execute(text);
    }
  }
}
