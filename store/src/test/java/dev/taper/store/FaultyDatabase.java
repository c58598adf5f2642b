package dev.taper.store;

import dev.taper.TaperException;
import dev.taper.testing.faults.Fault;
import dev.taper.testing.faults.Faults.Acknowledged;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * An SQLite file of which one statement fails, also one that begins, commits or undoes: the n-th.
 * Beside it, one that does not fail looks at the same file, as another process does.
 */
public final class FaultyDatabase implements AutoCloseable {
  private static final int MOST_STATEMENTS = 500;
  private static final List<Fault> FAULTS = List.of(Fault.REFUSED, Fault.DONE, Fault.DEAD);

  private final Database faulty;
  private final Database other;

  private volatile @Nullable Fault fault;
  private volatile int failing;
  private volatile int statements;

  /** Makes a file in a folder. */
  public FaultyDatabase(Path folder) {
    String address = "sqlite:taper.db";
    this.other = Database.open(address, folder);
    this.faulty = Database.open(DatabaseAddress.parse(address, folder), this::source);
  }

  /** What a store does, and what must hold whatever fails. Each run is about things of its own. */
  public interface Writer {
    /**
     * Writes, and throws if it cannot.
     *
     * @param acknowledged is told what is safe as soon as the store said so
     */
    void write(Database database, int run, Acknowledged acknowledged) throws SQLException;

    /** Looks from elsewhere: what was acknowledged is there, all else wholly or not at all. */
    void check(Database database, int run, int acknowledged) throws SQLException;
  }

  /**
   * Fails each statement in each way but for a loss of power, which is SQLite's own to survive.
   * After each, the same objects can write again.
   *
   * @return how many runs that were
   */
  public int enumerate(Writer writer) throws SQLException {
    int run = 0;
    for (Fault each : FAULTS) {
      int number = 1;
      while (run(writer, each, number, run)) {
        run += 2;
        if (++number > MOST_STATEMENTS) {
          throw new AssertionError("the writer has statements without end");
        }
      }
      run += 2;
      if (number < 3) {
        throw new AssertionError("the writer does not use the database that fails");
      }
    }
    return run / 2;
  }

  private boolean run(Writer writer, Fault how, int number, int run) throws SQLException {
    statements = 0;
    failing = number;
    fault = how;
    Acknowledged acknowledged = new Acknowledged();
    String failure = "it did all the same";
    try {
      writer.write(faulty, run, acknowledged);
    } catch (TaperException | SQLException e) {
      failure = String.valueOf(e);
    }
    boolean hasFailed = statements >= failing;
    fault = null;
    try {
      writer.check(other, run, acknowledged.steps());
      Acknowledged again = new Acknowledged();
      writer.write(faulty, run + 1, again);
      writer.check(other, run + 1, again.steps());
    } catch (SQLException | RuntimeException | AssertionError e) {
      throw new AssertionError(how + " at statement " + number + " (" + failure + ")", e);
    }
    return hasFailed;
  }

  private DataSource source(DataSource real) {
    return wrapped(
        DataSource.class,
        (method, arguments) -> {
          Object result = method.invoke(real, arguments);
          return result instanceof Connection connection ? connection(connection) : result;
        });
  }

  private Connection connection(Connection real) {
    return wrapped(
        Connection.class,
        (method, arguments) -> {
          Object result = method.invoke(real, arguments);
          return result instanceof Statement statement
              ? statement(statement, method.getReturnType())
              : result;
        });
  }

  private Object statement(Statement real, Class<?> type) {
    return wrapped(
        type,
        (method, arguments) -> {
          // The pool makes connections on a thread of its own.
          boolean counts =
              method.getName().startsWith("execute")
                  && fault != null
                  && !Thread.currentThread().getName().contains("connection-adder");
          return counts ? executed(real, method, arguments) : method.invoke(real, arguments);
        });
  }

  private @Nullable Object executed(Statement real, Method method, Object @Nullable [] arguments)
      throws ReflectiveOperationException, SQLException {
    int number = statements + 1; // one thread at a time
    statements = number;
    boolean isDead = fault == Fault.DEAD && number > failing;
    if (!isDead && number != failing) {
      return method.invoke(real, arguments);
    }
    if (fault == Fault.DONE) {
      method.invoke(real, arguments);
    }
    throw new SQLException("the disk fails");
  }

  /** What a proxy does for a call. */
  private interface Call {
    @Nullable Object make(Method method, Object @Nullable [] arguments)
        throws ReflectiveOperationException, SQLException;
  }

  private static <T> T wrapped(Class<T> type, Call call) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          try {
            return call.make(method, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
          }
        };
    return type.cast(
        Proxy.newProxyInstance(
            FaultyDatabase.class.getClassLoader(), new Class<?>[] {type}, handler));
  }

  @Override
  public void close() {
    faulty.close();
    other.close();
  }
}
