package dev.taper.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.memory.MemoryShare;
import dev.taper.store.SharedTransactions.WorkResult;
import dev.taper.testing.TearDown;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How often the room of a memory is counted above half, where shares are limited. A count takes as
 * long as a hundred claims: counted again for each, a memory of some thousand rows comes to a stop.
 */
class SqlRoomTest {
  private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
  private static final int CAPACITY = 1 << 12;

  @TempDir Path folder;
  private Database database;
  private SqlRoom room;
  private Instant now = NOW;
  private int next;
  private int counted;

  @BeforeEach
  void open() {
    database = TestDatabase.SQLITE.open(folder);
    room = new SqlRoom("proof_use", CAPACITY);
  }

  @AfterEach
  void close() throws Exception {
    TearDown.close(database);
  }

  private static MemoryShare share(int delegator, int authority) {
    byte[] key = ByteBuffer.allocate(8).putInt(delegator).putInt(authority).array();
    return MemoryShare.of("user:" + delegator, key);
  }

  /** Fills the table without asking for room, as other processes would. */
  private void add(MemoryShare share, int rows) {
    database.transaction(
        connection -> {
          insert(connection, share, rows);
          return rows;
        });
  }

  private void insert(Connection connection, MemoryShare share, int rows) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO proof_use VALUES (?, 0, 0, 1, ?, ?)")) {
      for (int i = 0; i < rows; i++) {
        insert.setString(1, Integer.toString(next++));
        insert.setString(2, share.delegator());
        insert.setString(3, share.authority());
        insert.addBatch();
      }
      int[] unused = insert.executeBatch();
    }
  }

  /** Claims a row as {@link SqlUses} does; true if there was room. */
  private boolean claim(MemoryShare share) {
    return database.shared(
        real -> {
          Connection connection = counting(real);
          boolean isFree = room.isFree(1, share, now);
          insert(connection, share, 1);
          boolean hasRoom =
              isFree
                  || (!room.wasRefused(share, 1, now) && room.hasRoom(connection, 1, share, now));
          return new WorkResult<>(hasRoom, hasRoom);
        });
  }

  /** The same connection, which notes when all rows are counted. */
  private Connection counting(Connection real) {
    return (Connection)
        Proxy.newProxyInstance(
            SqlRoomTest.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              boolean counts = arguments != null && arguments[0].toString().contains("COUNT(");
              counted += counts ? 1 : 0;
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** Some delegators, each with some blocks that hold so many rows each. */
  private void fill(int delegators, int authorities, int rows) {
    for (int d = 0; d < delegators; d++) {
      for (int a = 0; a < authorities; a++) {
        add(share(d, a), rows);
      }
    }
    assertThat(delegators * authorities * rows).isGreaterThan(CAPACITY / 2);
  }

  private void claimInTurn(int delegators, int authorities, int rounds) {
    for (int i = 0; i < rounds; i++) {
      for (int d = 0; d < delegators; d++) {
        for (int a = 0; a < authorities; a++) {
          assertThat(claim(share(d, a))).isTrue();
        }
      }
    }
  }

  @Test
  void delegatorsInTurn_aboveHalf_areCountedTogether() {
    fill(16, 2, 65);
    claimInTurn(16, 2, 10); // 320 rows
    assertThat(counted).isLessThanOrEqualTo(8);
  }

  @Test
  void manyTokensOfManyDelegators_aboveHalf_areCountedTogether() {
    fill(20, 10, 11);
    claimInTurn(20, 10, 2); // 400 rows
    assertThat(counted).isLessThanOrEqualTo(8);
  }

  @Test
  void manyTokensOfOneDelegator_aboveHalf_areCountedTogether() {
    fill(3, 1, 750);
    for (int token = 1; token <= 200; token++) {
      assertThat(claim(share(3, token))).isTrue();
    }
    assertThat(counted).isLessThanOrEqualTo(8);
  }

  /** However many tokens it has: an issuer gives it as many as it has tasks. */
  @Test
  void delegatorWithoutRoom_isSeldomCountedFor_andOthersGoOn() {
    fill(2, 1, 1125);
    int token = 1;
    while (claim(share(0, token))) {
      token++;
    }
    int before = counted;
    for (int more = 1; more <= 300; more++) {
      assertThat(claim(share(0, token + more))).isFalse();
      assertThat(more % 30 > 0 || claim(share(7, 0))).as("another has its part").isTrue();
    }
    assertThat(counted - before).isLessThanOrEqualTo(16);
  }

  @Test
  void rowsThatEndOneByOne_atTheLimitOfADelegator_areNotCountedOneByOne() {
    fill(2, 1, 1125);
    while (claim(share(2, 1))) {
      now = now.plusMillis(1);
    }
    int before = counted;
    for (int i = 0; i < 300; i++) {
      now = now.plusMillis(15); // less than five seconds in all
      end(share(2, 1), 1);
      boolean unused = claim(share(2, 1));
    }
    assertThat(counted - before).isLessThanOrEqualTo(16);
  }

  /** A proof that is shown again and again takes no room, and leaves others theirs. */
  @Test
  void rowsThatWereThere_takeNothing() {
    fill(3, 1, 683);
    assertThat(claim(share(3, 0))).isTrue();
    for (int i = 0; i < 5000; i++) {
      assertThat(room.isFree(1, share(3, 0), now)).isTrue();
      room.isLeft(1, share(3, 0));
    }
    assertThat(claim(share(3, 0))).isTrue();
    assertThat(counted).isEqualTo(1);
  }

  private void end(MemoryShare share, int rows) {
    database.transaction(
        connection -> {
          try (PreparedStatement delete =
              connection.prepareStatement(
                  "DELETE FROM proof_use WHERE id IN"
                      + " (SELECT id FROM proof_use WHERE delegator = ? LIMIT ?)")) {
            delete.setString(1, share.delegator());
            delete.setInt(2, rows);
            return delete.executeUpdate();
          }
        });
  }

  @Test
  void rowsOfOthers_areSeenAfterAWhile() {
    assertThat(claim(share(0, 0))).isTrue();
    fill(3, 1, 1365); // 4,095: with the first the memory is full
    assertThat(claim(share(1, 0))).as("it goes by what it counted").isTrue();
    now = now.plus(Duration.ofSeconds(10));
    assertThat(claim(share(9, 0))).isFalse();
    assertThat(List.of(claim(share(0, 0)), claim(share(1, 0)))).containsOnly(false);
  }
}
