package dev.taper.wire;

import static dev.taper.wire.Bytes.field;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.taper.DecodeLimits;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Block;
import dev.taper.wire.oracle.Oracle;
import dev.taper.wire.oracle.Oracle.OpBinary.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes bad block payloads, each with the code of the error that it must give. */
class BlockCases {
  static final PublicKey KEY = PrivateKey.generate(Algorithm.ED25519).publicKey();
  static final DecodeLimits LARGE = DecodeLimits.DEFAULT.withMaxBytes(DecodeLimits.HARD_MAX_BYTES);
  static final ByteString VERSION_6 = field(3, 6);

  static final PublicKey EARLIER = PrivateKey.generate(Algorithm.ED25519).publicKey();

  /** A bad block. */
  record Case(String name, ErrorCode code, ByteString payload) {
    @Override
    public String toString() {
      return name;
    }
  }

  final List<Case> cases = new ArrayList<>();

  void add(String name, ErrorCode code, ByteString payload) {
    cases.add(new Case(name, code, payload));
  }

  void block(String name, int version, ErrorCode code, Consumer<Oracle.Block.Builder> content) {
    Oracle.Block.Builder block = Oracle.Block.newBuilder().setVersion(version);
    content.accept(block);
    add(name, code, block.buildPartial().toByteString());
  }

  /** A block with one fact, {@code read(term)}. */
  void fact(String name, int version, ErrorCode code, Oracle.Term.Builder term) {
    block(
        name,
        version,
        code,
        b -> b.addFactsBuilder().getPredicateBuilder().setName(0).addTerms(term.buildPartial()));
  }

  /** A block with one check of one expression. */
  void ops(String name, int version, ErrorCode code, Oracle.Op.Builder... ops) {
    block(name, version, code, b -> expression(b, ops));
  }

  static void expression(Oracle.Block.Builder block, Oracle.Op.Builder... ops) {
    Oracle.Rule.Builder query = block.addChecksBuilder().addQueriesBuilder();
    query.getHeadBuilder().setName(27);
    Oracle.Expression.Builder expression = query.addExpressionsBuilder();
    for (Oracle.Op.Builder op : ops) {
      expression.addOps(op.buildPartial());
    }
  }

  static Oracle.Term.Builder term() {
    return Oracle.Term.newBuilder();
  }

  static Oracle.Term.Builder map(Oracle.MapEntry.Builder entry) {
    return term().setMap(Oracle.Map.newBuilder().addEntries(entry.buildPartial()).buildPartial());
  }

  static Oracle.Op.Builder value() {
    return Oracle.Op.newBuilder().setValue(term().setBool(true));
  }

  static Oracle.Op.Builder nullValue() {
    return Oracle.Op.newBuilder().setValue(term().setNull(Oracle.Empty.getDefaultInstance()));
  }

  static Oracle.Op.Builder unary(Oracle.OpUnary.Kind kind) {
    return Oracle.Op.newBuilder().setUnary(Oracle.OpUnary.newBuilder().setKind(kind));
  }

  static Oracle.Op.Builder binary(Kind kind) {
    return Oracle.Op.newBuilder().setBinary(Oracle.OpBinary.newBuilder().setKind(kind));
  }

  static Oracle.Op.Builder closure(int... parameters) {
    Oracle.OpClosure.Builder closure = Oracle.OpClosure.newBuilder().addOps(value());
    for (int parameter : parameters) {
      closure.addParams(parameter);
    }
    return Oracle.Op.newBuilder().setClosure(closure);
  }

  static void writeTo(ByteString bytes, ByteString.Output out) {
    for (int i = 0; i < bytes.size(); i++) {
      out.write(bytes.byteAt(i));
    }
  }

  static ByteString repeat(ByteString bytes, int times) {
    ByteString.Output out = ByteString.newOutput();
    for (int i = 0; i < times; i++) {
      writeTo(bytes, out);
    }
    return out.toByteString();
  }

  static ByteString check(ByteString ops) {
    ByteString head = field(1, field(1, 27));
    return VERSION_6.concat(field(6, field(1, head.concat(field(3, ops)))));
  }

  static ByteString fact(ByteString term) {
    return VERSION_6.concat(field(4, field(1, field(1, 0).concat(field(2, term)))));
  }

  static Block.Decoded decode(ByteString payload, @Nullable PublicKey externalKey) {
    TokenTables tables = new TokenTables();
    Oracle.Block first =
        Oracle.Block.newBuilder()
            .setVersion(4)
            .addSymbols("earlier")
            .addSymbols("other")
            .addPublicKeys(OracleBlocks.key(EARLIER))
            .build();
    BlockDecoder.decode(first.toByteArray(), 0, null, tables, LARGE);
    return BlockDecoder.decode(payload.toByteArray(), 1, externalKey, tables, LARGE);
  }

  static void assertRefused(Case bad) {
    assertThatThrownBy(() -> decode(bad.payload(), null))
        .isInstanceOfSatisfying(
            TaperException.class,
            e -> {
              assertThat(e.code()).as("%s", e.getMessage()).isEqualTo(bad.code());
              assertThat(String.valueOf(e.getMessage()).length()).isLessThan(300);
            });
  }
}
