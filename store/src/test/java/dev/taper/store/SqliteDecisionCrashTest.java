package dev.taper.store;

class SqliteDecisionCrashTest extends SqlDecisionCrashContract {
  SqliteDecisionCrashTest() {
    super(TestDatabase.SQLITE);
  }
}
