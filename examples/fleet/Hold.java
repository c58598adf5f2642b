import java.nio.file.Path;
import java.sql.DriverManager;

/** Holds the lock of an SQLite file until it is killed: {@code java Hold.java FILE}. */
final class Hold {
  private Hold() {}

  public static void main(String[] arguments) throws Exception {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + Path.of(arguments[0]));
        var statement = connection.createStatement()) {
      statement.execute("BEGIN EXCLUSIVE");
      System.out.println("held");
      Thread.currentThread().join();
    }
  }
}
