package dev.taper.store;

class PostgresqlAuditSinkTest extends SqlAuditSinkContract {
  PostgresqlAuditSinkTest() {
    super(TestDatabase.POSTGRESQL);
  }
}
