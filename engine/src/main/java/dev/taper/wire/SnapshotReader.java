package dev.taper.wire;

import dev.taper.DecodeLimits;
import dev.taper.ErrorCode;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Reads snapshots. */
final class SnapshotReader {
  private final ProtoReader in;
  private final DecodeLimits limits;
  private final TokenTables tables = new TokenTables();

  private final List<ProtoReader.Slice> blocks = new ArrayList<>();
  private final List<ProtoReader.Slice> authorizer = new ArrayList<>();
  private final List<ProtoReader.Slice> policies = new ArrayList<>();
  private final List<ProtoReader.Slice> facts = new ArrayList<>();
  private int version;
  private long iterations;
  private int factCount;

  SnapshotReader(byte[] bytes, DecodeLimits limits) {
    limits.requireSize(bytes.length, "a snapshot");
    this.in = new ProtoReader(bytes, ErrorCode.MALFORMED_SNAPSHOT, "snapshot");
    this.limits = limits;
  }

  SnapshotMessage read() {
    int seen = 0;
    SnapshotMessage.Limits runLimits = new SnapshotMessage.Limits(0, 0, 0);
    long executionTime = 0;
    ProtoReader.Slice world = new ProtoReader.Slice(0, 0);
    while (in.next()) {
      if (in.field() > 3) {
        throw in.unknownField();
      }
      seen = in.once(seen);
      switch (in.field()) {
        case 1 -> {
          in.enter("limits");
          runLimits = limits();
          in.leave();
        }
        case 2 -> executionTime = saturated();
        default -> world = in.skip();
      }
    }
    in.require(seen, 1, "limits");
    in.require(seen, 2, "executionTime");
    in.require(seen, 3, "world");
    in.enter(world, "world", -1);
    sections();
    return message(runLimits, executionTime);
  }

  private SnapshotMessage.Limits limits() {
    int seen = 0;
    long[] values = new long[4];
    while (in.next()) {
      if (in.field() > 3) {
        throw in.unknownField();
      }
      seen = in.once(seen);
      values[in.field()] = saturated();
    }
    in.require(seen, 1, "maxFacts");
    in.require(seen, 2, "maxIterations");
    in.require(seen, 3, "maxTime");
    return new SnapshotMessage.Limits(values[1], values[2], values[3]);
  }

  private long saturated() {
    long value = in.uint64();
    return value < 0 ? Long.MAX_VALUE : value;
  }

  /** Reads the tables, and notes everything that refers to them. */
  private void sections() {
    int seen = 0;
    long declared = 0;
    List<String> symbols = new ArrayList<>();
    List<PublicKey> keys = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> {
          seen = in.once(seen);
          declared = in.uint32();
        }
        case 2 -> symbols.add(in.string());
        case 3 -> {
          in.enter("publicKeys", keys.size());
          keys.add(KeyReader.publicKey(in));
          in.leave();
        }
        case 4 -> note(blocks, limits.maxBlocks(), "blocks");
        case 5 -> {
          seen = in.once(seen);
          authorizer.add(in.skip());
        }
        case 6 -> note(policies, limits.maxElements(), "policies");
        case 7 -> note(facts, limits.maxElements(), "groups of facts");
        case 8 -> {
          seen = in.once(seen);
          iterations = saturated();
        }
        default -> throw in.unknownField();
      }
    }
    in.require(seen, 5, "authorizerBlock");
    in.require(seen, 8, "iterations");
    DatalogReader.requireVersion(in, declared);
    version = (int) declared;
    tables.declare(in, symbols, keys, limits);
    if (tables.hasDuplicates()) {
      throw in.fail("a symbol twice");
    }
  }

  private void note(List<ProtoReader.Slice> list, int max, String what) {
    if (list.size() >= max) {
      throw in.fail(ErrorCode.DECODE_LIMIT, "more than " + max + " " + what);
    }
    list.add(in.skip());
  }

  private SnapshotMessage message(SnapshotMessage.Limits runLimits, long executionTime) {
    List<SnapshotMessage.StoredBlock> blockList = new ArrayList<>();
    for (ProtoReader.Slice slice : blocks) {
      blockList.add(block(slice, "blocks", blockList.size()));
    }
    SnapshotMessage.StoredBlock own = block(authorizer.get(0), "authorizerBlock", -1);
    DatalogReader datalog = new DatalogReader(in, tables, version);
    List<Policy> policyList = new ArrayList<>();
    for (ProtoReader.Slice slice : policies) {
      in.enter(slice, "authorizerPolicies", policyList.size());
      policyList.add(datalog.policy());
      in.leave();
    }
    List<SnapshotMessage.StoredFacts> factList = new ArrayList<>();
    for (ProtoReader.Slice slice : facts) {
      in.enter(slice, "generatedFacts", factList.size());
      factList.add(facts(datalog));
      in.leave();
    }
    return new SnapshotMessage(
        runLimits, executionTime, blockList, own, policyList, factList, iterations);
  }

  private SnapshotMessage.StoredBlock block(ProtoReader.Slice slice, String name, int index) {
    in.enter(slice, name, index);
    int seen = 0;
    String context = null;
    long declared = 0;
    PublicKey externalKey = null;
    DatalogReader.Sections sections = new DatalogReader.Sections(limits);
    while (in.next()) {
      switch (in.field()) {
        case 1 -> {
          seen = in.once(seen);
          context = in.string();
        }
        case 2 -> {
          seen = in.once(seen);
          declared = in.uint32();
        }
        case 3 -> sections.fact(in);
        case 4 -> sections.rule(in);
        case 5 -> sections.check(in);
        case 6 -> sections.scope(in);
        case 7 -> {
          seen = in.once(seen);
          in.enter("externalKey");
          externalKey = KeyReader.publicKey(in);
          in.leave();
        }
        default -> throw in.unknownField();
      }
    }
    DatalogReader.requireVersion(in, declared);
    if (externalKey != null && index <= 0) {
      throw in.fail("an external key where there can be none");
    }
    DatalogReader datalog = new DatalogReader(in, tables, (int) declared);
    SnapshotMessage.StoredBlock block =
        new SnapshotMessage.StoredBlock(
            datalog.block(context, sections), (int) declared, externalKey);
    in.leave();
    return block;
  }

  private SnapshotMessage.StoredFacts facts(DatalogReader datalog) {
    boolean byAuthorizer = false;
    SortedSet<Integer> byBlocks = new TreeSet<>();
    List<Fact> list = new ArrayList<>();
    int origins = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> {
          in.enter("origins", origins++);
          int origin = origin();
          boolean known = origin < 0 ? byAuthorizer : !byBlocks.add(origin);
          if (known) {
            throw in.fail("an origin twice");
          }
          if (origin < 0) {
            byAuthorizer = true;
          }
          in.leave();
        }
        case 2 -> {
          if (factCount++ >= limits.maxElements()) {
            throw in.fail(ErrorCode.DECODE_LIMIT, "more than " + limits.maxElements() + " facts");
          }
          in.enter("facts", list.size());
          list.add(datalog.fact());
          in.leave();
        }
        default -> throw in.unknownField();
      }
    }
    if (origins == 0) {
      throw in.fail("facts without an origin");
    }
    return new SnapshotMessage.StoredFacts(byAuthorizer, byBlocks, list);
  }

  /** Reads the index of a block, or -1 for the authorizer. */
  private int origin() {
    int seen = 0;
    long origin = -1;
    while (in.next()) {
      int field = in.field();
      if (field > 2) {
        throw in.unknownField();
      }
      seen = in.only(seen);
      if (field == 1) {
        in.enter("authorizer");
        TermReader.empty(in);
        in.leave();
      } else {
        origin = in.uint32();
        if (origin >= blocks.size()) {
          throw in.fail("unknown block " + origin);
        }
      }
    }
    in.requireOne(seen);
    return (int) origin;
  }
}
