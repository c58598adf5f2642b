package dev.taper.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.taper.testing.FreePort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server of one test, in a folder, on a port that it keeps when it is started again.
 * It keeps what it confirms, unless it is told otherwise.
 */
final class PostgresqlServer implements AutoCloseable {
  /** Of its user and its database. */
  private static final String NAME = "postgres";

  private final Path folder;
  private final int port;
  private @Nullable Process process;

  private PostgresqlServer(Path folder, int port) {
    this.folder = folder;
    this.port = port;
  }

  /**
   * Makes the folder of a server, which can be copied, as that takes less long than to make one.
   */
  static void make(Path folder) throws Exception {
    run(program("initdb"), "-D", folder.toString(), "-A", "trust", "-U", NAME, "-N");
  }

  /** Starts a server in a folder. */
  static PostgresqlServer start(Path folder) throws Exception {
    PostgresqlServer server = new PostgresqlServer(folder, FreePort.next());
    server.start();
    return server;
  }

  /** Starts a copy of a server that runs, which follows it. */
  PostgresqlServer startCopy(Path copy) throws Exception {
    stop();
    copyFolder(folder, copy);
    start();
    Files.createFile(copy.resolve("standby.signal"));
    Files.writeString(
        copy.resolve("postgresql.auto.conf"),
        "primary_conninfo = 'host=127.0.0.1 port=" + port + " user=" + NAME + "'\n");
    PostgresqlServer follows = new PostgresqlServer(copy, FreePort.next());
    follows.start();
    return follows;
  }

  /** Copies what nobody uses. */
  static void copyFolder(Path from, Path to) throws Exception {
    run("cp", "-a", from.toString(), to.toString());
  }

  /** Puts what is in its folder aside, to be put back. */
  void save(Path copy) throws Exception {
    copyFolder(folder, copy);
  }

  /** Puts an older state of its folder in the place of this one. */
  void restore(Path copy) throws Exception {
    run("rm", "-r", folder.toString());
    copyFolder(copy, folder);
  }

  /** The programs lie beside that which the server of the other tests runs. */
  private static String program(String name) throws SQLException {
    assumeFalse(TestDatabase.serverIsGiven(), "a server that was given is not stopped");
    String address = TestDatabase.serverAddress();
    try (Connection connection = DriverManager.getConnection(address)) {
      String pid = ask(connection, "SELECT pg_backend_pid()");
      String server =
          ProcessHandle.of(Long.parseLong(pid)).orElseThrow().info().command().orElseThrow();
      return Path.of(server).resolveSibling(name).toString();
    }
  }

  private static List<String> command(String... words) {
    List<String> command = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) { // PostgreSQL refuses to run as root
      command.addAll(List.of("unshare", "-U"));
    }
    command.addAll(List.of(words));
    return command;
  }

  private static void run(String... words) throws Exception {
    Process run =
        new ProcessBuilder(words[0].contains("initdb") ? command(words) : List.of(words))
            .redirectErrorStream(true)
            .start();
    String said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(run.waitFor()).as(said).isZero();
  }

  /** Starts it again, with what its folder holds. */
  void start() throws Exception {
    List<String> command =
        command(
            program("postgres"),
            "-D",
            folder.toString(),
            "-p",
            String.valueOf(port),
            "-h",
            "127.0.0.1",
            "-k",
            "",
            "-c",
            "shared_buffers=16MB");
    Path log = folder.resolveSibling(folder.getFileName() + ".log");
    Process started =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    process = started;
    while (!answers()) {
      if (!started.isAlive()) {
        throw new IllegalStateException(Files.readString(log));
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private boolean answers() {
    try (Connection connection = DriverManager.getConnection(address())) {
      return connection.isValid(1);
    } catch (SQLException e) {
      return false;
    }
  }

  private static String ask(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return String.valueOf(row.getString(1));
    }
  }

  /** Asks it something, and returns the first column of the first row. */
  String ask(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(address())) {
      return ask(connection, sql);
    }
  }

  /** Has it do something. */
  void tell(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(address());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Waits until a copy has everything that this server wrote so far. */
  void awaitCopy(PostgresqlServer copy) throws Exception {
    String written = ask("SELECT pg_current_wal_flush_lsn()");
    while (!"t".equals(copy.ask("SELECT pg_last_wal_replay_lsn() >= '" + written + "'"))) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  /** Follows the other server no longer, and does not take writes either. */
  void standStill() throws Exception {
    tell("ALTER SYSTEM SET primary_conninfo = ''");
    tell("SELECT pg_reload_conf()");
    while (!"0".equals(ask("SELECT count(*) FROM pg_stat_wal_receiver"))) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  String host() {
    return "127.0.0.1:" + port;
  }

  int port() {
    return port;
  }

  /** The address of its database. */
  String address() {
    return "jdbc:postgresql://" + host() + "/" + NAME + "?user=" + NAME;
  }

  private Process process() {
    Process running = process;
    if (running == null) {
      throw new IllegalStateException("it was not started");
    }
    return running;
  }

  /** Ends it in the middle of whatever it does. */
  void kill() throws IOException {
    List<ProcessHandle> all = process().descendants().toList();
    process().destroyForcibly().onExit().join();
    all.forEach(each -> each.onExit().join()); // they end by themselves, and hold the folder
  }

  /** Ends it when it has written everything. */
  void stop() {
    signal("INT");
    process().onExit().join();
  }

  /** Stops all of it, or lets it go on. */
  void signal(String signal) {
    send(signal, List.of(process().toHandle()));
    if (!signal.equals("INT")) { // only now, as one that is stopped starts no others
      send(signal, process().descendants().toList());
    }
  }

  private static void send(String signal, List<ProcessHandle> processes) {
    List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
    processes.forEach(each -> command.add(String.valueOf(each.pid())));
    try {
      new ProcessBuilder(command).start().waitFor();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    if (process != null && process.isAlive()) {
      kill();
    }
  }
}
