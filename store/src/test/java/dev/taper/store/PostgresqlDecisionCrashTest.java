package dev.taper.store;

class PostgresqlDecisionCrashTest extends SqlDecisionCrashContract {
  PostgresqlDecisionCrashTest() {
    super(TestDatabase.POSTGRESQL);
  }
}
