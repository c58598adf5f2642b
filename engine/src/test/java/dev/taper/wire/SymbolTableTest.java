package dev.taper.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Small tables are searched and large ones hashed: both as a plain list would say. */
class SymbolTableTest {
  /** The 28 that every implementation knows, in their order. */
  private static final List<String> DEFAULTS =
      List.of(
          "read",
          "write",
          "resource",
          "operation",
          "right",
          "time",
          "role",
          "owner",
          "tenant",
          "namespace",
          "user",
          "team",
          "service",
          "admin",
          "email",
          "group",
          "member",
          "ip_address",
          "client",
          "client_ip",
          "domain",
          "path",
          "version",
          "cluster",
          "node",
          "hostname",
          "nonce",
          "query");

  private final SymbolTable table = new SymbolTable();
  private final List<String> expected = new ArrayList<>();

  @Test
  void get_defaultSymbols_haveTheirNumbers() {
    for (int i = 0; i < DEFAULTS.size(); i++) {
      assertThat(table.get(i)).isEqualTo(DEFAULTS.get(i));
      assertThat(table.insert(DEFAULTS.get(i))).isEqualTo(i);
      assertThat(table.extend(List.of("new " + i, DEFAULTS.get(i)))).isEqualTo(1);
    }
    assertThat(table.get(SymbolTable.QUERY)).isEqualTo("query");
    assertThat(table.size()).isEqualTo(DEFAULTS.size());
    for (long id : new long[] {28, 1023, 1024 + 28, (1L << 32) + 1024, -1, Long.MIN_VALUE}) {
      assertThat(table.get(id)).as("%d", id).isNull();
    }
  }

  @Test
  void extend_anyBlocks_asAList() {
    Random random = new Random(1);
    for (int i = 0; i < 300; i++) {
      List<String> declared = new ArrayList<>();
      for (int n = random.nextInt(4); n > 0; n--) {
        declared.add("s" + random.nextInt(400));
      }
      int clash = -1;
      for (int n = declared.size() - 1; n >= 0; n--) {
        if (expected.contains(declared.get(n))) {
          clash = n;
        }
      }

      SymbolTable before = new SymbolTable(table);
      SymbolTable tried = new SymbolTable(table);
      assertThat(tried.extend(declared)).isEqualTo(clash);
      if (clash < 0) {
        assertThat(table.extend(declared)).isEqualTo(-1);
        assertThat(table.since(expected.size())).isEqualTo(declared);
        expected.addAll(declared);
      }
      assertHolds(table, expected);
      assertHolds(before, expected.subList(0, before.size()));
    }
    assertThat(expected).hasSizeGreaterThan(100);
  }

  @Test
  void insert_oldAndNewOnes_everyoneOnce() {
    Random random = new Random(2);
    for (int i = 0; i < 500; i++) {
      String symbol = "s" + random.nextInt(100);
      int index = expected.indexOf(symbol);
      SymbolTable copy = new SymbolTable(table);

      int number = table.insert(symbol);
      if (index < 0) {
        expected.add(symbol);
      }
      assertThat(number).isEqualTo(SymbolTable.FIRST + expected.indexOf(symbol));
      assertThat(copy.insert(symbol)).isEqualTo(number);
      assertHolds(table, expected);
    }
    assertThat(expected).hasSize(100);
  }

  @Test
  void addAll_blocksReadBefore_asIfDeclared() {
    for (int i = 0; i < 60; i++) {
      String symbol = "s" + i;
      table.addAll(List.of(symbol, symbol));
      expected.addAll(List.of(symbol, symbol));

      assertHolds(table, expected);
      assertThat(table.insert(symbol)).isEqualTo(SymbolTable.FIRST + 2 * i);
    }
  }

  private static void assertHolds(SymbolTable table, List<String> symbols) {
    assertThat(table.size()).isEqualTo(symbols.size());
    assertThat(table.since(0)).isEqualTo(symbols);
    assertThat(table.hasDuplicates()).isEqualTo(new HashSet<>(symbols).size() < symbols.size());
    for (int i = 0; i < symbols.size(); i++) {
      assertThat(table.get(SymbolTable.FIRST + i)).isEqualTo(symbols.get(i));
    }
    assertThat(table.get(SymbolTable.FIRST + symbols.size())).isNull();
  }

  /** Of a hashed table too: a block may declare a symbol twice, and none of an earlier block. */
  @Test
  void extend_largeTable_tellsTwiceInABlockFromTwiceInAToken() {
    List<String> many = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      many.add("s" + i);
    }
    assertThat(table.extend(many)).isEqualTo(-1);

    assertThat(table.extend(List.of("x", "x", "y"))).isEqualTo(-1);
    assertThat(table.extend(List.of("z", "x"))).isEqualTo(1);
    assertThat(table.extend(List.of("s299"))).isZero();
  }
}
