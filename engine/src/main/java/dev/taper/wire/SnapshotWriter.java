package dev.taper.wire;

import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Block;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Policy;

/** Writes snapshots. */
final class SnapshotWriter {
  private final TokenTables tables = new TokenTables();
  private final ProtoWriter out = new ProtoWriter();
  private final DatalogWriter datalog = new DatalogWriter(out, tables);

  private SnapshotWriter() {}

  static byte[] write(SnapshotMessage snapshot) {
    ProtoWriter world = new SnapshotWriter().world(snapshot);
    ProtoWriter out = new ProtoWriter();
    int limits = out.begin(1);
    out.number(1, snapshot.limits().maxFacts());
    out.number(2, snapshot.limits().maxIterations());
    out.number(3, snapshot.limits().maxTimeNanos());
    out.end(limits);
    out.number(2, snapshot.executionTimeNanos());
    int start = out.begin(3);
    out.append(world);
    out.end(start);
    return out.toByteArray();
  }

  private ProtoWriter world(SnapshotMessage snapshot) {
    for (SnapshotMessage.StoredBlock block : snapshot.blocks()) {
      block(4, block);
    }
    block(5, snapshot.authorizer());
    for (Policy policy : snapshot.policies()) {
      datalog.policy(6, policy);
    }
    for (SnapshotMessage.StoredFacts facts : snapshot.facts()) {
      facts(facts);
    }
    out.number(8, snapshot.iterations());
    // The parts written so far have filled the tables, which come first.
    ProtoWriter world = new ProtoWriter();
    world.number(1, BlockVersions.NEWEST);
    for (String symbol : tables.symbols().since(0)) {
      world.string(2, symbol);
    }
    for (PublicKey key : tables.keys().since(0)) {
      DatalogWriter.publicKey(world, 3, key);
    }
    world.append(out);
    return world;
  }

  private void block(int field, SnapshotMessage.StoredBlock stored) {
    Block block = stored.block();
    int start = out.begin(field);
    if (block.context() != null) {
      out.string(1, block.context());
    }
    out.number(2, stored.version());
    datalog.block(3, block);
    if (stored.externalKey() != null) {
      DatalogWriter.publicKey(out, 7, stored.externalKey());
    }
    out.end(start);
  }

  private void facts(SnapshotMessage.StoredFacts facts) {
    int start = out.begin(7);
    for (int block : facts.byBlocks()) {
      int origin = out.begin(1);
      out.number(2, block);
      out.end(origin);
    }
    if (facts.byAuthorizer()) {
      int origin = out.begin(1);
      out.end(out.begin(1));
      out.end(origin);
    }
    for (Fact fact : facts.facts()) {
      datalog.fact(2, fact);
    }
    out.end(start);
  }
}
